use duijie::engine::{EngineError, InboxItem, InboxRequest, InboxRules, Tie, Viewer};
use duijie::model::{Body, Dismissal, Draft, Kind, Provenance, Role, Visibility};
use duijie::store::{SqliteStore, Store};
use sha2::{Digest, Sha256};

use super::world::World;

fn names(items: &[InboxItem]) -> Vec<(&str, &str, Option<&str>)> {
    fn name(item: &InboxItem) -> (&str, &str, Option<&str>) {
        let InboxItem { need, lab, achievement, .. } = item;
        let achievement = achievement.as_ref().map(|(_, id, _)| id.as_str());
        (need.record.as_ref().unwrap().1.as_str(), lab.external_id.as_str(), achievement)
    }
    items.iter().map(name).collect()
}

struct People {
    /// Commissioner of park 甲, posted to university 2.
    of_park: Viewer,
    /// Commissioner of park 乙, posted to university 1.
    of_university: Viewer,
    /// Commissioner of park 乙, posted to university 2.
    elsewhere: Viewer,
    enterprise: Viewer,
    institution: Viewer,
    office: Viewer,
    auditor: Viewer,
}

impl People {
    fn of(world: &World) -> Self {
        let commissioner = |idx, park, university| {
            let (park, university) = (world.park(park), world.university(university));
            world.user(idx, Role::Commissioner, park, university, None)
        };
        Self {
            of_park: commissioner(0, 0, 1),
            of_university: commissioner(1, 1, 0),
            elsewhere: commissioner(2, 1, 1),
            enterprise: world.user(3, Role::Enterprise, None, None, world.enterprise(0)),
            institution: world.user(4, Role::Institution, None, world.university(0), None),
            office: world.user(5, Role::Office, world.park(0), None, None),
            auditor: world.user(6, Role::Auditor, None, None, None),
        }
    }
}

const RULES: fn() -> InboxRules = InboxRules::default;

