//! `duijie match --need ID | --text TEXT`

use clap::Args;
use comfy_table::{Cell, CellAlignment};

use super::output::{bar, fix_width, highlighted, print, print_json, table};
use super::{FilterArgs, Global, Outcome};
use crate::engine::{LabMatch, MatchAnswer, MatchEvidence, MatchQuestion, MatchRequest, Viewer};
use crate::http::views;
use crate::matching::{Band, REST_NAME};

/// Words named beside a score.
const WORDS_SHOWN: usize = 6;
/// Width of the column of labs.
const LAB_COLUMNS: u16 = 28;
/// Sentences shown for a lab.
const SENTENCES_SHOWN: usize = 3;

/// 为一条需求找实验室
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("question").required(true))]
pub(super) struct Match {
    /// 已入库需求的编号
    #[arg(long, group = "question", value_name = "ID")]
    need: Option<String>,
    /// 直接给出需求的文字；第一句当作标题
    #[arg(long, group = "question")]
    text: Option<String>,
    /// 实验室个数
    #[arg(long, default_value_t = 10)]
    limit: usize,
    #[command(flatten)]
    filters: FilterArgs,
}

impl Match {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Outcome> {
        let question = match (self.need, self.text) {
            (Some(need), _) => MatchQuestion::Need(need),
            (None, text) => MatchQuestion::Text(text.unwrap_or_default()),
        };
        let filters = self.filters.filters();
        let request = MatchRequest { question, limit: self.limit, filters };
        let answer = global.engine().await?.match_labs(Viewer::Local, request).await?;
        if global.json {
            print_json(&views::match_answer(&answer))?;
        } else {
            print(&rendered(&answer, None));
        }
        Ok(Outcome::Done)
    }
}

/// The answer as a table of the labs worth showing, below the beginning of the need's text.
pub(super) fn rendered(answer: &MatchAnswer, excerpt: Option<&str>) -> String {
    let mut name = match &answer.need.record {
        Some((_, external_id)) => format!("需求 {external_id}　{}", answer.need.title),
        None => format!("需求　{}", answer.need.title),
    };
    if let Some(excerpt) = excerpt {
        name.push_str("\n原文　");
        name.push_str(excerpt);
    }
    if answer.no_good_match {
        let advice = "没有合适的匹配。可以换个说法，补充材料、工艺、指标或应用场景后再试。";
        return format!("{name}\n{advice}");
    }
    let mut rows = table(&["", "匹配", "得分", "实验室", "理由与依据"]);
    for (column_idx, width) in [(0, 4), (1, 6), (2, 7), (3, LAB_COLUMNS)] {
        fix_width(&mut rows, column_idx, width);
    }
    for (idx, found) in answer.matches.iter().enumerate().filter(|(_, m)| m.band != Band::None) {
        rows.add_row([
            Cell::new(idx + 1).set_alignment(CellAlignment::Right),
            Cell::new(found.band.label()),
            Cell::new(format!("{:.1}", found.score)).set_alignment(CellAlignment::Right),
            Cell::new(lab(found)),
            Cell::new(reasons(found)),
        ]);
    }
    let hidden = answer.matches.iter().filter(|m| m.band == Band::None).count();
    let note = match hidden {
        0 => String::new(),
        _ => format!("\n另有 {hidden} 个实验室只有个别词相同，未列出；--json 可见全部"),
    };
    format!("{name}\n{rows}{note}")
}

fn lab(found: &LabMatch) -> String {
    let institutions: Vec<&str> = found.institutions.iter().map(|i| i.name.as_str()).collect();
    format!("{}\n{}", found.lab.name, institutions.join("、"))
}

/// The words that the score is made of, and the sentences. The numbers add up to the score.
fn reasons(found: &LabMatch) -> String {
    // A word that counts by title and by text, whole and by its pieces, is one to a reader.
    let mut words: Vec<(&str, f64)> = Vec::new();
    for reason in found.reasons.iter().filter(|r| r.name != REST_NAME) {
        match words.iter_mut().find(|(name, _)| *name == reason.name) {
            Some((_, value)) => *value += reason.value,
            None => words.push((&reason.name, reason.value)),
        }
    }
    words.sort_by(|a, b| b.1.total_cmp(&a.1));
    words.truncate(WORDS_SHOWN);
    let rest = found.score - words.iter().map(|(_, value)| value).sum::<f64>();
    words.push(("其余", rest));
    let words: Vec<String> =
        words.iter().map(|(name, value)| format!("{name} {value:.1}")).collect();
    let mut lines = vec![format!("{} {}", bar(found.share, 10), words.join(" · "))];
    let mut last = None;
    for evidence in found.evidence.iter().take(SENTENCES_SHOWN) {
        let source = source(evidence);
        if last.as_ref() != Some(&source) {
            lines.push(source.clone());
        }
        last = Some(source);
        lines.push(format!("“{}”", highlighted(&evidence.sentence.text, &evidence.sentence.spans)));
    }
    lines.join("\n")
}

/// Where a sentence stands.
pub(super) fn source(evidence: &MatchEvidence) -> String {
    match (&evidence.achievement, evidence.date) {
        (Some((_, _, title)), Some(date)) => format!("{date} 《{title}》"),
        (Some((_, _, title)), None) => format!("《{title}》"),
        (None, _) => "实验室简介".to_owned(),
    }
}
