//! Quantities: what a text says in numbers, and whether it meets what another text demands.
//!
//! Two readers of one thing. [`term`] makes a number with its unit one term of the index and
//! looks at nothing else. [`quantities`] understands: number, unit, comparator, what is measured.
//! The two share no table: the first needs lower-case spellings that never change (the index is
//! built from them), the second tells `MW` from `mW`.
//!
//! What is not understood is left out or marked [`Statement::Unclear`], never guessed.
//! Left out are money, dates, years, ordinals, standards, model numbers, chapters, proportions
//! (`1:3`), 几十 and 七八万, and what is only organisational (项, 人, 篇, 家).

mod characters;
mod compare;
mod dimension;
mod figure;
mod interval;
mod lead;
mod lead_words;
mod meaning;
mod number;
mod property;
mod scan;
mod subject;
pub(super) mod term;
mod unit;
mod unit_table;

pub use compare::{Verdict, compare};
pub use dimension::Dimension;
pub use interval::Interval;

use crate::model::Span;

/// 量: a statement in numbers about something.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// Where it stands, with comparator and unit, in characters of the original text.
    pub span: Span,
    /// The noun phrase that is measured, right before or right after it: 耐温, 孔径.
    pub subject: Option<Span>,
    /// The values it may have, in the base unit of its dimension (SI; ℃ for temperatures,
    /// degrees for angles, bits for data, 1 for a share of a whole). Of a change its size.
    pub interval: Interval,
    /// What it is a quantity of.
    pub dimension: Dimension,
    /// How it is meant.
    pub statement: Statement,
}

/// 表述: how a quantity is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Statement {
    /// A value, a range or a bound of the thing itself.
    Absolute,
    /// 约, 左右, 近, 多: the interval is as wide as that may mean (see [`quantities`]).
    Approximate,
    /// 达到, 可达, 最高, 降到: the best value reached; the interval is that value.
    Reached(Direction),
    /// A change, a multiple or a part of something else: 提高30%, 2倍, 原来的一半.
    Relative,
    /// Seen and not understood: 0.1 mm 级, one side of a size, contradicting words, 由 4% 降到.
    Unclear,
}

/// On which side a value reached is the best one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// It reaches up to here.
    Up,
    /// It goes down to here.
    Down,
}

/// The quantities of `text`, in order, not overlapping. Linear in its length.
///
/// 以上, 以下, 以内 and 至少 include the number, 大于, 超过, 低于 and 不到 do not. 约 and 左右 are 10 % to
/// either side (1 K at least), 近 up to 10 % below; 1300 多 is from 1300 to below 1400. 常温 and
/// 室温 are 10–30 ℃, as in the general notices of the Chinese Pharmacopoeia. ± without a value
/// before it is a range around 0. Temperatures that are measured as differences (温差, ±2 ℃)
/// have a dimension of their own.
///
/// ```
/// use duijie::text::{compare, quantities, Verdict};
/// let need = "膜的耐温不低于 200 摄氏度";
/// let paper = "所得材料耐温达250℃";
/// let (required, found) = (&quantities(need)[0], &quantities(paper)[0]);
/// assert_eq!(required.span.slice(need), "不低于 200 摄氏度");
/// assert_eq!(required.subject.unwrap().slice(need), "耐温");
/// assert_eq!(compare(required, need, found, paper), Verdict::Satisfied);
/// ```
pub fn quantities(text: &str) -> Vec<Quantity> {
    scan::quantities(text)
}
