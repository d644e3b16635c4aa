//! What merging two records of one thing promises, and taking that back.

use duijie::model::{Body, Kind, RecordId};
use duijie::store::{Existing, Outcome, Store, StoreError, Write};

use super::world::{
    World, achievement, changes_len, create, draft, enterprise, get, lab, need, put,
};

fn lab_with_contact(name: &str, contact: &str) -> Body {
    match lab(name, &[]) {
        Body::Lab(body) => Body::Lab(duijie::model::Lab { contact: contact.to_owned(), ..body }),
        other => other,
    }
}

async fn body(store: &dyn Store, kind: Kind, id: RecordId) -> Body {
    get(store, kind, id).await.record.body
}

pub async fn a_merged_record_gives_its_place_and_gets_it_back(world: &mut impl World) {
    let store = world.store();
    let kept = create(store, "l1", lab("甲实验室", &[])).await;
    let merged = create(store, "l2", lab_with_contact("甲实验室（南京）", "张三")).await;
    let both = create(store, "a1", achievement("一", &[merged, kept])).await;
    let only = create(store, "a2", achievement("二", &[merged])).await;
    let other = create(store, "a3", achievement("三", &[kept])).await;
    let feed = changes_len(store).await;
    let merge = store.merge(Kind::Lab, kept, merged, "merger").await.unwrap();
    // Two that named it, its tombstone, the record of the merge.
    assert_eq!(changes_len(store).await, feed + 4);
    let Body::Merge(told) = &merge.record.body else { panic!("{merge:?}") };
    assert_eq!((told.kept_id, told.merged_id, told.moved.len()), (kept, merged, 2));
    assert_eq!(body(store, Kind::Achievement, both).await, achievement("一", &[kept]));
    assert_eq!(body(store, Kind::Achievement, only).await, achievement("二", &[kept]));
    let tombstone = get(store, Kind::Lab, merged).await.record.meta;
    assert_eq!((tombstone.merged_into, tombstone.deleted_at.is_some()), (Some(kept), true));
    // Whoever looks for the merged one by its name finds the kept one.
    for source in [None, Some("test")] {
        let found = store.find(Kind::Lab, source, "l2").await.unwrap();
        assert_eq!(found.iter().map(|s| s.record.meta.id).collect::<Vec<_>>(), [kept]);
    }
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());

    let id = merge.record.meta.id;
    let (undone, outcome) = store.unmerge(id, "merger").await.unwrap();
    assert!(matches!(&undone.record.body, Body::Merge(merge) if merge.undone));
    assert_eq!(outcome, Outcome::Updated);
    let contact = lab_with_contact("甲实验室（南京）", "张三");
    assert_eq!(body(store, Kind::Lab, merged).await, contact);
    assert_eq!(body(store, Kind::Achievement, both).await, achievement("一", &[merged, kept]));
    assert_eq!(body(store, Kind::Achievement, only).await, achievement("二", &[merged]));
    assert_eq!(get(store, Kind::Achievement, other).await.record.meta.revision, 1);
    let found = store.find(Kind::Lab, None, "l2").await.unwrap();
    assert_eq!(found[0].record.meta.id, merged);
    assert_eq!(store.unmerge(id, "merger").await.unwrap().1, Outcome::Unchanged);
}

pub async fn what_others_changed_survives_the_undoing(world: &mut impl World) {
    let store = world.store();
    let [kept, merged, third] = [
        create(store, "l1", lab("甲", &[])).await,
        create(store, "l2", lab("乙", &[])).await,
        create(store, "l3", lab("丙", &[])).await,
    ];
    create(store, "a1", achievement("一", &[merged])).await;
    create(store, "a2", achievement("二", &[merged, kept])).await;
    create(store, "a3", achievement("三", &[merged])).await;
    create(store, "a4", achievement("四", &[merged])).await;
    let merge = store.merge(Kind::Lab, kept, merged, "merger").await.unwrap().record.meta.id;
    put(store, draft("a1", achievement("一改", &[third, kept]))).await;
    put(store, draft("a2", achievement("二改", &[kept]))).await;
    put(store, draft("a3", achievement("三", &[third]))).await;
    let gone = store.find(Kind::Achievement, None, "a4").await.unwrap()[0].record.meta.id;
    store.delete(Kind::Achievement, gone, None, "remover").await.unwrap();
    let later = create(store, "a5", achievement("五", &[kept])).await;
    store.unmerge(merge, "merger").await.unwrap();
    for (name, want) in [
        ("a1", achievement("一改", &[third, merged])),
        ("a2", achievement("二改", &[kept, merged])),
        ("a3", achievement("三", &[third])),
    ] {
        let found = store.find(Kind::Achievement, None, name).await.unwrap();
        assert_eq!(found[0].record.body, want);
    }
    assert_eq!(body(store, Kind::Achievement, later).await, achievement("五", &[kept]));
    assert!(get(store, Kind::Achievement, gone).await.record.meta.deleted_at.is_some());
}

