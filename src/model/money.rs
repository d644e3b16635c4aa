//! Money, as an integer of its smallest unit.

use std::fmt;
use std::str::FromStr;

use super::text_field::Refusal;

/// 金额（分）: an amount of renminbi in fen, never negative.
///
/// Amounts in texts carry their unit, since 万元 taken for 元 is the error to
/// expect; a bare number is in yuan.
///
/// ```
/// use duijie::model::Fen;
/// assert_eq!("80万元".parse::<Fen>().unwrap(), Fen::new(80_000_000).unwrap());
/// assert_eq!("1.5 亿".parse::<Fen>().unwrap().to_string(), "1.5亿元");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fen(i64);

/// Largest amount accepted: ten thousand 亿元.
const FEN_MAX: i64 = 1_000_000_000_000 * 100;
const UNITS: [(&str, i64); 8] = [
    ("亿元", 10_000_000_000),
    ("亿", 10_000_000_000),
    ("万元", 1_000_000),
    ("万", 1_000_000),
    ("千元", 100_000),
    ("元", 100),
    ("角", 10),
    ("分", 1),
];

impl Fen {
    /// `fen` as an amount, or `None` if it is negative or beyond ten thousand 亿元.
    pub fn new(fen: i64) -> Option<Self> {
        (0..=FEN_MAX).contains(&fen).then_some(Self(fen))
    }

    /// The amount in fen.
    pub fn get(self) -> i64 {
        self.0
    }

    /// Reads a number that stands in a column of unit `unit_fen` (fen per unit), such as
    /// 1,000,000 under a header `预算（万元）`; a unit written in the cell itself wins.
    ///
    /// # Errors
    /// If there is no number, the unit is unknown, or the amount is no whole number of fen.
    pub fn parse_in(text: &str, unit_fen: i64) -> Result<Self, Refusal> {
        let refusal = || {
            Refusal::new(
                "budget",
                format!("“{text}”不是金额"),
                "如 80万元、1.5亿元、500000元；只写数字时单位为元",
            )
        };
        let compact: String = text
            .trim()
            .trim_start_matches(['¥', '￥'])
            .trim_start_matches("人民币")
            .chars()
            .filter(|c| !c.is_whitespace() && *c != ',' && *c != '，')
            .collect();
        let (number, unit) = UNITS
            .iter()
            .find_map(|(name, fen)| compact.strip_suffix(name).map(|n| (n, *fen)))
            .unwrap_or((&compact, unit_fen));
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(fraction) || fraction.len() > 10 {
            return Err(refusal());
        }
        let scale = 10_i128.pow(fraction.len() as u32);
        let digits: i128 = format!("{whole}{fraction}").parse().map_err(|_| refusal())?;
        let scaled = digits.checked_mul(unit.into()).ok_or_else(refusal)?;
        if scaled % scale != 0 {
            return Err(refusal());
        }
        i64::try_from(scaled / scale).ok().and_then(Self::new).ok_or_else(refusal)
    }
}

impl FromStr for Fen {
    type Err = Refusal;

    /// [`Fen::parse_in`] with yuan as the unit of a bare number.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        Self::parse_in(text, 100)
    }
}

impl fmt::Display for Fen {
    /// The largest of 亿元, 万元, 元 that the amount reaches, without loss.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit_fen, unit) = match self.0 {
            10_000_000_000.. => (10_000_000_000, "亿元"),
            1_000_000.. => (1_000_000, "万元"),
            _ => (100, "元"),
        };
        let (whole, rest) = (self.0 / unit_fen, self.0 % unit_fen);
        if rest == 0 {
            return write!(f, "{whole}{unit}");
        }
        let width = unit_fen.ilog10() as usize;
        let fraction = format!("{rest:0width$}");
        write!(f, "{whole}.{}{unit}", fraction.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_unit_in_the_cell_wins_over_the_column() {
        let in_wan = |t: &str| Fen::parse_in(t, 1_000_000).unwrap().get();
        assert_eq!(in_wan("80"), 80_000_000);
        assert_eq!(in_wan("80元"), 8_000);
        assert_eq!(in_wan("1,200.5"), 1_200_500_000);
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for given in ["", "面议", "-5万元", "5.001分", "1e9", "99999999999亿", "万元", "1.2.3"]
        {
            assert!(given.parse::<Fen>().is_err(), "{given}");
        }
    }

    proptest! {
        #[test]
        fn amounts_round_trip_through_their_text(fen in 0..FEN_MAX) {
            let amount = Fen::new(fen).unwrap();
            prop_assert_eq!(amount.to_string().parse::<Fen>().unwrap(), amount);
        }
    }
}
