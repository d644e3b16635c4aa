//! What happened at the door, as records: for the audit.

use super::change::private_draft;
use crate::engine::EngineError;
use crate::model::{Action, Body, Event, Kind, RecordId};
use crate::store::{Existing, Write};

/// Something that happened to a user, to be written beside what it changed. `detail` has no
/// secrets and no personal data.
///
/// # Errors
/// If the detail is too long.
pub(super) fn event(
    action: Action,
    user: Option<RecordId>,
    detail: &str,
) -> Result<Write, EngineError> {
    let subject = user.map(|id| (Kind::User, id));
    let event = Event { action, subject, detail: detail.to_owned() }.checked()?;
    let draft = private_draft(&RecordId::generate().to_string(), Body::Event(event));
    Ok(Write { draft, existing: Existing::Refused })
}
