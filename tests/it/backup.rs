//! Backup and restore: one consistent state out, exactly that in, and nothing in between,
//! whatever the file and whenever the process dies.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use duijie::data::Data;
use duijie::engine::{
    Engine, EngineError, Filters, Home, LabMatch, MatchQuestion, MatchRequest, Preferences, Viewer,
    backup, restore,
};
use duijie::intake::Options;
use duijie::model::{Draft, Kind};
use duijie::store::{BackupError, Change, SqliteStore, Store, Stored};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};

use crate::store_contract::world::{draft, enterprise, institution, lab};

/// A folder with a home in it and room for backups beside.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn home(&self) -> Home {
        Home::new(self.0.path().join("home"))
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    async fn store(&self) -> SqliteStore {
        SqliteStore::open(&self.home().database()).await.unwrap()
    }

    /// Writes the drafts into the home's store.
    async fn write(&self, drafts: &[Draft]) {
        let store = self.store().await;
        store.put(drafts, "tester").await.unwrap();
        store.close().await;
    }

    async fn backup(&self, name: &str) -> PathBuf {
        let file = self.file(name);
        backup(&self.home(), &file, false, |_| {}).await.unwrap();
        file
    }

    /// What the home's store holds; its own check must find nothing.
    async fn state(&self) -> State {
        let store = self.store().await;
        assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
        let changes = store.changes(0, usize::MAX).await.unwrap();
        let mut records = Vec::new();
        for kind in Kind::ALL {
            records.extend(store.list(*kind, None, usize::MAX).await.unwrap());
        }
        store.close().await;
        State { changes, records }
    }

    /// Files beside the database, its lock and what was kept by design left out.
    fn leftovers(&self) -> Vec<String> {
        let folder = self.home().database();
        let names = std::fs::read_dir(folder.parent().unwrap()).unwrap().flatten();
        let names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
        names.filter(|name| name != "duijie.db" && name != "duijie.db.lock").collect()
    }
}

/// Feed and records with their contacts.
#[derive(Debug, Clone, PartialEq)]
struct State {
    changes: Vec<Change>,
    records: Vec<Stored>,
}

fn firms(from: usize, to: usize) -> Vec<Draft> {
    (from..to).map(|n| draft(&format!("e{n}"), enterprise(&format!("企业{n}"), "张三"))).collect()
}

