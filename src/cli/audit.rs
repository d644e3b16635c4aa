//! `duijie audit verify|seal|show|erase|prune`

use clap::{Args, Subcommand};

use super::output::{print, print_json, print_line, progress, say, table};
use super::{Global, Outcome};
use crate::engine::{
    AUDIT_KEPT_DAYS_DEFAULT, AuditAction, AuditLine, AuditRequest, Engine, Viewer, mismatch_message,
};
use crate::http::views;
use crate::model::{CivilDate, Kind};
use crate::store::{LogHash, Seal};

/// 查看、核验审计日志，抹除个人信息
#[derive(Debug, Subcommand)]
pub(super) enum Audit {
    /// 逐条核对日志与封存，指出第一处不符
    Verify(Verify),
    /// 封存至今的日志；服务运行时会自动封存
    Seal,
    /// 列出谁在何时做了什么，最新的在前
    Show(Show),
    /// 永久抹除一条记录（含历史）中的个人信息；日志仍可核验
    Erase(Erase),
    /// 清除旧审计事件的内容；日志仍可核验
    Prune(Prune),
}

#[derive(Debug, Args)]
pub(super) struct Verify {
    /// 另存于别处的链值；日志若被截断或重写，其中就没有它
    #[arg(long, value_name = "HASH")]
    expect: Option<LogHash>,
}

#[derive(Debug, Args)]
pub(super) struct Show {
    /// 与 --record 同用：记录的种类，如 need、user、lead
    #[arg(long, requires = "record")]
    kind: Option<Kind>,
    /// 只看此记录：编号、外部编号或 来源:编号；已删除的用编号
    #[arg(long, requires = "kind", value_name = "NAME")]
    record: Option<String>,
    /// 只看此人：用户编号、登录名，或 local、import
    #[arg(long, value_name = "USER")]
    by: Option<String>,
    /// 只看此操作：create、update、delete、revive、contact_read、signed_in 等
    #[arg(long)]
    action: Option<AuditAction>,
    /// 从这一天起
    #[arg(long, value_name = "DATE")]
    since: Option<CivilDate>,
    /// 到这一天止
    #[arg(long, value_name = "DATE")]
    until: Option<CivilDate>,
    /// 早于此序号：上一页末尾的序号
    #[arg(long, value_name = "SEQ")]
    before: Option<i64>,
    /// 条数
    #[arg(long, default_value_t = 50)]
    limit: usize,
}

#[derive(Debug, Args)]
pub(super) struct Erase {
    /// 记录的种类，如 user、lead、activity、enterprise
    kind: Kind,
    /// 编号、外部编号或 来源:编号；已删除的用编号
    name: String,
}

#[derive(Debug, Args)]
pub(super) struct Prune {
    /// 早于这一天的审计事件
    #[arg(long, value_name = "DATE")]
    before: CivilDate,
    /// 审计事件须留存的天数，不得少于 183
    #[arg(
        long, value_name = "DAYS", env = "DUIJIE_AUDIT_KEPT_DAYS",
        default_value_t = AUDIT_KEPT_DAYS_DEFAULT
    )]
    kept_days: u32,
}

impl Audit {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Outcome> {
        // The index plays no part in it.
        let engine = global.keep(Engine::start(&global.home(), &global.data()).await?);
        match self {
            Self::Verify(command) => command.run(global, &engine).await,
            Self::Show(command) => command.run(global, &engine).await,
            Self::Seal => seal(global, &engine).await,
            Self::Erase(command) => command.run(global, &engine).await,
            Self::Prune(command) => {
                let Prune { before, kept_days } = command;
                let pruned = engine.prune_events(Viewer::Local, before, kept_days).await?;
                if global.json {
                    print_json(&serde_json::json!({"pruned": pruned}))?;
                } else {
                    print(&format!("已清除 {pruned} 条审计事件的内容"));
                }
                Ok(Outcome::Done)
            }
        }
    }
}

async fn seal(global: &Global, engine: &Engine) -> anyhow::Result<Outcome> {
    let sealed = engine.seal_log().await?;
    if global.json {
        print_json(&views::sealed_log(&sealed))?;
    } else if let Some(seal) = sealed.newest {
        print(&told(&seal));
    } else {
        print("日志是空的，没有可封存的");
    }
    Ok(Outcome::Done)
}

