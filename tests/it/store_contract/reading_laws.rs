//! What `list`, `find`, `rows` and `get` promise.

use std::collections::HashSet;

use duijie::model::{Kind, RecordId};
use duijie::store::RowId;

use super::world::{World, create, draft, enterprise, get, institution, lab, need, put};

pub async fn pages_lose_and_repeat_nothing_while_records_are_added(world: &mut impl World) {
    let store = world.store();
    let mut there = Vec::new();
    for n in 0..25 {
        there.push(create(store, &format!("n{n}"), need("一", None)).await);
    }
    let (mut seen, mut after, mut added) = (Vec::new(), None, 0);
    loop {
        let page = store.list(Kind::Need, after, 4).await.unwrap();
        assert!(page.len() <= 4);
        let Some(last) = page.last() else { break };
        after = Some(last.record.meta.id);
        seen.extend(page.iter().map(|stored| stored.record.meta.id));
        if added < 6 {
            added += 1;
            create(store, &format!("later{added}"), need("二", None)).await;
            // A record that changes behind or before the page stays where it is.
            put(store, draft("n3", need(&format!("改{added}"), None))).await;
            put(store, draft("n24", need(&format!("改{added}"), None))).await;
        }
    }
    assert!(seen.is_sorted_by(|a, b| a < b), "in order, none twice");
    let seen: HashSet<RecordId> = seen.into_iter().collect();
    assert!(there.iter().all(|id| seen.contains(id)), "none lost");
}

