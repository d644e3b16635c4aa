//! The house stands as `ARCHITECTURE.md` draws it: read from the `use` lines.

use std::fs;
use std::path::{Path, PathBuf};

/// Storeys from the top of the map to its bottom; modules on one line do not know each other.
const STOREYS: &[&[&str]] = &[
    &["data"],
    &["model"],
    &["text"],
    &["intake", "store", "index", "evaluation", "assignment"],
    &["matching", "programmes"],
    &["engine"],
    &["http"],
    &["web"],
    &["bench"],
    &["cli"],
];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// Every file below `src/`: its module, its path, its text.
fn files() -> Vec<(String, PathBuf, String)> {
    let mut paths = Vec::new();
    rust_files(&source(), &mut paths);
    let modules = paths.into_iter().map(|path| {
        let inside = path.strip_prefix(source()).unwrap();
        let first = inside.components().next().unwrap().as_os_str().to_string_lossy();
        let module = first.trim_end_matches(".rs").to_owned();
        let text = fs::read_to_string(&path).unwrap();
        (module, path, text)
    });
    modules.collect()
}

fn storey(module: &str) -> Option<usize> {
    STOREYS.iter().position(|storey| storey.contains(&module))
}

#[test]
fn a_module_uses_only_those_above_it() {
    let mut wrong = Vec::new();
    for (module, path, text) in files() {
        if matches!(module.as_str(), "main" | "lib") {
            continue;
        }
        let own = storey(&module).unwrap_or_else(|| panic!("{module} stands in no storey"));
        for used in text.split("crate::").skip(1) {
            assert!(!used.starts_with('{'), "{}: one `use crate::` line a module", path.display());
            let used: String =
                used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let Some(other) = storey(&used) else { continue };
            if used != module && other >= own {
                wrong.push(format!("{} uses {used}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Files outside `allowed` that contain one of the needles, comments left out.
fn outside(allowed: &[&str], needles: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (module, path, text) in files() {
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let code: Vec<&str> = code.collect();
        for needle in needles {
            let has = code.iter().any(|line| line.contains(needle));
            if has && !allowed.contains(&module.as_str()) {
                found.push(format!("{} has {needle}", path.display()));
            }
        }
    }
    found
}

#[test]
fn sql_is_only_in_the_store_and_tantivy_only_in_the_index() {
    assert_eq!(
        outside(&["store"], &["sqlx::", "SELECT ", "INSERT INTO", "DELETE FROM", "UPDATE "]),
        Vec::<String>::new()
    );
    assert_eq!(outside(&["index"], &["tantivy::"]), Vec::<String>::new());
}

#[test]
fn the_pure_storeys_do_no_io_and_the_model_knows_no_serde() {
    let pure = |module: &str| {
        matches!(module, "text" | "model" | "evaluation" | "matching" | "assignment")
    };
    let needles = ["std::fs", "std::net", "std::io", "tokio::", "std::env"];
    for (module, path, text) in files().into_iter().filter(|(module, _, _)| pure(module)) {
        for needle in needles {
            assert!(!text.contains(needle), "{module}: {} has {needle}", path.display());
        }
    }
    let with_serde = outside(&[], &["serde"]);
    assert!(!with_serde.iter().any(|file| file.contains("/src/model/")), "{with_serde:?}");
}

#[test]
fn only_the_engine_decides_who_may_see_what() {
    // The doors may name a viewer; none of them asks what it may do.
    let asked = outside(&["engine"], &["may_see(", "may_write(", "public_only()"]);
    assert_eq!(asked, Vec::<String>::new());
}

#[test]
fn the_thin_binary_is_thin() {
    let main = fs::read_to_string(source().join("main.rs")).unwrap();
    assert!(main.lines().count() <= 40, "{} lines", main.lines().count());
}

#[test]
fn the_map_names_every_storey() {
    let map = fs::read_to_string(source().parent().unwrap().join("ARCHITECTURE.md")).unwrap();
    for module in STOREYS.iter().copied().flatten() {
        assert!(
            map.contains(&format!("{module}/")) || map.contains(&format!("{module}.rs")),
            "{module}"
        );
    }
}
