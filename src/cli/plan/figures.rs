//! Objectives in words: gains are counted below zero inside, and told as they are.

use crate::programmes::hundred::{Class, HostInstitution, Level, Objective};

/// What a level is called, and its number as people count it; `None` for what only parts equals.
pub(super) fn told(level: Level, value: i64) -> Option<(&'static str, i64)> {
    match level {
        Level::Name => None,
        // Kept postings, less those that have only changed their batch.
        Level::Change => Some(("与已发布计划一致", -value)),
        _ if level.is_gain() => Some((level.label(), -value)),
        _ => Some((level.label(), value)),
    }
}

/// Whether more of it is better, as [`told`].
pub(super) fn more_is_better(level: Level) -> bool {
    level.is_gain() || level == Level::Change
}

/// A difference of objectives in words, what decides first: `成果丰富度 −120，匹配度 +35`.
pub(super) fn difference(objective: &Objective) -> String {
    let changed = objective.0.iter().filter(|(_, value)| *value != 0);
    let parts = changed.filter_map(|(level, value)| {
        let (label, value) = told(*level, *value)?;
        Some(format!("{label} {}", signed(value)))
    });
    let parts: Vec<String> = parts.collect();
    if parts.is_empty() { "各级目标都相同".to_owned() } else { parts.join("，") }
}

/// With its sign.
pub(super) fn signed(value: i64) -> String {
    if value < 0 { format!("−{}", value.unsigned_abs()) } else { format!("+{value}") }
}

/// The classes of an institution, shortly.
pub(super) fn classes(institution: &HostInstitution) -> String {
    institution.classes.iter().map(|class| short(*class)).collect::<Vec<_>>().join("、")
}

/// A class, shortly.
pub(super) fn short(class: Class) -> &'static str {
    match class {
        Class::C985 => "985",
        Class::KeyDoubleFirstClass => "双一流",
        Class::MajorInstitute => "大院大所",
    }
}

/// The first of some names, and how many there are if there are more: `甲、乙 等 7 所`.
pub(super) fn first_names<'a>(
    names: impl IntoIterator<Item = &'a str>,
    most: usize,
    unit: &str,
) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    let first = names[..names.len().min(most)].join("、");
    if names.len() > most { format!("{first} 等 {} {unit}", names.len()) } else { first }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loss_is_told_as_a_loss() {
        let objective = Objective(vec![
            (Level::Uncovered(Class::C985), 1),
            (Level::Richness, 120),
            (Level::Fit, -35),
            (Level::NewTies, 0),
            (Level::Name, 7),
        ]);
        assert_eq!(difference(&objective), "未覆盖985高校 +1，成果丰富度 −120，匹配度 +35");
        assert_eq!(difference(&Objective(vec![(Level::Name, 7)])), "各级目标都相同");
    }

    #[test]
    fn many_names_are_counted() {
        assert_eq!(first_names(["甲", "乙", "丙"], 2, "所"), "甲、乙 等 3 所");
        assert_eq!(first_names(["甲", "乙"], 2, "所"), "甲、乙");
    }
}
