//! A draft comes into force: its postings become records, the plan before it steps back.

use std::collections::HashMap;

use super::making::check_document;
use super::{PlanDocument, PlanHead};
use crate::engine::accounts::{change, public_draft};
use crate::engine::{Engine, EngineError, Viewer};
use crate::model::{
    Body, Draft, Kind, Plan as PlanBody, PlanState, Posting as PostingBody, RecordId, Role,
    Visibility,
};
use crate::programmes::hundred::{Document, Posting, digest};
use crate::store::{Existing, Stored, Write};

impl Engine {
    /// Publishes a draft, in one transaction with its postings and the end of the plan whose
    /// place it takes. From then on it is known by the digest of its text and never changes.
    ///
    /// # Errors
    /// [`EngineError::Forbidden`]; [`EngineError::NotFound`]; [`EngineError::BadRequest`] if it
    /// is no draft, or the plan whose place it takes is not in force any more; as
    /// [`crate::store::Store::write`] if it is not at `expected`.
    pub async fn publish_plan(
        &self,
        viewer: Viewer,
        name: &str,
        expected: Option<u64>,
    ) -> Result<PlanDocument, EngineError> {
        self.check_may_plan(viewer)?;
        let stored = self.named(viewer, Kind::Plan, name).await?;
        let (meta, Body::Plan(body)) = (&stored.record.meta, &stored.record.body) else {
            return Err(EngineError::NotFound { kind: Kind::Plan, name: name.to_owned() });
        };
        if body.state != PlanState::Draft {
            return Err(refused(format!("计划“{}”{}，不能再发布", body.name, body.state.label())));
        }
        if digest(&body.text) != body.digest {
            return Err(EngineError::Interrupted("a plan is not what its digest says".to_owned()));
        }
        let plan = self.plan_document(stored.clone()).await?;
        check_document(&plan.document)?;
        let revision = expected.unwrap_or(meta.revision);
        let mut writes = vec![in_state(&stored, body, PlanState::Published, revision)];
        if let Some(id) = body.replaces {
            writes.push(self.stepping_back(id).await?);
        }
        let postings = plan.document.plan.postings.iter();
        let places = self.places_of(&plan.document);
        for posting in postings {
            let draft = self.posting_draft(meta.id, posting, &plan.document, &places)?;
            writes.push(Write { draft, existing: Existing::Refused });
        }
        let written = self.write_and_tell(&writes, &viewer.author()).await?;
        let head = written.first().map(|(stored, _)| stored.record.meta.revision);
        let head = PlanHead {
            state: PlanState::Published,
            revision: head.unwrap_or(revision + 1),
            ..plan.head
        };
        Ok(PlanDocument { head, ..plan })
    }

    /// The end of the plan whose place another one takes.
    async fn stepping_back(&self, id: RecordId) -> Result<Write, EngineError> {
        let before = self.store.get(Kind::Plan, id).await?;
        if let Some(before) = &before
            && let Body::Plan(body) = &before.record.body
            && body.state == PlanState::Published
        {
            let revision = before.record.meta.revision;
            return Ok(in_state(before, body, PlanState::Superseded, revision));
        }
        let reason = "此草案所依据的计划已不再有效，请从现行计划重新编制".to_owned();
        Err(refused(reason))
    }

    /// Records of the names in a document.
    fn places_of(&self, document: &Document) -> Places {
        let directory = self.directory();
        let institutions = directory.institutions().map(|own| (own.name.clone(), own.id));
        let case = &document.basis.case;
        let homes = case.commissioners.iter().map(|own| own.home().to_owned());
        let offices = homes.filter_map(|home| Some((directory.places.named(&home)?, home)));
        Places {
            institutions: institutions.collect(),
            offices: offices.map(|(id, home)| (home, id)).collect(),
        }
    }

    fn posting_draft(
        &self,
        plan_id: RecordId,
        posting: &Posting,
        document: &Document,
        places: &Places,
    ) -> Result<Draft, EngineError> {
        let basis = &document.basis;
        let commissioner = basis.commissioners().get(posting.commissioner.as_str()).copied();
        let last = posting.renewed.last().unwrap_or(&posting.batch);
        let (first, last) = (basis.batch(&posting.batch), basis.batch(last));
        let (Some(commissioner), Some((_, first)), Some((_, last))) = (commissioner, first, last)
        else {
            return Err(EngineError::Interrupted("a posting names nobody".to_owned()));
        };
        let home = commissioner.home().to_owned();
        let office_id = places.offices.get(&home).copied();
        let institution_id = places.institutions.get(&posting.institution).copied();
        let body = PostingBody {
            plan_id,
            commissioner: posting.commissioner.clone(),
            user_id: self.commissioner_account(office_id, institution_id),
            home,
            office_id,
            institution: posting.institution.clone(),
            institution_id,
            batch: first.name.clone(),
            from: first.start,
            until: last.end,
        };
        let name = format!("{plan_id}/{}/{}", posting.commissioner, posting.institution);
        Ok(public_draft(&name, Body::Posting(body.checked()?)))
    }

    /// The account of the commissioner from that office who is bound to that institution, if
    /// there is exactly one.
    fn commissioner_account(
        &self,
        office: Option<RecordId>,
        institution: Option<RecordId>,
    ) -> Option<RecordId> {
        let (office, institution) = (office?, institution?);
        let directory = self.directory();
        let mut own = directory.users().filter(|(_, user)| {
            user.role == Role::Commissioner
                && user.office == Some(office)
                && user.institution == Some(institution)
        });
        let (id, _) = own.next()?;
        own.next().is_none().then_some(id)
    }
}

/// Records by the names that a case uses.
struct Places {
    institutions: HashMap<String, RecordId>,
    offices: HashMap<String, RecordId>,
}

/// A plan in another state and no longer private, if it is still at that revision.
fn in_state(stored: &Stored, body: &PlanBody, state: PlanState, revision: u64) -> Write {
    let body = Body::Plan(PlanBody { state, ..body.clone() });
    let mut write = change(&stored.record, body, Some(revision));
    write.draft.visibility = Visibility::Public;
    write
}

fn refused(reason: String) -> EngineError {
    EngineError::IllegalStep { reason }
}
