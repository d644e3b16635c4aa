//! Numbers with units, as one term each.
//!
//! `≥200 ℃`, `200摄氏度` and `200°C` are the term `200°c`; `3%~5%` is `3%` and `5%`. What
//! the comparator demands is not looked at here.

/// Units as they may follow a number, normalised, longest first within a first letter;
/// with the form that is indexed. Chinese names of units become their symbols.
const UNITS: &[(&str, &str)] = &[
    ("摄氏度", "°c"),
    ("°c", "°c"),
    ("°", "°"),
    ("%", "%"),
    ("‰", "‰"),
    ("ppm", "ppm"),
    ("ppb", "ppb"),
    // length
    ("平方毫米", "mm2"),
    ("平方厘米", "cm2"),
    ("平方米", "m2"),
    ("平方公里", "km2"),
    ("立方厘米", "cm3"),
    ("立方米", "m3"),
    ("毫米", "mm"),
    ("微米", "μm"),
    ("纳米", "nm"),
    ("厘米", "cm"),
    ("千米", "km"),
    ("公里", "km"),
    ("米", "m"),
    ("mm2", "mm2"),
    ("mm", "mm"),
    ("μm", "μm"),
    ("um", "μm"),
    ("nm", "nm"),
    ("cm2", "cm2"),
    ("cm3", "cm3"),
    ("cm", "cm"),
    ("km", "km"),
    ("m2", "m2"),
    ("m3", "m3"),
    // mass
    ("毫克", "mg"),
    ("微克", "μg"),
    ("千克", "kg"),
    ("公斤", "kg"),
    ("万吨", "万吨"),
    ("吨", "t"),
    ("mg", "mg"),
    ("μg", "μg"),
    ("kg", "kg"),
    // time
    ("毫秒", "ms"),
    ("微秒", "μs"),
    ("分钟", "min"),
    ("小时", "h"),
    ("ms", "ms"),
    ("μs", "μs"),
    ("min", "min"),
    // electricity and power
    ("千伏", "kv"),
    ("毫伏", "mv"),
    ("伏", "v"),
    ("毫安", "ma"),
    ("兆瓦", "mw"),
    ("千瓦时", "kwh"),
    ("千瓦", "kw"),
    ("瓦", "w"),
    ("kwh", "kwh"),
    ("mwh", "mwh"),
    ("wh/kg", "wh/kg"),
    ("kv", "kv"),
    ("mv", "mv"),
    ("ma", "ma"),
    ("kw", "kw"),
    ("mw", "mw"),
    ("gw", "gw"),
    ("dbm", "dbm"),
    ("db", "db"),
    // frequency and data
    ("千赫", "khz"),
    ("兆赫", "mhz"),
    ("赫兹", "hz"),
    ("ghz", "ghz"),
    ("mhz", "mhz"),
    ("khz", "khz"),
    ("thz", "thz"),
    ("hz", "hz"),
    ("gbps", "gbps"),
    ("mbps", "mbps"),
    // pressure and force
    ("兆帕", "mpa"),
    ("千帕", "kpa"),
    ("mpa", "mpa"),
    ("gpa", "gpa"),
    ("kpa", "kpa"),
    ("pa", "pa"),
    ("kn", "kn"),
    ("n·m", "n·m"),
    ("nm·", "n·m"),
    // volume and others
    ("毫升", "ml"),
    ("升", "l"),
    ("ml", "ml"),
    ("rpm", "rpm"),
    ("r/min", "rpm"),
    ("转/分", "rpm"),
    ("万次", "万次"),
    ("°", "°"),
    ("v", "v"),
    ("w", "w"),
    ("m", "m"),
    ("t", "t"),
    ("h", "h"),
    ("s", "s"),
    ("k", "k"),
    ("g", "g"),
];

/// A number with its unit at the start of a run of characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quantity {
    /// Number of characters it takes.
    pub chars: usize,
    /// The form that is indexed, such as `12.5μm`.
    pub term: String,
}

