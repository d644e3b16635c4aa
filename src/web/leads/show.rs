//! The page of a lead: how far it has come, who wants it, what can be done from here.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;

use super::filled::Filled;
use super::history::{Change, changes, name_of};
use super::steps::{ContractForm, StepTold, form_of};
use super::{AGEING_DAYS, is_in_charge};
use crate::engine::{ActivityQuery, EngineError, LIST_LIMIT_MAX, LeadView, Person, Viewer};
use crate::http::{App, Params, Problem, views};
use crate::model::{
    ActivityKind, Body, CommissionerRole, Kind, LeadState, RecordId, Role, Timestamp,
};
use crate::web::page::{Page, page, page_of};
use crate::web::shell::{Frame, Shell};

/// Changes of a lead that are told.
const CHANGES: u64 = 50;

#[derive(Template)]
#[template(path = "leads/show.html")]
pub struct LeadPage {
    frame: Frame,
    id: String,
    lead: LeadView,
    revision: u64,
    once: String,
    today: String,
    ageing: bool,
    in_charge: bool,
    owner: Option<String>,
    track: Vec<Station>,
    sides: Vec<SideTold>,
    steps: Vec<StepTold>,
    /// The form that stands open.
    open: String,
    contract: ContractForm,
    terms: Vec<(String, String)>,
    candidates: Vec<Person>,
    changes: Vec<Change>,
    /// Changes before those that are told.
    earlier: u64,
    activities: Vec<ActivityTold>,
    more_activities: bool,
    contacts: Contacts,
    filled: Filled,
    /// What was written into a form that is not there any more.
    left_over: Vec<(&'static str, String)>,
    problem: Option<String>,
}

/// A state on the way.
struct Station {
    label: &'static str,
    /// `done`, `here` or `ahead`.
    place: &'static str,
    /// Since when, if it has been there.
    since: String,
}

/// A side and whether it wants the lead.
struct SideTold {
    form: String,
    name: &'static str,
    label: &'static str,
    accepted: bool,
    /// The viewer may say yes, or no.
    may_change: bool,
    /// They say it for somebody else, and on what ground.
    for_others: bool,
    /// What speaking for the side is called.
    button: &'static str,
}

struct ActivityTold {
    kind: &'static str,
    role: Option<&'static str>,
    on: String,
    place: String,
    text: String,
    by: String,
}

/// 联系方式, each look at which is remembered.
enum Contacts {
    /// Not before both sides have accepted.
    NotYet,
    /// If one asks for them.
    OnDemand,
    /// Who, and how to reach them.
    Shown(Vec<(String, String)>),
}

/// How the page is asked for.
#[derive(Default)]
pub struct Asked {
    /// The mode of the contract that is written down.
    pub mode: Option<String>,
    /// The form that is to stand open.
    pub open: Option<String>,
    pub contacts: bool,
    pub filled: Filled,
    pub problem: Option<String>,
}

/// The page.
pub(in crate::web) async fn show(
    State(app): State<Arc<App>>,
    shell: Shell,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Page {
    let params = Params::read(query.as_deref(), &["mode", "to", "contacts"])?;
    let to = params.parsed::<LeadState>("to")?;
    let mode = params.one("mode")?;
    let open = to.or(mode.is_some().then_some(LeadState::Signed)).map(form_of);
    let contacts = params.one("contacts")?.is_some();
    let asked = Asked { mode, open, contacts, ..Asked::default() };
    page(&LeadPage::read(&app, shell, &name, asked).await?)
}

/// The page after something that was asked for has been refused.
pub async fn refused(
    app: &App,
    shell: Shell,
    name: &str,
    filled: Filled,
    (status, problem): (StatusCode, String),
) -> Page {
    let text = |name: &str| Some(filled.text(name)).filter(|text| !text.is_empty());
    let asked = Asked {
        mode: text("mode"),
        open: text("form"),
        contacts: false,
        problem: Some(problem),
        filled,
    };
    page_of(status, &LeadPage::read(app, shell, name, asked).await?)
}

impl LeadPage {
    async fn read(app: &App, shell: Shell, name: &str, asked: Asked) -> Result<Self, Problem> {
        let (engine, viewer) = (&app.engine, shell.caller.viewer);
        let lead = engine.find_lead(viewer, name, None).await?;
        let (id, revision) = (lead.record.meta.id.to_string(), lead.record.meta.revision);
        let in_charge = is_in_charge(&shell);
        let reader = Reader { app, viewer, lead: &lead };
        let told = reader.told().await?;
        let rules = engine.transitions();
        let role = shell.role();
        let steps = match (role, viewer) {
            (None, Viewer::Local) | (Some(_), _) => StepTold::all(&lead, rules, role),
            (None, _) => Vec::new(),
        };
        let mut open = asked.open.unwrap_or_default();
        if steps.iter().all(|step| step.form != open) {
            open = steps.iter().find(|s| s.is_forward()).map_or(String::new(), |s| s.form.clone());
        }
        let sides = sides(&lead, role, in_charge, rules.binds(lead.lead.state));
        let forms = steps.iter().map(|step| &step.form).chain(sides.iter().map(|side| &side.form));
        let kept = forms
            .chain([&"plan".to_owned(), &"activity".to_owned()])
            .any(|form| asked.filled.is(form));
        let left_over = asked.filled.written().into_iter().filter(|_| !kept);
        let left_over = left_over.map(|(label, text)| (label, text.to_owned())).collect();
        let may_contact = in_charge || lead.lead.accepted() && role != Some(Role::Auditor);
        let contacts = match (may_contact, asked.contacts) {
            (false, _) => Contacts::NotYet,
            (true, false) => Contacts::OnDemand,
            (true, true) => Contacts::Shown(reader.contacts().await?),
        };
        Ok(Self {
            frame: shell.frame,
            id,
            revision,
            once: RecordId::generate().to_string(),
            today: Timestamp::now().day_in_china().to_string(),
            ageing: is_ageing(&lead),
            in_charge,
            owner: lead.lead.owner_id.map(|owner| name_of(&owner.to_string(), &told.people)),
            track: track(&lead),
            sides,
            steps,
            open,
            contract: ContractForm::of(asked.mode.as_deref(), engine.contract_fields()),
            terms: terms(&lead, engine.contract_fields()),
            candidates: engine.lead_candidates(viewer, &lead).await?,
            changes: changes(&told.steps, &told.people),
            earlier: revision.saturating_sub(CHANGES),
            activities: told.activities,
            more_activities: told.more_activities,
            contacts,
            left_over,
            filled: asked.filled,
            problem: asked.problem,
            lead,
        })
    }

    fn kinds(&self) -> &'static [ActivityKind] {
        ActivityKind::ALL
    }

    fn roles(&self) -> &'static [CommissionerRole] {
        CommissionerRole::ALL
    }

