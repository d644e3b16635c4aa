//! A random world of offices, institutions, labs, firms, needs, leads and plans, full of marks.

mod planned;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use duijie::data::Data;
use duijie::engine::{Engine, Home, Identity, InboxRules, Viewer};
use duijie::model::{
    Achievement, AchievementKind, Body, Contract, Draft, Enterprise, Fen, Institution,
    InstitutionKind, Kind, Lab, LabKind, Lead, LeadState, Mode, Need, Office, OfficeLevel,
    Provenance, RecordId, Resource, Role, Timestamp, User, Visibility,
};
use duijie::store::{SqliteStore, Store};

use super::oracle::Level;

/// A text of a record, or its id.
#[derive(Debug, Clone)]
pub struct Mark {
    pub text: String,
    pub of: RecordId,
    /// What one must be allowed to see of the record to know it.
    pub level: Level,
    /// Whose alone it is, if it is of no record.
    pub owner: Option<Viewer>,
}

/// What the oracle knows of a record.
#[derive(Debug, Clone)]
pub struct Fact {
    pub kind: Kind,
    pub visibility: Visibility,
    pub body: Body,
    /// The user who made it.
    pub by: Option<Identity>,
}

pub struct World {
    pub engine: Arc<Engine>,
    pub facts: HashMap<RecordId, Fact>,
    viewers: Vec<Viewer>,
    marks: Vec<Mark>,
    /// Places of marks by their text.
    places: HashMap<String, usize>,
    order: Vec<(Kind, RecordId)>,
    pub words: Vec<String>,
    /// Marks that were given out after the world's records were made.
    reserved: usize,
    /// Jobs that somebody has begun.
    pub jobs: Vec<RecordId>,
    _home: tempfile::TempDir,
}

/// Words that texts share, so that things are found and matched.
const WORDS: [&str; 8] = ["膜电极", "耐久性", "主轴", "热误差", "催化剂", "涂层", "电池", "传感器"];

/// States of leads: signed ones tie an institution.
const STATES: [LeadState; 3] = [LeadState::Found, LeadState::Signed, LeadState::Landed];

struct Maker<'a> {
    store: &'a SqliteStore,
    random: fastrand::Rng,
    marks: Vec<Mark>,
    pending: Vec<(String, Level)>,
    facts: HashMap<RecordId, Fact>,
    order: Vec<(Kind, RecordId)>,
    /// Who makes what is made next; nobody who has signed in if `None`.
    by: Option<Identity>,
}

impl Maker<'_> {
    /// A text with a mark that nothing else has, among words that others share.
    fn text(&mut self, level: Level) -> String {
        let mark = format!("zq{:05}x", self.marks.len() + self.pending.len());
        let words: Vec<&str> = (0..3).map(|_| *self.random.choice(WORDS.iter()).unwrap()).collect();
        self.pending.push((mark.clone(), level));
        format!("{}{mark}{}，{}。", words[0], words[1], words[2])
    }

    async fn make(&mut self, body: Body, visibility: Visibility) -> RecordId {
        let draft = Draft {
            source: "world".into(),
            external_id: format!("r{}", self.order.len()),
            owner: String::new(),
            visibility,
            provenance: Provenance::default(),
            body: body.clone(),
        };
        let by = self.by.map_or_else(|| "maker".to_owned(), |by| by.user.to_string());
        let id = self.store.create(&draft, &by).await.unwrap().record.meta.id;
        let kind = body.kind();
        let pending = std::mem::take(&mut self.pending);
        self.marks.extend(pending.into_iter().map(|(text, level)| Mark {
            text,
            of: id,
            level,
            owner: None,
        }));
        if !matches!(kind, Kind::Office | Kind::User) {
            let (text, level) = (id.to_string(), Level::Public);
            self.marks.push(Mark { text, of: id, level, owner: None });
        }
        self.facts.insert(id, Fact { kind, visibility, body, by: self.by });
        self.order.push((kind, id));
        id
    }

    fn visibility(&mut self) -> Visibility {
        *self.random.choice(Visibility::ALL.iter()).unwrap()
    }
}

