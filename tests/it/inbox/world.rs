//! Two parks, two universities, and who looks after them.

use duijie::data::Data;
use duijie::engine::{Engine, Home, Identity, InboxItem, InboxRequest, InboxRules, Viewer};
use duijie::intake::Options;
use duijie::model::{
    Body, Draft, Kind, Office, OfficeLevel, Provenance, RecordId, Role, User, Visibility,
};
use duijie::store::{SqliteStore, Store};

/// Topics of needs and achievements: a title, and what is said of it.
const TOPICS: [(&str, &str); 4] = [
    (
        "燃料电池膜电极耐久性",
        "质子交换膜燃料电池的膜电极催化层衰减快，需要提高膜电极在连续运行中的耐久性与电压稳定性。",
    ),
    (
        "机床主轴热误差补偿",
        "五轴数控机床主轴温升引起热误差，需要主轴热误差建模与在线补偿方法，提高定位精度。",
    ),
    (
        "锂电池硅碳负极材料",
        "锂离子电池硅碳负极体积膨胀大，需要硅碳负极材料的包覆与粘结剂，改善循环寿命。",
    ),
    ("风电叶片结冰检测", "风力发电机叶片冬季结冰，需要叶片结冰的在线检测与除冰涂层，减少停机。"),
];

pub struct World {
    engine: Option<Engine>,
    folder: tempfile::TempDir,
    parks: [RecordId; 2],
    universities: [RecordId; 2],
    enterprises: [RecordId; 2],
    users: Vec<RecordId>,
}

fn draft(external_id: &str, body: Body) -> Draft {
    Draft {
        source: "world".into(),
        external_id: external_id.into(),
        owner: String::new(),
        visibility: Visibility::Public,
        provenance: Provenance::default(),
        body,
    }
}

