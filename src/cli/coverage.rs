//! `duijie coverage`, `duijie why-not`, `duijie compare`: labs against the points of a need.

use clap::Args;
use comfy_table::{Cell, CellAlignment, Table};

use super::matching::source;
use super::output::{fix_width, highlighted, print, print_json, table};
use super::{FilterArgs, Global, Outcome};
use crate::engine::{
    CompareAnswer, CompareRequest, CoverageAnswer, CoverageRequest, LabCell, LabCoverage,
    MatchQuestion, NeedName, Viewer, WhyNotAnswer, WhyNotRequest,
};
use crate::http::views;
use crate::matching::{CellLevel, Contrast, Point, REST_NAME};

/// Width of the columns of points, of a lab in the table, and of a lab's sentences.
const POINT_COLUMNS: u16 = 30;
const LAB_COLUMNS: u16 = 6;
/// Words whose difference is named.
const WORDS_SHOWN: usize = 8;

/// A need by name or by text.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("question").required(true))]
pub(super) struct QuestionArgs {
    /// 已入库需求的编号
    #[arg(long, group = "question", value_name = "ID")]
    need: Option<String>,
    /// 直接给出需求的文字；第一句当作标题
    #[arg(long, group = "question")]
    text: Option<String>,
}

impl QuestionArgs {
    fn question(self) -> MatchQuestion {
        match (self.need, self.text) {
            (Some(need), _) => MatchQuestion::Need(need),
            (None, text) => MatchQuestion::Text(text.unwrap_or_default()),
        }
    }
}

/// 技术点 × 实验室覆盖表，以及合起来覆盖最好的团队
#[derive(Debug, Args)]
pub(super) struct Coverage {
    #[command(flatten)]
    question: QuestionArgs,
    /// 实验室个数，至多 20
    #[arg(long, default_value_t = 10, value_name = "N")]
    labs: usize,
    /// 团队至多几个实验室，至多 5
    #[arg(long, default_value_t = 3, value_name = "K")]
    team: usize,
    #[command(flatten)]
    filters: FilterArgs,
}

impl Coverage {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Outcome> {
        let request = CoverageRequest {
            question: self.question.question(),
            points: None,
            limit: self.labs,
            team_size: self.team,
            filters: self.filters.filters(),
        };
        let answer = global.engine().await?.coverage(Viewer::Local, request).await?;
        if global.json {
            print_json(&views::coverage_answer(&answer))?;
        } else {
            print(&rendered(&answer));
        }
        Ok(Outcome::Done)
    }
}

/// 某实验室为何没有排在前面
#[derive(Debug, Args)]
pub(super) struct WhyNot {
    #[command(flatten)]
    question: QuestionArgs,
    /// 实验室的编号
    #[arg(long, value_name = "ID")]
    lab: String,
    /// 与排在第几位的实验室相比
    #[arg(long, default_value_t = 10, value_name = "N")]
    rank: usize,
    #[command(flatten)]
    filters: FilterArgs,
}

impl WhyNot {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Outcome> {
        let request = WhyNotRequest {
            question: self.question.question(),
            points: None,
            lab: self.lab,
            rank: self.rank,
            filters: self.filters.filters(),
        };
        let answer = global.engine().await?.why_not(Viewer::Local, request).await?;
        if global.json {
            print_json(&views::why_not_answer(&answer))?;
        } else {
            print(&why_not(&answer));
        }
        Ok(Outcome::Done)
    }
}

/// 就一条需求并列对比两个实验室
#[derive(Debug, Args)]
pub(super) struct Compare {
    #[command(flatten)]
    question: QuestionArgs,
    /// 两个实验室的编号
    #[arg(long, num_args = 2, required = true, value_names = ["A", "B"])]
    labs: Vec<String>,
    #[command(flatten)]
    filters: FilterArgs,
}

impl Compare {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Outcome> {
        let labs = self.labs.try_into().map_err(|_| anyhow::anyhow!("请给出两个实验室的编号"))?;
        let request = CompareRequest {
            question: self.question.question(),
            points: None,
            labs,
            filters: self.filters.filters(),
        };
        let answer = global.engine().await?.compare(Viewer::Local, request).await?;
        if global.json {
            print_json(&views::compare_answer(&answer))?;
        } else {
            print(&compared(&answer));
        }
        Ok(Outcome::Done)
    }
}

