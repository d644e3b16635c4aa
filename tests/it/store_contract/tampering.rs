//! Whoever changes the file behind the store's back is found out: what was touched is named.

use duijie::model::{Action, Kind};
use duijie::store::Mismatch;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

use super::audit_laws::{event, seal_all, user, verify_all};
use super::world::{SqliteWorld, World, create, draft, enterprise, need, put};

/// Changes the file and returns what no longer fits.
async fn found_after(statements: &str) -> Option<Mismatch> {
    let world = SqliteWorld::create().await;
    let store = world.store();
    let firm = create(store, "e1", enterprise("甲公司", "张三")).await;
    for (key, title) in [("n2", "二"), ("n3", "三")] {
        create(store, key, need(title, Some(firm))).await;
    }
    store.seal().await.unwrap().unwrap();
    put(store, event(Action::ContactRead, Some((Kind::Enterprise, firm)), "")).await;
    let person = create(store, "login", user("李四")).await;
    store.seal().await.unwrap().unwrap();
    let note = event(Action::Erased, Some((Kind::User, person)), "");
    store.erase(Kind::User, person, &note, "eraser").await.unwrap();
    store.seal().await.unwrap().unwrap();
    assert_eq!(verify_all(store).await.mismatch, None);

    let options = SqliteConnectOptions::new().filename(world.path()).foreign_keys(false);
    let mut conn: SqliteConnection = options.connect().await.unwrap();
    let statements = AssertSqlSafe(statements.to_owned());
    let touched = sqlx::raw_sql(statements).execute(&mut conn).await.unwrap();
    assert!(touched.rows_affected() > 0, "nothing was touched");
    conn.close().await.unwrap();
    verify_all(store).await.mismatch
}

/// The world's log: 1 firm, 2 and 3 needs | 4 event, 5 user | 6 deletion of the user, 7 its note.
#[tokio::test]
async fn each_way_to_tamper_is_named() {
    for (statements, named) in [
        ("UPDATE changes SET body = '{\"title\":\"四\"}' WHERE seq = 2", Mismatch::Changed(2)),
        ("UPDATE changes SET changed_by = 'somebody' WHERE seq = 3", Mismatch::Changed(3)),
        ("UPDATE changes SET changed_at = changed_at - 1 WHERE seq = 4", Mismatch::Changed(4)),
        ("UPDATE changes SET op = 'revive' WHERE seq = 6", Mismatch::Changed(6)),
        ("UPDATE changes SET salt = randomblob(16) WHERE seq = 1", Mismatch::Changed(1)),
        ("UPDATE records SET external_id = 'n9' WHERE row = 2", Mismatch::Changed(2)),
        // What was erased can neither be replaced nor be said to be something else.
        ("UPDATE changes SET digest = randomblob(32) WHERE seq = 5", Mismatch::Changed(5)),
        ("UPDATE changes SET body = '{}' WHERE seq = 5", Mismatch::Changed(5)),
        ("UPDATE changes SET digest = NULL WHERE seq = 5", Mismatch::Changed(5)),
        ("DELETE FROM changes WHERE seq = 1", Mismatch::Missing(1)),
        ("DELETE FROM changes WHERE seq = 3", Mismatch::Missing(3)),
        ("DELETE FROM changes WHERE seq IN (4, 5)", Mismatch::Missing(4)),
        (
            "INSERT INTO changes SELECT 0, 'create', 0, 'x', row, kind, id, 99, owner, visibility,
                NULL, NULL, '', NULL, body, salt, NULL FROM changes WHERE seq = 2",
            Mismatch::Inserted(0),
        ),
        (
            "UPDATE changes SET seq = -1 WHERE seq = 2; UPDATE changes SET seq = 2 WHERE seq = 3;
             UPDATE changes SET seq = 3 WHERE seq = -1",
            Mismatch::Moved { seq: 2, from: 3 },
        ),
        ("UPDATE changes SET seq = 100 WHERE seq = 3", Mismatch::Missing(3)),
        ("DELETE FROM seals WHERE number = 1", Mismatch::SealMissing(1)),
        ("DELETE FROM seals WHERE number = 2", Mismatch::SealMissing(2)),
        ("UPDATE seals SET hash = randomblob(32) WHERE number = 2", Mismatch::SealChanged(2)),
        ("UPDATE seals SET hash = x'00' WHERE number = 3", Mismatch::SealChanged(3)),
        ("UPDATE seals SET sealed_at = 0 WHERE number = 2", Mismatch::SealChanged(2)),
        ("UPDATE seals SET last_seq = 2, rows = 2 WHERE number = 1", Mismatch::SealChanged(1)),
        ("UPDATE seals SET entries = zeroblob(32) WHERE number = 2", Mismatch::SealChanged(2)),
        ("UPDATE seals SET entries = x'00' WHERE number = 2", Mismatch::SealChanged(2)),
        ("UPDATE seals SET number = 0 WHERE number = 1", Mismatch::SealChanged(0)),
    ] {
        assert_eq!(found_after(statements).await, Some(named), "{statements}");
    }
}

