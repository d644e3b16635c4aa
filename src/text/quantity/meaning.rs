//! What a figure means with the words around it: of which dimension, which values, how said.

use super::characters::{Characters, is_chinese};
use super::dimension::Dimension;
use super::figure::Figure;
use super::interval::Interval;
use super::lead::{self, Leads, Role};
use super::property;
use super::subject::{self, Range};
use super::unit::Unit;
use super::{Direction, Statement};

/// How wide 约 and 近 are, as a part of the value.
const ABOUT: f64 = 0.1;
/// How wide 约 is at least for a temperature, in K.
const ABOUT_KELVIN: f64 = 1.0;
/// 0 ℃ in K.
const CELSIUS_ZERO: f64 = 273.15;
/// Adjectives that compare: 比钢轻 30%.
const COMPARED_BY: &str = "高低多少快慢轻大小强长短宽";
/// Steels that are called by a number and a letter: 304N, 316L.
const STEELS: &[f64] =
    &[201.0, 202.0, 301.0, 303.0, 304.0, 309.0, 310.0, 316.0, 317.0, 321.0, 347.0, 410.0, 430.0];

/// The unit as the subject makes it clear; `None` if this is no quantity.
pub fn resolve(
    text: &Characters,
    figure: &Figure,
    scale: Option<Unit>,
    leads: &Leads,
    subject: &str,
    end: usize,
) -> Option<Unit> {
    if figure.share {
        return figure.unit.is_none().then_some(Unit { factor: 1.0, dimension: Dimension::RATIO });
    }
    let Some(written) = figure.unit else {
        if scale.is_some() {
            return scale;
        }
        let next = text.at(end);
        let stands = (!is_chinese(next) || lead::changes_to(text, end))
            && !next.is_ascii_alphabetic()
            && !"/:×*-~—".contains(next);
        let rate = subject.ends_with('率');
        let told = property::is_unitless(subject) || (leads.bound.is_some() && !subject.is_empty());
        return (told && stands && !leads.change && figure.more_by.is_none()).then_some(Unit {
            factor: 1.0,
            dimension: if rate { Dimension::RATIO } else { Dimension::NUMBER },
        });
    };
    let steel = text.ends(written.end, "N") || text.ends(written.end, "L");
    if steel && STEELS.contains(&figure.low) && text.before(written.end - 1).is_ascii_digit() {
        return None;
    }
    // 一次, 两个, 一套 are words more often than counts.
    let said_as_count = leads.bound.is_some() || figure.is_range();
    let turn = written.unit.dimension == Dimension::parse("turn");
    if figure.single && (written.counter || turn) && !said_as_count {
        return None;
    }
    if is_date(text, figure) {
        return None;
    }
    if written.unit.dimension == Dimension::TIME.times(Dimension::RATIO, 1)?
        && text.ends(written.end, "周")
        && "循环".chars().all(|c| near_before(text, figure.start).contains(c))
    {
        return Some(Unit { factor: 1.0, dimension: Dimension::parse("循环") });
    }
    if written.degree {
        return if figure.below_zero || property::is_thermal(subject) {
            Some(Unit { factor: 1.0, dimension: thermal(figure, leads, subject) })
        } else {
            property::is_angular(subject)
                .then_some(Unit { factor: 1.0, dimension: Dimension::ANGLE })
        };
    }
    if written.unit.dimension == Dimension::TEMPERATURE {
        return Some(Unit {
            factor: written.unit.factor,
            dimension: thermal(figure, leads, subject),
        });
    }
    Some(written.unit)
}

fn thermal(figure: &Figure, leads: &Leads, subject: &str) -> Dimension {
    if figure.around_zero || leads.change || property::is_difference(subject) {
        Dimension::TEMPERATURE_DIFFERENCE
    } else {
        Dimension::TEMPERATURE
    }
}

/// The sixteen characters in front of a place.
fn near_before(text: &Characters, at: usize) -> String {
    text.string(at.saturating_sub(16), at)
}

/// 2019年, 19年1月.
fn is_date(text: &Characters, figure: &Figure) -> bool {
    let year = text.before(figure.end) == '年' && figure.unit.is_some_and(|u| u.end == figure.end);
    let named = |value: f64| (1900.0..=2100.0).contains(&value) && value.fract() == 0.0;
    let month = text.at(figure.end).is_ascii_digit();
    year && (named(figure.low) || named(figure.high) || month)
}

/// Whether the number tells a change or a part of something else.
pub fn is_relative(
    text: &Characters,
    figure: &Figure,
    leads: &Leads,
    unit: Unit,
    subject: &str,
    end: usize,
) -> bool {
    let points = unit.dimension == Dimension::parse("百分点");
    if leads.change || points || unit.dimension == Dimension::MULTIPLE {
        return true;
    }
    let change = ["降幅", "增幅", "涨幅", "升幅"].iter().any(|word| subject.ends_with(word));
    if change || compares(text, leads.subject_end) {
        return true;
    }
    if unit.dimension != Dimension::RATIO {
        return false;
    }
    let later = ["的降幅", "的增幅", "的提升", "的提高", "的下降", "的降低"];
    (text.before(leads.subject_end) == '的' && !text.ends(leads.subject_end, "有的"))
        || later.iter().any(|word| text.starts(end, word))
        || (figure.share && subject.is_empty() && leads.bound.is_none())
        || subject.chars().next_back().is_some_and(|c| COMPARED_BY.contains(c))
        || (leads.subject_end == figure.start && subject::is_changing(text, leads.subject_end))
}

