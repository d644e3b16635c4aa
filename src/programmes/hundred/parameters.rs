//! The numbers in the rules of this programme, as a plan uses them. Their values, limits and
//! sources are in `data/programmes/`; a case may set some of them otherwise.

use serde::{Deserialize, Serialize};

use super::change::ChangeError;
use crate::programmes::rules::{Key, RuleBook};

/// A number with the values that it may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    /// Its value.
    pub value: u32,
    /// The least that it may be.
    pub least: u32,
    /// The most that it may be.
    pub most: u32,
}

/// Defines the parameters, each with its key in the rule packs, which is its name here too.
macro_rules! parameters {
    ($($(#[$meta:meta])* $name:ident = $key:ident,)*) => {
        /// 参数. Named as in the rule pack.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        pub struct Parameters { $($(#[$meta])* pub $name: Parameter,)* }

        impl Parameters {
            /// From what a function says of each key, in the order of the rules.
            pub fn from_fn(mut of: impl FnMut(Key) -> Parameter) -> Self {
                Self { $($name: of(Key::$key),)* }
            }

            /// All of them with their keys, in the order of the rules.
            pub fn all(&self) -> Vec<(&'static str, Parameter)> {
                vec![$((Key::$key.as_str(), self.$name)),*]
            }

            fn of_key(&mut self, key: &str) -> Option<&mut Parameter> {
                $(if key == Key::$key.as_str() {
                    return Some(&mut self.$name);
                })*
                None
            }
        }
    };
}

parameters! {
    /// H1: different commissioners at most.
    commissioners_max = CommissionersMax,
    /// H2: years from the start within which all postings lie.
    years = Years,
    /// H3: 1 if an institution of which nobody knows whether it had sent members is left out of
    /// the first batch, 0 if it is only warned of.
    unknown_sent_blocks = UnknownSentBlocks,
    /// H4: institutions of a commissioner at most.
    institutions_per_commissioner = InstitutionsPerCommissioner,
    /// H4: commissioners at an institution at most.
    commissioners_per_institution = CommissionersPerInstitution,
    /// H5: fit at least, 0-10,000.
    fit_min = FitMin,
    /// Institutions with which long, stable and deep ties are the aim.
    relationships_target = RelationshipsTarget,
    /// O5: what a kilometre of travel weighs.
    travel_weight = TravelWeight,
    /// O5: what one other duty of a commissioner weighs.
    load_weight = LoadWeight,
}

impl Parameters {
    /// As the rules have them. None is below 0: what a pack has there counts as 0.
    pub fn of(book: &RuleBook) -> Self {
        let number = |value: i64| u32::try_from(value.max(0)).unwrap_or(u32::MAX);
        Self::from_fn(|key| {
            let own = book.of(key);
            Parameter { value: number(own.value), least: number(own.min), most: number(own.max) }
        })
    }

    /// Sets one to another value.
    ///
    /// # Errors
    /// If there is none of that key, or it cannot have that value.
    pub fn set(&mut self, key: &str, value: i64) -> Result<(), ChangeError> {
        let Some(own) = self.of_key(key) else {
            let known = self.all().into_iter().map(|(key, _)| key).collect();
            return Err(ChangeError::UnknownParameter { key: key.to_owned(), known });
        };
        let (least, most) = (own.least, own.most);
        match u32::try_from(value) {
            Ok(value) if (least..=most).contains(&value) => own.value = value,
            _ => {
                let (least, most) = (least.into(), most.into());
                let key = key.to_owned();
                return Err(ChangeError::ParameterRange { key, value, least, most });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Data;

    #[test]
    fn a_plans_text_names_parameters_as_the_rules_do() {
        let book = RuleBook::load(&Data::embedded()).unwrap();
        let parameters = Parameters::of(&book);
        let text = serde_json::to_value(&parameters).unwrap();
        for (key, own) in parameters.all() {
            assert_eq!(text[key]["value"], own.value, "{key}");
            let known = book.find_parameter(key).unwrap();
            let told = [own.value, own.least, own.most].map(i64::from);
            assert_eq!([known.value, known.min, known.max], told, "{key}");
        }
        assert_eq!(text.as_object().unwrap().len(), parameters.all().len());
    }
}