/// What the chain alone cannot tell: its end was cut, or all of it was written anew. A hash that
/// was kept elsewhere is in no seal then.
#[tokio::test]
async fn a_cut_or_rewritten_log_does_not_have_the_hash_that_was_kept() {
    let cut = "DELETE FROM seals WHERE number = 2; DELETE FROM changes WHERE seq > 1";
    let rewritten = "DELETE FROM seals; UPDATE changes SET changed_by = 'x' WHERE seq = 1";
    for statements in [cut, rewritten] {
        let world = SqliteWorld::create().await;
        let store = world.store();
        create(store, "n1", need("一", None)).await;
        store.seal().await.unwrap().unwrap();
        create(store, "n2", need("二", None)).await;
        let kept = seal_all(store).await.unwrap().hash;
        assert!(store.seal_of_hash(kept).await.unwrap().is_some());
        let options = SqliteConnectOptions::new().filename(world.path()).foreign_keys(false);
        let mut conn = options.connect().await.unwrap();
        sqlx::raw_sql(statements).execute(&mut conn).await.unwrap();
        seal_all(store).await;
        assert_eq!(verify_all(store).await.mismatch, None);
        assert_eq!(store.seal_of_hash(kept).await.unwrap(), None, "{statements}");
    }
}

/// Erased personal data is not in the file any more, not even in its unused parts or the digests'
/// salts; the check still tells erasure from damage.
#[tokio::test]
async fn what_was_erased_is_gone_from_the_file() {
    let mut world = SqliteWorld::create().await;
    let names = ["陆某某七", "lumoumou-login"];
    let holds = |world: &SqliteWorld, name: &str| {
        let bytes = std::fs::read(world.path()).unwrap();
        bytes.windows(name.len()).any(|window| window == name.as_bytes())
    };
    let id = create(world.store(), names[1], user(names[0])).await;
    put(world.store(), draft(names[1], user("陆某某七改"))).await;
    seal_all(world.store()).await;
    world.reopen().await;
    assert!(names.iter().all(|name| holds(&world, name)), "the test can see it while it is there");
    let note = event(Action::Erased, Some((Kind::User, id)), "");
    world.store().erase(Kind::User, id, &note, "eraser").await.unwrap();
    world.reopen().await;
    assert!(!names.iter().any(|name| holds(&world, name)));
    assert_eq!(world.store().check().await.unwrap(), Vec::<String>::new());

    let options = SqliteConnectOptions::new().filename(world.path()).foreign_keys(false);
    let mut conn = options.connect().await.unwrap();
    let damage = "UPDATE changes SET digest = NULL WHERE seq = 1;
        UPDATE changes SET body = '{}' WHERE seq = 4";
    sqlx::raw_sql(damage).execute(&mut conn).await.unwrap();
    assert_eq!(
        world.store().check().await.unwrap(),
        [
            "row 2: the last entry of its history is not what it says",
            "row 1: an entry of its history neither says something nor was erased",
        ]
    );
}
