//! Objectives in words: gains are counted below zero inside, and told as they are.

use crate::http::views::{PlanLevel, plan_levels};
use crate::programmes::hundred::{HostInstitution, Objective};

/// What two plans are told apart by if all levels are equal.
const ONLY_NAMES: &str = "各级目标都相同，只有编号次序不同";

/// A difference of objectives in words, what decides first: `成果丰富度 −120，匹配度 +35`.
pub(super) fn difference(objective: &Objective) -> String {
    let (first, rest) = parted(objective);
    if rest.is_empty() { first } else { format!("{first}，{rest}") }
}

/// The level that decides in a difference of objectives, and the others.
pub(super) fn parted(objective: &Objective) -> (String, String) {
    let levels = plan_levels(objective).into_iter().filter(|own| own.value != 0);
    let told = |own: PlanLevel| format!("{} {}", own.label, signed(own.value));
    let mut told = levels.map(told);
    let first = told.next().unwrap_or_else(|| ONLY_NAMES.to_owned());
    (first, told.collect::<Vec<_>>().join("，"))
}

/// With its sign.
pub(super) fn signed(value: i64) -> String {
    if value < 0 { format!("−{}", value.unsigned_abs()) } else { format!("+{value}") }
}

/// The classes of an institution, shortly.
pub(super) fn classes(institution: &HostInstitution) -> String {
    institution.classes.iter().map(|class| class.short_label()).collect::<Vec<_>>().join("、")
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
    use crate::programmes::hundred::{Class, Level};

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
        assert_eq!(difference(&Objective(vec![(Level::Name, 7)])), ONLY_NAMES);
    }

    #[test]
    fn many_names_are_counted() {
        assert_eq!(first_names(["甲", "乙", "丙"], 2, "所"), "甲、乙 等 3 所");
        assert_eq!(first_names(["甲", "乙"], 2, "所"), "甲、乙");
    }
}
