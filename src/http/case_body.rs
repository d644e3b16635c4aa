//! Cases and changes out of JSON. What is wrong with a case as a whole is found by the case itself.

use super::error::Problem;
use super::extract::Object;
use crate::programmes::hundred::{
    Batch, Case, Change, Class, Commissioner, Evidence, HostInstitution, Posting, RICHNESS_MAX,
    Sent, Tie, TieKind,
};

/// Keys of a case and of what it is made of.
pub(super) const CASE_KEYS: [&str; 11] = [
    "name",
    "start",
    "batches",
    "commissioners",
    "institutions",
    "ties",
    "forced",
    "forbidden",
    "required",
    "published",
    "parameters",
];
const BATCH_KEYS: [&str; 5] = ["id", "name", "start", "end", "places"];
const COMMISSIONER_KEYS: [&str; 5] = ["id", "district", "park", "batches", "load"];
const INSTITUTION_KEYS: [&str; 8] =
    ["id", "classes", "city", "sent", "distance_km", "disciplines", "key_labs", "richness"];
const TIE_KEYS: [&str; 2] = ["institution", "evidence"];
const EVIDENCE_KEYS: [&str; 4] = ["kind", "date", "text", "source"];
const POSTING_KEYS: [&str; 4] = ["commissioner", "institution", "batch", "renewed"];
const PAIR_KEYS: [&str; 2] = ["commissioner", "institution"];
/// All keys that a change of some kind has.
const CHANGE_KEYS: [&str; 9] = [
    "kind",
    "commissioner",
    "institution",
    "batch",
    "renewed",
    "key",
    "value",
    "places",
    "batches",
];
/// The kinds of change with the keys that each has beside its kind.
const CHANGES: [(&str, &[&str]); 13] = [
    ("add_commissioner", &["commissioner"]),
    ("remove_commissioner", &["commissioner"]),
    ("add_institution", &["institution"]),
    ("remove_institution", &["institution"]),
    ("force", &POSTING_KEYS),
    ("unforce", &PAIR_KEYS),
    ("forbid", &PAIR_KEYS),
    ("allow", &PAIR_KEYS),
    ("require", &["institution"]),
    ("unrequire", &["institution"]),
    ("set", &["key", "value"]),
    ("places", &["batch", "places"]),
    ("batches", &["commissioner", "batches"]),
];
const DATE: &str = "日期，如 2019、2019-12、2019-12-31";

/// A case, its lists as they were sent.
pub(super) fn case_of(mut given: Object) -> Result<Case, Problem> {
    let start = given.parsed("start")?;
    Ok(Case {
        name: given.required("name", "案例的名称")?,
        start: given.given("start", start, DATE)?,
        batches: each(given.rows("batches", &BATCH_KEYS)?, batch)?,
        commissioners: each(given.rows("commissioners", &COMMISSIONER_KEYS)?, commissioner)?,
        institutions: each(given.rows("institutions", &INSTITUTION_KEYS)?, institution)?,
        ties: each(given.rows("ties", &TIE_KEYS)?, tie)?,
        forced: each(given.rows("forced", &POSTING_KEYS)?, posting)?,
        forbidden: each(given.rows("forbidden", &PAIR_KEYS)?, pair)?,
        required: given.texts("required")?.unwrap_or_default(),
        published: each(given.rows("published", &POSTING_KEYS)?, posting)?,
        parameters: given.integers("parameters")?,
    })
}

/// The changes of a list.
pub(super) fn changes_of(given: &mut Object) -> Result<Vec<Change>, Problem> {
    each(given.rows("changes", &CHANGE_KEYS)?, change)
}

fn each<T>(
    rows: Vec<Object>,
    read: impl FnMut(Object) -> Result<T, Problem>,
) -> Result<Vec<T>, Problem> {
    rows.into_iter().map(read).collect()
}

fn batch(mut given: Object) -> Result<Batch, Problem> {
    let (id, start, end) =
        (given.required("id", "批次的编号")?, given.parsed("start")?, given.parsed("end")?);
    Ok(Batch {
        name: given.text("name")?.unwrap_or_else(|| id.clone()),
        id,
        start: given.given("start", start, DATE)?,
        end: given.given("end", end, DATE)?,
        places: given.count("places")?,
    })
}

fn commissioner(mut given: Object) -> Result<Commissioner, Problem> {
    Ok(Commissioner {
        id: given.required("id", "专员的编号")?,
        district: given.text("district")?,
        park: given.text("park")?,
        batches: given.texts("batches")?.unwrap_or_default(),
        load: given.count("load")?.unwrap_or(0),
    })
}

