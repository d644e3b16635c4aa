//! Sentences of a text, as pieces that can be shown on their own.

use crate::model::Span;

/// Longest piece shown, in characters; a longer sentence is cut at a comma, or hard.
const SENTENCE_CHARS_MAX: usize = 160;

/// 句子: a sentence and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// Where it stands in the text, in characters of the original.
    pub span: Span,
    /// Its characters, trimmed.
    pub text: String,
}

/// Cuts `text` behind 。！？； and at line ends, and cuts what is too long to be shown at
/// commas. A full stop ends a sentence only before white space, so `12.5` stays whole.
///
/// ```
/// use duijie::text::sentences;
/// let found = sentences("耐温 12.5℃。\n 成本低；好");
/// let texts: Vec<&str> = found.iter().map(|s| s.text.as_str()).collect();
/// assert_eq!(texts, ["耐温 12.5℃。", "成本低；", "好"]);
/// assert_eq!(found[1].span.start, 11);
/// ```
pub fn sentences(text: &str) -> Vec<Sentence> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut start = 0;
    let mut comma = None;
    for idx in 0..chars.len() {
        let c = chars[idx];
        let ends = matches!(c, '。' | '！' | '？' | '；' | '!' | '?' | ';' | '\n' | '\r')
            || (c == '.' && chars.get(idx + 1).is_none_or(|next| next.is_whitespace()));
        if matches!(c, '，' | ',' | '、') {
            comma = Some(idx + 1);
        }
        if ends {
            push(&chars, start, idx + 1, &mut found);
            (start, comma) = (idx + 1, None);
        } else if idx + 1 - start >= SENTENCE_CHARS_MAX {
            let cut = comma.filter(|c| *c > start).unwrap_or(idx + 1);
            push(&chars, start, cut, &mut found);
            (start, comma) = (cut, None);
        }
    }
    push(&chars, start, chars.len(), &mut found);
    found
}

fn push(chars: &[char], mut start: usize, mut end: usize, found: &mut Vec<Sentence>) {
    while start < end && chars[start].is_whitespace() {
        start += 1;
    }
    while start < end && chars[end - 1].is_whitespace() {
        end -= 1;
    }
    if start < end {
        found.push(Sentence {
            span: Span::new(start as u32, end as u32),
            text: chars[start..end].iter().collect(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_sentence_is_the_text_at_its_span(text in "[中文，。；\\n a.!]{0,400}") {
            let found = sentences(&text);
            for s in &found {
                prop_assert_eq!(s.span.slice(&text), s.text.as_str());
                prop_assert!(s.text.chars().count() <= SENTENCE_CHARS_MAX);
            }
            let kept: usize = found.iter().map(|s| s.text.chars().filter(|c| !c.is_whitespace()).count()).sum();
            prop_assert_eq!(kept, text.chars().filter(|c| !c.is_whitespace()).count());
        }
    }
}
