//! The folder of the index may be deleted, cut, flipped, replaced or made unusable at any
//! moment: every answer is right or a clear error, and the index is mended by itself.
//!
//! `DUIJIE_FAULT_SEED` repeats the random places of a run that failed, `DUIJIE_FAULT_ROUNDS`
//! goes through the table more often than once.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use duijie::data::Data;
use duijie::engine::{
    Engine, EngineError, Filters, Home, IndexState, LabMatch, MatchQuestion, MatchRequest,
    Preferences, SearchHit, SearchRequest, Severity, Viewer,
};
use duijie::index::{Cursor, Entry, EntryKind, Index};
use duijie::intake::Options;
use duijie::model::Kind;

use crate::support::{analyzer, entry};

/// Looks after which a fault must be mended.
const LOOKS_MAX: usize = 3;
const TOPICS: [&str; 5] =
    ["质子交换膜燃料电池", "黄酒发酵过程控制", "机床主轴热误差补偿", "锂电池回收", "高温合金焊接"];

/// A small generator, so that a run can be repeated.
struct Random(u64);

impl Random {
    fn new() -> Self {
        let given = std::env::var("DUIJIE_FAULT_SEED").ok().and_then(|s| s.parse().ok());
        let clock = std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos() as u64;
        let seed = given.unwrap_or(clock | 1);
        println!("DUIJIE_FAULT_SEED={seed}");
        Self(seed)
    }

    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }
}

fn rounds() -> usize {
    std::env::var("DUIJIE_FAULT_ROUNDS").ok().and_then(|s| s.parse().ok()).unwrap_or(1)
}

async fn import(engine: &Engine, kind: Kind, lines: &str) {
    let report =
        engine.import(kind, lines.as_bytes(), &Options::new("rows.jsonl"), |_| {}).await.unwrap();
    assert!(report.refused.is_empty(), "{:?}", report.refused);
    engine.catch_up().await.unwrap();
}

fn lab(i: usize, words: &str) -> String {
    let topic = TOPICS[i % TOPICS.len()];
    format!(
        "{{\"external_id\":\"l{i}\",\"name\":\"{topic}实验室{i}\",\"profile\":\"从事{topic}与{words}的研究，长期服务企业。\"}}\n"
    )
}

/// A change is followed, and undone; both engines have seen it then.
async fn change_and_change_back(engine: &Engine, other: &Engine) {
    for words in ["石墨烯", "寿命评价"] {
        let options = Options::new("rows.jsonl");
        engine.import(Kind::Lab, lab(1, words).as_bytes(), &options, |_| {}).await.unwrap();
        // Whichever of them writes.
        for engine in [engine, other, engine] {
            engine.catch_up_if_free().await.unwrap();
        }
        let request = SearchRequest {
            query: "石墨烯".to_owned(),
            kinds: vec![],
            limit: 5,
            filters: Filters::default(),
        };
        for engine in [engine, other] {
            assert_eq!(engine.index_status().await.unwrap().lag(), 0);
            let found = engine.search(Viewer::Local, request.clone()).await.unwrap().total;
            assert_eq!(found, usize::from(words == "石墨烯"));
        }
    }
}

/// Labs and achievements on each topic, with some documents replaced, so that the index has
/// deletions.
async fn furnish(engine: &Engine) {
    let labs: String = (0..20).map(|i| lab(i, "寿命评价")).collect();
    import(engine, Kind::Lab, &labs).await;
    let achievements: String = (0..40)
        .map(|i| {
            let topic = TOPICS[i % TOPICS.len()];
            format!("{{\"external_id\":\"a{i}\",\"title\":\"{topic}的方法{i}\",\"abstract\":\"提出{topic}的新方法，第{i}次试验。\",\"lab_ids\":[\"l{}\"]}}\n", i % 20)
        })
        .collect();
    import(engine, Kind::Achievement, &achievements).await;
    let changed: String = (0..20).step_by(6).map(|i| lab(i, "失效分析")).collect();
    import(engine, Kind::Lab, &changed).await;
}

/// What is asked: needs, words, and phrases that need the positions.
#[derive(Debug, PartialEq)]
struct Answers {
    matches: Vec<Vec<LabMatch>>,
    hits: Vec<Vec<SearchHit>>,
}