impl World {
    pub async fn create(seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::new(folder.path());
        let store = SqliteStore::open(&home.database()).await.unwrap();
        let mut maker = Maker {
            store: &store,
            random: fastrand::Rng::with_seed(seed),
            marks: Vec::new(),
            pending: Vec::new(),
            facts: HashMap::new(),
            order: Vec::new(),
            by: None,
        };
        let offices = offices(&mut maker).await;
        let (institutions, labs) = offered(&mut maker).await;
        let (enterprises, needs) = wanted(&mut maker).await;
        let viewers = viewers(&mut maker, &offices, &institutions, &enterprises).await;
        leads(&mut maker, &needs, &labs, &viewers).await;
        let Maker { marks, facts, order, .. } = maker;
        store.close().await;
        let engine = Engine::open(&home, &Data::embedded()).await.unwrap();
        while engine.meet_changes(InboxRules::default()).await.unwrap() {}
        let places = marks.iter().enumerate().map(|(idx, mark)| (mark.text.clone(), idx)).collect();
        let words = WORDS.iter().map(|word| (*word).to_owned()).collect();
        let (engine, jobs) = (Arc::new(engine), Vec::new());
        let mut world = Self {
            engine,
            facts,
            viewers,
            marks,
            places,
            order,
            words,
            jobs,
            reserved: 0,
            _home: folder,
        };
        planned::plans(&mut world).await;
        world
    }

    /// A mark that nothing has yet.
    fn new_mark(&mut self) -> String {
        self.reserved += 1;
        // Beyond those of the records.
        format!("zq{:05}x", 80_000 + self.reserved)
    }

    fn add_mark(&mut self, mark: Mark) {
        self.places.insert(mark.text.clone(), self.marks.len());
        self.marks.push(mark);
    }

    /// A record that the engine has made, with the marks of its texts.
    fn know(&mut self, id: RecordId, fact: Fact, texts: Vec<String>) {
        let level = if fact.kind == Kind::Activity { Level::Full } else { Level::Public };
        for text in texts {
            self.add_mark(Mark { text, of: id, level, owner: None });
        }
        self.add_mark(Mark { text: id.to_string(), of: id, level, owner: None });
        self.order.push((fact.kind, id));
        self.facts.insert(id, fact);
    }

    fn of_role(&self, role: Role) -> Vec<Viewer> {
        let is_it = |viewer: &Viewer| viewer.identity().is_some_and(|who| who.role == role);
        self.viewers.iter().copied().filter(is_it).collect()
    }

    /// Names of the institutions that everybody may know.
    fn public_institutions(&self) -> Vec<String> {
        let named = self.facts.values().filter_map(|fact| match &fact.body {
            Body::Institution(body) if fact.visibility == Visibility::Public => {
                Some(body.name.clone())
            }
            _ => None,
        });
        let mut named: Vec<String> = named.collect();
        named.sort();
        named
    }

    pub fn viewers(&self) -> usize {
        self.viewers.len()
    }

    pub fn viewer(&self, idx: usize) -> Viewer {
        self.viewers[idx]
    }

    pub fn describe(&self, viewer: Viewer) -> String {
        match viewer.identity() {
            Some(who) => format!("{:?} {:?}", who.role, who),
            None => format!("{viewer:?}"),
        }
    }

    /// What can be asked for by name.
    pub fn records(&self) -> impl Iterator<Item = (Kind, RecordId)> {
        let planned = [Kind::Plan, Kind::Posting, Kind::Activity];
        let shown = self
            .order
            .iter()
            .filter(move |(kind, _)| Kind::IMPORTED.contains(kind) || planned.contains(kind));
        shown.copied()
    }

    /// One of these.
    pub fn record(&self, random: &mut fastrand::Rng) -> (Kind, RecordId) {
        let all: Vec<_> = self.records().collect();
        all[random.usize(..all.len())]
    }

