//! What is taken from a record before it is shown.

use super::super::directory::Directory;
use super::{Extent, Sight, Viewer};
use crate::model::{Body, Record, RecordId};

impl Viewer {
    /// The record as it may be shown: nothing of it that the sight does not give, and no ids of
    /// records that the viewer may not see.
    pub(in crate::engine) fn shown(
        self,
        directory: &Directory,
        mut record: Record,
        sight: Sight,
    ) -> Record {
        match &mut record.body {
            // Not for anybody.
            Body::User(user) => user.password_hash.clear(),
            Body::Token(_) => record.meta.external_id.clear(),
            _ => {}
        }
        if self == Self::Local {
            return record;
        }
        if sight.extent < Extent::Full {
            // Who works on a record is known to those who work on it.
            for name in
                [&mut record.meta.owner, &mut record.meta.created_by, &mut record.meta.updated_by]
            {
                name.clear();
            }
        }
        if !sight.contact {
            match &mut record.body {
                Body::Lab(lab) => lab.contact.clear(),
                Body::Enterprise(enterprise) => enterprise.contact.clear(),
                _ => {}
            }
        }
        match &mut record.body {
            Body::Achievement(body) => body.lab_ids.retain(|id| {
                let row = directory.lab_row(*id);
                row.is_some_and(|row| directory.seen_lab(self, row).is_some())
            }),
            Body::Lab(body) => {
                body.institution_ids.retain(|id| directory.seen_institution(self, *id).is_some());
            }
            // The parties see how far it has come and what was agreed; what those in charge
            // write to each other is theirs.
            Body::Lead(body) if sight.extent < Extent::Full => {
                body.note.clear();
                body.owner_id = None;
            }
            // Whose account a posting is, and what else its names stand for here.
            Body::Posting(body) => {
                if sight.extent < Extent::Full {
                    body.user_id = body.user_id.filter(|user| {
                        self.identity().is_some_and(|identity| identity.user == *user)
                    });
                }
                let seen = |id: &RecordId| directory.seen_institution(self, *id).is_some();
                body.institution_id = body.institution_id.filter(seen);
            }
            // The public summary tells neither the firm nor what it says in confidence.
            Body::Need(body) if sight.extent == Extent::Public => {
                body.body.clear();
                body.budget = None;
                body.enterprise_id = None;
            }
            _ => {}
        }
        record
    }
}
