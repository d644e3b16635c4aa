//! The real binary, as a process of its own.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// The binary with a home; logs stay out of what it says.
pub fn duijie(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_duijie"));
    command.arg("--home").arg(home).env_remove("RUST_LOG").env_remove("DUIJIE_HOME");
    command
}

/// Exit code and JSON of a command that prints one object.
pub fn told(command: &mut Command) -> (Option<i32>, Value) {
    let output = command.arg("--json").output().expect("the binary runs");
    let said = String::from_utf8_lossy(&output.stderr);
    let json = serde_json::from_slice(&output.stdout);
    (output.status.code(), json.unwrap_or_else(|error| panic!("{error}: {said}")))
}

/// `duijie doctor` on that home must find nothing, once a command has let the index catch up
/// with what was stored last: the doctor looks at it as it is.
pub fn assert_healthy(home: &Path) {
    let (code, found) = told(duijie(home).args(["search", "实验室"]));
    assert_eq!(code, Some(0), "{found}");
    let (code, found) = told(duijie(home).arg("doctor"));
    assert_eq!((code, &found["healthy"]), (Some(0), &Value::Bool(true)), "{found}");
}

/// A process that is killed with this value.
pub struct Running(pub Child);

impl Running {
    /// Starts a command that says nothing.
    pub fn silent(command: &mut Command) -> Self {
        let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Self(command.spawn().expect("the binary runs"))
    }

    /// SIGKILL: nothing of it is finished.
    pub fn kill(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        self.0.wait().expect("it ends");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A service on a free port of this machine, to which everybody may write.
pub fn serve(command: &mut Command) -> (Running, SocketAddr) {
    let command = command.args(["serve", "--allow-anonymous", "--addr", "127.0.0.1:0"]);
    let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut service = Running(command.spawn().expect("the binary runs"));
    let mut said = BufReader::new(service.0.stderr.take().expect("piped"));
    let mut all = String::new();
    let addr = loop {
        let mut line = String::new();
        assert_ne!(said.read_line(&mut line).expect("text"), 0, "it does not serve: {all}");
        if let Some((_, rest)) = line.split_once("://")
            && let Some((addr, _)) = rest.split_once('/')
        {
            break addr.parse().expect("an address");
        }
        all.push_str(&line);
    };
    // Nobody reads what it says further; it must not wait for that.
    std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
    (service, addr)
}
