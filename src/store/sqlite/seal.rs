//! The seal of a backup: one line behind the database's last page, with the digest of all
//! that stands before it. SQLite does not look there, so that a sealed backup remains a
//! database that any program can read; and a single flipped bit does not go unnoticed.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

const MARK: &str = "\nduijie backup, sha256 of the bytes before this line: ";
/// The mark, 64 hexadecimal digits, an end of line.
pub(super) const SEAL_BYTES: u64 = MARK.len() as u64 + 65;
/// Bytes read at a time.
const BUFFER_BYTES: usize = 1 << 20;

/// Seals a file that is complete and makes it durable. Returns the SHA-256 of all of it.
pub(super) fn seal(path: &Path) -> io::Result<String> {
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    let mut digest = Sha256::new();
    pass(&mut file, u64::MAX, |bytes| {
        digest.update(bytes);
        Ok(())
    })?;
    let line = format!("{MARK}{}\n", hex(digest.clone()));
    digest.update(&line);
    file.seek(SeekFrom::End(0))?;
    file.write_all(line.as_bytes())?;
    file.sync_all()?;
    Ok(hex(digest))
}

/// What was copied.
pub(super) struct Copied {
    /// SHA-256 of the whole file.
    pub sha256: String,
    /// Whether the seal, if there is one, is that of the bytes before it.
    pub is_intact: bool,
}

/// Copies the database of `database_bytes` bytes that a backup holds, without its seal, and
/// makes the copy durable.
pub(super) fn copy(from: &Path, to: &mut File, database_bytes: u64) -> io::Result<Copied> {
    let mut file = File::open(from)?;
    let mut digest = Sha256::new();
    pass(&mut file, database_bytes, |bytes| {
        digest.update(bytes);
        to.write_all(bytes)
    })?;
    to.sync_all()?;
    let found = hex(digest.clone());
    let mut rest = Vec::new();
    file.take(SEAL_BYTES + 1).read_to_end(&mut rest)?;
    digest.update(&rest);
    let is_intact = rest.is_empty() || rest == format!("{MARK}{found}\n").as_bytes();
    Ok(Copied { sha256: hex(digest), is_intact })
}

/// Hands on the next bytes of a file, `limit` at most.
fn pass(
    file: &mut File,
    limit: u64,
    mut take: impl FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<()> {
    let mut buffer = vec![0; BUFFER_BYTES];
    let mut limited = file.take(limit);
    loop {
        match limited.read(&mut buffer)? {
            0 => return Ok(()),
            read => take(&buffer[..read])?,
        }
    }
}

fn hex(digest: Sha256) -> String {
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
