//! Files as they come: the data that is shipped, and the same records in every guise.

use duijie::intake::{Encoding, Options, PendingDraft, Refused, Tables, read};
use duijie::model::{Draft, Kind};

fn data(path: &str) -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(path);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn tables() -> Tables {
    let text = |path| String::from_utf8(data(path)).unwrap();
    Tables::from_tsv(
        &text("reference/areas.tsv"),
        &text("reference/industries.tsv"),
        &text("reference/regions.tsv"),
    )
    .unwrap()
}

/// The drafts and refusals of a file.
fn import(
    kind: Kind,
    file: &str,
    bytes: &[u8],
    tables: &Tables,
) -> (Vec<PendingDraft>, Vec<Refused>) {
    let sheet = read(kind, bytes, &Options::new(file), tables)
        .unwrap_or_else(|error| panic!("{file}: {error}"));
    let (mut drafts, mut refused) = (Vec::new(), Vec::new());
    for row in sheet {
        match row {
            Ok(draft) => drafts.push(draft),
            Err(all) => refused.extend(all),
        }
    }
    (drafts, refused)
}

#[test]
fn every_shipped_file_is_read_without_a_refusal() {
    let tables = tables();
    let mut files = vec![
        (Kind::Institution, "reference/institutions.csv".to_owned(), 1410),
        (Kind::Lab, "reference/labs.csv".to_owned(), 254),
        (Kind::Institution, "sample/institutions.csv".to_owned(), 12),
    ];
    for (kind, least) in
        [(Kind::Lab, 60), (Kind::Achievement, 200), (Kind::Enterprise, 24), (Kind::Need, 40)]
    {
        files.push((kind, format!("sample/{}.jsonl", kind.plural()), least));
    }
    for (kind, file, least) in files {
        let (drafts, refused) = import(kind, &file, &data(&file), &tables);
        assert_eq!(refused, [], "{file}");
        assert!(drafts.len() >= least, "{file}: only {} rows", drafts.len());
    }
    let listed: Vec<_> = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/data/reference"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".csv"))
        .collect();
    assert_eq!(listed.len(), 2, "a new table wants a line above: {listed:?}");
}

#[test]
fn shipped_tables_have_no_column_that_is_not_imported() {
    let tables = tables();
    for (kind, file) in [
        (Kind::Institution, "reference/institutions.csv"),
        (Kind::Lab, "reference/labs.csv"),
        (Kind::Achievement, "sample/achievements.jsonl"),
        (Kind::Need, "sample/needs.jsonl"),
    ] {
        let bytes = data(file);
        let mut sheet = read(kind, &bytes, &Options::new(file), &tables).unwrap();
        sheet.by_ref().for_each(drop);
        assert_eq!(sheet.notes().ignored, [], "{file}");
    }
}

const CSV: &str = "\
需求编号,企业编号,需求名称,需求内容,行业,技术领域,预算（万元）,合作方式,截止日期,期望成熟度,可见范围\r\n\
n-1,ent-1,膜电极寿命短,\"要求：1、≥8000 h；\r\n2、成本\"\"降三成\"\"\",3841,NSFC:B；氢能,80.5,合作开发、技术入股,2026年12月,6,公开\r\n\
n-2,,轴承异响,,,,,,,,\r\n";

const JSONL: &str = r#"{"external_id": "n-1", "enterprise_id": "ent-1", "title": "膜电极寿命短", "body": "要求：1、≥8000 h；\r\n2、成本\"降三成\"", "industry": "GB/T 4754-2017:3841", "areas": ["NSFC:B", "氢能"], "budget": "80.5万元", "modes": ["joint_development", "equity"], "deadline": "2026-12", "maturity_wanted": 6, "visibility": "public"}
{"external_id": "n-2", "title": "轴承异响"}
"#;

/// `text` in an encoding, with the byte order mark where one is usual.
fn encoded(text: &str, encoding: Encoding, bom: bool) -> Vec<u8> {
    let marked = if bom { format!("\u{FEFF}{text}") } else { text.to_owned() };
    match encoding {
        Encoding::Utf8 => marked.into_bytes(),
        Encoding::Utf16Le => marked.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        Encoding::Utf16Be => marked.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        Encoding::Gb18030 => encoding_rs::GB18030.encode(text).0.into_owned(),
    }
}

#[test]
fn every_encoding_of_every_format_gives_the_same_records() {
    let tables = tables();
    let tsv = CSV.replace('\r', "").replace(',', "\t");
    let mut first: Option<Vec<(Draft, Vec<String>)>> = None;
    for (file, text) in [("n.csv", CSV), ("n.tsv", &tsv), ("n.jsonl", JSONL), ("n", JSONL)] {
        let text = text.replace("\r", "").replace("\\r", "");
        for (encoding, bom) in [
            (Encoding::Utf8, false),
            (Encoding::Utf8, true),
            (Encoding::Utf16Le, true),
            (Encoding::Utf16Be, true),
            (Encoding::Gb18030, false),
        ] {
            let bytes = encoded(&text, encoding, bom);
            let (drafts, refused) = import(Kind::Need, file, &bytes, &tables);
            assert_eq!(refused, [], "{file} {encoding}");
            let found: Vec<_> = drafts
                .iter()
                .map(|draft| (draft.draft().clone(), draft.references().1.to_vec()))
                .collect();
            assert_eq!(found.len(), 2);
            assert_eq!(&found, first.get_or_insert(found.clone()), "{file} {encoding}");
        }
    }
}

#[test]
fn a_bad_cell_is_named_by_file_row_column_value_and_what_would_be_right() {
    let text = CSV.replace("80.5", "八十万");
    let (drafts, refused) = import(Kind::Need, "需求.csv", text.as_bytes(), &tables());
    assert_eq!(drafts.len(), 1, "the good row is kept");
    let want = Refused {
        file: "需求.csv".into(),
        sheet: None,
        row: 2,
        column: Some("G 预算（万元）".into()),
        value: "八十万".into(),
        reason: "“八十万”不是金额".into(),
        expected: "如 80万元、1.5亿元、500000元；只写数字时单位为万元；没有金额请留空".into(),
    };
    assert_eq!(refused, [want]);
}
