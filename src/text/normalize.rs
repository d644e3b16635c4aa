//! One spelling for what readers take for the same text, and the way back.
//!
//! NFKC (which also turns full width into half width), traditional → simplified by
//! character, lower case, white space to U+0020, invisible characters dropped. Every
//! character of the result knows the characters of the original that it stands for, so a
//! highlight always marks what the author wrote.

use std::sync::LazyLock;

use ferrous_opencc::{OpenCC, config::BuiltinConfig};
use unicode_normalization::char::{canonical_combining_class, decompose_compatible};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use crate::model::Span;

/// A normalised text with its map back to the original.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Normalized {
    text: String,
    /// For each character of `text` the characters of the original it stands for;
    /// `None` if the two correspond one to one.
    origins: Option<Vec<Span>>,
    chars: u32,
}

impl Normalized {
    /// The normalised text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Number of characters of the normalised text.
    pub fn chars(&self) -> u32 {
        self.chars
    }

    /// Where the characters `[start, end)` of the normalised text stand in the original.
    /// An empty or inverted range gives an empty span.
    pub fn original(&self, start: u32, end: u32) -> Span {
        let end = end.min(self.chars);
        if start >= end {
            return Span::new(start, start);
        }
        match &self.origins {
            None => Span::new(start, end),
            Some(origins) => {
                Span::new(origins[start as usize].start, origins[end as usize - 1].end)
            }
        }
    }
}

/// Normalises `text`. Linear in its length.
///
/// Laws: normalising twice is normalising once; spans of the result lie inside the
/// original, in order.
///
/// ```
/// use duijie::text::normalize;
/// let n = normalize("ＡＩ晶片≥200℃");
/// assert_eq!(n.as_str(), "ai晶片≥200°c");
/// // "°c" stands for the one character "℃".
/// assert_eq!(n.original(8, 10), duijie::model::Span::new(8, 9));
/// ```
pub fn normalize(text: &str) -> Normalized {
    let mut out = Builder::with_capacity(text.len());
    let mut cluster = String::new();
    let mut cluster_start = 0;
    let mut cluster_end = 0;
    let visible = text.chars().enumerate().filter(|(_, c)| !is_invisible(*c));
    for (idx, c) in visible {
        let idx = idx as u32;
        if starts_cluster(c) && !cluster.is_empty() {
            out.push_cluster(&cluster, cluster_start, cluster_end);
            cluster.clear();
        }
        if cluster.is_empty() {
            cluster_start = idx;
        }
        cluster.push(c);
        cluster_end = idx + 1;
    }
    if !cluster.is_empty() {
        out.push_cluster(&cluster, cluster_start, cluster_end);
    }
    out.finish()
}

/// Collects the result and notices whether the map is the identity.
struct Builder {
    text: String,
    origins: Vec<Span>,
    one_to_one: bool,
}

impl Builder {
    fn with_capacity(bytes: usize) -> Self {
        Self {
            text: String::with_capacity(bytes),
            origins: Vec::with_capacity(bytes / 2),
            one_to_one: true,
        }
    }

    fn push(&mut self, c: char, start: u32, end: u32) {
        let idx = self.origins.len() as u32;
        self.one_to_one &= start == idx && end == idx + 1;
        self.text.push(c);
        self.origins.push(Span::new(start, end));
    }

    fn push_cluster(&mut self, cluster: &str, start: u32, end: u32) {
        let mut chars = cluster.chars();
        if let (Some(c), None) = (chars.next(), chars.next())
            && let Some(simple) = normalize_simple(c)
        {
            self.push(simple, start, end);
            return;
        }
        for c in normalize_cluster(cluster).chars() {
            self.push(c, start, end);
        }
    }

    fn finish(self) -> Normalized {
        let chars = self.origins.len() as u32;
        let origins = (!self.one_to_one).then_some(self.origins);
        Normalized { text: self.text, origins, chars }
    }
}

/// Characters that no reader sees: dropped, so that they cannot split a word.
fn is_invisible(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' | '\u{0b}' | '\u{0c}' | '\u{85}' => false,
        '\u{ad}' | '\u{180e}' | '\u{feff}' => true,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' => true,
        c => c.is_control(),
    }
}

/// Whether nothing before `c` can merge with it, so that the text may be cut in front of it.
fn starts_cluster(c: char) -> bool {
    if c.is_ascii() || is_unified_ideograph(c) {
        return true;
    }
    let mut first = None;
    decompose_compatible(c, |d| first = first.or(Some(d)));
    let first = first.unwrap_or(c);
    canonical_combining_class(first) == 0
        && is_nfc_quick(std::iter::once(first)) != IsNormalized::Maybe
}