impl World {
    pub async fn create() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::new(folder.path());
        let store = SqliteStore::open(&home.database()).await.unwrap();
        let (mut parks, mut users) = (Vec::new(), Vec::new());
        for name in ["甲园", "乙园"] {
            let level = OfficeLevel::Park;
            let office = Office { name: name.into(), level, parent_id: None, aliases: vec![] };
            let stored = store.create(&draft(name, Body::Office(office)), "world").await.unwrap();
            parks.push(stored.record.meta.id);
        }
        for idx in 0..8 {
            let user = User {
                name: format!("用户{idx}"),
                role: Role::Auditor,
                office_id: None,
                institution_id: None,
                enterprise_id: None,
                disabled: false,
                must_change_password: false,
                password_hash: String::new(),
            };
            let draft = draft(&format!("user{idx}"), Body::User(user));
            users.push(store.create(&draft, "world").await.unwrap().record.meta.id);
        }
        store.close().await;
        let engine = Engine::open(&home, &Data::embedded()).await.unwrap();
        let mut world = Self {
            engine: Some(engine),
            folder,
            parks: [parks[0], parks[1]],
            universities: [users[0]; 2],
            enterprises: [users[0]; 2],
            users,
        };
        world
            .import(
                Kind::Institution,
                r#"{"external_id": "u1", "name": "示例一大学", "kind": "university"}
{"external_id": "u2", "name": "示例二大学", "kind": "university"}"#,
            )
            .await;
        world
            .import(
                Kind::Enterprise,
                r#"{"external_id": "e1", "name": "甲园企业", "park": "甲园"}
{"external_id": "e2", "name": "乙园企业", "park": "乙园"}"#,
            )
            .await;
        world
            .import(
                Kind::Lab,
                r#"{"external_id": "l1", "institution_ids": ["u1"], "name": "能源材料实验室", "kind": "laboratory", "profile": "面向新能源装备的研究团队。"}
{"external_id": "l2", "institution_ids": ["u2"], "name": "先进制造实验室", "kind": "laboratory", "profile": "面向高端装备的研究团队。"}"#,
            )
            .await;
        for idx in 0..2 {
            let number = idx + 1;
            world.universities[idx] = world.id(Kind::Institution, &format!("u{number}")).await;
            world.enterprises[idx] = world.id(Kind::Enterprise, &format!("e{number}")).await;
        }
        world
    }

    async fn id(&self, kind: Kind, name: &str) -> RecordId {
        let found = self.engine().find_record(Viewer::Local, kind, name).await.unwrap();
        found.meta.id
    }

    pub fn engine(&self) -> &Engine {
        self.engine.as_ref().unwrap()
    }

    /// Another process on the same home.
    pub async fn other(&self) -> Engine {
        Engine::open(&Home::new(self.folder.path()), &Data::embedded()).await.unwrap()
    }

    pub async fn reopen(&mut self) {
        self.engine.take().unwrap().close().await;
        self.engine = Some(self.other().await);
    }

    /// Writes as another process does, and lets the index follow.
    pub async fn store(&self, write: impl AsyncFnOnce(&SqliteStore)) {
        let path = Home::new(self.folder.path()).database();
        let store = SqliteStore::open(&path).await.unwrap();
        write(&store).await;
        store.close().await;
        self.engine().catch_up().await.unwrap();
    }

    pub async fn import(&self, kind: Kind, lines: &str) {
        let options = Options::new("world.jsonl");
        let report = self.engine().import(kind, lines.as_bytes(), &options, |_| {}).await.unwrap();
        assert_eq!(report.refused, []);
        self.engine().catch_up().await.unwrap();
    }

    pub async fn meet(&self, rules: InboxRules) {
        while self.engine().meet_changes(rules).await.unwrap() {}
    }

    /// A need of a firm about a topic.
    pub async fn need(&self, id: &str, enterprise: &str, topic: usize) {
        let (title, body) = TOPICS[topic];
        let line = serde_json::json!({
            "external_id": id, "enterprise_id": enterprise, "title": title, "body": body,
        });
        self.import(Kind::Need, &line.to_string()).await;
    }

    /// An achievement of a lab about a topic.
    pub async fn achievement(&self, id: &str, lab: &str, topic: usize) {
        let (title, body) = TOPICS[topic];
        let line = serde_json::json!({
            "external_id": id, "lab_ids": [lab], "title": format!("{title}的研究"),
            "abstract": body, "keywords": [title],
        });
        self.import(Kind::Achievement, &line.to_string()).await;
    }

    /// Needs and achievements of all topics, mixed.
    pub async fn fill(&self) {
        for (idx, (lab, firm)) in
            [("l1", "e1"), ("l2", "e2"), ("l1", "e2"), ("l2", "e1")].into_iter().enumerate()
        {
            self.achievement(&format!("a{idx}"), lab, idx).await;
            self.need(&format!("n{idx}"), firm, idx).await;
            self.achievement(&format!("b{idx}"), lab, (idx + 1) % TOPICS.len()).await;
        }
    }

    pub fn needs(&self) -> Vec<String> {
        (0..TOPICS.len()).map(|idx| format!("n{idx}")).collect()
    }

    /// With their labs.
    pub fn achievements(&self) -> Vec<(String, String)> {
        let lab = |idx: usize| ["l1", "l2", "l1", "l2"][idx].to_owned();
        let both = |idx| [(format!("a{idx}"), lab(idx)), (format!("b{idx}"), lab(idx))];
        (0..TOPICS.len()).flat_map(both).collect()
    }

    pub fn park(&self, idx: usize) -> Option<RecordId> {
        Some(self.parks[idx])
    }

    pub fn university(&self, idx: usize) -> Option<RecordId> {
        Some(self.universities[idx])
    }

    pub fn enterprise(&self, idx: usize) -> Option<RecordId> {
        Some(self.enterprises[idx])
    }

    /// User number `idx` in that role.
    pub fn user(
        &self,
        idx: usize,
        role: Role,
        office: Option<RecordId>,
        institution: Option<RecordId>,
        enterprise: Option<RecordId>,
    ) -> Viewer {
        Viewer::User(Identity { user: self.users[idx], role, office, institution, enterprise })
    }

    /// What is new to somebody.
    pub async fn inbox(&self, viewer: Viewer) -> Vec<InboxItem> {
        let answer = self.engine().inbox(viewer, InboxRequest::default()).await.unwrap();
        let groups = answer.days.into_iter().flat_map(|day| day.groups);
        groups.flat_map(|group| group.items).collect()
    }
}
