//! Finds the places of quantities and puts each together from number, unit, words and subject.

use super::characters::{Characters, is_chinese};
use super::dimension::Dimension;
use super::figure::{self, Figure};
use super::interval::Interval;
use super::lead::{self, Leads};
use super::meaning;
use super::number::{self, Reading};
use super::subject::{self, Range};
use super::unit::Unit;
use super::{Quantity, Statement};

/// 常温 and 室温, in ℃.
const NORMAL_TEMPERATURE: [f64; 2] = [10.0, 30.0];
/// How far behind a number 下 and 时 make it a condition, in characters.
const CONDITION_CHARS_MAX: usize = 6;
/// Properties that a length may stand in front of: 10 mm 直径.
const LENGTHS: &[&str] =
    &["厚度", "宽度", "长度", "高度", "深度", "直径", "孔径", "粒径", "壁厚", "外径", "内径"];

/// Scales whose name stands in front of the value.
const SCALES_BEFORE: &[(&str, &str)] = &[
    ("HRC", "HRC"),
    ("HRA", "HRA"),
    ("HBW", "HB"),
    ("HB", "HB"),
    ("HV", "HV"),
    ("pH值", "pH"),
    ("pH", "pH"),
    ("PH值", "pH"),
];
/// Names of a measure that may touch the value: Ra0.8, φ32.
const NAMES_BEFORE: &[&str] = &["Ra", "Rz", "φ"];

/// All quantities of a text.
pub fn quantities(text: &str) -> Vec<Quantity> {
    let text = Characters::read(text);
    let mut found: Vec<Quantity> = Vec::new();
    let (mut at, mut floor) = (0, 0);
    while at < text.len() {
        let read = if number::begins(text.at(at)) {
            numeric(&text, at, floor)
        } else {
            normal_temperature(&text, at, floor)
        };
        at = match read {
            Ok((mut quantity, end)) => {
                let former = found.last();
                if let Some(former) = former.filter(|f| is_result_of(&text, f, &quantity, floor)) {
                    quantity.subject = former.subject;
                }
                found.push(quantity);
                floor = end;
                end
            }
            Err(end) => end.max(at + 1),
        };
    }
    found
}

/// 孔隙率由 4.1%降到 0.6%: whether `result` is what became of `former`, right in front of it.
fn is_result_of(text: &Characters, former: &Quantity, result: &Quantity, floor: usize) -> bool {
    former.statement == Statement::Unclear
        && former.dimension == result.dimension
        && matches!(result.statement, Statement::Reached(_))
        && result.subject.is_none()
        && text.original(text.past_spaces(floor)) == result.span.start
}

/// 常温 and 室温, which are numbers in words.
fn normal_temperature(
    text: &Characters,
    at: usize,
    floor: usize,
) -> Result<(Quantity, usize), usize> {
    let end = at + 2;
    let here = text.starts(at, "常温") || text.starts(at, "室温");
    // 室温控制 and 室温波动 are about the temperature of a room.
    let room = ["允许", "控制", "调节", "波动", "设定"].iter().any(|w| text.starts(end, w));
    if !here || room || text.before(at) == '非' {
        return Err(at + 1);
    }
    let leads = lead::before(text, at, floor);
    // 银膏常温操作寿命 8 h is not about the paste's temperature, 使用温度常温 is.
    let subject = subject::before(text, leads.subject_end, floor)
        .filter(|(_, end)| leads.subject_end < at || text.ends(*end, "温度"))
        .map(|(start, end)| text.span(start, end));
    let plain = leads.bound.is_none() && !leads.change && !leads.from && !leads.unclear;
    let statement = if plain { Statement::Absolute } else { Statement::Unclear };
    let [low, high] = NORMAL_TEMPERATURE;
    let quantity = Quantity {
        span: text.span(at, end),
        subject,
        interval: Interval::closed(low, high),
        dimension: Dimension::TEMPERATURE,
        statement,
    };
    Ok((quantity, end))
}

fn numeric(text: &Characters, at: usize, floor: usize) -> Result<(Quantity, usize), usize> {
    let first = match number::number(text, at) {
        Reading::Number(n) => n,
        Reading::Other(end) => return Err(end),
    };
    if is_name(text, at) {
        return Err(name_end(text, at));
    }
    let mut figure = figure::figure(text, at, first).ok_or(first.end)?;
    let each = figure::per_each(text, &mut figure);
    let mut leads = lead::before(text, figure.start, floor);
    leads.start = leads.start.max(floor);
    let end = lead::behind(text, figure.end, &mut leads);
    let scale = if figure.unit.is_none() { scale_before(text, &mut leads, floor) } else { None };
    leads.from |= lead::changes_to(text, end);
    // 每年用量 600 吨 is of the whole phrase, 一天 of nothing.
    let of_nothing =
        each == Some(false) || is_condition(text, end) || is_mere_time(&figure, &leads);
    let named = subject_of(text, &figure, &leads, end, floor);
    let subject = named.filter(|_| !of_nothing);
    let subject_name = named.map(|(s, e)| text.string(s, e)).unwrap_or_default();
    let unit = meaning::resolve(text, &figure, scale, &leads, &subject_name, end).ok_or(end)?;
    let relative = meaning::is_relative(text, &figure, &leads, unit, &subject_name, end);
    let (interval, statement) =
        meaning::meaning(text, &figure, &leads, unit, &subject_name, subject, relative);
    let start = leads.start.min(figure.start).max(floor);
    let quantity = Quantity {
        span: text.span(start, end),
        subject: subject.map(|(s, e)| text.span(s, e)),
        interval,
        dimension: unit.dimension,
        statement,
    };
    Ok((quantity, end))
}

