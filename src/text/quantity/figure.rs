//! Numbers with sign and unit, alone or as the two ends of a range: -20~65 ℃, 20±0.2 mm.

use super::characters::{Characters, is_chinese};
use super::dimension::Dimension;
use super::number::{self, Number, Reading};
use super::unit::{self, Unit, Written};

/// What may be so much for each of something further away.
const AMOUNTS: &[&str] = &["kg", "m3", "kg m2 s-2", "mol", "bit"];
/// How far in front of a number 每 is looked for, in characters.
const EACH_CHARS_MAX: usize = 9;
/// Most dashes of one range: 10%---14%.
const DASHES_MAX: usize = 4;

/// A number with sign, or two of them, before the words around are looked at.
pub struct Figure {
    /// First character, with sign.
    pub start: usize,
    /// First character behind the unit.
    pub end: usize,
    /// Lower end, in the unit written.
    pub low: f64,
    /// Upper end, in the unit written.
    pub high: f64,
    /// 多, 余: the value of the last place that is not 0.
    pub more_by: Option<f64>,
    /// ± without a value before it.
    pub around_zero: bool,
    /// 零下.
    pub below_zero: bool,
    /// One Chinese numeral.
    pub single: bool,
    /// Already a share of a whole: 三成.
    pub share: bool,
    /// Its unit.
    pub unit: Option<Written>,
    /// Something about it was not understood.
    pub unclear: bool,
}

impl Figure {
    /// Whether it has two ends.
    pub fn is_range(&self) -> bool {
        self.low != self.high
    }
}

/// Reads sign, number or range, and unit. `None` if it is no quantity as a whole.
pub fn figure(text: &Characters, at: usize, first: Number) -> Option<Figure> {
    let mut start = at;
    let (mut sign, mut around_zero, mut below_zero, mut unclear) = (1.0, false, false, false);
    if text.before(start) == 'φ' {
        start -= 1;
    }
    match text.before(start) {
        '-' => {
            (sign, start) = (-1.0, start - 1);
            // 温度-20℃ is a sign; 厚度-5mm might be a dash.
            unclear = is_chinese(text.before(start)) && text.before(at) == '-';
        }
        '+' => start -= 1,
        '±' => (around_zero, start) = (true, start - 1),
        _ if text.ends(start, "零下") => (sign, below_zero, start) = (-1.0, true, start - 2),
        _ if text.ends(start, "负") => (sign, start) = (-1.0, start - 1),
        _ => {}
    }
    let mut end = first.end;
    let mut more_by = None;
    match text.at(end) {
        '多' | '余' | '来' => (more_by, end) = (Some(first.step), end + 1),
        '几' => return None,
        _ => {}
    }
    let value = sign * first.value;
    let mut figure = Figure {
        start,
        end,
        low: value,
        high: value,
        more_by,
        around_zero,
        below_zero,
        single: first.single,
        share: first.share,
        unit: None,
        unclear: false,
    };
    if around_zero {
        (figure.low, figure.high) = (-first.value, first.value);
    }
    if !read_tolerance(text, &mut figure) {
        read_unit(text, &mut figure);
        read_range(text, &mut figure, first, sign);
    }
    let temperature =
        figure.unit.is_some_and(|u| u.degree || u.unit.dimension == Dimension::TEMPERATURE);
    figure.unclear |= unclear && !temperature && (!figure.is_range() || figure.unclear);
    // ±5--±6 and kg?m are what is left of something.
    figure.unclear |= around_zero && text.before(start) == '-';
    figure.unclear |= text.at(figure.end) == '?' && text.at(figure.end + 1).is_ascii_alphabetic();
    figure.unclear |= is_one_of_several(text, &figure);
    Some(figure)
}

/// 20±0.2 ℃.
fn read_tolerance(text: &Characters, figure: &mut Figure) -> bool {
    let at = text.past_spaces(figure.end);
    if text.at(at) != '±' || figure.around_zero || !text.at(at + 1).is_ascii_digit() {
        return false;
    }
    let Reading::Number(by) = number::number(text, at + 1) else { return false };
    (figure.low, figure.high) = (figure.low - by.value, figure.high + by.value);
    figure.end = by.end;
    read_unit(text, figure);
    true
}

fn read_unit(text: &Characters, figure: &mut Figure) {
    let bracket = text.at(figure.end) == ')' && text.before(figure.start) == '(';
    let at = if bracket { figure.end + 1 } else { text.past_spaces(figure.end) };
    let Some(written) = unit::unit(text, at) else { return };
    // 4K is a name; so many kelvins stand apart from their number. 5 N is a force, 5N a purity.
    if written.kelvin && at == figure.end {
        return;
    }
    if at > figure.end && text.string(at, written.end) == "个" && text.at(figure.end) == '\n' {
        return;
    }
    figure.start -= usize::from(bracket);
    figure.end = written.end;
    figure.unit = Some(written);
    if matches!(text.at(figure.end), '多' | '余')
        && !"通路孔晶种次功层".contains(text.at(figure.end + 1))
    {
        figure.unclear = true;
        figure.end += 1;
    }
}

