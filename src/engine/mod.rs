//! What the product can do, in its users' words: the one boundary that every door calls.
//!
//! The engine fetches from `store` and `index`, which never meet below it, and hands texts,
//! candidates and statistics to `matching`. Who may see what is decided here and nowhere else.

mod accounts;
mod agreement;
mod audit;
mod backup;
mod changing;
mod compare;
mod coverage;
mod directory;
mod dismissals;
mod doctor;
mod duplicates;
mod error;
mod evaluate;
mod evidence;
mod extras;
mod filter;
mod following;
mod freshness;
mod held;
mod home;
mod import;
mod inbox;
mod indexing;
mod jobs;
mod judged;
mod lag;
mod leads;
mod learning;
mod matching;
mod measure;
mod naming;
mod need_filter;
mod once;
mod permission;
mod plans;
mod points;
mod ranking;
mod rebuilding;
mod records;
mod reports;
mod reverse;
mod search;
mod search_sight;
mod shipped;
mod shipped_weights;
mod standing;
mod veil;
mod why_not;
mod writing;

use std::sync::{Arc, Mutex};

use crate::data::Data;
use crate::index::Index;
use crate::intake::Tables;
use crate::matching::{PointWords, Weights};
use crate::programmes::rules::RuleBook;
use crate::store::{SqliteStore, Store};
use crate::text::{Analyzer, Dictionary, DictionaryFiles};

use accounts::Accounts;
use directory::{Directory, KnownDirectory};
use following::BackSeat;
use jobs::Jobs;
use lag::LagClock;
use leads::LeadRules;
use plans::{PlanTables, PlansRead};

pub use crate::store::Outcome;
pub use accounts::{
    FIRST_ADMIN, Grant, NewOffice, NewToken, NewUser, OfficeChange, PASSWORD_CHARS_MAX,
    PASSWORD_CHARS_MIN, ParksReport, SESSION_HOURS, SampleUser, Secret, Session, TOKEN_DAYS_MAX,
    UserChange, UserFields,
};
pub use audit::{
    AUDIT_KEPT_DAYS_DEFAULT, AUDIT_KEPT_DAYS_MIN, AUDIT_LIMIT_MAX, AuditAction, AuditLine,
    AuditPage, AuditRequest, LogVerification, keep_sealed, mismatch_message,
};
pub use backup::{BackupContents, CopyProgress, FinishedBackup, RestoreReport, backup, restore};
pub use compare::{CompareAnswer, CompareRequest};
pub use coverage::{
    CoverageAnswer, CoverageRequest, LABS_MAX as COVERAGE_LABS_MAX, LabCell, LabCoverage,
};
pub use directory::{InstitutionEntry, LabEntry};
pub use dismissals::{DismissedMatch, NewDismissal};
pub use doctor::{Finding, Severity, fault_message};
pub use duplicates::{
    DUPLICATES_LIMIT_MAX, DuplicatePair, DuplicateSide, DuplicatesPage, MERGED_KINDS,
};
pub use error::EngineError;
pub(crate) use error::whole_seconds;
pub use evaluate::{FOLDS_MAX, Gain, LabsEvaluation, RerankEvaluation};
pub use extras::{PRIORITY_WEIGHT_MAX, Preferences};
pub use filter::Filters;
pub use following::follow;
pub use home::Home;
pub use import::{ImportProgress, ImportReport};
pub use inbox::{
    Grouping as InboxGrouping, InboxAnswer, InboxCount, InboxDay, InboxGroup, InboxItem,
    InboxReason, InboxRequest, InboxRules, InboxStatus, InboxSummary, PER_DAY as INBOX_PER_DAY,
    PER_DAY_MAX as INBOX_PER_DAY_MAX, Tie, follow_inbox,
};
pub use indexing::{IndexState, IndexStatus};
pub use jobs::{
    FILES_KEPT_BYTES_MAX, ImportOrder, JOB_REFUSED_MAX, JOBS_KEPT_MAX, JOBS_OPEN_MAX,
    JOBS_OPEN_PER_CALLER_MAX, JobPlace, JobState, JobStatus,
};
pub use judged::{EvaluationFiles, LabsOptions};
pub use leads::{
    ActivityQuery, BoardColumn, HISTORY_LIMIT_MAX, LeadPlan, LeadQuery, LeadStep, LeadView,
    NewActivity, NewLead, NewStep, Person,
};
pub use learning::JudgedThings;
pub use matching::{
    LIMIT_MAX as MATCH_LIMIT_MAX, LabMatch, MatchAnswer, MatchEvidence, MatchQuestion, MatchReason,
    MatchRequest, NeedName, TEXT_CHARS_MAX,
};
pub use measure::RankingTimes;
pub use need_filter::NeedFilters;
pub use once::Once;
pub use permission::{
    CHANGING, ChangeRule, Extent, Identity, Relation, Rule, SEEING, Sight, Viewer,
};
pub use plans::{
    Desk, DeskMatch, DeskNeed, FORKS_MAX, Fork, ForkOutcome, Measuring, PlanAccount,
    PlanComparison, PlanDocument, PlanHead, PlanOrder, PlanOutcome, PlanSource,
};
pub use points::{PointsAnswer, PointsRequest};
pub use rebuilding::RebuildProgress;
pub use records::{LIST_LIMIT_MAX, RecordView};
pub use reports::{
    CommissionerCount, Days, Figure, Group, Part, Period, PeriodKind, Report, ReportQuery,
    RoleCount, Unit,
};
pub use reverse::{NeedMatch, NeedsAnswer, NeedsRequest, Subject, SubjectName};
pub use search::{
    Facets, LIMIT_MAX as SEARCH_LIMIT_MAX, QUERY_CHARS_MAX, SearchAnswer, SearchHit, SearchRequest,
    Snippet,
};
pub use why_not::{WhyNotAnswer, WhyNotRequest};

