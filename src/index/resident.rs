//! A tantivy directory that trusts its disk once: every file is checked when it is opened, and
//! kept in memory from then on.
//!
//! With mapped files, what happens to the disk happens to the answers: a truncated file kills
//! the process (SIGBUS) and a flipped bit is a wrong answer. Here a file is read whole into
//! anonymous memory and its checksum compared before tantivy sees a byte of it; what becomes of
//! the file later is of no consequence. It costs as much memory as the index is large without
//! positions. These are needed for phrases only and stay on disk ([`Paged`]). What tantivy
//! replaces as a whole (`meta.json`) has no checksum of its own and is [`seal`]ed.
//!
//! When to open a generation, and what to do about damage, is left to others.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use crc32fast::Hasher;
use tantivy::HasLen;
use tantivy::directory::error::{
    DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError,
};
use tantivy::directory::footer::Footer;
use tantivy::directory::{
    Directory, DirectoryLock, FileHandle, FileSlice, Lock, META_LOCK, MmapDirectory, OwnedBytes,
    WatchCallback, WatchHandle, WritePtr,
};

/// Ending of the files with the positions of terms.
const POSITIONS: &str = "pos";
/// Bytes of a file of positions that are read and checked together.
const PAGE_BYTES: usize = 64 << 10;
/// Size of the end of a file that says how long its footer is; tantivy panics below it.
const FOOTER_END_BYTES: usize = 8;
/// Stands before the checksum of a sealed file.
const SEAL: &[u8] = b"#crc32 ";
/// Size of the seal: the mark, eight digits, a line's end.
const SEAL_BYTES: usize = SEAL.len() + 9;

/// A folder whose files are checked and kept in memory.
#[derive(Clone, Debug)]
pub(super) struct ResidentDirectory {
    /// Writes, deletes and locks.
    disk: MmapDirectory,
    folder: Arc<Path>,
    open: Arc<Mutex<HashMap<PathBuf, Loaded>>>,
    /// The first file that was found damaged after it had been opened.
    damaged: Arc<OnceLock<PathBuf>>,
}

#[derive(Debug)]
enum Loaded {
    Whole(Weak<[u8]>),
    Paged(Weak<Paged>),
}

impl ResidentDirectory {
    /// Opens a folder; no file is read yet.
    ///
    /// # Errors
    /// If there is no such folder.
    pub fn open(folder: &Path) -> Result<Self, OpenDirectoryError> {
        let disk = MmapDirectory::open(folder)?;
        let folder = Arc::from(folder);
        Ok(Self { disk, folder, open: Arc::default(), damaged: Arc::default() })
    }

    /// The file that was right when it was opened and is not any more, if one was met.
    pub fn damaged(&self) -> Option<&Path> {
        self.damaged.get().map(PathBuf::as_path)
    }

    fn opened(&self, path: &Path) -> Option<Arc<dyn FileHandle>> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        match open.get(path)? {
            Loaded::Whole(bytes) => Some(Arc::new(OwnedBytes::new(bytes.upgrade()?))),
            Loaded::Paged(paged) => Some(paged.upgrade()?),
        }
    }

    fn load(&self, path: &Path) -> io::Result<(Loaded, Arc<dyn FileHandle>)> {
        let full = self.folder.join(path);
        if path.extension().is_some_and(|ending| ending == POSITIONS) {
            let paged = Arc::new(Paged::open(&full, path, self.damaged.clone())?);
            return Ok((Loaded::Paged(Arc::downgrade(&paged)), paged));
        }
        let mut file = File::open(full)?;
        let size_bytes = file.metadata()?.len() as usize;
        let mut bytes: Arc<[u8]> = std::iter::repeat_n(0, size_bytes).collect();
        if let Some(bytes) = Arc::get_mut(&mut bytes) {
            file.read_exact(bytes)?;
        }
        let handle = Arc::new(OwnedBytes::new(bytes.clone()));
        check(&FileSlice::new(handle.clone()), |_| {})?;
        Ok((Loaded::Whole(Arc::downgrade(&bytes)), handle))
    }
}

impl Directory for ResidentDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        if let Some(handle) = self.opened(path) {
            return Ok(handle);
        }
        // Not under the lock: several files are read at once when an index is opened.
        let (loaded, handle) = self.load(path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => OpenReadError::FileDoesNotExist(path.to_owned()),
            _ => OpenReadError::wrap_io_error(error, path.to_owned()),
        })?;
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, loaded| match loaded {
            Loaded::Whole(bytes) => bytes.strong_count() > 0,
            Loaded::Paged(paged) => paged.strong_count() > 0,
        });
        open.insert(path.to_owned(), loaded);
        Ok(handle)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.disk.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.disk.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.disk.open_write(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        let sealed = self.disk.atomic_read(path)?;
        unsealed(sealed).map_err(|error| OpenReadError::wrap_io_error(error, path.to_owned()))
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.disk.atomic_write(path, &seal(data))
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.disk.sync_directory()
    }

    /// Where nothing can be written a reader needs no lock against the writer's tidying up,
    /// and could not have it.
    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        match self.disk.acquire_lock(lock) {
            Err(LockError::IoError(error))
                if lock.filepath == META_LOCK.filepath && cannot_write(&error) =>
            {
                Ok(DirectoryLock::from(Box::new(())))
            }
            acquired => acquired,
        }
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.disk.watch(callback)
    }
}

