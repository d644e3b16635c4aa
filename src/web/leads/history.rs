//! What has become of a lead, told as what changed from each revision to the next.

use std::collections::BTreeMap;

use crate::engine::{LeadStep, Person};
use crate::model::{Lead, LeadState, RecordId};

/// 一次更改
pub struct Change {
    pub at: String,
    /// Who; empty if the viewer may not know.
    pub by: String,
    pub what: Vec<String>,
    pub note: String,
}

/// The changes, the newest first. The first of `steps` is told as the beginning if it is one,
/// otherwise it only tells what the others are changes of.
pub fn changes(steps: &[LeadStep], people: &BTreeMap<RecordId, Person>) -> Vec<Change> {
    let mut told = Vec::with_capacity(steps.len());
    let mut before: Option<&Lead> = None;
    for step in steps {
        let what = match before {
            None if step.revision > 1 => None,
            None => Some(vec!["建立线索".to_owned()]),
            Some(before) => Some(differences(before, &step.lead, people)),
        };
        before = Some(&step.lead);
        let Some(what) = what else { continue };
        told.push(Change {
            at: step.at.in_china(),
            by: name_of(&step.by, people),
            what,
            note: step.lead.note.clone(),
        });
    }
    told.reverse();
    told
}

/// The name of whoever an author of a revision is.
pub fn name_of(author: &str, people: &BTreeMap<RecordId, Person>) -> String {
    let person = author.parse().ok().and_then(|id: RecordId| people.get(&id));
    match person {
        Some(person) => person.name.clone(),
        None if author.is_empty() => String::new(),
        None => "本机".to_owned(),
    }
}

fn differences(before: &Lead, after: &Lead, people: &BTreeMap<RecordId, Person>) -> Vec<String> {
    let mut told = Vec::new();
    if before.state != after.state {
        told.push(format!("{} → {}", before.state.label(), after.state.label()));
    }
    if after.state == LeadState::Closed && before.close_reason != after.close_reason {
        told.push(format!("原因：{}", after.close_reason));
    }
    for (side, was, is) in [
        ("企业", before.accepted_by_enterprise, after.accepted_by_enterprise),
        ("高校院所", before.accepted_by_institution, after.accepted_by_institution),
    ] {
        match (was, is) {
            (false, true) => told.push(format!("{side}接受")),
            (true, false) => told.push(format!("{side}的接受不再有效")),
            _ => {}
        }
    }
    if before.owner_id != after.owner_id {
        told.push(match after.owner_id {
            None => "不再有经办人".to_owned(),
            Some(id) => {
                let name = people.get(&id).map_or("另一位用户", |person| person.name.as_str());
                format!("经办人：{name}")
            }
        });
    }
    if before.due_on != after.due_on {
        // A step that is done takes its own day along.
        match after.due_on {
            Some(due) => told.push(format!("期限：{due}")),
            None if before.state == after.state => told.push("取消期限".to_owned()),
            None => {}
        }
    }
    if before.contract != after.contract {
        told.push(match &after.contract {
            Some(contract) => format!("合同：{} {}", contract.mode.label(), contract.amount),
            None => "合同要素作废".to_owned(),
        });
    }
    if told.is_empty() {
        told.push("补充说明".to_owned());
    }
    told
}
