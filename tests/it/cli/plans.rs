//! Plans on the command line: from a folder of case files to a published plan and beyond.

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::Desk;

const CASE: &str = "name = \"小案例\"\nstart = \"2019-12\"\n";
const BATCHES: &str = "批次,名称,开始,结束,名额\n\
    1,第一批,2020-01-01,2020-12-31,2\n\
    2,第二批,2021-01-01,2021-12-31,2\n";
const COMMISSIONERS: &str = "专员,区,园区,任务数\nc1,江宁区,,0\nc2,江北新区,,1\nc3,栖霞区,,2\n";
const INSTITUTIONS: &str = "院校,类别,城市,科技镇长团,距离,学科,重点实验室,丰富度\n\
    甲大学,985；重点双一流,北京,否,900,材料科学与工程；生物学,,500\n\
    乙大学,985；重点双一流,上海,是,300,材料科学与工程；生物学,,400\n\
    丙大学,重点双一流,西安,,900,材料科学与工程；生物学,,300\n\
    =丁研究所,大院大所,合肥,,150,,集成电路国家重点实验室；生物医药国家重点实验室,200\n\
    戊大学,,杭州,否,,材料科学与工程；生物学,,100\n";

/// A desk and the folder of a case on it, some files of which are others.
fn desk_with(changed: &[(&str, &str)]) -> (Desk, String) {
    let desk = Desk::new();
    let folder = desk.folder.path().join("案例");
    std::fs::create_dir(&folder).unwrap();
    let files = [
        ("case.toml", CASE),
        ("batches.csv", BATCHES),
        ("commissioners.csv", COMMISSIONERS),
        ("institutions.csv", INSTITUTIONS),
    ];
    for (name, text) in files.iter().chain(changed) {
        std::fs::write(folder.join(name), text).unwrap();
    }
    (desk, folder.display().to_string())
}

