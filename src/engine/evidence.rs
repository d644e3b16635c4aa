//! What of a record can be evidence, and how a sentence of it is told.

use super::matching::MatchEvidence;
use crate::matching::{Evidence, LabText};
use crate::model::Body;
use crate::store::Stored;

/// The texts of a lab or an achievement; prose before keywords. `None` for other kinds.
pub(super) fn text_of(stored: &Stored) -> Option<LabText<'_>> {
    match &stored.record.body {
        Body::Achievement(body) => {
            let keywords = body.keywords.iter().map(|keyword| ("keywords", keyword.as_str()));
            let fields = [("abstract", body.summary.as_str())].into_iter().chain(keywords);
            Some(LabText { title: ("title", &body.title), fields: fields.collect() })
        }
        Body::Lab(body) => {
            Some(LabText { title: ("name", &body.name), fields: vec![("profile", &body.profile)] })
        }
        _ => None,
    }
}

impl MatchEvidence {
    /// A sentence of a record.
    pub(super) fn of(stored: &Stored, sentence: Evidence) -> Self {
        let meta = &stored.record.meta;
        let (achievement, date) = match &stored.record.body {
            Body::Achievement(body) => {
                (Some((meta.id, meta.external_id.clone(), body.title.clone())), body.date)
            }
            _ => (None, None),
        };
        Self { achievement, date, sentence }
    }
}
