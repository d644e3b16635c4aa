//! What changes of known records and repeated requests promise.

use duijie::model::{Draft, Kind, RecordId};
use duijie::store::{Existing, Outcome, REQUESTS_KEPT_MS, RequestKey, Store, StoreError, Write};

use super::world::{World, changes_len, create, draft, enterprise, get, need};

fn change(draft: Draft, id: RecordId, revision: Option<u64>) -> Write {
    Write { draft, existing: Existing::Expected { id, revision } }
}

fn request(key: &str, digest: &str) -> RequestKey {
    RequestKey { caller: "caller".into(), key: key.into(), digest: digest.into() }
}

async fn write_one(
    store: &dyn Store,
    write: Write,
    request: Option<&RequestKey>,
) -> Result<(u64, Outcome), StoreError> {
    let mut written = store.write(&[write], request, "changer").await?;
    assert_eq!(written.len(), 1);
    let (stored, outcome) = written.remove(0);
    Ok((stored.record.meta.revision, outcome))
}

pub async fn a_record_is_changed_only_as_it_is_known(world: &mut impl World) {
    let store = world.store();
    let id = create(store, "n1", need("一", None)).await;
    let say = |title: &str| draft("n1", need(title, None));
    let first = write_one(store, change(say("二"), id, Some(1)), None).await.unwrap();
    assert_eq!(first, (2, Outcome::Updated));
    let stale = write_one(store, change(say("三"), id, Some(1)), None).await.unwrap_err();
    assert!(
        matches!(stale, StoreError::RevisionConflict { expected: 1, found: 2, .. }),
        "{stale:?}"
    );
    assert_eq!(get(store, Kind::Need, id).await.record.body.title(), "二");
    // Whoever does not say what they know takes what there is.
    assert_eq!(write_one(store, change(say("三"), id, None), None).await.unwrap().0, 3);
    // What is not there, or is another record, is not made.
    let stranger = RecordId::generate();
    for write in
        [change(draft("n2", need("四", None)), stranger, None), change(say("四"), stranger, None)]
    {
        let err = write_one(store, write, None).await.unwrap_err();
        assert!(matches!(err, StoreError::NotFound { id, .. } if id == stranger), "{err:?}");
    }
    store.delete(Kind::Need, id, None, "remover").await.unwrap();
    let gone = write_one(store, change(say("五"), id, None), None).await.unwrap_err();
    assert!(matches!(gone, StoreError::NotFound { .. }), "{gone:?}");
}

pub async fn a_known_record_may_go_on_naming_what_was_deleted(world: &mut impl World) {
    let store = world.store();
    let firm = create(store, "e1", enterprise("甲公司", "")).await;
    let id = create(store, "n1", need("一", Some(firm))).await;
    store.delete(Kind::Enterprise, firm, None, "remover").await.unwrap();
    let write = change(draft("n1", need("二", Some(firm))), id, Some(1));
    assert_eq!(write_one(store, write, None).await.unwrap(), (2, Outcome::Updated));
    // Another record may not begin to.
    let other = create(store, "n2", need("一", None)).await;
    let write = change(draft("n2", need("二", Some(firm))), other, None);
    let err = write_one(store, write, None).await.unwrap_err();
    assert!(matches!(err, StoreError::DanglingReference { .. }), "{err:?}");
}

pub async fn of_several_writes_all_are_done_or_none(world: &mut impl World) {
    let store = world.store();
    let id = create(store, "n1", need("一", None)).await;
    let made = Write { draft: draft("n2", need("新", None)), existing: Existing::Refused };
    let stale = change(draft("n1", need("二", None)), id, Some(7));
    let err = store.write(&[made.clone(), stale], None, "changer").await.unwrap_err();
    assert!(matches!(err, StoreError::RevisionConflict { .. }), "{err:?}");
    assert_eq!(changes_len(store).await, 1);
    let right = change(draft("n1", need("二", None)), id, Some(1));
    let written = store.write(&[made, right], None, "changer").await.unwrap();
    let outcomes: Vec<Outcome> = written.iter().map(|(_, outcome)| *outcome).collect();
    assert_eq!(outcomes, [Outcome::Created, Outcome::Updated]);
}

pub async fn a_request_is_done_once(world: &mut impl World) {
    let store = world.store();
    let made = Write { draft: draft("n1", need("一", None)), existing: Existing::Refused };
    let key = request("k", "d");
    let first = write_one(store, made.clone(), Some(&key)).await.unwrap();
    assert_eq!(first, (1, Outcome::Created));
    assert_eq!(write_one(store, made.clone(), Some(&key)).await.unwrap(), (1, Outcome::Repeated));
    // As the record is now, not as it was then.
    let changed = Write { draft: draft("n1", need("二", None)), existing: Existing::Updated };
    write_one(store, changed, None).await.unwrap();
    assert_eq!(write_one(store, made.clone(), Some(&key)).await.unwrap().0, 2);
    assert_eq!(changes_len(store).await, 2);
    // The key says what it was made for; another caller's is another key.
    let reused = write_one(store, made.clone(), Some(&request("k", "e"))).await.unwrap_err();
    assert!(matches!(&reused, StoreError::RequestReused { key } if key == "k"), "{reused:?}");
    let others = RequestKey { caller: "other".into(), ..key.clone() };
    let exists = write_one(store, made.clone(), Some(&others)).await.unwrap_err();
    assert!(matches!(exists, StoreError::Exists { .. }), "{exists:?}");
    // A refused request is not remembered, and may be sent again.
    let next = Write { draft: draft("n3", need("三", None)), existing: Existing::Refused };
    assert_eq!(write_one(store, next, Some(&others)).await.unwrap().1, Outcome::Created);
    world.reopen().await;
    let store = world.store();
    assert_eq!(write_one(store, made, Some(&key)).await.unwrap(), (2, Outcome::Repeated));
}

pub async fn a_request_is_forgotten_after_its_time(world: &mut impl World) {
    let key = request("k", "d");
    let made = Write { draft: draft("n1", need("一", None)), existing: Existing::Refused };
    write_one(world.store(), made.clone(), Some(&key)).await.unwrap();
    world.move_clock(REQUESTS_KEPT_MS + 60_000);
    let err = write_one(world.store(), made, Some(&key)).await.unwrap_err();
    assert!(matches!(err, StoreError::Exists { .. }), "{err:?}");
}
