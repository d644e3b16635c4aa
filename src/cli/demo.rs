//! `duijie demo`: from an empty folder to matches in one command.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use clap::Args;

use super::output::{print, progress, say, table};
use super::{Global, Outcome, matching, serve};
use crate::engine::{Engine, Filters, Home, MatchQuestion, MatchRequest, Preferences, Viewer};
use crate::http::{ServeOptions, Server};
use crate::model::{Body, Kind};
use crate::web::{Demo as WebDemo, pages};

/// Needs that are shown: three that a lab answers, one that needs two labs, one that nobody
/// answers.
const NEEDS: [&str; 5] = ["need-01", "need-06", "need-26", "need-35", "need-40"];
/// Labs shown for each.
const LABS: usize = 3;

/// 演示
#[derive(Debug, Args)]
pub(super) struct Demo {
    /// 服务端口，只在本机监听
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// 打印后退出，不提供服务
    #[arg(long)]
    once: bool,
}

impl Demo {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Outcome> {
        if global.json {
            say("demo 只有给人看的输出，没有 --json");
            return Ok(Outcome::WrongUsage);
        }
        let (engine, temporary) = sample_engine(global).await?;
        show_counts(&engine).await?;
        for need in NEEDS {
            let request = MatchRequest {
                question: MatchQuestion::Need(need.to_owned()),
                limit: LABS,
                filters: Filters::default(),
                preferences: Preferences::default(),
            };
            let answer = engine.match_labs(Viewer::Local, request).await?;
            let excerpt = body_of(&engine, need).await?;
            print(&matching::rendered(&answer, Some(&excerpt)));
            print("");
        }
        if !self.once {
            let demo = tell_users(&engine).await?;
            let addr = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
            let server = Server::bind(ServeOptions::new(addr)).await?;
            serve::until_interrupted(engine.clone(), server.with_pages(pages(Some(demo)))).await?;
        }
        // Before its folder goes.
        engine.close().await;
        drop(temporary);
        Ok(Outcome::Done)
    }
}

/// An engine with reference data and sample. Without `--home` it leaves nothing behind: its home
/// is a temporary folder, to be dropped when the engine is closed; the home of the environment is
/// somebody's real one and is not touched.
pub(super) async fn sample_engine(
    global: &Global,
) -> anyhow::Result<(Arc<Engine>, Option<tempfile::TempDir>)> {
    let temporary = if global.home.is_some() { None } else { Some(tempfile::tempdir()?) };
    let home = match &temporary {
        Some(folder) => Home::new(folder.path()),
        None => global.home(),
    };
    let data = global.data();
    let engine = global.keep(Engine::open(&home, &data).await?);
    let bar = progress("导入参考数据与示例数据", Engine::shipped_rows(&data)?);
    engine.load_shipped(&data, |p| bar.set_position(p.done)).await?;
    bar.finish_and_clear();
    engine.import_parks(Viewer::Local, &data).await?;
    Ok((engine, temporary))
}

/// Tells how to look at the demo with each role's eyes.
async fn tell_users(engine: &Engine) -> anyhow::Result<WebDemo> {
    let (users, password) = engine.sample_users().await?;
    let mut rows = table(&["用户名", "角色"]);
    for user in &users {
        rows.add_row([user.login, user.role.label()]);
    }
    say(&rows.to_string());
    say(&format!(
        "以上示例用户的密码都是 {}　在页面右上角可以直接换身份；程序登录：POST /api/v1/sessions",
        password.reveal()
    ));
    Ok(WebDemo { users, password })
}

/// The beginning of a need's text, on one line.
async fn body_of(engine: &Engine, need: &str) -> anyhow::Result<String> {
    const CHARS: usize = 100;
    let record = engine.find_record(Viewer::Local, Kind::Need, need).await?;
    let Body::Need(need) = record.body else { return Ok(String::new()) };
    let mut text: String = need.body.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = text.char_indices().nth(CHARS) {
        text.truncate(end);
        text.push('…');
    }
    Ok(text)
}

async fn show_counts(engine: &Engine) -> anyhow::Result<()> {
    let mut counts = Vec::new();
    for kind in Kind::IMPORTED {
        counts.push(format!("{} {}", kind.label(), engine.count_records(kind).await?));
    }
    say(&format!("已导入：{}", counts.join("　")));
    say("示例中的实验室、成果、企业与需求都是虚构的；国家重点实验室只有名称等事实。");
    Ok(())
}
