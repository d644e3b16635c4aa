//! What is refused in a pack, and with which words.

use super::*;

const GOOD: &str = r#"id = "p"
name = "包"
version = "1"
kind = "seed"
source = "来源"

[[rules]]
id = "X1"
title = "题"
text = "文"
source = "来源"
from = "2019-12"
version = 1
modality = "must"
[rules.parameters.b_max]
value = 5
unit = "人"
min = 1
max = 10
text = "上限"
[rules.parameters.a_max]
value = 50_000_000
unit = "分"
min = 0
max = 100_000_000
text = "五十万元"
ours = true

[[rules]]
id = "X2"
title = "题"
text = "文"
source = "来源"
version = 2
modality = "may"
refines = "X1"
"#;

/// What is told of [`GOOD`] with one text put for another.
fn told(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    let text = GOOD.replacen(from, to, 1);
    read(&[("p.toml", &text)]).unwrap_err().to_string()
}

#[test]
fn a_pack_is_read_in_the_order_of_its_file() {
    let packs = read(&[("p.toml", GOOD)]).unwrap();
    let rule = &packs[0].rules[0];
    assert_eq!((rule.id.as_str(), rule.modality, rule.ours), ("X1", Modality::Must, false));
    assert_eq!(rule.from.unwrap().to_string(), "2019-12");
    let keys: Vec<_> = rule.parameters.iter().map(|p| (p.key.as_str(), p.value, p.ours)).collect();
    assert_eq!(keys, [("b_max", 5, false), ("a_max", 50_000_000, true)]);
    assert_eq!(packs[0].rules[1].refines.as_deref(), Some("X1"));
}

#[test]
fn faults_are_told_with_file_line_field_and_what_would_be_right() {
    assert_eq!(
        told("title = \"题\"", "titel = \"题\""),
        "p.toml 第 7 行“rules[1].title”：没有填写；这一项必须有\n\
         p.toml 第 9 行“rules[1].titel”：没有这一项；相近的有：title"
    );
    assert_eq!(
        told("value = 5\n", "value = \"5\"\n"),
        "p.toml 第 16 行“rules[1].parameters.b_max.value”：不能是这样的文字；\
         应为整数，不加引号和小数点"
    );
    assert_eq!(
        told("value = 5\n", "value = 11\n"),
        "p.toml 第 16 行“rules[1].parameters.b_max.value”：11 超出范围；应在 1 到 10 之间"
    );
    assert_eq!(
        told("\"must\"", "\"shall\""),
        "p.toml 第 14 行“rules[1].modality”：不认识“shall”；应为 must、should、may 之一"
    );
    assert_eq!(
        told("\"2019-12\"", "\"2019-13\""),
        "p.toml 第 12 行“rules[1].from”：“2019-13”不是日期；\
         如 \"2019\"、\"2019-12\"、\"2019-12-31\""
    );
    assert_eq!(
        told("version = 2", "version = 0"),
        "p.toml 第 34 行“rules[2].version”：0 不是版本号；从 1 数起的整数"
    );
    let early = told("from = \"2019-12\"", "from = \"2019-12\"\nuntil = \"2018\"");
    assert!(early.contains("第 13 行“rules[1].until”：2018 早于 2019-12"), "{early}");
    assert!(told("id = \"p\"", "id = ").starts_with("p.toml 第 1 行：不是合法的 TOML"));
    assert!(told("name = \"包\"", "id = \"q\"").contains("第 2 行：不是合法的 TOML"));
    let wide = told("value = 5\n", "value = 99999999999999999999\n");
    assert!(wide.contains("第 16 行“rules[1].parameters.b_max.value”"), "{wide}");
}

#[test]
fn names_are_there_once_over_all_packs() {
    let twice = told("id = \"X2\"", "id = \"X1\"");
    assert!(twice.contains("第 30 行“rules[2].id”：“X1”已经有了"), "{twice}");
    let faults = read(&[("p.toml", GOOD), ("q.toml", GOOD)]).unwrap_err();
    let places: Vec<_> =
        faults.told().iter().map(|f| (f.file.as_str(), f.field.as_str())).collect();
    let second = |field| ("q.toml", field);
    let want = [
        "id",
        "rules[1].id",
        "rules[1].parameters.b_max",
        "rules[1].parameters.a_max",
        "rules[2].id",
    ];
    assert_eq!(places, want.map(second));
}

#[test]
fn rules_name_rules_that_are_there_and_never_themselves() {
    let missing = told("refines = \"X1\"", "refines = \"X9\"");
    assert!(missing.contains("第 36 行“rules[2].refines”：没有规则“X9”"), "{missing}");
    let own = told("refines = \"X1\"", "replaces = \"X2\"");
    assert!(own.contains("“X2”经“X2”又回到自身"), "{own}");
    let circle = told("modality = \"must\"", "modality = \"must\"\nreplaces = \"X2\"");
    assert_eq!(circle.matches("成了循环").count(), 2, "{circle}");
}
