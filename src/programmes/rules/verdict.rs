//! What a rule says of something.

/// 结论.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// 符合
    Pass,
    /// 不符合
    Fail,
    /// 无法判断: a figure is missing. Never counts as passed.
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
}
