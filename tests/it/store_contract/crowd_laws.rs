//! What many callers at the same time may rely on.

use std::collections::HashMap;
use std::sync::Arc;

use duijie::model::{Kind, RecordId};
use duijie::store::{BATCH_MAX, Change, Outcome, Store, StoreError};
use tokio::task::JoinSet;

use super::world::{World, create, draft, enterprise, get, institution, need, put};

/// Callers at the same time.
const WRITERS: usize = 200;

/// What a writer was told of its writes: the records in the order of its calls.
type Acknowledged = Vec<(RecordId, u64)>;

pub async fn of_many_writers_each_gets_its_own_answer(world: &mut impl World) {
    let firm = create(world.store(), "e1", enterprise("甲公司", "")).await;
    let mut writers = JoinSet::new();
    for n in 0..WRITERS {
        writers.spawn(writes(world.shared(), n, firm));
    }
    let store = world.store();
    let mut acknowledged: Vec<Acknowledged> = Vec::new();
    let mut winners = 0;
    while let Some(writer) = writers.join_next().await {
        let (records, won) = writer.unwrap();
        winners += usize::from(won);
        acknowledged.push(records);
    }
    assert_eq!(winners, 1, "one of all creates the contested record");

    let feed = store.changes(0, BATCH_MAX).await.unwrap();
    assert!(feed.is_sorted_by(|a, b| a.seq < b.seq));
    let mut seqs: HashMap<(RecordId, u64), i64> = HashMap::new();
    for Change { seq, id, revision, .. } in &feed {
        assert_eq!(seqs.insert((*id, *revision), *seq), None, "one entry for each revision");
    }
    let told: usize = acknowledged.iter().map(Vec::len).sum();
    // Beside the firm and the contested record, which are nobody's own.
    assert_eq!(feed.len(), told + 2, "what was refused left nothing behind");
    for records in &acknowledged {
        // A call begun after another was answered is committed after it.
        assert!(records.is_sorted_by(|a, b| seqs[a] < seqs[b]), "{records:?}");
    }
    let created = feed.iter().filter(|change| change.revision == 1).map(|change| change.id);
    assert!(created.is_sorted_by(|a, b| a < b), "ids grow in the order of the commits");
}

/// One writer's calls, good and refused by turns; whether it created the contested record.
async fn writes(store: Arc<dyn Store>, n: usize, firm: RecordId) -> (Acknowledged, bool) {
    let who = format!("writer{n}");
    let name = |what: &str| format!("{what}{n}");
    let created = store.create(&draft(&name("c"), need(&who, Some(firm))), &who).await.unwrap();
    let id = created.record.meta.id;
    assert_eq!(created.record.body, need(&who, Some(firm)));
    assert_eq!(created.record.meta.created_by, who);

    let unknown = RecordId::generate();
    let batch = [draft(&name("p"), institution(&who)), draft(&name("d"), need("a", Some(unknown)))];
    let err = store.put(&batch, &who).await.unwrap_err();
    assert!(matches!(err, StoreError::DanglingReference { id, .. } if id == unknown), "{err:?}");

    let batch = [
        draft(&name("p"), institution(&who)),
        draft(&name("c"), need(&name("second"), Some(firm))),
        draft("e1", enterprise("甲公司", "")),
    ];
    let outcomes = store.put(&batch, &who).await.unwrap();
    let put = outcomes[0].0;
    assert_eq!(
        outcomes,
        [(put, Outcome::Created), (id, Outcome::Updated), (firm, Outcome::Unchanged)]
    );

    let contested = draft("contested", institution(&who));
    let won = match store.create(&contested, &who).await {
        Ok(stored) => {
            assert_eq!(stored.record.meta.created_by, who);
            true
        }
        Err(StoreError::Exists { external_id, .. }) => {
            assert_eq!(external_id, "contested");
            false
        }
        Err(err) => panic!("{err:?}"),
    };

    let stale = n as u64 + 10;
    let err = store.delete(Kind::Need, id, Some(stale), &who).await.unwrap_err();
    assert!(
        matches!(err, StoreError::RevisionConflict { id: at, expected, found: 2 }
            if at == id && expected == stale),
        "{err:?}"
    );
    store.delete(Kind::Need, id, Some(2), &who).await.unwrap();
    (vec![(id, 1), (put, 1), (id, 2), (id, 3)], won)
}

pub async fn a_call_that_is_dropped_breaks_nobody_elses(world: &mut impl World) {
    let (mut given_up, mut patient) = (Vec::new(), Vec::new());
    for n in 0..60 {
        let store = world.shared();
        let call = tokio::spawn(async move {
            let name = |part: &str| format!("{n}{part}");
            let batch =
                [draft(&name("a"), institution("甲")), draft(&name("b"), institution("乙"))];
            store.put(&batch, "tester").await.unwrap().len()
        });
        if n % 3 == 0 { given_up.push((n, call)) } else { patient.push(call) }
    }
    // Some of them wait in the queue by now, some have not begun, some may be done.
    tokio::task::yield_now().await;
    for (_, call) in &given_up {
        call.abort();
    }
    for call in patient {
        assert_eq!(call.await.unwrap(), 2);
    }
    for (n, call) in given_up {
        let _ = call.await;
        // Behind what was given up in the queue, so that it is decided by now.
        put(world.store(), draft("last", institution(&format!("{n}")))).await;
        let mut there = 0;
        for part in ["a", "b"] {
            let name = format!("{n}{part}");
            there += world.store().find(Kind::Institution, None, &name).await.unwrap().len();
        }
        assert!(there == 0 || there == 2, "half of a call is there");
    }
}

pub async fn closing_writes_what_is_waiting(world: &mut impl World) {
    let mut writers = JoinSet::new();
    for n in 0..50 {
        let store = world.shared();
        writers.spawn(async move {
            let name = format!("n{n}");
            (n, store.create(&draft(&name, need(&name, None)), "tester").await)
        });
    }
    let first = writers.join_next().await.unwrap().unwrap();
    first.1.expect("what comes before the closing is written");
    world.reopen().await;
    while let Some(writer) = writers.join_next().await {
        let (n, answer) = writer.unwrap();
        let found = world.store().find(Kind::Need, None, &format!("n{n}")).await.unwrap();
        match answer {
            Ok(stored) => {
                let id = stored.record.meta.id;
                assert_eq!(get(world.store(), Kind::Need, id).await, stored);
            }
            Err(StoreError::Closed) => assert_eq!(found, [], "what was not taken is not there"),
            Err(err) => panic!("{err:?}"),
        }
    }
}
