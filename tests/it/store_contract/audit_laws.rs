//! What the audit log promises: seals, erasure, old events.

use duijie::model::{
    Action, Activity, ActivityKind, Body, Draft, Event, Kind, Operation, RecordId, Role, Timestamp,
    User,
};
use duijie::store::{
    AuditEntry, AuditFilter, BATCH_MAX, LogHash, Outcome, SEAL_ROWS_MAX, Seal, Store, StoreError,
    Verified,
};

use super::world::{World, create, draft, enterprise, get, institution, lab, need, put};

pub fn user(name: &str) -> Body {
    Body::User(User {
        name: name.to_owned(),
        role: Role::Auditor,
        office_id: None,
        institution_id: None,
        enterprise_id: None,
        disabled: false,
        must_change_password: false,
        password_hash: "argon2".to_owned(),
    })
}

pub fn event(action: Action, subject: Option<(Kind, RecordId)>, detail: &str) -> Draft {
    let detail = detail.to_owned();
    let body = Body::Event(Event { action, subject, detail });
    draft(&RecordId::generate().to_string(), body)
}

pub fn activity(text: &str) -> Body {
    Body::Activity(Activity {
        posting_id: None,
        lead_id: None,
        kind: ActivityKind::Visit,
        role: None,
        on: "2026-11-20".parse().unwrap(),
        place: String::new(),
        text: text.to_owned(),
    })
}

/// Seals all there is.
pub async fn seal_all(store: &dyn Store) -> Option<Seal> {
    while store.seal().await.unwrap().is_some() {}
    store.sealed().await.unwrap().newest
}

/// Holds all seals against the entries.
pub async fn verify_all(store: &dyn Store) -> Verified {
    let mut all = store.verify_seals(None, 2).await.unwrap();
    loop {
        let next = store.verify_seals(all.last.as_ref(), 2).await.unwrap();
        let is_end = all.mismatch.is_some() || (next.seals == 0 && next.mismatch.is_none());
        all = Verified {
            seals: all.seals + next.seals,
            rows: all.rows + next.rows,
            erased: all.erased + next.erased,
            ..next
        };
        if is_end {
            return all;
        }
    }
}

pub async fn seals_cover_the_feed_in_its_order(world: &mut impl World) {
    let store = world.store();
    assert_eq!(store.seal().await.unwrap(), None, "nothing to seal");
    assert_eq!(store.sealed().await.unwrap().waiting, 0);
    let firm = create(store, "e1", enterprise("甲公司", "张三")).await;
    create(store, "n1", need("一", Some(firm))).await;
    assert_eq!(store.sealed().await.unwrap().waiting, 2);
    let first = store.seal().await.unwrap().unwrap();
    assert_eq!((first.number, first.rows), (1, 2));
    assert_eq!(store.seal().await.unwrap(), None);
    put(store, draft("n1", need("二", Some(firm)))).await;
    store.delete(Kind::Need, get_id(store, "n1").await, None, "remover").await.unwrap();
    let second = store.seal().await.unwrap().unwrap();
    let feed = store.changes(0, 100).await.unwrap();
    assert_eq!((first.first_seq, first.last_seq), (feed[0].seq, feed[1].seq));
    assert_eq!((second.first_seq, second.last_seq), (feed[2].seq, feed[3].seq));
    assert_eq!((second.number, second.rows), (2, 2));
    let sealed = store.sealed().await.unwrap();
    assert_eq!((sealed.newest, sealed.waiting), (Some(second), 0));
    let verified = verify_all(store).await;
    assert_eq!(verified.last, Some(second));
    assert_eq!((verified.seals, verified.rows, verified.erased), (2, 4, 0));
    assert_eq!(verified.mismatch, None);
    // From a seal on, what is behind it is looked at.
    let rest = store.verify_seals(Some(&first), 10).await.unwrap();
    assert_eq!((rest.last, rest.rows), (Some(second), 2));
    for seal in [first, second] {
        assert_eq!(store.seal_of_hash(seal.hash).await.unwrap(), Some(seal));
    }
    assert_eq!(store.seal_of_hash(LogHash([7; 32])).await.unwrap(), None);
    world.reopen().await;
    assert_eq!(verify_all(world.store()).await, verified);
}

async fn get_id(store: &dyn Store, external_id: &str) -> RecordId {
    store.find(Kind::Need, None, external_id).await.unwrap()[0].record.meta.id
}

