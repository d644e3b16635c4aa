//! Codes by which organisations are known to the state.

use std::fmt;
use std::str::FromStr;

use super::text_field::Refusal;

/// 统一社会信用代码: the unified social credit code of an organisation (GB 32100-2015),
/// 18 characters of which the last is a check character.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CreditCode(String);

impl FromStr for CreditCode {
    type Err = Refusal;

    /// # Errors
    /// If the text is not 18 characters of the code's alphabet with a right check character.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
        const WEIGHTS: [usize; 17] =
            [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
        let code = text.trim().to_ascii_uppercase();
        let refusal = |reason: String| {
            Refusal::new("credit_code", reason, "18 位统一社会信用代码（GB 32100-2015）")
        };
        let values: Option<Vec<usize>> =
            code.bytes().map(|b| ALPHABET.iter().position(|a| *a == b)).collect();
        let values = values
            .filter(|v| v.len() == 18)
            .ok_or_else(|| refusal(format!("“{text}”的位数或字符不对")))?;
        let sum: usize = values.iter().zip(WEIGHTS).map(|(v, w)| v * w).sum();
        if (31 - sum % 31) % 31 != values[17] {
            return Err(refusal(format!("“{text}”的校验位不对")));
        }
        Ok(Self(code))
    }
}

impl fmt::Display for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// 学校代码: the state's code of a university, 5 digits (or 10 for the longer 标识码).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SchoolCode(String);

impl FromStr for SchoolCode {
    type Err = Refusal;

    /// # Errors
    /// If the text is not 5 or 10 digits.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let code = text.trim();
        if matches!(code.len(), 5 | 10) && code.bytes().all(|b| b.is_ascii_digit()) {
            return Ok(Self(code.to_owned()));
        }
        Err(Refusal::new("school_code", format!("“{text}”不是学校代码"), "5 位或 10 位数字"))
    }
}

impl fmt::Display for SchoolCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_credit_code_is_seen_by_its_check_character() {
        // An invented code whose check character was computed by hand from the standard's weights.
        let right = "91320100MA00000000";
        let found: Vec<String> = "0123456789ABCDEFGHJKLMNPQRTUWXY"
            .chars()
            .map(|last| format!("{}{last}", &right[..17]))
            .filter(|code| code.parse::<CreditCode>().is_ok())
            .collect();
        assert_eq!(found.len(), 1, "exactly one check character is right");
        assert!("913201".parse::<CreditCode>().is_err());
        assert!("91320100MA0000000I".parse::<CreditCode>().is_err());
    }
}
