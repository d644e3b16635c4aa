//! Evidence that a phrase is no name: a word cut in two, a sentence run together.
//!
//! The segmenter does not know every word of a trade. What it has cut shows at the borders: a
//! name ends at punctuation or at a word that is known to bound names, not beside a rest of one
//! character.

use super::PointKind;
use super::chunks::{RESISTS, Word, text};
use super::phrases::{Phrase, Reader};
use super::words::Role;
use crate::model::Span;
use crate::text::WordClass;

/// What joins two parts of one name.
const JOINS: [char; 5] = ['-', '—', '–', '/', '·'];
/// Most single characters before a phrase that can be the rest of its first word.
const REST_CHARS_MAX: usize = 2;
/// Characters of a quality such as 高密度.
const QUALITY_CHARS: usize = 3;
/// Numbers that names have.
const NUMBERS: &str = "二三四五六七八九十";
/// Characters of a word that does not name a way: 纯化.
const BARE_CHARS_MAX: usize = 2;
/// What ways are called by.
const WAYS: [&str; 4] = ["技术", "工艺", "方法", "法"];
/// How good anything is.
const ANY_QUALITY: [&str; 5] = ["使用性能", "综合性能", "整体性能", "性能", "质量"];
/// How much there is of something: a statement, where it stands behind an effect.
const DEGREES: [&str; 10] = ["低", "高", "大", "小", "差", "好", "多", "少", "长", "短"];

/// A phrase whose words say less is hardly to be searched by.
const SAYS_ENOUGH: f64 = 0.85;
/// A phrase whose words say less is not to be searched by at all.
const SAYS_MIN: f64 = 0.63;

/// How much tells against a phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Doubt {
    /// Nothing.
    None,
    /// It may be too general.
    Some,
    /// It is no name, or a very general one.
    Much,
}

