//! What `put` and `delete` promise.

use duijie::model::{Body, Draft, Kind, Visibility};
use duijie::store::{BATCH_MAX, Outcome, StoreError};

use super::world::{
    World, achievement, changes_len, create, draft, enterprise, get, institution, lab, need, put,
};

pub async fn a_draft_is_created_updated_or_unchanged(world: &mut impl World) {
    let store = world.store();
    let (id, outcome) = put(store, draft("n1", need("膜电极", None))).await;
    assert_eq!(outcome, Outcome::Created);
    let first = get(store, Kind::Need, id).await.record;
    assert_eq!(first.meta.id, id);
    assert_eq!((first.meta.source.as_str(), first.meta.external_id.as_str()), ("test", "n1"));
    assert_eq!(first.meta.revision, 1);
    assert_eq!(
        (first.meta.created_by.as_str(), first.meta.updated_by.as_str()),
        ("tester", "tester")
    );
    assert_eq!(first.meta.created_at, first.meta.updated_at);

    assert_eq!(put(store, draft("n1", need("膜电极", None))).await, (id, Outcome::Unchanged));
    assert_eq!(get(store, Kind::Need, id).await.record, first);

    let other = draft("n1", need("质子交换膜", None));
    let outcomes = store.put(&[other], "editor").await.unwrap();
    assert_eq!(outcomes, [(id, Outcome::Updated)]);
    let second = get(store, Kind::Need, id).await.record;
    assert_eq!(second.body.title(), "质子交换膜");
    assert_eq!(second.meta.revision, 2);
    assert_eq!(
        (second.meta.created_by.as_str(), second.meta.updated_by.as_str()),
        ("tester", "editor")
    );
    assert_eq!(second.meta.created_at, first.meta.created_at);
    assert!(second.meta.updated_at >= first.meta.updated_at);
}

pub async fn importing_the_same_again_changes_nothing(world: &mut impl World) {
    let store = world.store();
    let institutions: Vec<Draft> =
        (0..50).map(|n| draft(&format!("i{n}"), institution(&format!("第{n}大学")))).collect();
    let first = store.put(&institutions, "tester").await.unwrap();
    let labs: Vec<Draft> = first
        .iter()
        .enumerate()
        .map(|(n, (id, _))| draft(&format!("l{n}"), lab(&format!("第{n}实验室"), &[*id])))
        .collect();
    store.put(&labs, "tester").await.unwrap();
    let before = store.position().await.unwrap();
    for drafts in [&institutions, &labs] {
        let again = store.put(drafts, "another").await.unwrap();
        assert!(again.iter().all(|(_, outcome)| *outcome == Outcome::Unchanged));
    }
    let ids = |outcomes: &[(duijie::model::RecordId, Outcome)]| {
        outcomes.iter().map(|(id, _)| *id).collect::<Vec<_>>()
    };
    assert_eq!(ids(&store.put(&institutions, "another").await.unwrap()), ids(&first));
    assert_eq!(store.position().await.unwrap(), before);
}

pub async fn every_part_of_a_draft_counts_as_a_change(world: &mut impl World) {
    let store = world.store();
    let mut changing = draft("e1", enterprise("甲公司", ""));
    let (id, _) = put(store, changing.clone()).await;
    type Edit = fn(&mut Draft);
    let edits: [Edit; 5] = [
        |draft| draft.owner = "园区".to_owned(),
        |draft| draft.visibility = Visibility::Private,
        |draft| draft.provenance.source_url = "https://example.org/e1".to_owned(),
        |draft| draft.provenance.as_of = Some("2024-05".parse().unwrap()),
        |draft| draft.body = enterprise("甲公司", "张三"),
    ];
    for (n, edit) in edits.into_iter().enumerate() {
        edit(&mut changing);
        assert_eq!(put(store, changing.clone()).await, (id, Outcome::Updated), "edit {n}");
        assert_eq!(put(store, changing.clone()).await, (id, Outcome::Unchanged), "edit {n}");
        let record = get(store, Kind::Enterprise, id).await.record;
        assert_eq!(record.meta.revision, n as u64 + 2);
        assert_eq!(record.meta.owner, changing.owner);
        assert_eq!(record.meta.visibility, changing.visibility);
        assert_eq!(record.meta.provenance, changing.provenance);
        assert_eq!(record.body, changing.body);
    }
}

