//! Folders of the index: one per generation, and the name of the one in use.
//!
//! A rebuild writes a new generation beside the one in use and then swaps the name, so that
//! answers go on meanwhile and a rebuild that is cut off leaves nothing behind but a folder
//! that the next one removes.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

const CURRENT: &str = "CURRENT";
const PREFIX: &str = "generation-";
const LOCK: &str = "REBUILD.lock";

/// Waits until no other process builds a generation, and keeps the others waiting until the
/// file is dropped.
pub(super) fn lock(root: &Path) -> io::Result<fs::File> {
    fs::create_dir_all(root)?;
    let file = fs::File::create(root.join(LOCK))?;
    file.lock()?;
    Ok(file)
}

/// The name of the generation in use, if there is one.
pub(super) fn current(root: &Path) -> Option<String> {
    let name = fs::read_to_string(root.join(CURRENT)).ok()?;
    let name = name.trim();
    let sound = name.starts_with(PREFIX) && root.join(name).is_dir();
    sound.then(|| name.to_owned())
}

/// Makes the folder of a new generation.
pub(super) fn create(root: &Path) -> io::Result<(String, PathBuf)> {
    fs::create_dir_all(root)?;
    let name = format!("{PREFIX}{}", uuid::Uuid::now_v7().simple());
    let folder = root.join(&name);
    fs::create_dir(&folder)?;
    Ok((name, folder))
}

/// Makes `name` the generation in use, atomically, and removes the others. To be done under
/// the [`lock`]: then no other generation is being built.
///
/// A reader that still has files of an old generation open keeps them until it closes them.
pub(super) fn switch(root: &Path, name: &str) -> io::Result<()> {
    let partial = root.join("CURRENT.partial");
    let mut file = fs::File::create(&partial)?;
    writeln!(file, "{name}")?;
    file.sync_all()?;
    fs::rename(partial, root.join(CURRENT))?;
    for entry in fs::read_dir(root)?.flatten() {
        let other = entry.file_name();
        let other = other.to_string_lossy();
        if other.starts_with(PREFIX) && other != name {
            // What cannot be removed now is removed by the next switch.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
    Ok(())
}

/// Bytes that the folder's files take.
pub(super) fn size_bytes(folder: &Path) -> u64 {
    fs::read_dir(folder)
        .map(|entries| entries.flatten().filter_map(|e| e.metadata().ok()).map(|m| m.len()).sum())
        .unwrap_or_default()
}
