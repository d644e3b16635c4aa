//! The command line as other programs call it: results on stdout alone, exit codes, stories.

mod plans;

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use unicode_width::UnicodeWidthStr;

/// A home in a temporary folder and the binary that works in it.
struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_duijie"))
            .arg("--home")
            .arg(self.folder.path().join("home"))
            .args(arguments)
            .env_remove("RUST_LOG")
            .output()
            .unwrap()
    }

    /// The JSON that a command prints; it must end with `code`.
    fn json(&self, arguments: &[&str], code: i32) -> Value {
        let output = self.run(&[arguments, &["--json"]].concat());
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {told}");
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stdout)))
    }

    fn file(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.display().to_string()
    }

    fn home(&self) -> std::path::PathBuf {
        self.folder.path().join("home")
    }
}

const LABS: &str = "external_id,name,profile\n\
    l1,膜电极与燃料电池实验室,从事质子交换膜燃料电池膜电极的研究\n\
    l2,食品发酵研究团队,从事黄酒发酵与风味研究\n";
const ACHIEVEMENTS: &str = "编号,成果名称,成果简介,所属实验室,完成时间\n\
    a1,高温质子交换膜的制备,制得的质子交换膜在120℃下电导率达到0.1 S/cm。寿命超过5000小时。,l1,2021-06\n\
    a2,黄酒发酵过程控制,以在线传感器控制黄酒发酵的温度。,l2,2020\n";
const NEEDS: &str = "需求编号,需求名称,需求详情,预算（万元）\n\
    n1,高温膜电极用的质子交换膜,现有的质子交换膜到100℃就不行了,80\n";

/// A desk with two labs, two achievements and a need.
fn furnished() -> Desk {
    let desk = Desk::new();
    for (kind, text) in [("labs", LABS), ("achievements", ACHIEVEMENTS), ("needs", NEEDS)] {
        let file = desk.file(&format!("{kind}.csv"), text.as_bytes());
        let report = desk.json(&["import", kind, &file], 0);
        assert_eq!(report["created"], text.lines().count() - 1);
        assert_eq!(report["refused"], serde_json::json!([]));
    }
    desk
}

#[test]
fn a_need_is_matched_with_reasons_that_add_up() {
    let desk = furnished();
    let answer = desk.json(&["match", "--need", "n1"], 0);
    assert_eq!(answer["need"]["external_id"], "n1");
    assert_eq!(answer["no_good_match"], false);
    let best = &answer["matches"][0];
    assert_eq!(best["rank"], 1);
    assert_eq!(best["lab"]["external_id"], "l1");
    let parts = best["contributions"].as_array().unwrap();
    let sum: f64 = parts.iter().map(|part| part["value"].as_f64().unwrap()).sum();
    assert!((sum - best["score"].as_f64().unwrap()).abs() < 1e-9);
    let evidence = best["evidence"].as_array().unwrap();
    let of_paper = evidence.iter().find(|e| e["field"] == "abstract").unwrap();
    let text: Vec<char> = of_paper["text"].as_str().unwrap().chars().collect();
    let span = of_paper["spans"][0].as_array().unwrap();
    let (start, end) = (span[0].as_u64().unwrap() as usize, span[1].as_u64().unwrap() as usize);
    assert_eq!(text[start..end].iter().collect::<String>(), "质子交换膜");
    // The same question, the same answer.
    assert_eq!(desk.json(&["match", "--need", "n1"], 0), answer);
    assert_eq!(desk.json(&["match", "--need", "import:n1"], 0)["result_id"], answer["result_id"]);
}

#[test]
fn needs_are_found_for_a_lab_and_an_achievement_with_the_same_score() {
    let desk = furnished();
    let forward = desk.json(&["match", "--need", "n1", "--today", "2026-03-01"], 0);
    let of_lab = desk.json(&["match", "--lab", "l1", "--today", "2026-03-01"], 0);
    assert_eq!(of_lab["subject"]["external_id"], "l1");
    let best = &of_lab["matches"][0];
    assert_eq!(best["need"]["external_id"], "n1");
    assert_eq!(best["score"], forward["matches"][0]["score"]);
    assert_eq!(best["contributions"], forward["matches"][0]["contributions"]);
    let of_achievement = desk.json(&["match", "--achievement", "a1"], 0);
    assert_eq!(of_achievement["subject"]["kind"], "achievement");
}