pub async fn a_dangling_reference_refuses_the_whole_batch(world: &mut impl World) {
    let store = world.store();
    let known = create(store, "e1", enterprise("甲公司", "")).await;
    let unknown = duijie::model::RecordId::generate();
    let before = store.position().await.unwrap();
    let batch = [
        draft("e1", enterprise("甲公司（新）", "")),
        draft("n1", need("膜电极", Some(known))),
        draft("n2", need("催化剂", Some(unknown))),
    ];
    let err = store.put(&batch, "tester").await.unwrap_err();
    assert!(
        matches!(err, StoreError::DanglingReference { kind: Kind::Enterprise, id } if id == unknown),
        "{err:?}"
    );
    assert_eq!(store.position().await.unwrap(), before);
    assert_eq!(store.count(Kind::Need).await.unwrap(), 0);
    assert_eq!(get(store, Kind::Enterprise, known).await.record.body.title(), "甲公司");
    // The store goes on as if nothing had been asked.
    create(store, "n1", need("膜电极", Some(known))).await;
}

pub async fn a_reference_of_the_wrong_kind_is_refused(world: &mut impl World) {
    let store = world.store();
    let institution = create(store, "i1", institution("甲大学")).await;
    let enterprise = create(store, "e1", enterprise("甲公司", "")).await;
    for body in [
        need("膜电极", Some(institution)),
        achievement("成果", &[institution]),
        lab("室", &[enterprise]),
    ] {
        let err = store.put(&[draft("x", body)], "tester").await.unwrap_err();
        assert!(matches!(err, StoreError::DanglingReference { .. }), "{err:?}");
    }
    assert_eq!(changes_len(store).await, 2);
}

pub async fn a_reference_to_a_tombstone_is_refused(world: &mut impl World) {
    let store = world.store();
    let firm = create(store, "e1", enterprise("甲公司", "")).await;
    let naming = create(store, "n1", need("膜电极", Some(firm))).await;
    store.delete(Kind::Enterprise, firm, None, "tester").await.unwrap();
    let err = store.put(&[draft("n2", need("催化剂", Some(firm)))], "tester").await.unwrap_err();
    assert!(matches!(err, StoreError::DanglingReference { id, .. } if id == firm), "{err:?}");
    // Who named it before is left alone.
    let naming = get(store, Kind::Need, naming).await.record;
    assert_eq!((naming.meta.revision, naming.body), (1, need("膜电极", Some(firm))));
    // Revived earlier in the same batch, it can be named again.
    let batch = [draft("e1", enterprise("甲公司", "")), draft("n2", need("催化剂", Some(firm)))];
    let outcomes = store.put(&batch, "tester").await.unwrap();
    assert_eq!(outcomes[0], (firm, Outcome::Updated));
    assert_eq!(outcomes[1].1, Outcome::Created);
}

pub async fn an_illegal_draft_is_refused(world: &mut impl World) {
    let store = world.store();
    let mut no_source = draft("n2", need("膜电极", None));
    no_source.source.clear();
    for illegal in [draft("n2", need(" ", None)), draft("", need("膜电极", None)), no_source] {
        let batch = [draft("n1", need("膜电极", None)), illegal];
        let err = store.put(&batch, "tester").await.unwrap_err();
        assert!(matches!(err, StoreError::IllegalDraft { draft_idx: 1, .. }), "{err:?}");
    }
    assert_eq!(changes_len(store).await, 0);
}

