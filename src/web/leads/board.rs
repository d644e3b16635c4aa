//! The board of leads: a column for each state; and one state as a list.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{RawQuery, State};

use super::history::name_of;
use super::is_in_charge;
use super::show::is_ageing;
use super::steps::StepTold;
use crate::engine::{EngineError, LIST_LIMIT_MAX, LeadQuery, LeadView, Person, Viewer};
use crate::http::{App, Params, Problem};
use crate::model::{LeadState, RecordId, Role};
use crate::web::page::{Page, page};
use crate::web::shell::{Frame, Shell};

/// Cards in a column, the most urgent first; the rest is in the list of the state.
const CARDS: usize = 20;
/// Leads on a page of the list.
const PAGE: usize = 50;

const PARAMS: [&str; 5] = ["mine", "overdue", "need", "state", "after"];

#[derive(Template)]
#[template(path = "leads/board.html")]
struct BoardPage {
    frame: Frame,
    asked: Asked,
    in_charge: bool,
    total: u64,
    overdue: u64,
    columns: Vec<Column>,
    /// Closed leads, which have no column.
    closed: u64,
    once: String,
}

#[derive(Template)]
#[template(path = "leads/list.html")]
struct ListPage {
    frame: Frame,
    asked: Asked,
    in_charge: bool,
    state: &'static str,
    label: &'static str,
    cards: Vec<Card>,
    next: Option<String>,
}

/// Which leads are shown.
struct Asked {
    mine: bool,
    overdue: bool,
    need: Option<String>,
}

struct Column {
    state: &'static str,
    label: &'static str,
    count: u64,
    overdue: u64,
    cards: Vec<Card>,
    /// Leads beyond these.
    more: u64,
}

/// A lead on the board.
struct Card {
    lead: LeadView,
    id: String,
    due_on: String,
    ageing: bool,
    institutions: String,
    owner: String,
    /// State, label and whether it asks for more than to be taken there.
    moves: Vec<(&'static str, &'static str, bool)>,
}

impl Asked {
    fn read(params: &Params) -> Result<Self, Problem> {
        Ok(Self {
            mine: params.one("mine")?.is_some(),
            overdue: params.one("overdue")?.is_some(),
            need: params.one("need")?,
        })
    }

    fn query(&self, states: Vec<LeadState>) -> LeadQuery {
        LeadQuery {
            states,
            owner: self.mine.then(|| "me".to_owned()),
            overdue: self.overdue,
            need: self.need.clone(),
            ..LeadQuery::default()
        }
    }

    /// Whether nothing is left out.
    fn is_all(&self) -> bool {
        !self.mine && !self.overdue && self.need.is_none()
    }

    /// The address with the same conditions and another.
    fn with(&self, more: &str) -> String {
        let mut parts = Vec::new();
        if self.mine {
            parts.push("mine=1".to_owned());
        }
        if self.overdue {
            parts.push("overdue=1".to_owned());
        }
        if let Some(need) = &self.need {
            let need = askama::filters::urlencode_strict(need).map(|text| text.to_string());
            parts.push(format!("need={}", need.unwrap_or_default()));
        }
        if !more.is_empty() {
            parts.push(more.to_owned());
        }
        if parts.is_empty() { "/leads".to_owned() } else { format!("/leads?{}", parts.join("&")) }
    }

    /// The list of a state under the same conditions.
    fn in_state(&self, state: &str) -> String {
        self.with(&format!("state={state}"))
    }

    /// The next page of it.
    fn behind(&self, state: &str, after: &str) -> String {
        self.with(&format!("state={state}&after={after}"))
    }

    /// The same conditions.
    fn here(&self) -> String {
        self.with("")
    }
}

/// The board, or the leads of one state.
pub(in crate::web) async fn board(
    State(app): State<Arc<App>>,
    shell: Shell,
    RawQuery(query): RawQuery,
) -> Page {
    if shell.caller.viewer == Viewer::Anonymous {
        return Err(EngineError::NotSignedIn.into());
    }
    let params = Params::read(query.as_deref(), &PARAMS)?;
    let asked = Asked::read(&params)?;
    let in_charge = is_in_charge(&shell);
    let deck = Deck { app: &app, viewer: shell.caller.viewer, role: shell.role() };
    if let Some(state) = params.parsed::<LeadState>("state")? {
        let after = params.after()?;
        let found = app.engine.list_leads(deck.viewer, asked.query(vec![state]), after, PAGE);
        let (leads, more) = found.await?;
        let next = leads.last().filter(|_| more).map(|lead| lead.record.meta.id.to_string());
        let cards = deck.cards(leads).await?;
        let (name, label) = (state.as_str(), state.label());
        return page(&ListPage {
            frame: shell.frame,
            asked,
            in_charge,
            state: name,
            label,
            cards,
            next,
        });
    }
    let counts = app.engine.lead_board(deck.viewer, asked.query(Vec::new())).await?;
    let mut columns = Vec::with_capacity(counts.len());
    for of in counts.iter().filter(|of| of.state != LeadState::Closed) {
        let query = asked.query(vec![of.state]);
        let (mut leads, _) =
            app.engine.list_leads(deck.viewer, query, None, LIST_LIMIT_MAX).await?;
        by_urgency(&mut leads);
        leads.truncate(CARDS);
        columns.push(Column {
            state: of.state.as_str(),
            label: of.state.label(),
            count: of.leads,
            overdue: of.overdue,
            more: of.leads.saturating_sub(leads.len() as u64),
            cards: deck.cards(leads).await?,
        });
    }
    let closed = counts.iter().filter(|of| of.state == LeadState::Closed);
    page(&BoardPage {
        frame: shell.frame,
        asked,
        in_charge,
        total: counts.iter().map(|of| of.leads).sum(),
        overdue: counts.iter().map(|of| of.overdue).sum(),
        closed: closed.map(|of| of.leads).sum(),
        columns,
        once: RecordId::generate().to_string(),
    })
}

/// Late ones first, then what is due soonest, then what has stood longest.
pub fn by_urgency(leads: &mut [LeadView]) {
    leads.sort_by_key(|lead| {
        let due = lead.lead.due_on.map(|due| due.last_day());
        (!lead.overdue, due.is_none(), due, std::cmp::Reverse(lead.days_in_state))
    });
}

/// Makes cards.
struct Deck<'a> {
    app: &'a App,
    viewer: Viewer,
    role: Option<Role>,
}

impl Deck<'_> {
    async fn cards(&self, leads: Vec<LeadView>) -> Result<Vec<Card>, EngineError> {
        let owners: Vec<_> = leads.iter().filter_map(|lead| lead.lead.owner_id).collect();
        let people = self.app.engine.people(self.viewer, owners).await?;
        Ok(leads.into_iter().map(|lead| self.card(lead, &people)).collect())
    }

    fn card(&self, lead: LeadView, people: &BTreeMap<RecordId, Person>) -> Card {
        let steps = StepTold::all(&lead, self.app.engine.transitions(), self.role);
        let moves = steps.iter().map(|step| (step.to.as_str(), step.to.label(), !step.is_bare()));
        let names: Vec<_> = lead.institutions.iter().map(|(_, name)| name.as_str()).collect();
        let owner = lead.lead.owner_id.map(|owner| name_of(&owner.to_string(), people));
        Card {
            id: lead.record.meta.id.to_string(),
            due_on: lead.lead.due_on.map(|due| due.to_string()).unwrap_or_default(),
            ageing: is_ageing(&lead),
            institutions: names.join("、"),
            owner: owner.unwrap_or_default(),
            moves: moves.collect(),
            lead,
        }
    }
}
