//! Every operation that reads, with random arguments: names of records that the caller may see and
//! of others, words that texts share, and marks that somebody else's texts have.

use duijie::engine::{
    ActivityQuery, AuditRequest, CompareRequest, CoverageRequest, EngineError, Filters,
    InboxRequest, LeadQuery, MatchQuestion, MatchRequest, NeedFilters, NeedsRequest, PointsRequest,
    Preferences, ReportQuery, SearchRequest, Subject, Viewer, WhyNotRequest,
};
use duijie::model::{Kind, RecordId};
use duijie::programmes::hundred::Change;

use super::oracle::may_know;
use super::world::World;

#[derive(Debug)]
pub enum Call {
    Find(Kind, RecordId),
    List(Kind, Option<RecordId>, usize),
    /// Looks for a mark, or for a common word.
    Search {
        mark: Option<usize>,
        query: String,
    },
    Match(MatchQuestion, Filters),
    MatchNeeds(Subject, NeedFilters),
    Points(MatchQuestion),
    Coverage(MatchQuestion),
    WhyNot(MatchQuestion, RecordId),
    Compare(MatchQuestion, [RecordId; 2]),
    Leads(LeadQuery),
    Board(LeadQuery),
    LeadHistory(RecordId),
    History(Kind, RecordId),
    Activities,
    Report,
    Inbox,
    InboxSummary,
    Duplicates(Kind),
    Audit,
    Plans,
    Plan(RecordId),
    Explanations(RecordId),
    Check(RecordId),
    PlanCoverage(RecordId),
    Relationships(RecordId),
    WhatIf(RecordId),
    Difference([RecordId; 2]),
    Postings(Option<RecordId>),
    Desk,
    Jobs,
    Job(RecordId),
}

pub fn random_call(world: &World, random: &mut fastrand::Rng) -> Call {
    let one = |random: &mut fastrand::Rng, kind: Kind| {
        let ids = world.of_kind(kind);
        ids[random.usize(..ids.len())]
    };
    let question = |random: &mut fastrand::Rng| match random.u8(..3) {
        0 => MatchQuestion::Text(format!(
            "{}，{}",
            random.choice(world.words.iter()).unwrap(),
            random.choice(world.words.iter()).unwrap()
        )),
        _ => MatchQuestion::Need(one(random, Kind::Need).to_string()),
    };
    let kind = Kind::ALL[random.usize(..Kind::ALL.len())];
    match random.u8(..20) {
        17.. => planned_call(world, random),
        12 | 13 => {
            let institution = random.bool().then(|| one(random, Kind::Institution).to_string());
            let need = random.u8(..4).eq(&0).then(|| one(random, Kind::Need).to_string());
            let query = LeadQuery { institution, need, ..LeadQuery::default() };
            if random.bool() { Call::Leads(query) } else { Call::Board(query) }
        }
        14 => match random.u8(..3) {
            0 => Call::LeadHistory(one(random, Kind::Lead)),
            1 => Call::Activities,
            _ => {
                let kind = Kind::IMPORTED[random.usize(..Kind::IMPORTED.len())];
                Call::History(kind, one(random, kind))
            }
        },
        15 => {
            if random.bool() {
                Call::Inbox
            } else {
                Call::InboxSummary
            }
        }
        16 => match random.u8(..3) {
            0 => Call::Report,
            1 => Call::Audit,
            _ => Call::Duplicates(Kind::IMPORTED[random.usize(..Kind::IMPORTED.len())]),
        },
        0 | 1 => {
            let (kind, id) = world.record(random);
            Call::Find(kind, id)
        }
        2 => Call::List(kind, None, random.usize(1..20)),
        3 => {
            let after = Kind::IMPORTED[random.usize(..Kind::IMPORTED.len())];
            Call::List(after, Some(one(random, after)), random.usize(1..5))
        }
        4 | 5 => {
            let mark = random.usize(..world.marks().len());
            Call::Search { mark: Some(mark), query: world.mark(mark).text.clone() }
        }
        6 => {
            let query = random.choice(world.words.iter()).unwrap().clone();
            Call::Search { mark: None, query }
        }
        7 => {
            let institution = random.bool().then(|| one(random, Kind::Institution).to_string());
            Call::Match(question(random), Filters { institution, ..Filters::default() })
        }
        8 => {
            let subject = match random.bool() {
                true => Subject::Lab(one(random, Kind::Lab).to_string()),
                false => Subject::Achievement(one(random, Kind::Achievement).to_string()),
            };
            let park = random.u8(..4).eq(&0).then(|| "甲一园".to_owned());
            let enterprise =
                random.u8(..4).eq(&0).then(|| one(random, Kind::Enterprise).to_string());
            Call::MatchNeeds(subject, NeedFilters { park, enterprise, ..NeedFilters::default() })
        }
        9 => Call::Points(question(random)),
        10 => Call::Coverage(question(random)),
        _ => match random.bool() {
            true => Call::WhyNot(question(random), one(random, Kind::Lab)),
            false => {
                Call::Compare(question(random), [one(random, Kind::Lab), one(random, Kind::Lab)])
            }
        },
    }
}

