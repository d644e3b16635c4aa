//! What is required against what is found: interval arithmetic on one property, else nothing.

use super::dimension::Dimension;
use super::interval::Interval;
use super::property::{self, Shared};
use super::{Direction, Quantity, Statement};

/// A month has so many days at least and at most.
const MONTH_DAYS: [f64; 2] = [28.0, 31.0];
const DAY_SECONDS: f64 = 86_400.0;

/// 判定: whether evidence meets a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// All that the evidence may mean meets the requirement.
    Satisfied,
    /// Nothing that it may mean meets it.
    Violated,
    /// Anything else: another property, another dimension, a change instead of a state, an
    /// interval that overlaps, a phrase that was not understood.
    Unknown,
}

use Verdict::{Satisfied, Unknown, Violated};

/// Holds the evidence `found` against what is `required`; each with the text it was read from
/// (the one given to [`quantities`](super::quantities)).
///
/// - Both must name the same property, in the same words or in words of the table of synonyms,
///   and be of one dimension.
/// - Changes (提高30%) are compared with nothing: the text does not say from where.
/// - A bare value as requirement (厚度 3 mm) is met by that value; nobody said in which
///   direction another one would be wrong.
/// - 达到 X as requirement means at least X, or at most where less is better (误差). As evidence
///   it is the best value reached: 可达 1200 ℃ meets ≥1000 ℃, and says nothing about ≤1000 ℃.
/// - Where a value says how far something may be used (工作温度, 量程), evidence that goes
///   farther meets the requirement, and a range must enclose the one required.
/// - Months and seconds are compared where 28 and 31 days a month give the same verdict.
pub fn compare(
    required: &Quantity,
    required_text: &str,
    found: &Quantity,
    found_text: &str,
) -> Verdict {
    let silent = |q: &Quantity| matches!(q.statement, Statement::Relative | Statement::Unclear);
    let (Some(left), Some(right)) = (required.subject, found.subject) else { return Unknown };
    if silent(required) || silent(found) {
        return Unknown;
    }
    let Some(shared) = property::shared(&left.slice(required_text), &right.slice(found_text))
    else {
        return Unknown;
    };
    let by_month = |days: f64| {
        let seconds = |q: &Quantity| match q.dimension {
            Dimension::MONTHS => q.interval.scaled(days * DAY_SECONDS),
            _ => q.interval,
        };
        held(required, seconds(required), found, seconds(found), shared)
    };
    match (required.dimension, found.dimension) {
        (left, right) if left == right => {
            held(required, required.interval, found, found.interval, shared)
        }
        (Dimension::MONTHS, Dimension::TIME) | (Dimension::TIME, Dimension::MONTHS) => {
            let [short, long] = MONTH_DAYS.map(by_month);
            if short == long { short } else { Unknown }
        }
        _ => Unknown,
    }
}

fn held(
    required: &Quantity,
    wanted: Interval,
    found: &Quantity,
    given: Interval,
    shared: Shared,
) -> Verdict {
    let wanted = match required.statement {
        Statement::Reached(Direction::Up) if !shared.less_is_better => {
            Interval::at_least(wanted.low)
        }
        Statement::Reached(_) => Interval::at_most(wanted.high),
        _ => wanted,
    };
    let about_one_value = required.statement == Statement::Approximate
        && wanted.low.is_finite()
        && wanted.high.is_finite();
    if wanted.is_point() || about_one_value {
        return if wanted.encloses(given) { Satisfied } else { Unknown };
    }
    if let Statement::Reached(direction) = found.statement {
        return reached(wanted, given.low, direction, shared);
    }
    if shared.reach {
        return as_far_as(wanted, given);
    }
    if wanted.encloses(given) {
        Satisfied
    } else if wanted.is_apart_from(given) {
        Violated
    } else {
        Unknown
    }
}

/// The best value reached is `value`; others are reached too, on the side where it is best.
fn reached(wanted: Interval, value: f64, direction: Direction, shared: Shared) -> Verdict {
    let given = Interval::point(value);
    let two_sided = wanted.low.is_finite() && wanted.high.is_finite();
    if wanted.encloses(given) {
        return if two_sided && shared.reach { Unknown } else { Satisfied };
    }
    // 最高 18,000 转 never is 20,000; 可达 18,000 does not say that 15,000 is impossible.
    let beyond = match direction {
        Direction::Up if shared.less_is_better => wanted.is_below(given),
        Direction::Up => given.is_below(wanted),
        Direction::Down => wanted.is_below(given),
    };
    if beyond { Violated } else { Unknown }
}

/// How far it may be used against how far it must.
fn as_far_as(wanted: Interval, given: Interval) -> Verdict {
    let two_sided = wanted.low.is_finite() && wanted.high.is_finite();
    let range = given.low.is_finite() && given.high.is_finite() && !given.is_point();
    if two_sided {
        return match (given.encloses(wanted), range && given.is_apart_from(wanted)) {
            (true, _) if range => Satisfied,
            (false, true) => Violated,
            _ => Unknown,
        };
    }
    if !wanted.low.is_finite() {
        // 工作温度 ≤80 ℃ may be what is demanded or what is allowed.
        return if wanted.encloses(given) && !given.is_point() { Satisfied } else { Unknown };
    }
    let top = if given.high.is_finite() { given.high } else { given.low };
    let top_open = if given.high.is_finite() { given.high_open } else { given.low_open };
    if wanted.encloses(Interval::point(top)) && !(top_open && top <= wanted.low) {
        return Satisfied;
    }
    // One value below may be where it was tried, a bound from below may go on.
    let limit = given.high.is_finite() && !given.is_point();
    if limit && given.is_below(wanted) { Violated } else { Unknown }
}
