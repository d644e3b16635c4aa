//! Institutions, what was found out about them since, and what ties them to Nanjing.

use std::collections::{BTreeMap, HashMap};

use super::Files;
use super::columns::{CLARIFIED, File, INSTITUTIONS, INSTITUTIONS_MAX, ROWS_MAX, TIES};
use super::sheet::Row;
use crate::programmes::fault::Faults;
use crate::programmes::hundred::{Class, Evidence, HostInstitution, Sent, Tie, TieKind};

/// Separators of lists in a cell.
const SEPARATORS: [char; 3] = [';', '；', '、'];
/// Separators of lists of laboratories, some of which have 、 in their names.
const LAB_SEPARATORS: [char; 2] = [';', '；'];

const CLASSES: &[(Class, &[&str])] = &[
    (Class::C985, &["985", "985高校"]),
    (
        Class::KeyDoubleFirstClass,
        &["key_double_first_class", "重点双一流", "重点“双一流”", "重点“双一流”高校", "双一流"],
    ),
    (Class::MajorInstitute, &["major_institute", "大院大所"]),
];
const SENT: &[(Sent, &[&str])] = &[
    (Sent::Yes, &["yes", "是", "已派出", "有"]),
    (Sent::No, &["no", "否", "未派出", "无"]),
    (Sent::Unknown, &["unknown", "不详", "未知", "待核实"]),
];
const TIE_KINDS: &[(TieKind, &[&str])] = &[
    (TieKind::Framework, &["framework", "合作框架", "框架协议", "框架"]),
    (TieKind::People, &["people", "人员往来", "人员"]),
    (TieKind::Project, &["project", "合作项目", "项目"]),
];

/// The institutions by name.
pub(super) fn institutions(files: &Files<'_>, faults: &mut Faults) -> Vec<HostInstitution> {
    let limit = (INSTITUTIONS_MAX, "高校院所");
    let Some(sheet) = files.sheet(File::Institutions, INSTITUTIONS, limit, faults) else {
        return Vec::new();
    };
    let mut lines: HashMap<String, u32> = HashMap::new();
    let mut read = Vec::new();
    for row in sheet.rows() {
        let id = row.text("name", faults);
        let mut classes: Vec<Class> = row
            .list("classes", &SEPARATORS)
            .iter()
            .filter_map(|word| row.choice("classes", word, CLASSES, faults))
            .collect();
        classes.sort();
        classes.dedup();
        let city = row.text("city", faults);
        let sent = match row.cell("sent") {
            "" => Some(Sent::Unknown),
            word => row.choice("sent", word, SENT, faults),
        };
        let distance_km = row.number("distance_km", faults);
        let richness = row.number("richness", faults);
        let (Some(id), Some(city), Some(sent)) = (id, city, sent) else { continue };
        if let Some(first) = lines.insert(id.clone(), row.line) {
            let found = format!("“{id}”与第 {first} 行重复");
            faults.add(row.fault("name", found, "每家高校院所一行"));
            continue;
        }
        let disciplines = row.list("disciplines", &SEPARATORS);
        let key_labs = row.list("key_labs", &LAB_SEPARATORS);
        read.push(HostInstitution {
            id,
            classes,
            city,
            sent,
            distance_km,
            disciplines,
            key_labs,
            richness,
        });
    }
    read.sort_by(|a, b| a.id.cmp(&b.id));
    read
}

/// Sets whether institutions have sent members, as far as it has been found out.
pub(super) fn clarify(
    files: &Files<'_>,
    institutions: &mut [HostInstitution],
    faults: &mut Faults,
) {
    let limit = (ROWS_MAX, "核实结果");
    let Some(sheet) = files.sheet(File::Clarified, CLARIFIED, limit, faults) else { return };
    let mut lines: HashMap<usize, u32> = HashMap::new();
    for row in sheet.rows() {
        let idx = institution(&row, institutions, faults);
        row.text("source", faults);
        let word = row.text("sent", faults);
        let sent = word.and_then(|word| row.choice("sent", &word, SENT, faults));
        let (Some(idx), Some(sent)) = (idx, sent) else { continue };
        let host = &mut institutions[idx];
        if let Some(first) = lines.insert(idx, row.line) {
            let found = format!("“{}”与第 {first} 行重复", host.id);
            faults.add(row.fault("institution", found, "每家高校院所一行"));
        } else if !matches!(host.sent, Sent::Unknown) && host.sent != sent {
            let found = format!("“{}”与院校表中的不一致", host.id);
            faults.add(row.fault("sent", found, "院校表中已有结论的，请改在院校表中"));
        }
        host.sent = sent;
    }
}

/// The ties by institution, evidence by date.
pub(super) fn ties(
    files: &Files<'_>,
    institutions: &[HostInstitution],
    faults: &mut Faults,
) -> Vec<Tie> {
    let Some(sheet) = files.sheet(File::Ties, TIES, (ROWS_MAX, "合作关系"), faults) else {
        return Vec::new();
    };
    let mut ties: BTreeMap<usize, Vec<Evidence>> = BTreeMap::new();
    for row in sheet.rows() {
        let idx = institution(&row, institutions, faults);
        let word = row.text("kind", faults);
        let kind = word.and_then(|word| row.choice("kind", &word, TIE_KINDS, faults));
        let date = row.date("date", faults);
        let (text, source) = (row.text("text", faults), row.text("source", faults));
        if let (Some(idx), Some(kind), Some(date), Some(text), Some(source)) =
            (idx, kind, date, text, source)
        {
            ties.entry(idx).or_default().push(Evidence { kind, date, text, source });
        }
    }
    let tie = |(idx, mut evidence): (usize, Vec<Evidence>)| {
        evidence.sort_by(|a, b| (a.date, a.kind, &a.text).cmp(&(b.date, b.kind, &b.text)));
        Tie { institution: institutions[idx].id.clone(), evidence }
    };
    ties.into_iter().map(tie).collect()
}

/// Which institution a row names; they stand by name.
fn institution(
    row: &Row<'_>,
    institutions: &[HostInstitution],
    faults: &mut Faults,
) -> Option<usize> {
    let name = row.text("institution", faults)?;
    let found = institutions.binary_search_by(|host| host.id.cmp(&name)).ok();
    if found.is_none() {
        let known = institutions.iter().map(|host| host.id.as_str());
        row.unknown("institution", ("高校院所", &name), known, faults);
    }
    found
}
