//! The Nanjing case: its institutions say what the reference data say, and it is a case.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use duijie::data::Data;
use duijie::programmes::hundred::{Affinities, Class, Places, Sent, sample_case};

const FILE: &str = "data/sample/nanjing/institutions.csv";
const HEAD: &str = "\
# Facts of data/reference, put together by tests/it/nanjing_case.rs (DUIJIE_WRITE_CASE=1 writes this file anew); README.md tells how.
name,classes,city,sent,distance_km,disciplines,key_labs
";
/// Institutions of the case; those that are no universities fill up to here.
const INSTITUTIONS: usize = 200;
const EARTH_RADIUS_KM: f64 = 6371.0;

/// The rows of a reference file by column name, comments left out.
fn reference(name: &str) -> Vec<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(format!("data/reference/{name}")).unwrap();
    let tabs = name.ends_with(".tsv");
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .delimiter(if tabs { b'\t' } else { b',' })
        .quoting(!tabs)
        .from_reader(text.as_bytes());
    let rows = reader.deserialize().collect::<Result<Vec<_>, _>>();
    rows.unwrap()
}

/// The mean of some places, in degrees.
fn mean(places: &[(f64, f64)]) -> Option<(f64, f64)> {
    let count = places.len() as f64;
    let sum = places.iter().fold((0.0, 0.0), |sum, place| (sum.0 + place.0, sum.1 + place.1));
    (!places.is_empty()).then_some((sum.0 / count, sum.1 / count))
}

/// Great circle between places (longitude, latitude), in kilometres.
fn distance_km(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (a, b) = ((a.0.to_radians(), a.1.to_radians()), (b.0.to_radians(), b.1.to_radians()));
    let half = |x: f64| (x / 2.0).sin().powi(2);
    let h = half(b.1 - a.1) + a.1.cos() * b.1.cos() * half(b.0 - a.0);
    2.0 * EARTH_RADIUS_KM * h.sqrt().asin()
}

/// What the file has to be.
fn generated() -> String {
    let institutions = reference("institutions.csv");
    let mut labs: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for lab in reference("labs.csv") {
        for host in lab["institution_ids"].split(';') {
            labs.entry(host.to_owned()).or_default().push(lab["name"].clone());
        }
    }
    let own: BTreeMap<String, (f64, f64)> = reference("places.tsv")
        .into_iter()
        .map(|row| {
            let degrees = |name: &str| row[name].parse::<f64>().unwrap();
            (row["institution"].clone(), (degrees("longitude"), degrees("latitude")))
        })
        .collect();
    let mut cities: BTreeMap<&str, Vec<(f64, f64)>> = BTreeMap::new();
    for row in &institutions {
        cities.entry(&row["city"]).or_default().extend(own.get(&row["name"]));
    }
    let nanjing = mean(&cities["南京"]).unwrap();
    let lists: BTreeMap<(String, String), String> = reference("disciplines.tsv")
        .into_iter()
        .map(|row| {
            let names = row["disciplines"].replace("（自定）", "");
            ((row["institution"].clone(), row["year"].clone()), names)
        })
        .collect();
    let senders: BTreeSet<String> =
        reference("township_teams.tsv").into_iter().map(|row| row["institution"].clone()).collect();

    let has = |row: &BTreeMap<String, String>, class: &str| {
        row["classes"].split(';').any(|other| other == class)
    };
    let universities = institutions.iter().filter(|row| has(row, "double_first_class"));
    let universities: Vec<_> = universities.collect();
    let mut institutes: Vec<_> =
        institutions.iter().filter(|row| has(row, "major_institute")).collect();
    institutes.sort_by_key(|row| std::cmp::Reverse(served(labs.get(&row["external_id"]))));
    institutes.truncate(INSTITUTIONS - universities.len());

    let mut text = HEAD.to_owned();
    for row in universities.into_iter().chain(institutes) {
        let name = &row["name"];
        let classes: Vec<&str> = [
            ("985", "985"),
            ("double_first_class", "key_double_first_class"),
            ("major_institute", "major_institute"),
        ]
        .into_iter()
        .filter(|(class, _)| has(row, class))
        .map(|(_, of_case)| of_case)
        .collect();
        let of_year = |year: &str| lists.get(&(name.clone(), year.to_owned())).cloned();
        let disciplines = match of_year("2022") {
            Some(own) if own == "自主确定" => of_year("2017").unwrap(),
            list => list.unwrap_or_default(),
        };
        let city = row["city"].as_str();
        let place = own.get(name).copied().or_else(|| mean(cities.get(city)?));
        let place = place.filter(|_| !city.is_empty());
        let distance =
            place.map_or(String::new(), |place| format!("{:.0}", distance_km(nanjing, place)));
        let sent = if senders.contains(name) { "yes" } else { "unknown" };
        let labs = labs.get(&row["external_id"]).map_or(String::new(), |labs| labs.join(";"));
        let classes = classes.join(";");
        writeln!(text, "{name},{classes},{city},{sent},{distance},{disciplines},{labs}").unwrap();
    }
    text
}