/// 引擎: store, index, dictionary and weights of one home, ready to answer.
///
/// Cheap to share behind an [`Arc`]; all methods take `&self`. Work for the processor runs
/// outside the async runtime's threads.
pub struct Engine {
    store: Arc<dyn Store>,
    index: Arc<Index>,
    analyzer: Arc<Analyzer>,
    tables: Arc<Tables>,
    point_words: Arc<PointWords>,
    weights: Weights,
    lead_rules: Arc<LeadRules>,
    rules: Arc<RuleBook>,
    plan_tables: Arc<PlanTables>,
    plans_read: PlansRead,
    directory: KnownDirectory,
    accounts: Accounts,
    jobs: Jobs,
    /// One catch-up at a time; whoever waits finds the work done.
    indexing: tokio::sync::Mutex<()>,
    /// Told after each write, so that [`follow`] need not wait for its next look.
    written: Arc<tokio::sync::Notify>,
    /// Told after the index has caught up, so that [`follow_inbox`] need not wait either.
    indexed: Arc<tokio::sync::Notify>,
    /// How far the rebuild has come that is under way.
    rebuilding: Arc<Mutex<Option<RebuildProgress>>>,
    lag: LagClock,
    /// Where the index follows the store.
    back_seat: Arc<BackSeat>,
    /// Where changes are met for the inbox.
    inbox_seat: Arc<BackSeat>,
    /// There was nothing to be found when the engine was opened, so that an empty index is a
    /// right one.
    began_empty: bool,
}

impl Engine {
    /// [`Engine::start`], and lets the index catch up with the store: all of it, if it is new
    /// or unusable.
    ///
    /// # Errors
    /// As [`Engine::start`] and [`Engine::catch_up`].
    pub async fn open(home: &Home, data: &Data) -> Result<Self, EngineError> {
        let engine = Self::start(home, data).await?;
        engine.catch_up_if_free().await?;
        Ok(engine)
    }