/// The quick way for the characters that make up nearly all of a Chinese text.
fn normalize_simple(c: char) -> Option<char> {
    if c.is_ascii() {
        return Some(if c.is_ascii_whitespace() || c == '\u{0b}' {
            ' '
        } else {
            c.to_ascii_lowercase()
        });
    }
    is_unified_ideograph(c).then(|| simplified(c))
}

/// Runs the steps until nothing changes: a step may call for an earlier one (lower-casing
/// `İ` leaves a combining dot). Three rounds were the most in any of Unicode's characters.
fn normalize_cluster(cluster: &str) -> String {
    let mut text = cluster.to_owned();
    for _ in 0..4 {
        let next: String = text
            .nfkc()
            .map(|c| if c.is_whitespace() { ' ' } else { simplified(c) })
            .filter(|c| !is_invisible(*c))
            .flat_map(char::to_lowercase)
            .nfkc()
            .collect();
        if next == text {
            break;
        }
        text = next;
    }
    text
}

const IDEOGRAPHS: std::ops::RangeInclusive<u32> = 0x3400..=0x9fff;

fn is_unified_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
}

/// The simplified form of an ideograph of the two common blocks, else `c` itself.
///
/// By character, not by phrase: a phrase table would make the form of a character depend on
/// its neighbours, so that a query and a text could disagree.
pub(super) fn simplified(c: char) -> char {
    static TABLE: LazyLock<Vec<char>> = LazyLock::new(simplified_table);
    match (c as u32).checked_sub(*IDEOGRAPHS.start()) {
        Some(idx) => TABLE.get(idx as usize).copied().unwrap_or(c),
        None => c,
    }
}

fn simplified_table() -> Vec<char> {
    let chars = || IDEOGRAPHS.map(|code| char::from_u32(code).unwrap_or(' '));
    let Ok(opencc) = OpenCC::from_config(BuiltinConfig::T2s) else {
        // Only a build without its own embedded data can come here; texts stay as they are.
        return chars().collect();
    };
    let convert = |c: char| {
        let converted = opencc.convert(c.encode_utf8(&mut [0; 4]));
        let mut chars = converted.chars();
        match (chars.next(), chars.next()) {
            (Some(only), None) if is_unified_ideograph(only) => only,
            _ => c,
        }
    };
    let once: Vec<char> = chars().map(convert).collect();
    // A few characters need two steps; the table maps to the end, so that it is idempotent.
    chars()
        .map(|c| {
            let mut form = c;
            for _ in 0..3 {
                form = once[(form as u32 - IDEOGRAPHS.start()) as usize];
            }
            form
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(given: &str, want: &str) {
        assert_eq!(normalize(given).as_str(), want);
    }

    #[test]
    fn width_case_and_script_are_one() {
        check("ＡＩ芯片", "ai芯片");
        check("半導體製程", "半导体制程");
        check("乾燥設備", "干燥设备");
        check("12.5 μｍ、３％", "12.5 μm、3%");
        check("①㎡", "1m2");
        check("石\u{200b}墨\u{feff}烯", "石墨烯");
        check("第一行\r\n第二行", "第一行  第二行");
    }

    #[test]
    fn a_span_marks_what_the_author_wrote() {
        let original = "用㎡和半導體，ﾀﾞ";
        let n = normalize(original);
        assert_eq!(n.as_str(), "用m2和半导体,ダ");
        assert_eq!(n.original(1, 3).slice(original), "㎡");
        assert_eq!(n.original(2, 3).slice(original), "㎡");
        assert_eq!(n.original(4, 7).slice(original), "半導體");
        assert_eq!(n.original(8, 9).slice(original), "ﾀﾞ");
    }

    #[test]
    fn every_single_character_is_normalised_once() {
        for c in (0..=0x10ffff).filter_map(char::from_u32) {
            let once = normalize(&c.to_string());
            let twice = normalize(once.as_str());
            assert_eq!(once.as_str(), twice.as_str(), "U+{:04X}", c as u32);
        }
    }

    proptest! {
        #[test]
        fn normalising_is_idempotent_and_its_map_is_sound(text in "\\PC{0,40}|[a-zÅé㍿ﾀﾞ각ᄀ-ᇿ\u{300}-\u{345}\u{200b}体體İ]{0,20}") {
            let n = normalize(&text);
            let again = normalize(n.as_str());
            prop_assert_eq!(again.as_str(), n.as_str());
            prop_assert_eq!(n.as_str().chars().count() as u32, n.chars());
            let total = text.chars().count() as u32;
            let mut last = 0;
            for idx in 0..n.chars() {
                let span = n.original(idx, idx + 1);
                prop_assert!(span.start < span.end && span.end <= total);
                prop_assert!(span.start >= last || idx > 0);
                last = span.start;
            }
        }
    }
}
