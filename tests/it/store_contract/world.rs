//! Stores to try the laws on, and the few words in which the laws are written.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use duijie::model::{
    Achievement, AchievementKind, Body, Draft, Enterprise, Institution, InstitutionKind, Kind, Lab,
    LabKind, Need, Provenance, RecordId, Timestamp, Visibility,
};
use duijie::store::{Outcome, SqliteOptions, SqliteStore, Store, Stored};

/// A backend in a place of its own, gone with the world.
pub trait World: Sized {
    /// A new, empty store.
    async fn create() -> Self;
    /// The store.
    fn store(&self) -> &dyn Store;
    /// The store, for callers that run at the same time.
    fn shared(&self) -> Arc<dyn Store>;
    /// Moves the clock that the store reads.
    fn move_clock(&self, by_ms: i64);
    /// Closes the store and opens what it left behind.
    async fn reopen(&mut self);
}

pub struct SqliteWorld {
    store: Arc<SqliteStore>,
    folder: tempfile::TempDir,
    /// How far the store's clock is off.
    clock_ms: Arc<AtomicI64>,
}

impl SqliteWorld {
    pub fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("data/duijie.db")
    }

    async fn open(path: &std::path::Path, clock_ms: &Arc<AtomicI64>) -> Arc<SqliteStore> {
        let clock_ms = clock_ms.clone();
        let clock = move || Timestamp(Timestamp::now().0 + clock_ms.load(Ordering::Relaxed));
        let options = SqliteOptions { clock: Arc::new(clock), ..SqliteOptions::default() };
        Arc::new(SqliteStore::open_with(path, options).await.unwrap())
    }
}

impl World for SqliteWorld {
    async fn create() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock_ms = Arc::default();
        let store = Self::open(&folder.path().join("data/duijie.db"), &clock_ms).await;
        Self { store, folder, clock_ms }
    }

    fn store(&self) -> &dyn Store {
        self.store.as_ref()
    }

    fn shared(&self) -> Arc<dyn Store> {
        self.store.clone()
    }

    fn move_clock(&self, by_ms: i64) {
        self.clock_ms.fetch_add(by_ms, Ordering::Relaxed);
    }

    async fn reopen(&mut self) {
        self.store.close().await;
        self.store = Self::open(&self.path(), &self.clock_ms).await;
    }
}

/// A public draft of source `test`.
pub fn draft(external_id: &str, body: Body) -> Draft {
    Draft {
        source: "test".to_owned(),
        external_id: external_id.to_owned(),
        owner: String::new(),
        visibility: Visibility::Public,
        provenance: Provenance::default(),
        body,
    }
}

pub fn institution(name: &str) -> Body {
    Body::Institution(Institution {
        name: name.to_owned(),
        kind: InstitutionKind::University,
        classes: Vec::new(),
        province: "江苏".to_owned(),
        city: "南京".to_owned(),
        credit_code: None,
        school_code: None,
        aliases: Vec::new(),
        website: String::new(),
    })
}

pub fn lab(name: &str, institution_ids: &[RecordId]) -> Body {
    Body::Lab(Lab {
        institution_ids: institution_ids.to_vec(),
        name: name.to_owned(),
        kind: LabKind::Laboratory,
        areas: Vec::new(),
        profile: String::new(),
        contact: String::new(),
        expires_on: None,
        aliases: Vec::new(),
    })
}

pub fn achievement(title: &str, lab_ids: &[RecordId]) -> Body {
    Body::Achievement(Achievement {
        lab_ids: lab_ids.to_vec(),
        title: title.to_owned(),
        summary: String::new(),
        keywords: Vec::new(),
        kind: AchievementKind::Paper,
        date: None,
        maturity: None,
        modes: Vec::new(),
        rights: String::new(),
    })
}

pub fn enterprise(name: &str, contact: &str) -> Body {
    Body::Enterprise(Enterprise {
        name: name.to_owned(),
        credit_code: None,
        park: String::new(),
        industry: None,
        province: String::new(),
        city: String::new(),
        contact: contact.to_owned(),
        aliases: Vec::new(),
    })
}

pub fn need(title: &str, enterprise_id: Option<RecordId>) -> Body {
    Body::Need(Need {
        enterprise_id,
        title: title.to_owned(),
        body: String::new(),
        industry: None,
        areas: Vec::new(),
        budget: None,
        modes: Vec::new(),
        deadline: None,
        maturity_wanted: None,
    })
}

/// Writes one draft.
pub async fn put(store: &dyn Store, draft: Draft) -> (RecordId, Outcome) {
    store.put(&[draft], "tester").await.unwrap()[0]
}

/// Writes one draft that must be new.
pub async fn create(store: &dyn Store, external_id: &str, body: Body) -> RecordId {
    let (id, outcome) = put(store, draft(external_id, body)).await;
    assert_eq!(outcome, Outcome::Created, "{external_id}");
    id
}

/// The record, which must be there.
pub async fn get(store: &dyn Store, kind: Kind, id: RecordId) -> Stored {
    store.get(kind, id).await.unwrap().unwrap_or_else(|| panic!("no {kind:?} {id}"))
}

/// How many changes the store has seen.
pub async fn changes_len(store: &dyn Store) -> usize {
    store.changes(0, usize::MAX).await.unwrap().len()
}
