//! Whether a phrase only repeats another.

use super::PointKind;
use super::phrases::Phrase;

/// A shorter phrase that stands in a longer one of another kind is a point of its own only from
/// this length, in characters.
const INNER_CHARS_MIN: usize = 3;

/// A phrase is said by a longer one that has words between, and at most so many times its characters.
const SKIPPED_TIMES_MAX: usize = 3;

/// A longer phrase says nothing new if it has no more than this beside the shorter: 锂电池技术.
const REST_CHARS_MAX: usize = 2;

/// Verbs of effects, which say no more than the effect.
const CHANGES: [&str; 10] =
    ["提高", "提升", "改善", "增强", "优化", "延长", "降低", "减少", "减小", "减轻"];

/// Whether a phrase adds nothing to one that is kept already.
pub(super) fn repeats(new: &Phrase, old: &Phrase) -> bool {
    let (new_text, old_text) = (bare(new), bare(old));
    match (new.kind, old.kind) {
        (PointKind::Requirement, PointKind::Requirement) => new_text == old_text,
        (PointKind::Effect, PointKind::Requirement | PointKind::Method)
            if old_text.contains(&new_text) =>
        {
            true
        }
        (PointKind::Requirement, _) | (_, PointKind::Requirement) => false,
        _ => {
            let inside = old_text.contains(&new_text) || new_text.contains(&old_text);
            let shorter = new_text.chars().count().min(old_text.chars().count());
            let longer = new_text.chars().count().max(old_text.chars().count());
            let alike = new.kind == old.kind || new.kind.is_thing() && old.kind.is_thing();
            inside && (alike || shorter < INNER_CHARS_MIN || longer - shorter <= REST_CHARS_MAX)
                || alike && longest_common(&new_text, &old_text) * 5 >= shorter * 4
                || alike && skips(&new_text, &old_text, 2)
                || alike && skips(&old_text, &new_text, 2)
                || !inside && skips(&new_text, &old_text, SKIPPED_TIMES_MAX)
        }
    }
}

/// Whether `short` is `long` without some words, which has at most so many `times` its characters:
/// 生态设施寿命 of 典型生态设施寿命 and the like.
fn skips(short: &str, long: &str, times: usize) -> bool {
    let mut rest = long.chars();
    let found = short.chars().all(|c| rest.by_ref().any(|other| other == c));
    found && short.chars().count() * times >= long.chars().count()
}

/// A phrase for comparison: 稻瘟病的防治 is 稻瘟病防治, and its 技术 says no more.
fn bare(phrase: &Phrase) -> String {
    let text = phrase.text.replace('的', "");
    let text = match CHANGES.iter().find_map(|verb| text.strip_prefix(verb)) {
        Some(rest) if phrase.kind == PointKind::Effect => rest.to_owned(),
        _ => text,
    };
    let named = ["技术", "方法"].iter().find_map(|way| text.strip_suffix(way));
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
