//! Texts → packs. Whatever is wrong is told with its line; of packs with faults nothing is taken.

use std::collections::{HashMap, HashSet};

use super::pack::{Modality, Pack, PackKind, Parameter, Rule};
use crate::programmes::fault::{Fault, Faults};
use crate::programmes::toml_fields::{Document, Fields};

/// The packs in `texts` (name of the file, its text), in their order.
///
/// # Errors
/// Everything that is wrong with any of them, and ids that are there twice, name rules that are
/// not there, or lead back to themselves.
pub(super) fn read(texts: &[(&str, &str)]) -> Result<Vec<Pack>, Faults> {
    let mut faults = Faults::default();
    let mut packs = Vec::new();
    let mut names = Names::default();
    for (file, text) in texts {
        if let Some(document) = Document::parse(file, text, &mut faults) {
            packs.extend(pack(document.fields(), &mut names, &mut faults));
        }
    }
    names.refuse_dangling(&mut faults);
    faults.or(packs)
}

/// The names met so far, over all packs.
#[derive(Default)]
struct Names {
    packs: HashSet<String>,
    rules: HashSet<String>,
    parameters: HashSet<String>,
    /// Rule → the rule that it replaces or refines, with the fault that it would be.
    leads: Vec<(String, String, Fault)>,
}

impl Names {
    /// Rules that are named but not there, and circles of rules.
    fn refuse_dangling(self, faults: &mut Faults) {
        let mut next: HashMap<&str, Vec<&str>> = HashMap::new();
        for (rule, named, _) in &self.leads {
            next.entry(rule).or_default().push(named);
        }
        for (rule, named, place) in &self.leads {
            if !self.rules.contains(named) {
                faults.add(Fault { found: format!("没有规则“{named}”"), ..place.clone() });
            } else if reaches(&next, named, rule) {
                let found = format!("“{rule}”经“{named}”又回到自身，成了循环");
                faults.add(Fault { found, ..place.clone() });
            }
        }
    }
}

/// Whether one comes from a rule to another by what they replace and refine.
fn reaches(next: &HashMap<&str, Vec<&str>>, from: &str, to: &str) -> bool {
    let (mut seen, mut waiting) = (HashSet::new(), vec![from]);
    while let Some(rule) = waiting.pop() {
        if rule == to {
            return true;
        }
        if seen.insert(rule) {
            waiting.extend(next.get(rule).into_iter().flatten().copied());
        }
    }
    false
}

/// The name in `key` (the table's own, if that is empty), unless it is among those `taken`.
fn unique(
    fields: &Fields<'_>,
    key: &'static str,
    name: Option<String>,
    taken: &mut HashSet<String>,
    faults: &mut Faults,
) -> Option<String> {
    let name = name?;
    if taken.insert(name.clone()) {
        return Some(name);
    }
    faults.add(fields.fault(
        key,
        format!("“{name}”已经有了"),
        "所有规则包里不得重名，请改名或删去",
    ));
    None
}

fn pack(mut fields: Fields<'_>, names: &mut Names, faults: &mut Faults) -> Option<Pack> {
    let id = fields.text("id", faults);
    let id = unique(&fields, "id", id, &mut names.packs, faults);
    let name = fields.text("name", faults);
    let version = fields.text("version", faults);
    let kind = fields.choice("kind", &PackKind::ALL.map(|kind| (kind.as_str(), kind)), faults);
    let source = fields.text("source", faults);
    let rules = fields.tables("rules", faults);
    if rules.is_empty() {
        faults.add(fields.fault("rules", "没有规则", "至少要有一条，写成 [[rules]]"));
    }
    fields.finish(faults);
    let rules = rules.into_iter().filter_map(|fields| rule(fields, names, faults)).collect();
    Some(Pack { id: id?, name: name?, version: version?, kind: kind?, source: source?, rules })
}

fn rule(mut fields: Fields<'_>, names: &mut Names, faults: &mut Faults) -> Option<Rule> {
    let id = fields.text("id", faults);
    let id = unique(&fields, "id", id, &mut names.rules, faults);
    let title = fields.text("title", faults);
    let text = fields.text("text", faults);
    let source = fields.text("source", faults);
    let from = fields.optional_date("from", faults);
    let until = fields.optional_date("until", faults);
    if let (Some(from), Some(until)) = (from, until)
        && until.last_day() < from.last_day()
    {
        faults.add(fields.fault(
            "until",
            format!("{until} 早于 {from}"),
            "失效日期不得早于生效日期",
        ));
    }
    let version = fields.integer("version", faults);
    let version = version.and_then(|given| {
        let version = u32::try_from(given).ok().filter(|version| *version > 0);
        if version.is_none() {
            faults.add(fields.fault("version", format!("{given} 不是版本号"), "从 1 数起的整数"));
        }
        version
    });
    let choices = Modality::ALL.map(|modality| (modality.as_str(), modality));
    let modality = fields.choice("modality", &choices, faults);
    let ours = fields.flag("ours", faults);
    let mut named = |key: &'static str| {
        let named = fields.optional_text(key, faults)?;
        if let Some(id) = &id {
            let place = fields.fault(key, "", "应为另一条规则的编号，且不成循环");
            names.leads.push((id.clone(), named.clone(), place));
        }
        Some(named)
    };
    let (replaces, refines) = (named("replaces"), named("refines"));
    let parameters = fields.named_tables("parameters", faults);
    fields.finish(faults);
    let parameters = parameters
        .into_iter()
        .filter_map(|(key, fields)| parameter(key, fields, names, faults))
        .collect();
    Some(Rule {
        id: id?,
        title: title?,
        text: text?,
        source: source?,
        from,
        until,
        version: version?,
        modality: modality?,
        ours,
        replaces,
        refines,
        parameters,
    })
}

fn parameter(
    key: String,
    mut fields: Fields<'_>,
    names: &mut Names,
    faults: &mut Faults,
) -> Option<Parameter> {
    let key = unique(&fields, "", Some(key), &mut names.parameters, faults);
    let value = fields.integer("value", faults);
    let unit = fields.text("unit", faults);
    let min = fields.integer("min", faults);
    let max = fields.integer("max", faults);
    let text = fields.text("text", faults);
    let ours = fields.flag("ours", faults);
    if let (Some(value), Some(min), Some(max)) = (value, min, max)
        && !(min..=max).contains(&value)
    {
        let expected = format!("应在 {min} 到 {max} 之间");
        faults.add(fields.fault("value", format!("{value} 超出范围"), expected));
    }
    fields.finish(faults);
    Some(Parameter {
        key: key?,
        value: value?,
        unit: unit?,
        min: min?,
        max: max?,
        text: text?,
        ours,
    })
}

#[cfg(test)]
#[path = "reading_tests.rs"]
mod tests;
