//! The packs together, with the values in force; a case may set parameters otherwise.

use sha2::{Digest, Sha256};

use super::key::Key;
use super::pack::{Pack, Parameter, Rule};
use super::reading;
use crate::data::{Data, DataError};
use crate::programmes::fault::{Fault, Faults, near_names, offered};

/// The packs that the product comes with, by their paths under the data folder.
pub const PACKS: &[&str] = &[
    "programmes/hundred_universities.toml",
    "programmes/rooted_visits.toml",
    "programmes/new_institutes.toml",
    "programmes/new_institutes_outside.toml",
    "programmes/shenzhen.toml",
    "programmes/shaoxing.toml",
];

/// Why there is no rule book.
#[derive(Debug, thiserror::Error)]
pub enum RuleBookError {
    /// A pack cannot be read.
    #[error(transparent)]
    Data(#[from] DataError),
    /// Packs are wrong; in Chinese, a line for each fault.
    #[error("规则包有误，一条规则也没有采用：\n{0}")]
    Faults(#[from] Faults),
}

/// A parameter that a case cannot set like that.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("参数“{key}”：{found}；{expected}")]
pub struct BadOverride {
    /// As given.
    pub key: String,
    /// What is wrong, one Chinese clause.
    pub found: String,
    /// What would be right, one Chinese clause.
    pub expected: String,
}

/// 规则簿: all rules, with the values in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleBook {
    packs: Vec<Pack>,
    /// Where each key's parameter stands (pack, rule, parameter), in the order of [`Key::ALL`].
    places: Vec<[usize; 3]>,
}

impl RuleBook {
    /// The packs of the product, or those that a folder has in their place.
    ///
    /// # Errors
    /// If a pack cannot be read, or [as `from_texts`](Self::from_texts).
    pub fn load(data: &Data) -> Result<Self, RuleBookError> {
        let texts = PACKS.iter().map(|path| Ok((*path, data.text(path)?)));
        let texts: Vec<_> = texts.collect::<Result<_, DataError>>()?;
        let texts: Vec<(&str, &str)> =
            texts.iter().map(|(path, text)| (*path, text.as_ref())).collect();
        Ok(Self::from_texts(&texts)?)
    }

    /// The rules of packs: name of the file, its text.
    ///
    /// # Errors
    /// Everything that is wrong with any pack; also if a parameter of [`Key`] is in none.
    pub fn from_texts(texts: &[(&str, &str)]) -> Result<Self, Faults> {
        let packs = reading::read(texts)?;
        let mut faults = Faults::default();
        let mut places = Vec::with_capacity(Key::ALL.len());
        for key in Key::ALL.iter().map(|key| key.as_str()) {
            match place_of(&packs, key) {
                Some(place) => places.push(place),
                None => faults.add(Fault {
                    file: texts.first().map_or("", |(file, _)| file).to_owned(),
                    line: 0,
                    field: key.to_owned(),
                    found: "所有规则包里都没有这个参数".to_owned(),
                    expected: "程序要用到它，请补上".to_owned(),
                }),
            }
        }
        faults.or(()).map(|()| Self { packs, places })
    }

    /// The packs, in their order.
    pub fn packs(&self) -> &[Pack] {
        &self.packs
    }

    /// All rules with their packs, in the order of the files.
    pub fn rules(&self) -> impl Iterator<Item = (&Pack, &Rule)> {
        self.packs.iter().flat_map(|pack| pack.rules.iter().map(move |rule| (pack, rule)))
    }

    /// The rule of that id; case does not matter.
    pub fn rule(&self, id: &str) -> Option<(&Pack, &Rule)> {
        self.rules().find(|(_, rule)| rule.id.eq_ignore_ascii_case(id))
    }

    /// The ids of rules that are most like `id`.
    pub fn near_rules(&self, id: &str) -> Vec<&str> {
        near_names(&id.to_uppercase(), self.rules().map(|(_, rule)| rule.id.as_str()))
    }

    /// The value in force.
    pub fn parameter(&self, key: Key) -> i64 {
        self.of(key).value
    }

