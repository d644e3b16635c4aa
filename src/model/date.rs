//! Instants of the system and civil dates of policies.

use std::fmt;
use std::str::FromStr;

use super::text_field::Refusal;

/// By how much clocks in China are ahead of UTC, in milliseconds.
const CHINA_AHEAD_MS: i64 = 8 * 3_600_000;

/// 时刻: an instant in UTC, as milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The clock's present instant.
    pub fn now() -> Self {
        Self(jiff::Timestamp::now().as_millisecond())
    }
}

impl Timestamp {
    /// The day that it is in China then.
    pub fn day_in_china(self) -> CivilDate {
        let at = jiff::Timestamp::from_millisecond(self.0.saturating_add(CHINA_AHEAD_MS));
        let day = jiff::tz::TimeZone::UTC.to_datetime(at.unwrap_or_default()).date();
        CivilDate { year: day.year(), month: day.month(), day: day.day() }
    }
}

impl FromStr for Timestamp {
    type Err = Refusal;

    /// Reads RFC 3339, as `2026-05-06T08:00:00Z` or with another offset.
    ///
    /// # Errors
    /// If the text is no instant.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let at: Result<jiff::Timestamp, _> = text.trim().parse();
        at.map(|at| Self(at.as_millisecond())).map_err(|_| {
            Refusal::new("instant", format!("“{text}”不是时刻"), "如 2026-05-06T08:00:00Z")
        })
    }
}

impl Timestamp {
    /// The clock's time in China then, to the second, for people: `2026-03-01 16:00:00`.
    pub fn in_china(self) -> String {
        let at = jiff::Timestamp::from_millisecond(self.0.saturating_add(CHINA_AHEAD_MS));
        let at = jiff::tz::TimeZone::UTC.to_datetime(at.unwrap_or_default());
        format!("{} {:02}:{:02}:{:02}", at.date(), at.hour(), at.minute(), at.second())
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC with milliseconds.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(at) => write!(f, "{at:.3}"),
            Err(_) => write!(f, "{} ms", self.0),
        }
    }
}

/// 日期: a civil date as precise as its source: `2019`, `2019-12` or `2019-12-31`.
///
/// Dates order by their first day, the less precise one first.
///
/// ```
/// use duijie::model::CivilDate;
/// let month: CivilDate = "2020年6月".parse().unwrap();
/// assert_eq!(month.to_string(), "2020-06");
/// assert!("2020".parse::<CivilDate>().unwrap() < month);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CivilDate {
    year: i16,
    /// 1-12, or 0 where only the year is known.
    month: i8,
    /// 1-31, or 0 where only the month is known.
    day: i8,
}

impl CivilDate {
    /// Earliest and latest year accepted; years outside are typing errors here.
    pub const YEARS: std::ops::RangeInclusive<i16> = 1900..=2200;

    /// The year.
    pub fn year(self) -> i16 {
        self.year
    }

    /// The month, if the date is that precise.
    pub fn month(self) -> Option<i8> {
        (self.month > 0).then_some(self.month)
    }

    /// The day of the month, if the date is that precise.
    pub fn day(self) -> Option<i8> {
        (self.day > 0).then_some(self.day)
    }

    /// The first instant that it is this day (month, year) in China.
    pub fn begins_in_china(self) -> Timestamp {
        midnight_in_china(jiff::civil::date(self.year, self.month.max(1), self.day.max(1)))
    }

    /// The first instant that it is no longer this day (month, year) in China.
    pub fn ends_in_china(self) -> Timestamp {
        midnight_in_china(self.last_day().saturating_add(jiff::Span::new().days(1)))
    }

    /// The last day that the date may mean: `2019-02` ends on 2019-02-28.
    pub fn last_day(self) -> jiff::civil::Date {
        let month = if self.month == 0 { 12 } else { self.month };
        let first = jiff::civil::date(self.year, month, 1);
        if self.day == 0 {
            first.last_of_month()
        } else {
            jiff::civil::date(self.year, month, self.day)
        }
    }
}

/// The instant in which a day begins in China.
fn midnight_in_china(day: jiff::civil::Date) -> Timestamp {
    let midnight =
        jiff::tz::TimeZone::UTC.to_timestamp(day.to_datetime(jiff::civil::Time::midnight()));
    // All years of civil dates have an instant.
    Timestamp(midnight.map_or(0, |at| at.as_millisecond()) - CHINA_AHEAD_MS)
}

impl FromStr for CivilDate {
    type Err = Refusal;

