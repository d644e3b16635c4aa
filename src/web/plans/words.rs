//! Figures of plans in words.

use crate::http::views::PlanLevel;

/// A change with its sign; the minus is as wide as the plus.
pub fn signed(value: i64) -> String {
    if value < 0 { format!("−{}", value.unsigned_abs()) } else { format!("+{value}") }
}

/// What is more and less between two plans, what decides first; empty if only names are otherwise.
pub fn difference(levels: &[PlanLevel]) -> String {
    let told = levels.iter().filter(|own| own.value != 0);
    told.map(|own| format!("{} {}", own.label, signed(own.value))).collect::<Vec<_>>().join("，")
}

/// What of a rule's id is told.
pub fn rule_name(rule: &str) -> &str {
    if rule == "case" { "案例" } else { rule }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loss_is_told_as_a_loss_and_what_is_the_same_is_not_told() {
        let level = |label, value| PlanLevel { level: "x", label, value, better: "more" };
        let told = difference(&[level("覆盖", 0), level("匹配度", -35), level("丰富度", 4)]);
        assert_eq!(told, "匹配度 −35，丰富度 +4");
    }
}
