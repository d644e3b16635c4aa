//! The folders of the index, and the names in them.
//!
//! Every version (layout, analyser, dictionary) has a folder of its own, so that two of them on
//! one home never meet. In it is one folder for each generation, and the name of the one in
//! use. A rebuild writes a new generation beside the one in use and then swaps the name, so
//! that answers go on meanwhile and a rebuild that is cut off leaves nothing behind but a
//! folder that the next one removes. What is inside a generation is left to others.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

const CURRENT: &str = "CURRENT";
const CURRENT_PARTIAL: &str = "CURRENT.partial";
const GENERATION: &str = "generation-";
const VERSION: &str = "version-";
const REBUILD_LOCK: &str = "REBUILD.lock";
const IN_USE: &str = "IN_USE";
const PROBE: &str = "PROBE";
/// The folder of another version is removed when nobody has opened it for this long: time
/// enough to go back to the version before without a rebuild.
const UNUSED_AFTER: Duration = Duration::from_hours(7 * 24);

/// The folder of a version in the folder `index/`.
pub(super) fn of_version(root: &Path, fingerprint: &str) -> PathBuf {
    root.join(format!("{VERSION}{fingerprint}"))
}

/// Keeps other processes from building a generation until the file is dropped; `None` while
/// another one does so.
pub(super) fn try_lock(root: &Path) -> io::Result<Option<File>> {
    fs::create_dir_all(root)?;
    let file = open_or_create(&root.join(REBUILD_LOCK))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// The name of the generation in use; `None` if there is none.
pub(super) fn current(root: &Path) -> Option<String> {
    let name = fs::read_to_string(root.join(CURRENT)).ok()?;
    let name = name.strip_suffix('\n')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let sound = name.starts_with(GENERATION) && name.chars().all(plain);
    (sound && root.join(name).is_dir()).then(|| name.to_owned())
}

/// Whether a name of the generation in use is there, right or not.
pub(super) fn has_current(root: &Path) -> bool {
    root.join(CURRENT).symlink_metadata().is_ok()
}

/// Makes the folder of a new generation.
pub(super) fn create(root: &Path) -> io::Result<(String, PathBuf)> {
    fs::create_dir_all(root)?;
    let name = format!("{GENERATION}{}", uuid::Uuid::now_v7().simple());
    let folder = root.join(&name);
    fs::create_dir(&folder)?;
    Ok((name, folder))
}

/// Makes `name` the generation in use, atomically, and removes the others. To be done under
/// the [lock](try_lock): then no other generation is being built.
///
/// A reader has read what it needs of an old generation and misses nothing.
pub(super) fn switch(root: &Path, name: &str) -> io::Result<()> {
    let partial = root.join(CURRENT_PARTIAL);
    let mut file = File::create(&partial)?;
    writeln!(file, "{name}")?;
    file.sync_all()?;
    fs::rename(partial, root.join(CURRENT))?;
    // The swap itself must outlive a power failure, before the old generation goes.
    File::open(root)?.sync_all()?;
    remove_all_but(root, name);
    Ok(())
}

/// Removes what a rebuild left that was cut off before or behind its switch. Leaves everything
/// where another one is under way, or where no generation is in use: that is to be looked at.
pub(super) fn remove_leftovers(root: &Path) {
    let Ok(Some(_alone)) = try_lock(root) else { return };
    if let Some(name) = current(root) {
        remove_all_but(root, &name);
    }
}

fn remove_all_but(root: &Path, name: &str) {
    for other in generations(root).iter().filter(|other| *other != name) {
        // What cannot be removed now is removed another time.
        let _ = fs::remove_dir_all(root.join(other));
    }
}

/// The generations that are neither in use nor being built.
pub(super) fn leftovers(root: &Path) -> Vec<String> {
    let building = File::open(root.join(REBUILD_LOCK)).is_ok_and(|file| file.try_lock().is_err());
    let current = current(root);
    let mut found = if building { Vec::new() } else { generations(root) };
    found.retain(|name| Some(name) != current.as_ref());
    found.sort();
    found
}

fn generations(root: &Path) -> Vec<String> {
    names(root).into_iter().filter(|name| name.starts_with(GENERATION)).collect()
}

fn names(root: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(root) else { return Vec::new() };
    entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect()
}

/// Says that the folder of a version is in use until the file is dropped, and when it was
/// last opened.
pub(super) fn claim(version: &Path) -> io::Result<File> {
    let file = open_or_create(&version.join(IN_USE))?;
    file.set_modified(SystemTime::now())?;
    file.try_lock_shared()?;
    Ok(file)
}

/// Removes the folders of other versions that nobody has open: those that nobody has opened
/// for [`UNUSED_AFTER`], or all (`at_once`).
pub(super) fn remove_unused(version: &Path, at_once: bool) {
    let Some(root) = version.parent() else { return };
    for name in names(root) {
        let other = root.join(&name);
        // Before versions had folders, generations stood here.
        let ours = name.starts_with(VERSION) || name.starts_with(GENERATION);
        if !ours || other == version {
            continue;
        }
        let claimed = File::open(other.join(IN_USE));
        let in_use = claimed.as_ref().is_ok_and(|file| file.try_lock().is_err());
        let opened = match &claimed {
            Ok(file) => file.metadata(),
            Err(_) => fs::metadata(&other),
        };
        let opened = opened.and_then(|metadata| metadata.modified());
        // A time in the future is no reason to remove anything.
        let age = opened.map(|time| time.elapsed().unwrap_or_default()).unwrap_or_default();
        if !in_use && (at_once || age > UNUSED_AFTER) {
            tracing::info!(folder = %other.display(), "an index of another version is removed");
            // What cannot be removed now is removed another time.
            let _ = fs::remove_dir_all(&other);
        }
    }
}

/// Whether something can be written in the folder of a version.
pub(super) fn probe(version: &Path) -> io::Result<()> {
    fs::create_dir_all(version)?;
    let path = version.join(PROBE);
    fs::write(&path, b"probe")?;
    fs::remove_file(path)
}

/// Bytes that the folder's files take.
pub(super) fn size_bytes(folder: &Path) -> u64 {
    fs::read_dir(folder)
        .map(|entries| entries.flatten().filter_map(|e| e.metadata().ok()).map(|m| m.len()).sum())
        .unwrap_or_default()
}

fn open_or_create(path: &Path) -> io::Result<File> {
    match File::options().write(true).open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => File::create(path),
        opened => opened,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_that_somebody_uses_or_used_lately_is_not_removed() {
        let root = tempfile::tempdir().unwrap();
        let version = |name: &str| {
            let folder = of_version(root.path(), name);
            fs::create_dir(&folder).unwrap();
            folder
        };
        let [own, used, lately, once] = ["own", "used", "lately", "once"].map(version);
        fs::write(root.path().join("README.md"), "not ours").unwrap();
        let long_ago = SystemTime::now() - 2 * UNUSED_AFTER;
        let in_use = claim(&used).unwrap();
        in_use.set_modified(long_ago).unwrap();
        claim(&lately).unwrap();
        claim(&once).unwrap().set_modified(long_ago).unwrap();
        remove_unused(&own, false);
        assert_eq!([&own, &used, &lately, &once].map(|f| f.exists()), [true, true, true, false]);
        remove_unused(&own, true);
        assert_eq!([&own, &used, &lately].map(|f| f.exists()), [true, true, false]);
        assert!(root.path().join("README.md").exists());
    }

    /// A service that was killed right behind a switch left the generation before for ever.
    #[test]
    fn what_a_rebuild_left_is_removed_unless_one_is_under_way() {
        let root = tempfile::tempdir().unwrap();
        let (left, _) = create(root.path()).unwrap();
        remove_leftovers(root.path());
        assert_eq!(leftovers(root.path()), [left], "no generation is in use");
        let (name, _) = create(root.path()).unwrap();
        switch(root.path(), &name).unwrap();
        let (begun, _) = create(root.path()).unwrap();
        let turn = try_lock(root.path()).unwrap().unwrap();
        remove_leftovers(root.path());
        assert!(root.path().join(&begun).exists());
        drop(turn);
        assert_eq!(leftovers(root.path()), [begun]);
        remove_leftovers(root.path());
        assert_eq!(generations(root.path()), [name]);
    }

    #[test]
    fn a_garbled_name_names_nothing() {
        let root = tempfile::tempdir().unwrap();
        let (name, _) = create(root.path()).unwrap();
        switch(root.path(), &name).unwrap();
        assert_eq!(current(root.path()), Some(name.clone()));
        let whole = format!("{name}\n");
        for garbled in ["", "generation-", "../index", "generation-/../x", &whole[..20], &name] {
            fs::write(root.path().join(CURRENT), garbled).unwrap();
            assert_eq!(current(root.path()), None, "{garbled}");
        }
    }
}
