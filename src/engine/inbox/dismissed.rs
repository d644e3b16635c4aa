//! What somebody has dismissed: matches that they do not want to see until a text changes.

use std::collections::HashSet;

use super::super::dismissals::{digest_of_lab, digest_of_need};
use super::super::{Engine, EngineError, Viewer};
use crate::model::{Body, Kind, RecordId};

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
        let directory = self.directory();
        let mut dismissed = HashSet::new();
        for (_, said) in directory.dismissals_of(user) {
            let pair = (said.need, said.lab);
            if !pairs.contains(&pair) {
                continue;
            }
            let need = self.digest(Kind::Need, said.need).await?;
            let lab = self.digest(Kind::Lab, said.lab).await?;
            if need.as_ref() == Some(&said.digests[0]) && lab.as_ref() == Some(&said.digests[1]) {
                dismissed.insert(pair);
            }
        }
        Ok(dismissed)
    }

    /// Of the text of a need or a lab; `None` if it is gone.
    async fn digest(&self, kind: Kind, id: RecordId) -> Result<Option<String>, EngineError> {
        let stored = self.store.get(kind, id).await?;
        Ok(stored.and_then(|stored| match &stored.record.body {
            Body::Need(need) => Some(digest_of_need(need)),
            Body::Lab(lab) => Some(digest_of_lab(lab)),
            _ => None,
        }))
    }
}