/// Reads a number and its unit from the start of `chars` (normalised). `None` if there is
/// no number, or letters follow that are no unit (`4h-sic` is a formula, not four hours).
pub fn scan(chars: &[char]) -> Option<Quantity> {
    let digits = number_chars(chars);
    if digits == 0 {
        return None;
    }
    let number: String = chars[..digits].iter().filter(|c| **c != ',').collect();
    let mut unit_at = digits;
    while unit_at < chars.len() && chars[unit_at] == ' ' && unit_at - digits < 2 {
        unit_at += 1;
    }
    for (name, symbol) in UNITS {
        let len = name.chars().count();
        let found = chars.len() >= unit_at + len
            && name.chars().eq(chars[unit_at..unit_at + len].iter().copied());
        if found && ends_there(chars, unit_at + len, name) {
            // 5G and 4K are names; so many grams or kelvins stand apart from their number.
            if matches!(*name, "g" | "k") {
                let apart = unit_at > digits;
                return apart.then(|| Quantity {
                    chars: unit_at + len,
                    term: format!("{number} {symbol}"),
                });
            }
            return Some(Quantity { chars: unit_at + len, term: format!("{number}{symbol}") });
        }
    }
    // A bare number; letters glued to it make it part of a name.
    let glued = chars.get(digits).is_some_and(|c| c.is_alphabetic() && c.is_ascii());
    (!glued).then_some(Quantity { chars: digits, term: number })
}

/// Whether a unit's name may end in front of `at`: Latin letters must not run on, and a
/// hyphen would make it a name (`4h-sic`).
fn ends_there(chars: &[char], at: usize, name: &str) -> bool {
    let latin = name.ends_with(|c: char| c.is_ascii_alphanumeric());
    match chars.get(at) {
        Some(next) if latin => {
            let joined = *next == '-' && chars.get(at + 1).is_some_and(|c| c.is_ascii_alphabetic());
            !next.is_ascii_alphanumeric() && !joined
        }
        _ => true,
    }
}

/// How many characters a decimal number takes: digits, thousands commas, one point.
fn number_chars(chars: &[char]) -> usize {
    let is_digit = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
    let mut at = 0;
    let mut point = false;
    loop {
        match chars.get(at) {
            Some(c) if c.is_ascii_digit() => at += 1,
            Some('.') if !point && at > 0 && is_digit(at + 1) => {
                point = true;
                at += 1;
            }
            // A comma groups thousands only before exactly three digits.
            Some(',')
                if !point
                    && (1..4).contains(&at)
                    && (1..4).all(|k| is_digit(at + k))
                    && !is_digit(at + 4) =>
            {
                at += 1;
            }
            _ => return at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn term(text: &str) -> Option<(String, usize)> {
        let chars: Vec<char> = crate::text::normalize(text).as_str().chars().collect();
        scan(&chars).map(|q| (q.term, q.chars))
    }

    #[test]
    fn spellings_of_a_quantity_are_one_term() {
        for text in ["200 ℃", "200℃", "200°C", "200摄氏度", "２００℃"] {
            assert_eq!(term(text).unwrap().0, "200°c", "{text}");
        }
        assert_eq!(term("12.5 μm厚").unwrap(), ("12.5μm".into(), 7));
        assert_eq!(term("3%~5%").unwrap(), ("3%".into(), 2));
        assert_eq!(term("1,200 MPa").unwrap().0, "1200mpa");
        assert_eq!(term("99.95%").unwrap().0, "99.95%");
    }

    #[test]
    fn a_formula_is_no_quantity() {
        for text in ["4H-SiC", "3D打印", "2D", "8K5x", "5Gbit"] {
            assert_eq!(term(text), None, "{text}");
        }
        assert_eq!(term("5G"), None);
        assert_eq!(term("5 g原料").unwrap().0, "5 g");
    }
}