    /// Opens the home: makes what is missing and brings an old store up to date. The index is
    /// taken as it is; one that is not right is not used, and nothing is found until it has
    /// caught up.
    ///
    /// # Errors
    /// If the data cannot be read, or store or index cannot be opened.
    pub async fn start(home: &Home, data: &Data) -> Result<Self, EngineError> {
        let analyzer = load_analyzer(data);
        let database = home.database();
        let store = SqliteStore::open(&database);
        let (analyzer, store) = tokio::join!(analyzer, store);
        let analyzer = analyzer?;
        let store: Arc<dyn Store> = Arc::new(store?);
        let folder = home.index();
        let index = {
            let analyzer = analyzer.clone();
            blocking(move || Index::open(&folder, analyzer)).await?
        };
        let text = |path: &str| data.text(path);
        let tables = Tables::from_tsv(
            &text("reference/areas.tsv")?,
            &text("reference/industries.tsv")?,
            &text("reference/regions.tsv")?,
        )?;
        let point_words = Arc::new(PointWords::parse(&text("dictionary/point_words.tsv")?)?);
        let directory = Directory::read(store.as_ref()).await?;
        let began_empty = directory.position.is_some_and(|position| position.seq == 0);
        Ok(Self {
            store,
            index: Arc::new(index),
            analyzer,
            tables: Arc::new(tables),
            point_words,
            weights: shipped_weights::load_weights(data)?,
            lead_rules: Arc::new(LeadRules::load(data)?),
            rules: Arc::new(RuleBook::load(data)?),
            plan_tables: Arc::new(PlanTables::load(data)?),
            plans_read: PlansRead::default(),
            directory: KnownDirectory::new(directory),
            accounts: Accounts::default(),
            jobs: Jobs::default(),
            indexing: tokio::sync::Mutex::new(()),
            written: Arc::default(),
            indexed: Arc::default(),
            rebuilding: Arc::default(),
            lag: LagClock::default(),
            back_seat: Arc::new(BackSeat::new("index")?),
            inbox_seat: Arc::new(BackSeat::new("inbox")?),
            began_empty,
        })
    }

    /// Waits for writes that are under way and puts the store's files in order. What is asked
    /// of this engine afterwards fails.
    pub async fn close(&self) {
        self.store.close().await;
    }

    /// The reference tables that records are checked against.
    pub fn tables(&self) -> &Tables {
        &self.tables
    }

    /// The rules of the programmes.
    pub fn rules(&self) -> &RuleBook {
        &self.rules
    }

    /// The analyser of index and query.
    pub fn analyzer(&self) -> &Arc<Analyzer> {
        &self.analyzer
    }

    fn directory(&self) -> Arc<Directory> {
        self.directory.get()
    }
}

/// Loads the dictionary and the segmenter, about 0.2 s of the processor's time.
pub(crate) async fn load_analyzer(data: &Data) -> Result<Arc<Analyzer>, EngineError> {
    let data = data.clone();
    blocking(move || {
        let dictionary = Dictionary::parse(DictionaryFiles {
            terms: &data.text("dictionary/terms.tsv")?,
            synonyms: &data.text("dictionary/synonyms.tsv")?,
            stop_words: &data.text("dictionary/stop_words.txt")?,
            boilerplate: &data.text("dictionary/boilerplate.txt")?,
        })?;
        Ok::<_, EngineError>(Arc::new(Analyzer::new(dictionary)))
    })
    .await
}

/// Runs work for the processor outside the runtime's threads.
async fn blocking<T, E>(
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, EngineError>
where
    T: Send + 'static,
    E: Into<EngineError> + Send + 'static,
{
    match tokio::task::spawn_blocking(work).await {
        Ok(outcome) => outcome.map_err(Into::into),
        Err(failed) => Err(EngineError::Interrupted(failed.to_string())),
    }
}
