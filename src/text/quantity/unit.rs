//! Units: symbols with prefixes, Chinese names, products and quotients of them.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::characters::{Characters, is_chinese, raised_digit};
use super::dimension::Dimension;
use super::unit_table::{BELOW_ONLY, COUNTERS, MISSPELT, NAMES, NOT_A_UNIT, PREFIXES, SYMBOLS};

/// Longest Chinese name of a unit and longest symbol, in characters.
const NAME_CHARS_MAX: usize = 8;
/// Most units in a product.
const FACTORS_MAX: usize = 4;

/// A unit as a multiple of the base unit of its dimension.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit {
    /// How many base units it is.
    pub factor: f64,
    /// What it is a unit of.
    pub dimension: Dimension,
}

/// A unit and what the letters alone do not tell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Written {
    /// The unit.
    pub unit: Unit,
    /// First character behind it.
    pub end: usize,
    /// 度: of heat, of an angle or of electricity, as the subject tells.
    pub degree: bool,
    /// Things counted (个, 次): a single Chinese numeral before it is rarely a count.
    pub counter: bool,
    /// Kelvin: its zero is not that of ℃.
    pub kelvin: bool,
}

static UNITS: LazyLock<HashMap<String, Unit>> = LazyLock::new(|| {
    let mut units = HashMap::new();
    for (symbol, factor, dimension, prefixes) in SYMBOLS {
        let dimension = Dimension::parse(dimension);
        units.insert((*symbol).to_owned(), Unit { factor: *factor, dimension });
        for (prefix, by) in PREFIXES.iter().filter(|(prefix, _)| prefixes.contains(*prefix)) {
            units.insert(format!("{prefix}{symbol}"), Unit { factor: by * factor, dimension });
        }
    }
    for (spelling, symbol) in MISSPELT {
        if let Some(unit) = units.get(*symbol).copied() {
            units.insert((*spelling).to_owned(), unit);
        }
    }
    for (name, factor, dimension) in NAMES {
        let unit = Unit { factor: *factor, dimension: Dimension::parse(dimension) };
        units.insert((*name).to_owned(), unit);
    }
    // Single letters that are names of other things more often: 5G, 2C, 8T, 3P, 5S.
    for letter in ["B", "C", "T", "P", "S", "F", "H"] {
        units.remove(letter);
    }
    units
});

/// Reads the unit at `at`: one, or a product or quotient of several. `None` if what stands
/// there is no unit as a whole: `mg/株` is not mg.
pub fn unit(text: &Characters, at: usize) -> Option<Written> {
    let (name, first) = atom(text, at, false)?;
    let (mut unit, mut end) = first;
    let mut alone = true;
    let mut below = false;
    for _ in 0..FACTORS_MAX {
        let next = text.at(end);
        let each = next == '每' && atom(text, end + 1, true).is_some();
        if (next == '/' && !text.at(end + 1).is_ascii_digit()) || each {
            let open = text.at(end + 1) == '(';
            let (by, behind) =
                if open { product(text, end + 2)? } else { atom(text, end + 1, true)?.1 };
            unit = times(unit, by, -1)?;
            (end, alone, below) = (behind, false, true);
            continue;
        }
        let dot = matches!(next, '·' | '.' | '*') && text.at(end + 1).is_alphabetic();
        let Some((_, (by, behind))) = dot.then(|| atom(text, end + 1, below)).flatten() else {
            // What goes on behind a dot in the middle is a unit that is not known.
            if next == '·' {
                return None;
            }
            break;
        };
        // ppm·m is no length.
        if [unit.dimension, by.dimension].contains(&Dimension::RATIO) {
            return None;
        }
        // W/m·K is written for W/(m·K).
        unit = times(unit, by, if below { -1 } else { 1 })?;
        (end, alone) = (behind, false);
    }
    if alone && name == "度" {
        return Some(written(unit, end, &name).with_degree());
    }
    Some(if alone { written(unit, end, &name) } else { written(unit, end, "") })
}

/// Reads one unit at `at`, as it may stand below a stroke or behind 每: 月, 分.
pub fn below(text: &Characters, at: usize) -> Option<Written> {
    let (name, (unit, end)) = atom(text, at, true)?;
    Some(written(unit, end, &name))
}

