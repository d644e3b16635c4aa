//! Why the engine did not do what was asked.

use std::time::Duration;

use super::rebuilding::RebuildProgress;
use crate::data::DataError;
use crate::index::IndexError;
use crate::intake::{IntakeError, Refused, TableError};
use crate::matching::PointWordsError;
use crate::model::{Kind, RecordId, Refusal, RuleError};
use crate::programmes::hundred::CaseFault;
use crate::programmes::rules::RuleBookError;
use crate::store::{BackupError, Obstacle, StoreError};
use crate::text::DictionaryError;

/// Everything that can come back from the engine instead of an answer.
///
/// The first group is the caller's doing and says so in a Chinese sentence that can be acted
/// on; the second is ours.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// A part of the request cannot be used.
    #[error("{field}: {reason}")]
    BadRequest {
        /// Name of the part, as the API calls it.
        field: &'static str,
        /// What is wrong and what would be right, a Chinese sentence.
        reason: String,
    },
    /// A part of the request is larger than allowed.
    #[error("{field}: {found}, at most {limit}")]
    TooLarge {
        /// Name of the part.
        field: &'static str,
        /// Its size.
        found: usize,
        /// The limit.
        limit: usize,
    },
    /// No such record, or none that the caller may see.
    #[error("there is no {} named {name}", kind.as_str())]
    NotFound {
        /// The kind asked for.
        kind: Kind,
        /// The name asked for.
        name: String,
    },
    /// The caller has no such job.
    #[error("there is no job {id}")]
    NoSuchJob {
        /// The id asked for.
        id: String,
    },
    /// The caller has as many jobs under way as one may have.
    #[error("{limit} jobs are under way")]
    TooManyJobs {
        /// How many one may have.
        limit: usize,
    },
    /// Several records have that external id.
    #[error("{name} names a {} in several sources: {}", kind.as_str(), sources.join(", "))]
    Ambiguous {
        /// The kind asked for.
        kind: Kind,
        /// The name asked for.
        name: String,
        /// The sources that have it.
        sources: Vec<String>,
    },
    /// A record with that source and external id exists.
    #[error("the {} {external_id} of source {source_name} exists", kind.as_str())]
    Exists {
        /// The kind.
        kind: Kind,
        /// Its source.
        source_name: String,
        /// Its external id.
        external_id: String,
    },
    /// There is a lead of that need, lab and resource.
    #[error("the lead {id} exists")]
    LeadExists {
        /// Its id.
        id: RecordId,
    },
    /// A lead does not take that step from where it is.
    #[error("the lead does not take that step: {reason}")]
    IllegalStep {
        /// Why, and what can be done, a Chinese sentence.
        reason: String,
    },
    /// A value that the model refuses.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A record's row with cells that cannot be taken: all of them, never none.
    #[error("{} cells were refused, first {:?}", .0.len(), .0.first().and_then(|cell| cell.column.as_deref()))]
    Cells(Vec<Refused>),
    /// A case, or changes to one, with faults: all of them, never none.
    #[error("{} faults in a case, first at {:?}", .0.len(), .0.first().map(|fault| fault.place.as_str()))]
    Case(Vec<CaseFault>),
    /// A file that cannot be read.
    #[error(transparent)]
    Intake(#[from] IntakeError),
    /// The caller may not do that.
    #[error("not permitted: {action}")]
    Forbidden {
        /// What was tried.
        action: &'static str,
    },
    /// Nobody has signed in, and somebody must have.
    #[error("nobody has signed in")]
    NotSignedIn,
    /// There is no such user, or the password is another, or they are disabled.
    #[error("login or password are wrong")]
    WrongLogin,
    /// Too many sign-ins have failed.
    #[error("locked out for {} s", wait.as_secs())]
    LockedOut {
        /// How long to wait.
        wait: Duration,
    },
    /// Too much work of that sort is waiting.
    #[error("{limit} are waiting")]
    Busy {
        /// How many may wait.
        limit: usize,
    },
    /// An evaluation file that cannot be used.
    #[error("{file}: {reason}")]
    Evaluation {
        /// The file.
        file: String,
        /// What is wrong with it.
        reason: String,
    },

    /// The store failed.
    #[error(transparent)]
    Store(StoreError),
    /// There is no index of this store yet; it is being built.
    #[error("the index is being built")]
    NoIndex {
        /// How far that has come, if it has begun.
        progress: Option<RebuildProgress>,
    },
    /// There is no backup, or it was not restored.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// The index failed.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// A data file is missing.
    #[error(transparent)]
    Data(#[from] DataError),
    /// A reference table is damaged.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The rules of leads are damaged.
    #[error(transparent)]
    Rules(#[from] RuleError),
    /// The rule packs are damaged.
    #[error(transparent)]
    RuleBook(#[from] RuleBookError),
    /// The dictionary is damaged.
    #[error(transparent)]
    Dictionary(#[from] DictionaryError),
    /// The words for technical points are damaged.
    #[error(transparent)]
    PointWords(#[from] PointWordsError),
    /// Whoever has begun the work has stopped it.
    #[error("stopped")]
    Cancelled,
    /// Work was broken off, by shutdown or a defect.
    #[error("the work was broken off: {0}")]
    Interrupted(String),
}

impl From<StoreError> for EngineError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Exists { kind, source_name, external_id } => {
                Self::Exists { kind, source_name, external_id }
            }
            StoreError::NotErasable { kind } => Self::BadRequest {
                field: "kind",
                reason: format!("{}不含个人信息，或须留作凭据，不能抹除", kind.label()),
            },
            other => Self::Store(other),
        }
    }
}

impl EngineError {
    /// Whether the caller can put it right.
    pub fn is_callers(&self) -> bool {
        matches!(
            self,
            Self::BadRequest { .. }
                | Self::TooLarge { .. }
                | Self::NotFound { .. }
                | Self::NoSuchJob { .. }
                | Self::TooManyJobs { .. }
                | Self::Ambiguous { .. }
                | Self::Exists { .. }
                | Self::LeadExists { .. }
                | Self::IllegalStep { .. }
                | Self::Refused(_)
                | Self::Cells(_)
                | Self::Case(_)
                | Self::Intake(_)
                | Self::Forbidden { .. }
                | Self::NotSignedIn
                | Self::WrongLogin
                | Self::LockedOut { .. }
                | Self::Busy { .. }
                | Self::Evaluation { .. }
        )
    }

    /// A Chinese sentence for the person in front of it, which says what to do next.
    pub fn message(&self) -> String {
        match self {
            Self::BadRequest { field, reason } => format!("{field}：{reason}"),
            Self::TooLarge { field, found, limit } => {
                format!("{field} 为 {found}，超过上限 {limit}，请减少后重试")
            }
            Self::NotFound { kind, name } => {
                format!("没有编号为“{name}”的{}，请核对编号", kind.label())
            }
            Self::TooManyJobs { limit } => {
                format!(
                    "您已有 {limit} 个任务尚未结束，请等其结束（GET /api/v1/jobs），或取消后再提交"
                )
            }
            Self::NoSuchJob { id } => {
                format!("您没有编号为“{id}”的任务；任务只保留到服务重启，请重新提交")
            }
            Self::Ambiguous { name, sources, .. } => {
                format!("“{name}”在几个来源里都有（{}），请写成 来源:编号", sources.join("、"))
            }
            Self::Exists { kind, source_name, external_id } => format!(
                "来源“{source_name}”里已有编号为“{external_id}”的{}，请换一个编号，或用导入来更新",
                kind.label()
            ),
            Self::LeadExists { id } => {
                format!("这条需求与这个实验室已有线索，编号为 {id}，请在该线索上继续")
            }
            Self::IllegalStep { reason } => reason.clone(),
            Self::Refused(refusal) => {
                format!("{}：{}；应为：{}", refusal.field, refusal.reason, refusal.expected)
            }
            Self::Cells(cells) => cells.iter().map(cell_message).collect::<Vec<_>>().join("。"),
            Self::Case(faults) => {
                let told = faults.iter().map(CaseFault::to_string);
                told.collect::<Vec<_>>().join("。")
            }
            Self::Intake(error) => error.to_string(),
            Self::Forbidden { .. } => "没有权限进行此操作".to_owned(),
            Self::NotSignedIn => "请先登录（POST /api/v1/sessions），或出示访问令牌".to_owned(),
            Self::WrongLogin => {
                "用户名或密码不正确，或账户已停用；忘记密码请联系管理员重置".to_owned()
            }
            Self::LockedOut { wait } => {
                format!("连续失败次数过多，请 {} 秒后再试", whole_seconds(*wait))
            }
            Self::Busy { limit } => format!("等待的请求已满（上限 {limit}），请稍后重试"),
            Self::Evaluation { file, reason } => format!("{file}：{reason}"),
            Self::Index(IndexError::Busy) => {
                "另一个 duijie 进程正在写索引，请稍后再试，或先停止它".to_owned()
            }
            Self::Index(IndexError::Folder { path, source }) => format!(
                "无法写入索引目录 {}：{source}；请检查目录权限与磁盘空间，然后运行 duijie index rebuild",
                path.display()
            ),
            Self::NoIndex { progress } => no_index(*progress),
            Self::Backup(error) => super::backup::message(error),
            Self::Store(StoreError::Unopenable { path, obstacle, reason }) => {
                let advice = obstacle.map(advice).map_or_else(String::new, |a| format!("；{a}"));
                format!("无法打开数据库 {}：{reason}{advice}", path.display())
            }
            Self::Store(StoreError::RevisionConflict { expected, found, .. }) => {
                format!("记录现在是第 {found} 版，要更改的是第 {expected} 版，请重新读取后再改")
            }
            Self::Store(StoreError::RequestReused { key }) => {
                format!("Idempotency-Key“{key}”已用于另一个请求，请换一个新的")
            }
            Self::Store(StoreError::NotFound { kind, id }) => {
                format!("编号为“{id}”的{}刚被删除，请核对后重试", kind.label())
            }
            Self::Store(StoreError::DanglingReference { kind, id }) => {
                format!("引用的{}“{id}”刚被删除，请核对后重试", kind.label())
            }
            Self::Store(StoreError::Obstacle { obstacle, .. }) => {
                format!("{}；已保存的数据不受影响", advice(*obstacle))
            }
            other => format!("系统内部错误：{other}；请运行 duijie doctor 查看"),
        }
    }
}

impl EngineError {
    /// The sentence for whoever looks at a job later: nothing of our own faults.
    pub(super) fn job_message(&self) -> String {
        match self {
            Self::Store(StoreError::Obstacle { .. } | StoreError::DanglingReference { .. }) => {
                self.message()
            }
            ours if !ours.is_callers() => {
                "系统内部错误，已写入的行不受影响，请稍后重新提交".to_owned()
            }
            theirs => theirs.message(),
        }
    }
}

/// The seconds of a wait, so that it is over when they are.
pub(crate) fn whole_seconds(wait: Duration) -> u64 {
    wait.as_millis().div_ceil(1_000).try_into().unwrap_or(u64::MAX)
}

/// What is denied to the database, and what to do about it.
fn advice(obstacle: Obstacle) -> &'static str {
    match obstacle {
        Obstacle::DiskFull => "磁盘空间已满，未能写入，请清理数据库所在的磁盘后重试",
        Obstacle::ReadOnly => {
            "数据库文件或其目录不可写，请检查文件与目录的权限，以及磁盘是否以只读方式挂载"
        }
        Obstacle::Locked => {
            "另一个程序长时间占用数据库，请稍后重试，或停止占用它的程序（如备份、杀毒软件）"
        }
        Obstacle::Io => {
            "无法读写数据库文件，请检查目录是否还在、磁盘是否有故障、文件大小是否受限（ulimit、配额），然后运行 duijie doctor"
        }
    }
}

fn no_index(progress: Option<RebuildProgress>) -> String {
    match progress {
        Some(RebuildProgress { done, total }) if total > 0 => {
            format!("索引正在建立（{done}/{total}），请稍后重试")
        }
        _ => "索引正在建立，请稍后重试".to_owned(),
    }
}

/// One refused cell as a sentence.
fn cell_message(cell: &Refused) -> String {
    let place = cell.column.as_ref().map_or_else(String::new, |column| format!("{column}："));
    format!("{place}{}；应为：{}", cell.reason, cell.expected)
}
