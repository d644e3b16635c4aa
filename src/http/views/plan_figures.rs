//! Objectives of plans as people count them: what is a gain is above zero.

use serde::Serialize;
use utoipa::ToSchema;

use crate::programmes::hundred::{Level, Objective};

/// 目标层级: a level of an objective, or of the difference between two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanLevel {
    /// `uncovered_985`, `uncovered_key_double_first_class`, `uncovered_major_institute`,
    /// `richness`, `fit`, `new_ties`, `balance`, `change` or `lateness`.
    pub level: &'static str,
    /// The level in Chinese.
    pub label: &'static str,
    /// Its number; of a difference, what comes to it (above zero) or goes from it (below).
    pub value: i64,
    /// `more` or `less`: which of it is better.
    pub better: &'static str,
}

/// The levels in their order of importance; the one that only parts equals is left out.
pub fn levels(objective: &Objective) -> Vec<PlanLevel> {
    objective.0.iter().filter_map(|(level, value)| told(*level, *value)).collect()
}

/// The levels of a regret from the one on that decides: those before it are all zero.
pub(super) fn deciding_levels(regret: &Objective) -> Vec<PlanLevel> {
    let decides = regret.0.iter().position(|(_, value)| *value != 0).unwrap_or(regret.0.len());
    regret.0[decides..].iter().filter_map(|(level, value)| told(*level, *value)).collect()
}

fn told(level: Level, value: i64) -> Option<PlanLevel> {
    let (label, value, better) = match level {
        Level::Name => return None,
        // Postings kept, less those that have only changed their batch.
        Level::Change => ("与已发布计划一致", -value, "more"),
        _ if level.is_gain() => (level.label(), -value, "more"),
        _ => (level.label(), value, "less"),
    };
    Some(PlanLevel { level: level.as_str(), label, value, better })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programmes::hundred::Class;

    #[test]
    fn gains_are_above_zero_and_what_decides_a_regret_stands_first() {
        let objective = |fit, balance, name| {
            Objective(vec![
                (Level::Uncovered(Class::C985), 0),
                (Level::Fit, fit),
                (Level::Balance, balance),
                (Level::Name, name),
            ])
        };
        let told: Vec<_> = levels(&objective(-70, 3, 9)).iter().map(|own| own.value).collect();
        assert_eq!(told, [0, 70, 3]);
        let regret = deciding_levels(&objective(20, -1, 4));
        let told: Vec<_> = regret.iter().map(|own| (own.level, own.value)).collect();
        assert_eq!(told, [("fit", -20), ("balance", -1)]);
        assert_eq!(deciding_levels(&objective(0, 0, 4)), []);
    }
}