fn institution(mut given: Object) -> Result<HostInstitution, Problem> {
    let mut classes = Vec::new();
    for (idx, name) in given.texts("classes")?.unwrap_or_default().iter().enumerate() {
        let found = Class::ALL.into_iter().find(|class| class.as_str() == name);
        let known = Class::ALL.map(Class::as_str).join("、");
        let place = format!("classes[{idx}]");
        classes.push(
            found.ok_or_else(|| given.invalid(&place, &format!("没有类别“{name}”"), &known))?,
        );
    }
    let sent = match given.text("sent")?.as_deref() {
        None | Some("unknown") => Sent::Unknown,
        Some("yes") => Sent::Yes,
        Some("no") => Sent::No,
        Some(other) => {
            return Err(given.invalid("sent", &format!("是“{other}”"), "yes、no 或 unknown"));
        }
    };
    let richness = given.count("richness")?;
    if let Some(value) = richness.filter(|value| *value > RICHNESS_MAX) {
        let right = format!("0 到 {RICHNESS_MAX} 的整数");
        return Err(given.invalid("richness", &format!("是 {value}"), &right));
    }
    Ok(HostInstitution {
        id: given.required("id", "高校院所的名称")?,
        classes,
        city: given.text("city")?.unwrap_or_default(),
        sent,
        distance_km: given.count("distance_km")?,
        disciplines: given.texts("disciplines")?.unwrap_or_default(),
        key_labs: given.texts("key_labs")?.unwrap_or_default(),
        richness,
    })
}

fn tie(mut given: Object) -> Result<Tie, Problem> {
    Ok(Tie {
        institution: given.required("institution", "高校院所的名称")?,
        evidence: each(given.rows("evidence", &EVIDENCE_KEYS)?, evidence)?,
    })
}

fn evidence(mut given: Object) -> Result<Evidence, Problem> {
    let kinds = [TieKind::Framework, TieKind::People, TieKind::Project];
    let known = kinds.map(TieKind::as_str).join("、");
    let name = given.required("kind", &known)?;
    let kind = kinds.into_iter().find(|kind| kind.as_str() == name);
    let date = given.parsed("date")?;
    Ok(Evidence {
        kind: kind.ok_or_else(|| given.invalid("kind", &format!("是“{name}”"), &known))?,
        date: given.given("date", date, DATE)?,
        text: given.required("text", "一句话")?,
        source: given.required("source", "出处")?,
    })
}

fn posting(mut given: Object) -> Result<Posting, Problem> {
    let (commissioner, institution) = names(&mut given)?;
    Ok(Posting {
        commissioner,
        institution,
        batch: given.text("batch")?.unwrap_or_default(),
        renewed: given.texts("renewed")?.unwrap_or_default(),
    })
}

fn pair(mut given: Object) -> Result<(String, String), Problem> {
    names(&mut given)
}

fn names(given: &mut Object) -> Result<(String, String), Problem> {
    let commissioner = given.required("commissioner", "专员的编号")?;
    Ok((commissioner, given.required("institution", "高校院所的名称")?))
}

fn change(mut given: Object) -> Result<Change, Problem> {
    let names = CHANGES.map(|(kind, _)| kind).join("、");
    let kind = given.required("kind", &names)?;
    let Some((_, keys)) = CHANGES.iter().find(|(name, _)| *name == kind) else {
        return Err(given.invalid("kind", &format!("没有改动“{kind}”"), &names));
    };
    if let Some(key) = CHANGE_KEYS[1..].iter().find(|key| !keys.contains(key) && given.names(key)) {
        let right = format!("{kind} 只用 {}", keys.join("、"));
        return Err(given.invalid(key, "多余", &right));
    }
    Ok(match kind.as_str() {
        "add_commissioner" => Change::AddCommissioner(commissioner(body(
            &mut given,
            "commissioner",
            &COMMISSIONER_KEYS,
        )?)?),
        "add_institution" => Change::AddInstitution(institution(body(
            &mut given,
            "institution",
            &INSTITUTION_KEYS,
        )?)?),
        "remove_commissioner" => {
            Change::RemoveCommissioner(given.required("commissioner", "专员的编号")?)
        }
        "remove_institution" => Change::RemoveInstitution(host(&mut given)?),
        "require" => Change::Require(host(&mut given)?),
        "unrequire" => Change::Unrequire(host(&mut given)?),
        "set" => {
            let value = given.integer("value")?;
            let key = given.required("key", "参数名，见 /api/v1/rules")?;
            Change::Set { key, value: given.given("value", value, "整数")? }
        }
        "places" => {
            if !given.names("places") {
                return Err(given.invalid("places", "没有给出", "名额数；不限时写 null"));
            }
            let batch = given.required("batch", "批次的编号")?;
            Change::Places { batch, places: given.count("places")? }
        }
        "batches" => {
            let batches = given.texts("batches")?;
            let commissioner = given.required("commissioner", "专员的编号")?;
            let right = "批次编号的列表；任何批次都可以时写 []";
            Change::Batches { commissioner, batches: given.given("batches", batches, right)? }
        }
        "force" => Change::Force(posting(given)?),
        pairs => {
            let (commissioner, institution) = pair(given)?;
            match pairs {
                "unforce" => Change::Unforce { commissioner, institution },
                "forbid" => Change::Forbid { commissioner, institution },
                _ => Change::Allow { commissioner, institution },
            }
        }
    })
}