impl Reader<'_> {
    /// What tells against a phrase of a clause with these words. A title is believed more.
    pub(super) fn doubt(
        self,
        phrase: &Phrase,
        is_title: bool,
        words: &[(Word<'_>, bool)],
        clause: &[char],
    ) -> Doubt {
        let within = |word: &Word<'_>| {
            phrase.span.start <= word.span.start && word.span.end <= phrase.span.end
        };
        let inner: Vec<Word<'_>> = words.iter().map(|(word, _)| *word).filter(within).collect();
        let says = phrase.tale.together;
        let is_common = inner.len() == 1
            && phrase.kind == PointKind::Product
            && (!is_title || says < SAYS_ENOUGH);
        let says_least = !is_title || phrase.kind == PointKind::Method;
        if is_common
            || says_least && (says < SAYS_MIN || is_bare_way(phrase))
            || self.is_doubtful(phrase, &inner, words, clause)
        {
            Doubt::Much
        } else if !is_title && says < SAYS_ENOUGH || says < SAYS_MIN {
            Doubt::Some
        } else {
            Doubt::None
        }
    }

    /// Takes the rest of a cut word into a phrase: 节段 before 箱梁, 可 before 重构天线, 三元.
    pub(super) fn lengthen(self, phrase: &mut Phrase, words: &[(Word<'_>, bool)]) {
        let mut start = phrase.span.start;
        let first = words.partition_point(|(word, _)| word.span.end <= start);
        let mut rest = Vec::new();
        for (word, _) in words[..first].iter().rev() {
            if word.span.end < start || !self.is_rest(*word, Role::Opens) {
                break;
            }
            start = word.span.start;
            rest.insert(0, *word);
            if rest.len() > REST_CHARS_MAX {
                return;
            }
        }
        let whole = match rest.as_slice() {
            [only] => self.words.is(only.text, Role::Prefix) || self.counts_parts(*only),
            [first, second] => !first.is_function && !second.is_function,
            _ => false,
        };
        if whole {
            phrase.span = Span::new(start, phrase.span.end);
            phrase.text.insert_str(0, &text(&rest));
        }
    }

    /// Whether something tells against a phrase of a clause with these words.
    fn is_doubtful(
        self,
        phrase: &Phrase,
        inner: &[Word<'_>],
        words: &[(Word<'_>, bool)],
        clause: &[char],
    ) -> bool {
        let (start, end) = (phrase.span.start, phrase.span.end);
        let before = words.iter().find(|(word, _)| word.span.end == start).map(|(word, _)| *word);
        let behind = words.iter().find(|(word, _)| word.span.start == end).map(|(word, _)| *word);
        before.is_some_and(|word| self.is_rest(word, Role::Opens))
            || behind.is_some_and(|word| self.is_rest(word, Role::Closes))
            || is_joined(clause, start as usize, end as usize)
            || self.begins_with_rest(inner)
            || self.is_parameter(phrase)
            || self.is_statement(phrase.kind, inner)
            || self.is_any_quality(phrase)
            || phrase.text.starts_with(RESISTS)
                && behind.is_some_and(|word| !self.bounds(word, Role::Closes))
    }

    /// Whether a neighbour may belong to the phrase: a single character, or a number of parts.
    fn is_rest(self, word: Word<'_>, side: Role) -> bool {
        let is_part = !word.is_function || self.words.is(word.text, Role::Prefix);
        is_single(&word) && is_part && !self.bounds(word, side)
            || side == Role::Opens && self.counts_parts(word)
    }

    /// Whether a word says of how many parts something is, read as an amount: 三元, but not 三台.
    fn counts_parts(self, word: Word<'_>) -> bool {
        let mut chars = word.text.chars();
        let (number, unit) = (chars.next(), chars.as_str());
        number.is_some_and(|c| NUMBERS.contains(c))
            && unit.chars().count() == 1
            && !self.words.is(unit, Role::Opens)
            && !self.words.is(word.text, Role::Cut)
    }

    /// Whether a word bounds names on one side.
    fn bounds(self, word: Word<'_>, side: Role) -> bool {
        let roles = [Role::Cut, Role::Lead, Role::LeadVerb, Role::Tail];
        let is_talk = || roles.iter().any(|role| self.words.is(word.text, *role));
        self.words.is(word.text, side) || !is_single(&word) && is_talk()
    }

    /// Whether the first word is a single character that no name begins with: 侧 before 储能.
    fn begins_with_rest(self, words: &[Word<'_>]) -> bool {
        let [first, second, ..] = words else { return false };
        is_single(first)
            && !is_single(second)
            && !first.text.is_ascii()
            && !self.words.is(first.text, Role::Prefix)
    }

    /// Whether an effect is only something that is set: a speed, a diameter.
    fn is_parameter(self, phrase: &Phrase) -> bool {
        let mut ends = phrase.text.char_indices().map(|(at, _)| &phrase.text[at..]);
        let changes = [Role::Raise, Role::Lower];
        let changed = (2..=3).any(|chars| {
            let front: String = phrase.text.chars().take(chars).collect();
            changes.iter().any(|role| self.words.is(&front, *role))
        });
        phrase.kind == PointKind::Effect
            && !changed
            && ends.any(|end| self.words.is(end, Role::Parameter))
    }

    /// Whether an effect is only how good a thing is, whatever that may mean: 合金层性能.
    fn is_any_quality(self, phrase: &Phrase) -> bool {
        let of = ANY_QUALITY.iter().find_map(|quality| phrase.text.strip_suffix(quality));
        let of = of.map(|of| of.strip_suffix('的').unwrap_or(of));
        phrase.kind == PointKind::Effect
            && of.and_then(|of| self.words.head(of)).is_some_and(|(kind, _)| kind.is_thing())
    }

    /// Whether the words tell something and name nothing: 除雾器吸附尾气, 效率低收率, 轴承轴承.
    fn is_statement(self, kind: PointKind, words: &[Word<'_>]) -> bool {
        let repeated = words.windows(2).any(|pair| pair[0].text == pair[1].text);
        let counted = words.last().is_some_and(|word| {
            word.text.starts_with(['两', '几', '一'])
                && self.analyzer.word_class(word.text) == WordClass::Function
        });
        let mut front = String::new();
        let mut degree = false;
        for word in words {
            let is_effect = self.words.head(&front).is_some_and(|(k, _)| k == PointKind::Effect);
            degree |= is_effect && DEGREES.contains(&word.text);
            front.push_str(word.text);
        }
        let is_object = words.last().is_some_and(|last| self.is_object(*last));
        let acts = kind.is_thing() && is_object && self.has_act(words);
        // 高密度 behind something else says how that is.
        let quality = |word: &Word<'_>| {
            word.text.chars().count() == QUALITY_CHARS && word.text.starts_with(['高', '低', '超'])
        };
        let ends_in_quality =
            kind == PointKind::Effect && words.len() > 1 && words.last().is_some_and(quality);
        repeated || counted || degree || acts || ends_in_quality
    }

    /// Whether something is done, by something and to something.
    fn has_act(self, words: &[Word<'_>]) -> bool {
        let is_method = |word: &Word<'_>| {
            self.words.head(word.text) == Some((PointKind::Method, word.text.chars().count()))
        };
        let Some(last) = words.len().checked_sub(1).filter(|last| *last > 1) else { return false };
        let between = &words[1..last];
        between.iter().any(|word| self.words.is(word.text, Role::LeadVerb))
            || is_method(&words[last - 1])
    }

    /// Whether a word names what something is done to, and not what does it: 尾气, but not 设备.
    fn is_object(self, word: Word<'_>) -> bool {
        let mut ends = word.text.char_indices().map(|(at, _)| &word.text[at..]);
        !ends.any(|end| self.words.is(end, Role::Name)) && !self.words.is(word.text, Role::Plain)
    }
}

/// Whether a way is named by one short word: 纯化技术, but not PCR技术.
fn is_bare_way(phrase: &Phrase) -> bool {
    let of = WAYS.iter().find_map(|way| phrase.text.strip_suffix(way));
    phrase.kind == PointKind::Method
        && of.is_some_and(|of| of.chars().count() <= BARE_CHARS_MAX && !of.contains(is_letter))
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric()
}

fn is_single(word: &Word<'_>) -> bool {
    word.text.chars().nth(1).is_none()
}

/// Whether a dash or a slash ties a phrase to something else: 热耦合 in 机-电-热耦合.
fn is_joined(clause: &[char], start: usize, end: usize) -> bool {
    let at = |idx: Option<usize>| idx.and_then(|idx| clause.get(idx)).copied();
    let names = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let joins = |c: Option<char>| c.is_some_and(|c| JOINS.contains(&c));
    let before = joins(at(start.checked_sub(1))) && names(at(start.checked_sub(2)));
    let behind = joins(at(Some(end))) && names(at(Some(end + 1))) && at(Some(end)) != Some('/');
    before || behind
}
