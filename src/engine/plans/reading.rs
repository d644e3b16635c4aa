//! Plans as they are kept: lists, texts, accounts of why.

use std::sync::Arc;

use super::PlanHead;
use crate::engine::directory::PlanEntry;
use crate::engine::records::{LIST_LIMIT_MAX, RecordView, check_limit};
use crate::engine::{Engine, EngineError, Viewer, blocking};
use crate::model::{Body, CivilDate, Kind, LeadState, PlanState, Posting, RecordId};
use crate::programmes::hundred::{
    ClassCoverage, Document, Evidence, Explanation, Finding, Idle, Level, Register, TieKind, check,
    coverage, explain, register,
};
use crate::store::Stored;

/// A plan with its text.
#[derive(Debug, Clone)]
pub struct PlanDocument {
    /// As lists show it.
    pub head: PlanHead,
    /// What it says, and what it was made from.
    pub document: Arc<Document>,
}

/// 计划说明: a plan with all that can be said for it.
#[derive(Debug, Clone)]
pub struct PlanAccount {
    /// The plan.
    pub plan: PlanDocument,
    /// Why somebody goes where they go.
    pub explanations: Vec<Explanation>,
    /// Who stays, and why.
    pub idle: Vec<Idle>,
    /// Coverage by class over time.
    pub coverage: Vec<ClassCoverage>,
}

impl PlanHead {
    fn of(id: RecordId, entry: &PlanEntry) -> Self {
        Self {
            id,
            name: entry.name.to_string(),
            state: entry.state,
            replaces: entry.replaces,
            digest: entry.digest.to_string(),
            revision: entry.revision,
            created_at: entry.created_at,
            updated_at: entry.updated_at,
        }
    }
}

/// The order of levels that a document's plan was made with.
pub(super) fn order_of(document: &Document) -> Vec<Level> {
    document.plan.objective.0.iter().map(|(level, _)| *level).collect()
}

impl Engine {
    /// A page of plans behind `after`, in the order of their ids, and whether there are more.
    ///
    /// # Errors
    /// [`EngineError::TooLarge`] if `limit` is over [`LIST_LIMIT_MAX`].
    pub fn list_plans(
        &self,
        viewer: Viewer,
        state: Option<PlanState>,
        after: Option<RecordId>,
        limit: usize,
    ) -> Result<(Vec<PlanHead>, bool), EngineError> {
        check_limit(limit, LIST_LIMIT_MAX)?;
        let directory = self.directory();
        let seen = directory.plans().filter(|(id, plan)| {
            state.is_none_or(|state| plan.state == state)
                && after.is_none_or(|after| *id > after)
                && viewer.sight_of_plan(&directory, plan).is_any()
        });
        let mut heads: Vec<_> = seen.map(|(id, plan)| PlanHead::of(id, plan)).collect();
        heads.sort_by_key(|head| head.id);
        let more = heads.len() > limit;
        heads.truncate(limit);
        Ok((heads, more))
    }

    /// A plan.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] if there is none of that id for the viewer.
    pub async fn plan(&self, viewer: Viewer, name: &str) -> Result<PlanDocument, EngineError> {
        let stored = self.named(viewer, Kind::Plan, name).await?;
        self.plan_document(stored).await
    }

    /// The plan of a record, read.
    pub(super) async fn plan_document(&self, stored: Stored) -> Result<PlanDocument, EngineError> {
        let meta = stored.record.meta;
        let Body::Plan(body) = stored.record.body else {
            return Err(EngineError::NotFound { kind: Kind::Plan, name: meta.external_id });
        };
        let head = PlanHead::of(meta.id, &PlanEntry::of(stored.row, &meta, &body));
        let key = (head.id, head.digest.clone());
        if let Some(document) = self.plans_read.get(&key) {
            return Ok(PlanDocument { head, document });
        }
        let text = body.text;
        let document = blocking(move || Document::read(&text).map_err(damaged)).await?;
        let document = Arc::new(document);
        self.plans_read.put(key, document.clone());
        Ok(PlanDocument { head, document })
    }

    /// A plan with why: every posting's rules, measures and alternatives, who stays, and coverage
    /// over time.
    ///
    /// # Errors
    /// As [`Engine::plan`].
    pub async fn explain_plan(
        &self,
        viewer: Viewer,
        name: &str,
    ) -> Result<PlanAccount, EngineError> {
        let plan = self.plan(viewer, name).await?;
        let document = plan.document.clone();
        let (explanations, idle, coverage) = blocking(move || {
            let order = order_of(&document);
            let (explanations, idle) = explain(&document.basis, &order, &document.plan)?;
            let coverage = coverage(&document.basis, &document.plan.postings);
            Ok::<_, EngineError>((explanations, idle, coverage))
        })
        .await?;
        Ok(PlanAccount { plan, explanations, idle, coverage })
    }

