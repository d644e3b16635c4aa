//! From a case, or from another plan, to a draft.

use super::reading::order_of;
use super::{Measuring, PlanHead, PlanOrder, PlanOutcome, PlanSource};
use crate::engine::accounts::private_draft;
use crate::engine::{Engine, EngineError, Viewer, blocking};
use crate::model::{Body, Plan as PlanBody, PlanState, RecordId};
use crate::programmes::hundred::{
    self, Basis, Case, ChangeError, Document, Level, Parameters, Plan, PlanError, Refusal,
    RepairError, check, digest,
};
use crate::programmes::rules::{BadOverride, RuleBook};
use crate::store::{Existing, Write};

/// A basis with its plan, or why there is none.
type Made = Result<(Basis, Plan), Box<Refusal>>;

impl Engine {
    /// Makes a plan and keeps it as a draft. It is held against the rules by the independent
    /// checker before it is kept. `go_on` is told how far measuring has come.
    ///
    /// # Errors
    /// [`EngineError::Forbidden`] for those who make no plans; [`EngineError::BadRequest`] if a
    /// case or a change cannot be used; if index or store fail.
    pub async fn make_plan(
        &self,
        viewer: Viewer,
        order: PlanOrder,
        go_on: &(dyn Fn(Measuring) -> bool + Send + Sync),
    ) -> Result<PlanOutcome, EngineError> {
        self.check_may_plan(viewer)?;
        let (default_name, replaces, rules, made) = match order.source {
            PlanSource::Case(case) => {
                // Whoever sends a case may list it as they like; the first batch is the earliest.
                let case = case.in_order();
                let book = self.rules_of(&case)?;
                let measured = self.measure_case(&case, &book, go_on).await?;
                let name = case.name.clone();
                let basis = Basis { case, parameters: Parameters::of(&book), measured };
                let made = blocking(move || {
                    let plan = hundred::solve(&basis, &Level::ORDER, None);
                    sorted(plan.map(|plan| (basis, plan)))
                });
                (name, None, book.digest(), made.await?)
            }
            PlanSource::Plan { plan, changes, repair } => {
                let from = self.plan(viewer, &plan).await?;
                let (head, document) = (from.head, from.document);
                let rules = document.rules.clone();
                let in_force = head.state == PlanState::Published;
                let made = blocking(move || {
                    let (basis, plan) = (&document.basis, &document.plan);
                    if repair {
                        return match hundred::repair(basis, plan, &changes) {
                            Ok(made) => Ok(Ok(made)),
                            Err(RepairError::Change(error)) => Err(bad_change(&error)),
                            Err(RepairError::Plan(error)) => sorted(Err(error)),
                        };
                    }
                    let mut basis = basis.with(&changes).map_err(|error| bad_change(&error))?;
                    if in_force {
                        basis.case.published.clone_from(&plan.postings);
                    }
                    let new = hundred::solve(&basis, &order_of(&document), Some(plan));
                    sorted(new.map(|plan| (basis, plan)))
                });
                let replaces = if in_force { Some(head.id) } else { head.replaces };
                (head.name, replaces, rules, made.await?)
            }
        };
        let (basis, plan) = match made {
            Ok(made) => made,
            Err(refusal) => return Ok(PlanOutcome::Impossible(refusal)),
        };
        let name = order.name.unwrap_or(default_name);
        let head =
            self.keep_plan(viewer, name, replaces, Document::new(basis, plan, rules)).await?;
        Ok(PlanOutcome::Kept(head))
    }

    /// Keeps a document as a draft, if nothing in it breaks a rule.
    async fn keep_plan(
        &self,
        viewer: Viewer,
        name: String,
        replaces: Option<RecordId>,
        document: Document,
    ) -> Result<PlanHead, EngineError> {
        let text = blocking(move || {
            check_document(&document)?;
            document.text().map_err(super::reading::damaged)
        });
        let text = text.await?;
        let state = PlanState::Draft;
        let body = PlanBody { name, state, replaces, digest: digest(&text), text }.checked()?;
        let draft = private_draft(&RecordId::generate().to_string(), Body::Plan(body));
        self.check_may_create(viewer, &draft)?;
        let write = Write { draft, existing: Existing::Refused };
        let (stored, _) = self.write_one(viewer, write, None).await?;
        Ok(self.plan_document(stored).await?.head)
    }

    /// The rules with what a case sets otherwise.
    pub(super) fn rules_of(&self, case: &Case) -> Result<RuleBook, EngineError> {
        let book = RuleBook::clone(&self.rules).with_overrides(&case.parameters);
        book.map_err(|bad: BadOverride| EngineError::BadRequest {
            field: "case.parameters",
            reason: bad.to_string(),
        })
    }

    /// Whether the viewer makes plans at all.
    pub(super) fn check_may_plan(&self, viewer: Viewer) -> Result<(), EngineError> {
        viewer.may_plan().then_some(()).ok_or(EngineError::Forbidden { action: "plan" })
    }
}

/// Refusals are answers; what else there is to say is an error.
fn sorted(made: Result<(Basis, Plan), PlanError>) -> Result<Made, EngineError> {
    match made {
        Ok(made) => Ok(Ok(made)),
        Err(PlanError::Impossible(refusal)) => Ok(Err(refusal)),
        Err(error) => Err(error.into()),
    }
}

/// A document none of whose postings breaks a rule.
///
/// # Errors
/// If one does: a defect of the solver, found before anything is kept.
pub(super) fn check_document(document: &Document) -> Result<(), EngineError> {
    let findings = check(&document.basis, &document.plan.postings);
    match findings.iter().find(|own| own.blocks) {
        None => Ok(()),
        Some(found) => {
            let told = format!("a plan breaks rule {}: {}", found.rule, found.text);
            Err(EngineError::Interrupted(told))
        }
    }
}

/// What a change cannot do is the caller's to put right.
pub(super) fn bad_change(error: &ChangeError) -> EngineError {
    EngineError::BadRequest { field: "changes", reason: error.to_string() }
}

impl From<PlanError> for EngineError {
    fn from(error: PlanError) -> Self {
        match error {
            PlanError::UnknownName(unknown) => Self::BadRequest {
                field: "case",
                reason: format!("案例中没有“{}”，请核对编号", unknown.name),
            },
            PlanError::Impossible(_) | PlanError::Unsolved(_) => {
                Self::Interrupted(error.to_string())
            }
        }
    }
}