#[test]
fn an_unrelated_text_has_no_good_match() {
    let answer = furnished().json(&["match", "--text", "今天下雨，我们去吃火锅吧"], 0);
    assert_eq!(answer["no_good_match"], true);
    assert_eq!(answer["matches"], serde_json::json!([]));
}

#[test]
fn importing_twice_changes_nothing_and_a_changed_row_is_updated() {
    let desk = furnished();
    let file = desk.file("again.csv", ACHIEVEMENTS.as_bytes());
    let report = desk.json(&["import", "achievements", &file], 0);
    assert_eq!((report["unchanged"].as_u64(), report["updated"].as_u64()), (Some(2), Some(0)));
    let file = desk.file("changed.csv", ACHIEVEMENTS.replace("黄酒", "米酒").as_bytes());
    let report = desk.json(&["import", "achievements", &file], 0);
    assert_eq!((report["unchanged"].as_u64(), report["updated"].as_u64()), (Some(1), Some(1)));
    let found = desk.json(&["search", "米酒"], 0);
    assert_eq!(found["total"], 1);
    assert_eq!(found["hits"][0]["external_id"], "a2");
}

#[test]
fn bad_rows_are_named_and_good_rows_kept() {
    let desk = furnished();
    let text = "需求编号,需求名称,预算（万元）,企业编号\nn7,,80,\nn8,磁力泵漏液,八十,\nn9,轴承异响,5,e404\nn10,电机啸叫,12,\n";
    // As Chinese Excel writes it.
    let (bytes, _, _) = encoding_rs::GBK.encode(text);
    let file = desk.file("needs-gbk.csv", &bytes);
    let report = desk.json(&["import", "needs", &file], 3);
    assert_eq!((report["read"].as_u64(), report["created"].as_u64()), (Some(4), Some(1)));
    let refused = report["refused"].as_array().unwrap();
    let rows: Vec<u64> = refused.iter().map(|r| r["row"].as_u64().unwrap()).collect();
    assert_eq!(rows, [2, 3, 4]);
    assert_eq!(refused[1]["value"], "八十");
    assert!(refused[1]["column"].as_str().unwrap().contains("预算"));
    for cell in refused {
        assert!(!cell["reason"].as_str().unwrap().is_empty(), "{cell}");
        assert!(!cell["expected"].as_str().unwrap().is_empty(), "{cell}");
    }
    assert_eq!(desk.json(&["search", "电机啸叫"], 0)["total"], 1);
}

#[test]
fn exit_codes_tell_wrong_usage_from_failure() {
    let desk = furnished();
    let code = |arguments: &[&str]| {
        let output = desk.run(arguments);
        assert!(output.stdout.is_empty(), "{arguments:?} printed a result");
        assert!(!output.stderr.is_empty(), "{arguments:?} said nothing");
        output.status.code()
    };
    assert_eq!(code(&["match"]), Some(2));
    assert_eq!(code(&["frobnicate"]), Some(2));
    assert_eq!(code(&["match", "--text", "  "]), Some(2));
    assert_eq!(code(&["match", "--text", "膜", "--limit", "0"]), Some(2));
    assert_eq!(code(&["match", "--text", "膜", "--region", "火星"]), Some(2));
    assert_eq!(code(&["import", "planets", "x.csv"]), Some(2));
    assert_eq!(code(&["match", "--need", "n404"]), Some(1));
    assert_eq!(code(&["import", "needs", "no-such-file.csv"]), Some(1));
    assert_eq!(
        code(&["evaluate", "rerank", "--documents", "x", "--topics", "x", "--qrels", "x"]),
        Some(1)
    );
}

#[test]
fn the_index_may_be_deleted_at_any_moment() {
    let desk = furnished();
    let before = desk.json(&["match", "--need", "n1"], 0);
    std::fs::remove_dir_all(desk.home().join("index")).unwrap();
    let after = desk.json(&["match", "--need", "n1"], 0);
    assert_eq!(after["matches"], before["matches"]);
    let status = desk.json(&["index", "rebuild"], 0);
    assert_eq!((status["documents"].as_u64(), status["lag"].as_i64()), (Some(5), Some(0)));
    assert_eq!(desk.json(&["index", "status"], 0), status);
    assert_eq!(desk.json(&["doctor"], 0)["healthy"], true);
}