/// 3-5 mm, 3%~5%, -40℃至85℃, 20~30亿.
fn read_range(text: &Characters, figure: &mut Figure, first: Number, sign: f64) {
    if figure.around_zero || figure.more_by.is_some() {
        return;
    }
    let Some((mut at, dashes)) = separator(text, figure.end) else { return };
    let mut other_sign = 1.0;
    if text.at(at) == 'φ' {
        at += 1;
    }
    if text.starts(at, "零下") {
        (other_sign, at) = (-1.0, at + 2);
    } else if matches!(text.at(at), '-' | '+') && !dashes {
        other_sign = if text.at(at) == '-' { -1.0 } else { 1.0 };
        at += 1;
    }
    if !number::begins(text.at(at)) {
        return;
    }
    let Reading::Number(second) = number::number(text, at) else {
        figure.unclear = true;
        return;
    };
    let mut other = Figure {
        start: figure.start,
        end: second.end,
        unit: None,
        more_by: None,
        unclear: false,
        share: second.share,
        ..*figure
    };
    read_unit(text, &mut other);
    let joined = match (figure.unit, other.unit) {
        (Some(left), Some(right)) => left.unit.dimension == right.unit.dimension,
        (None, Some(_)) => !figure.share,
        (Some(_), None) => false,
        (None, None) => figure.share == other.share,
    };
    if !joined {
        return;
    }
    let unit = other.unit.or(figure.unit);
    let mut low = sign * first.value;
    // 3-5 万: the 万 belongs to both.
    let written = second.value / second.multiplier;
    if figure.unit.is_none() && first.multiplier == 1.0 && first.value < written {
        low *= second.multiplier;
    }
    if let (Some(left), Some(right)) = (figure.unit, unit) {
        low *= left.unit.factor / right.unit.factor;
    }
    let high = other_sign * second.value;
    *figure =
        Figure { low, high, unit, end: other.end, single: false, start: other.start, ..other };
    if low >= high {
        figure.unclear = true;
        (figure.low, figure.high) = (low.min(high), low.max(high));
    }
}

/// The end of what joins the two ends of a range, and whether it was dashes.
fn separator(text: &Characters, at: usize) -> Option<(usize, bool)> {
    let at = text.past_spaces(at);
    if matches!(text.at(at), '至' | '到') {
        return Some((text.past_spaces(at + 1), false));
    }
    if text.at(at) == '~' {
        let more = usize::from(text.at(at + 1) == '~');
        return Some((text.past_spaces(at + 1 + more), false));
    }
    let dashes = (at..at + DASHES_MAX).take_while(|idx| matches!(text.at(*idx), '-' | '—')).count();
    (dashes > 0).then(|| (text.past_spaces(at + dashes), true))
}

/// One side of a size (300 mm×200 mm) or one of two (10 kV/750 V).
fn is_one_of_several(text: &Characters, figure: &Figure) -> bool {
    let behind = text.past_spaces(figure.end);
    let next = text.at(text.past_spaces(behind + 1));
    let crossed = matches!(text.at(behind), '×' | 'x' | '*') && next.is_ascii_digit();
    let before = text.before(text.before_spaces(figure.start));
    let other = text.at(behind) == '/' && (next.is_ascii_digit() || next == '-');
    crossed || other || matches!(before, '×' | '*' | '/')
}

/// 每分钟 25 件, 每年用量 600 吨: puts the 每分钟 below the unit. Whether it did, and whether
/// it stands right in front, so that it belongs to the figure.
pub fn per_each(text: &Characters, figure: &mut Figure) -> Option<bool> {
    let end = text.before_spaces(figure.start);
    let each = (end.saturating_sub(EACH_CHARS_MAX)..end)
        .rev()
        .find(|idx| !is_chinese(text.at(*idx)) || text.at(*idx) == '每')
        .filter(|idx| text.at(*idx) == '每')?;
    let (below, above) = (unit::below(text, each + 1)?, figure.unit?);
    let touches = below.end == end;
    // 每毫升液中大于 10 μm 的微粒: only amounts are so much for each of something.
    let amount =
        above.counter || AMOUNTS.iter().any(|d| Dimension::parse(d) == above.unit.dimension);
    if below.end > end || (!touches && (below.counter || !amount)) {
        return None;
    }
    let Some(dimension) = above.unit.dimension.times(below.unit.dimension, -1) else {
        figure.unclear = true;
        return None;
    };
    let unit = Unit { factor: above.unit.factor / below.unit.factor, dimension };
    figure.unit = Some(Written { unit, counter: false, degree: false, kelvin: false, ..above });
    if touches {
        figure.start = each;
    }
    Some(touches)
}