/// A seal in a sentence.
fn told(seal: &Seal) -> String {
    let Seal { number, last_seq, at, hash, .. } = seal;
    format!("第 {number} 个封存，到第 {last_seq} 条，{}\n链值 {hash}", at.in_china())
}

impl Verify {
    async fn run(self, global: &Global, engine: &Engine) -> anyhow::Result<Outcome> {
        let bar = progress("核验", 0);
        let found = engine
            .verify_log(Viewer::Local, self.expect, |done, total| {
                bar.set_length(total);
                bar.set_position(done);
            })
            .await;
        bar.finish_and_clear();
        let found = found?;
        if global.json {
            print_json(&views::log_verification(&found))?;
        } else {
            if let Some(mismatch) = &found.mismatch {
                let message = mismatch_message(mismatch);
                print(&format!("✗ {message}；请查明谁动过数据库文件，并与备份对照"));
            }
            if found.has_expected == Some(false) {
                print("✗ 日志里没有所给的链值：日志被截断或重写过，或链值来自另一个库");
            }
            let mark = if found.is_right() { "✓" } else { "·" };
            let (rows, erased) = (found.rows, found.erased);
            print(&format!("{mark} {rows} 条日志与封存一致，其中 {erased} 条的内容已抹除"));
            if let Some(seal) = &found.last {
                print(&told(seal));
            }
            print(&format!("{} 条尚未封存", found.waiting));
        }
        Ok(if found.is_right() { Outcome::Done } else { Outcome::Failed })
    }
}

impl Show {
    async fn run(self, global: &Global, engine: &Engine) -> anyhow::Result<Outcome> {
        let request = AuditRequest {
            record: self.kind.zip(self.record),
            by: self.by,
            action: self.action,
            since: self.since,
            until: self.until,
            before: self.before,
            limit: self.limit,
        };
        let page = engine.audit_log(Viewer::Local, request).await?;
        if global.json {
            for line in &page.lines {
                print_line(&views::audit_entry(line))?;
            }
            return Ok(Outcome::Done);
        }
        let mut rows = table(&["序号", "时间", "谁", "操作", "对象", "名称"]);
        for line in &page.lines {
            rows.add_row(cells(line));
        }
        print(&rows.to_string());
        if let Some(next) = page.next {
            say(&format!("还有更早的，请加 --before {next}"));
        }
        Ok(Outcome::Done)
    }
}

/// An entry as a row of the table.
fn cells(line: &AuditLine) -> [String; 6] {
    let view = views::audit_entry(line);
    let subject = match (view.kind_label, &view.id, view.revision) {
        (Some(label), Some(id), Some(revision)) => format!("{label} {id} 第 {revision} 版"),
        (Some(label), Some(id), None) => format!("{label} {id}"),
        _ => String::new(),
    };
    let title = if view.erased { "（内容已抹除）".to_owned() } else { String::new() };
    let title = view.title.or(view.detail).unwrap_or(title);
    let by = view.by_name.unwrap_or(view.by);
    let at = line.entry.at.in_china();
    [view.seq.to_string(), at, by, view.action_label.to_owned(), subject, title]
}

impl Erase {
    async fn run(self, global: &Global, engine: &Engine) -> anyhow::Result<Outcome> {
        let Self { kind, name } = self;
        let erased = engine.erase_record(Viewer::Local, kind, &name).await?;
        if global.json {
            print_json(&serde_json::json!({"erased": erased}))?;
        } else if erased {
            print(&format!("已抹除{}“{name}”及其历史中的个人信息", kind.label()));
        } else {
            print(&format!("{}“{name}”先前已抹除", kind.label()));
        }
        if erased {
            say("以前的备份里仍有原文，请按留存规定处理");
            if matches!(kind, Kind::Lab | Kind::Achievement | Kind::Need) {
                say("索引文件里的旧文字要重建后才会消失，请运行 duijie index rebuild");
            }
        }
        Ok(Outcome::Done)
    }
}