fn host(given: &mut Object) -> Result<String, Problem> {
    given.required("institution", "高校院所的名称")
}

fn body(given: &mut Object, key: &str, known: &[&str]) -> Result<Object, Problem> {
    let body = given.inner(key, known)?;
    given.given(key, body, "对象，含编号等各项")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::views;

    fn read(text: &str) -> Result<Vec<Change>, Problem> {
        changes_of(&mut Object::parse(text, &["changes"])?)
    }

    #[test]
    fn every_kind_of_change_is_read_as_it_is_told() {
        let text = r#"{"changes": [
            {"kind": "add_commissioner", "commissioner": {"id": "c", "district": "甲区", "batches": ["b"], "load": 2}},
            {"kind": "remove_commissioner", "commissioner": "c"},
            {"kind": "add_institution", "institution": {"id": "u", "classes": ["985"], "city": "甲", "sent": "no",
             "distance_km": 3, "disciplines": ["化学"], "key_labs": ["湖"], "richness": 5}},
            {"kind": "remove_institution", "institution": "u"},
            {"kind": "force", "commissioner": "c", "institution": "u", "batch": "b", "renewed": ["d"]},
            {"kind": "unforce", "commissioner": "c", "institution": "u"},
            {"kind": "forbid", "commissioner": "c", "institution": "u"},
            {"kind": "allow", "commissioner": "c", "institution": "u"},
            {"kind": "require", "institution": "u"},
            {"kind": "unrequire", "institution": "u"},
            {"kind": "set", "key": "years", "value": -4},
            {"kind": "places", "batch": "b", "places": null},
            {"kind": "batches", "commissioner": "c", "batches": []}]}"#;
        let changes = read(text).unwrap();
        assert_eq!(changes.len(), CHANGES.len());
        let told: Vec<_> = changes.iter().map(views::plan_change).collect();
        let again = serde_json::json!({ "changes": told }).to_string();
        assert_eq!(read(&again).unwrap(), changes);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let field = |text: &str| read(text).unwrap_err().view().field.unwrap();
        for (change, place) in [
            (r#"{}"#, "changes[0].kind"),
            (r#"{"kind": "explode"}"#, "changes[0].kind"),
            (r#"{"kind": "require", "commissioner": "c"}"#, "changes[0].commissioner"),
            (r#"{"kind": "require", "institution": 1}"#, "changes[0].institution"),
            (r#"{"kind": "set", "key": "years", "value": 1.5}"#, "changes[0].value"),
            (r#"{"kind": "places", "batch": "b"}"#, "changes[0].places"),
            (r#"{"kind": "places", "batch": "b", "places": -1}"#, "changes[0].places"),
            (
                r#"{"kind": "add_institution", "institution": {"id": "u", "classes": ["x"]}}"#,
                "changes[0].institution.classes[0]",
            ),
            (
                r#"{"kind": "add_institution", "institution": {"id": "u", "rich": 1}}"#,
                "changes[0].institution.rich",
            ),
            (
                r#"{"kind": "force", "commissioner": "c", "institution": "u", "whim": 1}"#,
                "changes[0].whim",
            ),
        ] {
            assert_eq!(field(&format!("{{\"changes\": [{change}]}}")), place, "{change}");
        }
        assert_eq!(
            field(r#"{"changes": [{"kind": "require", "institution": "u"}, 7]}"#),
            "changes[1]"
        );
    }
}
