//! What somebody wrote into one of a page's forms, so that nothing is lost when it is refused.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::steps::term_name;
use crate::engine::{EngineError, Once};
use crate::http::{App, Problem};
use crate::model::{CivilDate, Refusal};
use crate::web::form::Form;

/// What every form has beside its own.
const KEPT: [&str; 4] = ["form", "revision", "once", "back"];
/// What forms ask people for, and what they call it.
const ASKED: [(&str, &str); 15] = [
    ("to", "移到"),
    ("note", "说明"),
    ("reason", "关闭原因"),
    ("due_on", "期限"),
    ("owner", "经办人"),
    ("mode", "合作方式"),
    ("other_mode", "合作方式"),
    ("amount", "金额"),
    ("side", "哪一方"),
    ("accepted", "接受"),
    ("kind", "类别"),
    ("role", "角色"),
    ("on", "日期"),
    ("place", "地点"),
    ("text", "内容"),
];
/// Of these, what is long to write and worth being shown when its form is gone.
const WRITTEN: [&str; 6] = ["note", "reason", "amount", "other_mode", "place", "text"];

/// 已填: the fields of a form as it was sent; none if nothing was.
#[derive(Debug, Clone, Default)]
pub struct Filled(BTreeMap<String, String>);

impl Filled {
    /// As the form sent them.
    ///
    /// # Errors
    /// If there is a field that no form has, or one stands there twice.
    pub fn read(app: &App, form: &Form) -> Result<Self, Problem> {
        let terms = app.engine.contract_fields().all().iter();
        let terms: Vec<String> = terms.map(|field| term_name(&field.field)).collect();
        let asked = ASKED.iter().map(|(name, _)| *name);
        let known: Vec<&str> =
            KEPT.into_iter().chain(asked).chain(terms.iter().map(String::as_str)).collect();
        let params = form.read(&known)?;
        let mut values = BTreeMap::new();
        for name in known {
            if let Some(value) = params.one(name)? {
                values.insert(name.to_owned(), value.replace("\r\n", "\n"));
            }
        }
        Ok(Self(values))
    }

    /// What a field says; empty if it says nothing.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |value| value.trim())
    }

    /// What a field of a certain form says; empty if another form was sent.
    pub fn of(&self, form: &str, name: &str) -> &str {
        if self.is(form) { self.get(name) } else { "" }
    }

    /// Whether it was that form.
    pub fn is(&self, form: &str) -> bool {
        self.get("form") == form
    }

    /// A field's text.
    pub fn text(&self, name: &str) -> String {
        self.get(name).to_owned()
    }

    /// A field's date, if it has one.
    ///
    /// # Errors
    /// [`EngineError::Refused`] if it is none.
    pub fn date(&self, name: &str) -> Result<Option<CivilDate>, EngineError> {
        let text = Some(self.get(name)).filter(|text| !text.is_empty());
        Ok(text.map(str::parse).transpose()?)
    }

    /// The revision that the form was made for.
    ///
    /// # Errors
    /// [`EngineError::Refused`] if it does not say.
    pub fn revision(&self) -> Result<u64, EngineError> {
        let missing = || Refusal::new("revision", "表单不完整", "请刷新页面后重新填写");
        Ok(self.get("revision").parse().map_err(|_| missing())?)
    }

    /// The name of this request: sent twice, it is done once.
    pub fn once(&self, address: &str) -> Option<Once> {
        let key = Some(self.get("once")).filter(|key| !key.is_empty())?;
        let digest = format!("{:x}", Sha256::digest(format!("{address}\n{:?}", self.0)));
        Some(Once { key: key.to_owned(), digest })
    }

    /// What was written, for when the form is not there any more.
    pub fn written(&self) -> Vec<(&'static str, &str)> {
        let written = ASKED.iter().filter(|(name, _)| WRITTEN.contains(name));
        let written = written.map(|(name, label)| (*label, self.get(name)));
        written.filter(|(_, value)| !value.is_empty()).collect()
    }
}