pub async fn the_same_record_twice_in_a_batch_is_written_in_turn(world: &mut impl World) {
    let store = world.store();
    let batch = [
        draft("n1", need("一", None)),
        draft("n1", need("二", None)),
        draft("n1", need("二", None)),
        draft("n1", need("三", None)),
    ];
    let outcomes = store.put(&batch, "tester").await.unwrap();
    let id = outcomes[0].0;
    let want = [Outcome::Created, Outcome::Updated, Outcome::Unchanged, Outcome::Updated];
    assert_eq!(outcomes, want.map(|outcome| (id, outcome)));
    let record = get(store, Kind::Need, id).await.record;
    assert_eq!((record.meta.revision, record.body.title()), (3, "三"));
    // The same external id names another record in another source or kind.
    let mut elsewhere = draft("n1", need("一", None));
    elsewhere.source = "other".to_owned();
    assert_eq!(put(store, elsewhere).await.1, Outcome::Created);
    assert_eq!(put(store, draft("n1", institution("一"))).await.1, Outcome::Created);
}

pub async fn many_drafts_at_once_are_written_as_one_after_the_other(world: &mut impl World) {
    let store = world.store();
    let old = create(store, "n7", need("旧", None)).await;
    let before = store.position().await.unwrap().seq;
    // Every fifth names the record that the one before it names, and says something else.
    let name = |n: usize| format!("n{}", if n % 5 == 4 { n - 1 } else { n });
    let drafts: Vec<Draft> =
        (0..700).map(|n| draft(&name(n), need(&format!("第{n}条"), None))).collect();
    let written = store.put(&drafts, "tester").await.unwrap();
    for (n, (id, outcome)) in written.iter().enumerate() {
        let expected = if n == 7 || n % 5 == 4 { Outcome::Updated } else { Outcome::Created };
        assert_eq!(*outcome, expected, "draft {n}");
        let last = if n % 5 == 3 { n + 1 } else { n };
        let found = get(store, Kind::Need, *id).await.record;
        assert_eq!(found.body.title(), format!("第{last}条"));
        assert_eq!(found.meta.external_id, name(n));
    }
    assert_eq!(written[7].0, old);
    let feed = store.changes(before, BATCH_MAX).await.unwrap();
    let told: Vec<_> = feed.iter().map(|change| change.id).collect();
    let ids: Vec<_> = written.iter().map(|(id, _)| *id).collect();
    assert_eq!(told, ids, "the feed has them in the order of the drafts");
}

pub async fn a_batch_too_large_is_refused(world: &mut impl World) {
    let store = world.store();
    assert_eq!(store.put(&[], "tester").await.unwrap(), []);
    let batch = vec![draft("n1", need("膜电极", None)); BATCH_MAX + 1];
    let err = store.put(&batch, "tester").await.unwrap_err();
    assert!(
        matches!(err, StoreError::BatchTooLarge { count } if count == BATCH_MAX + 1),
        "{err:?}"
    );
    let outcomes = store.put(&batch[1..], "tester").await.unwrap();
    assert_eq!(outcomes.len(), BATCH_MAX);
    assert_eq!(changes_len(store).await, 1);
    let row = get(store, Kind::Need, outcomes[0].0).await.row;
    assert_eq!(store.rows(&vec![row; BATCH_MAX]).await.unwrap().len(), BATCH_MAX);
    let err = store.rows(&vec![row; BATCH_MAX + 1]).await.unwrap_err();
    assert!(matches!(err, StoreError::BatchTooLarge { .. }), "{err:?}");
}

pub async fn a_stale_revision_is_a_conflict(world: &mut impl World) {
    let store = world.store();
    let id = create(store, "n1", need("一", None)).await;
    put(store, draft("n1", need("二", None))).await;
    let err = store.delete(Kind::Need, id, Some(1), "tester").await.unwrap_err();
    assert!(
        matches!(err, StoreError::RevisionConflict { id: at, expected: 1, found: 2 } if at == id),
        "{err:?}"
    );
    assert_eq!(get(store, Kind::Need, id).await.record.meta.deleted_at, None);
    store.delete(Kind::Need, id, Some(2), "tester").await.unwrap();
    assert!(get(store, Kind::Need, id).await.record.meta.deleted_at.is_some());
}

