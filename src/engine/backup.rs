//! The home's database into one file and back.
//!
//! A backup is taken while others write; a restore needs the home for itself. Neither loads
//! dictionary or index: the index finds out by itself that the store has begun another life.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{EngineError, Home};
use crate::model::Timestamp;
use crate::store::{BackupError, SqliteStore, StagedBackup, StagedRestore, Store};

pub use crate::store::{BackupContents, FinishedBackup};

/// How often the growing copy is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// How far a copy has come. Looking through it follows, once it is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopyProgress {
    /// Bytes written.
    pub done_bytes: u64,
    /// Bytes expected, about.
    pub total_bytes: u64,
}

/// What a restore has done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoreReport {
    /// What the home holds now.
    pub contents: BackupContents,
    /// SHA-256 of the backup's file.
    pub sha256: String,
    /// Where the database that was replaced is kept; `None` if there was none.
    pub replaced: Option<PathBuf>,
}

/// Writes the database of `home` into `file`, as it is at one moment, while others may write.
/// The file is complete, verified and durable when it gets its name; one that has the name
/// already is replaced only if `overwrite` says so. Linear in the size of the database.
///
/// # Errors
/// If the home has no database, the file exists or is the database itself, or the disk fails.
pub async fn backup(
    home: &Home,
    file: &Path,
    overwrite: bool,
    progress: impl FnMut(CopyProgress),
) -> Result<FinishedBackup, EngineError> {
    let database = home.database();
    let total_bytes = database
        .metadata()
        .map_err(|source| BackupError::File { path: database.clone(), source })?
        .len();
    refuse_own(&database, file)?;
    if file.exists() && !overwrite {
        return Err(BackupError::Exists { path: file.to_owned() }.into());
    }
    let staged = StagedBackup::begin(file)?;
    let store = SqliteStore::open(&database).await?;
    let copied =
        watched(staged.path(), total_bytes, progress, store.backup_to(staged.path())).await;
    store.close().await;
    copied?;
    Ok(staged.finish(overwrite).await?)
}

/// Puts the backup in `file` into the place of the database of `home`, which may be missing.
/// The one that was there is kept beside it. The store begins another life, so that the index
/// is built anew by the next who opens the home. Linear in the size of the file.
///
/// # Errors
/// If the file is not sound or of a newer version, or a process has the home open; the home is
/// as it was then.
pub async fn restore(
    home: &Home,
    file: &Path,
    progress: impl FnMut(CopyProgress),
) -> Result<RestoreReport, EngineError> {
    let database = home.database();
    refuse_own(&database, file)?;
    let total_bytes = file
        .metadata()
        .map_err(|source| BackupError::File { path: file.to_owned(), source })?
        .len();
    let staging = StagedRestore::staging_path(&database);
    let prepare = StagedRestore::prepare(file, &database);
    let staged = watched(&staging, total_bytes, progress, prepare).await?;
    let (contents, sha256) = (staged.contents().clone(), staged.sha256().to_owned());
    // As in 2026-11-22T15:26:10.123Z, without what some file systems do not like.
    let instant = Timestamp::now().to_string().replace([':', '.'], "-");
    let replaced = staged.put_into_place(&instant).await?;
    Ok(RestoreReport { contents, sha256, replaced })
}

/// Refuses the home's database, its log and its lock as the file of a backup.
fn refuse_own(database: &Path, file: &Path) -> Result<(), EngineError> {
    let folder = |path: &Path| path.parent().and_then(|folder| folder.canonicalize().ok());
    let names = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let (Some(own), Some(name)) = (names(database), names(file)) else {
        return Err(EngineError::BadRequest {
            field: "file",
            reason: "请写出备份文件的名字".to_owned(),
        });
    };
    let logs = ["", "-wal", "-shm", "-journal", ".lock", ".restoring"];
    let is_own = logs.iter().any(|suffix| name == format!("{own}{suffix}"));
    if is_own && folder(database).is_some() && folder(database) == folder(file) {
        return Err(EngineError::BadRequest {
            field: "file",
            reason: "这是工作目录自己的数据库，请换一个文件".to_owned(),
        });
    }
    Ok(())
}

/// Does the work and tells meanwhile how large the file at `path` has become.
async fn watched<T>(
    path: &Path,
    total_bytes: u64,
    mut progress: impl FnMut(CopyProgress),
    work: impl Future<Output = T>,
) -> T {
    let mut work = std::pin::pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return done,
            () = tokio::time::sleep(LOOK_EVERY) => {
                let done_bytes = path.metadata().map_or(0, |file| file.len());
                progress(CopyProgress { done_bytes, total_bytes });
            }
        }
    }
}

/// A Chinese sentence that says what to do.
pub(super) fn message(error: &BackupError) -> String {
    match error {
        BackupError::NoDatabase => "这不是数据库文件，请核对文件名".to_owned(),
        BackupError::Foreign => "这是其他程序的数据库，不是 duijie 的备份，请核对文件名".to_owned(),
        BackupError::Newer { .. } => "备份来自较新版本的 duijie，请先升级本程序再恢复".to_owned(),
        BackupError::WrongSize { found, expected } => format!(
            "备份不完整：有 {found} 字节，应为 {expected} 字节，请重新取得该文件或换一份备份"
        ),
        BackupError::Altered => {
            "备份的内容与校验值不符，文件已损坏或被改动，请重新取得该文件或换一份备份".to_owned()
        }
        BackupError::Unfolded { log } => format!(
            "这是使用中的数据库，最近的变更还在 {}，请用 duijie backup 制作备份",
            log.display()
        ),
        BackupError::Damaged { findings } => {
            format!("备份已损坏，请换一份备份：{}", findings.join("；"))
        }
        BackupError::Exists { path } => {
            format!("{} 已存在，请换一个文件名，或加 --force 覆盖它", path.display())
        }
        BackupError::InUse { database } => format!(
            "数据库 {} 正被另一个进程使用，请先停止 duijie serve 等进程再恢复",
            database.display()
        ),
        BackupError::File { path, source } if source.kind() == std::io::ErrorKind::NotFound => {
            format!("没有文件 {}，请核对路径", path.display())
        }
        BackupError::File { path, source } => {
            format!("{} 无法读写：{source}，请检查磁盘空间与权限", path.display())
        }
        BackupError::Store(error) => format!("数据库出错：{error}；请运行 duijie doctor 查看"),
    }
}
