//! Postings as files: one line each for spreadsheets, one table a batch for printers.

use comfy_table::Table;
use comfy_table::presets::UTF8_HORIZONTAL_ONLY;

use super::figures;
use crate::engine::PlanDocument;
use crate::http::views::spreadsheet;
use crate::programmes::hundred::{Basis, Posting};

/// Columns of a page of A4 in the usual type.
const PAGE_COLUMNS: u16 = 90;

const HEADER: [&str; 14] = [
    "批次",
    "批次名称",
    "开始",
    "结束",
    "续派",
    "专员",
    "区",
    "园区",
    "院校",
    "城市",
    "类别",
    "匹配度",
    "成果丰富度",
    "公里",
];

/// As CSV: UTF-8 with BOM, one posting a line. No cell is a formula.
pub(super) fn csv(plan: &PlanDocument) -> String {
    let (basis, postings) = (&plan.document.basis, &plan.document.plan.postings);
    let rows = ordered(basis, postings).into_iter().map(|own| row(basis, own));
    spreadsheet(std::iter::once(HEADER.map(str::to_owned)).chain(rows))
}

/// As text for a printer.
pub(super) fn text(plan: &PlanDocument) -> String {
    let (basis, postings) = (&plan.document.basis, &plan.document.plan.postings);
    let head = &plan.head;
    let mut text = format!(
        "{}（{}）\n编号 {}\n摘要 {}\n派驻 {} 个\n",
        head.name,
        head.state.label(),
        head.id,
        head.digest,
        postings.len()
    );
    for batch in &basis.case.batches {
        let own: Vec<_> =
            ordered(basis, postings).into_iter().filter(|own| own.batch == batch.id).collect();
        let (name, start, end) = (&batch.name, batch.start, batch.end);
        text.push_str(&format!("\n{name}　{start} 至 {end}　{} 个\n", own.len()));
        if own.is_empty() {
            continue;
        }
        let mut rows = Table::new();
        rows.load_style(UTF8_HORIZONTAL_ONLY).set_width(PAGE_COLUMNS);
        rows.set_header(["序号", "专员", "派出", "院校", "城市", "类别", "续派"]);
        for (number, posting) in (1..).zip(own) {
            let [_, _, _, _, renewed, who, district, park, host, city, classes, ..] =
                row(basis, posting);
            let home = if park.is_empty() { district } else { park };
            rows.add_row([number.to_string(), who, home, host, city, classes, renewed]);
        }
        text.push_str(&format!("{rows}\n"));
    }
    text
}

/// By batch, then commissioner, then institution.
fn ordered<'a>(basis: &Basis, postings: &'a [Posting]) -> Vec<&'a Posting> {
    let mut all: Vec<&Posting> = postings.iter().collect();
    all.sort_by_key(|own| (basis.batch(&own.batch).map(|(idx, _)| idx), *own));
    all
}

fn row(basis: &Basis, own: &Posting) -> [String; 14] {
    let batch = basis.case.batches.iter().find(|batch| batch.id == own.batch);
    let of_batch = |text: fn(&crate::programmes::hundred::Batch) -> String| {
        batch.map_or_else(String::new, text)
    };
    let who = basis.case.commissioners.iter().find(|who| who.id == own.commissioner);
    let host = basis.case.institutions.iter().find(|host| host.id == own.institution);
    let fit = who.and_then(|who| basis.measured.fit_of(who.home(), &own.institution));
    let km = host.and_then(|host| host.distance_km);
    [
        own.batch.clone(),
        of_batch(|batch| batch.name.clone()),
        of_batch(|batch| batch.start.to_string()),
        of_batch(|batch| batch.end.to_string()),
        own.renewed.join("、"),
        own.commissioner.clone(),
        who.and_then(|who| who.district.clone()).unwrap_or_default(),
        who.and_then(|who| who.park.clone()).unwrap_or_default(),
        own.institution.clone(),
        host.map_or_else(String::new, |host| host.city.clone()),
        host.map_or_else(String::new, figures::classes),
        fit.map_or_else(String::new, |fit| fit.value.to_string()),
        basis.measured.richness_of(&own.institution).to_string(),
        km.map_or_else(String::new, |km| km.to_string()),
    ]
}
