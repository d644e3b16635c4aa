//! The shapes of plans and postings.

use serde::{Deserialize, Serialize};

use super::Unreadable;
use super::parts::{parsed, text_of};
use crate::model::{Plan, Posting};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlanShape {
    name: String,
    state: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    replaces: Option<String>,
    digest: String,
    text: String,
}

pub(super) fn plan_shape(body: &Plan) -> PlanShape {
    PlanShape {
        name: body.name.clone(),
        state: body.state.as_str().to_owned(),
        replaces: text_of(body.replaces),
        digest: body.digest.clone(),
        text: body.text.clone(),
    }
}

pub(super) fn plan(shape: PlanShape) -> Result<Plan, Unreadable> {
    Ok(Plan {
        name: shape.name,
        state: shape.state.parse()?,
        replaces: parsed(shape.replaces)?,
        digest: shape.digest,
        text: shape.text,
    })
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PostingShape {
    plan_id: String,
    commissioner: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user_id: Option<String>,
    home: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    office_id: Option<String>,
    institution: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    institution_id: Option<String>,
    batch: String,
    from: String,
    until: String,
}

pub(super) fn posting_shape(body: &Posting) -> PostingShape {
    PostingShape {
        plan_id: body.plan_id.to_string(),
        commissioner: body.commissioner.clone(),
        user_id: text_of(body.user_id),
        home: body.home.clone(),
        office_id: text_of(body.office_id),
        institution: body.institution.clone(),
        institution_id: text_of(body.institution_id),
        batch: body.batch.clone(),
        from: body.from.to_string(),
        until: body.until.to_string(),
    }
}

pub(super) fn posting(shape: PostingShape) -> Result<Posting, Unreadable> {
    Ok(Posting {
        plan_id: shape.plan_id.parse()?,
        commissioner: shape.commissioner,
        user_id: parsed(shape.user_id)?,
        home: shape.home,
        office_id: parsed(shape.office_id)?,
        institution: shape.institution,
        institution_id: parsed(shape.institution_id)?,
        batch: shape.batch,
        from: shape.from.parse()?,
        until: shape.until.parse()?,
    })
}
