//! The shapes of what comes of daily work: offices, users and tokens, leads and what is done for
//! them, merges and events.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Unreadable;
use super::parts::{AliasShape, aliases, aliases_of, budget, mode, parsed, text_of};
use crate::model::{
    Activity, Contract, Dismissal, Event, Lead, Merge, Office, Stay, Timestamp, Token, User,
};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OfficeShape {
    name: String,
    level: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parent_id: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    aliases: Vec<AliasShape>,
}

pub(super) fn office_shape(body: &Office) -> OfficeShape {
    OfficeShape {
        name: body.name.clone(),
        level: body.level.as_str().to_owned(),
        parent_id: text_of(body.parent_id),
        aliases: aliases_of(&body.aliases),
    }
}

pub(super) fn office(shape: OfficeShape) -> Result<Office, Unreadable> {
    Ok(Office {
        name: shape.name,
        level: shape.level.parse()?,
        parent_id: parsed(shape.parent_id)?,
        aliases: aliases(shape.aliases)?,
    })
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UserShape {
    name: String,
    role: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    office_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    institution_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    enterprise_id: Option<String>,
    #[serde(default, skip_serializing_if = "is_false")]
    disabled: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    must_change_password: bool,
}

fn is_false(value: &bool) -> bool {
    !value
}

pub(super) fn user_shape(body: &User) -> UserShape {
    UserShape {
        name: body.name.clone(),
        role: body.role.as_str().to_owned(),
        office_id: text_of(body.office_id),
        institution_id: text_of(body.institution_id),
        enterprise_id: text_of(body.enterprise_id),
        disabled: body.disabled,
        must_change_password: body.must_change_password,
    }
}

pub(super) fn user(shape: UserShape, password_hash: String) -> Result<User, Unreadable> {
    Ok(User {
        name: shape.name,
        role: shape.role.parse()?,
        office_id: parsed(shape.office_id)?,
        institution_id: parsed(shape.institution_id)?,
        enterprise_id: parsed(shape.enterprise_id)?,
        disabled: shape.disabled,
        must_change_password: shape.must_change_password,
        password_hash,
    })
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TokenShape {
    user_id: String,
    kind: String,
    label: String,
    expires_at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    revoked_at: Option<i64>,
}

pub(super) fn token_shape(body: &Token) -> TokenShape {
    TokenShape {
        user_id: body.user_id.to_string(),
        kind: body.kind.as_str().to_owned(),
        label: body.label.clone(),
        expires_at: body.expires_at.0,
        revoked_at: body.revoked_at.map(|at| at.0),
    }
}

pub(super) fn token(shape: TokenShape) -> Result<Token, Unreadable> {
    Ok(Token {
        user_id: shape.user_id.parse()?,
        kind: shape.kind.parse()?,
        label: shape.label,
        expires_at: Timestamp(shape.expires_at),
        revoked_at: shape.revoked_at.map(Timestamp),
    })
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ContractShape {
    mode: String,
    amount_fen: i64,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    terms: BTreeMap<String, String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StayShape {
    state: String,
    since: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LeadShape {
    need_id: String,
    lab_id: String,
    resource: String,
    state: String,
    state_since: i64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    earlier: Vec<StayShape>,
    #[serde(default, skip_serializing_if = "is_false")]
    accepted_by_enterprise: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    accepted_by_institution: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    owner_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due_on: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    note: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    close_reason: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    contract: Option<ContractShape>,
}

pub(super) fn lead_shape(body: &Lead) -> LeadShape {
    LeadShape {
        need_id: body.need_id.to_string(),
        lab_id: body.lab_id.to_string(),
        resource: body.resource.as_str().to_owned(),
        state: body.state.as_str().to_owned(),
        state_since: body.state_since.0,
        earlier: body.earlier.iter().map(stay_shape).collect(),
        accepted_by_enterprise: body.accepted_by_enterprise,
        accepted_by_institution: body.accepted_by_institution,
        owner_id: text_of(body.owner_id),
        due_on: text_of(body.due_on),
        note: body.note.clone(),
        close_reason: body.close_reason.clone(),
        contract: body.contract.as_ref().map(|contract| ContractShape {
            mode: contract.mode.as_str().to_owned(),
            amount_fen: contract.amount.get(),
            terms: contract.terms.clone(),
        }),
    }
}

fn stay_shape(stay: &Stay) -> StayShape {
    StayShape { state: stay.state.as_str().to_owned(), since: stay.since.0 }
}

fn stay(shape: &StayShape) -> Result<Stay, Unreadable> {
    Ok(Stay { state: shape.state.parse()?, since: Timestamp(shape.since) })
}

pub(super) fn lead(shape: LeadShape) -> Result<Lead, Unreadable> {
    let contract = |shape: ContractShape| -> Result<Contract, Unreadable> {
        Ok(Contract {
            mode: mode(shape.mode),
            amount: budget(shape.amount_fen)?,
            terms: shape.terms,
        })
    };
    Ok(Lead {
        need_id: shape.need_id.parse()?,
        lab_id: shape.lab_id.parse()?,
        resource: shape.resource.parse()?,
        state: shape.state.parse()?,
        state_since: Timestamp(shape.state_since),
        earlier: shape.earlier.iter().map(stay).collect::<Result<_, _>>()?,
        accepted_by_enterprise: shape.accepted_by_enterprise,
        accepted_by_institution: shape.accepted_by_institution,
        owner_id: parsed(shape.owner_id)?,
        due_on: parsed(shape.due_on)?,
        note: shape.note,
        close_reason: shape.close_reason,
        contract: shape.contract.map(contract).transpose()?,
    })
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ActivityShape {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lead_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    posting_id: Option<String>,
    kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    on: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    place: String,
    text: String,
}

pub(super) fn activity_shape(body: &Activity) -> ActivityShape {
    ActivityShape {
        lead_id: text_of(body.lead_id),
        posting_id: text_of(body.posting_id),
        kind: body.kind.as_str().to_owned(),
        role: body.role.map(|role| role.as_str().to_owned()),
        on: body.on.to_string(),
        place: body.place.clone(),
        text: body.text.clone(),
    }
}

pub(super) fn activity(shape: ActivityShape) -> Result<Activity, Unreadable> {
    Ok(Activity {
        lead_id: parsed(shape.lead_id)?,
        posting_id: parsed(shape.posting_id)?,
        kind: shape.kind.parse()?,
        role: parsed(shape.role)?,
        on: shape.on.parse()?,
        place: shape.place,
        text: shape.text,
    })
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DismissalShape {
    user_id: String,
    need_id: String,
    lab_id: String,
    reason: String,
    need_digest: String,
    lab_digest: String,
}

pub(super) fn dismissal_shape(body: &Dismissal) -> DismissalShape {
    DismissalShape {
        user_id: body.user_id.to_string(),
        need_id: body.need_id.to_string(),
        lab_id: body.lab_id.to_string(),
        reason: body.reason.clone(),
        need_digest: body.need_digest.clone(),
        lab_digest: body.lab_digest.clone(),
    }
}

pub(super) fn dismissal(shape: DismissalShape) -> Result<Dismissal, Unreadable> {
    Ok(Dismissal {
        user_id: shape.user_id.parse()?,
        need_id: shape.need_id.parse()?,
        lab_id: shape.lab_id.parse()?,
        reason: shape.reason,
        need_digest: shape.need_digest,
        lab_digest: shape.lab_digest,
    })
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MergeShape {
    kind: String,
    kept_id: String,
    merged_id: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    moved: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "is_false")]
    undone: bool,
}

pub(super) fn merge_shape(body: &Merge) -> MergeShape {
    let moved = body.moved.iter().map(|(kind, id)| (kind.as_str().to_owned(), id.to_string()));
    MergeShape {
        kind: body.kind.as_str().to_owned(),
        kept_id: body.kept_id.to_string(),
        merged_id: body.merged_id.to_string(),
        moved: moved.collect(),
        undone: body.undone,
    }
}

pub(super) fn merge(shape: MergeShape) -> Result<Merge, Unreadable> {
    let mut moved = Vec::with_capacity(shape.moved.len());
    for (kind, id) in shape.moved {
        moved.push((kind.parse()?, id.parse()?));
    }
    Ok(Merge {
        kind: shape.kind.parse()?,
        kept_id: shape.kept_id.parse()?,
        merged_id: shape.merged_id.parse()?,
        moved,
        undone: shape.undone,
    })
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EventShape {
    action: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    subject: Option<(String, String)>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    detail: String,
}

pub(super) fn event_shape(body: &Event) -> EventShape {
    let subject = body.subject.map(|(kind, id)| (kind.as_str().to_owned(), id.to_string()));
    EventShape { action: body.action.as_str().to_owned(), subject, detail: body.detail.clone() }
}

pub(super) fn event(shape: EventShape) -> Result<Event, Unreadable> {
    let subject = match shape.subject {
        None => None,
        Some((kind, id)) => Some((kind.parse()?, id.parse()?)),
    };
    Ok(Event { action: shape.action.parse()?, subject, detail: shape.detail })
}

#[cfg(test)]
mod tests {
    use super::super::{from_json, to_json};
    use crate::model::Kind;

    /// Text as the first version with these kinds wrote it: a new field must have a default, an
    /// old one keep its name.
    #[test]
    fn the_json_of_older_versions_stays_readable() {
        const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";
        const OTHER: &str = "01890a5d-ac96-774b-bcce-b302099a8058";
        for (kind, json) in [
            (
                Kind::Office,
                r#"{"name":"甲园区","level":"park","parent_id":"ID","aliases":[{"name":"甲"}]}"#,
            ),
            (
                Kind::User,
                r#"{"name":"张三","role":"commissioner","office_id":"ID","institution_id":"OTHER","disabled":true}"#,
            ),
            (Kind::User, r#"{"name":"李四","role":"enterprise","enterprise_id":"ID"}"#),
            (Kind::User, r#"{"name":"王五","role":"admin","must_change_password":true}"#),
            (
                Kind::Token,
                r#"{"user_id":"ID","kind":"api","label":"报表","expires_at":1760000000000,"revoked_at":1750000000000}"#,
            ),
            (
                Kind::Lead,
                r#"{"need_id":"ID","lab_id":"OTHER","resource":"talent","state":"signed","state_since":1760000000000,"accepted_by_enterprise":true,"accepted_by_institution":true,"owner_id":"ID","due_on":"2026-12-01","note":"已签","contract":{"mode":"patent_licence","amount_fen":100,"terms":{"period":"3 年"}}}"#,
            ),
            (
                Kind::Lead,
                r#"{"need_id":"ID","lab_id":"OTHER","resource":"achievement","state":"closed","state_since":1,"close_reason":"需求取消"}"#,
            ),
            (
                Kind::Activity,
                r#"{"lead_id":"ID","kind":"visit","role":"sower","on":"2026-11-20","place":"实验室","text":"看样件"}"#,
            ),
            (
                Kind::Dismissal,
                r#"{"user_id":"ID","need_id":"ID","lab_id":"OTHER","reason":"方向不符","need_digest":"a","lab_digest":"b"}"#,
            ),
            (
                Kind::Merge,
                r#"{"kind":"lab","kept_id":"ID","merged_id":"OTHER","moved":[["achievement","ID"]],"undone":true}"#,
            ),
            (
                Kind::Event,
                r#"{"action":"contact_read","subject":["enterprise","ID"],"detail":"api"}"#,
            ),
        ] {
            let json = json
                .replace("\"OTHER\"", &format!("\"{OTHER}\""))
                .replace("\"ID\"", &format!("\"{ID}\""));
            let body =
                from_json(kind, &json, String::new()).unwrap_or_else(|e| panic!("{json}: {e}"));
            assert_eq!(to_json(&body), json);
        }
    }
}