async fn refusal(home: &Home, file: &Path) -> BackupError {
    match restore(home, file, |_| {}).await.unwrap_err() {
        EngineError::Backup(refused) => refused,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_backup_made_during_writes_is_a_prefix_of_the_feed() {
    let desk = Desk::new();
    desk.write(&firms(0, 50)).await;
    let store = desk.store().await;
    let writing = async {
        for n in 0..60 {
            let name = format!("第{n}次");
            store.put(&[draft("shared", institution(&name))], "tester").await.unwrap();
            store.put(&firms(100 + n, 101 + n), "tester").await.unwrap();
        }
    };
    let backing_up = async {
        let mut files = Vec::new();
        for n in 0..4 {
            files.push(desk.backup(&format!("{n}.backup")).await);
        }
        files
    };
    let ((), files) = tokio::join!(writing, backing_up);
    store.close().await;
    let all = desk.state().await.changes;
    let mut last = 0;
    for file in files {
        let other = Desk::new();
        let report = restore(&other.home(), &file, |_| {}).await.unwrap();
        assert_eq!(report.replaced, None);
        let changes = other.state().await.changes;
        assert!(all.starts_with(&changes), "{} changes of {}", changes.len(), all.len());
        assert_eq!(report.contents.seq, changes.last().unwrap().seq);
        assert!(changes.len() >= 50.max(last), "backups only grow");
        last = changes.len();
    }
}

#[tokio::test]
async fn a_restore_gives_back_exactly_what_was_backed_up_and_keeps_what_it_replaced() {
    let desk = Desk::new();
    desk.write(&firms(0, 20)).await;
    desk.write(&[draft("e3", enterprise("企业三", "李四"))]).await;
    let (epoch, before) = (desk.store().await.position().await.unwrap().epoch, desk.state().await);
    let file = desk.backup("day.backup").await;
    desk.write(&firms(20, 30)).await;
    let newer = desk.state().await;
    let report = restore(&desk.home(), &file, |_| {}).await.unwrap();
    assert_eq!(desk.state().await, before);
    let counts = report.contents.counts.iter().find(|(kind, _)| *kind == Kind::Enterprise);
    assert_eq!(counts, Some(&(Kind::Enterprise, 20)));
    let renewed = desk.store().await.position().await.unwrap().epoch;
    assert_ne!(renewed, epoch, "nobody may take the restored feed for the old one");
    // The replaced database is whole: it can be put back by hand.
    let kept = report.replaced.unwrap();
    let other = Desk::new();
    std::fs::create_dir_all(other.home().database().parent().unwrap()).unwrap();
    std::fs::rename(kept, other.home().database()).unwrap();
    assert_eq!(other.state().await, newer);
    assert_eq!(desk.leftovers(), Vec::<String>::new());
}

#[tokio::test]
async fn a_backup_belongs_to_its_owner_and_replaces_nothing_unasked() {
    let desk = Desk::new();
    desk.write(&firms(0, 3)).await;
    let file = desk.backup("day.backup").await;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let sealed = std::fs::read(&file).unwrap();
    desk.write(&firms(3, 5)).await;
    let refused = backup(&desk.home(), &file, false, |_| {}).await.unwrap_err();
    assert!(matches!(refused, EngineError::Backup(BackupError::Exists { .. })), "{refused:?}");
    assert_eq!(std::fs::read(&file).unwrap(), sealed);
    let made = backup(&desk.home(), &file, true, |_| {}).await.unwrap();
    assert_eq!(made.bytes, file.metadata().unwrap().len());
    assert_ne!(std::fs::read(&file).unwrap(), sealed);
    for own in ["duijie.db", "duijie.db-wal", "duijie.db.lock"] {
        let own = desk.home().database().with_file_name(own);
        let refused = backup(&desk.home(), &own, true, |_| {}).await.unwrap_err();
        assert!(matches!(refused, EngineError::BadRequest { .. }), "{refused:?}");
    }
    assert_eq!(desk.state().await.records.len(), 5);
    let nowhere = Home::new(desk.file("nowhere"));
    let refused = backup(&nowhere, &desk.file("none"), false, |_| {}).await.unwrap_err();
    assert!(matches!(refused, EngineError::Backup(BackupError::File { .. })), "{refused:?}");
    assert!(!nowhere.folder().exists() && !desk.file("none").exists());
}

#[tokio::test]
async fn a_home_in_use_is_backed_up_but_not_restored_into() {
    let desk = Desk::new();
    desk.write(&firms(0, 3)).await;
    let store = desk.store().await;
    let file = desk.backup("day.backup").await;
    let refused = refusal(&desk.home(), &file).await;
    assert!(matches!(refused, BackupError::InUse { .. }), "{refused:?}");
    store.put(&firms(3, 4), "tester").await.unwrap();
    store.close().await;
    drop(store);
    // A program that knows nothing of our lock file.
    let mut conn = raw(&desk.home().database()).await;
    sqlx::query("SELECT COUNT(*) FROM records").execute(&mut conn).await.unwrap();
    let refused = refusal(&desk.home(), &file).await;
    assert!(matches!(refused, BackupError::InUse { .. }), "{refused:?}");
    conn.close().await.unwrap();
    assert_eq!(desk.state().await.records.len(), 4);
    assert_eq!(desk.leftovers(), Vec::<String>::new());
    restore(&desk.home(), &file, |_| {}).await.unwrap();
    assert_eq!(desk.state().await.records.len(), 3);
}

/// Opens a database behind the store's back.
async fn raw(path: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
    options.foreign_keys(false).connect().await.unwrap()
}

/// Changes a copy of a backup and says why it is refused.
async fn refused_after(desk: &Desk, statement: &'static str) -> BackupError {
    let file = desk.file("altered.backup");
    std::fs::copy(desk.file("day.backup"), &file).unwrap();
    let mut conn = raw(&file).await;
    sqlx::query(statement).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
    // Without the seal it is a plain database, which is looked through all the same.
    let bytes = std::fs::read(&file).unwrap();
    let mark = b"\nduijie backup";
    let end = bytes.windows(mark.len()).rposition(|w| w == mark).unwrap_or(bytes.len());
    std::fs::write(&file, &bytes[..end]).unwrap();
    let refused = refusal(&desk.home(), &file).await;
    std::fs::remove_file(file).unwrap();
    refused
}

#[tokio::test]
async fn what_is_no_sound_backup_is_refused_with_its_reason() {
    use BackupError as E;
    let desk = Desk::new();
    desk.write(&firms(0, 200)).await;
    let file = desk.backup("day.backup").await;
    let before = desk.state().await;
    let bytes = std::fs::read(&file).unwrap();
    let with = async |bytes: &[u8]| {
        let file = desk.file("other");
        std::fs::write(&file, bytes).unwrap();
        refusal(&desk.home(), &file).await
    };
    let refused = refusal(&desk.home(), &desk.file("missing")).await;
    assert!(matches!(refused, E::File { .. }), "{refused:?}");
    assert!(matches!(with(b"").await, E::NoDatabase));
    assert!(matches!(with("名称,地区\n".repeat(400).as_bytes()).await, E::NoDatabase));
    for length in [bytes.len() / 2, bytes.len() - 1, 4096, 101] {
        let refused = with(&bytes[..length]).await;
        assert!(matches!(refused, E::WrongSize { .. }), "{length}: {refused:?}");
    }
    let longer = [&bytes[..], b"x"].concat();
    assert!(matches!(with(&longer).await, E::WrongSize { .. }));

    let other = desk.file("bookmarks.db");
    let mut conn = raw(&other).await;
    sqlx::query("CREATE TABLE bookmarks (url TEXT)").execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
    let refused = refusal(&desk.home(), &other).await;
    assert!(matches!(refused, E::Foreign), "{refused:?}");

    let newer = "INSERT INTO _sqlx_migrations
        (version, description, success, checksum, execution_time)
        VALUES (9999, 'from the future', TRUE, x'00', 0)";
    let refused = refused_after(&desk, newer).await;
    assert!(matches!(refused, E::Newer { migration: 9999 }), "{refused:?}");
    let refused = refused_after(&desk, "UPDATE records SET body = '{}' WHERE row = 7").await;
    assert!(matches!(&refused, E::Damaged { findings } if findings[0].contains("row 7")));

    // A database in use, copied by hand without its log.
    let store = desk.store().await;
    store.put(&firms(0, 1), "tester").await.unwrap();
    let live = desk.file("live.db");
    std::fs::copy(desk.home().database(), &live).unwrap();
    std::fs::write(desk.file("live.db-wal"), b"not folded yet").unwrap();
    store.close().await;
    drop(store);
    let refused = refusal(&desk.home(), &live).await;
    assert!(matches!(refused, E::Unfolded { .. } | E::WrongSize { .. }), "{refused:?}");

    assert_eq!(desk.state().await, before);
    assert_eq!(desk.leftovers(), Vec::<String>::new());
    // An empty home stays one.
    let empty = Desk::new();
    refusal(&empty.home(), &other).await;
    assert!(!empty.home().folder().exists());
}

#[tokio::test]
async fn no_flipped_bit_goes_unnoticed() {
    let desk = Desk::new();
    desk.write(&firms(0, 30)).await;
    let file = desk.backup("day.backup").await;
    let before = desk.state().await;
    let bytes = std::fs::read(&file).unwrap();
    let seed: u64 = std::env::var("DUIJIE_SEED").map_or(20, |seed| seed.parse().unwrap());
    let mut random = seed;
    for _ in 0..60 {
        // Knuth's constants for a linear congruence; the upper bits are the good ones.
        random =
            random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let at = (random >> 33) as usize % bytes.len();
        let mut damaged = bytes.clone();
        damaged[at] ^= 1 << (random >> 30 & 7);
        std::fs::write(&file, &damaged).unwrap();
        let refused = restore(&desk.home(), &file, |_| {}).await;
        assert!(refused.is_err(), "byte {at}, seed {seed}");
    }
    assert_eq!(desk.state().await, before);
    assert_eq!(desk.leftovers(), Vec::<String>::new());
}

#[tokio::test]
async fn a_damaged_database_can_be_replaced() {
    let desk = Desk::new();
    desk.write(&firms(0, 20)).await;
    let file = desk.backup("day.backup").await;
    let before = desk.state().await;
    std::fs::write(desk.home().database(), "no database any more".repeat(500)).unwrap();
    std::fs::write(desk.file("home/data/duijie.db-wal"), "nor a log").unwrap();
    let report = restore(&desk.home(), &file, |_| {}).await.unwrap();
    assert_eq!(desk.state().await, before);
    let kept = std::fs::read(report.replaced.unwrap()).unwrap();
    assert!(kept.starts_with(b"no database any more"));
}

async fn import(engine: &Engine, kind: Kind, lines: &str) {
    let options = Options::new("rows.jsonl");
    let report = engine.import(kind, lines.as_bytes(), &options, |_| {}).await.unwrap();
    assert!(report.refused.is_empty(), "{:?}", report.refused);
    engine.catch_up().await.unwrap();
}

async fn matches(engine: &Engine) -> Vec<LabMatch> {
    let request = MatchRequest {
        question: MatchQuestion::Text("质子交换膜燃料电池的膜电极寿命".to_owned()),
        limit: 5,
        filters: Filters::default(),
        preferences: Preferences::default(),
    };
    engine.match_labs(Viewer::Local, request).await.unwrap().matches
}

#[tokio::test(flavor = "multi_thread")]
async fn the_index_follows_the_restored_store() {
    let desk = Desk::new();
    let open = async || Engine::open(&desk.home(), &Data::embedded()).await.unwrap();
    let engine = open().await;
    let membrane =
        r#"{"external_id":"l1","name":"膜电极实验室","profile":"研究燃料电池膜电极的寿命"}"#;
    import(&engine, Kind::Lab, membrane).await;
    let before = matches(&engine).await;
    assert_eq!(before.len(), 1);
    drop(engine);
    let file = desk.backup("day.backup").await;
    // As many changes on another path: position alone would not tell the difference.
    let engine = open().await;
    let brewery = r#"{"external_id":"l1","name":"黄酒实验室","profile":"黄酒的酿造"}"#;
    import(&engine, Kind::Lab, brewery).await;
    assert_eq!(matches(&engine).await, []);
    drop(engine);
    restore(&desk.home(), &file, |_| {}).await.unwrap();
    let engine = open().await;
    assert_eq!(matches(&engine).await, before);
    let findings = engine.doctor().await.unwrap();
    assert!(findings.iter().all(|f| f.severity == duijie::engine::Severity::Good), "{findings:?}");
}

/// How many processes are killed: `DUIJIE_KILLS`, 3 by default.
fn kills() -> u64 {
    std::env::var("DUIJIE_KILLS").map_or(3, |count| count.parse().unwrap())
}

#[tokio::test]
async fn a_restore_that_is_killed_leaves_the_old_home_or_the_new() {
    let desk = Desk::new();
    desk.write(&firms(0, 3000)).await;
    let file = desk.backup("old.backup").await;
    let old = desk.state().await;
    desk.write(&[draft("l1", lab("新实验室", &[]))]).await;
    let new_file = desk.backup("new.backup").await;
    let new = desk.state().await;
    restore(&desk.home(), &file, |_| {}).await.unwrap();
    let run = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_duijie"));
        command.arg("--home").arg(desk.home().folder()).arg("restore").arg(&new_file);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    let begun = std::time::Instant::now();
    assert!(run().wait().unwrap().success());
    let whole = begun.elapsed();
    assert_eq!(desk.state().await, new);
    restore(&desk.home(), &file, |_| {}).await.unwrap();
    let mut ends = [0, 0];
    for n in 0..kills() {
        let mut process = run();
        // Spread over its life, the beginning and the end included.
        let wait = whole.mul_f64((n as f64 + 0.5) / kills() as f64 * 0.9);
        tokio::time::sleep(Duration::max(wait, Duration::from_millis(1))).await;
        process.kill().unwrap();
        process.wait().unwrap();
        let state = desk.state().await;
        assert!(state == old || state == new, "{} changes", state.changes.len());
        ends[usize::from(state == new)] += 1;
        restore(&desk.home(), &file, |_| {}).await.unwrap();
    }
    eprintln!("{} killed: {} old, {} new homes", kills(), ends[0], ends[1]);
    let leftovers = desk.leftovers();
    assert!(leftovers.iter().all(|name| name.contains(".replaced-")), "{leftovers:?}");
}
