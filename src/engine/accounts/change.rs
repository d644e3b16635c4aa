//! Drafts of accounts: new ones, and changes of those that are there.

use crate::model::{Body, Draft, Provenance, Record, Visibility};
use crate::store::{Existing, Write};

/// Source of the users and offices that are entered here.
pub(super) const LOCAL: &str = "local";
/// Source of what the program itself makes: tokens, events, plans.
const OWN: &str = "duijie";

/// A draft of that source.
pub(super) fn draft(source: &str, external_id: &str, visibility: Visibility, body: Body) -> Draft {
    Draft {
        source: source.to_owned(),
        external_id: external_id.to_owned(),
        owner: String::new(),
        visibility,
        provenance: Provenance::default(),
        body,
    }
}

/// A draft of what the program itself makes.
pub(in crate::engine) fn private_draft(external_id: &str, body: Body) -> Draft {
    draft(OWN, external_id, Visibility::Private, body)
}

/// The same, for those whom the matrix shows what is public.
pub(in crate::engine) fn public_draft(external_id: &str, body: Body) -> Draft {
    draft(OWN, external_id, Visibility::Public, body)
}

/// The change of a record to another body, if it is still at that revision, or at any.
pub(in crate::engine) fn change(record: &Record, body: Body, revision: Option<u64>) -> Write {
    let meta = &record.meta;
    let draft = Draft {
        owner: meta.owner.clone(),
        provenance: meta.provenance.clone(),
        ..draft(&meta.source, &meta.external_id, meta.visibility, body)
    };
    Write { draft, existing: Existing::Expected { id: meta.id, revision } }
}
