//! `duijie points --need ID | --text TEXT`

use clap::Args;
use comfy_table::{Cell, CellAlignment, Table};

use super::output::{fix_width, print, print_json, table};
use super::{Global, Outcome};
use crate::engine::{MatchQuestion, PointsAnswer, PointsRequest, Viewer};
use crate::http::views;
use crate::matching::{Point, Section};

/// 把一条需求分解为技术点，并列出还要向企业问清的事
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("question").required(true))]
pub(super) struct Points {
    /// 已入库需求的编号
    #[arg(long, group = "question", value_name = "ID")]
    need: Option<String>,
    /// 直接给出需求的文字；第一句当作标题
    #[arg(long, group = "question")]
    text: Option<String>,
}

impl Points {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Outcome> {
        let question = match (self.need, self.text) {
            (Some(need), _) => MatchQuestion::Need(need),
            (None, text) => MatchQuestion::Text(text.unwrap_or_default()),
        };
        let request = PointsRequest { question, points: None };
        let answer = global.engine().await?.points(Viewer::Local, request).await?;
        if global.json {
            print_json(&views::points_answer(&answer))?;
        } else {
            print(&rendered(&answer));
        }
        Ok(Outcome::Done)
    }
}

/// The points as a table, those that are not sure apart, the questions below.
fn rendered(answer: &PointsAnswer) -> String {
    let name = match &answer.need.record {
        Some((_, external_id)) => format!("需求 {external_id}　{}", answer.need.title),
        None => format!("需求　{}", answer.need.title),
    };
    if answer.points.is_empty() {
        return format!("{name}\n没有找到技术点。请写明材料、工艺、产品或要达到的指标后再试。");
    }
    let (sure, unsure): (Vec<&Point>, Vec<&Point>) =
        answer.points.iter().partition(|point| point.sure);
    let mut text = format!("{name}\n{}", rows(&sure));
    if !unsure.is_empty() {
        text.push_str(&format!("\n待确认（未必是技术点，请与企业核对）：\n{}", rows(&unsure)));
    }
    if !answer.questions.is_empty() {
        text.push_str("\n还要向企业问清：");
        for (question, number) in answer.questions.iter().zip(1..) {
            text.push_str(&format!("\n{number}. {}：{}", question.topic.label(), question.text));
        }
    }
    text
}

fn rows(points: &[&Point]) -> Table {
    let mut rows = table(&["类别", "技术点", "出处", "权重"]);
    for (column_idx, width) in [(0, 6), (1, 50), (2, 6), (3, 8)] {
        fix_width(&mut rows, column_idx, width);
    }
    for point in points {
        let section = match point.place.map(|place| place.section) {
            Some(Section::Title) => "标题",
            Some(Section::Body) => "正文",
            None => "",
        };
        rows.add_row([
            Cell::new(point.kind.label()),
            Cell::new(&point.name),
            Cell::new(section),
            Cell::new(format!("{:.1}%", point.weight * 100.0)).set_alignment(CellAlignment::Right),
        ]);
    }
    rows
}
