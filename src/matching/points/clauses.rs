//! A text as clauses, each with what it does in a need: to ask, to tell, to talk of the firm.

use super::words::{Marker, PointWords};
use crate::text::{normalize, sentences};

/// Longest heading, in characters.
const HEADING_CHARS_MAX: usize = 24;

/// What a clause is to a need, the most asked for first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stance {
    /// It says what is wanted.
    Asked,
    /// It explains.
    Told,
    /// It is about how things are elsewhere, and leads up to something.
    Background,
    /// It is about how things are now, or about the firm's work.
    Elsewhere,
    /// It is about the firm, about money or the market.
    Aside,
}

/// A stretch of text between commas, semicolons and colons.
pub(super) struct Clause {
    pub text: String,
    /// Where it starts in the section, in characters.
    pub start: u32,
    pub stance: Stance,
}

/// The clauses of a text, in order.
///
/// A wish or a plan holds to the end of its sentence, talk about the present or about the firm
/// until something is asked for or a new paragraph begins; a heading holds until the next.
pub(super) fn clauses(words: &PointWords, text: &str) -> Vec<Clause> {
    let mut found = Vec::new();
    let (mut below_aside, mut below_asked) = (false, false);
    let mut held = Stance::Told;
    let mut breaks = line_breaks(text).peekable();
    for sentence in sentences(text) {
        let normalized = normalize(&sentence.text);
        let about_firm = words.marks(Marker::AsideSentence, normalized.as_str());
        let mut new_paragraph = false;
        while breaks.next_if(|at| *at < sentence.span.start as usize).is_some() {
            new_paragraph = true;
        }
        let default =
            if below_asked || is_item(&sentence.text) { Stance::Asked } else { Stance::Told };
        if new_paragraph || held < Stance::Background {
            held = default;
        }
        let mut led_up = false;
        let mut start = sentence.span.start;
        for piece in sentence.text.split_inclusive(ends_clause) {
            let chars = piece.chars().count();
            let plain = normalize(piece);
            let plain = plain.as_str().trim();
            let ended = sentence.text.ends_with(['。', '；', '！', '？', ';', '.']);
            let is_line = piece.len() == sentence.text.len() && !ended;
            if chars <= HEADING_CHARS_MAX && (plain.ends_with(':') || is_line) {
                if words.marks(Marker::AskedHeading, plain) {
                    (below_aside, below_asked) = (false, true);
                    held = Stance::Asked;
                } else if words.marks(Marker::AsideHeading, plain) {
                    (below_aside, below_asked) = (true, false);
                }
            }
            let aside = below_aside || about_firm || words.marks(Marker::AsideClause, plain);
            held = stance(words, plain, held, led_up);
            led_up = held == Stance::Background;
            let stance = if aside { Stance::Aside } else { held };
            found.push(Clause { text: piece.to_owned(), start, stance });
            start += chars as u32;
        }
        if about_firm {
            held = Stance::Elsewhere;
        }
    }
    found
}

fn line_breaks(text: &str) -> impl Iterator<Item = usize> {
    text.chars().enumerate().filter(|(_, c)| matches!(c, '\n' | '\r')).map(|(at, _)| at)
}

/// What a clause is behind one that was `held`. Where its sentence has `led_up` to something,
/// what is done there is no plan yet.
fn stance(words: &PointWords, clause: &str, held: Stance, led_up: bool) -> Stance {
    let marks = |marker| words.marks(marker, clause);
    if marks(Marker::Wish) {
        Stance::Asked
    } else if marks(Marker::Present) {
        Stance::Elsewhere
    } else if marks(Marker::Background) {
        held.max(Stance::Background)
    } else if marks(Marker::Plan) && held != Stance::Elsewhere && !led_up {
        Stance::Asked
    } else {
        held
    }
}

/// Whether a sentence is an item of a list: 1. …, (2) …, ③ …
fn is_item(sentence: &str) -> bool {
    let mut chars = sentence.chars().filter(|c| !matches!(c, '(' | '（' | ' '));
    let first = chars.next();
    let second = chars.next();
    let counts = |c: char| c.is_ascii_digit() || "一二三四五六七八九十abcdef".contains(c);
    first.is_some_and(|c| ends_clause(c) && !matches!(c, '，' | ',' | '；' | ';' | '：' | ':'))
        || first.is_some_and(counts)
            && second.is_some_and(|c| matches!(c, '.' | '、' | '）' | ')' | '．'))
}

/// Whether a clause ends behind a character: at commas and the like, and at ① ② ….
fn ends_clause(c: char) -> bool {
    matches!(c, '，' | ',' | '；' | ';' | '：' | ':' | '\u{2460}'..='\u{249b}' | '\u{2776}'..='\u{2793}')
}
