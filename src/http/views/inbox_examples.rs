//! Examples of the inbox, for the description of the API.

use super::examples::{ID, OTHER_ID};
use super::{
    AchievementName, Inbox, InboxDay, InboxGroup, InboxSummary, InstitutionName, KindCount,
    LabName, NeedName, Notice, NoticeReason, PlaceCount, Tie,
};

pub(super) fn inbox() -> Inbox {
    let groups = vec![InboxGroup { items: vec![notice()] }];
    let more_label = Some(super::inbox::more_label(3));
    let day = InboxDay { date: "2026-03-01".to_owned(), groups, more: 3, more_label };
    Inbox { since: 4, until: 12, days: vec![day], next: None }
}

fn notice() -> Notice {
    Notice {
        id: 7,
        at: "2026-03-01T08:00:00.000Z".to_owned(),
        met: "achievement",
        met_label: "成果",
        need: NeedName {
            id: Some(ID.to_owned()),
            external_id: Some("example-need".to_owned()),
            title: "膜电极耐久性不足".to_owned(),
        },
        lab: LabName {
            id: OTHER_ID.to_owned(),
            external_id: "example-lab".to_owned(),
            name: "氢能与燃料电池实验室".to_owned(),
            institutions: vec![InstitutionName {
                id: ID.to_owned(),
                name: "示例理工大学".to_owned(),
            }],
        },
        achievement: Some(AchievementName {
            id: OTHER_ID.to_owned(),
            external_id: "example-achievement".to_owned(),
            title: "长寿命膜电极及其制备方法".to_owned(),
        }),
        band: "strong",
        label: "强",
        score: 8.5,
        share: 0.62,
        contributions: vec![NoticeReason {
            kind: "text".to_owned(),
            name: "膜电极".to_owned(),
            field: Some("title".to_owned()),
            value: 4.5,
        }],
        ties: vec![Tie { kind: "area", label: "本区域（园区）的需求" }],
    }
}

pub(super) fn summary() -> InboxSummary {
    let place = |id: &str, name: &str, count| PlaceCount {
        id: id.to_owned(),
        name: name.to_owned(),
        count,
    };
    let kind = |kind, label, count| KindCount { kind, label, count };
    InboxSummary {
        since: 4,
        until: 12,
        total: 4,
        kinds: vec![
            kind("need", "技术需求", 1),
            kind("achievement", "成果", 3),
            kind("lab", "实验室", 0),
        ],
        parks: vec![place(ID, "示例高新区", 4)],
        institutions: vec![place(OTHER_ID, "示例理工大学", 2)],
    }
}
