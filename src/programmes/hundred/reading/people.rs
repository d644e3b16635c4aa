//! Commissioners: who they are is not in a case, only where they are from and what they can take on.

use std::collections::HashMap;

use super::Files;
use super::columns::{COMMISSIONERS, COMMISSIONERS_MAX, File};
use super::places::Places;
use super::sheet::Row;
use crate::programmes::fault::Faults;
use crate::programmes::hundred::{Batch, Commissioner};

/// Separators of lists in a cell.
const SEPARATORS: [char; 3] = [';', '；', '、'];

/// The commissioners by id.
pub(super) fn commissioners(
    files: &Files<'_>,
    places: &Places,
    batches: &[Batch],
    faults: &mut Faults,
) -> Vec<Commissioner> {
    let limit = (COMMISSIONERS_MAX, "专员");
    let Some(sheet) = files.sheet(File::Commissioners, COMMISSIONERS, limit, faults) else {
        return Vec::new();
    };
    let mut lines: HashMap<String, u32> = HashMap::new();
    let mut read = Vec::new();
    for row in sheet.rows() {
        let id = row.text("id", faults);
        let home = home(&row, places, faults);
        let wanted = row.list("batches", &SEPARATORS);
        for batch in &wanted {
            if !batches.iter().any(|known| known.id == *batch) {
                let known = batches.iter().map(|batch| batch.id.as_str());
                row.unknown("batches", ("批次", batch), known, faults);
            }
        }
        let load = row.number("load", faults).unwrap_or(0);
        let (Some(id), Some((district, park))) = (id, home) else { continue };
        if let Some(first) = lines.insert(id.clone(), row.line) {
            let found = format!("“{id}”与第 {first} 行重复");
            faults.add(row.fault("id", found, "每名专员一行，编号不重复"));
            continue;
        }
        read.push(Commissioner { id, district: Some(district), park, batches: wanted, load });
    }
    read.sort_by(|a, b| a.id.cmp(&b.id));
    read
}

/// District and park of a row, under the names of the reference data; a park tells its district.
fn home(row: &Row<'_>, places: &Places, faults: &mut Faults) -> Option<(String, Option<String>)> {
    let (district, park) = (row.cell("district"), row.cell("park"));
    if district.is_empty() && park.is_empty() {
        faults.add(row.fault("district", "区和园区都没有填写", "至少填一项"));
        return None;
    }
    let known_district = places.district(district);
    if !district.is_empty() && known_district.is_none() {
        row.unknown("district", ("南京市的区", district), places.districts(), faults);
    }
    let known_park = places.park(park);
    if !park.is_empty() && known_park.is_none() {
        row.unknown("park", ("南京市的园区", park), places.parks(), faults);
    }
    match (known_district, known_park) {
        (Some(given), Some((name, district))) if given != district => {
            let found = format!("{name}在{district}，不在{given}");
            faults.add(row.fault("park", found, "区与园区应一致，只填园区也可"));
            None
        }
        (_, Some((name, of_park))) if district.is_empty() || known_district.is_some() => {
            Some((of_park.to_owned(), Some(name.to_owned())))
        }
        (Some(district), None) if park.is_empty() => Some((district.to_owned(), None)),
        _ => None,
    }
}
