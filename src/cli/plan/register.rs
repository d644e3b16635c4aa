//! `duijie plan relationships ID`: the register of ties against the number that is aimed at.

use comfy_table::{Cell, CellAlignment};

use crate::cli::output::table;
use crate::programmes::hundred::{Register, TieKind};

/// Kinds of evidence in the order of their columns.
const KINDS: [TieKind; 3] = [TieKind::Framework, TieKind::People, TieKind::Project];

pub(super) fn rendered(register: &Register) -> String {
    let (count, target) = (register.relationships.len(), register.target as usize);
    let mut text = match target.saturating_sub(count) {
        0 => format!("有合作关系的院校 {count} 所，已达到目标 {target} 所"),
        short => format!("有合作关系的院校 {count} 所，目标 {target} 所，还差 {short} 所"),
    };
    for kind in KINDS {
        let has = register.relationships.iter().filter(|own| own.kinds().contains(&kind)).count();
        text.push_str(&format!("；{} {has} 所", kind.label()));
    }
    let all = register.relationships.iter().filter(|own| own.kinds().len() == KINDS.len()).count();
    text.push_str(&format!("；三项俱全 {all} 所"));
    if register.relationships.is_empty() {
        return text;
    }
    let labels = KINDS.map(TieKind::label);
    let mut rows = table(&["院校", labels[0], labels[1], labels[2], "始于", "最近的依据"]);
    for own in &register.relationships {
        let counts = KINDS.map(|kind| {
            let count = own.evidence.iter().filter(|evidence| evidence.kind == kind).count();
            let count = if count == 0 { String::new() } else { count.to_string() };
            Cell::new(count).set_alignment(CellAlignment::Right)
        });
        let since = own.evidence.first().map_or_else(String::new, |own| own.date.to_string());
        let last = own.evidence.last().map_or("", |own| own.text.as_str());
        let end = [Cell::new(since), Cell::new(last)];
        rows.add_row(std::iter::once(Cell::new(&own.institution)).chain(counts).chain(end));
    }
    format!("{text}\n{rows}")
}
