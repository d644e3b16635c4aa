use super::super::{Encoding, SkippedKind, Unit};
use super::*;
use crate::model::Body;
use proptest::prelude::*;

fn open<'a>(kind: Kind, text: &'a str, tables: &'a Tables) -> Sheet<'a> {
    read(kind, text.as_bytes(), &Options::new("t.csv"), tables).unwrap()
}

fn fault(kind: Kind, bytes: &[u8]) -> IntakeError {
    match read(kind, bytes, &Options::new("t.csv"), &Tables::default()) {
        Ok(_) => panic!("was read"),
        Err(error) => error,
    }
}

/// Rows of the good records and `row column` of the refusals.
fn rows(text: &str) -> (Vec<u32>, Vec<String>) {
    let tables = Tables::default();
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for row in open(Kind::Need, text, &tables) {
        match row {
            Ok(draft) => good.push(draft.row()),
            Err(refused) => bad.extend(
                refused.iter().map(|r| format!("{} {}", r.row, r.column.as_deref().unwrap_or("-"))),
            ),
        }
    }
    (good, bad)
}

#[test]
fn notes_titles_units_and_footnotes_are_told_and_not_imported() {
    let text = "# 来源：某市, \"征集\n\n附件2,,,\n企业技术需求汇总表,,,\n,,,单位：万元\n\
                编号,需求名称,备注信息,预算\n1,甲,,80\n,,,\n2,乙,,80元\n注：带 * 为必填,,,\n";
    let tables = Tables::default();
    let mut sheet = open(Kind::Need, text, &tables);
    let budgets: Vec<_> = sheet
        .by_ref()
        .map(|row| {
            let row = row.unwrap();
            let Body::Need(need) = &row.draft().body else { unreachable!() };
            (row.row(), need.budget.unwrap().get())
        })
        .collect();
    assert_eq!(budgets, [(7, 80_000_000), (9, 8_000)]);
    let notes = sheet.notes();
    assert_eq!((notes.header_row, notes.delimiter), (Some(6), Some(',')));
    let skipped: Vec<_> = notes.skipped.iter().map(|s| (s.row, s.kind, s.text.as_str())).collect();
    assert_eq!(
        skipped,
        [
            (1, SkippedKind::Note, "# 来源：某市, \"征集"),
            (3, SkippedKind::Title, "附件2"),
            (4, SkippedKind::Title, "企业技术需求汇总表"),
            (5, SkippedKind::Title, "单位：万元"),
            (10, SkippedKind::Footnote, "注：带 * 为必填"),
        ]
    );
    assert_eq!(notes.ignored[0].place, "C 备注信息");
    assert_eq!(notes.columns[2].unit.map(|unit: Unit| unit.label), Some("万元"));
}

#[test]
fn every_delimiter_is_found_by_the_header_row() {
    let tables = Tables::default();
    for delimiter in DELIMITERS {
        let text = "标题，含逗号\n编号,需求名称\n1,甲\n".replace(',', &delimiter.to_string());
        let mut sheet = open(Kind::Need, &text, &tables);
        assert_eq!(sheet.notes().delimiter, Some(delimiter));
        assert_eq!(sheet.next().unwrap().unwrap().draft().body.title(), "甲");
    }
}

#[test]
fn a_ragged_row_is_named_and_its_neighbours_are_kept() {
    let text = "编号,需求名称,需求内容,\n1,甲,x,\n2,乙\n3,丙,y,,,\n4,丁,z,,多\n5,戊,w\n";
    let want = vec!["3 C 需求内容".to_owned(), "5 E".to_owned()];
    assert_eq!(rows(text), (vec![2, 4, 6], want));
}

#[test]
fn a_column_without_a_header_is_told_if_it_holds_anything() {
    let tables = Tables::default();
    let mut sheet = open(Kind::Need, "编号,,需求名称,\n1,x,甲,\n2,y,乙,\n", &tables);
    assert_eq!(sheet.by_ref().filter(Result::is_ok).count(), 2);
    let places: Vec<_> = sheet.notes().ignored.iter().map(|i| i.place.as_str()).collect();
    assert_eq!(places, ["B"]);
}