/// How many leading industries of Nanjing's districts and parks these laboratories' names speak for.
fn served(labs: Option<&Vec<String>>) -> usize {
    let (places, table) = tables();
    let homes = places.districts().chain(places.parks());
    let industries: BTreeSet<&str> =
        homes.flat_map(|home| places.industries(home, None)).map(String::as_str).collect();
    let names = labs.map_or(String::new(), |labs| labs.join(";"));
    let speaks = |industry: &&&str| {
        let words = table.0.get(**industry).map_or(&[][..], |serving| &serving.lab_words);
        words.iter().any(|(word, _)| names.contains(word.as_str()))
    };
    industries.iter().filter(speaks).count()
}

fn tables() -> (Places, Affinities) {
    let data = Data::embedded();
    (Places::load(&data).unwrap(), Affinities::load(&data).unwrap())
}

#[test]
fn the_institutions_are_those_of_the_reference_data() {
    let text = generated();
    if std::env::var_os("DUIJIE_WRITE_CASE").is_some() {
        std::fs::write(FILE, &text).unwrap();
    }
    let shipped = std::fs::read_to_string(FILE).unwrap();
    for (shipped, want) in shipped.lines().zip(text.lines()) {
        assert_eq!(shipped, want, "DUIJIE_WRITE_CASE=1 writes {FILE} anew");
    }
    assert_eq!(shipped.lines().count(), text.lines().count());
}

#[test]
fn the_sample_is_a_case_with_more_institutions_than_can_be_posted_to() {
    let case = sample_case(&Data::embedded()).unwrap();
    assert_eq!(case, sample_case(&Data::embedded()).unwrap());
    assert_eq!((case.batches.len(), case.commissioners.len()), (4, 100));
    assert_eq!(case.start.to_string(), "2019-12");
    let of = |class| case.institutions.iter().filter(|host| host.classes.contains(&class)).count();
    let counts = Class::ALL.map(of);
    assert_eq!(counts, [39, 147, 53]);
    assert_eq!(case.institutions.len(), INSTITUTIONS);
    assert!(case.institutions.len() > case.commissioners.len());
    let sent = |sent| case.institutions.iter().filter(|host| host.sent == sent).count();
    assert_eq!([Sent::Yes, Sent::No, Sent::Unknown].map(sent), [5, 12, 183]);
    let find = |name: &str| case.institutions.iter().find(|host| host.id == name).unwrap();
    let near = find("东南大学").distance_km.unwrap();
    let far = find("北京大学").distance_km.unwrap();
    assert!(near < 30 && (850..950).contains(&far), "{near}, {far}");
    assert!(find("清华大学").disciplines.len() > 20 && find("清华大学").key_labs.len() > 5);
}

#[test]
fn most_institutions_have_something_that_a_home_of_the_case_needs() {
    let case = sample_case(&Data::embedded()).unwrap();
    let (places, table) = tables();
    let homes: BTreeSet<&str> = case.commissioners.iter().map(|one| one.home()).collect();
    let industries: BTreeSet<&str> =
        homes.iter().flat_map(|home| places.industries(home, None)).map(String::as_str).collect();
    let serving: Vec<_> = industries.iter().filter_map(|name| table.0.get(*name)).collect();
    let without: Vec<&str> = case
        .institutions
        .iter()
        .filter(|host| {
            let disciplines = serving.iter().flat_map(|serving| &serving.disciplines);
            let words = serving.iter().flat_map(|serving| &serving.lab_words);
            !disciplines.into_iter().any(|(name, _)| host.disciplines.contains(name))
                && !words
                    .into_iter()
                    .any(|(word, _)| host.key_labs.iter().any(|lab| lab.contains(word)))
        })
        .map(|host| host.id.as_str())
        .collect();
    assert!(without.len() <= 20, "{} {without:?}", without.len());
}
