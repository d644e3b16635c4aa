//! What a contract of each mode of cooperation must or may tell: the rules of
//! `data/leads/contract_fields.tsv`, applied.

use super::lead::Contract;
use super::mode::Mode;
use super::money::Fen;
use super::rule_table::{RuleError, rows};
use super::text_field::{NAME_CHARS_MAX, Refusal, required};

/// The file's path under the data folder.
const FILE: &str = "leads/contract_fields.tsv";
/// What stands for every mode that is not one of the five.
const OTHER: &str = "other";
/// Where a contract's fields are given.
const TERMS: &str = "contract.terms";

/// 取值: what a field of a contract may say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValueSort {
    /// Any text.
    Text,
    /// An amount with its unit.
    Money,
    /// 0 to 100 with two decimals at most.
    Percent,
    /// One of these words.
    OneOf(Vec<String>),
}

impl ValueSort {
    /// How the file writes it.
    pub fn as_text(&self) -> String {
        match self {
            Self::Text => "text".to_owned(),
            Self::Money => "money".to_owned(),
            Self::Percent => "percent".to_owned(),
            Self::OneOf(words) => words.join(";"),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        match text {
            "text" => Some(Self::Text),
            "money" => Some(Self::Money),
            "percent" => Some(Self::Percent),
            _ => {
                let words: Vec<String> =
                    text.split(';').map(|word| word.trim().to_owned()).collect();
                (words.len() > 1 && words.iter().all(|w| !w.is_empty()))
                    .then_some(Self::OneOf(words))
            }
        }
    }

    /// The value as it is kept, or what would be right.
    fn read(&self, text: &str) -> Result<String, String> {
        match self {
            Self::Text => Ok(text.to_owned()),
            Self::Money => {
                let amount = text.parse::<Fen>().map_err(|refusal| refusal.expected)?;
                Ok(amount.to_string())
            }
            Self::Percent => percent(text).ok_or_else(|| "0 到 100，如 30% 或 12.5%".to_owned()),
            Self::OneOf(words) if words.iter().any(|word| word == text) => Ok(text.to_owned()),
            Self::OneOf(words) => Err(words.join("、")),
        }
    }
}

/// `30` or `30 %` as `30%`, if it is one.
fn percent(text: &str) -> Option<String> {
    let number = text.trim_end_matches(['%', '％']).trim();
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty()
        || whole.len() > 3
        || fraction.len() > 2
        || !digits(whole)
        || !digits(fraction)
    {
        return None;
    }
    let hundredths: u32 = format!("{whole}{fraction:0<2}").parse().ok()?;
    (hundredths <= 10_000).then(|| format!("{number}%"))
}

/// 合同要素: a field of the contracts of a mode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractField {
    /// English name of the mode; `other` stands for all that are not one of the five.
    pub mode: String,
    /// English name of the field.
    pub field: String,
    /// Its Chinese name.
    pub label: String,
    /// What it may say.
    pub value: ValueSort,
    /// Whether a contract of the mode must have it.
    pub required: bool,
}

/// 合同要素表: the fields of all modes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContractFields(Vec<ContractField>);

