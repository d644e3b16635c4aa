//! `duijie inbox --user LOGIN`

use std::time::{Duration, Instant};

use clap::Args;

use super::output::{print, print_json, progress, say, table};
use super::{Global, Outcome};
use crate::engine::{
    Engine, EngineError, INBOX_PER_DAY, INBOX_PER_DAY_MAX, InboxItem, InboxRequest, InboxRules,
};
use crate::http::views;

/// How long what is new is met before what is known by then is shown.
const MEETING_MAX: Duration = Duration::from_secs(30);

/// 查看某位用户的收件箱：上次查看之后新出现的匹配
#[derive(Debug, Args)]
pub(super) struct Inbox {
    /// 用户名或编号
    #[arg(long, value_name = "LOGIN")]
    user: String,
    /// 从这条提醒之后看起；默认从上次标为已读之处
    #[arg(long, value_name = "ID")]
    since: Option<i64>,
    /// 每天最多几条
    #[arg(long, default_value_t = INBOX_PER_DAY)]
    per_day: usize,
    /// 看后标为已读
    #[arg(long)]
    seen: bool,
}

impl Inbox {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Outcome> {
        let engine = global.engine().await?;
        let viewer = engine.viewer_of_user(&self.user).await?;
        meet(&engine).await?;
        let request = InboxRequest {
            since: self.since,
            per_day: self.per_day,
            limit: INBOX_PER_DAY_MAX,
            ..InboxRequest::default()
        };
        let answer = engine.inbox(viewer, request).await?;
        let told = views::inbox(&answer);
        if global.json {
            print_json(&told)?;
        } else {
            if answer.days.is_empty() {
                print("没有新的匹配。");
            }
            for (day, told) in answer.days.iter().zip(&told.days) {
                print(&day.date.to_string());
                let mut rows = table(&["提醒", "强度", "需求", "实验室", "新依据", "理由"]);
                for item in day.groups.iter().flat_map(|group| &group.items) {
                    rows.add_row(cells(item));
                }
                print(&rows.to_string());
                if let Some(more) = &told.more_label {
                    print(more);
                }
            }
            if answer.next.is_some() {
                say("还有更早的日子没有列出；可先用 --seen 标为已读，或经接口分页读取");
            }
        }
        if self.seen {
            engine.mark_inbox_seen(viewer, Some(answer.until)).await?;
        }
        Ok(Outcome::Done)
    }
}

fn cells(item: &InboxItem) -> [String; 6] {
    let achievement = item.achievement.as_ref();
    let names: Vec<&str> = item.reasons.iter().map(|reason| reason.name.as_str()).collect();
    [
        item.id.to_string(),
        item.band.label().to_owned(),
        item.need.title.clone(),
        item.lab.name.clone(),
        achievement.map_or("实验室简介", |(_, _, title)| title.as_str()).to_owned(),
        names.join("、"),
    ]
}

/// Meets what no running service has met yet.
async fn meet(engine: &Engine) -> Result<(), EngineError> {
    let began = Instant::now();
    let bar = progress("查看新变更", 0);
    while engine.meet_changes(InboxRules::default()).await? {
        let status = engine.inbox_status().await?;
        let left = u64::try_from(status.lag + status.backlog).unwrap_or_default();
        bar.set_length(bar.length().unwrap_or_default().max(left));
        bar.set_position(bar.length().unwrap_or_default() - left);
        if began.elapsed() > MEETING_MAX {
            say(&format!("还有 {left} 条变更没有比对，运行中的服务会继续"));
            break;
        }
    }
    bar.finish_and_clear();
    Ok(())
}