fn need(name: &NeedName) -> String {
    match &name.record {
        Some((_, external_id)) => format!("需求 {external_id}　{}", name.title),
        None => format!("需求　{}", name.title),
    }
}

/// A cell at a glance; a number that is violated has a mark of its own.
fn mark(cell: &LabCell) -> &'static str {
    match (cell.level, cell.comparison.map(|c| views::verdict(c.verdict).0)) {
        (_, Some("violated")) => "×",
        (_, Some("unknown")) => "？",
        (CellLevel::Covered, _) => "●",
        (CellLevel::Partly, _) => "◐",
        (CellLevel::Open, _) => "○",
    }
}

/// Before the name of a point that is to be confirmed.
const UNSURE: &str = "~";
const MARKS: &str = "● 覆盖　◐ 部分覆盖　○ 未覆盖　× 指标未达到　？ 指标未说明";

/// A point by name; one that is not sure is marked.
fn named(point: &Point) -> String {
    if point.sure { point.name.clone() } else { format!("{UNSURE}{}", point.name) }
}

/// The marks that a table has, explained.
fn marks(points: &[Point]) -> String {
    let unsure = points.iter().any(|point| !point.sure);
    if unsure { format!("{MARKS}　{UNSURE}技术点待确认") } else { MARKS.to_owned() }
}

fn percent(share: f64) -> String {
    format!("{:.0}%", share * 100.0)
}

fn right(text: String) -> Cell {
    Cell::new(text).set_alignment(CellAlignment::Right)
}

fn centred(text: &str) -> Cell {
    Cell::new(text).set_alignment(CellAlignment::Center)
}

/// The matrix, the labs below it by number, the team, and what each member is good for.
fn rendered(answer: &CoverageAnswer) -> String {
    let name = need(&answer.need);
    if answer.points.is_empty() {
        return format!("{name}\n没有找到技术点。请写明材料、工艺、产品或要达到的指标后再试。");
    }
    if answer.labs.is_empty() {
        let advice = "没有合适的匹配。可以换个说法，补充材料、工艺、指标或应用场景后再试。";
        return format!("{name}\n{advice}");
    }
    let numbers: Vec<String> = (1..=answer.labs.len()).map(|number| number.to_string()).collect();
    let mut header = vec!["技术点", "权重"];
    header.extend(numbers.iter().map(String::as_str));
    let mut rows = table(&header);
    fix_width(&mut rows, 0, POINT_COLUMNS);
    fix_width(&mut rows, 1, LAB_COLUMNS);
    for column_idx in 2..header.len() {
        fix_width(&mut rows, column_idx, LAB_COLUMNS - 1);
    }
    for (idx, point) in answer.points.iter().enumerate() {
        let mut cells = vec![Cell::new(named(point)), right(percent(point.weight))];
        cells.extend(answer.labs.iter().map(|lab| centred(mark(&lab.cells[idx]))));
        rows.add_row(cells);
    }
    let mut text = format!("{name}\n{rows}\n{}", marks(&answer.points));
    for (number, lab) in (1..).zip(&answer.labs) {
        let (score, band) = (lab.score, lab.band.label());
        text.push_str(&format!("\n{number:>2}  {}　{score:.1}　{band}", full_name(lab)));
    }
    text.push_str(&team(answer));
    text
}

fn full_name(lab: &LabCoverage) -> String {
    let institutions: Vec<&str> = lab.institutions.iter().map(|i| i.name.as_str()).collect();
    match institutions.is_empty() {
        true => lab.lab.name.clone(),
        false => format!("{}（{}）", lab.lab.name, institutions.join("、")),
    }
}

