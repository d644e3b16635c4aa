//! Whether a phrase only repeats another.

use super::PointKind;
use super::phrases::Phrase;

/// A shorter phrase that stands in a longer one of another kind is a point of its own only from
/// this length, in characters.
const INNER_CHARS_MIN: usize = 3;

/// A longer phrase says nothing new if it has no more than this beside the shorter: 锂电池技术.
const REST_CHARS_MAX: usize = 2;

/// Whether a phrase adds nothing to one that is kept already.
pub(super) fn repeats(new: &Phrase, old: &Phrase) -> bool {
    let (new_text, old_text) = (bare(new), bare(old));
    match (new.kind, old.kind) {
        (PointKind::Requirement, PointKind::Requirement) => new_text == old_text,
        (PointKind::Effect, PointKind::Requirement) => old_text.contains(&new_text),
        _ => {
            let inside = old_text.contains(&new_text) || new_text.contains(&old_text);
            let shorter = new_text.chars().count().min(old_text.chars().count());
            let longer = new_text.chars().count().max(old_text.chars().count());
            let alike = new.kind == old.kind || new.kind.is_thing() && old.kind.is_thing();
            inside && (alike || shorter < INNER_CHARS_MIN || longer - shorter <= REST_CHARS_MAX)
                || alike && longest_common(&new_text, &old_text) * 5 >= shorter * 4
                || alike && (skips(&new_text, &old_text) || skips(&old_text, &new_text))
        }
    }
}

/// Whether `short` is `long` without some words: 生态设施寿命 of 典型生态设施寿命 and the like.
fn skips(short: &str, long: &str) -> bool {
    let mut rest = long.chars();
    let found = short.chars().all(|c| rest.by_ref().any(|other| other == c));
    found && short.chars().count() * 2 > long.chars().count()
}

/// A phrase for comparison: 稻瘟病的防治 is 稻瘟病防治, and its 技术 says no more.
fn bare(phrase: &Phrase) -> String {
    let text = phrase.text.replace('的', "");
    let named = text.strip_suffix("技术").or_else(|| text.strip_suffix("方法"));
    named.map_or(text.clone(), str::to_owned)
}

/// Length of the longest stretch that both have, in characters.
fn longest_common(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut ends = vec![0; other.len() + 1];
    let mut longest = 0;
    for c in one.chars() {
        for at in (0..other.len()).rev() {
            ends[at + 1] = if other[at] == c { ends[at] + 1 } else { 0 };
            longest = longest.max(ends[at + 1]);
        }
    }
    longest
}
