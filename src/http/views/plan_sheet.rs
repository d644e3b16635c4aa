//! Postings as files: one line each for spreadsheets, one table a batch for printers.

use super::sheet::{printed, spreadsheet};
use crate::engine::PlanDocument;
use crate::programmes::hundred::{Basis, Class, ClassCoverage, Posting};

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
pub fn plan_csv(plan: &PlanDocument) -> String {
    let (basis, postings) = (&plan.document.basis, &plan.document.plan.postings);
    let rows = ordered(basis, postings).into_iter().map(|own| row(basis, own));
    spreadsheet(std::iter::once(HEADER.map(str::to_owned)).chain(rows))
}

/// As text for a printer: what is covered, and a table for each batch.
pub fn plan_text(plan: &PlanDocument, coverage: &[ClassCoverage]) -> String {
    let (basis, postings) = (&plan.document.basis, &plan.document.plan.postings);
    let (head, count) = (&plan.head, postings.len());
    let (name, state) = (&head.name, head.state.label());
    let mut text =
        format!("{name}（{state}）\n编号 {}\n摘要 {}\n派驻 {count} 个\n", head.id, head.digest);
    let covered = coverage.iter().map(|own| {
        let [sent, tie, posting] = [own.by_sent, own.by_tie, own.by_posting].map(|n| n.to_string());
        let (total, open) = (own.total.to_string(), own.uncovered.len().to_string());
        [own.class.label().to_owned(), total, sent, tie, posting, open]
    });
    let header = ["类别", "院校", "科技镇长团", "已有合作", "派驻", "未覆盖"];
    text.push_str(&format!("\n{}\n", printed(header, covered, &[1, 2, 3, 4, 5])));
    for batch in &basis.case.batches {
        let own = ordered(basis, postings).into_iter().filter(|own| own.batch == batch.id);
        let rows: Vec<_> = own.zip(1..).map(|(own, number)| line(basis, own, number)).collect();
        let (name, start, end, count) = (&batch.name, batch.start, batch.end, rows.len());
        text.push_str(&format!("\n{name}　{start} 至 {end}　{count} 个\n"));
        if count > 0 {
            let header = ["序号", "专员", "派出", "院校", "城市", "类别", "续派"];
            text.push_str(&format!("{}\n", printed(header, rows, &[0])));
        }
    }
    text
}

/// By batch, then commissioner, then institution.
fn ordered<'a>(basis: &Basis, postings: &'a [Posting]) -> Vec<&'a Posting> {
    let mut all: Vec<&Posting> = postings.iter().collect();
    all.sort_by_key(|own| (basis.batch(&own.batch).map(|(idx, _)| idx), *own));
    all
}

fn line(basis: &Basis, own: &Posting, number: usize) -> [String; 7] {
    let [_, _, _, _, renewed, who, district, park, host, city, classes, ..] = row(basis, own);
    let home = if park.is_empty() { district } else { park };
    [number.to_string(), who, home, host, city, classes, renewed]
}

fn row(basis: &Basis, own: &Posting) -> [String; 14] {
    let batch = basis.batch(&own.batch).map(|(_, batch)| batch);
    let who = basis.case.commissioners.iter().find(|who| who.id == own.commissioner);
    let host = basis.case.institutions.iter().find(|host| host.id == own.institution);
    let fit = who.and_then(|who| basis.measured.fit_of(who.home(), &own.institution));
    let km = host.and_then(|host| host.distance_km);
    let classes = |classes: &[Class]| {
        classes.iter().map(|class| class.label()).collect::<Vec<_>>().join("、")
    };
    [
        own.batch.clone(),
        batch.map_or_else(String::new, |batch| batch.name.clone()),
        batch.map_or_else(String::new, |batch| batch.start.to_string()),
        batch.map_or_else(String::new, |batch| batch.end.to_string()),
        own.renewed.join("、"),
        own.commissioner.clone(),
        who.and_then(|who| who.district.clone()).unwrap_or_default(),
        who.and_then(|who| who.park.clone()).unwrap_or_default(),
        own.institution.clone(),
        host.map_or_else(String::new, |host| host.city.clone()),
        host.map_or_else(String::new, |host| classes(&host.classes)),
        fit.map_or_else(String::new, |fit| fit.value.to_string()),
        basis.measured.richness_of(&own.institution).to_string(),
        km.map_or_else(String::new, |km| km.to_string()),
    ]
}