#[test]
fn a_damaged_database_is_a_finding_with_advice() {
    let desk = furnished();
    std::fs::write(desk.home().join("data/duijie.db"), b"no database at all, but long enough")
        .unwrap();
    let found = desk.json(&["doctor"], 1);
    assert_eq!(found["healthy"], false);
    assert!(found["findings"][0]["message"].as_str().unwrap().contains("备份"), "{found}");
}

#[test]
fn organisations_are_referred_to_by_name_and_a_forgotten_unit_is_seen() {
    let desk = furnished();
    let firms = desk.file("firms.csv", "编号,企业名称\ne1,云锦泵业（虚构）\n".as_bytes());
    desk.json(&["import", "enterprises", &firms], 0);
    let text = "需求编号,需求名称,需求描述,企业名称,预算\nn5,磁力泵漏液,密封老是坏,云锦泵业（虚构）,\nn6,轴承异响,转久了响,,80\n";
    let report = desk.json(&["import", "needs", &desk.file("needs5.csv", text.as_bytes())], 3);
    assert_eq!(report["created"], 1, "{report}");
    assert_eq!(report["refused"][0]["row"], 3);
    assert!(report["refused"][0]["expected"].as_str().unwrap().contains("万元"), "{report}");
}

#[test]
fn the_demo_leaves_the_home_of_the_environment_alone() {
    let desk = furnished();
    let output = Command::new(env!("CARGO_BIN_EXE_duijie"))
        .args(["demo", "--once"])
        .env("DUIJIE_HOME", desk.home())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(desk.json(&["index", "status"], 0)["documents"], 5);
    assert_eq!(desk.run(&["demo", "--once", "--json"]).status.code(), Some(2));
}

#[test]
fn filters_restrict_the_labs() {
    let desk = Desk::new();
    desk.run(&["demo", "--once"]);
    let answer = desk.json(
        &["match", "--need", "need-06", "--region", "上海市", "--institution-class", "985"],
        0,
    );
    let labs = answer["matches"].as_array().unwrap();
    assert!(!labs.is_empty());
    for lab in labs {
        let names = lab["lab"]["institutions"].to_string();
        // The only institution of the sample in Shanghai, or a real one of the reference data.
        assert!(
            names.contains("沧屿交通大学")
                || lab["lab"]["external_id"].as_str().unwrap().starts_with("skl-"),
            "{names}"
        );
    }
}

#[test]
fn the_demo_prints_tables_that_align() {
    let output = Command::new(env!("CARGO_BIN_EXE_duijie"))
        .args(["demo", "--once"])
        .env_remove("DUIJIE_HOME")
        .current_dir(tempfile::tempdir().unwrap().path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("没有合适的匹配"), "one need is answered by nobody");
    assert!(text.contains("【"), "evidence is marked");
    let mut tables = 0;
    let mut width = None;
    for line in text.lines() {
        let rule = line.starts_with(['─', '═']);
        if rule && width.is_none() {
            width = Some(line.width());
            tables += 1;
        } else if let Some(wanted) = width {
            if line.is_empty() || line.starts_with("另有") || line.starts_with("需求") {
                width = None;
            } else {
                assert_eq!(line.width(), wanted, "out of line: {line}");
            }
        }
    }
    assert!(tables >= 4, "{tables} tables");
}

