//! Files → [`Case`]: whatever is wrong is told with file, line and column, all of it at once, and of
//! files with faults nothing is taken. What rules say of a case is not asked here.

mod affinities;
mod columns;
mod hosts;
mod people;
mod places;
mod postings;
mod sample;
mod schedule;
mod sheet;

use self::columns::File;
use self::sheet::{Column, Sheet};
use super::Case;
use crate::programmes::fault::{Fault, Faults};
use crate::programmes::rules::RuleBook;

pub use self::columns::{BATCHES_MAX, COMMISSIONERS_MAX, INSTITUTIONS_MAX, ROWS_MAX};
pub use self::places::Places;
pub use self::sample::{SampleError, sample_case};
pub use self::sheet::CELL_CHARS_MAX;

/// Everything that is wrong with the files of a case.
pub type CaseErrors = Faults;

/// Reads a case from its files (name, bytes): `case.toml`, `batches.csv`, `commissioners.csv` and
/// `institutions.csv`, and if there are any `clarified.csv`, `ties.csv`, `postings.csv` and
/// `exclusions.csv`. Folders before the names do not matter, and a README is passed over.
///
/// # Errors
/// All faults: what cannot be read or is not known, and what contradicts itself.
pub fn read_case(
    files: &[(String, Vec<u8>)],
    places: &Places,
    book: &RuleBook,
) -> Result<Case, CaseErrors> {
    let mut faults = Faults::default();
    let files = Files::sorted(files, &mut faults);
    let (name, start, parameters) = schedule::settings(&files, book, &mut faults);
    let batches = schedule::batches(&files, &mut faults);
    let commissioners = people::commissioners(&files, places, &batches, &mut faults);
    let mut institutions = hosts::institutions(&files, &mut faults);
    hosts::clarify(&files, &mut institutions, &mut faults);
    let ties = hosts::ties(&files, &institutions, &mut faults);
    let known = postings::Known::new(&batches, &commissioners, &institutions);
    let postings::Postings { forced, published, required } =
        postings::postings(&files, &known, &mut faults);
    let forbidden = postings::exclusions(&files, &known, &mut faults);
    let Some(start) = start else { return Err(faults) };
    faults.or(Case {
        name,
        start,
        batches,
        commissioners,
        institutions,
        ties,
        forced,
        forbidden,
        required,
        published,
        parameters,
    })
}

/// The files of a case, each known for what it is.
struct Files<'f>(Vec<(File, &'f str, &'f [u8])>);

impl<'f> Files<'f> {
    fn sorted(given: &'f [(String, Vec<u8>)], faults: &mut Faults) -> Self {
        let mut files: Vec<(File, &str, &[u8])> = Vec::new();
        let whole = |file: &str, found: &str, expected: String| Fault {
            file: file.to_owned(),
            line: 0,
            field: String::new(),
            found: found.to_owned(),
            expected,
        };
        for (path, bytes) in given {
            let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
            if name.starts_with("README") {
                continue;
            }
            let known = File::ALL.iter().find(|(_, names)| names.contains(&name));
            match known.map(|(file, _)| *file) {
                None => {
                    let names: Vec<&str> = File::ALL.iter().map(|(_, names)| names[0]).collect();
                    let expected = format!("案例的文件有：{}", names.join("、"));
                    faults.add(whole(name, "不认识这个文件", expected));
                }
                Some(file) if files.iter().any(|(other, ..)| *other == file) => {
                    faults.add(whole(name, "同类文件有两个", "只留一个".to_owned()));
                }
                Some(file) => files.push((file, name, bytes)),
            }
        }
        for (file, names) in File::ALL.iter().filter(|(file, _)| file.required()) {
            if !files.iter().any(|(other, ..)| other == file) {
                let expected = format!("这个文件必须有，也可叫 {}", names[1]);
                faults.add(whole(names[0], "缺少文件", expected));
            }
        }
        Self(files)
    }

    fn bytes(&self, file: File) -> Option<(&'f str, &'f [u8])> {
        self.0.iter().find(|(other, ..)| *other == file).map(|(_, name, bytes)| (*name, *bytes))
    }

    fn sheet(
        &self,
        file: File,
        columns: &'static [Column],
        limit: (usize, &str),
        faults: &mut Faults,
    ) -> Option<Sheet> {
        let (name, bytes) = self.bytes(file)?;
        Sheet::read(name, bytes, columns, limit, faults)
    }
}

#[cfg(test)]
#[path = "reading_tests.rs"]
mod tests;