    /// A plan with what the independent checker says of it.
    ///
    /// # Errors
    /// As [`Engine::plan`].
    pub async fn check_plan(
        &self,
        viewer: Viewer,
        name: &str,
    ) -> Result<(PlanDocument, Vec<Finding>), EngineError> {
        let plan = self.plan(viewer, name).await?;
        let document = plan.document.clone();
        let found =
            blocking(move || Ok::<_, EngineError>(check(&document.basis, &document.plan.postings)));
        Ok((plan, found.await?))
    }

    /// A plan with its coverage by class over time.
    ///
    /// # Errors
    /// As [`Engine::plan`].
    pub async fn plan_coverage(
        &self,
        viewer: Viewer,
        name: &str,
    ) -> Result<(PlanDocument, Vec<ClassCoverage>), EngineError> {
        let plan = self.plan(viewer, name).await?;
        let document = plan.document.clone();
        let found = blocking(move || {
            Ok::<_, EngineError>(coverage(&document.basis, &document.plan.postings))
        });
        Ok((plan, found.await?))
    }

    /// 台账: the institutions that a plan ties, with what is known of signed leads of the viewer's.
    ///
    /// # Errors
    /// As [`Engine::plan`].
    pub async fn relationships(&self, viewer: Viewer, name: &str) -> Result<Register, EngineError> {
        let plan = self.plan(viewer, name).await?;
        let directory = self.directory();
        let signed = directory.leads().filter(|lead| {
            matches!(lead.state, LeadState::Signed | LeadState::Landed)
                && viewer.sight_of_lead(&directory, lead).is_any()
        });
        let more = signed.flat_map(|lead| {
            let lab = directory.lab_of(lead.lab);
            // Who sees a lead sees not every institution of its lab.
            let names = lab.into_iter().flat_map(|lab| directory.institutions_of(viewer, lab));
            let since: CivilDate = lead.state_since.day_in_china();
            let names: Vec<String> = names.map(|own| own.name.clone()).collect();
            names.into_iter().map(move |name| {
                let evidence = Evidence {
                    kind: TieKind::Project,
                    date: since,
                    text: format!("对接线索{}", lead.state.label()),
                    source: lead.id.to_string(),
                };
                (name, evidence)
            })
        });
        let more: Vec<_> = more.collect();
        Ok(register(&plan.document.basis, &plan.document.plan.postings, &more))
    }

    /// The postings of published plans that the viewer may see: of one plan, or of all in force.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] if there is no such plan for the viewer.
    pub async fn list_postings(
        &self,
        viewer: Viewer,
        plan: Option<&str>,
    ) -> Result<Vec<RecordView>, EngineError> {
        let plan = match plan {
            None => None,
            Some(name) => Some(self.named(viewer, Kind::Plan, name).await?.record.meta.id),
        };
        let directory = self.directory();
        let in_force = |id: RecordId| {
            directory.plan(id).is_some_and(|plan| plan.state == PlanState::Published)
        };
        let seen = directory.postings().filter(|(_, own)| {
            plan.map_or_else(|| in_force(own.plan), |plan| own.plan == plan)
                && viewer.sight_of_posting(&directory, own).is_any()
        });
        let rows: Vec<_> = seen.map(|(_, own)| own.row).collect();
        let mut stored = self.store.rows(&rows).await?;
        stored.retain(|own| own.record.meta.deleted_at.is_none());
        stored.sort_by(|a, b| key_of(a).cmp(&key_of(b)));
        Ok(stored.into_iter().map(|own| self.shown(viewer, own.record)).collect())
    }
}

/// Postings stand by commissioner, then institution.
fn key_of(stored: &Stored) -> Option<(&str, &str)> {
    match &stored.record.body {
        Body::Posting(Posting { commissioner, institution, .. }) => {
            Some((commissioner, institution))
        }
        _ => None,
    }
}

/// A plan that the store has and that cannot be read: ours to look into.
pub(super) fn damaged(error: crate::programmes::hundred::DocumentError) -> EngineError {
    EngineError::Interrupted(error.to_string())
}
