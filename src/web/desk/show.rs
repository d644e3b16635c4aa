//! The desk: the inbox and what is due for everybody; for commissioners their university, their
//! park, their postings and the best matches between the two.

use std::sync::Arc;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Redirect};

use super::due::{DueRow, due};
use crate::engine::{EngineError, InboxRequest, LeadQuery, Viewer};
use crate::http::{App, Params, Problem, views};
use crate::model::Role;
use crate::web::form::Form;
use crate::web::needs::institutions;
use crate::web::page::{Page, page};
use crate::web::shell::{Frame, Shell};

/// Notices on a page.
const NOTICES: usize = 30;
/// Parts of a notice's score that are told.
const REASONS: usize = 6;
/// The same of a lab in the list of one's own.
const REASONS_OF_LAB: usize = 4;

#[derive(Template)]
#[template(path = "desk/show.html")]
struct DeskPage {
    frame: Frame,
    inbox: InboxTold,
    due: Vec<DueRow>,
    more_due: usize,
    /// The leads by state: one's own of a commissioner, all that others see.
    board: views::Board,
    /// What is a commissioner's alone.
    desk: Option<views::Desk>,
    in_charge: bool,
}

/// 收件箱
struct InboxTold {
    until: i64,
    days: Vec<DayTold>,
    /// The address of the next page.
    next: Option<String>,
    /// What was seen before is shown too.
    all: bool,
}

struct DayTold {
    date: String,
    groups: Vec<GroupTold>,
    more: Option<String>,
}

/// What is new of one need.
struct GroupTold {
    need: String,
    title: String,
    notices: Vec<NoticeTold>,
}

struct NoticeTold {
    /// What was new or changed.
    met: &'static str,
    lab: String,
    lab_name: String,
    institutions: String,
    achievement: Option<(String, String)>,
    band: &'static str,
    label: &'static str,
    reasons: Vec<(String, f64)>,
    /// Reasons beyond these, and what they add.
    rest: Option<(usize, f64)>,
    ties: String,
}

/// The page.
pub(in crate::web) async fn show(
    State(app): State<Arc<App>>,
    shell: Shell,
    RawQuery(query): RawQuery,
) -> Page {
    let viewer = shell.caller.viewer;
    if viewer == Viewer::Anonymous {
        return Err(EngineError::NotSignedIn.into());
    }
    let params = Params::read(query.as_deref(), &["all", "after"])?;
    let all = params.one("all")?.is_some();
    let request = InboxRequest {
        since: all.then_some(0),
        limit: NOTICES,
        after: params.number("after")?.and_then(|after| i64::try_from(after).ok()),
        ..InboxRequest::default()
    };
    let inbox = views::inbox(&app.engine.inbox(viewer, request).await?);
    let desk = match shell.role() {
        Some(Role::Commissioner) => {
            let engine = app.engine.clone();
            let desk = app.gate.run(async move { engine.desk(viewer).await }).await??;
            Some(views::desk(&desk))
        }
        _ => None,
    };
    let board = match &desk {
        Some(desk) => desk.board.clone(),
        None => views::board(&app.engine.lead_board(viewer, LeadQuery::default()).await?),
    };
    let (rows, more_due) = due(&app, &shell).await?;
    let in_charge = matches!(shell.role(), Some(Role::Commissioner | Role::Office) | None);
    page(&DeskPage {
        inbox: InboxTold::of(&inbox, all),
        due: rows,
        more_due,
        board,
        desk,
        in_charge,
        frame: shell.frame,
    })
}

/// Marks what is up to a notice as seen.
pub(in crate::web) async fn seen(State(app): State<Arc<App>>, shell: Shell, form: Form) -> Page {
    let until = form.read(&["until"])?.number("until")?;
    let until = until.and_then(|until| i64::try_from(until).ok());
    let until = until.ok_or_else(|| Problem::invalid("until", "没有给出", "请从工作台提交"))?;
    app.engine.mark_inbox_seen(shell.caller.viewer, Some(until)).await?;
    Ok(Redirect::to("/desk").into_response())
}

impl DeskPage {
    /// The largest parts of a lab's score.
    fn reasons_of(&self, lab: &views::LabMatch) -> Vec<(String, f64)> {
        let parts = lab.contributions.iter();
        let mut reasons = reasons(parts.map(|p| (p.label.unwrap_or(&p.name), p.value)));
        reasons.truncate(REASONS_OF_LAB);
        reasons
    }
}

impl InboxTold {
    fn of(inbox: &views::Inbox, all: bool) -> Self {
        let day = |day: &views::InboxDay| DayTold {
            date: day.date.clone(),
            groups: day.groups.iter().filter_map(GroupTold::of).collect(),
            more: day.more_label.clone(),
        };
        let after = inbox.next.map(|next| match all {
            true => format!("/desk?all=1&after={next}"),
            false => format!("/desk?after={next}"),
        });
        Self { until: inbox.until, days: inbox.days.iter().map(day).collect(), next: after, all }
    }
}

/// What each word adds, wherever the evidence has it; the largest first.
fn reasons<'a>(parts: impl Iterator<Item = (&'a str, f64)>) -> Vec<(String, f64)> {
    let mut sums: Vec<(String, f64)> = Vec::new();
    for (name, value) in parts {
        match sums.iter_mut().find(|(known, _)| known == name) {
            Some((_, sum)) => *sum += value,
            None => sums.push((name.to_owned(), value)),
        }
    }
    sums.sort_by(|a, b| b.1.total_cmp(&a.1));
    sums
}

impl GroupTold {
    fn of(group: &views::InboxGroup) -> Option<Self> {
        let need = &group.items.first()?.need;
        Some(Self {
            need: need.id.clone().unwrap_or_default(),
            title: need.title.clone(),
            notices: group.items.iter().map(NoticeTold::of).collect(),
        })
    }
}

impl NoticeTold {
    fn of(notice: &views::Notice) -> Self {
        let parts = notice.contributions.iter().map(|part| (part.name.as_str(), part.value));
        let mut reasons = reasons(parts);
        let rest = reasons.split_off(reasons.len().min(REASONS));
        let achievement = notice.achievement.as_ref();
        let ties: Vec<_> = notice.ties.iter().map(|tie| tie.label).collect();
        Self {
            met: match notice.met {
                "need" => "需求新增或更改",
                "achievement" => "成果新增或更改",
                _ => "实验室新增或更改",
            },
            lab: notice.lab.id.clone(),
            lab_name: notice.lab.name.clone(),
            institutions: institutions(&notice.lab),
            achievement: achievement.map(|own| (own.id.clone(), own.title.clone())),
            band: notice.band,
            label: notice.label,
            reasons,
            rest: (!rest.is_empty()).then(|| (rest.len(), rest.iter().map(|own| own.1).sum())),
            ties: ties.join("、"),
        }
    }
}
