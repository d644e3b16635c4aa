//! The demo, served as `duijie demo` serves it, once for all tests of pages.

use std::sync::{Arc, LazyLock};

use duijie::data::Data;
use duijie::engine::{Engine, Home, Viewer};
use duijie::http::{ServeOptions, Server};
use duijie::intake::Options;
use duijie::web::{Demo, pages};

use super::browser::Browser;
use super::planted;

/// The service: where it is, and what its users' password is.
pub struct World {
    pub base: String,
    pub password: String,
    _runtime: tokio::runtime::Runtime,
}

/// Reference data, sample, parks and one user of each role. Tests that change something make what
/// they change.
pub fn world() -> &'static World {
    static WORLD: LazyLock<World> = LazyLock::new(begin);
    &WORLD
}

/// Looks with the eyes of somebody of the demo.
pub fn signed_in(browser: &Browser, login: &str) {
    browser.go("/sign-in");
    browser.choose("#switch-login", login);
    browser.follow("换身份");
}

fn begin() -> World {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    // Static, so nobody would remove a temporary folder: always the same one instead.
    let home = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("pages");
    if home.exists() {
        std::fs::remove_dir_all(&home).expect("the folder of the last run");
    }
    let (engine, demo, server) = runtime.block_on(async {
        let data = Data::embedded();
        let engine = Engine::open(&Home::new(&home), &data).await.expect("a home");
        engine.load_shipped(&data, |_| {}).await.expect("the sample");
        engine.import_parks(Viewer::Local, &data).await.expect("the parks");
        for (kind, line) in planted::records() {
            let options = Options::new("planted.jsonl").with_source("planted");
            let report = engine.import(kind, line.as_bytes(), &options, |_| {}).await;
            assert_eq!(report.expect("an import").refused, []);
        }
        engine.catch_up().await.expect("an index");
        let (users, password) = engine.sample_users().await.expect("users");
        let options = ServeOptions { allow_anonymous: false, ..ServeOptions::for_testing() };
        let server = Server::bind(options).await.expect("a free port");
        (Arc::new(engine), Demo { users, password }, server)
    });
    let base = server.url().expect("an address");
    let password = demo.password.reveal().to_owned();
    runtime.spawn(server.with_pages(pages(Some(demo))).run(engine, std::future::pending()));
    World { base, password, _runtime: runtime }
}