/// A call about plans and what comes of them.
fn planned_call(world: &World, random: &mut fastrand::Rng) -> Call {
    let plans = world.of_kind(Kind::Plan);
    let one = |random: &mut fastrand::Rng| plans[random.usize(..plans.len())];
    match random.u8(..12) {
        0 => Call::Plans,
        1 => Call::Plan(one(random)),
        2 => Call::Explanations(one(random)),
        3 => Call::Check(one(random)),
        4 => Call::PlanCoverage(one(random)),
        5 => Call::Relationships(one(random)),
        6 => Call::WhatIf(one(random)),
        7 => Call::Difference([one(random), one(random)]),
        8 => Call::Postings(random.bool().then(|| one(random))),
        9 => Call::Desk,
        10 => Call::Jobs,
        _ => Call::Job(world.jobs[0]),
    }
}

impl Call {
    /// All of the answer, or of the error, in one text.
    pub async fn make(&self, world: &World, viewer: Viewer) -> Result<String, String> {
        let engine = &world.engine;
        match self {
            Self::Find(kind, id) => text(engine.find_record(viewer, *kind, &id.to_string()).await),
            Self::List(kind, after, limit) => {
                text(engine.list_records(viewer, *kind, *after, *limit).await)
            }
            Self::Search { query, .. } => {
                let (query, kinds) = (query.clone(), Vec::new());
                let filters = Filters::default();
                let request = SearchRequest { query, kinds, limit: 50, filters };
                text(engine.search(viewer, request).await)
            }
            Self::Match(question, filters) => {
                let (question, filters) = (question.clone(), filters.clone());
                let preferences = Preferences::default();
                let request = MatchRequest { question, limit: 10, filters, preferences };
                text(engine.match_labs(viewer, request).await)
            }
            Self::MatchNeeds(subject, filters) => {
                let (subject, filters) = (subject.clone(), filters.clone());
                let preferences = Preferences::default();
                let request = NeedsRequest { subject, limit: 20, filters, preferences };
                text(engine.match_needs(viewer, request).await)
            }
            Self::Points(question) => {
                let request = PointsRequest { question: question.clone(), points: None };
                text(engine.points(viewer, request).await)
            }
            Self::Coverage(question) => {
                let request = CoverageRequest {
                    question: question.clone(),
                    points: None,
                    limit: 6,
                    team_size: 3,
                    filters: Filters::default(),
                };
                text(engine.coverage(viewer, request).await)
            }
            Self::Leads(query) => text(engine.list_leads(viewer, query.clone(), None, 50).await),
            Self::Board(query) => text(engine.lead_board(viewer, query.clone()).await),
            Self::LeadHistory(id) => {
                text(engine.lead_history(viewer, &id.to_string(), 0, 20).await)
            }
            Self::History(kind, id) => {
                text(engine.history(viewer, *kind, &id.to_string(), None, 20).await)
            }
            Self::Activities => {
                text(engine.list_activities(viewer, ActivityQuery::default(), None, 50).await)
            }
            Self::Report => text(engine.report(viewer, ReportQuery::default()).await),
            Self::Inbox => text(engine.inbox(viewer, InboxRequest::default()).await),
            Self::InboxSummary => text(engine.inbox_summary(viewer, Some(0)).await),
            Self::Duplicates(kind) => text(engine.duplicates(viewer, *kind, None, 20).await),
            Self::Audit => text(engine.audit_log(viewer, AuditRequest::newest(50)).await),
            Self::Plans
            | Self::Plan(_)
            | Self::Explanations(_)
            | Self::Check(_)
            | Self::PlanCoverage(_)
            | Self::Relationships(_)
            | Self::WhatIf(_)
            | Self::Difference(_)
            | Self::Postings(_)
            | Self::Desk
            | Self::Jobs
            | Self::Job(_) => self.make_planned(world, viewer).await,
            Self::WhyNot(question, lab) => {
                let request = WhyNotRequest {
                    question: question.clone(),
                    points: None,
                    lab: lab.to_string(),
                    rank: 1,
                    filters: Filters::default(),
                };
                text(engine.why_not(viewer, request).await)
            }
            Self::Compare(question, labs) => {
                let request = CompareRequest {
                    question: question.clone(),
                    points: None,
                    labs: labs.map(|lab| lab.to_string()),
                    filters: Filters::default(),
                };
                text(engine.compare(viewer, request).await)
            }
        }
    }