    pub fn of_kind(&self, kind: Kind) -> Vec<RecordId> {
        self.order.iter().filter(|(own, _)| *own == kind).map(|(_, id)| *id).collect()
    }

    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }

    pub fn mark(&self, idx: usize) -> &Mark {
        &self.marks[idx]
    }

    /// The marks that a record has, its id left out.
    pub fn marks_of(&self, id: RecordId) -> impl Iterator<Item = usize> {
        let is_text = |mark: &Mark| mark.text.starts_with("zq");
        let marks = self.marks.iter().enumerate();
        marks.filter(move |(_, mark)| mark.of == id && is_text(mark)).map(|(idx, _)| idx)
    }

    /// The marks in a text.
    pub fn marks_in<'a>(&'a self, text: &'a str) -> impl Iterator<Item = usize> + 'a {
        let marks = text.match_indices("zq").filter_map(|(at, _)| text.get(at..at + 8));
        // A UUID has 36 characters, the second dash is behind the 13th.
        let ids =
            text.match_indices('-').filter_map(|(at, _)| text.get(at.checked_sub(8)?..at + 28));
        marks.chain(ids).filter_map(|found| self.places.get(found).copied())
    }
}

async fn offices(maker: &mut Maker<'_>) -> Vec<RecordId> {
    let mut made = Vec::new();
    for (name, level, parent) in [
        ("南京", OfficeLevel::City, None),
        ("甲区", OfficeLevel::District, Some(0)),
        ("乙区", OfficeLevel::District, Some(0)),
        ("甲一园", OfficeLevel::Park, Some(1)),
        ("甲二园", OfficeLevel::Park, Some(1)),
        ("乙一园", OfficeLevel::Park, Some(2)),
    ] {
        let parent_id = parent.map(|idx: usize| made[idx]);
        let office = Office { name: name.into(), level, parent_id, aliases: Vec::new() };
        made.push(maker.make(Body::Office(office), Visibility::Public).await);
    }
    made
}

async fn offered(maker: &mut Maker<'_>) -> (Vec<RecordId>, Vec<RecordId>) {
    let (mut institutions, mut labs) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        let institution = Institution {
            name: maker.text(Level::Public),
            kind: InstitutionKind::University,
            classes: Vec::new(),
            province: "江苏".into(),
            city: "南京".into(),
            credit_code: None,
            school_code: None,
            aliases: Vec::new(),
            website: String::new(),
        };
        let visibility = maker.visibility();
        institutions.push(maker.make(Body::Institution(institution), visibility).await);
    }
    for _ in 0..6 {
        let count = maker.random.usize(1..3);
        let lab = Lab {
            institution_ids: maker.random.choose_multiple(institutions.iter().copied(), count),
            name: maker.text(Level::Public),
            kind: LabKind::Laboratory,
            areas: Vec::new(),
            profile: maker.text(Level::Public),
            contact: maker.text(Level::Contact),
            expires_on: None,
            aliases: Vec::new(),
        };
        let visibility = maker.visibility();
        labs.push(maker.make(Body::Lab(lab), visibility).await);
    }
    for _ in 0..12 {
        let achievement = Achievement {
            lab_ids: vec![*maker.random.choice(labs.iter()).unwrap()],
            title: maker.text(Level::Public),
            summary: maker.text(Level::Public),
            keywords: vec![maker.text(Level::Public)],
            kind: AchievementKind::Patent,
            date: None,
            maturity: None,
            modes: Vec::new(),
            rights: maker.text(Level::Public),
        };
        let visibility = maker.visibility();
        maker.make(Body::Achievement(achievement), visibility).await;
    }
    (institutions, labs)
}