#[test]
fn evaluation_prints_the_measures_of_hand_computed_cases() {
    let desk = Desk::new();
    let documents = desk.file(
        "documents.jsonl",
        "{\"id\":\"d1\",\"title\":\"膜 电极 寿命\"}\n{\"id\":\"d2\",\"title\":\"黄酒 发酵\"}\n{\"id\":\"d3\",\"title\":\"膜 电极\"}\n".as_bytes(),
    );
    let topics = desk.file(
        "topics.jsonl",
        "{\"id\":\"t\",\"title\":\"膜电极的寿命\",\"body\":\"\"}\n".as_bytes(),
    );
    let qrels =
        desk.file("qrels.tsv", b"topic_id\tdocument_id\tlevel\nt\td1\t1\nt\td2\t3\nt\td3\t4\n");
    let files = ["--documents", &documents, "--topics", &topics, "--qrels", &qrels];
    let found = desk.json(&[&["evaluate", "rerank"], &files[..]].concat(), 0);
    // Ranked d1 (level 1), d3 (4), d2 (3): gains 0, 7, 3; ideal 7, 3, 0.
    let log2_3 = 3.0_f64.log2();
    let wanted = (7.0 / log2_3 + 3.0 / 2.0) / (7.0 + 3.0 / log2_3);
    assert!((found["ndcg@10"].as_f64().unwrap() - wanted).abs() < 1e-9, "{found}");
    assert_eq!(found["auc@3"], 0.0);
    assert_eq!(found["n_topics"], 1);
    assert!(found["seconds"].is_f64());
    let labs = desk.file(
        "labs.jsonl",
        "{\"id\":\"d1\",\"title\":\"膜电极\",\"body\":\"寿命\",\"labs\":[\"甲实验室\"]}\n{\"id\":\"d2\",\"title\":\"黄酒\",\"body\":\"发酵\",\"labs\":[\"乙中心\"]}\n".as_bytes(),
    );
    let qrels = desk.file("labs.tsv", "topic_id\tlab\tlevel\nt\t甲实验室\t1\n".as_bytes());
    let files = ["--documents", &labs, "--topics", &topics, "--qrels", &qrels];
    let found = desk.json(&[&["evaluate", "labs", "--min-documents", "1"], &files[..]].concat(), 0);
    assert_eq!((found["hit@1"].as_f64(), found["mrr@10"].as_f64()), (Some(1.0), Some(1.0)));
}

#[test]
fn nothing_is_written_outside_the_home() {
    let desk = furnished();
    let mut names: Vec<String> = std::fs::read_dir(desk.home())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["data", "index"]);
    assert!(Path::new(&desk.home().join("data/duijie.db")).is_file());
    // A command has put everything into the one file when it ends: a copy of it is a copy of
    // the store.
    for log in ["data/duijie.db-wal", "data/duijie.db-shm"] {
        assert!(!desk.home().join(log).exists(), "{log} was left beside the database");
    }
}

#[test]
fn a_backup_is_restored_and_a_wrong_file_refused() {
    let desk = furnished();
    let backup = desk.folder.path().join("day.backup").display().to_string();
    let made = desk.json(&["backup", &backup], 0);
    assert_eq!(made["records"]["labs"], 2);
    assert_eq!(made["position"], 5);
    let size = std::fs::metadata(&backup).unwrap().len();
    assert_eq!(made["size_bytes"].as_u64(), Some(size));
    let again = desk.run(&["backup", &backup]);
    assert_eq!(again.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&again.stderr).contains("--force"));
    desk.json(&["backup", &backup, "--force"], 0);

    let file = desk.file("米酒.csv", ACHIEVEMENTS.replace("黄酒", "米酒").as_bytes());
    desk.json(&["import", "achievements", &file], 0);
    let refused = desk.run(&["restore", &file]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("不是数据库"));
    assert_eq!(desk.json(&["search", "米酒"], 0)["total"], 1);

    let restored = desk.json(&["restore", &backup], 0);
    assert_eq!(restored["records"], made["records"]);
    assert!(Path::new(restored["replaced"].as_str().unwrap()).exists());
    assert_eq!(desk.json(&["search", "米酒"], 0)["total"], 0);
    assert_eq!(desk.json(&["doctor"], 0)["healthy"], true);
}

