//! What `create` promises beyond `put`.

use duijie::model::{Kind, RecordId};
use duijie::store::StoreError;

use super::world::{World, changes_len, create, draft, enterprise, get, lab, need};

pub async fn what_is_created_is_returned_as_it_is_stored(world: &mut impl World) {
    let store = world.store();
    let firm = store.create(&draft("e1", enterprise("甲公司", "张三")), "maker").await.unwrap();
    assert_eq!(firm.record.meta.revision, 1);
    assert_eq!(firm.record.meta.created_by, "maker");
    assert_eq!(firm.record.body, enterprise("甲公司", "张三"));
    let mut naming = draft("n1", need("膜电极", Some(firm.record.meta.id)));
    naming.owner = "园区".to_owned();
    naming.provenance.source_url = "https://example.org/n1".to_owned();
    naming.provenance.as_of = Some("2024-05".parse().unwrap());
    let naming = store.create(&naming, "maker").await.unwrap();
    for (kind, made) in [(Kind::Enterprise, firm), (Kind::Need, naming)] {
        assert_eq!(get(store, kind, made.record.meta.id).await, made);
    }
    assert_eq!(changes_len(store).await, 2);
}

pub async fn what_exists_is_not_created_again(world: &mut impl World) {
    let store = world.store();
    let id = create(store, "n1", need("一", None)).await;
    // Neither with another text nor with the same.
    for title in ["一", "二"] {
        let err = store.create(&draft("n1", need(title, None)), "maker").await.unwrap_err();
        assert!(
            matches!(&err, StoreError::Exists { kind: Kind::Need, source_name, external_id }
                if source_name == "test" && external_id == "n1"),
            "{err:?}"
        );
    }
    assert_eq!(get(store, Kind::Need, id).await.record.body.title(), "一");
    assert_eq!(changes_len(store).await, 1);
    // Another source or kind is another record.
    let mut elsewhere = draft("n1", need("一", None));
    elsewhere.source = "other".to_owned();
    store.create(&elsewhere, "maker").await.unwrap();
    store.create(&draft("n1", lab("一", &[])), "maker").await.unwrap();
}

pub async fn a_creation_revives_a_tombstone(world: &mut impl World) {
    let store = world.store();
    let id = create(store, "e1", enterprise("甲公司", "张三")).await;
    store.delete(Kind::Enterprise, id, None, "remover").await.unwrap();
    let revived = store.create(&draft("e1", enterprise("乙公司", "")), "maker").await.unwrap();
    let meta = &revived.record.meta;
    assert_eq!((meta.id, meta.revision, meta.deleted_at), (id, 3, None));
    assert_eq!((meta.created_by.as_str(), meta.updated_by.as_str()), ("tester", "maker"));
    assert_eq!(get(store, Kind::Enterprise, id).await, revived);
}

pub async fn a_refused_creation_says_why(world: &mut impl World) {
    let store = world.store();
    let unknown = RecordId::generate();
    let err = store.create(&draft("n1", need("膜", Some(unknown))), "maker").await.unwrap_err();
    assert!(matches!(err, StoreError::DanglingReference { id, .. } if id == unknown), "{err:?}");
    let err = store.create(&draft("n1", need(" ", None)), "maker").await.unwrap_err();
    assert!(matches!(err, StoreError::IllegalDraft { draft_idx: 0, .. }), "{err:?}");
    assert_eq!(changes_len(store).await, 0);
}
