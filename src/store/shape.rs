//! The JSON in which the store keeps bodies.
//!
//! These shapes outlive versions of the program, so they are apart from the model and change
//! by two rules. A new field has a default and is left out while it has it: a newer program
//! reads what an older one wrote, and an older one reads what does not use the field. An
//! unknown field is refused, not skipped: an older program that skipped it would take a
//! record for unchanged that is not, or erase the field with its next change.
//!
//! A contact is personal data and the hash of a password a secret: neither is ever part of the
//! JSON; such an aside is given and taken beside it.

mod desk;
mod notice;
mod parts;
mod planning;

use serde::{Deserialize, Serialize};

use self::parts::{
    AliasShape, CodedShape, aliases, aliases_of, all_parsed, areas, areas_of, budget, industry,
    industry_of, maturity, mode, modes_of, parsed, text_of, texts_of,
};
pub use notice::{backlog_from_json, backlog_to_json, reasons_from_json, reasons_to_json};

use crate::model::{Achievement, Body, Enterprise, Fen, Institution, Kind, Lab, Maturity, Need};

/// Why a text is not the JSON of a body.
type Unreadable = Box<dyn std::error::Error + Send + Sync>;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct InstitutionShape {
    name: String,
    kind: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    classes: Vec<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    province: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    city: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    credit_code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    school_code: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    aliases: Vec<AliasShape>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    website: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LabShape {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    institution_ids: Vec<String>,
    name: String,
    kind: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    areas: Vec<CodedShape>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    profile: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires_on: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    aliases: Vec<AliasShape>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AchievementShape {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    lab_ids: Vec<String>,
    title: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    summary: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    keywords: Vec<String>,
    kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    maturity: Option<u8>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    modes: Vec<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    rights: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EnterpriseShape {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    credit_code: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    park: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    industry: Option<CodedShape>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    province: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    city: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    aliases: Vec<AliasShape>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct NeedShape {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    enterprise_id: Option<String>,
    title: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    body: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    industry: Option<CodedShape>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    areas: Vec<CodedShape>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    budget_fen: Option<i64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    modes: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    deadline: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    maturity_wanted: Option<u8>,
}

/// The body's JSON, without the aside. Equal bodies have equal texts.
pub(super) fn to_json(body: &Body) -> String {
    let json = match body {
        Body::Institution(body) => serde_json::to_string(&InstitutionShape {
            name: body.name.clone(),
            kind: body.kind.as_str().to_owned(),
            classes: body.classes.iter().map(|class| class.as_str().to_owned()).collect(),
            province: body.province.clone(),
            city: body.city.clone(),
            credit_code: text_of(body.credit_code.as_ref()),
            school_code: text_of(body.school_code.as_ref()),
            aliases: aliases_of(&body.aliases),
            website: body.website.clone(),
        }),
        Body::Lab(body) => serde_json::to_string(&LabShape {
            institution_ids: texts_of(&body.institution_ids),
            name: body.name.clone(),
            kind: body.kind.as_str().to_owned(),
            areas: areas_of(&body.areas),
            profile: body.profile.clone(),
            expires_on: text_of(body.expires_on),
            aliases: aliases_of(&body.aliases),
        }),
        Body::Achievement(body) => serde_json::to_string(&AchievementShape {
            lab_ids: texts_of(&body.lab_ids),
            title: body.title.clone(),
            summary: body.summary.clone(),
            keywords: body.keywords.clone(),
            kind: body.kind.as_str().to_owned(),
            date: text_of(body.date),
            maturity: body.maturity.map(Maturity::get),
            modes: modes_of(&body.modes),
            rights: body.rights.clone(),
        }),
        Body::Enterprise(body) => serde_json::to_string(&EnterpriseShape {
            name: body.name.clone(),
            credit_code: text_of(body.credit_code.as_ref()),
            park: body.park.clone(),
            industry: industry_of(body.industry.as_ref()),
            province: body.province.clone(),
            city: body.city.clone(),
            aliases: aliases_of(&body.aliases),
        }),
        Body::Need(body) => serde_json::to_string(&NeedShape {
            enterprise_id: text_of(body.enterprise_id),
            title: body.title.clone(),
            body: body.body.clone(),
            industry: industry_of(body.industry.as_ref()),
            areas: areas_of(&body.areas),
            budget_fen: body.budget.map(Fen::get),
            modes: modes_of(&body.modes),
            deadline: text_of(body.deadline),
            maturity_wanted: body.maturity_wanted.map(Maturity::get),
        }),
        Body::Office(body) => serde_json::to_string(&desk::office_shape(body)),
        Body::User(body) => serde_json::to_string(&desk::user_shape(body)),
        Body::Token(body) => serde_json::to_string(&desk::token_shape(body)),
        Body::Lead(body) => serde_json::to_string(&desk::lead_shape(body)),
        Body::Activity(body) => serde_json::to_string(&desk::activity_shape(body)),
        Body::Dismissal(body) => serde_json::to_string(&desk::dismissal_shape(body)),
        Body::Plan(body) => serde_json::to_string(&planning::plan_shape(body)),
        Body::Posting(body) => serde_json::to_string(&planning::posting_shape(body)),
        Body::Merge(body) => serde_json::to_string(&desk::merge_shape(body)),
        Body::Event(body) => serde_json::to_string(&desk::event_shape(body)),
    };
    json.expect("texts, numbers and lists of them have a JSON")
}

/// The body of that kind in `json`, with its aside.
///
/// It is checked as everything from outside is, but kept to the letter: spans count the
/// characters of what was written, even if a later version would trim or shorten it.
pub(super) fn from_json(kind: Kind, json: &str, aside: String) -> Result<Body, Unreadable> {
    let body = match kind {
        Kind::Institution => {
            let shape: InstitutionShape = serde_json::from_str(json)?;
            Body::Institution(Institution {
                name: shape.name,
                kind: shape.kind.parse()?,
                classes: shape
                    .classes
                    .iter()
                    .map(|class| class.parse())
                    .collect::<Result<_, _>>()?,
                province: shape.province,
                city: shape.city,
                credit_code: parsed(shape.credit_code)?,
                school_code: parsed(shape.school_code)?,
                aliases: aliases(shape.aliases)?,
                website: shape.website,
            })
        }
        Kind::Lab => {
            let shape: LabShape = serde_json::from_str(json)?;
            Body::Lab(Lab {
                institution_ids: all_parsed(&shape.institution_ids)?,
                name: shape.name,
                kind: shape.kind.parse()?,
                areas: areas(shape.areas),
                profile: shape.profile,
                contact: aside,
                expires_on: parsed(shape.expires_on)?,
                aliases: aliases(shape.aliases)?,
            })
        }
        Kind::Achievement => {
            let shape: AchievementShape = serde_json::from_str(json)?;
            Body::Achievement(Achievement {
                lab_ids: all_parsed(&shape.lab_ids)?,
                title: shape.title,
                summary: shape.summary,
                keywords: shape.keywords,
                kind: shape.kind.parse()?,
                date: parsed(shape.date)?,
                maturity: shape.maturity.map(maturity).transpose()?,
                modes: shape.modes.into_iter().map(mode).collect(),
                rights: shape.rights,
            })
        }
        Kind::Enterprise => {
            let shape: EnterpriseShape = serde_json::from_str(json)?;
            Body::Enterprise(Enterprise {
                name: shape.name,
                credit_code: parsed(shape.credit_code)?,
                park: shape.park,
                industry: shape.industry.map(industry),
                province: shape.province,
                city: shape.city,
                contact: aside,
                aliases: aliases(shape.aliases)?,
            })
        }
        Kind::Need => {
            let shape: NeedShape = serde_json::from_str(json)?;
            Body::Need(Need {
                enterprise_id: parsed(shape.enterprise_id)?,
                title: shape.title,
                body: shape.body,
                industry: shape.industry.map(industry),
                areas: areas(shape.areas),
                budget: shape.budget_fen.map(budget).transpose()?,
                modes: shape.modes.into_iter().map(mode).collect(),
                deadline: parsed(shape.deadline)?,
                maturity_wanted: shape.maturity_wanted.map(maturity).transpose()?,
            })
        }
        Kind::Office => Body::Office(desk::office(serde_json::from_str(json)?)?),
        Kind::User => Body::User(desk::user(serde_json::from_str(json)?, aside)?),
        Kind::Token => Body::Token(desk::token(serde_json::from_str(json)?)?),
        Kind::Lead => Body::Lead(desk::lead(serde_json::from_str(json)?)?),
        Kind::Activity => Body::Activity(desk::activity(serde_json::from_str(json)?)?),
        Kind::Dismissal => Body::Dismissal(desk::dismissal(serde_json::from_str(json)?)?),
        Kind::Plan => Body::Plan(planning::plan(serde_json::from_str(json)?)?),
        Kind::Posting => Body::Posting(planning::posting(serde_json::from_str(json)?)?),
        Kind::Merge => Body::Merge(desk::merge(serde_json::from_str(json)?)?),
        Kind::Event => Body::Event(desk::event(serde_json::from_str(json)?)?),
    };
    body.clone().checked()?;
    Ok(body)
}

/// What stands beside the body: how to reach those whom it is about, or the hash of their
/// password; empty if there is none.
pub(super) fn aside(body: &Body) -> &str {
    match body {
        Body::Lab(body) => &body.contact,
        Body::Enterprise(body) => &body.contact,
        Body::User(body) => &body.password_hash,
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_json_of_older_versions_stays_readable() {
        // Text as version 1 wrote it: a new field must have a default, an old one keep its name.
        let json = concat!(
            r#"{"enterprise_id":"01890a5d-ac96-774b-bcce-b302099a8057","title":"膜电极","#,
            r#""body":"寿命大于 5000 小时","industry":{"code":"3841","name":"锂离子电池制造"},"#,
            r#""areas":[{"name":"新能源"}],"budget_fen":80000000,"modes":["equity","挂职"],"#,
            r#""deadline":"2026-06","maturity_wanted":6}"#,
        );
        let body = from_json(Kind::Need, json, String::new()).unwrap();
        assert_eq!(body.title(), "膜电极");
        assert_eq!(to_json(&body), json);
        assert!(from_json(Kind::Need, r#"{"title":"膜电极"}"#, String::new()).is_ok());
    }

    #[test]
    fn what_is_no_body_is_refused_with_the_reason() {
        for (json, reason) in [
            (r#"{"title":""}"#, "title"),
            (r#"{"title":"a","wanted_by":"b"}"#, "unknown field `wanted_by`"),
            (r#"{"title":"a","maturity_wanted":10}"#, "10 is no maturity"),
            (r#"{"title":"a","budget_fen":-1}"#, "-1 fen is no amount"),
            (r#"{"title":"a","deadline":"soon"}"#, "date"),
            ("", "EOF"),
        ] {
            let err = from_json(Kind::Need, json, String::new()).unwrap_err().to_string();
            assert!(err.contains(reason), "{json}: {err}");
        }
    }

    #[test]
    fn no_contact_gets_into_the_json() {
        let json = r#"{"name":"甲公司"}"#;
        let body = from_json(Kind::Enterprise, json, "张三 13800000000".to_owned()).unwrap();
        assert_eq!(aside(&body), "张三 13800000000");
        assert_eq!(to_json(&body), json);
    }
}