/// 比 … 高, 低于 … : the phrase in front is what it is compared with.
fn compares(text: &Characters, end: usize) -> bool {
    let from = end.saturating_sub(14);
    let border =
        (from..end).rev().find(|idx| !is_chinese(text.at(*idx)) || subject::is_border(text, *idx));
    border.is_some_and(|at| {
        end > at + 1
            && match text.at(at) {
                '比' | '较' => COMPARED_BY.contains(text.before(end)),
                '于' => "高低优大小多少".contains(text.before(at)),
                _ => false,
            }
    })
}

/// The values, and how they are meant.
pub fn meaning(
    text: &Characters,
    figure: &Figure,
    leads: &Leads,
    unit: Unit,
    subject: &str,
    subject_at: Option<Range>,
    relative: bool,
) -> (Interval, Statement) {
    let kelvin = figure.unit.is_some_and(|u| u.kelvin) && unit.dimension == Dimension::TEMPERATURE;
    let base = |value: f64| value * unit.factor - if kelvin { CELSIUS_ZERO } else { 0.0 };
    let (low, high) = (base(figure.low), base(figure.high));
    let plain = Interval::closed(low, high);
    let mut unclear = figure.unclear || leads.unclear || (leads.from && !relative);
    let mut bound = leads.bound;
    if bound == Some(Role::Better) {
        let ratio = unit.dimension == Dimension::RATIO;
        bound = match (property::less_is_better(subject, ratio), property::more_is_better(subject))
        {
            (true, _) => Some(Role::AtMost { strict: false }),
            (_, true) => Some(Role::AtLeast { strict: false }),
            _ => None,
        };
        unclear |= bound.is_none();
    }
    let vague = leads.vague.is_some() || figure.more_by.is_some();
    // ±15 mm 以内 is ±15 mm and 在 2~8 V 内 the range; 3-5 mm 以上 is nothing, 3-5 天内 a date.
    let time = matches!(unit.dimension, Dimension::TIME | Dimension::MONTHS);
    // 近三年 are the last ones, not almost three.
    unclear |= time && leads.vague == Some(Role::Near);
    let inside = figure.around_zero || (figure.is_range() && leads.inside && !time);
    let within = inside && matches!(bound, Some(Role::AtMost { .. }));
    unclear |= bound.is_some() && (figure.is_range() && !within || leads.vague.is_some());
    let interval = match bound {
        Some(_) if within => plain,
        Some(Role::AtLeast { strict }) => Interval { low_open: strict, ..Interval::at_least(low) },
        Some(Role::AtMost { strict }) => {
            unclear |= figure.more_by.is_some();
            Interval { high_open: strict, ..Interval::at_most(high) }
        }
        _ if vague => vaguely(figure, leads, unit, plain),
        _ => plain,
    };
    let statement = if unclear {
        Statement::Unclear
    } else if relative {
        Statement::Relative
    } else if bound.is_some() || within {
        Statement::Absolute
    } else if vague {
        Statement::Approximate
    } else if figure.is_range() {
        Statement::Absolute
    } else {
        reached(text, leads, subject_at).map_or(Statement::Absolute, Statement::Reached)
    };
    (interval, statement)
}

fn vaguely(figure: &Figure, leads: &Leads, unit: Unit, plain: Interval) -> Interval {
    if let Some(step) = figure.more_by {
        let more = step * unit.factor.abs();
        return Interval { high: plain.high + more, high_open: true, ..plain };
    }
    let least = if unit.dimension == Dimension::TEMPERATURE { ABOUT_KELVIN } else { 0.0 };
    let by = |value: f64| (value.abs() * ABOUT).max(least);
    let whole = unit.dimension == Dimension::RATIO && plain.high <= 1.0;
    let most = if whole { 1.0 } else { f64::INFINITY };
    match leads.vague {
        Some(Role::Near) => Interval { low: plain.low - by(plain.low), ..plain },
        _ => Interval::closed(plain.low - by(plain.low), (plain.high + by(plain.high)).min(most)),
    }
}

/// 达到 in front of the number, or 最高 in front of the subject.
fn reached(text: &Characters, leads: &Leads, subject: Option<Range>) -> Option<Direction> {
    let front = |word: &str| subject.is_some_and(|(start, _)| text.ends(start, word));
    match leads.reached {
        Some(Role::Up) => Some(Direction::Up),
        Some(Role::Down) => Some(Direction::Down),
        _ if front("最高") || front("最大") => Some(Direction::Up),
        _ if front("最低") || front("最小") => Some(Direction::Down),
        _ => None,
    }
}