    /// A parameter with its unit, range and text; its value is the one in force.
    pub fn of(&self, key: Key) -> &Parameter {
        let [pack, rule, parameter] = self.places[key as usize];
        &self.packs[pack].rules[rule].parameters[parameter]
    }

    /// [`Self::of`] a name; facts that the program does not ask for have one too.
    pub fn find_parameter(&self, key: &str) -> Option<&Parameter> {
        let all = self.packs.iter().flat_map(|pack| &pack.rules);
        all.flat_map(|rule| &rule.parameters).find(|parameter| parameter.key == key)
    }

    /// Whether a parameter may have that value in a case.
    ///
    /// # Errors
    /// [`BadOverride`] if the program does not ask for it, or the value is out of range.
    pub fn check_override(&self, name: &str, value: i64) -> Result<(), BadOverride> {
        let bad = |found: String, expected: String| {
            Err(BadOverride { key: name.to_owned(), found, expected })
        };
        let names = Key::ALL.iter().map(|key| key.as_str());
        if !names.clone().any(|key| key == name) {
            return bad("没有这个参数".to_owned(), offered(name, names));
        }
        match self.find_parameter(name) {
            Some(of) if !(of.min..=of.max).contains(&value) => {
                let expected = format!("应在 {} 到 {} 之间（{}）", of.min, of.max, of.unit);
                bad(format!("{value} 超出范围"), expected)
            }
            _ => Ok(()),
        }
    }

    /// The book with other values for some parameters of [`Key`].
    ///
    /// # Errors
    /// [`BadOverride`] for the first one that is given twice, or
    /// [cannot be set like that](Self::check_override).
    pub fn with_overrides(mut self, overrides: &[(String, i64)]) -> Result<Self, BadOverride> {
        for (idx, (name, value)) in overrides.iter().enumerate() {
            self.check_override(name, *value)?;
            if overrides[..idx].iter().any(|(earlier, _)| earlier == name) {
                let (key, found) = (name.clone(), "给了两次".to_owned());
                return Err(BadOverride {
                    key, found, expected: "每个参数只给一次".to_owned()
                });
            }
            let all = self.packs.iter_mut().flat_map(|pack| &mut pack.rules);
            let all = all.flat_map(|rule| &mut rule.parameters);
            all.filter(|parameter| parameter.key == *name).for_each(|of| of.value = *value);
        }
        Ok(self)
    }

    /// SHA-256 over all that the rules say and all values in force, in hexadecimal digits: two
    /// books with the same digest decide alike.
    pub fn digest(&self) -> String {
        let mut hasher = Sha256::new();
        let mut add = |text: &str| {
            hasher.update((text.len() as u64).to_le_bytes());
            hasher.update(text);
        };
        for (pack, rule) in self.rules() {
            let date = |date: Option<crate::model::CivilDate>| {
                date.map(|date| date.to_string()).unwrap_or_default()
            };
            let named = |name: &Option<String>| name.clone().unwrap_or_default();
            for text in [
                &pack.id,
                &pack.version,
                &rule.id,
                &rule.version.to_string(),
                &rule.text,
                rule.modality.as_str(),
                &date(rule.from),
                &date(rule.until),
                &named(&rule.replaces),
                &named(&rule.refines),
            ] {
                add(text);
            }
            for parameter in &rule.parameters {
                add(&parameter.key);
                add(&parameter.value.to_string());
            }
        }
        hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Where the parameter of that name stands: pack, rule, parameter.
fn place_of(packs: &[Pack], name: &str) -> Option<[usize; 3]> {
    let mut rules = packs.iter().zip(0..).flat_map(|(pack, at)| {
        pack.rules.iter().zip(0..).map(move |(rule, idx)| (at, idx, &rule.parameters))
    });
    rules.find_map(|(pack, rule, all)| {
        let parameter = all.iter().position(|parameter| parameter.key == name)?;
        Some([pack, rule, parameter])
    })
}

#[cfg(test)]
#[path = "book_tests.rs"]
mod tests;
