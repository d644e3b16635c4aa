//! What only a store in a file can meet: files that are none of its own, folders that cannot
//! be written, other processes.

use std::path::Path;

use duijie::model::{Body, Kind, Need};
use duijie::store::{SqliteStore, Store, StoreError};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};

use super::world::{
    SqliteWorld, World, changes_len, create, draft, enterprise, institution, need, put,
};

/// The reason why the file is not opened.
async fn refusal(path: &Path) -> String {
    match SqliteStore::open(path).await.unwrap_err() {
        StoreError::Unopenable { path: named, reason, .. } => {
            assert_eq!(named, path);
            reason
        }
        err => panic!("{err:?}"),
    }
}

/// Opens the file behind the store's back.
async fn raw(path: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
    options.foreign_keys(false).connect().await.unwrap()
}

async fn run(conn: &mut SqliteConnection, statement: &'static str) {
    sqlx::query(statement).execute(conn).await.unwrap();
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    let text = "名称,地区\n".repeat(400);
    std::fs::write(&path, &text).unwrap();
    assert_eq!(refusal(&path).await, "file is not a database");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

#[tokio::test]
async fn another_programs_database_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.db");
    let mut conn = raw(&path).await;
    run(&mut conn, "CREATE TABLE bookmarks (url TEXT)").await;
    conn.close().await.unwrap();
    let before = std::fs::read(&path).unwrap();
    assert_eq!(refusal(&path).await, "it is another program's database");
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn a_newer_versions_database_is_refused() {
    let world = SqliteWorld::create().await;
    let mut conn = raw(&world.path()).await;
    run(
        &mut conn,
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9999, 'from the future', TRUE, x'00', 0)",
    )
    .await;
    let reason = refusal(&world.path()).await;
    assert_eq!(reason, "it was written by a newer version of this program (migration 9999)");
}

