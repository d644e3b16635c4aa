//! A small world behind a running server.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use duijie::data::Data;
use duijie::engine::{Engine, Home};
use duijie::http::{ServeError, ServeOptions, Server};
use duijie::intake::Options;
use duijie::model::Kind;
use serde_json::{Value, json};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Contacts that nobody but those in charge may see.
pub const CONTACTS: [&str; 2] = ["王老师 025-1234", "赵经理 025-5678"];

/// The records of the world, by kind, as lines of JSON.
const WORLD: [(Kind, &str); 5] = [
    (
        Kind::Institution,
        r#"{"external_id": "inst-1", "name": "示例理工大学", "kind": "university", "classes": ["211"], "province": "江苏", "city": "南京"}
{"external_id": "inst-2", "name": "示例自动化研究所", "kind": "institute", "classes": ["major_institute"], "province": "北京", "city": "北京"}
{"external_id": "inst-3", "name": "保密研究所", "kind": "institute", "visibility": "private"}
"#,
    ),
    (
        Kind::Lab,
        r#"{"external_id": "lab-h2", "institution_ids": ["inst-1"], "name": "氢能与燃料电池实验室", "kind": "laboratory", "areas": ["NSFC:E02", "氢能"], "profile": "研究膜电极与电堆耐久性。可提供测试服务。", "contact": "王老师 025-1234"}
{"external_id": "lab-cnc", "institution_ids": ["inst-2"], "name": "数控机床研究中心", "kind": "centre", "areas": ["智能制造"], "profile": "研究五轴机床主轴热误差补偿与颤振抑制。"}
{"external_id": "lab-secret", "institution_ids": ["inst-1"], "name": "绝密氢能团队", "kind": "team", "profile": "研究膜电极耐久性，不对外公开。", "visibility": "private"}
"#,
    ),
    (
        Kind::Achievement,
        r#"{"external_id": "ach-mea", "lab_ids": ["lab-h2"], "title": "长寿命燃料电池膜电极制备方法", "abstract": "提出梯度催化层结构。膜电极在80℃下连续运行8000小时，电压衰减低于10%。", "keywords": ["膜电极", "耐久性"], "kind": "patent", "date": "2021-06", "maturity": 6, "modes": ["patent_licence"]}
{"external_id": "ach-cnc", "lab_ids": ["lab-cnc"], "title": "机床主轴热误差在线补偿", "abstract": "建立主轴热误差模型，补偿后定位误差小于3微米。", "kind": "paper", "date": "2019"}
{"external_id": "ach-secret", "lab_ids": ["lab-h2"], "title": "膜电极保密配方", "abstract": "膜电极耐久性提升的未公开配方。", "visibility": "private"}
"#,
    ),
    (
        Kind::Enterprise,
        r#"{"external_id": "ent-1", "name": "示例氢能科技有限公司", "province": "江苏", "city": "南京", "contact": "赵经理 025-5678"}
"#,
    ),
    (
        Kind::Need,
        r#"{"external_id": "need-1", "enterprise_id": "ent-1", "title": "膜电极耐久性不足", "body": "燃料电池膜电极寿命短，希望连续运行8000小时。", "budget": "80万元", "modes": ["joint_development"]}
{"external_id": "need-m", "enterprise_id": "ent-1", "title": "膜电极成本过高", "body": "匹配可见的膜电极需求。", "visibility": "matched"}
{"external_id": "need-p", "enterprise_id": "ent-1", "title": "膜电极密封失效", "body": "不公开的膜电极需求。", "visibility": "private"}
"#,
    ),
];

/// What a server answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub content_type: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.body))
    }

    /// The body of an answer that must be a success.
    pub fn good(&self) -> Value {
        assert!((200..300).contains(&self.status), "{} {}", self.status, self.body);
        assert!(self.content_type.starts_with("application/json"), "{}", self.content_type);
        self.json()
    }

    /// The body of an answer that must be a problem of that status and code.
    pub fn problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.content_type, "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["status"], status);
        assert_eq!(problem["type"], format!("/problems/{code}"));
        for key in ["title", "detail"] {
            let text = problem[key].as_str().unwrap_or_default();
            assert!(text.chars().any(|c| c > '\u{4E00}'), "{key} in Chinese: {problem}");
        }
        problem
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

/// A server on a free port with a home of its own.
pub struct TestApp {
    pub addr: SocketAddr,
    /// The one-time password of the first administrator, if one was made.
    pub first_password: Option<String>,
    agent: ureq::Agent,
    stop: Option<oneshot::Sender<()>>,
    server: Option<JoinHandle<Result<(), ServeError>>>,
    runtime: tokio::runtime::Runtime,
    home: tempfile::TempDir,
}

impl TestApp {
    /// The world to whoever sits at the machine.
    pub fn local() -> Self {
        Self::serve(ServeOptions::for_testing())
    }

    /// The world to anybody.
    pub fn anonymous() -> Self {
        Self::serve(ServeOptions { allow_anonymous: false, ..ServeOptions::for_testing() })
    }

    /// The world to anybody, with an administrator, as at the first start.
    pub fn with_first_admin() -> Self {
        let options = ServeOptions { allow_anonymous: false, ..ServeOptions::for_testing() };
        Self::begin(options, None, true)
    }

    pub fn serve(options: ServeOptions) -> Self {
        Self::begin(options, None, false)
    }