async fn ask(engine: &Engine) -> Result<Answers, EngineError> {
    let (mut matches, mut hits) = (Vec::new(), Vec::new());
    for text in ["质子交换膜燃料电池的寿命评价", "黄酒发酵", "焊接接头失效分析"]
    {
        let question = MatchQuestion::Text(text.to_owned());
        let request = MatchRequest {
            question,
            limit: 10,
            filters: Filters::default(),
            preferences: Preferences::default(),
        };
        matches.push(engine.match_labs(Viewer::Local, request).await?.matches);
    }
    for query in ["锂电池", "“主轴 热误差”", "“新 方法”", "失效分析"] {
        let request = SearchRequest {
            query: query.to_owned(),
            kinds: vec![],
            limit: 50,
            filters: Filters::default(),
        };
        hits.push(engine.search(Viewer::Local, request).await?.hits);
    }
    assert!(matches.iter().chain([&vec![]]).take(3).all(|m| !m.is_empty()), "{matches:?}");
    assert!(hits.iter().all(|h| !h.is_empty()), "{hits:?}");
    Ok(Answers { matches, hits })
}

/// A home with an index that nothing has happened to, and what it answers.
struct World {
    folder: tempfile::TempDir,
    answers: Answers,
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let engine = open(folder.path()).await;
        furnish(&engine).await;
        let answers = ask(&engine).await.unwrap();
        Self { folder, answers }
    }

    /// A home of its own with the same store and index.
    fn copy(&self) -> tempfile::TempDir {
        let copy = tempfile::tempdir().unwrap();
        copy_folder(self.folder.path(), copy.path());
        copy
    }
}

async fn open(home: &Path) -> Engine {
    Engine::open(&Home::new(home), &Data::embedded()).await.unwrap()
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The folder of the only version of a home.
fn version(home: &Path) -> PathBuf {
    let mut found = fs::read_dir(home.join("index")).unwrap().flatten().map(|e| e.path());
    let version = found.next().expect("a version");
    assert_eq!(found.next(), None, "one version");
    version
}

fn generation(home: &Path) -> PathBuf {
    let version = version(home);
    let name = fs::read_to_string(version.join("CURRENT")).unwrap();
    version.join(name.trim())
}

/// A file of the generation in use whose name ends so.
fn file(home: &Path, ending: &str, random: &mut Random) -> PathBuf {
    let mut found: Vec<PathBuf> = fs::read_dir(generation(home))
        .unwrap()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.to_str().is_some_and(|path| path.ends_with(ending)))
        .collect();
    found.sort();
    assert!(!found.is_empty(), "no file ends in {ending}");
    found.swap_remove(random.below(found.len()))
}

/// Kinds of files in a generation.
const FILES: [&str; 10] = [
    ".idx",
    ".pos",
    ".term",
    ".store",
    ".fast",
    ".fieldnorm",
    ".del",
    "meta.json",
    ".managed.json",
    "duijie-statistics.bin",
];