/// Who leads, who adds what, with the sentences, and what stays open.
fn team(answer: &CoverageAnswer) -> String {
    let team = &answer.team;
    if team.members.is_empty() {
        return "\n\n没有实验室覆盖任何技术点".to_owned();
    }
    let mut text = format!("\n\n团队　共覆盖 {}", percent(team.value));
    for (idx, member) in team.members.iter().enumerate() {
        let lab = &answer.labs[member.lab];
        let role = if idx == 0 { "牵头" } else { "协作" };
        let adds = percent(member.adds);
        text.push_str(&format!(
            "\n{role}　{}　{} {adds}",
            lab.lab.name,
            if idx == 0 { "覆盖" } else { "再加" }
        ));
        let of_member = team.covered_by.iter().enumerate();
        let mut of_member = of_member.filter(|(_, by)| **by == Some(member.lab)).peekable();
        if of_member.peek().is_none() {
            text.push_str("\n  只有零散字词相同，没有覆盖任何一点");
        }
        for (point, _) in of_member {
            text.push_str(&sentence(&answer.points[point], &lab.cells[point]));
        }
    }
    let open: Vec<String> = team.open().map(|point| named(&answer.points[point])).collect();
    if !open.is_empty() {
        text.push_str(&format!("\n仍无人覆盖　{}", open.join("、")));
    }
    text
}

/// A point with the sentence that earns it.
fn sentence(point: &Point, cell: &LabCell) -> String {
    let mut text = format!("\n  {} {}", mark(cell), named(point));
    if let Some(comparison) = cell.comparison {
        text.push_str(&format!("　{}", views::verdict(comparison.verdict).1));
    }
    if let Some(evidence) = &cell.evidence {
        let words = highlighted(&evidence.sentence.text, &evidence.sentence.spans);
        text.push_str(&format!("\n     {}“{words}”", source(evidence)));
    }
    text
}

/// The sentences, then the two labs side by side.
fn why_not(answer: &WhyNotAnswer) -> String {
    let mut text = need(&answer.need);
    for sentence in &answer.sentences {
        text.push_str(&format!("\n{sentence}"));
    }
    if let Some(reference) = answer.reference.as_ref().filter(|r| r.lab.id != answer.lab.lab.id) {
        text.push('\n');
        text.push_str(&side_by_side(&answer.points, [&answer.lab, reference], &answer.contrasts));
    }
    text
}

fn compared(answer: &CompareAnswer) -> String {
    let [first, second] = answer.labs.as_slice() else { return need(&answer.need) };
    let mut text = need(&answer.need);
    for lab in [first, second] {
        let place = lab.rank.map_or("未进入候选".to_owned(), |rank| format!("第 {rank} 位"));
        text.push_str(&format!("\n{}　{place}　得分 {:.1}", full_name(lab), lab.score));
    }
    text.push('\n');
    text.push_str(&side_by_side(&answer.points, [first, second], &answer.contrasts));
    for lab in [first, second] {
        text.push_str(&format!("\n\n{}", lab.lab.name));
        let shown = answer.points.iter().zip(&lab.cells).filter(|(_, c)| c.evidence.is_some());
        shown.for_each(|(point, cell)| text.push_str(&sentence(point, cell)));
    }
    text
}

fn side_by_side(points: &[Point], labs: [&LabCoverage; 2], contrasts: &[Contrast]) -> String {
    let [first, second] = labs;
    let mut rows = table(&["技术点", "权重", &first.lab.name, &second.lab.name]);
    fix_width(&mut rows, 0, POINT_COLUMNS);
    for (idx, point) in points.iter().enumerate() {
        let mut cells = vec![Cell::new(named(point)), right(percent(point.weight))];
        cells.extend(labs.map(|lab| centred(mark(&lab.cells[idx]))));
        rows.add_row(cells);
    }
    let mut words: Table = table(&["词", "", &first.lab.name, &second.lab.name]);
    fix_width(&mut words, 0, POINT_COLUMNS);
    let named = contrasts.iter().filter(|c| c.name != REST_NAME).take(WORDS_SHOWN);
    for contrast in named {
        let [first, second] = contrast.values.map(|value| format!("{value:.1}"));
        words.add_row([
            Cell::new(&contrast.name),
            Cell::new(""),
            centred(&first),
            centred(&second),
        ]);
    }
    format!("{rows}\n{}\n\n得分的差别\n{words}", marks(points))
}
