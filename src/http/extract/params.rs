//! Query parameters, decoded strictly.

use std::str::FromStr;

use crate::http::error::{Problem, ProblemCode};
use crate::model::{RecordId, Refusal};

/// The parameters of a query in their order; blank ones are left out.
#[derive(Debug, Default)]
pub(crate) struct Params(Vec<(String, String)>);

impl Params {
    /// Reads a query that has no parameters but `known`.
    pub fn read(query: Option<&str>, known: &[&str]) -> Result<Self, Problem> {
        let mut params = Vec::new();
        for pair in query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decoded(name)?, decoded(value)?);
            if !known.contains(&name.as_str()) {
                let detail = format!("没有“{name}”这个参数；可用：{}", known.join("、"));
                return Err(Problem::new(ProblemCode::UnknownField, detail).field(name));
            }
            if !value.is_empty() {
                params.push((name, value));
            }
        }
        Ok(Self(params))
    }

    /// All values of a parameter.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The value of a parameter that stands once at most.
    pub fn one(&self, name: &str) -> Result<Option<String>, Problem> {
        let mut values = self.all(name);
        let value = values.next().map(str::to_owned);
        match values.next() {
            None => Ok(value),
            Some(_) => Err(Problem::invalid(name, "给了几次", "只给一次")),
        }
    }

    /// A value that stands as a text: a date, a name of a list.
    pub fn parsed<T: FromStr<Err = Refusal>>(&self, name: &str) -> Result<Option<T>, Problem> {
        let Some(text) = self.one(name)? else { return Ok(None) };
        let told = |refusal: Refusal| Problem::invalid(name, &refusal.reason, &refusal.expected);
        text.parse().map(Some).map_err(told)
    }

    /// The id of the record behind which a page begins.
    pub fn after(&self) -> Result<Option<RecordId>, Problem> {
        let Some(text) = self.one("after")? else { return Ok(None) };
        let told = |_| Problem::invalid("after", &format!("“{text}”不是记录编号"), "上一页的 next");
        text.parse().map(Some).map_err(told)
    }

    /// A whole number, not negative.
    pub fn number(&self, name: &str) -> Result<Option<usize>, Problem> {
        let Some(text) = self.one(name)? else { return Ok(None) };
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        // As large as the description says that a number is.
        let number = text.parse::<i64>().ok().filter(|_| digits);
        let number = number.and_then(|number| usize::try_from(number).ok());
        number.map(Some).ok_or_else(|| Problem::invalid(name, &format!("是“{text}”"), "正整数"))
    }
}

/// Decodes `+` and percent signs.
fn decoded(text: &str) -> Result<String, Problem> {
    let bad = |reason: &str| {
        let detail = format!("网址参数里有{reason}，请按 UTF-8 作百分号编码");
        Problem::new(ProblemCode::BadUrl, detail)
    };
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        rest = behind;
        match first {
            b'+' => bytes.push(b' '),
            b'%' => {
                let (digits, behind) =
                    rest.split_at_checked(2).ok_or_else(|| bad("不完整的百分号编码"))?;
                let byte = std::str::from_utf8(digits)
                    .ok()
                    .filter(|_| digits.iter().all(u8::is_ascii_hexdigit))
                    .and_then(|digits| u8::from_str_radix(digits, 16).ok())
                    .ok_or_else(|| bad("不合法的百分号编码"))?;
                bytes.push(byte);
                rest = behind;
            }
            other => bytes.push(*other),
        }
    }
    String::from_utf8(bytes).map_err(|_| bad("不合法的 UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_utf8_or_no_percent_sign_is_refused() {
        assert_eq!(decoded("%E8%86%9C+a%2B").unwrap(), "膜 a+");
        for bad in ["%", "%E", "%zz", "%+1", "%ff", "%E8%86"] {
            assert_eq!(decoded(bad).unwrap_err().code(), ProblemCode::BadUrl, "{bad}");
        }
    }

    #[test]
    fn a_number_is_digits_only() {
        for bad in ["-1", "+1", "1.0", "abc", "99999999999999999999999"] {
            let query = format!("limit={}", bad.replace('+', "%2B"));
            let params = Params::read(Some(&query), &["limit"]).unwrap();
            assert!(params.number("limit").is_err(), "{bad}");
        }
        assert!(
            Params::read(Some("limit=1&limit=2"), &["limit"]).unwrap().number("limit").is_err()
        );
        assert!(Params::read(Some("limti=1"), &["limit"]).is_err());
    }
}
