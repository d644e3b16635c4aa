//! Modes of cooperation.

/// 合作方式: how a firm and a lab work together. The list is open: a mode that is not
/// one of the five of the source document is kept under its own name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// 技术转让
    TechnologyTransfer,
    /// 专利许可
    PatentLicence,
    /// 合作开发
    JointDevelopment,
    /// 技术入股
    Equity,
    /// 共建研发实验室
    JointLab,
    /// Any other, in the words of its source.
    Other(String),
}

impl Mode {
    /// Reads the English name, the Chinese name, or a usual synonym of it; anything else
    /// becomes [`Mode::Other`].
    ///
    /// ```
    /// use duijie::model::Mode;
    /// assert_eq!(Mode::parse("委托开发"), Mode::JointDevelopment);
    /// assert_eq!(Mode::parse("technology_transfer").label(), "技术转让");
    /// ```
    pub fn parse(text: &str) -> Self {
        match text.trim() {
            "technology_transfer" | "技术转让" | "完全转让" | "转让" => {
                Self::TechnologyTransfer
            }
            "patent_licence" | "专利许可" | "技术许可" | "许可" | "许可转让" | "技术授权"
            | "普通许可" | "排他许可" | "独占许可" => Self::PatentLicence,
            "joint_development" | "合作开发" | "联合开发" | "联合研发" | "合作研发"
            | "委托开发" | "委托研发" | "技术开发" => Self::JointDevelopment,
            "equity" | "技术入股" | "作价入股" | "作价投资" => Self::Equity,
            "joint_lab" | "共建研发实验室" | "共建实验室" | "共建平台" | "共建研发机构" => {
                Self::JointLab
            }
            other => Self::Other(other.to_owned()),
        }
    }

    /// The stable English name, or the source's own words.
    pub fn as_str(&self) -> &str {
        match self {
            Self::TechnologyTransfer => "technology_transfer",
            Self::PatentLicence => "patent_licence",
            Self::JointDevelopment => "joint_development",
            Self::Equity => "equity",
            Self::JointLab => "joint_lab",
            Self::Other(name) => name,
        }
    }

    /// The Chinese name.
    pub fn label(&self) -> &str {
        match self {
            Self::TechnologyTransfer => "技术转让",
            Self::PatentLicence => "专利许可",
            Self::JointDevelopment => "合作开发",
            Self::Equity => "技术入股",
            Self::JointLab => "共建研发实验室",
            Self::Other(name) => name,
        }
    }
}

/// 合作方式集: which of the five named modes; other words are not kept.
///
/// ```
/// use duijie::model::{Mode, ModeSet};
/// let wanted: ModeSet = [Mode::Equity, Mode::JointLab].iter().collect();
/// let offered: ModeSet = [Mode::JointLab, Mode::parse("面谈")].iter().collect();
/// assert_eq!((wanted.len(), offered.len(), wanted.common(offered).len()), (2, 1, 1));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ModeSet(u8);

impl ModeSet {
    /// The bits that stand for it.
    const ALL: u8 = 0b1_1111;

    /// One bit a mode, in the order of [`Mode`].
    pub fn bits(self) -> u8 {
        self.0
    }

    /// The set of these bits; bits of no mode are left out.
    pub fn from_bits(bits: u8) -> Self {
        Self(bits & Self::ALL)
    }

    /// How many modes.
    pub fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The modes in both.
    pub fn common(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl<'a> FromIterator<&'a Mode> for ModeSet {
    fn from_iter<T: IntoIterator<Item = &'a Mode>>(modes: T) -> Self {
        let bit = |mode: &Mode| match mode {
            Mode::TechnologyTransfer => 1,
            Mode::PatentLicence => 1 << 1,
            Mode::JointDevelopment => 1 << 2,
            Mode::Equity => 1 << 3,
            Mode::JointLab => 1 << 4,
            Mode::Other(_) => 0,
        };
        Self(modes.into_iter().map(bit).fold(0, |bits, bit| bits | bit))
    }
}