pub async fn a_seal_has_a_limit_and_the_next_goes_on(world: &mut impl World) {
    let store = world.store();
    let drafts: Vec<Draft> =
        (0..SEAL_ROWS_MAX + 3).map(|n| draft(&format!("n{n}"), need("一", None))).collect();
    for part in drafts.chunks(BATCH_MAX) {
        store.put(part, "tester").await.unwrap();
    }
    let rows = [SEAL_ROWS_MAX as u64, 3];
    for rows in rows {
        assert_eq!(store.seal().await.unwrap().map(|seal| seal.rows), Some(rows));
    }
    let verified = verify_all(store).await;
    assert_eq!((verified.rows, verified.mismatch), (rows.iter().sum(), None));
}

pub async fn of_several_sealers_one_at_a_time_seals(world: &mut impl World) {
    let store = world.shared();
    let sealing: Vec<_> = (0..4)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                for _ in 0..20 {
                    store.seal().await.unwrap();
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    for n in 0..60 {
        create(store.as_ref(), &format!("n{n}"), need("一", None)).await;
    }
    for sealer in sealing {
        sealer.await.unwrap();
    }
    let newest = seal_all(store.as_ref()).await;
    let verified = verify_all(store.as_ref()).await;
    assert_eq!((verified.last, verified.rows, verified.mismatch), (newest, 60, None));
}

pub async fn what_is_erased_is_gone_and_the_seals_stay_right(world: &mut impl World) {
    const SECRET: &str = "张三";
    let store = world.store();
    let firm = create(store, "e1", enterprise("甲公司", "")).await;
    let said = |text: &str| format!("{SECRET}{text}");
    let mut erased = vec![(Kind::Enterprise, firm)];
    for (key, body) in [
        ("login", user(&said("一"))),
        ("a1", activity(&said("二"))),
        ("l1", lab(&said("三"), &[])),
        ("n1", need(&said("四"), Some(firm))),
    ] {
        erased.push((body.kind(), create(store, key, body).await));
    }
    put(store, draft("login", user(&said("五")))).await;
    let sealed = store.seal().await.unwrap().unwrap();
    // These entries are erased before they are sealed, which makes no difference.
    put(store, draft("a1", activity(&said("六")))).await;
    for (kind, id) in &erased {
        let before = get(store, *kind, *id).await.record;
        let note = event(Action::Erased, Some((*kind, *id)), "");
        let erase = || store.erase(*kind, *id, &note, "eraser");
        assert_eq!(erase().await.unwrap(), Outcome::Updated);
        assert_eq!(erase().await.unwrap(), Outcome::Unchanged);
        let now = get(store, *kind, *id).await.record;
        assert!(now.meta.deleted_at.is_some());
        assert_eq!(now.meta.revision, before.meta.revision + 1);
        assert_eq!(now.body, before.body.redacted().unwrap());
        assert!(!format!("{now:?}").contains(SECRET), "{now:?}");
        assert_ne!(now.meta.external_id, before.meta.external_id);
        for revision in 1..=before.meta.revision {
            assert_eq!(store.revision(*kind, *id, revision).await.unwrap(), None);
        }
        let last = store.revision(*kind, *id, now.meta.revision).await.unwrap();
        assert_eq!(last, Some(now));
    }
    let log = store.audit(&AuditFilter::default(), None, 100).await.unwrap();
    assert!(!format!("{log:?}").contains(SECRET), "{log:?}");
    let noted = |entry: &AuditEntry| matches!(&entry.body, Some(Body::Event(_)));
    assert_eq!(log.iter().filter(|entry| noted(entry)).count(), erased.len());
    assert_eq!(store.verify_seals(None, 10).await.unwrap().last, Some(sealed));
    seal_all(store).await;
    let verified = verify_all(store).await;
    assert_eq!((verified.mismatch, verified.erased), (None, 7));
    // The name is free again.
    create(store, "login", user("李四")).await;
}

pub async fn what_accounts_for_others_is_not_erased(world: &mut impl World) {
    let store = world.store();
    let note = event(Action::Erased, None, "");
    let erase = async |kind, id| store.erase(kind, id, &note, "eraser").await.unwrap_err();
    let read = event(Action::ContactRead, None, "");
    for (kind, draft) in
        [(Kind::Event, read.clone()), (Kind::Institution, draft("i1", institution("甲大学")))]
    {
        let (id, _) = put(store, draft).await;
        let err = erase(kind, id).await;
        assert!(matches!(err, StoreError::NotErasable { .. }), "{err:?}");
    }
    let err = erase(Kind::User, RecordId::generate()).await;
    assert!(matches!(err, StoreError::NotFound { kind: Kind::User, .. }), "{err:?}");
    // A note that is refused leaves nothing erased.
    let id = create(store, "login", user("张三")).await;
    let err = store.erase(Kind::User, id, &read, "eraser").await.unwrap_err();
    assert!(matches!(err, StoreError::Exists { .. }), "{err:?}");
    assert_eq!(get(store, Kind::User, id).await.record.body, user("张三"));
}

pub async fn old_events_lose_what_they_say_and_nothing_else_does(world: &mut impl World) {
    let store = world.store();
    let firm = create(store, "e1", enterprise("甲公司", "")).await;
    for n in 0..3 {
        let read = event(Action::ContactRead, Some((Kind::Enterprise, firm)), &format!("第{n}次"));
        put(store, read).await;
    }
    seal_all(store).await;
    world.move_clock(60_000);
    let store = world.store();
    let border =
        Timestamp(get(store, Kind::Enterprise, firm).await.record.meta.created_at.0 + 30_000);
    put(store, event(Action::ContactRead, None, "新")).await;
    for pruned in [2, 1, 0] {
        assert_eq!(store.prune_events(border, 2).await.unwrap(), pruned);
    }
    let log = store.audit(&AuditFilter::default(), None, 100).await.unwrap();
    let says: Vec<bool> = log.iter().map(|entry| entry.body.is_some()).collect();
    assert_eq!(says, [true, false, false, false, true]);
    assert!(log.iter().all(|entry| entry.by == "tester"));
    let events = store.list(Kind::Event, None, 10).await.unwrap();
    assert_eq!(events.len(), 4, "that they happened stays");
    assert!(!format!("{events:?}").contains('第'), "{events:?}");
    let verified = verify_all(store).await;
    assert_eq!((verified.rows, verified.erased, verified.mismatch), (4, 3, None));
}

pub async fn the_log_is_asked_by_record_person_action_and_time(world: &mut impl World) {
    let store = world.store();
    let firm = create(store, "e1", enterprise("甲公司", "张三")).await;
    let other = create(store, "e2", enterprise("乙公司", "")).await;
    put(store, draft("e1", enterprise("甲厂", "李四"))).await;
    let read = event(Action::ContactRead, Some((Kind::Enterprise, firm)), "api");
    store.put(&[read], "reader").await.unwrap();
    store.delete(Kind::Enterprise, other, None, "remover").await.unwrap();
    let all = store.audit(&AuditFilter::default(), None, 100).await.unwrap();
    let feed = store.changes(0, 100).await.unwrap();
    assert!(all.iter().map(|entry| entry.change).eq(feed.iter().rev().copied()));
    assert_eq!(all[2].body, Some(enterprise("甲厂", "")), "without the contact");
    let asked = async |filter: AuditFilter| -> Vec<usize> {
        let found = store.audit(&filter, None, 100).await.unwrap();
        let place = |entry: &AuditEntry| all.iter().rposition(|other| other == entry).unwrap();
        // Numbered from the oldest.
        found.iter().map(|entry| all.len() - 1 - place(entry)).collect()
    };
    let none = AuditFilter::default();
    let by = |by: &str| AuditFilter { by: Some(by.to_owned()), ..none.clone() };
    let did = |operation| AuditFilter { operation: Some(operation), ..none.clone() };
    let of = |record| AuditFilter { record: Some(record), ..none.clone() };
    assert_eq!(asked(of((Kind::Enterprise, firm))).await, [3, 2, 0]);
    assert_eq!(asked(of((Kind::Need, firm))).await, [3], "events are asked by id");
    assert_eq!(asked(by("tester")).await, [2, 1, 0]);
    assert_eq!(asked(by("reader")).await, [3]);
    assert_eq!(asked(did(Operation::Create)).await, [1, 0]);
    assert_eq!(asked(did(Operation::Delete)).await, [4]);
    let action = |action| AuditFilter { action: Some(action), ..none.clone() };
    assert_eq!(asked(action(Action::ContactRead)).await, [3]);
    assert_eq!(asked(action(Action::SignedIn)).await, Vec::<usize>::new());
    let later = Timestamp(all[0].at.0 + 1);
    assert!(asked(AuditFilter { since: Some(later), ..none.clone() }).await.is_empty());
    assert_eq!(asked(AuditFilter { until: Some(later), ..none.clone() }).await.len(), 5);
    // Pages join without gap or repetition.
    let mut pages = Vec::new();
    let mut before = None;
    loop {
        let page = store.audit(&none, before, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.change.seq);
        pages.extend(page);
    }
    assert_eq!(pages, all);
}