fn written(unit: Unit, end: usize, name: &str) -> Written {
    Written {
        unit,
        end,
        degree: false,
        counter: COUNTERS.contains(&name),
        kelvin: name == "K" || name == "mK",
    }
}

impl Written {
    fn with_degree(self) -> Self {
        Self { degree: true, ..self }
    }
}

/// m·K) behind an open bracket.
fn product(text: &Characters, at: usize) -> Option<(Unit, usize)> {
    let (mut unit, mut end) = atom(text, at, true)?.1;
    for _ in 0..FACTORS_MAX {
        match text.at(end) {
            ')' => return Some((unit, end + 1)),
            '·' | '.' | '*' | ' ' => {
                let (by, behind) = atom(text, end + 1, true)?.1;
                unit = times(unit, by, 1)?;
                end = behind;
            }
            _ => return None,
        }
    }
    None
}

fn times(left: Unit, right: Unit, power: i8) -> Option<Unit> {
    Some(Unit {
        factor: if power < 0 { left.factor / right.factor } else { left.factor * right.factor },
        dimension: left.dimension.times(right.dimension, power)?,
    })
}

/// One unit with its power, and its name.
fn atom(text: &Characters, at: usize, below: bool) -> Option<(String, (Unit, usize))> {
    let (name, unit, end) =
        if is_chinese(text.at(at)) { chinese(text, at, below)? } else { symbol(text, at, below)? };
    let other = NOT_A_UNIT
        .iter()
        .any(|(n, behind)| *n == name && text.at(end) != '\0' && behind.contains(text.at(end)));
    if other && !(name == "升" && is_range_of_litres(text, end)) {
        return None;
    }
    let (power, end) = power(text, end, unit.dimension);
    let mut raised = unit;
    for _ in 1..power.unsigned_abs() {
        raised = times(raised, unit, 1)?;
    }
    if power < 0 {
        raised = times(Unit { factor: 1.0, dimension: Dimension::RATIO }, raised, -1)?;
    }
    Some((name, (raised, end)))
}

/// 5升至50升 is a range; 5升至50 a rise.
fn is_range_of_litres(text: &Characters, at: usize) -> bool {
    let digits = |c: char| c.is_ascii_digit() || c == '.';
    let end = (at + 1..at + 1 + NAME_CHARS_MAX).find(|idx| !digits(text.at(*idx)));
    matches!(text.at(at), '至' | '到')
        && end.is_some_and(|end| end > at + 1 && text.at(end) == '升')
}

fn chinese(text: &Characters, at: usize, below: bool) -> Option<(String, Unit, usize)> {
    let mut names = (1..=4).rev().filter(|len| at + len <= text.len());
    let longest = names.find_map(|len| {
        let name = text.string(at, at + len);
        UNITS.get(&name).map(|unit| (name, *unit, at + len))
    });
    let shorter = || {
        let (name, factor, dimension) =
            BELOW_ONLY.iter().find(|(name, ..)| below && text.starts(at, name))?;
        let unit = Unit { factor: *factor, dimension: Dimension::parse(dimension) };
        Some(((*name).to_owned(), unit, at + 1))
    };
    longest.or_else(shorter)
}

fn symbol(text: &Characters, at: usize, below: bool) -> Option<(String, Unit, usize)> {
    let letter = |c: char| c.is_ascii_alphabetic() || "μΩ°%‰Å′″".contains(c);
    let mut end = at;
    while letter(text.at(end)) && end - at <= NAME_CHARS_MAX {
        end += 1;
    }
    for more in ["(A)", "(a)", ".S"] {
        let longer = text.string(at, end + more.chars().count());
        if text.starts(end, more) && UNITS.contains_key(&longer) {
            return UNITS.get(&longer).map(|unit| (longer, *unit, end + more.chars().count()));
        }
    }
    let name = text.string(at, end);
    if below && name == "mK" && text.before(at) == '/' {
        // W/mK is written for W/(m·K).
        return Some((
            String::new(),
            Unit { factor: 1.0, dimension: Dimension::parse("m K") },
            end,
        ));
    }
    if below && let Some((name, factor, dimension)) = BELOW_ONLY.iter().find(|(n, ..)| *n == name) {
        let unit = Unit { factor: *factor, dimension: Dimension::parse(dimension) };
        return Some(((*name).to_owned(), unit, end));
    }
    if let Some(unit) = UNITS.get(&name) {
        return Some((name, *unit, end));
    }
    // 10%NaCl
    let sign = text.at(at);
    let unit = matches!(sign, '%' | '‰').then(|| UNITS.get(&sign.to_string())).flatten()?;
    Some((sign.to_string(), *unit, at + 1))
}