pub async fn lists_are_of_one_kind_and_in_the_order_of_ids(world: &mut impl World) {
    let store = world.store();
    let university = create(store, "x", institution("甲大学")).await;
    let labs = [
        create(store, "x", lab("一", &[university])).await,
        create(store, "y", lab("二", &[])).await,
    ];
    let firm = create(store, "x", enterprise("甲公司", "")).await;
    let ids = async |kind, after, limit| {
        let page = store.list(kind, after, limit).await.unwrap();
        page.iter().map(|stored| stored.record.meta.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(Kind::Lab, None, usize::MAX).await, labs);
    assert_eq!(ids(Kind::Lab, Some(labs[0]), 10).await, labs[1..]);
    assert_eq!(ids(Kind::Lab, Some(labs[1]), 10).await, []);
    assert_eq!(ids(Kind::Lab, None, 0).await, []);
    assert_eq!(ids(Kind::Enterprise, None, 10).await, [firm]);
    for (kind, count) in [(Kind::Institution, 1), (Kind::Lab, 2), (Kind::Achievement, 0)] {
        assert_eq!(store.count(kind).await.unwrap(), count);
    }
    store.delete(Kind::Lab, labs[0], None, "tester").await.unwrap();
    assert_eq!(ids(Kind::Lab, None, 10).await, labs[1..]);
    assert_eq!(store.count(Kind::Lab).await.unwrap(), 1);
}

pub async fn an_external_id_is_found_with_and_without_its_source(world: &mut impl World) {
    let store = world.store();
    let mut ids = Vec::new();
    for source in ["甲", "乙"] {
        let mut draft = draft("001", institution(source));
        draft.source = source.to_owned();
        ids.push(put(store, draft).await.0);
    }
    create(store, "001", enterprise("甲公司", "")).await;
    let found = async |source: Option<&str>, external_id: &str| {
        let found = store.find(Kind::Institution, source, external_id).await.unwrap();
        found.iter().map(|stored| stored.record.meta.id).collect::<Vec<_>>()
    };
    assert_eq!(found(Some("乙"), "001").await, ids[1..]);
    assert_eq!(found(None, "001").await, ids, "both, in the order of their ids");
    assert_eq!(found(Some("丙"), "001").await, []);
    assert_eq!(found(None, "002").await, []);
    assert_eq!(found(None, "001' OR '1'='1").await, []);
}

pub async fn rows_come_in_the_order_asked_for(world: &mut impl World) {
    let store = world.store();
    let drafts: Vec<_> =
        (0..1234).map(|n| draft(&format!("n{n}"), need(&format!("第{n}项"), None))).collect();
    store.put(&drafts, "tester").await.unwrap();
    let mut rows: Vec<RowId> =
        store.list(Kind::Need, None, 2000).await.unwrap().iter().map(|s| s.row).collect();
    assert_eq!(rows.len(), 1234);
    rows.reverse();
    rows.swap(3, 700);
    let answer = store.rows(&rows).await.unwrap();
    assert_eq!(answer.iter().map(|stored| stored.row).collect::<Vec<_>>(), rows);
    // What does not exist is left out, what is asked for twice comes twice.
    let some = [rows[5], RowId(i64::MAX), rows[1], RowId(-1), rows[5]];
    let answer = store.rows(&some).await.unwrap();
    let got: Vec<RowId> = answer.iter().map(|stored| stored.row).collect();
    assert_eq!(got, [rows[5], rows[1], rows[5]]);
    assert_eq!(store.rows(&[]).await.unwrap(), []);
}

pub async fn a_record_is_found_under_its_own_kind_only(world: &mut impl World) {
    let store = world.store();
    let id = create(store, "n1", need("一", None)).await;
    assert!(store.get(Kind::Need, id).await.unwrap().is_some());
    assert_eq!(store.get(Kind::Lab, id).await.unwrap(), None);
    assert_eq!(store.get(Kind::Need, RecordId::generate()).await.unwrap(), None);
}

pub async fn reopening_finds_everything(world: &mut impl World) {
    let store = world.store();
    let firm = create(store, "e1", enterprise("甲公司", "张三")).await;
    put(store, draft("e1", enterprise("甲公司", "李四"))).await;
    let gone = create(store, "n1", need("一", Some(firm))).await;
    store.delete(Kind::Need, gone, None, "tester").await.unwrap();
    let position = store.position().await.unwrap();
    let feed = store.changes(0, 100).await.unwrap();
    let records = [get(store, Kind::Enterprise, firm).await, get(store, Kind::Need, gone).await];

    world.reopen().await;
    let store = world.store();
    assert_eq!(store.position().await.unwrap(), position);
    assert_eq!(store.changes(0, 100).await.unwrap(), feed);
    assert_eq!(get(store, Kind::Enterprise, firm).await, records[0]);
    assert_eq!(get(store, Kind::Need, gone).await, records[1]);
    let old = store.revision(Kind::Enterprise, firm, 1).await.unwrap().unwrap();
    assert_eq!(old.body, enterprise("甲公司", ""));
    // Rows and numbers go on where they were, tombstones keep theirs.
    let next = create(store, "n2", need("二", Some(firm))).await;
    assert!(get(store, Kind::Need, next).await.row > records[1].row);
    assert!(store.position().await.unwrap().seq > position.seq);
}

pub async fn those_who_name_a_record_are_listed_as_all_are(world: &mut impl World) {
    let store = world.store();
    let (one, other) = (
        create(store, "x", institution("甲大学")).await,
        create(store, "y", institution("乙大学")).await,
    );
    let mut labs = Vec::new();
    for (idx, named) in [[one].as_slice(), &[other], &[other, one], &[], &[one]].iter().enumerate()
    {
        labs.push(create(store, &format!("l{idx}"), lab("实验室", named)).await);
    }
    let ids = async |kind, to, after, limit| {
        let page = store.referring(kind, to, after, limit).await.unwrap();
        page.iter().map(|stored| stored.record.meta.id).collect::<Vec<_>>()
    };
    let to_one = (Kind::Institution, one);
    assert_eq!(ids(Kind::Lab, to_one, None, 10).await, [labs[0], labs[2], labs[4]]);
    assert_eq!(ids(Kind::Lab, to_one, Some(labs[0]), 1).await, [labs[2]]);
    assert_eq!(ids(Kind::Lab, (Kind::Institution, other), None, 10).await, labs[1..3]);
    assert_eq!(ids(Kind::Lab, (Kind::Enterprise, one), None, 10).await, [], "another kind");
    assert_eq!(ids(Kind::Need, to_one, None, 10).await, []);
    store.delete(Kind::Lab, labs[0], None, "tester").await.unwrap();
    put(store, draft("l2", lab("实验室", &[other]))).await;
    assert_eq!(ids(Kind::Lab, to_one, None, 10).await, [labs[4]]);
}
