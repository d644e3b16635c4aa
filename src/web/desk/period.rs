//! The period of a report as the page asks for it: quarters beside those that the engine knows,
//! and the periods before and after.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::engine::{Period, PeriodKind};
use crate::model::CivilDate;

/// Months of a quarter.
const QUARTER: i64 = 3;

/// What the choices of the page mean to the engine.
pub fn named(choice: Option<&str>, from: &str, until: &str, today: CivilDate) -> String {
    match choice {
        None => "week".to_owned(),
        Some("quarter") => range(quarter_of(today.last_day())),
        Some("range") => format!("{from}..{until}"),
        Some(other) => other.to_owned(),
    }
}

/// The choice under which a period stands on the page.
pub fn choice_of(period: Period) -> &'static str {
    match period.kind {
        PeriodKind::Range if is_quarter(period) => "quarter",
        other => other.as_str(),
    }
}

/// What a period is called where it is chosen.
pub fn title_of(period: Period) -> &'static str {
    match choice_of(period) {
        "quarter" => "季报",
        _ => period.kind.title(),
    }
}

/// The periods before and after, as the engine reads them.
pub fn neighbours(period: Period) -> [String; 2] {
    let (before, after) =
        (period.from.saturating_sub(1.day()), period.until.saturating_add(1.day()));
    [before, after].map(|day| match period.kind {
        PeriodKind::Week => {
            let week = day.iso_week_date();
            format!("{}-W{:02}", week.year(), week.week())
        }
        PeriodKind::Month => format!("{:04}-{:02}", day.year(), day.month()),
        PeriodKind::Year => format!("{:04}", day.year()),
        PeriodKind::Range if is_quarter(period) => range(quarter_of(day)),
        PeriodKind::Range => {
            let days = i64::from((period.until - period.from).get_days());
            range(if day < period.from {
                (day.saturating_sub(days.days()), day)
            } else {
                (day, day.saturating_add(days.days()))
            })
        }
    })
}

fn is_quarter(period: Period) -> bool {
    quarter_of(period.from) == (period.from, period.until)
}

/// The first and the last day of the quarter of a day.
fn quarter_of(day: Date) -> (Date, Date) {
    let past = (i64::from(day.month()) - 1) % QUARTER;
    let first = day.first_of_month().saturating_sub(past.months());
    (first, first.saturating_add((QUARTER - 1).months()).last_of_month())
}

fn range((from, until): (Date, Date)) -> String {
    format!("{from}..{until}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_is_one_and_what_lies_beside_a_period_is_of_its_sort() {
        let today: CivilDate = "2026-05-06".parse().unwrap();
        let period = |text: &str| Period::parse(text, today).unwrap();
        let quarter = named(Some("quarter"), "", "", today);
        assert_eq!(quarter, "2026-04-01..2026-06-30");
        assert_eq!(choice_of(period(&quarter)), "quarter");
        for (of, before, after) in [
            (quarter.as_str(), "2026-01-01..2026-03-31", "2026-07-01..2026-09-30"),
            ("2026-W01", "2025-W52", "2026-W02"),
            ("2026-01", "2025-12", "2026-02"),
            ("2026", "2025", "2027"),
            ("2026-05-01..2026-05-10", "2026-04-21..2026-04-30", "2026-05-11..2026-05-20"),
        ] {
            assert_eq!(neighbours(period(of)), [before, after], "{of}");
        }
    }
}
