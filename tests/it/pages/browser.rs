//! A headless Chromium, driven as a person would: by pointer and by keyboard.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};

/// A desk as they have it.
pub const DESK: (u32, u32) = (1366, 768);
/// A telephone.
pub const PHONE: (u32, u32) = (390, 844);

/// Longest that a page may take to be what is waited for. Jobs take turns, so an import may wait
/// until another test's plan is made.
const PATIENCE: Duration = Duration::from_secs(90);

/// A browser with nothing in it, at the addresses of one service.
pub struct Browser {
    client: Option<Client>,
    runtime: tokio::runtime::Runtime,
    driver: Child,
    /// Where the service is.
    pub base: String,
}

impl Browser {
    /// At a desk.
    pub fn open(base: &str) -> Self {
        Self::start(base, true)
    }

    /// The same, where scripts do not run.
    pub fn without_scripts(base: &str) -> Self {
        Self::start(base, false)
    }

    fn start(base: &str, scripts: bool) -> Self {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver (Debian: chromium-driver), which tests/run installs");
        let stdout = BufReader::new(driver.stdout.take().expect("piped"));
        let port = stdout.lines().map_while(Result::ok).find_map(|line| {
            let (_, port) = line.split_once("started successfully on port ")?;
            port.trim_end_matches('.').parse::<u16>().ok()
        });
        let port = port.expect("the driver tells its port");
        let scripts = if scripts { 1 } else { 2 };
        let capabilities = json!({
            "goog:chromeOptions": {
                "args": [
                    "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
                    "--lang=zh-CN", "--hide-scrollbars", "--force-device-scale-factor=1",
                ],
                "prefs": {"profile.managed_default_content_settings.javascript": scripts},
            },
            "goog:loggingPrefs": {"browser": "ALL"},
        });
        let Value::Object(capabilities) = capabilities else { unreachable!("an object") };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let connector = hyper_util::client::legacy::connect::HttpConnector::new();
        let client = runtime.block_on(async {
            let mut builder = ClientBuilder::new(connector);
            builder.capabilities(capabilities);
            builder.connect(&format!("http://127.0.0.1:{port}")).await.expect("a browser")
        });
        let browser = Self { client: Some(client), runtime, driver, base: base.to_owned() };
        browser.resize(DESK);
        browser
    }

    fn client(&self) -> &Client {
        self.client.as_ref().expect("open until dropped")
    }

    fn element(&self, css: &str) -> Element {
        let client = self.client();
        let begun = Instant::now();
        loop {
            match self.runtime.block_on(client.find(Locator::Css(css))) {
                Ok(element) => return element,
                Err(_) if begun.elapsed() < PATIENCE => {
                    std::thread::sleep(Duration::from_millis(20));
                }
                Err(error) => panic!("no {css} at {}: {error}\n{}", self.address(), self.text()),
            }
        }
    }

