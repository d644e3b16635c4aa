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