/// The power behind a unit: ², ⁻¹, ^-2, `m2`, `cm-2`.
fn power(text: &Characters, at: usize, dimension: Dimension) -> (i8, usize) {
    let negative = text.at(at) == '⁻';
    if let Some(d) = raised_digit(text.at(at + usize::from(negative))) {
        let power = d.min(9) as i8;
        return if negative { (-power, at + 2) } else { (power, at + 1) };
    }
    let caret = usize::from(text.at(at) == '^');
    let minus = usize::from(text.at(at + caret) == '-');
    let digit_at = at + caret + minus;
    let digit = text.at(digit_at).to_digit(10).filter(|d| (1..=3).contains(d));
    let Some(digit) = digit else { return (1, at) };
    let next = text.at(digit_at + 1);
    let goes_on = next.is_alphanumeric() || matches!(next, '.' | '%' | '-' | '~' | ' ' | '°');
    let plain = caret == 0 && minus == 0;
    let stands = match (plain, minus == 1 && caret == 0) {
        (true, _) => dimension.is_length() && digit > 1 && !next.is_ascii_alphanumeric(),
        (false, true) => !goes_on,
        (false, false) => true,
    };
    if !stands {
        return (1, at);
    }
    let power = digit as i8;
    (if minus == 1 { -power } else { power }, digit_at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(left: &str, right: &str, times: f64) {
        let read = |name: &str| {
            let text = Characters::read(name);
            let unit = unit(&text, 0).unwrap_or_else(|| panic!("{name} is a unit"));
            assert_eq!(unit.end, text.len(), "{name}");
            unit.unit
        };
        let (left_unit, right_unit) = (read(left), read(right));
        assert_eq!(left_unit.dimension, right_unit.dimension, "{left} {right}");
        let ratio = left_unit.factor / right_unit.factor;
        assert!((ratio / times - 1.0).abs() < 1e-9, "1 {left} is {ratio} {right}");
    }

    #[test]
    fn one_unit_in_many_spellings() {
        for (left, right, times) in [
            ("mm", "μm", 1000.0),
            ("㎜", "毫米", 1.0),
            ("㎡", "m²", 1.0),
            ("m2", "cm2", 1e4),
            ("t/h", "吨/小时", 1.0),
            ("吨每天", "t/d", 1.0),
            ("kg/h", "吨/小时", 1e-3),
            ("W/(m·K)", "W/mK", 1.0),
            ("W/m·K", "W·m⁻¹·K⁻¹", 1.0),
            ("mW/(cm·K)", "W/(m·℃)", 0.1),
            ("kW·h", "度电", 1.0),
            ("kWh", "MJ", 3.6),
            ("N·m", "J", 1.0),
            ("mAh/g", "Ah/kg", 1.0),
            ("r/min", "rpm", 1.0),
            ("转/分", "rpm", 1.0),
            ("m3/h", "立方米/小时", 1.0),
            ("mg/L", "g/m³", 1.0),
            ("kΩ", "欧姆", 1000.0),
            ("Mpa", "兆帕", 1.0),
            ("N/mm2", "MPa", 1.0),
            ("GB", "MB", 1000.0),
            ("Gbps", "Mbit/s", 1000.0),
            ("MW", "mW", 1e9),
            ("次/分", "次/min", 1.0),
            ("mPa·s", "cP", 1.0),
            ("mg/kg", "ppm", 1.0),
        ] {
            same(left, right, times);
        }
    }

    #[test]
    fn letters_that_are_no_unit() {
        for name in ["mw/株", "G", "C", "万", "元", "次方", "年代", "A级", "D打印", "Qbv"]
        {
            assert_eq!(unit(&Characters::read(name), 0), None, "{name}");
        }
    }
}