    /// The viewer's own side has not said whether it wants the lead.
    fn waits_for_me(&self) -> bool {
        let mut own = self.sides.iter().filter(|side| side.may_change && !side.for_others);
        own.any(|side| !side.accepted)
    }

    /// Somebody else than the viewer has to take it on.
    fn is_others_to_move(&self) -> bool {
        !self.in_charge && !self.steps.iter().any(StepTold::is_forward)
    }

    /// Who looks after it, as the form of the plan has it.
    fn owner_id(&self) -> String {
        if self.filled.is("plan") {
            return self.filled.text("owner");
        }
        self.lead.lead.owner_id.map(|id| id.to_string()).unwrap_or_default()
    }

    /// When the next step is due, likewise.
    fn due_on(&self) -> String {
        if self.filled.is("plan") {
            return self.filled.text("due_on");
        }
        self.lead.lead.due_on.map(|due| due.to_string()).unwrap_or_default()
    }

    /// Who looks after it is not among those whom one can choose.
    fn owner_elsewhere(&self) -> Option<RecordId> {
        self.lead.lead.owner_id.filter(|id| self.candidates.iter().all(|own| own.id != *id))
    }
}

/// Reads what belongs to a lead.
struct Reader<'a> {
    app: &'a App,
    viewer: Viewer,
    lead: &'a LeadView,
}

struct Told {
    steps: Vec<crate::engine::LeadStep>,
    activities: Vec<ActivityTold>,
    more_activities: bool,
    people: BTreeMap<RecordId, Person>,
}

