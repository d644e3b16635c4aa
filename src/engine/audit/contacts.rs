//! Every look of a signed-in user at somebody else's contact is remembered before it is answered.

use crate::engine::{Engine, EngineError, Identity, Viewer};
use crate::model::{Action, Body, Event, Record, Role};

impl Engine {
    /// Remembers which of the records, as they are about to be shown, tell the viewer how to reach
    /// somebody else: one event for each.
    ///
    /// # Errors
    /// If that cannot be remembered; nothing is to be shown then.
    pub(in crate::engine) async fn note_contacts(
        &self,
        viewer: Viewer,
        shown: &[Record],
    ) -> Result<(), EngineError> {
        let Viewer::User(who) = viewer else { return Ok(()) };
        let told = shown.iter().filter(|record| tells_a_contact(&who, record));
        let events: Vec<Event> = told
            .map(|record| Event {
                action: Action::ContactRead,
                subject: Some((record.body.kind(), record.meta.id)),
                detail: String::new(),
            })
            .collect();
        if events.is_empty() {
            return Ok(());
        }
        self.note_events(viewer, events).await
    }
}

/// Whether a record tells how to reach somebody who is not of the viewer's own house. A
/// commissioner is posted to an institution and not of it.
fn tells_a_contact(who: &Identity, record: &Record) -> bool {
    match &record.body {
        Body::Enterprise(firm) => {
            let own = who.role == Role::Enterprise && who.enterprise == Some(record.meta.id);
            !firm.contact.is_empty() && !own
        }
        Body::Lab(lab) => {
            let of_own = |id: &_| who.institution == Some(*id);
            let own = who.role == Role::Institution && lab.institution_ids.iter().any(of_own);
            !lab.contact.is_empty() && !own
        }
        _ => false,
    }
}
