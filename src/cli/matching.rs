//! `duijie match --need ID | --text TEXT | --lab ID | --achievement ID`

use clap::Args;
use comfy_table::{Cell, CellAlignment};

use super::output::{bar, fix_width, highlighted, print, print_json, table};
use super::{FilterArgs, Global, Outcome};
use crate::engine::{
    LabMatch, MatchAnswer, MatchEvidence, MatchQuestion, MatchReason, MatchRequest, NeedFilters,
    NeedMatch, NeedsAnswer, NeedsRequest, Preferences, Subject, Viewer,
};
use crate::http::views;
use crate::matching::{Band, REST_NAME, ReasonKind};
use crate::model::{CivilDate, Kind};

/// Words named beside a score.
const WORDS_SHOWN: usize = 6;
/// Width of the column of labs.
const LAB_COLUMNS: u16 = 28;
/// Sentences shown for a lab.
const SENTENCES_SHOWN: usize = 3;

/// 为一条需求找实验室，或为实验室、成果找需求
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("question").required(true))]
pub(super) struct Match {
    /// 已入库需求的编号
    #[arg(long, group = "question", value_name = "ID")]
    need: Option<String>,
    /// 直接给出需求的文字；第一句当作标题
    #[arg(long, group = "question")]
    text: Option<String>,
    /// 反向：实验室的编号，列出它可能解决的需求
    #[arg(long, group = "question", value_name = "ID", conflicts_with_all = OF_LABS)]
    lab: Option<String>,
    /// 反向：成果的编号，列出它可能解决的需求
    #[arg(long, group = "question", value_name = "ID", conflicts_with_all = OF_LABS)]
    achievement: Option<String>,
    /// 列出的个数
    #[arg(long, default_value_t = 10)]
    limit: usize,
    /// 优先项及其权重（0 到 1），可写多个，如 985=0.2；不写则不计分
    #[arg(long, value_name = "NAME=WEIGHT", value_parser = weight)]
    policy: Vec<(String, f64)>,
    /// 按哪一天计算成果新旧与档案是否到期；默认为今天
    #[arg(long, value_name = "DATE", value_parser = date)]
    today: Option<CivilDate>,
    #[command(flatten)]
    filters: FilterArgs,
    /// 反向：需求所属行业的代码或名称，如 GB/T 4754-2017:3841
    #[arg(long, conflicts_with_all = OF_NEEDS)]
    industry: Option<String>,
    /// 反向：需求方所在园区
    #[arg(long, conflicts_with_all = OF_NEEDS)]
    park: Option<String>,
    /// 反向：需求方的编号
    #[arg(long, value_name = "ID", conflicts_with_all = OF_NEEDS)]
    enterprise: Option<String>,
}

/// Conditions that only labs have …
const OF_LABS: [&str; 3] = ["institution_class", "institution", "lab_kind"];
/// … and questions whose answers have none of those that needs have.
const OF_NEEDS: [&str; 2] = ["need", "text"];

fn weight(text: &str) -> Result<(String, f64), String> {
    let parsed = text
        .split_once('=')
        .and_then(|(name, weight)| Some((name.trim().to_owned(), weight.trim().parse().ok()?)));
    parsed.ok_or_else(|| "应为 名称=权重，如 985=0.2".to_owned())
}

fn date(text: &str) -> Result<CivilDate, String> {
    text.parse().map_err(|_| "应为日期，如 2026-03-01".to_owned())
}

impl Match {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Outcome> {
        let preferences =
            Preferences { policy: self.policy.into_iter().collect(), today: self.today };
        let subject = match (self.lab, self.achievement) {
            (Some(lab), _) => Some(Subject::Lab(lab)),
            (None, achievement) => achievement.map(Subject::Achievement),
        };
        if let Some(subject) = subject {
            let filters = NeedFilters {
                area: self.filters.area,
                industry: self.industry,
                region: self.filters.region,
                park: self.park,
                enterprise: self.enterprise,
            };
            let request = NeedsRequest { subject, limit: self.limit, filters, preferences };
            let answer = global.engine().await?.match_needs(Viewer::Local, request).await?;
            if global.json {
                print_json(&views::needs_answer(&answer))?;
            } else {
                print(&rendered_needs(&answer));
            }
            return Ok(Outcome::Done);
        }
        let question = match (self.need, self.text) {
            (Some(need), _) => MatchQuestion::Need(need),
            (None, text) => MatchQuestion::Text(text.unwrap_or_default()),
        };
        let filters = self.filters.filters();
        let request = MatchRequest { question, limit: self.limit, filters, preferences };
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
            Cell::new(reasons(found.score, found.share, &found.reasons, &found.evidence)),
        ]);
    }
    let hidden = answer.matches.iter().filter(|m| m.band == Band::None).count();
    let note = match hidden {
        0 => String::new(),
        _ => format!("\n另有 {hidden} 个实验室只有个别词相同，未列出；--json 可见全部"),
    };
    format!("{name}\n{rows}{note}")
}

