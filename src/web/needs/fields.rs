//! The fields of the form, as they were written, and as columns of an import.

use serde_json::{Map, Value};

use crate::http::{Params, Problem};
use crate::model::{Mode, Need, Visibility};

/// Everything that the form sends.
pub const NAMES: [&str; 13] = [
    "title",
    "body",
    "industry",
    "areas",
    "budget",
    "mode",
    "deadline",
    "maturity_wanted",
    "visibility",
    "enterprise",
    "revision",
    "once",
    "do",
];

/// The modes that can be ticked.
pub const MODES: [Mode; 5] = [
    Mode::JointDevelopment,
    Mode::TechnologyTransfer,
    Mode::PatentLicence,
    Mode::Equity,
    Mode::JointLab,
];

/// 需求表单: what stands in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NeedFields {
    pub title: String,
    pub body: String,
    pub industry: String,
    /// Apart by 、
    pub areas: String,
    pub budget: String,
    /// English names of those of [`MODES`]; others in their own words.
    pub modes: Vec<String>,
    pub deadline: String,
    pub maturity_wanted: String,
    /// Who is to see it once it is published: `public` or `matched`.
    pub visibility: String,
    /// Whose it is, for those who write for others.
    pub enterprise: String,
}

impl NeedFields {
    /// As the form sent them.
    ///
    /// # Errors
    /// If a field that there is once was sent twice.
    pub fn read(form: &Params) -> Result<Self, Problem> {
        let text = |name: &str| Ok::<_, Problem>(form.one(name)?.unwrap_or_default());
        Ok(Self {
            title: text("title")?,
            body: text("body")?.replace("\r\n", "\n"),
            industry: text("industry")?,
            areas: text("areas")?,
            budget: text("budget")?,
            modes: form.all("mode").map(str::to_owned).collect(),
            deadline: text("deadline")?,
            maturity_wanted: text("maturity_wanted")?,
            visibility: text("visibility")?,
            enterprise: text("enterprise")?,
        })
    }

    /// As they stand in a need that is kept.
    pub fn of(need: &Need, visibility: Visibility) -> Self {
        let areas: Vec<_> = need.areas.iter().map(crate::model::Area::as_text).collect();
        Self {
            title: need.title.clone(),
            body: need.body.clone(),
            industry: need.industry.as_ref().map(|known| known.as_text()).unwrap_or_default(),
            areas: areas.join("、"),
            budget: need.budget.map(|amount| amount.to_string()).unwrap_or_default(),
            modes: need.modes.iter().map(|mode| mode.as_str().to_owned()).collect(),
            deadline: need.deadline.map(|date| date.to_string()).unwrap_or_default(),
            maturity_wanted: need.maturity_wanted.map(|m| m.get().to_string()).unwrap_or_default(),
            visibility: visibility.as_str().to_owned(),
            enterprise: need.enterprise_id.map(|id| id.to_string()).unwrap_or_default(),
        }
    }

    /// Title and text as one, to be looked at before anything is kept.
    pub fn text(&self) -> String {
        format!("{}\n{}", self.title, self.body).trim().to_owned()
    }

    /// As columns of an import; what is blank is left out.
    pub fn columns(&self) -> Map<String, Value> {
        let mut columns = Map::new();
        for (name, value) in [
            ("title", &self.title),
            ("body", &self.body),
            ("industry", &self.industry),
            ("budget", &self.budget),
            ("deadline", &self.deadline),
            ("maturity_wanted", &self.maturity_wanted),
            ("enterprise_id", &self.enterprise),
        ] {
            if !value.trim().is_empty() {
                columns.insert(name.to_owned(), Value::from(value.trim()));
            }
        }
        let areas = self.areas.split(['、', ',', '，', ';', '；']).map(str::trim);
        let areas: Vec<Value> = areas.filter(|area| !area.is_empty()).map(Value::from).collect();
        for (name, values) in [
            ("areas", areas),
            ("modes", self.modes.iter().map(|m| Value::from(m.as_str())).collect()),
        ] {
            if !values.is_empty() {
                columns.insert(name.to_owned(), Value::Array(values));
            }
        }
        columns
    }

    /// Whether a mode is ticked.
    pub fn has_mode(&self, mode: &Mode) -> bool {
        self.modes.iter().any(|own| own == mode.as_str())
    }

    /// Modes that cannot be ticked, which stay as they are.
    pub fn other_modes(&self) -> impl Iterator<Item = &str> {
        let own = self.modes.iter().map(String::as_str);
        own.filter(|name| matches!(Mode::parse(name), Mode::Other(_)))
    }
}
