//! The offices that the product knows of: Nanjing, its districts and their parks.

use std::collections::BTreeMap;

use super::change::draft;
use super::users::may_administer;
use crate::data::Data;
use crate::engine::{Engine, EngineError, Viewer};
use crate::model::{Alias, Body, Draft, Office, OfficeLevel, RecordId, Visibility};
use crate::store::{Existing, Outcome, Write};

const PARKS: &str = "reference/parks.tsv";
const SOURCE: &str = "reference";
/// External id and name of the city.
pub(super) const CITY: (&str, &str) = ("nanjing", "南京市");
/// A row of the file that stands for a park whose name is not known.
const PLACE_HOLDER: &str = "gaochun-unnamed";

/// What became of the offices.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ParksReport {
    /// Offices that were not there.
    pub created: u64,
    /// Offices that said something else.
    pub updated: u64,
    /// Offices that said the same.
    pub unchanged: u64,
}

/// A row of the file.
struct Park<'a> {
    id: &'a str,
    name: &'a str,
    aliases: &'a str,
    district: &'a str,
}

impl Engine {
    /// Makes city, districts and parks of the shipped table. Doing it twice changes nothing.
    ///
    /// # Errors
    /// [`EngineError::Forbidden`]; if the table is damaged or the store fails.
    pub async fn import_parks(
        &self,
        viewer: Viewer,
        data: &Data,
    ) -> Result<ParksReport, EngineError> {
        may_administer(viewer)?;
        let text = data.text(PARKS)?;
        let parks = rows(&text)?;
        let mut report = ParksReport::default();
        let city = office(CITY.0, CITY.1, OfficeLevel::City, None, "")?;
        let city = self.put_offices(viewer, &[city], &mut report).await?;
        let mut districts: BTreeMap<&str, Draft> = BTreeMap::new();
        for park in &parks {
            let id = format!("{}-{}", CITY.0, park.district);
            let parent = city.first().copied();
            let district = office(&id, park.district, OfficeLevel::District, parent, "")?;
            districts.insert(park.district, district);
        }
        let (names, drafts): (Vec<&str>, Vec<Draft>) = districts.into_iter().unzip();
        let ids = self.put_offices(viewer, &drafts, &mut report).await?;
        let districts: BTreeMap<&str, RecordId> = names.into_iter().zip(ids).collect();
        let drafts = parks.iter().map(|park| {
            let parent = districts.get(park.district).copied();
            office(park.id, park.name, OfficeLevel::Park, parent, park.aliases)
        });
        let drafts: Vec<Draft> = drafts.collect::<Result<_, _>>()?;
        self.put_offices(viewer, &drafts, &mut report).await?;
        Ok(report)
    }

    async fn put_offices(
        &self,
        viewer: Viewer,
        drafts: &[Draft],
        report: &mut ParksReport,
    ) -> Result<Vec<RecordId>, EngineError> {
        let write = |draft: &Draft| Write { draft: draft.clone(), existing: Existing::Updated };
        let writes: Vec<Write> = drafts.iter().map(write).collect();
        let written = self.write_and_tell(&writes, &viewer.author()).await?;
        for (_, outcome) in &written {
            match outcome {
                Outcome::Created => report.created += 1,
                Outcome::Updated => report.updated += 1,
                Outcome::Unchanged | Outcome::Repeated | Outcome::Merged => report.unchanged += 1,
            }
        }
        Ok(written.into_iter().map(|(stored, _)| stored.record.meta.id).collect())
    }
}

fn office(
    external_id: &str,
    name: &str,
    level: OfficeLevel,
    parent_id: Option<RecordId>,
    aliases: &str,
) -> Result<Draft, EngineError> {
    let aliases = aliases.split(';').map(str::trim).filter(|alias| !alias.is_empty());
    let aliases = aliases.map(Alias::undated).collect();
    let office = Office { name: name.to_owned(), level, parent_id, aliases }.checked()?;
    Ok(draft(SOURCE, external_id, Visibility::Public, Body::Office(office)))
}

/// The parks of the table whose names are known.
fn rows(text: &str) -> Result<Vec<Park<'_>>, EngineError> {
    let damaged =
        |what: &str| EngineError::Evaluation { file: PARKS.to_owned(), reason: what.to_owned() };
    let mut lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let header: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
    let column = |name: &str| header.iter().position(|cell| *cell == name);
    let columns = ["id", "name", "aliases", "district"].map(column);
    let [Some(id), Some(name), Some(aliases), Some(district)] = columns else {
        return Err(damaged("缺少 id、name、aliases、district 中的列"));
    };
    let mut parks = Vec::new();
    for line in lines {
        let cells: Vec<&str> = line.split('\t').collect();
        let cell = |idx: usize| cells.get(idx).copied().ok_or_else(|| damaged(line));
        let (id, name) = (cell(id)?, cell(name)?);
        if id != PLACE_HOLDER {
            parks.push(Park { id, name, aliases: cell(aliases)?, district: cell(district)? });
        }
    }
    Ok(parks)
}