#[test]
fn what_keeps_a_file_from_being_read_is_said_in_a_sentence() {
    let missing = fault(Kind::Need, "序号,需求名称,预算\n1,甲,2\n".as_bytes());
    assert_eq!(
        missing.to_string(),
        "前 10 行里没有合用的表头：缺少必填列 external_id（需求编号）；找到的列：序号、需求名称、预算"
    );
    let twice = fault(Kind::Need, "编号,需求名称,题名\n1,甲,乙\n".as_bytes());
    assert!(twice.to_string().starts_with("“B 需求名称”与“C 题名”是同一列"), "{twice}");
    let none = fault(Kind::Lab, b"");
    assert!(none.to_string().ends_with("找到的列：无"), "{none}");
    let wide = format!("编号,名称{}", ",x".repeat(200));
    let error = fault(Kind::Lab, wide.as_bytes());
    assert_eq!(error, IntakeError::TooManyColumns { row: 1, columns: 202 });
    let tables = Tables::default();
    let comma = Options { delimiter: Some('，'), ..Options::new("t.csv") };
    assert!(matches!(
        read(Kind::Lab, b"", &comma, &tables),
        Err(IntakeError::BadDelimiter { delimiter: '，' })
    ));
    let source = Options::new("t.csv").with_source("a:b");
    assert!(matches!(read(Kind::Lab, b"", &source, &tables), Err(IntakeError::BadSource { .. })));
}

#[test]
fn too_many_rows_are_refused_before_any_is_read() {
    let text = format!("编号,名称\n{}", "1,a\n".repeat(ROWS_MAX + 1));
    assert_eq!(fault(Kind::Lab, text.as_bytes()), IntakeError::TooManyRows { rows: ROWS_MAX + 1 });
    let tables = Tables::default();
    let blank = format!("编号,名称\n{}", "\n".repeat(ROWS_MAX + 5));
    assert!(read(Kind::Lab, blank.as_bytes(), &Options::new("t.csv"), &tables).is_ok());
}

#[test]
fn a_csv_as_chinese_excel_writes_it_is_read() {
    let text = "编号,需求名称,预算（万元）\r\n1,\"膜电极，寿命\r\n要长\",1.5\r\n2,乙,\r\n";
    let bytes = encoding_rs::GBK.encode(text).0.into_owned();
    let tables = Tables::default();
    let sheet = read(Kind::Need, &bytes, &Options::new("t.csv"), &tables).unwrap();
    assert_eq!(sheet.notes().encoding, Encoding::Gb18030);
    let drafts: Vec<_> = sheet.map(Result::unwrap).collect();
    assert_eq!(drafts[0].draft().body.title(), "膜电极，寿命\r\n要长");
    assert_eq!(drafts[1].row(), 3);
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes: Vec<u8>, lines in "[\\[{\"#编号题名,;\t\r\n:}\\]0-9]{0,80}") {
        let tables = Tables::default();
        let headed = format!("编号,题名\n{lines}").into_bytes();
        let tail = [b"external_id,title\n".as_slice(), &bytes].concat();
        for bytes in [&bytes, lines.as_bytes(), &headed, &tail] {
            for file in ["a", "a.csv", "a.jsonl"] {
                for kind in &Kind::IMPORTED {
                    if let Ok(sheet) = read(*kind, bytes, &Options::new(file), &tables) {
                        for row in sheet {
                            prop_assert!(row.is_ok() || row.is_err_and(|all| !all.is_empty()));
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn good_rows_around_a_bad_one_are_kept_in_order(count in 1_u32..40, bad in 0_u32..40) {
        let bad = bad % count;
        let mut text = "编号,需求名称,需求内容,预算\n".to_owned();
        for row in 0..count {
            let budget = if row == bad { "面议" } else { "80万元" };
            text.push_str(&format!("n{row},题{row},\"行\n内\"\"换\"\"行\",{budget}\n"));
        }
        let (good, refused) = rows(&text);
        prop_assert_eq!(good, (0..count).filter(|row| *row != bad).map(|row| row + 2).collect::<Vec<_>>());
        prop_assert_eq!(refused, vec![format!("{} D 预算", bad + 2)]);
    }
}