/// Whether the digits at `at` are part of a name, a date, a proportion or an ordinal.
fn is_name(text: &Characters, at: usize) -> bool {
    let before = text.before(at);
    let before_that = text.before(at.saturating_sub(1));
    if before.is_ascii_alphabetic() {
        let scales =
            SCALES_BEFORE.iter().map(|(name, _)| *name).chain(NAMES_BEFORE.iter().copied());
        return !scales.into_iter().any(|name| {
            let start = at.saturating_sub(name.len());
            text.ends(at, name) && !text.before(start).is_ascii_alphanumeric()
        });
    }
    let glued = match before {
        '第' | '_' | '#' | '.' => true,
        ':' => before_that.is_ascii_digit(),
        '/' => before_that.is_ascii_alphanumeric() || matches!(before_that, '%' | 'Ω' | 'φ'),
        '-' => before_that.is_ascii_alphanumeric() || matches!(before_that, '%' | '-' | ')'),
        '—' => true,
        _ => false,
    };
    glued || is_standard(text, at)
}

/// Whether a standard's name stands in front: GB/T 4754.
fn is_standard(text: &Characters, at: usize) -> bool {
    let end = text.before_spaces(at);
    const BODIES: &[&str] = &[
        "GB", "GB/T", "GBT", "GJB", "ISO", "IEC", "IEEE", "JB/T", "HG/T", "YB/T", "ASTM", "EN",
        "DIN", "JIS", "SAE", "UL",
    ];
    end < at && BODIES.iter().any(|body| text.ends(end, body))
}

fn name_end(text: &Characters, at: usize) -> usize {
    let more = |c: char| c.is_ascii_alphanumeric() || c == '.';
    (at..text.len()).find(|idx| !more(text.at(*idx))).unwrap_or(text.len())
}

/// HRC 60, pH 6.8: the scale is named in front.
fn scale_before(text: &Characters, leads: &mut Leads, floor: usize) -> Option<Unit> {
    let end = leads.subject_end;
    let (name, scale) = SCALES_BEFORE.iter().find(|(name, _)| {
        let start = end.saturating_sub(name.chars().count());
        text.ends(end, name) && !text.before(start).is_ascii_alphanumeric()
    })?;
    let start = end - name.chars().count();
    // 硬度≥HRC58: the words stand in front of the scale.
    let front = lead::before(text, start, floor);
    leads.bound = leads.bound.or(front.bound);
    leads.reached = leads.reached.or(front.reached);
    leads.vague = leads.vague.or(front.vague);
    // 200≤HB<260 is two bounds in one.
    let two_sided = text.before(front.subject_end).is_ascii_digit();
    leads.unclear |= front.unclear || two_sided;
    leads.change |= front.change;
    (leads.start, leads.subject_end) = (front.start, front.subject_end);
    Some(Unit { factor: 1.0, dimension: Dimension::named(scale) })
}

/// 在 30% 负荷下, 电阻 2 kΩ 时: what is said elsewhere holds here.
fn is_condition(text: &Characters, end: usize) -> bool {
    let near = (end..end + CONDITION_CHARS_MAX).take_while(|at| is_chinese(text.at(*at)));
    near.into_iter().any(|at| match text.at(at) {
        '下' => !"降限游一调滑".contains(text.at(at + 1)),
        '时' => !"间延长效刻".contains(text.at(at + 1)) && !"小按实长".contains(text.before(at)),
        _ => false,
    })
}

/// 一天 and 半年 without a bound: when, not how much.
fn is_mere_time(figure: &Figure, leads: &Leads) -> bool {
    let unit = figure.unit.map(|u| u.unit.dimension);
    let time = matches!(unit, Some(Dimension::TIME | Dimension::MONTHS));
    figure.single && time && figure.low <= 1.0 && !figure.is_range() && leads.bound.is_none()
}

fn subject_of(
    text: &Characters,
    figure: &Figure,
    leads: &Leads,
    end: usize,
    floor: usize,
) -> Option<Range> {
    let front = subject::before(text, leads.subject_end, floor);
    if figure.unit.is_some_and(|u| u.counter && u.end == figure.end) {
        // 12 个通道 counts what follows, 循环 600 次 what went before.
        let counted = subject::after(text, end);
        return if text.before(figure.end) == '次' {
            front.or(counted)
        } else {
            counted.or(front)
        };
    }
    let dimension = figure.unit.map(|u| u.unit.dimension);
    let is_length = dimension.is_some_and(Dimension::is_length);
    // 3 mm 厚 is said of the thickness; 3 m 高压 is not of the height.
    let then = text.at(end + 1);
    let goes_on = is_chinese(then) && !"的以，、".contains(then);
    if is_length && "厚宽长高深".contains(text.at(end)) && !goes_on {
        return Some((end, end + 1));
    }
    // 12 m 厚度波动 is not of the thickness.
    let ends = !"波偏均不误差公回".contains(text.at(end + 2));
    if is_length && ends && LENGTHS.iter().any(|name| text.starts(end, name)) {
        return Some((end, end + 2));
    }
    front
        .or_else(|| (text.at(figure.start) == 'φ').then_some((figure.start, figure.start + 1)))
        .or_else(|| subject::after_of(text, end))
}
