//! Leads that ask for something: a side's word, a late step, one that has stood still.

use crate::engine::{EngineError, LIST_LIMIT_MAX, LeadQuery, LeadView};
use crate::http::App;
use crate::model::{LeadState, Role, Timestamp};
use crate::web::leads::{by_urgency, is_ageing};
use crate::web::shell::Shell;

/// A step that is due within so many days is told.
const SOON_DAYS: i32 = 7;
/// Leads that are told.
const ROWS: usize = 10;

/// A lead and why it is told.
pub struct DueRow {
    pub id: String,
    pub need: String,
    pub lab: String,
    pub state: &'static str,
    pub why: String,
    /// `bad`, `warn` or nothing: the look of the reason.
    pub look: &'static str,
}

/// The most urgent of somebody's leads, and how many more there are.
///
/// # Errors
/// If the store fails.
pub async fn due(app: &App, shell: &Shell) -> Result<(Vec<DueRow>, usize), EngineError> {
    let role = shell.role();
    let open = LeadState::ALL.iter().copied();
    let open = open.filter(|state| !matches!(state, LeadState::Landed | LeadState::Closed));
    let query = LeadQuery {
        states: open.collect(),
        owner: (role == Some(Role::Commissioner)).then(|| "me".to_owned()),
        ..LeadQuery::default()
    };
    let (mut leads, _) =
        app.engine.list_leads(shell.caller.viewer, query, None, LIST_LIMIT_MAX).await?;
    by_urgency(&mut leads);
    let mut rows: Vec<DueRow> = leads.iter().filter_map(|lead| row(lead, role)).collect();
    let more = rows.len().saturating_sub(ROWS);
    rows.truncate(ROWS);
    Ok((rows, more))
}

fn row(lead: &LeadView, role: Option<Role>) -> Option<DueRow> {
    let body = &lead.lead;
    let today = Timestamp::now().day_in_china().last_day();
    let waits = match role {
        Some(Role::Enterprise) => !body.accepted_by_enterprise,
        Some(Role::Institution) => !body.accepted_by_institution,
        _ => false,
    };
    let in_days = body.due_on.map(|due| (due.last_day() - today).get_days());
    let due = body.due_on.map(|due| due.to_string()).unwrap_or_default();
    let (why, look) = match in_days {
        _ if waits => ("等您表态：是否接受".to_owned(), "warn"),
        Some(_) if lead.overdue => (format!("逾期，期限 {due}"), "bad"),
        Some(0) => ("今天到期".to_owned(), "warn"),
        Some(days) if days <= SOON_DAYS => (format!("{days} 天后到期"), ""),
        _ if is_ageing(lead) => (format!("停留 {} 天", lead.days_in_state), "warn"),
        _ => return None,
    };
    Some(DueRow {
        id: lead.record.meta.id.to_string(),
        need: lead.need_title.clone(),
        lab: lead.lab_name.clone(),
        state: body.state.label(),
        why,
        look,
    })
}
