//! The table of what serves which industry, from `programmes/industry_disciplines.tsv`.

use std::io::{Error, ErrorKind};

use super::places::{listed, rows};
use crate::data::{Data, DataError};
use crate::programmes::hundred::{Affinities, Affinity};

const PATH: &str = "programmes/industry_disciplines.tsv";

impl Affinities {
    /// Reads the table.
    ///
    /// # Errors
    /// If the file cannot be read, or an entry is not `NAME=WEIGHT` with a weight of 1 to 100.
    pub fn load(data: &Data) -> Result<Self, DataError> {
        let text = data.text(PATH)?;
        let affinity = |row: Vec<&str>| {
            let [industry, disciplines, lab_words] = row[..] else { return Err(row.join(" ")) };
            let weighted = |cell: &str| weighted(cell).ok_or_else(|| industry.to_owned());
            let (disciplines, lab_words) = (weighted(disciplines)?, weighted(lab_words)?);
            Ok((industry.to_owned(), Affinity { disciplines, lab_words }))
        };
        let table: Result<_, String> = rows(&text).skip(1).map(affinity).collect();
        table.map(Self).map_err(|row| {
            let what = format!("{row}: three columns, entries NAME=WEIGHT, weights 1-100");
            DataError { path: PATH.to_owned(), source: Error::new(ErrorKind::InvalidData, what) }
        })
    }
}

fn weighted(cell: &str) -> Option<Vec<(String, u32)>> {
    let entry = |entry: String| {
        let (name, weight) = entry.split_once('=')?;
        let weight = weight.parse().ok().filter(|weight| (1..=100).contains(weight))?;
        Some((name.to_owned(), weight))
    };
    listed(cell).into_iter().map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_covers_every_industry_of_the_reference_data_and_names_what_there_is() {
        let data = Data::embedded();
        let table = Affinities::load(&data).unwrap().0;
        let parks = data.text("reference/parks.tsv").unwrap();
        let schemes = data.text("reference/park_industries.tsv").unwrap();
        let of_parks = rows(&parks).skip(1).flat_map(|row| listed(row[6]));
        let of_schemes = rows(&schemes).skip(1).filter(|row| row[0] != "绍兴市");
        let named: Vec<String> = of_parks.chain(of_schemes.map(|row| row[4].to_owned())).collect();
        let served = |industry: &&String| {
            table.get(*industry).is_some_and(|affinity| !affinity.disciplines.is_empty())
        };
        let missing: Vec<&String> = named.iter().filter(|industry| !served(industry)).collect();
        assert!(missing.is_empty(), "{missing:?}");
        let needless: Vec<&String> = table.keys().filter(|known| !named.contains(known)).collect();
        assert!(needless.is_empty(), "{needless:?}");

        let lists = include_str!("../../../../data/reference/disciplines.tsv");
        let lists = lists.replace("（自定）", "");
        let disciplines: Vec<String> =
            rows(&lists).skip(1).flat_map(|row| listed(row[2])).collect();
        let labs = data.text("reference/labs.csv").unwrap();
        for affinity in table.values() {
            for (name, _) in &affinity.disciplines {
                assert!(disciplines.contains(name), "{name}");
            }
            for (word, _) in &affinity.lab_words {
                assert!(labs.contains(word.as_str()), "{word}");
            }
        }
    }

    #[test]
    fn an_entry_without_a_weight_is_refused_with_its_industry() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("programmes")).unwrap();
        for wrong in ["材料\t化学\t", "材料\t化学=0\t", "材料\t化学=101\t", "材料\t化学=9"]
        {
            let text = format!("industry\tdisciplines\tlab_words\n{wrong}\n");
            std::fs::write(folder.path().join(PATH), text).unwrap();
            let told = Affinities::load(&Data::from_folder(folder.path())).unwrap_err().to_string();
            assert!(told.contains("材料"), "{told}");
        }
    }
}
