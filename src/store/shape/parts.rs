//! The parts that several bodies have: `…_of` makes a part's shape, the others read one.

use std::fmt::Display;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Unreadable;
use crate::model::{Alias, Area, Fen, Industry, Maturity, Mode, Refusal};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AliasShape {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    valid_from: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    valid_until: Option<String>,
}

/// An area or an industry: a name, and its code where it is known.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CodedShape {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    name: String,
}

pub(super) fn text_of(value: Option<impl Display>) -> Option<String> {
    value.map(|value| value.to_string())
}

pub(super) fn texts_of(values: &[impl Display]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

pub(super) fn aliases_of(aliases: &[Alias]) -> Vec<AliasShape> {
    let shape = |alias: &Alias| AliasShape {
        name: alias.name.clone(),
        valid_from: text_of(alias.valid_from),
        valid_until: text_of(alias.valid_until),
    };
    aliases.iter().map(shape).collect()
}

pub(super) fn areas_of(areas: &[Area]) -> Vec<CodedShape> {
    areas
        .iter()
        .map(|area| CodedShape { code: area.code.clone(), name: area.name.clone() })
        .collect()
}

pub(super) fn industry_of(industry: Option<&Industry>) -> Option<CodedShape> {
    industry.map(|industry| CodedShape { code: industry.code.clone(), name: industry.name.clone() })
}

pub(super) fn modes_of(modes: &[Mode]) -> Vec<String> {
    modes.iter().map(|mode| mode.as_str().to_owned()).collect()
}

pub(super) fn parsed<T: FromStr>(text: Option<String>) -> Result<Option<T>, T::Err> {
    text.map(|text| text.parse()).transpose()
}

pub(super) fn all_parsed<T: FromStr>(texts: &[String]) -> Result<Vec<T>, T::Err> {
    texts.iter().map(|text| text.parse()).collect()
}

pub(super) fn aliases(shapes: Vec<AliasShape>) -> Result<Vec<Alias>, Refusal> {
    let alias = |shape: AliasShape| {
        Ok(Alias {
            name: shape.name,
            valid_from: parsed(shape.valid_from)?,
            valid_until: parsed(shape.valid_until)?,
        })
    };
    shapes.into_iter().map(alias).collect()
}

pub(super) fn areas(shapes: Vec<CodedShape>) -> Vec<Area> {
    shapes.into_iter().map(|shape| Area { code: shape.code, name: shape.name }).collect()
}

pub(super) fn industry(shape: CodedShape) -> Industry {
    Industry { code: shape.code, name: shape.name }
}

/// Only a mode's own English name means it here: words that became a synonym after they were
/// stored are still the words that were stored.
pub(super) fn mode(name: String) -> Mode {
    let known = Mode::parse(&name);
    if known.as_str() == name { known } else { Mode::Other(name) }
}

pub(super) fn maturity(level: u8) -> Result<Maturity, Unreadable> {
    Maturity::new(level).ok_or_else(|| format!("{level} is no maturity").into())
}

pub(super) fn budget(fen: i64) -> Result<Fen, Unreadable> {
    Fen::new(fen).ok_or_else(|| format!("{fen} fen is no amount").into())
}