    /// A server that starts on the world once `prepare` has had its way with the home.
    pub fn serve_after(options: ServeOptions, prepare: &dyn Fn(&Path)) -> Self {
        Self::begin(options, Some(prepare), false)
    }

    fn begin(options: ServeOptions, prepare: Option<&dyn Fn(&Path)>, first_start: bool) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime");
        let home = tempfile::tempdir().expect("a folder");
        let (engine, first_password, server) = runtime.block_on(async {
            let data = Data::embedded();
            let mut engine = Engine::open(&Home::new(home.path()), &data).await.expect("a home");
            for (kind, lines) in WORLD {
                let options = Options::new("world.jsonl");
                let report = engine.import(kind, lines.as_bytes(), &options, |_| {}).await;
                assert_eq!(report.expect("an import").refused, []);
            }
            engine.catch_up().await.expect("an index");
            if let Some(prepare) = prepare {
                drop(engine);
                prepare(home.path());
                engine = Engine::start(&Home::new(home.path()), &data).await.expect("a home");
            }
            let mut first_password = None;
            if first_start {
                let secret = engine.first_admin().await.expect("a store").expect("nobody yet");
                first_password = Some(secret.reveal().to_owned());
            }
            let server = Server::bind(options).await.expect("a free port");
            (Arc::new(engine), first_password, server)
        });
        let addr = server.addr().expect("an address");
        let (stop, stopped) = oneshot::channel();
        let shutdown = async {
            stopped.await.ok();
        };
        let server = runtime.spawn(server.run(engine, shutdown));
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .build();
        let (agent, stop, server) = (config.into(), Some(stop), Some(server));
        Self { addr, first_password, agent, stop, server, runtime, home }
    }

    pub fn home(&self) -> &Path {
        self.home.path()
    }

    pub fn get(&self, path: &str) -> Answer {
        answer(self.agent.get(self.url(path)).call())
    }

    pub fn delete(&self, path: &str) -> Answer {
        answer(self.agent.delete(self.url(path)).call())
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_bytes(path, "application/json", body.to_string().as_bytes())
    }

    pub fn post_bytes(&self, path: &str, content_type: &str, body: &[u8]) -> Answer {
        answer(self.agent.post(self.url(path)).header("content-type", content_type).send(body))
    }

    /// A request that shows a token.
    pub fn call(&self, method: &str, path: &str, token: &str, body: Option<&Value>) -> Answer {
        self.ask(method, path, &[("authorization", &format!("Bearer {token}"))], body)
    }

    /// A request with headers and maybe a body.
    pub fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Answer {
        let mut request = ureq::http::Request::builder().method(method).uri(self.url(path));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        match body {
            None => answer(self.agent.run(request.body(()).expect("a request"))),
            Some(body) => {
                let request = request.header("content-type", "application/json");
                answer(self.agent.run(request.body(body.to_string()).expect("a request")))
            }
        }
    }

    /// A request with headers and a body of any type.
    pub fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        content_type: &str,
        body: &[u8],
    ) -> Answer {
        let mut request = ureq::http::Request::builder().method(method).uri(self.url(path));
        for (name, value) in headers.iter().chain([&("content-type", content_type)]) {
            request = request.header(*name, *value);
        }
        answer(self.agent.run(request.body(body).expect("a request")))
    }

    /// Signs in and says what comes of it.
    pub fn sign_in(&self, login: &str, password: &str) -> Answer {
        self.post("/api/v1/sessions", &json!({"login": login, "password": password}))
    }

    /// A new user, made as whoever sits at the machine makes one, with a password of their own
    /// and a session, which is returned.
    pub fn user(&self, user: &Value, password: &str) -> String {
        let made = self.post("/api/v1/users", user).good();
        let one_time = made["one_time_password"].as_str().expect("a password");
        let session = self.sign_in(made["login"].as_str().expect("a login"), one_time).good();
        let change = json!({"current_password": one_time, "new_password": password});
        let token = session["token"].as_str().expect("a token");
        let session = self.call("PUT", "/api/v1/me/password", token, Some(&change)).good();
        session["token"].as_str().expect("a token").to_owned()
    }

    /// Waits until the index has taken over what was written.
    pub fn caught_up(&self) {
        let give_up = Instant::now() + Duration::from_secs(30);
        while self.get("/readyz").good()["lag"] != 0 {
            assert!(Instant::now() < give_up, "the index does not follow");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Sends bytes as they are and reads until the server closes.
    pub fn raw(&self, request: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.addr).expect("a connection");
        stream.write_all(request).expect("sent");
        let mut response = Vec::new();
        stream.read_to_end(&mut response).expect("an answer");
        String::from_utf8_lossy(&response).into_owned()
    }

    /// Tells the server to stop, does `meanwhile`, and waits until it has stopped.
    pub fn stop(&mut self, meanwhile: impl FnOnce()) -> Result<(), ServeError> {
        self.stop.take().expect("running").send(()).expect("running");
        meanwhile();
        let server = self.server.take().expect("running");
        self.runtime.block_on(server).expect("no panic")
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }
}

fn answer(sent: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Answer {
    let mut response = sent.expect("an answer");
    let headers: Vec<(String, String)> = response
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or("?").to_owned()))
        .collect();
    let content_type = headers
        .iter()
        .find(|(name, _)| name == "content-type")
        .map(|(_, value)| value.clone())
        .unwrap_or_default();
    Answer {
        status: response.status().as_u16(),
        content_type,
        headers,
        body: response.body_mut().read_to_string().expect("text"),
    }
}
