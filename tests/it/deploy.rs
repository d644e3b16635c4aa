//! What can be known of `deploy/` without running it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn file(path: &str) -> String {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn help(command: &str) -> String {
    let duijie = Command::new(env!("CARGO_BIN_EXE_duijie")).args([command, "--help"]).output();
    String::from_utf8(duijie.unwrap().stdout).unwrap()
}

/// Commands and flags of a line that calls the binary; lists of JSON are lines too.
fn assert_called_rightly(line: &str) {
    let words: Vec<&str> = line
        .split([' ', '"', ',', '[', ']', '='])
        .filter(|word| !word.is_empty())
        .skip_while(|word| !word.ends_with("duijie"))
        .collect();
    let help = help(words[1]);
    assert!(help.contains("用法") || help.contains("Usage"), "{line}: {help}");
    for flag in words.iter().filter(|word| word.starts_with("--")) {
        assert!(help.split_whitespace().any(|word| word == *flag), "{flag} of {line}");
    }
}

fn assert_variables_are_read(text: &str) {
    let read = [file("src/cli/mod.rs"), file("src/cli/logging.rs")].concat();
    let names = text.split([' ', '\n', '=']).filter(|word| word.starts_with("DUIJIE_"));
    let names: Vec<&str> = names.collect();
    assert!(!names.is_empty());
    for name in names {
        assert!(read.contains(&format!("\"{name}\"")), "{name}");
    }
}

#[test]
fn the_unit_calls_what_exists_and_is_locked_in() {
    let unit = file("deploy/duijie.service");
    let calls = unit.lines().map(|line| line.trim_start_matches('#'));
    let calls: Vec<&str> = calls.filter(|line| line.starts_with("ExecStart=/")).collect();
    assert_eq!(calls.len(), 2, "with and without TLS");
    calls.into_iter().for_each(assert_called_rightly);
    assert_variables_are_read(&unit);
    for setting in [
        "User=duijie",
        "StateDirectory=duijie",
        "Environment=DUIJIE_HOME=/var/lib/duijie",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "ProtectHome=yes",
        "PrivateDevices=yes",
        "CapabilityBoundingSet=",
        "RestrictAddressFamilies=AF_INET AF_INET6",
        "MemoryDenyWriteExecute=yes",
    ] {
        assert!(unit.lines().any(|line| line.starts_with(setting)), "{setting}");
    }
    assert!(unit.contains("\nMemoryMax="));
}

#[test]
fn the_image_is_built_from_the_lock_file_by_our_rust_and_runs_as_nobody() {
    let image = file("deploy/Dockerfile");
    let cargo = file("Cargo.toml");
    let version = cargo.lines().find_map(|line| line.strip_prefix("rust-version = \"")).unwrap();
    let version = version.trim_end_matches('"');
    assert!(image.contains(&format!("FROM rust:{version}-")), "Rust {version}");
    assert!(image.contains("cargo build --release --locked"));
    let (_, runs) = image.rsplit_once("\nFROM ").unwrap();
    let user = runs.lines().find_map(|line| line.strip_prefix("USER ")).expect("a user");
    assert!(user.parse::<u32>().expect("a number, so that it can be checked") > 0);
    assert!(
        runs.contains("VOLUME /var/lib/duijie") && runs.contains("DUIJIE_HOME=/var/lib/duijie")
    );
    assert_variables_are_read(&image);
    let calls: Vec<&str> = runs.lines().filter(|line| line.contains("CMD [")).collect();
    assert!(calls[0].starts_with("HEALTHCHECK") && calls[1].starts_with("CMD"), "{calls:?}");
    calls.into_iter().for_each(assert_called_rightly);
    let ignored = file("deploy/Dockerfile.dockerignore");
    for private in ["data/duijie.db*", "index/*", ".git", "target"] {
        assert!(ignored.lines().any(|line| line == private), "{private}");
    }
}