pub async fn deleting_leaves_a_tombstone_that_a_draft_revives(world: &mut impl World) {
    let store = world.store();
    let id = create(store, "e1", enterprise("甲公司", "张三")).await;
    store.delete(Kind::Enterprise, id, None, "remover").await.unwrap();
    let tombstone = get(store, Kind::Enterprise, id).await;
    let meta = &tombstone.record.meta;
    assert_eq!(meta.deleted_at, Some(meta.updated_at));
    assert_eq!((meta.revision, meta.updated_by.as_str()), (2, "remover"));
    assert_eq!(tombstone.record.body, enterprise("甲公司", ""), "the contact is erased");
    assert_eq!(store.count(Kind::Enterprise).await.unwrap(), 0);
    assert_eq!(store.list(Kind::Enterprise, None, 10).await.unwrap(), []);
    for source in [None, Some("test")] {
        assert_eq!(store.find(Kind::Enterprise, source, "e1").await.unwrap(), []);
    }
    assert_eq!(store.rows(&[tombstone.row]).await.unwrap(), std::slice::from_ref(&tombstone));

    store.delete(Kind::Enterprise, id, None, "another").await.unwrap();
    assert_eq!(get(store, Kind::Enterprise, id).await, tombstone, "a tombstone stays as it is");
    assert_eq!(changes_len(store).await, 2);

    let same = draft("e1", enterprise("甲公司", ""));
    assert_eq!(put(store, same).await, (id, Outcome::Updated));
    let revived = get(store, Kind::Enterprise, id).await;
    assert_eq!(revived.row, tombstone.row);
    assert_eq!((revived.record.meta.revision, revived.record.meta.deleted_at), (3, None));
    assert_eq!(store.count(Kind::Enterprise).await.unwrap(), 1);
}

pub async fn deleting_what_is_not_there_is_refused(world: &mut impl World) {
    let store = world.store();
    let id = create(store, "n1", need("一", None)).await;
    for (kind, id) in [(Kind::Need, duijie::model::RecordId::generate()), (Kind::Lab, id)] {
        let err = store.delete(kind, id, None, "tester").await.unwrap_err();
        assert!(matches!(err, StoreError::NotFound { .. }), "{err:?}");
    }
    assert_eq!(changes_len(store).await, 1);
}

pub async fn concurrent_puts_both_land(world: &mut impl World) {
    let store = world.store();
    let rounds = async |who: &str| {
        let mut written = 0;
        for round in 0..20 {
            let own = draft(&format!("{who}{round}"), institution(who));
            let shared = draft("shared", institution(&format!("{who}{round}")));
            for (_, outcome) in store.put(&[own, shared], who).await.unwrap() {
                written += u64::from(outcome != Outcome::Unchanged);
            }
        }
        written
    };
    let (left, right) = tokio::join!(rounds("甲"), rounds("乙"));
    assert_eq!(left + right, 80, "every draft said something new");
    let shared = store.find(Kind::Institution, None, "shared").await.unwrap();
    assert_eq!(shared[0].record.meta.revision, 40);
    assert_eq!(store.count(Kind::Institution).await.unwrap(), 41);
    assert_eq!(changes_len(store).await, 80);
    assert!(matches!(shared[0].record.body, Body::Institution(_)));
}

pub async fn a_put_given_up_midway_is_all_or_nothing(world: &mut impl World) {
    let store = world.store();
    for round in 0..5 {
        // The web server drops a call that takes too long; the store must not keep half of it.
        let batch: Vec<Draft> =
            (0..500).map(|n| draft(&format!("{round}-{n}"), institution("甲大学"))).collect();
        let patience = std::time::Duration::from_millis(5 + 10 * round);
        let before = store.count(Kind::Institution).await.unwrap();
        let done = tokio::time::timeout(patience, store.put(&batch, "tester")).await.is_ok();
        let added = store.count(Kind::Institution).await.unwrap() - before;
        assert!(if done { added == 500 } else { added % 500 == 0 }, "{added} of 500 are there");
        // Given again, it lands whole.
        store.put(&batch, "tester").await.unwrap();
        assert_eq!(store.count(Kind::Institution).await.unwrap(), before + 500);
    }
}