fn cannot_write(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem)
}

/// A file that stays on disk: each page was right when the file was opened, and is compared
/// with what it was whenever it is read.
#[derive(Debug)]
struct Paged {
    file: FileSlice,
    name: PathBuf,
    checksums: Vec<u32>,
    /// The page read last, by its number: merging reads term by term.
    last: Mutex<Option<(usize, OwnedBytes)>>,
    damaged: Arc<OnceLock<PathBuf>>,
}

impl Paged {
    fn open(full: &Path, name: &Path, damaged: Arc<OnceLock<PathBuf>>) -> io::Result<Self> {
        let file = FileSlice::open(full)?;
        let mut checksums = Vec::with_capacity(file.len().div_ceil(PAGE_BYTES));
        check(&file, |page| checksums.push(crc32fast::hash(page)))?;
        Ok(Self { file, name: name.to_owned(), checksums, last: Mutex::default(), damaged })
    }

    fn read(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        let (first, end) = (range.start / PAGE_BYTES, range.end.div_ceil(PAGE_BYTES));
        let start = first * PAGE_BYTES;
        let wanted = range.start - start..range.end - start;
        let of_one = end == first + 1;
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, page)) = last.filter(|(number, _)| of_one && *number == first) {
            return Ok(page.slice(wanted));
        }
        let pages = self.file.read_bytes_slice(start..(end * PAGE_BYTES).min(self.file.len()))?;
        let sound = pages
            .chunks(PAGE_BYTES)
            .zip(&self.checksums[first..end])
            .all(|(page, checksum)| crc32fast::hash(page) == *checksum);
        if !sound {
            return Err(invalid("a page has changed since the file was opened"));
        }
        if of_one {
            let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
            *last = Some((first, pages.clone()));
        }
        Ok(pages.slice(wanted))
    }
}

impl HasLen for Paged {
    fn len(&self) -> usize {
        self.file.len()
    }
}

impl FileHandle for Paged {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        if range.is_empty() {
            return Ok(OwnedBytes::empty());
        }
        self.read(range).inspect_err(|_| {
            // The first is enough to know that the generation is damaged.
            let _ = self.damaged.set(self.name.clone());
        })
    }
}

/// Compares a file as it is on disk now with its checksum, without keeping it.
///
/// # Errors
/// What is wrong with it.
pub(super) fn check_on_disk(path: &Path) -> io::Result<()> {
    check(&FileSlice::open(path)?, |_| {})
}

/// Compares a file with the checksum in its footer, and shows its pages.
fn check(file: &FileSlice, mut each_page: impl FnMut(&[u8])) -> io::Result<()> {
    if file.len() < FOOTER_END_BYTES {
        return Err(invalid("it ends too early"));
    }
    let (footer, body) = Footer::extract_footer(file.clone())?;
    // The footer has no checksum; whatever else a flipped bit does to it, it does not read.
    if footer.version != *tantivy::version() {
        return Err(invalid("its footer names another version"));
    }
    let mut rest = body.len();
    let mut hasher = Hasher::new();
    for start in (0..file.len()).step_by(PAGE_BYTES) {
        let page = file.read_bytes_slice(start..(start + PAGE_BYTES).min(file.len()))?;
        let (of_body, _) = page.split_at(page.len().min(rest));
        rest -= of_body.len();
        hasher.update(of_body);
        each_page(&page);
    }
    if hasher.finalize() == footer.crc { Ok(()) } else { Err(invalid("its checksum is wrong")) }
}

/// The data with its checksum behind it.
fn seal(data: &[u8]) -> Vec<u8> {
    let mut sealed = Vec::with_capacity(data.len() + SEAL_BYTES);
    sealed.extend_from_slice(data);
    sealed.extend_from_slice(SEAL);
    sealed.extend_from_slice(format!("{:08x}\n", crc32fast::hash(data)).as_bytes());
    sealed
}

/// The data that was sealed, if it still is what it was.
fn unsealed(mut sealed: Vec<u8>) -> io::Result<Vec<u8>> {
    let Some(end) = sealed.len().checked_sub(SEAL_BYTES) else {
        return Err(invalid("it ends too early"));
    };
    if seal(&sealed[..end]) != sealed {
        return Err(invalid("its seal is broken"));
    }
    sealed.truncate(end);
    Ok(sealed)
}

