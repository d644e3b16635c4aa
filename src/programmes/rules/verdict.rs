//! How a figure is held against a threshold, once for all programmes: 以上, 以下, 以内 include the
//! number, 不少于 is ≥, 最高 is ≤; whole numbers only; what is not known never passes.

/// Basis points of a whole: 100 %.
const WHOLE: i128 = 10_000;

/// 结论.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// 符合
    Pass,
    /// 不符合
    Fail,
    /// 无法判断: a figure is missing, or a share has no whole.
    Unknown,
}

impl Verdict {
    /// Name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
        }
    }

    /// Name for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Pass => "符合",
            Self::Fail => "不符合",
            Self::Unknown => "无法判断",
        }
    }

    /// Of several conditions that all have to hold: one that fails decides, else one that is not
    /// known. Of none, it passes.
    pub fn all(verdicts: impl IntoIterator<Item = Self>) -> Self {
        verdicts.into_iter().fold(Self::Pass, |all, one| match (all, one) {
            (Self::Fail, _) | (_, Self::Fail) => Self::Fail,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Pass, Self::Pass) => Self::Pass,
        })
    }

    fn of(holds: bool) -> Self {
        if holds { Self::Pass } else { Self::Fail }
    }
}

/// What one rule says of one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Id of the rule.
    pub rule: String,
    /// What it says.
    pub verdict: Verdict,
    /// Why, in a sentence with the figures.
    pub reason: String,
    /// Where the rule is from.
    pub source: String,
}

/// 以上、不少于: whether `value` is `limit` or more.
pub fn at_least(value: Option<i64>, limit: i64) -> Verdict {
    value.map_or(Verdict::Unknown, |value| Verdict::of(value >= limit))
}

/// 以下、以内、最高: whether `value` is `limit` or less.
pub fn at_most(value: Option<i64>, limit: i64) -> Verdict {
    value.map_or(Verdict::Unknown, |value| Verdict::of(value <= limit))
}

/// Whether `part` is `share` (basis points) of `whole` or more. Not known where a figure is
/// missing or negative, or `whole` is 0.
pub fn share_at_least(part: Option<i64>, whole: Option<i64>, share: i64) -> Verdict {
    scaled(part, whole, share).map_or(Verdict::Unknown, |(part, share)| Verdict::of(part >= share))
}

/// Whether `part` is `share` (basis points) of `whole` or less. Not known where a figure is
/// missing or negative, or `whole` is 0.
pub fn share_at_most(part: Option<i64>, whole: Option<i64>, share: i64) -> Verdict {
    scaled(part, whole, share).map_or(Verdict::Unknown, |(part, share)| Verdict::of(part <= share))
}

/// Both sides of the comparison, multiplied out so that nothing is divided.
fn scaled(part: Option<i64>, whole: Option<i64>, share: i64) -> Option<(i128, i128)> {
    let (part, whole) = (part?, whole?);
    (part >= 0 && whole > 0)
        .then(|| (WHOLE * i128::from(part), i128::from(share) * i128::from(whole)))
}

#[cfg(test)]
mod tests {
    use super::Verdict::{Fail, Pass, Unknown};
    use super::*;

    #[test]
    fn thresholds_include_their_number() {
        assert_eq!([9, 10, 11].map(|value| at_least(Some(value), 10)), [Fail, Pass, Pass]);
        assert_eq!([9, 10, 11].map(|value| at_most(Some(value), 10)), [Pass, Pass, Fail]);
    }

    #[test]
    fn shares_are_compared_as_whole_numbers() {
        // 90 %: 10·a ≥ 9·b, at the border and one beside it.
        let nine_tenths = |part, whole| share_at_least(Some(part), Some(whole), 9000);
        assert_eq!([8, 9].map(|part| nine_tenths(part, 10)), [Fail, Pass]);
        let huge = i64::MAX - i64::MAX % 10;
        let border = huge / 10 * 9;
        assert_eq!([border - 1, border].map(|part| nine_tenths(part, huge)), [Fail, Pass]);
        // A third of three is more than 33.33 % and less than 33.34 %, whatever a float says.
        assert_eq!(share_at_least(Some(1), Some(3), 3333), Pass);
        assert_eq!(share_at_least(Some(1), Some(3), 3334), Fail);
        let most = |part| share_at_most(Some(part), Some(20), 1500);
        assert_eq!([3, 4].map(most), [Pass, Fail]);
    }

    #[test]
    fn what_is_not_known_never_passes() {
        assert_eq!([at_least(None, 0), at_most(None, 0)], [Unknown; 2]);
        for (part, whole) in [
            (None, Some(1)),
            (Some(1), None),
            (Some(0), Some(0)),
            (Some(5), Some(0)),
            (Some(-1), Some(1)),
        ] {
            assert_eq!(share_at_least(part, whole, 0), Unknown, "{part:?} of {whole:?}");
            assert_eq!(share_at_most(part, whole, 10_000), Unknown, "{part:?} of {whole:?}");
        }
    }

    #[test]
    fn of_several_a_failure_decides_then_what_is_not_known() {
        assert_eq!(Verdict::all([Pass, Unknown, Fail]), Fail);
        assert_eq!(Verdict::all([Unknown, Pass]), Unknown);
        assert_eq!(Verdict::all([Pass, Pass]), Pass);
        assert_eq!(Verdict::all([]), Pass);
    }
}