    /// The same of a call about plans.
    async fn make_planned(&self, world: &World, viewer: Viewer) -> Result<String, String> {
        let engine = &world.engine;
        let name = |id: &RecordId| id.to_string();
        match self {
            Self::Plan(id) => text(engine.plan(viewer, &name(id)).await),
            Self::Explanations(id) => text(engine.explain_plan(viewer, &name(id)).await),
            Self::Check(id) => text(engine.check_plan(viewer, &name(id)).await),
            Self::PlanCoverage(id) => text(engine.plan_coverage(viewer, &name(id)).await),
            Self::Relationships(id) => text(engine.relationships(viewer, &name(id)).await),
            Self::WhatIf(id) => {
                let change = Change::Set { key: "commissioners_max".to_owned(), value: 1 };
                text(engine.what_if(viewer, &name(id), vec![vec![change]]).await)
            }
            Self::Difference([one, other]) => {
                text(engine.compare_plans(viewer, &name(one), &name(other)).await)
            }
            Self::Postings(plan) => {
                text(engine.list_postings(viewer, plan.as_ref().map(name).as_deref()).await)
            }
            Self::Desk => text(engine.desk(viewer).await),
            Self::Jobs => text(engine.list_jobs(viewer)),
            Self::Job(id) => {
                text(engine.watch_job(viewer, &name(id)).map(|status| status.borrow().clone()))
            }
            _ => text(engine.list_plans(viewer, None, None, 50)),
        }
    }

    /// Whether the caller has named a mark, so that it coming back tells nothing.
    pub fn names(&self, mark: usize) -> bool {
        match self {
            Self::Search { mark: Some(sent), .. } => *sent == mark,
            _ => false,
        }
    }

    /// Of a search for a mark that the caller may not know not even the number of hits tells of
    /// it; of one that stands in a title that they may see, the record is found.
    pub fn check_found(&self, world: &World, viewer: Viewer, answer: &str) {
        let Self::Search { mark: Some(mark), .. } = self else { return };
        if !world.mark(*mark).text.starts_with("zq") || may_know(world, viewer, *mark) {
            return;
        }
        let nothing = answer.contains("hits: []") && answer.contains("total: 0");
        assert!(
            nothing && answer.contains("facets: {}"),
            "{} found {} : {answer}",
            world.describe(viewer),
            world.mark(*mark)
        );
    }
}

impl std::fmt::Display for super::world::Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({:?} of {})", self.text, self.level, self.of)
    }
}

/// Names that the caller has sent come back in errors, and say nothing.
fn text<T: std::fmt::Debug>(answer: Result<T, EngineError>) -> Result<String, String> {
    match answer {
        Ok(answer) => Ok(format!("{answer:?}")),
        Err(EngineError::NotFound { kind, .. }) => Err(format!("no such {kind:?}")),
        Err(EngineError::NoSuchJob { .. }) => Err("no such job".to_owned()),
        Err(error) => Err(format!("{error:?} {}", error.message())),
    }
}