impl Reader<'_> {
    async fn told(&self) -> Result<Told, EngineError> {
        let (engine, meta) = (&self.app.engine, &self.lead.record.meta);
        let id = meta.id.to_string();
        // One more than is told, to tell what has changed.
        let after = meta.revision.saturating_sub(CHANGES + 1);
        let limit = usize::try_from(CHANGES + 1).unwrap_or(LIST_LIMIT_MAX);
        let (steps, _) = engine.lead_history(self.viewer, &id, after, limit).await?;
        let query = ActivityQuery { lead: Some(id), ..ActivityQuery::default() };
        let (activities, more_activities) =
            engine.list_activities(self.viewer, query, None, LIST_LIMIT_MAX).await?;
        let authors = steps.iter().map(|step| step.by.as_str());
        let authors = authors.chain(activities.iter().map(|own| own.meta.created_by.as_str()));
        let owners = steps.iter().filter_map(|step| step.lead.owner_id);
        let ids: Vec<RecordId> = authors
            .filter_map(|by| by.parse().ok())
            .chain(owners)
            .chain(self.lead.lead.owner_id)
            .collect();
        let people = engine.people(self.viewer, ids).await?;
        let activity = |record: &crate::engine::RecordView| {
            let told = views::activity(record)?;
            Some(ActivityTold {
                kind: told.kind_label,
                role: told.role_label,
                on: told.on,
                place: told.place,
                text: told.text,
                by: name_of(&record.meta.created_by, &people),
            })
        };
        let activities = activities.iter().rev().filter_map(activity).collect();
        Ok(Told { steps, activities, more_activities, people })
    }

    /// How to reach both sides, as far as the viewer may know; the engine remembers the look.
    async fn contacts(&self) -> Result<Vec<(String, String)>, Problem> {
        let engine = &self.app.engine;
        let mut told = Vec::new();
        if let Some((id, name)) = &self.lead.firm {
            let firm = engine.find_record(self.viewer, Kind::Enterprise, &id.to_string()).await?;
            if let Body::Enterprise(firm) = firm.body {
                told.push((name.clone(), firm.contact));
            }
        }
        let lab = self.lead.lead.lab_id.to_string();
        let lab = engine.find_record(self.viewer, Kind::Lab, &lab).await?;
        if let Body::Lab(lab) = lab.body {
            told.push((lab.name, lab.contact));
        }
        Ok(told)
    }
}

/// Whether it has stood still for long, as far as it can move.
pub fn is_ageing(lead: &LeadView) -> bool {
    let open = !matches!(lead.lead.state, LeadState::Landed | LeadState::Closed);
    open && lead.days_in_state >= AGEING_DAYS
}

/// The way from found to landed, and closed if it is.
fn track(lead: &LeadView) -> Vec<Station> {
    let lead = &lead.lead;
    let been = |state: LeadState| {
        let earlier = lead.earlier.iter().rev().find(|stay| stay.state == state);
        let since = (lead.state == state).then_some(lead.state_since);
        since.or(earlier.map(|stay| stay.since))
    };
    // Of a closed lead it is told how far it had come.
    let reached = lead.earlier.last().map_or(LeadState::Found, |stay| stay.state);
    let reached = if lead.state == LeadState::Closed { reached } else { lead.state };
    let stations = LeadState::ALL.iter().copied();
    let stations =
        stations.filter(|state| *state != LeadState::Closed || lead.state == LeadState::Closed);
    let station = |state: LeadState| Station {
        label: state.label(),
        place: match state {
            _ if state == lead.state => "here",
            LeadState::Closed => "ahead",
            _ if state as usize <= reached as usize => "done",
            _ => "ahead",
        },
        since: been(state)
            .filter(|_| state as usize <= reached as usize || state == lead.state)
            .map(|since| since.day_in_china().to_string())
            .unwrap_or_default(),
    };
    stations.map(station).collect()
}

fn sides(lead: &LeadView, role: Option<Role>, in_charge: bool, bound: bool) -> Vec<SideTold> {
    let closed = lead.lead.state == LeadState::Closed;
    let side = |(name, label, accepted, own): (&'static str, &'static str, bool, Role)| {
        let speaks = role == Some(own) || in_charge;
        SideTold {
            form: format!("accept-{name}"),
            name,
            label,
            accepted,
            may_change: speaks && !closed && !(accepted && bound),
            for_others: in_charge,
            button: match (accepted, in_charge) {
                (false, false) => "我方接受",
                (false, true) => "登记接受",
                (true, false) => "撤回接受",
                (true, true) => "登记撤回",
            },
        }
    };
    let (firm, lab) = (lead.lead.accepted_by_enterprise, lead.lead.accepted_by_institution);
    let both = [
        ("enterprise", "企业", firm, Role::Enterprise),
        ("institution", "高校院所", lab, Role::Institution),
    ];
    both.map(side).into()
}

/// What was agreed beside mode and amount, by the names that people know.
fn terms(lead: &LeadView, fields: &crate::model::ContractFields) -> Vec<(String, String)> {
    let Some(contract) = &lead.lead.contract else { return Vec::new() };
    let told = fields
        .of(&contract.mode)
        .filter_map(|field| Some((field.label.clone(), contract.terms.get(&field.field)?.clone())));
    told.collect()
}