#[test]
fn a_need_is_broken_into_points_and_what_is_missing_is_asked() {
    let desk = furnished();
    let answer = desk.json(&["points", "--need", "n1"], 0);
    assert_eq!(answer["need"]["external_id"], "n1");
    let names: Vec<&str> =
        answer["points"].as_array().unwrap().iter().map(|p| p["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"质子交换膜"), "{names:?}");
    let topics = answer["questions"].as_array().unwrap();
    assert!(topics.iter().all(|question| question["topic"] != "budget"), "{topics:?}");

    let told = desk.run(&["points", "--text", "高温封装银烧结层的空洞率控制"]);
    let told = String::from_utf8(told.stdout).unwrap();
    let rows: Vec<&str> = told.lines().filter(|line| line.contains('%')).collect();
    assert!(rows.iter().any(|row| row.contains("效果") && row.contains("空洞率控制")), "{told}");
    assert!(rows.windows(2).all(|pair| pair[0].width() == pair[1].width()), "{told}");
    assert!(told.contains("还要向企业问清") && told.contains("「空洞率控制」目前是多少"), "{told}");

    let text = "纳米银导电浆料。需要纯化技术。";
    let told = String::from_utf8(desk.run(&["points", "--text", text]).stdout).unwrap();
    let (sure, unsure) = told.split_once("待确认").expect("what is not sure stands apart");
    assert!(sure.contains("纳米银导电浆料") && !sure.contains("纯化技术"), "{told}");
    assert!(unsure.contains("纯化技术"), "{told}");
    let points = desk.json(&["points", "--text", text], 0);
    let marked: Vec<&str> = points["points"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|point| point["sure"] == false)
        .map(|p| p["name"].as_str().unwrap())
        .collect();
    assert_eq!(marked, ["纯化技术"]);

    assert_eq!(desk.run(&["points", "--text", "  "]).status.code(), Some(2));
    assert_eq!(desk.run(&["points"]).status.code(), Some(2));
}

#[test]
fn labs_are_held_against_points_in_a_table_that_aligns() {
    let desk = furnished();
    let answer = desk.json(&["coverage", "--need", "n1", "--labs", "5", "--team", "2"], 0);
    assert_eq!(answer["labs"][0]["lab"]["external_id"], "l1");
    assert_eq!(answer["team"]["members"][0]["lead"], true);
    let told = desk.run(&["coverage", "--need", "n1"]);
    let told = String::from_utf8(told.stdout).unwrap();
    let points = answer["points"].as_array().unwrap();
    let table: Vec<&str> = told.lines().skip(1).take_while(|line| !line.starts_with('●')).collect();
    assert_eq!(table.len(), 3 + 2 * points.len(), "{told}");
    assert!(table.iter().all(|line| line.width() == table[0].width()), "{told}");
    assert!(told.contains('●') && told.contains("牵头　膜电极与燃料电池实验室"), "{told}");
    assert!(told.contains("2021-06 《高温质子交换膜的制备》"), "{told}");
    let unsure = desk.run(&["coverage", "--text", "质子交换膜。需要纯化技术。"]).stdout;
    let unsure = String::from_utf8(unsure).unwrap();
    assert!(unsure.contains("~纯化技术") && unsure.contains("~技术点待确认"), "{unsure}");
    assert!(!unsure.contains("~质子交换膜"), "{unsure}");
    let open = desk.run(&["coverage", "--text", "今天下雨，我们去吃火锅吧"]);
    assert!(String::from_utf8_lossy(&open.stdout).contains("没有"), "{open:?}");
    for wrong in [&["--labs", "21"], &["--labs", "0"], &["--team", "6"]] {
        let command = [&["coverage", "--need", "n1"][..], wrong].concat();
        assert_eq!(desk.run(&command).status.code(), Some(2), "{wrong:?}");
    }
}

#[test]
fn a_lab_is_told_why_it_is_not_first_and_two_labs_are_compared() {
    let desk = furnished();
    let ask = ["why-not", "--need", "n1", "--lab", "l2", "--rank", "1"];
    let answer = desk.json(&ask, 0);
    assert_eq!(answer["reference"]["lab"]["external_id"], "l1");
    let told = String::from_utf8(desk.run(&ask).stdout).unwrap();
    assert!(told.contains("未进入候选") && told.contains("缺少的技术点"), "{told}");
    let compare = ["compare", "--need", "n1", "--labs", "l1", "l2"];
    let answer = desk.json(&compare, 0);
    assert_eq!(answer["labs"].as_array().unwrap().len(), 2);
    let told = String::from_utf8(desk.run(&compare).stdout).unwrap();
    assert!(told.contains("第 1 位") && told.contains('○'), "{told}");
    for missing in [
        &["why-not", "--need", "n1", "--lab", "l9"][..],
        &["compare", "--need", "n1", "--labs", "l1", "l9"],
    ] {
        assert_eq!(desk.run(missing).status.code(), Some(1), "{missing:?}");
    }
    assert_eq!(desk.run(&["compare", "--need", "n1", "--labs", "l1"]).status.code(), Some(2));
}