    /// Reads `2019`, `2019-12`, `2019-12-31` and the ways of spreadsheets:
    /// `2020.6`, `2020/6/1`, `2020年6月1日`, `20200601`.
    ///
    /// # Errors
    /// If the text has another form, the year is outside [`CivilDate::YEARS`] or
    /// there is no such day.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let refusal =
            || Refusal::new("date", format!("“{text}”不是日期"), "如 2019、2019-12 或 2019-12-31");
        let text = text.trim();
        // A spreadsheet's midnight says nothing more than the day.
        let day_only = text
            .strip_suffix(" 00:00:00")
            .or_else(|| text.strip_suffix("T00:00:00"))
            .unwrap_or(text);
        if !day_only.is_ascii() && !day_only.contains('年') {
            return Err(refusal());
        }
        let compact = day_only.len() == 8 && day_only.bytes().all(|b| b.is_ascii_digit());
        let pieces: Vec<&str> = if compact {
            vec![&day_only[..4], &day_only[4..6], &day_only[6..]]
        } else {
            day_only
                .trim_end_matches(['年', '月', '日'])
                .split(['-', '.', '/', '年', '月'])
                .collect()
        };
        let well_formed = (1..=3).contains(&pieces.len())
            && pieces[0].len() == 4
            && pieces[1..].iter().all(|p| (1..=2).contains(&p.len()))
            && pieces.iter().all(|p| p.bytes().all(|b| b.is_ascii_digit()));
        if !well_formed {
            return Err(refusal());
        }
        let number =
            |idx: usize| pieces.get(idx).map_or(Ok(0), |p| p.parse::<i16>().map_err(|_| refusal()));
        let (year, month, day) = (number(0)?, number(1)?, number(2)?);
        let real = Self::YEARS.contains(&year)
            && (pieces.len() < 2 || (1..=12).contains(&month))
            && (pieces.len() < 3 || jiff::civil::Date::new(year, month as i8, day as i8).is_ok());
        if !real {
            return Err(refusal());
        }
        Ok(Self { year, month: month as i8, day: day as i8 })
    }
}

impl fmt::Display for CivilDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if self.month > 0 {
            write!(f, "-{:02}", self.month)?;
        }
        if self.day > 0 {
            write!(f, "-{:02}", self.day)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_keep_the_precision_of_their_source() {
        for (given, want) in [
            ("2019", "2019"),
            ("2019年", "2019"),
            ("2020.6", "2020-06"),
            ("2020-06-01", "2020-06-01"),
            ("2020年6月1日", "2020-06-01"),
            ("20200601", "2020-06-01"),
            ("2020/6/1", "2020-06-01"),
            ("2020-06-01 00:00:00", "2020-06-01"),
        ] {
            assert_eq!(given.parse::<CivilDate>().unwrap().to_string(), want);
        }
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for given in [
            "",
            "去年",
            "2019-13",
            "2019-02-30",
            "19-1-1",
            "2019-1-1-1",
            "0001-01-01",
            "2019-00",
            "２０１９",
        ] {
            assert!(given.parse::<CivilDate>().is_err(), "{given}");
        }
    }

    #[test]
    fn a_day_begins_in_china_before_it_does_in_greenwich() {
        let at = |text: &str| Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond());
        for (instant, day) in
            [("2026-02-28T15:59:59Z", "2026-02-28"), ("2026-02-28T16:00:00Z", "2026-03-01")]
        {
            assert_eq!(at(instant).day_in_china().to_string(), day);
        }
    }

    #[test]
    fn a_day_lasts_from_midnight_to_midnight_in_china() {
        let bounds = |text: &str| {
            let date: CivilDate = text.parse().unwrap();
            [date.begins_in_china(), date.ends_in_china()].map(|at| at.to_string())
        };
        assert_eq!(bounds("2026-03-01"), ["2026-02-28T16:00:00.000Z", "2026-03-01T16:00:00.000Z"]);
        assert_eq!(bounds("2026"), ["2025-12-31T16:00:00.000Z", "2026-12-31T16:00:00.000Z"]);
        let at = "2026-03-01".parse::<CivilDate>().unwrap().begins_in_china();
        assert_eq!(at.in_china(), "2026-03-01 00:00:00");
    }

    #[test]
    fn a_month_ends_on_its_last_day() {
        let date: CivilDate = "2024-02".parse().unwrap();
        assert_eq!(date.last_day().to_string(), "2024-02-29");
        assert_eq!("2024".parse::<CivilDate>().unwrap().last_day().to_string(), "2024-12-31");
    }
}