/// The answer as a table of the needs worth showing.
fn rendered_needs(answer: &NeedsAnswer) -> String {
    let subject = &answer.subject;
    let kind = if subject.kind == Kind::Lab { "实验室" } else { "成果" };
    let name = format!("{kind} {}　{}", subject.external_id, subject.title);
    if answer.no_good_match {
        return format!("{name}\n没有合适的需求。有新的需求入库后可以再试。");
    }
    let mut rows = table(&["", "匹配", "得分", "需求", "理由与依据"]);
    for (column_idx, width) in [(0, 4), (1, 6), (2, 7), (3, LAB_COLUMNS)] {
        fix_width(&mut rows, column_idx, width);
    }
    let shown = |found: &&NeedMatch| found.band != Band::None;
    for (found, number) in answer.matches.iter().filter(shown).zip(1..) {
        let external_id = found.need.record.as_ref().map_or("", |(_, id)| id);
        rows.add_row([
            Cell::new(number).set_alignment(CellAlignment::Right),
            Cell::new(found.band.label()),
            Cell::new(format!("{:.1}", found.score)).set_alignment(CellAlignment::Right),
            Cell::new(format!("{}\n{external_id}", found.need.title)),
            Cell::new(reasons(found.score, found.share, &found.reasons, &found.evidence)),
        ]);
    }
    let hidden = answer.matches.iter().filter(|found| !shown(found)).count();
    let note = match hidden {
        0 => String::new(),
        _ => format!("\n另有 {hidden} 条需求只有个别词相同，未列出；--json 可见全部"),
    };
    format!("{name}\n{rows}{note}")
}

fn lab(found: &LabMatch) -> String {
    let institutions: Vec<&str> = found.institutions.iter().map(|i| i.name.as_str()).collect();
    format!("{}\n{}", found.lab.name, institutions.join("、"))
}

/// The words that the score is made of, what is added to them, and the sentences. The numbers
/// add up to the score.
fn reasons(score: f64, share: f64, reasons: &[MatchReason], evidence: &[MatchEvidence]) -> String {
    // A word that counts by title and by text, whole and by its pieces, is one to a reader.
    let mut words: Vec<(&str, f64)> = Vec::new();
    let of_texts = |r: &&MatchReason| matches!(r.kind, ReasonKind::Text | ReasonKind::Part);
    for reason in reasons.iter().filter(of_texts).filter(|r| r.name != REST_NAME) {
        match words.iter_mut().find(|(name, _)| *name == reason.name) {
            Some((_, value)) => *value += reason.value,
            None => words.push((&reason.name, reason.value)),
        }
    }
    words.sort_by(|a, b| b.1.total_cmp(&a.1));
    words.truncate(WORDS_SHOWN);
    let added: Vec<&MatchReason> = reasons.iter().filter(|r| !of_texts(r)).collect();
    let of_others = words.iter().map(|(_, value)| value).chain(added.iter().map(|r| &r.value));
    words.push(("其余", score - of_others.sum::<f64>()));
    let words: Vec<String> =
        words.iter().map(|(name, value)| format!("{name} {value:.1}")).collect();
    let mut lines = vec![format!("{} {}", bar(share, 10), words.join(" · "))];
    let added: Vec<String> = added
        .iter()
        .filter(|r| r.value > 0.0)
        .map(|r| format!("{} {:.2}", r.label.unwrap_or(&r.name), r.value))
        .collect();
    if !added.is_empty() {
        lines.push(format!("另加 {}", added.join(" · ")));
    }
    let mut last = None;
    for evidence in evidence.iter().take(SENTENCES_SHOWN) {
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