/// What may happen to the folder.
#[derive(Debug, Clone, Copy)]
enum Fault {
    DeleteFile(&'static str),
    Truncate(&'static str),
    FlipBit(&'static str),
    /// As a dying disk does it: the file's time does not tell.
    FlipBitSilently(&'static str),
    DeleteGeneration,
    DeleteVersion,
    DeleteIndex,
    DeleteCurrent,
    GarbleCurrent,
    CurrentToNowhere,
    CurrentToForeign,
    MetaOfForeign,
    VersionIsFile,
    IndexIsFile,
    IndexIsNoFolderToWriteIn,
}

impl Fault {
    fn all() -> Vec<Self> {
        let of_files: [fn(&'static str) -> Self; 4] =
            [Self::DeleteFile, Self::Truncate, Self::FlipBit, Self::FlipBitSilently];
        let mut all = Vec::new();
        for fault in of_files {
            all.extend(FILES.map(fault));
        }
        all.extend([
            Self::DeleteGeneration,
            Self::DeleteVersion,
            Self::DeleteIndex,
            Self::DeleteCurrent,
            Self::GarbleCurrent,
            Self::CurrentToNowhere,
            Self::CurrentToForeign,
            Self::MetaOfForeign,
            Self::VersionIsFile,
            Self::IndexIsFile,
            Self::IndexIsNoFolderToWriteIn,
        ]);
        all
    }

    /// The ending of the file that it happens to.
    fn file(self) -> Option<&'static str> {
        match self {
            Self::DeleteFile(ending)
            | Self::Truncate(ending)
            | Self::FlipBit(ending)
            | Self::FlipBitSilently(ending) => Some(ending),
            _ => None,
        }
    }

    /// Whether a new index can be written in spite of it.
    fn can_be_mended(self) -> bool {
        !matches!(self, Self::VersionIsFile | Self::IndexIsFile | Self::IndexIsNoFolderToWriteIn)
    }

    fn happen(self, home: &Path, foreign: &Path, random: &mut Random) {
        let index = home.join("index");
        match self {
            Self::DeleteFile(ending) => fs::remove_file(file(home, ending, random)).unwrap(),
            Self::Truncate(ending) => {
                let path = file(home, ending, random);
                let size = fs::metadata(&path).unwrap().len() as usize;
                let cut = fs::File::options().write(true).open(path).unwrap();
                cut.set_len(random.below(size) as u64).unwrap();
            }
            Self::FlipBit(ending) => flip_bit(&file(home, ending, random), random),
            Self::FlipBitSilently(ending) => {
                let path = file(home, ending, random);
                let time = fs::metadata(&path).unwrap().modified().unwrap();
                flip_bit(&path, random);
                fs::File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
            }
            Self::DeleteGeneration => fs::remove_dir_all(generation(home)).unwrap(),
            Self::DeleteVersion => fs::remove_dir_all(version(home)).unwrap(),
            Self::DeleteIndex => fs::remove_dir_all(index).unwrap(),
            Self::DeleteCurrent => fs::remove_file(version(home).join("CURRENT")).unwrap(),
            Self::GarbleCurrent => fs::write(version(home).join("CURRENT"), b"\xff\0\n").unwrap(),
            Self::CurrentToNowhere => {
                fs::write(version(home).join("CURRENT"), "generation-0123\n").unwrap();
            }
            Self::CurrentToForeign => {
                copy_folder(&generation(foreign), &version(home).join("generation-f"));
                fs::write(version(home).join("CURRENT"), "generation-f\n").unwrap();
            }
            Self::MetaOfForeign => {
                copy_folder(&generation(foreign), &generation(home));
            }
            Self::VersionIsFile => {
                let version = version(home);
                fs::remove_dir_all(&version).unwrap();
                fs::write(version, "no folder").unwrap();
            }
            Self::IndexIsFile => {
                fs::remove_dir_all(&index).unwrap();
                fs::write(index, "no folder").unwrap();
            }
            Self::IndexIsNoFolderToWriteIn => {
                fs::remove_dir_all(&index).unwrap();
                std::os::unix::fs::symlink("/proc/self/fdinfo", index).unwrap();
            }
        }
    }
}

/// Takes away what stands in the way of a new index.
fn clear_the_way(home: &Path) {
    let index = home.join("index");
    let metadata = fs::symlink_metadata(&index).unwrap();
    if metadata.is_dir() {
        fs::remove_dir_all(index).unwrap();
    } else {
        fs::remove_file(index).unwrap();
    }
}

fn flip_bit(path: &Path, random: &mut Random) {
    let mut bytes = fs::read(path).unwrap();
    let at = random.below(bytes.len());
    bytes[at] ^= 1 << random.below(8);
    fs::write(path, bytes).unwrap();
}

async fn state(engine: &Engine) -> IndexState {
    engine.index_status().await.unwrap().state()
}

/// Findings of the doctor that are not good.
async fn complaints(engine: &Engine) -> Vec<String> {
    let findings = engine.doctor().await.unwrap();
    let bad = findings.into_iter().filter(|f| f.severity != Severity::Good);
    bad.map(|f| format!("{}: {}", f.subject, f.message)).collect()
}

/// A foreign home: the same records in another store.
async fn foreign() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let engine = open(folder.path()).await;
    import(&engine, Kind::Lab, r#"{"external_id":"x","name":"质子交换膜燃料电池假实验室"}"#).await;
    folder
}

#[tokio::test(flavor = "multi_thread")]
async fn after_any_fault_between_runs_the_answers_are_right_and_the_index_is_mended() {
    let mut random = Random::new();
    let (world, foreign) = (World::new().await, foreign().await);
    for _ in 0..rounds() {
        // Every start loads the dictionary; one way of damage for each file is enough here.
        let mut faults = Fault::all();
        faults.retain(|fault| match fault {
            Fault::FlipBitSilently(_) => false,
            Fault::DeleteFile(_) | Fault::Truncate(_) => random.below(4) == 0,
            _ => true,
        });
        for fault in faults {
            let home = world.copy();
            fault.happen(home.path(), foreign.path(), &mut random);
            let engine = open(home.path()).await;
            assert_eq!(ask(&engine).await.unwrap(), world.answers, "{fault:?}");
            let wanted =
                if fault.can_be_mended() { IndexState::Sound } else { IndexState::InMemory };
            assert_eq!(state(&engine).await, wanted, "{fault:?}");
            let bad = complaints(&engine).await;
            assert_eq!(bad.is_empty(), fault.can_be_mended(), "{fault:?}: {bad:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_any_fault_under_a_running_engine_the_answers_are_right_and_the_index_is_mended() {
    let mut random = Random::new();
    let (world, foreign) = (World::new().await, foreign().await);
    let home = world.copy();
    let engine = open(home.path()).await;
    // A process that only reads.
    let other = open(home.path()).await;
    for round in 0..rounds() {
        for fault in Fault::all() {
            if fault.file() == Some(".del") {
                // An index that was just built anew has no deletions.
                change_and_change_back(&engine, &other).await;
            }
            fault.happen(home.path(), foreign.path(), &mut random);
            for engine in [&engine, &other] {
                match ask(engine).await {
                    Ok(answers) => assert_eq!(answers, world.answers, "{round} {fault:?}"),
                    // Positions are not kept in memory.
                    Err(error) => {
                        assert_eq!(fault.file(), Some(".pos"), "{round} {fault:?}: {error}");
                    }
                }
            }
            engine.check_index_files().await.unwrap();
            for _ in 0..LOOKS_MAX {
                engine.catch_up_if_free().await.unwrap();
                other.catch_up_if_free().await.unwrap();
            }
            for engine in [&engine, &other] {
                assert_eq!(ask(engine).await.unwrap(), world.answers, "{round} {fault:?}");
                let status = engine.index_status().await.unwrap();
                let wanted =
                    if fault.can_be_mended() { IndexState::Sound } else { IndexState::InMemory };
                assert_eq!(status.state(), wanted, "{round} {fault:?}: {:?}", status.fault);
                let bad = complaints(engine).await;
                assert_eq!(bad.is_empty(), fault.can_be_mended(), "{round} {fault:?}: {bad:?}");
            }
            if !fault.can_be_mended() {
                change_and_change_back(&engine, &other).await;
                assert_eq!(ask(&engine).await.unwrap(), world.answers, "{round} {fault:?}");
                clear_the_way(home.path());
                for engine in [&engine, &other] {
                    engine.catch_up_if_free().await.unwrap();
                    assert_eq!(state(engine).await, IndexState::Sound, "{round} {fault:?}");
                }
            }
        }
    }
}

/// A rebuild ends behind the position that the store had when it was found to be needed; that
/// was once taken for an index of another store, and a second one built in memory.
#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_is_rebuilt_while_records_come_in_stays_on_disk() {
    const ROUNDS: usize = 10;
    let home = tempfile::tempdir().unwrap();
    let engine = Arc::new(open(home.path()).await);
    furnish(&engine).await;
    let writing = engine.clone();
    let writer = tokio::spawn(async move {
        for n in 0.. {
            let object = format!("{{\"title\":\"膜电极{n}\",\"external_id\":\"n{n}\"}}");
            writing.create_from_json(Viewer::Local, Kind::Need, &object, None).await.unwrap();
        }
    });
    for round in 0..ROUNDS {
        fs::remove_dir_all(home.path().join("index")).unwrap();
        engine.catch_up().await.unwrap();
        let status = engine.index_status().await.unwrap();
        assert_eq!(status.state(), IndexState::Sound, "round {round}: {status:?}");
    }
    writer.abort();
}

/// Subjects that the doctor complains of in a home that it finds so.
async fn found_by_doctor(home: &Path) -> Vec<(&'static str, String)> {
    let engine = Engine::start(&Home::new(home), &Data::embedded()).await.unwrap();
    let findings = engine.doctor().await.unwrap();
    let bad = findings.into_iter().filter(|f| f.severity != Severity::Good);
    bad.map(|f| (f.subject, f.message)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_names_each_fault_and_leaves_it_as_it_is() {
    let mut random = Random::new();
    let (world, foreign) = (World::new().await, foreign().await);
    let table: [(Fault, &[&str], &str); 9] = [
        (Fault::FlipBit(".idx"), &["index", "index_files"], ".idx"),
        (Fault::DeleteFile(".pos"), &["index", "index_files"], ".pos"),
        (Fault::Truncate("meta.json"), &["index", "index_files"], "meta.json"),
        (Fault::FlipBit("duijie-statistics.bin"), &["index_statistics"], "统计"),
        (Fault::GarbleCurrent, &["index", "index_files", "index_leftovers"], "CURRENT"),
        (Fault::DeleteIndex, &["index", "index_files"], "没有索引"),
        (Fault::CurrentToForeign, &["index", "index_leftovers"], "不是由此数据库"),
        (Fault::IndexIsFile, &["index", "index_files", "index_folder"], "无法写入"),
        (Fault::VersionIsFile, &["index", "index_files", "index_folder"], "无法写入"),
    ];
    for (fault, subjects, named) in table {
        let home = world.copy();
        assert_eq!(found_by_doctor(home.path()).await, []);
        fault.happen(home.path(), foreign.path(), &mut random);
        let first = found_by_doctor(home.path()).await;
        let found: Vec<&str> = first.iter().map(|(subject, _)| *subject).collect();
        assert_eq!(found, subjects, "{fault:?}: {first:?}");
        assert!(first.iter().any(|(_, message)| message.contains(named)), "{fault:?}: {first:?}");
        assert_eq!(found_by_doctor(home.path()).await, first, "{fault:?}");
    }
}

/// Writes into the index of a home behind the engine's back.
fn meddle(home: &Path, removed: &[i64], entries: &[Entry]) {
    let index = Index::open(&home.join("index"), analyzer()).unwrap();
    let cursor = index.snapshot().cursor().unwrap();
    index.apply(entries, removed, cursor).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_compares_every_row_and_mends_on_request() {
    let world = World::new().await;
    let home = world.copy();
    let rows = {
        let index = Index::open(&home.path().join("index"), analyzer()).unwrap();
        index.snapshot().rows()
    };
    assert_eq!(rows.len(), 60);
    let superfluous = entry(9_999, EntryKind::Lab, "多出来的", "");
    let stale = Entry { revision: rows[1].1 + 7, ..entry(rows[1].0, EntryKind::Lab, "旧的", "") };
    meddle(home.path(), &[rows[0].0], &[superfluous, stale]);
    let engine = Engine::start(&Home::new(home.path()), &Data::embedded()).await.unwrap();
    let bad = complaints(&engine).await;
    assert_eq!(bad.len(), 1, "{bad:?}");
    for named in ["缺少 1 条", "多出 1 条（第 9999 行）", "修订号不同 1 条", "rebuild"]
    {
        assert!(bad[0].contains(named), "{named}: {bad:?}");
    }
    engine.repair().await.unwrap();
    assert_eq!(complaints(&engine).await, Vec::<String>::new());
    assert_eq!(ask(&engine).await.unwrap(), world.answers);
    // What is not indexed yet is a lag, not a disagreement.
    let options = Options::new("rows.jsonl");
    engine.import(Kind::Lab, lab(3, "石墨烯").as_bytes(), &options, |_| {}).await.unwrap();
    let bad = complaints(&engine).await;
    assert_eq!(bad.len(), 1, "{bad:?}");
    assert!(bad[0].contains("落后 1 条"), "{bad:?}");
}

#[test]
fn a_commit_that_fails_loses_nothing_and_the_next_one_works() {
    let folder = tempfile::tempdir().unwrap();
    let index = Arc::new(Index::open(folder.path(), analyzer()).unwrap());
    let cursor = |seq| Cursor { epoch: 1, seq };
    let rebuild = |index: &Arc<Index>| {
        let mut rebuild = index.clone().try_turn().unwrap().begin().unwrap();
        rebuild.add(&[entry(1, EntryKind::Lab, "膜电极", "")]).unwrap();
        rebuild.finish(cursor(1)).unwrap();
    };
    rebuild(&index);
    index.apply(&[entry(2, EntryKind::Lab, "黄酒", "")], &[], cursor(2)).unwrap();
    // The folder is gone before the engine looks.
    let aside = folder.path().join("aside");
    let version = fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
    fs::rename(&version, &aside).unwrap();
    for seq in [3, 4] {
        index.apply(&[entry(seq, EntryKind::Lab, "轴承", "")], &[], cursor(seq)).unwrap_err();
        assert_eq!(index.snapshot().cursor(), Some(cursor(2)));
        assert_eq!(index.snapshot().documents(), 2);
    }
    fs::rename(&aside, &version).unwrap();
    index.apply(&[entry(3, EntryKind::Lab, "轴承", "")], &[], cursor(3)).unwrap();
    assert_eq!(index.snapshot().rows(), [(1, 1), (2, 1), (3, 1)]);
    index.look(1);
    assert_eq!(index.fault(), None);
}
