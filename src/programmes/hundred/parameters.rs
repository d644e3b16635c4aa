//! The numbers in the rules of this programme, as a plan uses them. Their values, limits and
//! sources are in `data/programmes/`; a case may set some of them otherwise.

use serde::{Deserialize, Serialize};

use super::change::ChangeError;

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

/// Defines the parameters by their keys.
macro_rules! parameters {
    ($($(#[$meta:meta])* $key:ident,)*) => {
        /// 参数. Named as in the rule pack.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        pub struct Parameters { $($(#[$meta])* pub $key: Parameter,)* }

        impl Parameters {
            /// Keys, in the order of the rules.
            pub const KEYS: &[&'static str] = &[$(stringify!($key)),*];

            /// From what a function says of each key.
            ///
            /// # Errors
            /// The first that it gives.
            pub fn read<E>(
                mut of: impl FnMut(&'static str) -> Result<Parameter, E>,
            ) -> Result<Self, E> {
                Ok(Self { $($key: of(stringify!($key))?,)* })
            }

            /// All of them with their keys.
            pub fn all(&self) -> Vec<(&'static str, Parameter)> {
                vec![$((stringify!($key), self.$key)),*]
            }

            fn of_key(&mut self, key: &str) -> Option<&mut Parameter> {
                match key {
                    $(stringify!($key) => Some(&mut self.$key),)*
                    _ => None,
                }
            }
        }
    };
}

parameters! {
    /// H1: different commissioners at most.
    commissioners_max,
    /// H2: years from the start within which all postings lie.
    years,
    /// H3: 1 if an institution of which nobody knows whether it had sent members is left out of
    /// the first batch, 0 if it is only warned of.
    unknown_sent_blocks,
    /// H4: institutions of a commissioner at most.
    institutions_per_commissioner,
    /// H4: commissioners at an institution at most.
    commissioners_per_institution,
    /// H5: fit at least, 0-10,000.
    fit_min,
    /// Institutions with which long, stable and deep ties are the aim.
    relationships_target,
    /// O5: what a kilometre of travel weighs.
    travel_weight,
    /// O5: what one other duty of a commissioner weighs.
    load_weight,
}

impl Parameters {
    /// Sets one to another value.
    ///
    /// # Errors
    /// If there is none of that key, or it cannot have that value.
    pub fn set(&mut self, key: &str, value: i64) -> Result<(), ChangeError> {
        let Some(own) = self.of_key(key) else {
            let known = Self::KEYS.to_vec();
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