fn array(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap_or_else(|| panic!("no list: {value}"))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

/// What a command prints for people; it must end with `code`.
fn told(desk: &Desk, arguments: &[&str], code: i32) -> String {
    let output = desk.run(arguments);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// Every table of a text is a rectangle.
fn assert_aligned(text: &str, widest: usize) {
    let is_rule = |line: &str| line.starts_with('─') || line.starts_with('═');
    let lines: Vec<&str> = text.lines().collect();
    let mut tables = 0;
    for (idx, line) in lines.iter().enumerate().filter(|(_, line)| line.starts_with('═')) {
        let body = lines[idx..].iter().take_while(|line| is_rule(line) || line.starts_with(' '));
        let widths: Vec<usize> = body.map(|line| line.width()).collect();
        assert!(widths.iter().all(|width| *width == line.width()), "{widths:?}\n{text}");
        assert!(line.width() <= widest, "{text}");
        tables += 1;
    }
    assert!(tables > 0, "{text}");
}

#[test]
fn a_case_becomes_a_plan_that_is_explained_forked_published_and_repaired() {
    let (desk, folder) = desk_with(&[]);
    let solved = desk.json(&["plan", "solve", &folder, "--name", "首稿"], 0);
    let id = text(&solved["plan"]["id"]);
    assert_eq!((text(&solved["plan"]["name"]), text(&solved["plan"]["state"])), ("首稿", "draft"));
    assert_eq!(solved["result"]["status"], "optimal");
    assert_eq!(solved["commissioners"], json!({"most": 100, "posted": 3, "short": 97}));
    let hosts: Vec<&str> =
        array(&solved["postings"]).iter().map(|own| text(&own["institution"])).collect();
    // What nothing else covers comes first; where a 科技镇长团 has been is covered already.
    for host in ["甲大学", "丙大学", "=丁研究所"] {
        assert!(hosts.contains(&host), "{hosts:?}");
    }
    let checked = desk.json(&["plan", "check", id], 0);
    assert_eq!(checked["blocks"], 0);
    let h2 = array(&checked["rules"]).iter().find(|own| own["rule"] == "H2").unwrap();
    assert_eq!((&h2["pass"], &h2["fail"]), (&json!(3), &json!(0)));

    let account = desk.json(&["plan", "explain", id], 0);
    assert_eq!(array(&account["explanations"]).len(), 3);
    let account = desk.json(&["plan", "explain", id, "c1"], 0);
    let [why] = &array(&account["explanations"])[..] else { panic!("{account}") };
    let other = &why["alternatives"][0];
    let force = format!("c1={}", text(&other["institution"]));
    let forks = desk.json(&["plan", "what-if", id, "--force", &force], 0);
    // What an alternative costs is what it costs.
    let decides = |levels: &Value| {
        let deciding = |own: &&Value| own["level"] == other["deciding"];
        array(levels).iter().find(deciding).cloned()
    };
    let change = decides(&forks["forks"][0]["change"]).expect("a level that decides");
    assert_eq!(Some(&change), decides(&other["regret"]).as_ref());
    assert_ne!(change["value"], 0);

    let published = desk.json(&["plan", "publish", id], 0);
    assert_eq!(published["digest"], solved["plan"]["digest"]);
    assert!(told(&desk, &["plan", "publish", id], 1).is_empty(), "a plan is published once");
    assert!(told(&desk, &["plan", "delete", id], 1).is_empty(), "what was published stays");

    let repaired = desk.json(&["plan", "repair", id, "--leaves", "c1"], 0);
    assert_eq!(repaired["kept"], 2);
    let [left] = &array(&repaired["differences"])[..] else { panic!("{repaired}") };
    assert_eq!((text(&left["commissioner"]), text(&left["kind"])), ("c1", "dropped"));
    let second = text(&repaired["after"]["id"]);
    desk.json(&["plan", "publish", second], 0);
    let plans = desk.json(&["plan", "list"], 0);
    let states: Vec<&str> = array(&plans["items"]).iter().map(|own| text(&own["state"])).collect();
    assert_eq!(states, ["superseded", "published"]);
    let difference = desk.json(&["plan", "diff", id, second], 0);
    assert_eq!(difference["differences"], repaired["differences"]);
    let register = desk.json(&["plan", "relationships", second], 0);
    assert_eq!((&register["target"], &register["count"]), (&json!(100), &json!(2)));

    let third = desk.json(&["plan", "solve", &folder], 0);
    desk.json(&["plan", "delete", text(&third["plan"]["id"])], 0);
    assert_eq!(array(&desk.json(&["plan", "list"], 0)["items"]).len(), 2);
}

#[test]
fn forks_stand_side_by_side_and_what_is_impossible_says_why() {
    let (desk, folder) = desk_with(&[]);
    let id = desk.json(&["plan", "solve", &folder], 0)["plan"]["id"].clone();
    let ask = [
        &["plan", "what-if", text(&id), "--remove", "c2", "--or", "--force", "c1=乙大学@1"][..],
        &["--force", "c2=甲大学", "--or", "--set", "commissioners_max=1", "--require", "戊大学"],
    ];
    let ask = ask.concat();
    // A fork without a plan is a failure that tells all the rest.
    let answer = desk.json(&ask, 1);
    let [one, two, three] = &array(&answer["forks"])[..] else { panic!("{answer}") };
    let left = array(&one["differences"]).iter().find(|own| own["commissioner"] == "c2");
    assert_eq!(left.map(|own| text(&own["kind"])), Some("dropped"), "{one}");
    let rules: Vec<&str> =
        array(&two["refusal"]["conflict"]).iter().map(|own| text(&own["rule"])).collect();
    assert_eq!(rules, ["H3", "case"]);
    assert_eq!(array(&two["refusal"]["relaxation"]["texts"]).len(), 1);
    assert!(array(&three["differences"]).iter().all(|own| own["kind"] != "added"), "{three}");

    let shown = told(&desk, &ask, 1);
    assert!(shown.contains("假设1") && shown.contains("假设3"), "{shown}");
    assert!(shown.contains("无可行计划") && shown.contains("代价最小的放宽办法"), "{shown}");
    assert_aligned(&shown, 100);
    assert_eq!(array(&desk.json(&["plan", "list"], 0)["items"]).len(), 1, "nothing is kept");

    let wrong: [&[&str]; 6] = [
        &["what-if", text(&id)],
        &["what-if", text(&id), "--remove", "c1", "--or"],
        &["what-if", text(&id), "--remove", "c9"],
        &["what-if", text(&id), "--set", "commissioners_min=1"],
        &["what-if", text(&id), "--force", "c1"],
        &["repair", text(&id)],
    ];
    for arguments in wrong {
        assert!(told(&desk, &[&["plan"], arguments].concat(), 2).is_empty(), "{arguments:?}");
    }
    assert!(told(&desk, &["plan", "show", "p-404"], 1).is_empty());
}

#[test]
fn a_case_without_a_plan_is_refused_with_the_rules_that_collide() {
    let postings = "类型,专员,院校,批次\n指定,c1,乙大学,1\n";
    let (desk, folder) = desk_with(&[("postings.csv", postings)]);
    let refused = desk.json(&["plan", "solve", &folder], 1);
    let rules: Vec<&str> =
        array(&refused["conflict"]).iter().map(|own| text(&own["rule"])).collect();
    assert_eq!(rules, ["H3", "case"]);
    let shown = told(&desk, &["plan", "solve", &folder], 1);
    assert!(shown.contains("“乙大学”已派科技镇长团成员，首批不安排"), "{shown}");
    assert!(shown.contains("取消指定派驻“c1 → 乙大学（批次1）”"), "{shown}");
    assert_eq!(desk.json(&["plan", "list"], 0)["items"], json!([]));
}

#[test]
fn people_read_tables_and_spreadsheets_run_no_formula() {
    let (desk, folder) = desk_with(&[]);
    let solved = told(&desk, &["plan", "solve", &folder], 0);
    assert_aligned(&solved, 100);
    for part in [
        "最优",
        "上限 100 名，名单 3 名，派出 3 名，还差 97 名",
        "985高校　2 所全部覆盖",
        "2 所院校是否已派科技镇长团成员尚不清楚",
        "没有，专员都有去处",
        "第一批后",
    ] {
        assert!(solved.contains(part), "{part}: {solved}");
    }
    let plans = desk.json(&["plan", "list"], 0);
    let id = text(&plans["items"][0]["id"]);
    assert_aligned(&told(&desk, &["plan", "show", id], 0), 100);
    assert_aligned(&told(&desk, &["plan", "list"], 0), 100);
    assert_aligned(&told(&desk, &["plan", "check", id], 0), 100);
    assert_aligned(&told(&desk, &["plan", "relationships", id], 0), 100);
    let why = told(&desk, &["plan", "explain", id, "c1"], 0);
    assert!(why.contains("H5　符合") && why.contains("起决定作用"), "{why}");
    assert_aligned(&why, 100);

    let page = told(&desk, &["plan", "export", id, "--format", "text"], 0);
    assert_aligned(&page, 90);
    let file = desk.folder.path().join("派驻.csv").display().to_string();
    told(&desk, &["plan", "export", id, "-o", &file], 0);
    let csv = std::fs::read_to_string(&file).unwrap();
    assert!(csv.starts_with("\u{FEFF}批次,"), "{csv}");
    assert_eq!(csv.lines().count(), 1 + 3);
    assert!(csv.contains(",'=丁研究所,"), "{csv}");
    assert!(csv.lines().flat_map(|line| line.split(',')).all(|cell| !cell.starts_with('=')));
}

#[test]
fn a_bad_case_is_told_with_file_line_and_field_and_nothing_is_kept() {
    let postings = |row: &str| format!("类型,专员,院校,批次\n{row}\n");
    let cases = [
        (
            "postings.csv",
            postings("指定,c1,甲大学,9"),
            ["postings.csv 第 2 行“", "“9”不在任何批次之内"],
        ),
        (
            "batches.csv",
            BATCHES.replace("2021-01-01", "2020-12-01"),
            ["batches.csv 第 3 行“开始”", "重叠"],
        ),
        (
            "commissioners.csv",
            COMMISSIONERS.replace("c2,江北新区", "c2,"),
            ["commissioners.csv 第 3 行“区”", "区和园区都没有填写"],
        ),
        (
            "commissioners.csv",
            COMMISSIONERS.replace("c3", "c1"),
            ["commissioners.csv 第 4 行“专员”", "“c1”与第 2 行重复"],
        ),
    ];
    for (name, changed, parts) in cases {
        let (desk, folder) = desk_with(&[(name, &changed)]);
        let output = desk.run(&["plan", "solve", &folder]);
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(output.stdout.is_empty());
        assert!(parts.iter().all(|part| told.contains(part)), "{name}: {told}");
        assert!(told.contains("案例共有 1 处错误，没有编制计划"), "{told}");
        assert_eq!(desk.json(&["plan", "list"], 0)["items"], json!([]));
    }
    // All of it at once.
    let (desk, folder) = desk_with(&[
        ("batches.csv", &BATCHES.replace("2021-01-01", "某天")),
        ("commissioners.csv", &COMMISSIONERS.replace("江宁区", "浦东新区")),
    ]);
    let output = desk.run(&["plan", "solve", &folder]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("案例共有 2 处错误"), "{told}");
    assert_eq!(desk.run(&["plan", "solve", "没有的目录"]).status.code(), Some(1));
}

#[test]
fn random_cases_hold_against_the_independent_checker() {
    let few = "2000".to_owned();
    let count = std::env::var("DUIJIE_PLAN_CHECKS").unwrap_or(few);
    let found = Desk::new().json(&["bench", "plan-check", "--instances", &count, "--seed", "7"], 0);
    assert_eq!(found["violations"], 0, "{found}");
    assert_eq!(found["instances"].to_string(), count);
    assert!(found["plans"].as_u64() > Some(0) && found["refusals"].as_u64() > Some(0), "{found}");
}

#[test]
fn a_plan_is_timed_on_a_case_of_any_size() {
    let size = ["--commissioners", "6", "--institutions", "9", "--batches", "2", "--seed", "3"];
    let found = Desk::new().json(&[&["bench", "plan"], &size[..]].concat(), 0);
    assert_eq!((&found["status"], &found["violations"]), (&json!("optimal"), &json!(0)));
    assert_eq!((&found["postings"], &found["repair_moved"]), (&json!(6), &json!(0)), "{found}");
    for seconds in ["solve_seconds", "explain_seconds", "repair_seconds"] {
        assert!(found[seconds].as_f64() > Some(0.0), "{found}");
    }
}
