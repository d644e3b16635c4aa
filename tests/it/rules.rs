//! `duijie rule`: the rules as people and programs read them, and packs that a folder replaces.

use std::process::Command;

use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use crate::support::process::{duijie, told};

/// The binary, which needs no home for this.
fn rule() -> Command {
    let mut command = duijie(std::path::Path::new("."));
    command.arg("rule");
    command
}

#[test]
fn every_rule_is_listed_and_explained() {
    let (code, book) = told(rule().arg("list"));
    assert_eq!(code, Some(0));
    let rules = book["rules"].as_array().unwrap();
    assert!(rules.len() >= 15, "{}", rules.len());
    for listed in rules {
        let (code, rule) = told(rule().args(["explain", listed["id"].as_str().unwrap()]));
        assert_eq!((code, &rule), (Some(0), listed));
        assert!(book["packs"].as_array().unwrap().iter().any(|pack| pack["id"] == rule["pack"]));
    }
}

#[test]
fn a_rule_is_explained_to_people() {
    let output = rule().args(["explain", "h3"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let said = String::from_utf8(output.stdout).unwrap();
    for part in
        ["首批与科技镇长团错位", "必须：不符合则拒绝", "自 2019-12 起", "unknown_sent_blocks"]
    {
        assert!(said.contains(part), "{part} in {said}");
    }
}

#[test]
fn the_list_aligns() {
    let output = rule().arg("list").output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let table: Vec<&str> = said.lines().filter(|line| line.starts_with('─')).collect();
    let widths: Vec<usize> = table.iter().map(|line| line.width()).collect();
    assert!(!widths.is_empty() && widths.iter().all(|width| *width <= 100), "{widths:?}");
}

#[test]
fn an_unknown_rule_is_told_with_near_names() {
    let output = rule().args(["explain", "H33"]).output().unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("没有规则“H33”；相近的有：H3"), "{said}");
}

#[test]
fn a_folder_replaces_a_pack_and_a_wrong_one_is_refused_whole() {
    let folder = tempfile::tempdir().unwrap();
    let pack = "data/programmes/hundred_universities.toml";
    let text = std::fs::read_to_string(pack).unwrap();
    std::fs::create_dir(folder.path().join("programmes")).unwrap();
    let replace = |text: &str| {
        std::fs::write(folder.path().join("programmes/hundred_universities.toml"), text).unwrap();
        let mut command = rule();
        command.arg("--data").arg(folder.path());
        command
    };
    assert!(text.contains("value = 3\nunit = \"年\""));
    let longer = text.replace("value = 3\nunit = \"年\"", "value = 5\nunit = \"年\"");
    let (_, changed) = told(replace(&longer).args(["explain", "H2"]));
    assert_eq!(changed["parameters"][0]["value"], Value::from(5));
    let wrong = text.replace("value = 3\nunit = \"年\"", "value = 300\nunit = \"年\"");
    let output = replace(&wrong).args(["explain", "H1"]).output().unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("“rules[2].parameters.years.value”：300 超出范围"), "{said}");
}
