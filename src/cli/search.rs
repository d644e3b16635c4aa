//! `duijie search WORDS`

use clap::Args;

use super::output::{highlighted, print, print_json, say, table};
use super::{FilterArgs, Global, Outcome};
use crate::engine::{SearchAnswer, SearchRequest, Viewer};
use crate::http::views;
use crate::index::{EntryKind, HitMatch};

/// 查找实验室、成果与需求
#[derive(Debug, Args)]
pub(super) struct Search {
    /// 要找的词；短语用引号括起，如 "进了技术学校"~1
    #[arg(value_name = "WORDS")]
    query: String,
    /// 只找：lab、achievement、need（可多次）
    #[arg(long, value_parser = parse_kind)]
    kind: Vec<EntryKind>,
    /// 条数
    #[arg(long, default_value_t = 20)]
    limit: usize,
    #[command(flatten)]
    filters: FilterArgs,
}

fn parse_kind(text: &str) -> Result<EntryKind, String> {
    match text {
        "lab" | "labs" | "实验室" => Ok(EntryKind::Lab),
        "achievement" | "achievements" | "成果" => Ok(EntryKind::Achievement),
        "need" | "needs" | "需求" => Ok(EntryKind::Need),
        _ => Err("可用：lab、achievement、need".to_owned()),
    }
}

fn label(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Lab => "实验室",
        EntryKind::Achievement => "成果",
        EntryKind::Need => "需求",
    }
}

impl Search {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Outcome> {
        let request = SearchRequest {
            query: self.query,
            kinds: self.kind,
            limit: self.limit,
            filters: self.filters.filters(),
        };
        let engine = global.engine().await?;
        let answer = engine.search(Viewer::Local, request).await?;
        if global.json {
            print_json(&views::search_answer(&answer, engine.tables()))?;
        } else {
            show(&answer);
        }
        Ok(Outcome::Done)
    }
}

fn show(answer: &SearchAnswer) {
    if answer.hits.is_empty() {
        print("没有找到。可以换一个更短的词，或检查是否有错别字。");
        return;
    }
    if answer.relaxed {
        say("没有同时含有全部词的结果，以下含有其中一部分：");
    }
    let mut rows = table(&["种类", "编号", "命中", "标题与片段"]);
    for hit in &answer.hits {
        let mut lines = vec![hit.title.clone()];
        for snippet in &hit.snippets {
            let marked = highlighted(&snippet.text, &snippet.spans);
            if matches!(snippet.field, "title" | "name") {
                lines[0] = marked;
            } else {
                lines.push(format!("  {marked}"));
            }
        }
        let matched = match hit.matched {
            HitMatch::Word => "词",
            HitMatch::Part => "部分",
        };
        rows.add_row([label(hit.kind), &hit.external_id, matched, &lines.join("\n")]);
    }
    print(&rows.to_string());
    print(&format!("共 {} 条，显示 {} 条", answer.total, answer.hits.len()));
}