async fn wanted(maker: &mut Maker<'_>) -> (Vec<RecordId>, Vec<RecordId>) {
    let (mut enterprises, mut needs) = (Vec::new(), Vec::new());
    for park in ["甲一园", "甲二园", "乙一园", "无名园", "甲一园", "乙一园"] {
        let enterprise = Enterprise {
            name: maker.text(Level::Public),
            credit_code: None,
            park: park.into(),
            industry: None,
            province: "江苏".into(),
            city: if park == "无名园" { "苏州" } else { "南京" }.into(),
            contact: maker.text(Level::Contact),
            aliases: Vec::new(),
        };
        let visibility = maker.visibility();
        enterprises.push(maker.make(Body::Enterprise(enterprise), visibility).await);
    }
    for _ in 0..14 {
        let enterprise = *maker.random.choice(enterprises.iter()).unwrap();
        let need = Need {
            enterprise_id: maker.random.u8(..8).gt(&0).then_some(enterprise),
            title: maker.text(Level::Public),
            body: maker.text(Level::Matched),
            industry: None,
            areas: Vec::new(),
            budget: Fen::new(maker.random.i64(1..1_000_000)),
            modes: Vec::new(),
            deadline: None,
            maturity_wanted: None,
        };
        let visibility = maker.visibility();
        needs.push(maker.make(Body::Need(need), visibility).await);
    }
    (enterprises, needs)
}

async fn leads(maker: &mut Maker<'_>, needs: &[RecordId], labs: &[RecordId], viewers: &[Viewer]) {
    let mut pairs = std::collections::HashSet::new();
    for _ in 0..10 {
        let need_id = *maker.random.choice(needs.iter()).unwrap();
        let lab_id = *maker.random.choice(labs.iter()).unwrap();
        if !pairs.insert((need_id, lab_id)) {
            continue;
        }
        let state = *maker.random.choice(STATES.iter()).unwrap();
        let lead = Lead {
            need_id,
            lab_id,
            resource: Resource::Achievement,
            state,
            state_since: Timestamp(0),
            earlier: Vec::new(),
            accepted_by_enterprise: maker.random.bool(),
            accepted_by_institution: maker.random.bool(),
            owner_id: None,
            due_on: None,
            note: maker.text(Level::Full),
            close_reason: String::new(),
            contract: (state != LeadState::Found).then(|| Contract {
                mode: Mode::JointLab,
                amount: Fen::new(80_000_000).unwrap(),
                terms: BTreeMap::new(),
            }),
        };
        maker.by = maker.random.choice(viewers.iter()).unwrap().identity();
        maker.make(Body::Lead(lead), Visibility::Private).await;
    }
    maker.by = None;
}

async fn viewers(
    maker: &mut Maker<'_>,
    offices: &[RecordId],
    institutions: &[RecordId],
    enterprises: &[RecordId],
) -> Vec<Viewer> {
    let mut viewers = vec![Viewer::Anonymous];
    let mut wanted: Vec<(Role, [Option<RecordId>; 3])> =
        vec![(Role::Auditor, [None; 3]), (Role::Admin, [None; 3])];
    wanted.extend(offices.iter().map(|office| (Role::Office, [Some(*office), None, None])));
    for (idx, park) in offices[3..].iter().enumerate() {
        let institution = institutions[idx % institutions.len()];
        wanted.push((Role::Commissioner, [Some(*park), Some(institution), None]));
    }
    wanted.extend(institutions.iter().map(|own| (Role::Institution, [None, Some(*own), None])));
    wanted.extend(enterprises.iter().map(|own| (Role::Enterprise, [None, None, Some(*own)])));
    for (role, [office_id, institution_id, enterprise_id]) in wanted {
        let user = User {
            name: "某人".into(),
            role,
            office_id,
            institution_id,
            enterprise_id,
            disabled: false,
            must_change_password: false,
            password_hash: String::new(),
        };
        let id = maker.make(Body::User(user), Visibility::Private).await;
        viewers.push(Viewer::User(Identity {
            user: id,
            role,
            office: office_id,
            institution: institution_id,
            enterprise: enterprise_id,
        }));
    }
    viewers
}
