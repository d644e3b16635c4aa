//! A record that names another one instead.

use super::{Body, Kind, RecordId};

impl Body {
    /// The body with the record `to` in the place of `from`, both of that kind, wherever it names
    /// it; in a list it stands once.
    pub fn renamed(&self, kind: Kind, from: RecordId, to: RecordId) -> Self {
        let mut body = self.clone();
        let one = |of: Kind, id: &mut RecordId| {
            if of == kind && *id == from {
                *id = to;
            }
        };
        let maybe = |of: Kind, id: &mut Option<RecordId>| {
            if let Some(id) = id {
                one(of, id);
            }
        };
        let all = |of: Kind, ids: &mut Vec<RecordId>| {
            if of != kind || !ids.contains(&from) {
                return;
            }
            let mut seen = Vec::with_capacity(ids.len());
            for mut id in std::mem::take(ids) {
                one(of, &mut id);
                if !seen.contains(&id) {
                    seen.push(id);
                }
            }
            *ids = seen;
        };
        match &mut body {
            Self::Institution(_) | Self::Enterprise(_) | Self::Merge(_) | Self::Event(_) => {}
            Self::Lab(body) => all(Kind::Institution, &mut body.institution_ids),
            Self::Achievement(body) => all(Kind::Lab, &mut body.lab_ids),
            Self::Need(body) => maybe(Kind::Enterprise, &mut body.enterprise_id),
            Self::Office(body) => maybe(Kind::Office, &mut body.parent_id),
            Self::User(body) => {
                maybe(Kind::Office, &mut body.office_id);
                maybe(Kind::Institution, &mut body.institution_id);
                maybe(Kind::Enterprise, &mut body.enterprise_id);
            }
            Self::Token(body) => one(Kind::User, &mut body.user_id),
            Self::Lead(body) => {
                one(Kind::Need, &mut body.need_id);
                one(Kind::Lab, &mut body.lab_id);
                maybe(Kind::User, &mut body.owner_id);
            }
            Self::Activity(body) => {
                maybe(Kind::Lead, &mut body.lead_id);
                maybe(Kind::Posting, &mut body.posting_id);
            }
            Self::Plan(body) => maybe(Kind::Plan, &mut body.replaces),
            Self::Posting(body) => {
                one(Kind::Plan, &mut body.plan_id);
                maybe(Kind::User, &mut body.user_id);
                maybe(Kind::Office, &mut body.office_id);
                maybe(Kind::Institution, &mut body.institution_id);
            }
            Self::Dismissal(body) => {
                one(Kind::User, &mut body.user_id);
                one(Kind::Need, &mut body.need_id);
                one(Kind::Lab, &mut body.lab_id);
            }
        }
        body
    }

    /// Whether it names that record.
    pub fn names(&self, kind: Kind, id: RecordId) -> bool {
        self.references().contains(&(kind, id))
    }
}
