//! The characters of a text in one spelling that keeps what numbers and units need.
//!
//! [`normalize`](crate::text::normalize) is of no use here: it makes `MW` and `mW` one word
//! and `10⁶` the number 106. Width, script and the many dashes become one; case, raised
//! digits and circled list numbers stay.

use unicode_normalization::char::decompose_compatible;

use crate::model::Span;
use crate::text::normalize::simplified;

/// A text as characters that know where they stand in the original.
pub struct Characters {
    chars: Vec<char>,
    origins: Vec<u32>,
}

impl Characters {
    /// Reads a text. Linear in its length.
    pub fn read(text: &str) -> Self {
        let mut read = Self { chars: Vec::new(), origins: Vec::new() };
        for (idx, c) in text.chars().enumerate() {
            let idx = idx as u32;
            match one_spelling(c) {
                Spelling::Dropped => {}
                Spelling::One(c) => read.push(c, idx),
                Spelling::Decomposed => decompose_compatible(c, |part| {
                    if let Spelling::One(part) = one_spelling(part) {
                        read.push(part, idx);
                    }
                }),
            }
        }
        read
    }

    fn push(&mut self, c: char, idx: u32) {
        self.chars.push(c);
        self.origins.push(idx);
    }

    /// Number of characters.
    pub fn len(&self) -> usize {
        self.chars.len()
    }

    /// The character at `at`; NUL, which stands in no text, behind the end.
    pub fn at(&self, at: usize) -> char {
        self.chars.get(at).copied().unwrap_or('\0')
    }

    /// The character in front of `at`; NUL at the beginning.
    pub fn before(&self, at: usize) -> char {
        at.checked_sub(1).map_or('\0', |idx| self.at(idx))
    }

    /// Whether `word` stands at `at`.
    pub fn starts(&self, at: usize, word: &str) -> bool {
        word.chars().enumerate().all(|(idx, c)| self.at(at + idx) == c)
    }

    /// Whether `word` ends in front of `at`.
    pub fn ends(&self, at: usize, word: &str) -> bool {
        at.checked_sub(word.chars().count()).is_some_and(|start| self.starts(start, word))
    }

    /// The first character at or behind `at` that is no space (at most three are passed).
    pub fn past_spaces(&self, at: usize) -> usize {
        (at..at + 3).find(|idx| self.at(*idx) != ' ').unwrap_or(at + 3)
    }

    /// The end of what stands in front of `at` and of the spaces there (at most three).
    pub fn before_spaces(&self, at: usize) -> usize {
        let mut end = at;
        while end > 0 && at - end < 3 && self.at(end - 1) == ' ' {
            end -= 1;
        }
        end
    }

    /// The characters `[start, end)`.
    pub fn string(&self, start: usize, end: usize) -> String {
        self.chars[start.min(self.len())..end.min(self.len())].iter().collect()
    }

    /// Where the character at `at` stands in the original.
    pub fn original(&self, at: usize) -> u32 {
        self.origins.get(at).copied().unwrap_or(u32::MAX)
    }

    /// Where the characters `[start, end)` stand in the original; they must not be none.
    pub fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.origins[start], self.origins[end - 1] + 1)
    }
}

enum Spelling {
    Dropped,
    One(char),
    Decomposed,
}

fn one_spelling(c: char) -> Spelling {
    let one = match c {
        '\t' | '\n' | '\u{0b}' | '\u{0c}' | '\r' | '\u{85}' => '\n',
        '\'' | '′' => '′',
        ' '..='~' => c,
        '\u{3400}'..='\u{9fff}' => simplified(c),
        '‐' | '‑' | '‒' | '–' | '−' | '﹣' | '－' => '-',
        '—' | '―' | '─' => '—',
        '～' | '〜' | '∼' | '˜' => '~',
        '・' | '•' | '⋅' | '∙' | '‧' => '·',
        '≧' | '⩾' | '≮' => '≥',
        '≦' | '⩽' | '≯' => '≤',
        'Φ' | 'ϕ' | 'Ф' | 'ф' | 'Ø' | 'ø' | '⌀' => 'φ',
        'º' | '˚' => '°',
        // Raised digits, circled numbers, fractions and seconds would turn into plain digits.
        '⁰' | '¹' | '²' | '³' | '⁴'..='⁻' | '″' | '¼'..='¾' => c,
        '⅐'..='⅟' | '①'..='⓿' | '❶'..='➓' | '㉑'..='㊿' => c,
        '\u{ad}' | '\u{180e}' | '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' => {
            return Spelling::Dropped;
        }
        '\u{2060}'..='\u{2064}' => return Spelling::Dropped,
        c if c.is_whitespace() => ' ',
        c if c.is_control() => return Spelling::Dropped,
        c => {
            let mut same = false;
            decompose_compatible(c, |part| same = part == c);
            if !same {
                return Spelling::Decomposed;
            }
            c
        }
    };
    Spelling::One(one)
}

/// The value of a raised digit.
pub fn raised_digit(c: char) -> Option<u32> {
    Some(match c {
        '⁰' => 0,
        '¹' => 1,
        '²' => 2,
        '³' => 3,
        '⁴'..='⁹' => c as u32 - '⁴' as u32 + 4,
        _ => return None,
    })
}

/// Whether `c` is a Chinese character.
pub fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}')
}