    /// The size of what is seen of a page.
    pub fn resize(&self, (width, height): (u32, u32)) {
        let mobile = width < 600;
        let size =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile});
        self.devtools("Emulation.setDeviceMetricsOverride", size);
    }

    /// Goes to an address of the service.
    pub fn go(&self, path: &str) {
        let address = format!("{}{path}", self.base);
        self.runtime.block_on(self.client().goto(&address)).expect("an answer");
    }

    /// Where one is, without the service's name.
    pub fn address(&self) -> String {
        let url = self.runtime.block_on(self.client().current_url()).expect("somewhere");
        url.as_str().strip_prefix(&self.base).unwrap_or(url.as_str()).to_owned()
    }

    /// What can be read on the page.
    pub fn text(&self) -> String {
        self.text_of("body")
    }

    /// What can be read of the first such element.
    pub fn text_of(&self, css: &str) -> String {
        let begun = Instant::now();
        loop {
            // The page may be changing under one's eyes.
            match self.runtime.block_on(self.element(css).text()) {
                Ok(text) => return text,
                Err(error) => assert!(begun.elapsed() < PATIENCE, "{css}: {error}"),
            }
        }
    }

    /// What can be read of each such element.
    pub fn texts_of(&self, css: &str) -> Vec<String> {
        self.runtime.block_on(async {
            let mut texts = Vec::new();
            for element in self.client().find_all(Locator::Css(css)).await.expect("a list") {
                texts.push(element.text().await.expect("text"));
            }
            texts
        })
    }

    /// What a field holds.
    pub fn value(&self, css: &str) -> String {
        let element = self.element(css);
        let value = self.runtime.block_on(element.prop("value")).expect("a field");
        value.unwrap_or_default()
    }

    /// How many such elements there are.
    pub fn count(&self, css: &str) -> usize {
        self.runtime.block_on(self.client().find_all(Locator::Css(css))).expect("a list").len()
    }

    /// Presses the first such element, which leads to another page.
    pub fn click(&self, css: &str) {
        self.leave(|| self.touch(css));
    }

    /// Presses the first such element, which stays on the page.
    pub fn touch(&self, css: &str) {
        let element = self.element(css);
        self.runtime.block_on(element.click()).unwrap_or_else(|error| panic!("{css}: {error}"));
    }

    /// Does what leads to another page, and waits until it is there: a browser answers for the
    /// old one until it has begun to leave it.
    fn leave(&self, act: impl FnOnce()) {
        let old = self.element("html");
        act();
        let begun = Instant::now();
        while self.runtime.block_on(old.tag_name()).is_ok() {
            assert!(begun.elapsed() < PATIENCE, "stays at {}:\n{}", self.address(), self.text());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Follows the first link, or presses the first button, with that text, to another page.
    pub fn follow(&self, text: &str) {
        self.leave(|| self.touch_named(text));
    }

    /// The same, which stays on the page.
    pub fn touch_named(&self, text: &str) {
        let label = text.replace('\'', "");
        let named = format!(
            "//*[self::a or self::button or self::summary][contains(normalize-space(.), '{label}')]"
        );
        let found = self.runtime.block_on(self.client().find(Locator::XPath(&named)));
        let element = found.unwrap_or_else(|_| panic!("nothing says {text}:\n{}", self.text()));
        self.runtime.block_on(element.click()).unwrap_or_else(|error| panic!("{text}: {error}"));
    }

    /// Writes into a field what it is to hold.
    pub fn fill(&self, css: &str, text: &str) {
        let element = self.element(css);
        self.runtime.block_on(async {
            element.clear().await.expect("a field");
            element.send_keys(text).await.expect("a field");
        });
    }

    /// Gives a field a file.
    pub fn attach(&self, css: &str, path: &str) {
        let element = self.element(css);
        self.runtime.block_on(element.send_keys(path)).expect("a field");
    }

    /// Loads the page anew until a text can be read on it.
    pub fn refresh_until(&self, text: &str) {
        let begun = Instant::now();
        while !self.text().contains(text) {
            assert!(begun.elapsed() < PATIENCE, "never says {text}:\n{}", self.text());
            self.runtime.block_on(self.client().refresh()).expect("the page");
        }
    }

    /// Chooses an option by its value.
    pub fn choose(&self, css: &str, value: &str) {
        let element = self.element(css);
        self.runtime.block_on(element.select_by_value(value)).expect("an option");
    }

    /// Presses keys, whatever has the focus.
    pub fn press(&self, keys: &[char]) {
        let mut actions = KeyActions::new("keys".to_owned());
        for &value in keys {
            actions = actions.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        self.runtime.block_on(self.client().perform_actions(actions)).expect("keys");
    }

    /// Types a text, whatever has the focus.
    pub fn type_text(&self, text: &str) {
        self.press(&text.chars().collect::<Vec<_>>());
    }

    /// Presses the tab key until what has the focus fits, as somebody without a mouse does.
    pub fn tab_to(&self, css: &str) {
        const TABS_MAX: usize = 200;
        for _ in 0..TABS_MAX {
            self.press(&['\u{E004}']);
            let focused = format!("return document.activeElement.matches({});", json!(css));
            if self.run(&focused) == json!(true) {
                return;
            }
        }
        panic!("the tab key does not lead to {css} at {}", self.address());
    }

    /// Presses Enter, which leads to another page.
    pub fn enter(&self) {
        self.leave(|| self.press(&['\u{E007}']));
    }

    /// Waits until a text can be read on the page.
    pub fn wait_for(&self, text: &str) {
        let begun = Instant::now();
        while !self.text().contains(text) {
            assert!(begun.elapsed() < PATIENCE, "never says {text}:\n{}", self.text());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// What a script returns. The page's own policy does not bind it.
    pub fn run(&self, script: &str) -> Value {
        self.runtime.block_on(self.client().execute(script, Vec::new())).expect("a result")
    }

    /// What a script hands to its last argument.
    pub fn run_async(&self, script: &str) -> Value {
        self.runtime.block_on(self.client().execute_async(script, Vec::new())).expect("a result")
    }

    /// The page's HTML as the server sent it.
    pub fn source(&self) -> String {
        let fetched = "const done = arguments[arguments.length - 1]; \
            fetch(location.href, {headers: {accept: 'text/html'}}).then(r => r.text()).then(done);";
        self.run_async(fetched).as_str().expect("text").to_owned()
    }

    /// What the browser had to complain about since it was last asked.
    pub fn complaints(&self) -> Vec<String> {
        let log = self.extension("se/log", json!({"type": "browser"}));
        let lines = log.as_array().expect("lines").iter();
        lines.map(|line| line["message"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// A picture of what is seen of the page without scrolling.
    pub fn view(&self, name: &str) {
        self.capture(name, false);
    }

    /// A picture of the whole page, as high as it is.
    pub fn picture(&self, name: &str) {
        self.capture(name, true);
    }

    fn capture(&self, name: &str, whole: bool) {
        let options = json!({"format": "png", "captureBeyondViewport": whole});
        let picture = self.devtools("Page.captureScreenshot", options);
        let bytes = BASE64_STANDARD.decode(picture["data"].as_str().expect("data")).expect("PNG");
        std::fs::write(in_folder("screenshots", &format!("{name}.png")), bytes).expect("written");
    }

    /// The page on paper (A4): how many sheets.
    pub fn print(&self, name: &str) -> usize {
        let paper = json!({"paperWidth": 8.27, "paperHeight": 11.69, "printBackground": false});
        let printed = self.devtools("Page.printToPDF", paper);
        let bytes = BASE64_STANDARD.decode(printed["data"].as_str().expect("data")).expect("PDF");
        std::fs::write(in_folder("screenshots", &format!("{name}.pdf")), &bytes).expect("written");
        let text = String::from_utf8_lossy(&bytes);
        text.matches("/Type /Page\n").count()
    }

    fn devtools(&self, cmd: &str, params: Value) -> Value {
        self.extension("goog/cdp/execute", json!({"cmd": cmd, "params": params}))
    }

    fn extension(&self, path: &'static str, body: Value) -> Value {
        let command = Extension { path, body };
        self.runtime.block_on(self.client().issue_cmd(command)).expect("the driver does it")
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            // A browser that is gone already is closed too.
            let _ = self.runtime.block_on(client.close());
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// A command of the driver that is not in the standard.
#[derive(Debug)]
struct Extension {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Extension {
    fn endpoint(
        &self,
        base_url: &url::Url,
        session_id: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        base_url.join(&format!("session/{}/{}", session_id.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.body.to_string()))
    }
}

/// A place below `target/`, for people and tools to look at.
pub fn in_folder(folder: &str, name: &str) -> PathBuf {
    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let folder = target.parent().expect("target/").join(folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder.join(name)
}