#[tokio::test]
async fn an_altered_migration_is_refused() {
    let world = SqliteWorld::create().await;
    let mut conn = raw(&world.path()).await;
    run(&mut conn, "UPDATE _sqlx_migrations SET checksum = x'00'").await;
    let err = SqliteStore::open(&world.path()).await.unwrap_err();
    assert!(matches!(err, StoreError::Migration(_)), "{err:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_folder_or_file_that_cannot_be_written_is_refused() {
    use std::fs::{Permissions, set_permissions, write};
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    // A file where a folder should be stops everybody, …
    write(folder.path().join("file"), "").unwrap();
    let reason = refusal(&folder.path().join("file/data/duijie.db")).await;
    assert!(reason.contains("cannot be made"), "{reason}");
    let reason = refusal(folder.path()).await;
    assert_eq!(reason, "unable to open database file");

    let path = folder.path().join("duijie.db");
    SqliteStore::open(&path).await.unwrap().close().await;
    set_permissions(&path, Permissions::from_mode(0o444)).unwrap();
    set_permissions(folder.path(), Permissions::from_mode(0o555)).unwrap();
    // … permissions stop everybody but the superuser.
    if write(folder.path().join("probe"), "").is_err() {
        let reason = refusal(&folder.path().join("new.db")).await;
        assert_eq!(reason, "unable to open database file");
        let reason = refusal(&folder.path().join("new/duijie.db")).await;
        assert!(reason.contains("cannot be made"), "{reason}");
        let reason = refusal(&path).await;
        assert!(reason.contains("readonly") || reason.contains("unable to open"), "{reason}");
    }
    set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
}

/// Opens the same new file several times at once, as several processes would.
async fn open_at_once(path: &Path) -> Vec<SqliteStore> {
    let opening: Vec<_> = (0..6)
        .map(|_| {
            let path = path.to_owned();
            tokio::spawn(async move { SqliteStore::open(&path).await.unwrap() })
        })
        .collect();
    let mut stores = Vec::new();
    for store in opening {
        stores.push(store.await.unwrap());
    }
    stores
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_processes_may_make_and_write_the_same_file() {
    let folder = tempfile::tempdir().unwrap();
    // Several times, since it takes luck to meet in the short moment of the making.
    for round in 0..10 {
        open_at_once(&folder.path().join(format!("{round}.db"))).await;
    }
    let stores = open_at_once(&folder.path().join("new/duijie.db")).await;
    let rounds = async |store: &SqliteStore| {
        for round in 0..10 {
            put(store, draft("shared", institution(&format!("第{round}次")))).await;
        }
    };
    tokio::join!(rounds(&stores[0]), rounds(&stores[1]), rounds(&stores[2]), rounds(&stores[3]));
    let mut positions = Vec::new();
    for store in &stores {
        positions.push(store.position().await.unwrap());
    }
    assert!(positions.iter().all(|position| *position == positions[0]), "{positions:?}");
    let shared = stores[3].find(Kind::Institution, None, "shared").await.unwrap();
    assert_eq!(shared.len(), 1);
    assert_eq!(shared[0].record.meta.revision as usize, changes_len(&stores[0]).await);
    assert_eq!(stores[1].check().await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn opening_waits_while_another_process_holds_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("held.db");
    // A file at the very beginning of its making: one table, no write-ahead log yet.
    let mut conn = raw(&path).await;
    run(
        &mut conn,
        "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT,
        installed_on TIMESTAMP, success BOOLEAN, checksum BLOB, execution_time BIGINT)",
    )
    .await;
    run(&mut conn, "BEGIN IMMEDIATE").await;
    let release = async {
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        run(&mut conn, "ROLLBACK").await;
    };
    let (opened, ()) = tokio::join!(SqliteStore::open(&path), release);
    assert_eq!(opened.unwrap().position().await.unwrap().seq, 0);
}

#[tokio::test]
async fn damage_is_found_and_named() {
    let world = SqliteWorld::create().await;
    let store = world.store();
    let id = create(store, "e1", enterprise("甲公司", "")).await;
    create(store, "e2", enterprise("乙公司", "")).await;
    create(store, "e3", enterprise("丙公司", "")).await;
    let mut conn = raw(&world.path()).await;
    run(&mut conn, "UPDATE records SET body = '{}' WHERE row = 1").await;
    run(&mut conn, "DELETE FROM changes WHERE row = 2").await;
    run(&mut conn, "INSERT INTO links VALUES (3, 2)").await;
    run(&mut conn, "INSERT INTO asides VALUES (9, '张三')").await;
    run(&mut conn, "UPDATE records SET deleted_at = 0 WHERE row = 2").await;
    run(&mut conn, "INSERT INTO asides VALUES (2, '李四')").await;
    assert_eq!(
        store.check().await.unwrap(),
        [
            "asides holds rows of records that are not",
            "row 2: its history has not one entry for each revision",
            "row 1: the last entry of its history is not what it says",
            "row 2: its contact was not erased with it",
            "row 1: cannot be read: missing field `name` at line 1 column 2",
            "row 3: its links are not what it names",
        ]
    );
    let err = store.get(Kind::Enterprise, id).await.unwrap_err();
    assert!(matches!(&err, StoreError::Unreadable { row, .. } if row.0 == 1), "{err:?}");
}

/// The log is folded into the file while records come in, and begun anew.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_does_not_grow_with_what_is_written() {
    /// Somewhat more than the 16 MB from which on it is begun anew.
    const LOG_BYTES_MAX: u64 = 32 << 20;
    let world = SqliteWorld::create().await;
    let text = "质子交换膜".repeat(400);
    let long_need = |title: String| match need(&title, None) {
        Body::Need(short) => Body::Need(Need { body: text.clone(), ..short }),
        other => other,
    };
    let mut written = 0;
    for batch in 0..12 {
        let drafts: Vec<_> = (0..400)
            .map(|n| draft(&format!("{batch}-{n}"), long_need(format!("第{n}条"))))
            .collect();
        written += world.store().put(&drafts, "tester").await.unwrap().len() * text.len() * 2;
    }
    assert!(written as u64 > LOG_BYTES_MAX, "{written} bytes are no proof");
    let log = world.path().with_extension("db-wal");
    let size = std::fs::metadata(log).unwrap().len();
    assert!(size < LOG_BYTES_MAX, "the log has {size} bytes");
}

/// Personal data: a contact that was erased is not in the file any more, not even in its
/// unused parts.
#[tokio::test]
async fn an_erased_contact_is_gone_from_the_file() {
    let mut world = SqliteWorld::create().await;
    let contact = "联系人陆某某 025-00000000";
    let holds = |world: &SqliteWorld| {
        let bytes = std::fs::read(world.path()).unwrap();
        bytes.windows(contact.len()).any(|window| window == contact.as_bytes())
    };
    create(world.store(), "e1", enterprise("甲公司", contact)).await;
    world.reopen().await;
    assert!(holds(&world), "the test can see it while it is there");
    put(world.store(), draft("e1", enterprise("甲公司", ""))).await;
    world.reopen().await;
    assert!(!holds(&world));
}
