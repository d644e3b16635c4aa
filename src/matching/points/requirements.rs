//! The numbers that a need asks for, each with what is measured.

use crate::model::Span;
use crate::text::{Quantity, quantities};

/// Longest stretch of text from what is measured to its number, in characters.
const CHARS_MAX: u32 = 30;

/// A number with its subject.
pub(super) struct Measured {
    /// From subject to number, in characters of the text.
    pub span: Span,
    /// The quantity, its places in characters of that stretch.
    pub quantity: Quantity,
}

/// The quantities of a text that say what they are quantities of, in order; those far behind
/// it are left out, since the words between belong to something else, and those before it, since
/// they are seldom asked for (20%的时间).
pub(super) fn measured(text: &str) -> Vec<Measured> {
    quantities(text).into_iter().filter_map(with_subject).collect()
}

/// The first quantity of a name that a user has written.
pub(super) fn of_name(name: &str) -> Option<Quantity> {
    quantities(name).into_iter().next()
}

fn with_subject(mut quantity: Quantity) -> Option<Measured> {
    let subject = quantity.subject?;
    if subject.end > quantity.span.start {
        return None;
    }
    let start = subject.start;
    let span = Span::new(start, quantity.span.end);
    let moved = |span: Span| Span::new(span.start - start, span.end - start);
    quantity.span = moved(quantity.span);
    quantity.subject = Some(moved(subject));
    (span.end - span.start <= CHARS_MAX).then_some(Measured { span, quantity })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_told_with_what_it_measures() {
        let text = "要求剪切强度≥40MPa，超过20%的时间停机";
        let found = measured(text);
        let [only] = found.as_slice() else { panic!("{} numbers", found.len()) };
        let name = only.span.slice(text);
        assert_eq!(name, "剪切强度≥40MPa");
        assert_eq!(only.quantity.subject.unwrap().slice(&name), "剪切强度");
        assert_eq!(only.quantity.span.slice(&name), "≥40MPa");
    }
}
