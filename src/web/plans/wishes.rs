//! What is to be otherwise, as a form asks for it and as the programme understands it.

use crate::http::{Params, Problem};
use crate::programmes::hundred::{Change, Posting};

/// Forks beside each other.
const FORKS: usize = 3;

/// Fields of a fork; in the address each carries the fork's number.
const FIELDS: [&str; 8] = ["c", "i", "b", "fc", "fi", "r", "k", "v"];

/// 假设: a fork as it was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wishes {
    pub number: usize,
    /// Somebody is to go somewhere, in a batch or any.
    pub commissioner: String,
    pub institution: String,
    pub batch: String,
    /// Somebody is not to go somewhere.
    pub barred_commissioner: String,
    pub barred_institution: String,
    /// Somebody cannot be posted any more.
    pub removed: String,
    /// A number of a rule is another.
    pub key: String,
    pub value: String,
}

/// Names of all fields of all forks, and more.
pub fn names(more: &[&str]) -> Vec<String> {
    let forks = (1..=FORKS).flat_map(|number| FIELDS.map(|name| format!("{name}{number}")));
    forks.chain(more.iter().map(|name| (*name).to_owned())).collect()
}

impl Wishes {
    /// All forks out of an address or a form.
    ///
    /// # Errors
    /// If a field is given twice.
    pub fn read_all(params: &Params) -> Result<Vec<Self>, Problem> {
        (1..=FORKS).map(|number| Self::read(params, number)).collect()
    }

    fn read(params: &Params, number: usize) -> Result<Self, Problem> {
        let field = |name: &str| {
            let value = params.one(&format!("{name}{number}"))?;
            Ok::<_, Problem>(value.unwrap_or_default().trim().to_owned())
        };
        let [c, i, b, fc, fi, r, k, v] = FIELDS;
        Ok(Self {
            number,
            commissioner: field(c)?,
            institution: field(i)?,
            batch: field(b)?,
            barred_commissioner: field(fc)?,
            barred_institution: field(fi)?,
            removed: field(r)?,
            key: field(k)?,
            value: field(v)?,
        })
    }

    /// As changes of a case; none if nothing was asked for.
    ///
    /// # Errors
    /// A sentence, if half of something was asked for.
    pub fn changes(&self) -> Result<Vec<Change>, String> {
        let mut changes = Vec::new();
        let number = self.number;
        if let Some((commissioner, institution)) =
            pair(&self.commissioner, &self.institution, || {
                format!("假设 {number} 的“指定派驻”要同时填写专员和院校")
            })?
        {
            let (batch, renewed) = (self.batch.clone(), Vec::new());
            changes.push(Change::Force(Posting { commissioner, institution, batch, renewed }));
        }
        if let Some((commissioner, institution)) =
            pair(&self.barred_commissioner, &self.barred_institution, || {
                format!("假设 {number} 的“不派”要同时填写专员和院校")
            })?
        {
            changes.push(Change::Forbid { commissioner, institution });
        }
        if !self.removed.is_empty() {
            changes.push(Change::RemoveCommissioner(self.removed.clone()));
        }
        let set = pair(&self.key, &self.value, || {
            format!("假设 {number} 的“改参数”要同时选择参数和填写数值")
        })?;
        if let Some((key, value)) = set {
            let value = value
                .parse()
                .map_err(|_| format!("假设 {number} 的参数值“{value}”不是整数，请填写整数"))?;
            changes.push(Change::Set { key, value });
        }
        Ok(changes)
    }

    /// As the fields of a form that asks for it again.
    pub fn fields(&self) -> Vec<(String, String)> {
        let values = [
            &self.commissioner,
            &self.institution,
            &self.batch,
            &self.barred_commissioner,
            &self.barred_institution,
            &self.removed,
            &self.key,
            &self.value,
        ];
        let fields = FIELDS.into_iter().zip(values).filter(|(_, value)| !value.is_empty());
        fields.map(|(name, value)| (format!("{name}{}", self.number), value.clone())).collect()
    }

    /// That in words; `parameter` is what a parameter is called.
    pub fn told(
        &self,
        parameter: impl Fn(&str) -> String,
        batch: impl Fn(&str) -> String,
    ) -> Vec<String> {
        let mut told = Vec::new();
        if !self.commissioner.is_empty() {
            let batch = match self.batch.as_str() {
                "" => String::new(),
                id => format!("（{}）", batch(id)),
            };
            told.push(format!("{} 派驻 {}{batch}", self.commissioner, self.institution));
        }
        if !self.barred_commissioner.is_empty() {
            told.push(format!("{} 不派 {}", self.barred_commissioner, self.barred_institution));
        }
        if !self.removed.is_empty() {
            told.push(format!("专员 {} 离开", self.removed));
        }
        if !self.key.is_empty() {
            told.push(format!("{}改为 {}", parameter(&self.key), self.value));
        }
        told
    }
}

/// Both or neither.
fn pair(
    one: &str,
    other: &str,
    missing: impl FnOnce() -> String,
) -> Result<Option<(String, String)>, String> {
    match (one.is_empty(), other.is_empty()) {
        (true, true) => Ok(None),
        (false, false) => Ok(Some((one.to_owned(), other.to_owned()))),
        _ => Err(missing()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_changes_and_half_a_wish_is_told() {
        let wishes = Wishes {
            number: 1,
            commissioner: "c-001".to_owned(),
            institution: "东南大学".to_owned(),
            removed: "c-002".to_owned(),
            key: "fit_min".to_owned(),
            value: "100".to_owned(),
            ..Wishes::default()
        };
        let changes = wishes.changes().unwrap();
        assert_eq!(changes.len(), 3, "{changes:?}");
        let told = wishes.told(|_| "最低匹配度".to_owned(), str::to_owned);
        assert_eq!(told, ["c-001 派驻 东南大学", "专员 c-002 离开", "最低匹配度改为 100"]);
        assert_eq!(Wishes::default().changes(), Ok(Vec::new()));
        let fields = wishes.fields();
        let names = names(&[]);
        assert!(fields.len() == 5 && fields.iter().all(|(name, _)| names.contains(name)));
        let half = Wishes { institution: String::new(), ..wishes.clone() };
        assert!(half.changes().unwrap_err().contains("同时填写"));
        let no_number = Wishes { value: "一百".to_owned(), ..wishes };
        assert!(no_number.changes().unwrap_err().contains("不是整数"));
    }
}