#[tokio::test(flavor = "multi_thread")]
async fn a_new_need_is_told_to_its_park_and_to_the_university_of_the_lab() {
    let world = World::create().await;
    world.achievement("a", "l1", 0).await;
    world.meet(RULES()).await;
    world.need("n", "e1", 0).await;
    world.meet(RULES()).await;
    let people = People::of(&world);
    let told = world.inbox(people.of_park).await;
    assert_eq!(names(&told), [("n", "l1", Some("a"))]);
    assert_eq!(told[0].ties, [Tie::Area]);
    assert_eq!(told[0].met_kind, Kind::Need);
    assert!(told[0].reasons.iter().any(|r| r.name.contains("膜电极")), "{:?}", told[0].reasons);
    assert_eq!(world.inbox(people.of_university).await[0].ties, [Tie::OwnLab]);
    assert_eq!(world.inbox(people.enterprise).await[0].ties, [Tie::OwnNeed]);
    for viewer in [people.institution, people.office] {
        assert_eq!(names(&world.inbox(viewer).await), names(&told));
    }
    for viewer in [people.elsewhere, people.auditor] {
        assert_eq!(world.inbox(viewer).await, []);
    }
    let refused = world.engine().inbox(Viewer::Anonymous, InboxRequest::default()).await;
    assert!(matches!(refused, Err(EngineError::NotSignedIn)), "{refused:?}");
    // Of a public need that is not theirs the title's words may be told, not the text's.
    let theirs = world.inbox(people.of_university).await;
    let words: Vec<&str> = theirs[0].reasons.iter().map(|r| r.name.as_str()).collect();
    assert!(words.iter().all(|w| theirs[0].need.title.contains(w) || *w == "未公开的正文"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_achievement_is_told_to_those_of_the_need_and_of_the_lab_once() {
    let mut world = World::create().await;
    world.need("n", "e1", 1).await;
    world.need("other", "e2", 3).await;
    world.meet(RULES()).await;
    let people = People::of(&world);
    assert_eq!(world.inbox(people.of_park).await, []);
    world.achievement("a", "l2", 1).await;
    world.meet(RULES()).await;
    let told = world.inbox(people.of_park).await;
    assert_eq!(names(&told), [("n", "l2", Some("a"))]);
    assert_eq!(
        (told[0].met_kind, told[0].ties.as_slice()),
        (Kind::Achievement, &[Tie::Area, Tie::OwnLab][..])
    );
    assert_eq!(names(&world.inbox(people.elsewhere).await), names(&told));
    assert_eq!(world.inbox(people.of_university).await, []);
    // Started anew, nothing is told again; reading twice shows the same.
    world.reopen().await;
    world.meet(RULES()).await;
    assert_eq!(world.inbox(people.of_park).await, told);
    // Marked as seen, it is seen by this one only.
    world.engine().mark_inbox_seen(people.of_park, None).await.unwrap();
    assert_eq!(world.inbox(people.of_park).await, []);
    assert_eq!(names(&world.inbox(people.elsewhere).await), names(&told));
    let beyond = world.engine().mark_inbox_seen(people.of_park, Some(i64::MAX)).await;
    assert!(matches!(beyond, Err(EngineError::BadRequest { field: "until", .. })), "{beyond:?}");
    // An earlier number takes nothing back.
    let seen = world.engine().mark_inbox_seen(people.of_park, Some(0)).await.unwrap();
    assert!(seen > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_is_told_anew_and_what_is_deleted_is_gone() {
    let world = World::create().await;
    let people = People::of(&world);
    world.achievement("a", "l1", 0).await;
    world.achievement("b", "l2", 1).await;
    world.need("n", "e1", 0).await;
    world.meet(RULES()).await;
    world.engine().mark_inbox_seen(people.of_park, None).await.unwrap();
    // Another text: another lab, told once.
    world.need("n", "e1", 1).await;
    let stale = InboxRequest { since: Some(0), ..InboxRequest::default() };
    let before = world.engine().inbox(people.of_park, stale).await.unwrap();
    assert_eq!(before.days, [], "nothing is told of a text that is no more");
    world.meet(RULES()).await;
    let told = world.inbox(people.of_park).await;
    assert_eq!(names(&told), [("n", "l2", Some("b"))]);
    let all = world.engine().inbox(people.of_park, stale).await.unwrap();
    assert_eq!(all.days.len(), 1);
    assert_eq!(all.days[0].groups.len(), 1, "the former notice is gone");
    // Written again as it is, it is no change.
    world.need("n", "e1", 1).await;
    world.meet(RULES()).await;
    assert_eq!(world.inbox(people.of_park).await, told);
    let name = "b";
    let found = world.engine().find_record(Viewer::Local, Kind::Achievement, name).await.unwrap();
    world
        .store(async |store: &SqliteStore| {
            let id = found.meta.id;
            store.delete(Kind::Achievement, id, None, "tester").await.unwrap();
        })
        .await;
    assert_eq!(world.inbox(people.of_park).await, [], "at once");
    world.meet(RULES()).await;
    assert_eq!(world.engine().inbox_summary(people.of_park, Some(0)).await.unwrap().total, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_dismissed_stays_away_until_a_text_changes() {
    let world = World::create().await;
    let people = People::of(&world);
    world.achievement("a", "l1", 0).await;
    world.need("n", "e1", 0).await;
    world.meet(RULES()).await;
    let told = world.inbox(people.of_park).await;
    let need = world.engine().find_record(Viewer::Local, Kind::Need, "n").await.unwrap();
    let lab = world.engine().find_record(Viewer::Local, Kind::Lab, "l1").await.unwrap();
    let (Body::Need(need_body), Body::Lab(lab_body)) = (&need.body, &lab.body) else { panic!() };
    let digest = |title: &str, text: &str| -> String {
        let digest = Sha256::digest(format!("{title}\0{text}"));
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    };
    let body = Body::Dismissal(Dismissal {
        user_id: people.of_park.identity().unwrap().user,
        need_id: need.meta.id,
        lab_id: lab.meta.id,
        reason: "不对口".into(),
        need_digest: digest(&need_body.title, &need_body.body),
        lab_digest: digest(&lab_body.name, &lab_body.profile),
    });
    let draft = Draft {
        source: "duijie".into(),
        external_id: "d".into(),
        owner: String::new(),
        visibility: Visibility::Private,
        provenance: Provenance::default(),
        body,
    };
    world
        .store(async |store: &SqliteStore| {
            store.create(&draft, "tester").await.unwrap();
        })
        .await;
    assert_eq!(world.inbox(people.of_park).await, []);
    assert_eq!(world.inbox(people.office).await.len(), told.len(), "others still see it");
    world.need("n", "e2", 1).await;
    world.need("n", "e1", 0).await;
    world.meet(RULES()).await;
    assert_eq!(world.inbox(people.of_park).await, [], "the text is the same again");
    let line = r#"{"external_id": "l1", "institution_ids": ["u1"], "name": "能源材料实验室", "kind": "laboratory", "profile": "换了简介。"}"#;
    world.import(Kind::Lab, line).await;
    world.meet(RULES()).await;
    assert_eq!(names(&world.inbox(people.of_park).await), names(&told));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_has_its_limit_and_pages_go_on() {
    let world = World::create().await;
    let people = People::of(&world);
    world.achievement("a", "l1", 0).await;
    world.meet(RULES()).await;
    for idx in 0..7 {
        world.need(&format!("n{idx}"), "e1", 0).await;
    }
    world.meet(RULES()).await;
    let read = async |request: InboxRequest| {
        let answer = world.engine().inbox(people.of_park, request).await.unwrap();
        let more: usize = answer.days.iter().map(|day| day.more).sum();
        let groups = answer.days.into_iter().flat_map(|day| day.groups);
        let items: Vec<InboxItem> = groups.flat_map(|group| group.items).collect();
        (items.iter().map(|item| item.id).collect::<Vec<_>>(), more, answer.next)
    };
    // Unless midnight passes in between, all of it is of one day.
    let (ids, more, next) = read(InboxRequest { per_day: 4, ..InboxRequest::default() }).await;
    assert_eq!((ids.len(), more, next), (4, 3, None));
    let (mut paged, mut after) = (Vec::new(), None);
    loop {
        let request = InboxRequest { per_day: 4, limit: 3, after, ..InboxRequest::default() };
        let (page, _, next) = read(request).await;
        paged.extend(page);
        after = next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(paged, ids);
    let summary = world.engine().inbox_summary(people.of_park, None).await.unwrap();
    assert_eq!(summary.total, 7);
    assert_eq!(summary.kinds.map(|(_, count)| count), [7, 0, 0]);
    assert_eq!((summary.parks.len(), summary.parks[0].count), (1, 7));
    assert_eq!((summary.institutions.len(), summary.institutions[0].count), (1, 7));
}

/// What is not public makes no notice for those who see only what is.
#[tokio::test(flavor = "multi_thread")]
async fn evidence_that_is_not_public_is_told_to_insiders_only() {
    let world = World::create().await;
    let people = People::of(&world);
    let line = r#"{"external_id": "secret", "lab_ids": ["l1"], "title": "燃料电池膜电极耐久性的研究", "abstract": "质子交换膜燃料电池的膜电极催化层衰减快，提高膜电极在连续运行中的耐久性与电压稳定性。", "visibility": "private"}"#;
    world.import(Kind::Achievement, line).await;
    world.need("n", "e1", 0).await;
    world.meet(RULES()).await;
    assert_eq!(names(&world.inbox(people.of_park).await), [("n", "l1", Some("secret"))]);
    for outsider in [people.enterprise, people.institution] {
        assert_eq!(world.inbox(outsider).await, []);
        assert_eq!(world.engine().inbox_summary(outsider, None).await.unwrap().total, 0);
    }
    world.achievement("open", "l1", 0).await;
    world.meet(RULES()).await;
    assert_eq!(names(&world.inbox(people.enterprise).await), [("n", "l1", Some("open"))]);
}
