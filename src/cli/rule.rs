//! `duijie rule list|explain`

use clap::Subcommand;

use super::output::{print, print_json, table};
use super::{Global, Outcome};
use crate::http::views;
use crate::programmes::rules::{Pack, Parameter, Rule as PolicyRule, RuleBook};

/// 政策规则
#[derive(Debug, Subcommand)]
pub(super) enum Rule {
    /// 列出全部规则
    List,
    /// 说明一条规则：条文、约束力、参数、出处
    Explain {
        /// 规则编号，如 H3
        id: String,
    },
}

impl Rule {
    pub(super) fn run(self, global: &Global) -> anyhow::Result<Outcome> {
        let book = RuleBook::load(&global.data())?;
        match self {
            Self::List if global.json => print_json(&views::rule_book(&book))?,
            Self::List => print(&listed(&book)),
            Self::Explain { id } => {
                let Some((pack, rule)) = book.rule(&id) else {
                    let near = book.near_rules(&id);
                    let hint = match near.is_empty() {
                        true => String::new(),
                        false => format!("；相近的有：{}", near.join("、")),
                    };
                    anyhow::bail!("没有规则“{id}”{hint}。用 duijie rule list 查看全部规则");
                };
                if global.json {
                    print_json(&views::rule(pack, rule))?;
                } else {
                    print(&explained(&book, pack, rule));
                }
            }
        }
        Ok(Outcome::Done)
    }
}

/// All rules, pack by pack.
fn listed(book: &RuleBook) -> String {
    let mut parts = Vec::new();
    for pack in book.packs() {
        let mut rows = table(&["编号", "约束力", "规则", "参数"]);
        for rule in &pack.rules {
            let values: Vec<String> = rule.parameters.iter().map(named_value).collect();
            let label = marked(rule.modality.label(), rule.ours);
            rows.add_row([&rule.id, &label, &rule.title, &values.join("；")]);
        }
        parts.push(format!("{}　版本 {}　{}", pack.name, pack.version, pack.kind.label()));
        parts.push(rows.to_string());
    }
    parts.push(format!("* 为本系统的约定，原文没有写。规则簿摘要 {:.12}", book.digest()));
    parts.join("\n")
}

/// `text`, with an asterisk behind what is a choice of ours.
fn marked(text: &str, ours: bool) -> String {
    format!("{text}{}", if ours { "*" } else { "" })
}

fn named_value(parameter: &Parameter) -> String {
    marked(&format!("{}：{}", parameter.text, parameter.shown()), parameter.ours)
}

/// All that is known of one rule.
fn explained(book: &RuleBook, pack: &Pack, rule: &PolicyRule) -> String {
    let mut rows = table(&[&rule.id, &rule.title]);
    let mut say = |name: &str, text: &str| {
        rows.add_row([name, text]);
    };
    say("条文", &rule.text);
    say("约束力", &format!("{}：{}", rule.modality.label(), rule.modality.effect()));
    if rule.ours {
        say("性质", "本系统的约定，原文没有写");
    }
    say("出处", &rule.source);
    let until = rule.until.map(|date| format!("到 {date} 为止"));
    let dates = [rule.from.map(|date| format!("自 {date} 起")), until];
    let dates = dates.into_iter().flatten().collect::<Vec<_>>().join("，");
    say("有效期", if dates.is_empty() { "没有写明" } else { &dates });
    say("版本", &format!("第 {} 版", rule.version));
    let from = format!("{} {}，{}：{}", pack.name, pack.version, pack.kind.label(), pack.source);
    say("规则包", &from);
    for (name, other) in [("取代", &rule.replaces), ("细化", &rule.refines)] {
        if let Some((_, other)) = other.as_ref().and_then(|id| book.rule(id)) {
            say(name, &format!("{} {}", other.id, other.title));
        }
    }
    for (idx, parameter) in rule.parameters.iter().enumerate() {
        let range = format!("可取 {} 到 {}", parameter.min, parameter.max);
        let text = format!("{}　{}（{range}）", parameter.key, named_value(parameter));
        say(if idx == 0 { "参数" } else { "" }, &text);
    }
    rows.to_string()
}
