//! What somebody has dismissed: matches that they do not want to see until a text changes.

use std::collections::HashSet;

use sha2::{Digest, Sha256};

use super::super::{Engine, EngineError, Viewer};
use crate::model::{Body, Kind, RecordId};
use crate::store::BATCH_MAX;

/// A need and a lab.
pub(super) type Pair = (RecordId, RecordId);

impl Engine {
    /// Those of these pairs that the viewer has dismissed, with texts as they are now. Linear in
    /// the number of their dismissals.
    pub(super) async fn dismissed(
        &self,
        viewer: Viewer,
        pairs: &HashSet<Pair>,
    ) -> Result<HashSet<Pair>, EngineError> {
        let Some(user) = viewer.identity().map(|identity| identity.user) else {
            return Ok(HashSet::new());
        };
        let (mut dismissed, mut after) = (HashSet::new(), None);
        loop {
            let by = (Kind::User, user);
            let page = self.store.referring(Kind::Dismissal, by, after, BATCH_MAX).await?;
            let Some(last) = page.last() else { return Ok(dismissed) };
            after = Some(last.record.meta.id);
            for stored in &page {
                let Body::Dismissal(said) = &stored.record.body else { continue };
                let pair = (said.need_id, said.lab_id);
                if pairs.contains(&pair)
                    && self.digest(Kind::Need, said.need_id).await? == said.need_digest
                    && self.digest(Kind::Lab, said.lab_id).await? == said.lab_digest
                {
                    dismissed.insert(pair);
                }
            }
        }
    }

    /// Of the text of a need or a lab; empty if it is gone.
    async fn digest(&self, kind: Kind, id: RecordId) -> Result<String, EngineError> {
        let body = self.store.get(kind, id).await?.map(|stored| stored.record.body);
        let (title, text) = match &body {
            Some(Body::Need(need)) => (&need.title, &need.body),
            Some(Body::Lab(lab)) => (&lab.name, &lab.profile),
            _ => return Ok(String::new()),
        };
        // Texts hold no NUL, so where one ends and the other begins is told.
        let digest = Sha256::digest(format!("{title}\0{text}"));
        Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
    }
}