fn invalid(what: &'static str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;

    use tantivy::directory::{ManagedDirectory, TerminatingWrite};

    use super::*;

    /// A folder with a file of positions and another, of some pages each.
    fn written() -> (tempfile::TempDir, Vec<u8>) {
        let folder = tempfile::tempdir().unwrap();
        let bytes: Vec<u8> = (0..3 * PAGE_BYTES + 17).map(|i| (i * i / 7) as u8).collect();
        let directory = managed(folder.path());
        for name in ["a.pos", "a.idx"] {
            let mut file = directory.open_write(Path::new(name)).unwrap();
            file.write_all(&bytes).unwrap();
            file.terminate().unwrap();
        }
        (folder, bytes)
    }

    fn managed(folder: &Path) -> ManagedDirectory {
        ManagedDirectory::wrap(Box::new(ResidentDirectory::open(folder).unwrap())).unwrap()
    }

    fn flip(path: &Path, at: usize) {
        let mut bytes = fs::read(path).unwrap();
        bytes[at] ^= 4;
        fs::write(path, bytes).unwrap();
    }

    #[test]
    fn what_is_open_does_not_see_the_disk_any_more() {
        let (folder, bytes) = written();
        let directory = managed(folder.path());
        let open = ["a.pos", "a.idx"].map(|name| directory.open_read(Path::new(name)).unwrap());
        fs::remove_dir_all(folder.path()).unwrap();
        for file in open {
            for range in [0..10, 5..bytes.len(), PAGE_BYTES - 1..PAGE_BYTES + 1, 7..7] {
                assert_eq!(file.read_bytes_slice(range.clone()).unwrap().as_slice(), &bytes[range]);
            }
        }
    }

    #[test]
    fn damage_is_an_error_before_and_after_opening() {
        let (folder, bytes) = written();
        let resident = ResidentDirectory::open(folder.path()).unwrap();
        let directory = ManagedDirectory::wrap(Box::new(resident.clone())).unwrap();
        let positions = directory.open_read(Path::new("a.pos")).unwrap();
        let whole = directory.open_read(Path::new("a.idx")).unwrap();
        for name in ["a.pos", "a.idx"] {
            let path = folder.path().join(name);
            assert!(check_on_disk(&path).is_ok());
            flip(&path, PAGE_BYTES + 3);
            assert!(check_on_disk(&path).is_err());
            assert!(managed(folder.path()).open_read(Path::new(name)).is_err(), "{name}");
        }
        assert_eq!(whole.read_bytes().unwrap().as_slice(), bytes);
        // Pages that are as they were can still be used.
        assert_eq!(positions.read_bytes_slice(3..9).unwrap().as_slice(), &bytes[3..9]);
        assert_eq!(resident.damaged(), None);
        assert!(positions.read_bytes_slice(PAGE_BYTES..PAGE_BYTES + 1).is_err());
        assert_eq!(resident.damaged(), Some(Path::new("a.pos")));
    }

    #[test]
    fn no_bit_of_a_file_can_change_unseen() {
        let (folder, bytes) = written();
        let path = folder.path().join("a.idx");
        let sound = fs::read(&path).unwrap();
        // All of the footer, and some of what is before it.
        let places = (0..bytes.len()).step_by(40_961).chain(bytes.len()..sound.len());
        for (at, bit) in places.flat_map(|at| (0..8).map(move |bit| (at, bit))) {
            let mut damaged = sound.clone();
            damaged[at] ^= 1 << bit;
            fs::write(&path, damaged).unwrap();
            assert!(check_on_disk(&path).is_err(), "bit {bit} of byte {at}");
        }
    }

    #[test]
    fn files_that_end_too_early_are_errors() {
        let (folder, bytes) = written();
        for name in ["a.pos", "a.idx"] {
            let path = folder.path().join(name);
            for size in [bytes.len() + 20, bytes.len(), PAGE_BYTES, 9, 8, 7, 4, 1, 0] {
                File::options().write(true).open(&path).unwrap().set_len(size as u64).unwrap();
                assert!(managed(folder.path()).open_read(Path::new(name)).is_err(), "{size}");
            }
        }
    }

    #[test]
    fn no_bit_of_a_sealed_file_can_change_unseen() {
        let sealed = seal(b"{\"opstamp\": 7}\n");
        assert_eq!(unsealed(sealed.clone()).unwrap(), b"{\"opstamp\": 7}\n");
        for at in 0..sealed.len() {
            for bit in 0..8 {
                let mut damaged = sealed.clone();
                damaged[at] ^= 1 << bit;
                assert!(unsealed(damaged).is_err(), "bit {bit} of byte {at}");
            }
            assert!(unsealed(sealed[..at].to_vec()).is_err(), "{at} bytes");
        }
    }
}
