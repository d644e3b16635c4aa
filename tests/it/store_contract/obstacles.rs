//! What a store in a file does when the machine denies it something: it says what, keeps what
//! it has acknowledged, answers readers, and goes on when the obstacle is gone.

use std::sync::Arc;
use std::time::Duration;

use duijie::model::{Body, Draft, Kind};
use duijie::store::{Obstacle, SqliteOptions, SqliteStore, Store, StoreError};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Executor};

use super::world::{draft, get, need, put};

/// Room for the tables and a few dozen large records.
const SMALL_BYTES: u64 = 1 << 20;

/// A need with a text of some 30 KB.
fn large(name: &str) -> Draft {
    let mut body = need(name, None);
    if let Body::Need(need) = &mut body {
        need.body = "膜电极".repeat(3_000);
    }
    draft(name, body)
}

fn obstacle(err: &StoreError) -> Obstacle {
    match err {
        StoreError::Obstacle { obstacle, .. } => *obstacle,
        err => panic!("{err:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_what_does_not_fit_and_keeps_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("small.db");
    let options = SqliteOptions { size_bytes_max: Some(SMALL_BYTES), ..SqliteOptions::default() };
    let store = Arc::new(SqliteStore::open_with(&path, options).await.unwrap());
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut kept = Vec::new();
                for n in 0.. {
                    match store.create(&large(&format!("{writer}-{n}")), "tester").await {
                        Ok(stored) => kept.push(stored),
                        Err(err) => {
                            assert_eq!(obstacle(&err), Obstacle::DiskFull);
                            break;
                        }
                    }
                }
                kept
            })
        })
        .collect();
    let mut kept = Vec::new();
    for writer in writers {
        kept.extend(writer.await.unwrap());
    }
    assert!(kept.len() > 5, "{}", kept.len());
    for stored in &kept {
        assert_eq!(&get(store.as_ref(), Kind::Need, stored.record.meta.id).await, stored);
    }
    assert_eq!(store.count(Kind::Need).await.unwrap() as usize, kept.len());
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
    // A batch is refused as a whole, though its first drafts fit.
    let batch = [draft("s1", need("膜", None)), large("l1"), large("l2"), large("l3")];
    assert_eq!(obstacle(&store.put(&batch, "tester").await.unwrap_err()), Obstacle::DiskFull);
    assert_eq!(store.find(Kind::Need, None, "s1").await.unwrap(), []);
    // What fits is written again, by the same store.
    put(store.as_ref(), draft("s1", need("膜", None))).await;
    store.close().await;
    // Room was made.
    let store = SqliteStore::open(&path).await.unwrap();
    store.put(&batch, "tester").await.unwrap();
    assert_eq!(store.count(Kind::Need).await.unwrap() as usize, kept.len() + 4);
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lock_that_another_process_keeps_is_told_to_all_who_wait() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("held.db");
    let lock_timeout = Duration::from_millis(50);
    let options = SqliteOptions { lock_timeout, ..SqliteOptions::default() };
    let store = SqliteStore::open_with(&path, options).await.unwrap();
    let before = put(&store, draft("n0", need("膜", None))).await.0;
    let mut other = SqliteConnectOptions::new().filename(&path).connect().await.unwrap();
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    for _ in 0..2 {
        let drafts = ["n1", "n2"].map(|name| draft(name, need("膜", None)));
        let [first, second] = &drafts;
        let (first, second) =
            tokio::join!(store.create(first, "tester"), store.create(second, "tester"));
        for err in [first.unwrap_err(), second.unwrap_err()] {
            assert_eq!(obstacle(&err), Obstacle::Locked);
        }
        assert_eq!(get(&store, Kind::Need, before).await.record.body.title(), "膜");
    }
    let err = SqliteStore::open_with(&path, SqliteOptions { lock_timeout, ..Default::default() })
        .await
        .unwrap_err();
    assert!(
        matches!(err, StoreError::Unopenable { obstacle: Some(Obstacle::Locked), .. }),
        "{err:?}"
    );
    other.execute("ROLLBACK").await.unwrap();
    put(&store, draft("n1", need("膜", None))).await;
    assert_eq!(store.count(Kind::Need).await.unwrap(), 2);
}