impl ContractFields {
    /// Reads `data/leads/contract_fields.tsv`.
    ///
    /// # Errors
    /// The first line that has an unknown mode, sort of value or word, or stands there twice.
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        let mut fields: Vec<ContractField> = Vec::new();
        for row in rows(FILE, text, ["mode", "field", "label", "value", "required"])? {
            let [mode, field, label, value, required] = row.cells;
            if mode != OTHER && matches!(Mode::parse(mode), Mode::Other(_)) {
                return Err(row.fault(format!("unknown mode {mode:?}")));
            }
            if field.is_empty() || label.is_empty() {
                return Err(row.fault("a field needs a name and a label"));
            }
            if fields.iter().any(|known| known.mode == mode && known.field == field) {
                return Err(row.fault("this field stands there twice"));
            }
            let value = ValueSort::parse(value)
                .ok_or_else(|| row.fault(format!("unknown sort of value {value:?}")))?;
            let required = match required {
                "yes" => true,
                "no" => false,
                other => return Err(row.fault(format!("required is yes or no, not {other:?}"))),
            };
            fields.push(ContractField {
                mode: mode.to_owned(),
                field: field.to_owned(),
                label: label.to_owned(),
                value,
                required,
            });
        }
        Ok(Self(fields))
    }

    /// All fields, in the order of the file.
    pub fn all(&self) -> &[ContractField] {
        &self.0
    }

    /// The fields of a mode.
    pub fn of(&self, mode: &Mode) -> impl Iterator<Item = &ContractField> {
        let name = if matches!(mode, Mode::Other(_)) { OTHER } else { mode.as_str() };
        self.0.iter().filter(move |field| field.mode == name)
    }

    /// The contract with its terms as they are kept.
    ///
    /// # Errors
    /// If the mode is blank, a required field is missing, one is not of the mode, or says what
    /// it may not.
    pub fn check(&self, mut contract: Contract) -> Result<Contract, Refusal> {
        if let Mode::Other(name) = &contract.mode {
            contract.mode = Mode::Other(required("contract.mode", name, NAME_CHARS_MAX)?);
        }
        let fields: Vec<&ContractField> = self.of(&contract.mode).collect();
        let label = contract.mode.label().to_owned();
        let told = || {
            let told = fields.iter().map(|f| format!("{}（{}）", f.field, f.label));
            told.collect::<Vec<_>>().join("、")
        };
        let unknown = contract.terms.keys().find(|name| fields.iter().all(|f| f.field != **name));
        if let Some(name) = unknown {
            let reason = format!("“{label}”没有要素“{name}”");
            return Err(Refusal::new(TERMS, reason, told()));
        }
        for field in &fields {
            let given = contract.terms.get(&field.field).map_or("", |text| text.trim()).to_owned();
            if given.is_empty() {
                contract.terms.remove(&field.field);
                if field.required {
                    let reason = format!("“{label}”缺少 {}（{}）", field.field, field.label);
                    return Err(Refusal::new(TERMS, reason, told()));
                }
                continue;
            }
            let read = field.value.read(&given).map_err(|right| {
                let reason = format!("{}（{}）写的是“{given}”", field.field, field.label);
                Refusal::new(TERMS, reason, right)
            })?;
            contract.terms.insert(field.field.clone(), read);
        }
        Ok(contract)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Data;

    fn shipped() -> ContractFields {
        ContractFields::parse(&Data::embedded().text(FILE).unwrap()).unwrap()
    }

    fn contract(mode: &str, terms: &[(&str, &str)]) -> Contract {
        Contract {
            mode: Mode::parse(mode),
            amount: Fen::new(100).unwrap(),
            terms: terms.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        }
    }

    #[test]
    fn each_mode_has_its_fields_and_each_required_one_is_asked_for() {
        let fields = shipped();
        for mode in [
            "technology_transfer",
            "patent_licence",
            "joint_development",
            "equity",
            "joint_lab",
            "挂职",
        ] {
            let mut given = contract(mode, &[]);
            let wanted: Vec<&ContractField> = fields.of(&given.mode).collect();
            assert!(wanted.iter().any(|field| field.required), "{mode}");
            for field in wanted {
                if field.required {
                    let refusal = fields.check(given.clone()).unwrap_err();
                    assert!(refusal.reason.contains(&field.field), "{mode}: {refusal}");
                }
                let value = match &field.value {
                    ValueSort::Text => "文字".to_owned(),
                    ValueSort::Money => "80万元".to_owned(),
                    ValueSort::Percent => "30".to_owned(),
                    ValueSort::OneOf(words) => words[0].clone(),
                };
                given.terms.insert(field.field.clone(), value);
            }
            assert!(fields.check(given.clone()).is_ok(), "{mode}");
            given.terms.insert("colour".to_owned(), "红".to_owned());
            assert!(fields.check(given).unwrap_err().reason.contains("colour"), "{mode}");
        }
    }

    #[test]
    fn values_are_kept_in_one_form_and_what_is_none_is_refused() {
        let fields = shipped();
        let equity = |valuation, share| {
            fields.check(contract("equity", &[("valuation", valuation), ("share", share)]))
        };
        let kept = equity("800000元", "12.5 ％").unwrap();
        assert_eq!((&*kept.terms["valuation"], &*kept.terms["share"]), ("80万元", "12.5%"));
        for (valuation, share) in
            [("很多", "10%"), ("80万元", "101%"), ("80万元", "-1"), ("80万元", "1.234")]
        {
            assert!(equity(valuation, share).is_err(), "{valuation} {share}");
        }
        assert!(fields.check(contract(" ", &[("content", "a")])).is_err());
    }

    #[test]
    fn bad_rules_are_told_by_their_line() {
        for (row, reason) in [
            ("x\tf\tl\ttext\tyes", "unknown mode"),
            ("equity\tf\tl\tcolour\tyes", "unknown sort"),
            ("equity\tf\tl\ttext\tmaybe", "yes or no"),
            ("equity\t\tl\ttext\tyes", "a name"),
            ("equity\tf\tl\ttext\tyes\nequity\tf\tl\ttext\tyes", "twice"),
        ] {
            let text = format!("mode\tfield\tlabel\tvalue\trequired\n{row}\n");
            let told = ContractFields::parse(&text).unwrap_err().to_string();
            assert!(told.contains(reason) && told.contains("line"), "{told}");
        }
    }
}
