//! `duijie duplicates find|merge|undo`

use clap::{Args, Subcommand};

use super::output::{highlighted, print, print_json, print_line, progress, say};
use super::{Global, Outcome};
use crate::engine::{DUPLICATES_LIMIT_MAX, DuplicatePair, Engine, Viewer};
use crate::http::views;
use crate::model::{Body, Kind, Record};

/// 查找、合并重复的记录
#[derive(Debug, Subcommand)]
pub(super) enum Duplicates {
    /// 列出疑似重复的记录，说明相同与不同之处
    Find(Find),
    /// 把一条记录并入另一条；可撤销
    Merge(Merge),
    /// 撤销一次合并
    Undo(Undo),
}

#[derive(Debug, Args)]
pub(super) struct Find {
    /// 种类：need、lab 或 achievement
    kind: Kind,
    /// 只看与此记录重复的：编号、外部编号或 来源:编号
    #[arg(long, value_name = "NAME")]
    of: Option<String>,
    /// 最多列出多少对
    #[arg(long, default_value_t = 50)]
    limit: usize,
}

#[derive(Debug, Args)]
pub(super) struct Merge {
    /// 种类：need、lab 或 achievement
    kind: Kind,
    /// 保留的记录
    kept: String,
    /// 并入它的记录
    merged: String,
}

#[derive(Debug, Args)]
pub(super) struct Undo {
    /// 合并的编号，合并时已告知，也可用 duijie audit show --kind 查到
    id: String,
}

impl Duplicates {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Outcome> {
        let engine = global.engine().await?;
        let (merge, verb) = match self {
            Self::Find(find) => return find.run(global, &engine).await,
            Self::Merge(Merge { kind, kept, merged }) => {
                (engine.merge_records(Viewer::Local, kind, &kept, &merged).await?, "已合并")
            }
            Self::Undo(Undo { id }) => (engine.undo_merge(Viewer::Local, &id).await?, "已撤销合并"),
        };
        engine.catch_up().await?;
        if global.json {
            print_json(&views::merge(&merge))?;
        } else {
            tell(&merge, verb);
        }
        Ok(Outcome::Done)
    }
}

fn tell(merge: &Record, verb: &str) {
    let Body::Merge(body) = &merge.body else { return };
    let (kind, moved, id) = (body.kind.label(), body.moved.len(), merge.meta.id);
    print(&format!("{verb}：{kind} {} → {}，牵涉 {moved} 条记录", body.merged_id, body.kept_id));
    if !body.undone {
        say(&format!("要撤销，请运行 duijie duplicates undo {id}"));
    }
}

impl Find {
    async fn run(self, global: &Global, engine: &Engine) -> anyhow::Result<Outcome> {
        let Self { kind, of, limit } = self;
        let pairs = match of {
            Some(name) => engine.duplicates_of(Viewer::Local, kind, &name).await?,
            None => all(engine, kind, limit).await?,
        };
        for pair in pairs.iter().take(limit) {
            if global.json {
                print_line(&views::duplicate(pair))?;
            } else {
                show(kind, pair);
            }
        }
        if pairs.is_empty() {
            say("没有疑似重复的记录");
        }
        Ok(Outcome::Done)
    }
}

/// The first pairs there are.
async fn all(engine: &Engine, kind: Kind, limit: usize) -> anyhow::Result<Vec<DuplicatePair>> {
    let bar = progress("查重", engine.count_records(kind).await?);
    let (mut pairs, mut after) = (Vec::new(), None);
    loop {
        let most = limit.saturating_sub(pairs.len()).clamp(1, DUPLICATES_LIMIT_MAX);
        let page = engine.duplicates(Viewer::Local, kind, after, most).await?;
        bar.inc(page.looked_at as u64);
        pairs.extend(page.pairs);
        after = page.next;
        if after.is_none() || pairs.len() >= limit {
            break;
        }
    }
    bar.finish_and_clear();
    Ok(pairs)
}

fn show(kind: Kind, pair: &DuplicatePair) {
    let likeness = &pair.likeness;
    let labels = |aspects: &[crate::matching::Aspect]| -> String {
        aspects.iter().map(|aspect| aspect.label()).collect::<Vec<_>>().join("、")
    };
    let mut line =
        format!("相似 {:.0}%　相同：{}", likeness.value * 100.0, labels(&likeness.agrees));
    if !likeness.differs.is_empty() {
        line.push_str(&format!("　不同：{}", labels(&likeness.differs)));
    }
    print(&line);
    for side in &pair.sides {
        let meta = &side.record.meta;
        let title = highlighted(side.record.body.title(), &side.title_spans);
        print(&format!("  {}:{}　{title}", meta.source, meta.external_id));
    }
    let [a, b] = &pair.sides;
    let name = |record: &Record| format!("{}:{}", record.meta.source, record.meta.external_id);
    print(&format!(
        "  合并：duijie duplicates merge {} {} {}\n",
        kind.as_str(),
        name(&a.record),
        name(&b.record)
    ));
}
