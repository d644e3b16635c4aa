//! A row of named cells → a draft whose references are still names.

use std::sync::Arc;

use super::columns::columns;
use super::defaults;
use super::fields;
use super::pending::PendingDraft;
use super::refused::Refused;
use super::row::Row;
use super::tables::Tables;
use crate::model::{
    Achievement, Body, Draft, Enterprise, Institution, Kind, Lab, Need, Provenance, Refusal,
};

/// The draft that a row of `kind` makes; `source` is that of a row that names none.
///
/// All bad cells of the row are named. The model names one bad text at a time, therefore a bad
/// cell is blanked and the row is built anew until nothing more is found.
pub(super) fn pending(
    kind: Kind,
    mut row: Row,
    source: &str,
    tables: &Tables,
) -> Result<PendingDraft, Vec<Refused>> {
    let (column, names) = references(kind, &mut row);
    // Before a bad cell is blanked its text is wanted for the refusals of references.
    let reference_value = column.map_or_else(String::new, |column| row.shown(column));
    loop {
        let built =
            body(kind, &mut row, tables).and_then(|body| draft(body, &mut row, source).checked());
        let refusal = match built {
            Ok(draft) => {
                let number = row.number;
                let origin = Arc::clone(row.origin());
                let place = column.map_or_else(String::new, |column| row.place(column).to_owned());
                return match row.into_refused() {
                    Some(refused) => Err(refused),
                    None => Ok(PendingDraft {
                        row: number,
                        draft,
                        names,
                        place,
                        value: reference_value,
                        origin,
                    }),
                };
            }
            Err(refusal) => refusal,
        };
        let name = refusal.field;
        let known = columns(kind).find(|column| column.name == name);
        let field = known.map_or(name, |column| column.name);
        if !row.refuse(field, refusal.reason, refusal.expected) {
            // The model refuses a blanked cell: nothing more can be learnt about the row.
            return Err(row.into_refused().unwrap_or_default());
        }
    }
}

/// The column that names other records, and the names in it, each once.
fn references(kind: Kind, row: &mut Row) -> (Option<&'static str>, Vec<String>) {
    let column = match kind {
        Kind::Lab => "institution_ids",
        Kind::Achievement => "lab_ids",
        Kind::Need => "enterprise_id",
        _ => return (None, Vec::new()),
    };
    let names = if kind == Kind::Need {
        let name = row.text(column);
        if !name.is_empty() && fields::printable(row, column, &name) { vec![name] } else { vec![] }
    } else {
        fields::list(row, column)
    };
    let mut unique: Vec<String> = Vec::with_capacity(names.len());
    for name in names {
        if !unique.contains(&name) {
            unique.push(name);
        }
    }
    (Some(column), unique)
}

fn draft(body: Body, row: &mut Row, source: &str) -> Draft {
    let named = row.text("source");
    let owner = row.text("owner");
    let owner = if fields::printable(row, "owner", &owner) { owner } else { String::new() };
    Draft {
        source: if named.is_empty() { source.to_owned() } else { named },
        external_id: row.text("external_id"),
        owner,
        visibility: row.parsed("visibility").unwrap_or(defaults::VISIBILITY),
        provenance: Provenance { source_url: row.text("source_url"), as_of: row.parsed("as_of") },
        body,
    }
}

const NOT_IMPORTED: &str = "高校院所、实验室、成果、企业或技术需求";

fn body(kind: Kind, row: &mut Row, tables: &Tables) -> Result<Body, Refusal> {
    match kind {
        Kind::Institution => institution(row, tables).checked().map(Body::Institution),
        Kind::Lab => lab(row, tables).checked().map(Body::Lab),
        Kind::Achievement => achievement(row).checked().map(Body::Achievement),
        Kind::Enterprise => enterprise(row, tables).checked().map(Body::Enterprise),
        Kind::Need => need(row, tables).checked().map(Body::Need),
        _ => Err(Refusal::new("kind", "这类记录不能导入", NOT_IMPORTED)),
    }
}

fn institution(row: &mut Row, tables: &Tables) -> Institution {
    let name = row.text("name");
    Institution {
        kind: row.parsed("kind").unwrap_or_else(|| defaults::institution_kind(&name)),
        classes: fields::values(row, "classes"),
        province: fields::province(row, tables),
        city: row.text("city"),
        credit_code: row.parsed("credit_code"),
        school_code: row.parsed("school_code"),
        aliases: fields::aliases(row),
        website: row.text("website"),
        name,
    }
}

fn lab(row: &mut Row, tables: &Tables) -> Lab {
    let name = row.text("name");
    Lab {
        institution_ids: Vec::new(),
        kind: row.parsed("kind").unwrap_or_else(|| defaults::lab_kind(&name)),
        areas: fields::areas(row, tables),
        profile: row.text("profile"),
        contact: row.text("contact"),
        expires_on: row.parsed("expires_on"),
        aliases: fields::aliases(row),
        name,
    }
}

fn achievement(row: &mut Row) -> Achievement {
    Achievement {
        lab_ids: Vec::new(),
        title: row.text("title"),
        summary: row.text("abstract"),
        keywords: fields::keywords(row, "keywords"),
        kind: row.parsed("kind").unwrap_or(defaults::ACHIEVEMENT_KIND),
        date: row.parsed("date"),
        maturity: row.parsed("maturity"),
        modes: fields::modes(row),
        rights: row.text("rights"),
    }
}

fn enterprise(row: &mut Row, tables: &Tables) -> Enterprise {
    Enterprise {
        name: row.text("name"),
        credit_code: row.parsed("credit_code"),
        park: row.text("park"),
        industry: fields::industry(row, tables),
        province: fields::province(row, tables),
        city: row.text("city"),
        contact: row.text("contact"),
        aliases: fields::aliases(row),
    }
}

fn need(row: &mut Row, tables: &Tables) -> Need {
    Need {
        enterprise_id: None,
        title: row.text("title"),
        body: row.text("body"),
        industry: fields::industry(row, tables),
        areas: fields::areas(row, tables),
        budget: fields::budget(row),
        modes: fields::modes(row),
        deadline: row.parsed("deadline"),
        maturity_wanted: row.parsed("maturity_wanted"),
    }
}

#[cfg(test)]
#[path = "record_tests.rs"]
mod tests;