/// Any merges, taken back in the opposite order, leave every body as it was.
pub async fn undone_merges_leave_everything_as_it_was(world: &mut impl World) {
    let store = world.store();
    let mut rng = fastrand::Rng::with_seed(7);
    for round in 0..20 {
        let mut labs = Vec::new();
        for n in 0..5 {
            labs.push(create(store, &format!("l{round}-{n}"), lab("甲", &[])).await);
        }
        let mut all: Vec<(Kind, RecordId)> = labs.iter().map(|id| (Kind::Lab, *id)).collect();
        for n in 0..6 {
            let named: Vec<RecordId> = labs.iter().copied().filter(|_| rng.bool()).collect();
            let mut named = named;
            rng.shuffle(&mut named);
            let body = achievement("一", &named);
            all.push((Kind::Achievement, create(store, &format!("a{round}-{n}"), body).await));
        }
        let mut before = Vec::new();
        for (kind, id) in &all {
            before.push(body(store, *kind, *id).await);
        }
        let mut merges = Vec::new();
        let mut live = labs.clone();
        rng.shuffle(&mut live);
        while live.len() > 1 + usize::from(rng.bool()) {
            let merged = live.swap_remove(rng.usize(..live.len()));
            let kept = live[rng.usize(..live.len())];
            let merge = store.merge(Kind::Lab, kept, merged, "merger").await.unwrap();
            merges.push(merge.record.meta.id);
        }
        // Every name leads to a lab that is there.
        for n in 0..5 {
            let found = store.find(Kind::Lab, None, &format!("l{round}-{n}")).await.unwrap();
            assert!(live.contains(&found[0].record.meta.id));
        }
        for merge in merges.iter().rev() {
            store.unmerge(*merge, "merger").await.unwrap();
        }
        for ((kind, id), before) in all.iter().zip(&before) {
            let now = get(store, *kind, *id).await.record;
            assert_eq!((&now.body, now.meta.deleted_at), (before, None), "round {round}");
        }
    }
}

pub async fn a_merged_record_does_not_come_back_by_itself(world: &mut impl World) {
    let store = world.store();
    let kept = create(store, "n1", need("一", None)).await;
    let merged = create(store, "n2", need("一。", None)).await;
    store.merge(Kind::Need, kept, merged, "merger").await.unwrap();
    let feed = changes_len(store).await;
    for body in [need("一。", None), need("改", None)] {
        assert_eq!(put(store, draft("n2", body)).await, (merged, Outcome::Merged));
    }
    assert_eq!(changes_len(store).await, feed);
    let write = Write { draft: draft("n2", need("新", None)), existing: Existing::Refused };
    let err = store.write(&[write], None, "tester").await.unwrap_err();
    assert!(matches!(err, StoreError::Exists { .. }), "{err:?}");
}

pub async fn what_cannot_be_merged_or_undone_is_refused_as_a_whole(world: &mut impl World) {
    let store = world.store();
    let first = create(store, "n1", need("一", None)).await;
    let second = create(store, "n2", need("二", None)).await;
    let third = create(store, "n3", need("三", None)).await;
    let firm = create(store, "e1", enterprise("甲公司", "")).await;
    let feed = changes_len(store).await;
    for (kept, merged) in [(first, firm), (firm, first), (first, RecordId::generate())] {
        let err = store.merge(Kind::Need, kept, merged, "merger").await.unwrap_err();
        assert!(matches!(err, StoreError::NotFound { .. }), "{err:?}");
    }
    let err = store.merge(Kind::Need, first, first, "merger").await.unwrap_err();
    assert!(matches!(err, StoreError::IllegalDraft { .. }), "{err:?}");
    assert_eq!(changes_len(store).await, feed);
    let merge = store.merge(Kind::Need, first, second, "merger").await.unwrap().record.meta.id;
    let err = store.merge(Kind::Need, third, second, "merger").await.unwrap_err();
    assert!(matches!(err, StoreError::NotFound { .. }), "merged already: {err:?}");
    // The later of two merges goes first.
    let later = store.merge(Kind::Need, third, first, "merger").await.unwrap().record.meta.id;
    let feed = changes_len(store).await;
    let err = store.unmerge(merge, "merger").await.unwrap_err();
    assert!(matches!(err, StoreError::NotFound { id, .. } if id == first), "{err:?}");
    assert_eq!(changes_len(store).await, feed);
    store.unmerge(later, "merger").await.unwrap();
    store.unmerge(merge, "merger").await.unwrap();
    let err = store.unmerge(firm, "merger").await.unwrap_err();
    assert!(matches!(err, StoreError::NotFound { kind: Kind::Merge, .. }), "{err:?}");
}
