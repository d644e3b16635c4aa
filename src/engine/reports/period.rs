//! What a report is about: a week, a month, a year, or any days.

use std::fmt;

use jiff::ToSpan;
use jiff::civil::{Date, ISOWeekDate, Weekday, date};

use crate::model::{CivilDate, Refusal, Timestamp};

/// 周期: days by the calendar of China, both ends included. Weeks begin on Monday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// Its sort.
    pub kind: PeriodKind,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
}

/// 周期类别
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PeriodKind {
    /// 周
    Week,
    /// 月
    Month,
    /// 年
    Year,
    /// 任意起止
    Range,
}

impl PeriodKind {
    /// The stable English name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
            Self::Range => "range",
        }
    }

    /// What a report over it is called.
    pub fn title(self) -> &'static str {
        match self {
            Self::Week => "周报",
            Self::Month => "月报",
            Self::Year => "年报",
            Self::Range => "阶段报告",
        }
    }
}

impl Period {
    /// Reads `week`, `month`, `year` (those of `today`), `2026-W19`, `2026-05`, `2026`,
    /// `2026-05-06`, or `2026-05-01..2026-06-15`.
    ///
    /// # Errors
    /// If the text is none of these, or ends before it begins.
    pub fn parse(text: &str, today: CivilDate) -> Result<Self, Refusal> {
        let today = today.last_day();
        let text = text.trim();
        let found = match text {
            "week" => Some(Self::week_of(today)),
            "month" => Some(Self::month(today)),
            "year" => Some(Self::year(today)),
            _ => Self::named(text),
        };
        found.filter(|period| period.from <= period.until).ok_or_else(|| {
            let right = "week、month、year，或如 2026-W19、2026-05、2026、2026-05-01..2026-06-15";
            Refusal::new("period", format!("“{text}”不是周期"), right)
        })
    }

    fn named(text: &str) -> Option<Self> {
        if let Some((from, until)) = text.split_once("..") {
            return Some(Self { kind: PeriodKind::Range, from: day(from)?, until: day(until)? });
        }
        if let Some((year, week)) = text.split_once("-W") {
            let whole = |text: &str, digits: usize| {
                text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit())
            };
            if !whole(year, 4) || !whole(week, 2) {
                return None;
            }
            let (year, week): (i16, i8) = (year.parse().ok()?, week.parse().ok()?);
            let years = CivilDate::YEARS.contains(&year);
            let monday = ISOWeekDate::new(year, week, Weekday::Monday).ok().filter(|_| years)?;
            return Some(Self::week_of(monday.date()));
        }
        let named: CivilDate = text.parse().ok()?;
        let first = date(named.year(), named.month().unwrap_or(1), named.day().unwrap_or(1));
        Some(match (named.month(), named.day()) {
            (None, _) => Self::year(first),
            (Some(_), None) => Self::month(first),
            (Some(_), Some(_)) => Self { kind: PeriodKind::Range, from: first, until: first },
        })
    }

    fn week_of(day: Date) -> Self {
        let from = day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days());
        Self { kind: PeriodKind::Week, from, until: from.saturating_add(6.days()) }
    }

    fn month(day: Date) -> Self {
        Self { kind: PeriodKind::Month, from: day.first_of_month(), until: day.last_of_month() }
    }

    fn year(day: Date) -> Self {
        Self { kind: PeriodKind::Year, from: day.first_of_year(), until: day.last_of_year() }
    }

    /// Whether a day lies in it.
    pub fn has(self, day: Date) -> bool {
        (self.from..=self.until).contains(&day)
    }
}

impl fmt::Display for Period {
    /// As a heading has it: `2026-W19（2026-05-04 至 2026-05-10）`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, from, until } = self;
        match kind {
            PeriodKind::Week => {
                let week = from.iso_week_date();
                write!(f, "{}-W{:02}（{from} 至 {until}）", week.year(), week.week())
            }
            PeriodKind::Month => write!(f, "{}年{}月", from.year(), from.month()),
            PeriodKind::Year => write!(f, "{}年", from.year()),
            PeriodKind::Range => write!(f, "{from} 至 {until}"),
        }
    }
}

/// The day that it is in China at an instant.
pub(super) fn day_of(at: Timestamp) -> Date {
    at.day_in_china().last_day()
}

fn day(text: &str) -> Option<Date> {
    let day: CivilDate = text.trim().parse().ok()?;
    day.day().is_some().then(|| day.last_day())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read_and_weeks_begin_on_monday() {
        let today: CivilDate = "2026-05-06".parse().unwrap();
        for (text, from, until) in [
            ("week", "2026-05-04", "2026-05-10"),
            ("month", "2026-05-01", "2026-05-31"),
            ("year", "2026-01-01", "2026-12-31"),
            ("2026-W01", "2025-12-29", "2026-01-04"),
            ("2020-W53", "2020-12-28", "2021-01-03"),
            ("2024-02", "2024-02-01", "2024-02-29"),
            ("2025", "2025-01-01", "2025-12-31"),
            ("2026-05-06", "2026-05-06", "2026-05-06"),
            ("2026-05-01..2026-06-15", "2026-05-01", "2026-06-15"),
        ] {
            let period = Period::parse(text, today).unwrap();
            let found = (period.from.to_string(), period.until.to_string());
            assert_eq!(found, (from.to_owned(), until.to_owned()), "{text}");
        }
        for bad in [
            "",
            "day",
            "2026-W54",
            "2026-W1",
            "2026-13",
            "2026-05-02..2026-05-01",
            "..",
            "2026-05..2026-06",
        ] {
            assert!(Period::parse(bad, today).is_err(), "{bad}");
        }
        let week = Period::parse("week", today).unwrap();
        assert_eq!(week.to_string(), "2026-W19（2026-05-04 至 2026-05-10）");
    }
}
