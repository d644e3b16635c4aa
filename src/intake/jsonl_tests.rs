use super::super::{Options, Refused, Tables, read};
use crate::model::{Body, Kind};

fn refused(line: &str) -> Vec<Refused> {
    let tables = Tables::default();
    let sheet = read(Kind::Need, line.as_bytes(), &Options::new("n.jsonl"), &tables).unwrap();
    sheet.filter_map(Result::err).flatten().collect()
}

/// The only refusal of a line as `row column|value|reason`.
fn only(line: &str) -> String {
    let all = refused(line);
    let [one] = all.as_slice() else { panic!("{all:?}") };
    let column = one.column.as_deref().unwrap_or("-");
    format!("{} {column}|{}|{}", one.row, one.value, one.reason)
}

#[test]
fn what_is_no_object_is_refused_with_its_line_and_why() {
    assert_eq!(only("\n[1]"), "2 -|[1]|不是 JSON 对象");
    assert_eq!(only("{\"编号\": 需}"), "1 -|{\"编号\": 需}|第 8 个字符处不合 JSON 语法");
    assert_eq!(only("{\"a\": \"b"), "1 -|{\"a\": \"b|JSON 在行末中断，缺少引号或括号");
    assert_eq!(
        only(r#"{"title": "a", "external_id": "b", "title": "c"}"#),
        r#"1 -|{"title": "a", "external_id": "b", "title": "c"}|键“title”写了两次"#
    );
    assert!(only(r#"{"title": "a", "题名": "b", "external_id": "c"}"#).contains("是同一列"));
    assert_eq!(only(r#"{"title": ["a"], "external_id": "c"}"#), "1 title|[\"a\"]|不能是列表");
    assert_eq!(only(r#"{"title": "a"}"#), "1 external_id||不能为空");
}

#[test]
fn values_are_taken_as_lists_numbers_or_separated_text() {
    let lines = "# 说明\n{\"external_id\": 7, \"title\": \"a\", \"modes\": [\"合作开发\", \"技术入股\"], \
        \"budget\": 800000, \"maturity_wanted\": 6, \"deadline\": null, \"x\": 1, \"备注\": \"\"}\n\n\
        {\"external_id\": \"8\", \"title\": \"b\", \"modes\": \"合作开发；技术入股\", \"budget\": \"80万元\", \"x\": 2}";
    let tables = Tables::default();
    let mut sheet = read(Kind::Need, lines.as_bytes(), &Options::new("n.jsonl"), &tables).unwrap();
    let drafts: Vec<_> = sheet.by_ref().map(Result::unwrap).collect();
    assert_eq!(drafts.iter().map(|draft| draft.row()).collect::<Vec<_>>(), [2, 4]);
    let needs: Vec<_> = drafts
        .iter()
        .map(|draft| match &draft.draft().body {
            Body::Need(need) => (need.modes.clone(), need.budget),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(needs[0], needs[1]);
    let list = r#"{"external_id": "l", "name": "a", "areas": ["金属、合金", "陶瓷"]}"#;
    let mut labs = read(Kind::Lab, list.as_bytes(), &Options::new("l.jsonl"), &tables).unwrap();
    let Body::Lab(lab) = labs.next().unwrap().unwrap().draft().body.clone() else { unreachable!() };
    assert_eq!(lab.areas[0].name, "金属、合金", "the entries of a list are not parted again");
    let ignored: Vec<_> = sheet.notes().ignored.iter().map(|i| i.place.as_str()).collect();
    assert_eq!(ignored, ["x", "备注"], "each ignored key is told once");
    assert_eq!(sheet.notes().skipped[0].row, 1);
}
