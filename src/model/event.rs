//! What happened that changed no record, and what was merged.

use super::id::RecordId;
use super::record::Kind;
use super::text_field::{NAME_CHARS_MAX, Refusal, optional};

super::record::named_values! {
    /// 审计事件: what is remembered though no record changed by it.
    Action, "action" {
        /// 登录
        SignedIn = "signed_in", "登录", [];
        /// 登录失败
        SignInFailed = "sign_in_failed", "登录失败", [];
        /// 退出
        SignedOut = "signed_out", "退出", [];
        /// 查看联系方式
        ContactRead = "contact_read", "查看联系方式", [];
        /// 导出
        Exported = "exported", "导出", [];
        /// 抹除个人信息
        Erased = "erased", "抹除个人信息", [];
        /// 清理审计事件: what old events said was erased.
        Pruned = "pruned", "清理审计事件", [];
    }
}

super::record::named_values! {
    /// 变更: what was done to a record.
    Operation, "operation" {
        /// 新建
        Create = "create", "新建", [];
        /// 修改
        Update = "update", "修改", [];
        /// 删除
        Delete = "delete", "删除", [];
        /// 恢复: a deleted record came back.
        Revive = "revive", "恢复", [];
    }
}

/// 事件: something that happened; who and when are the record's `created_by` and `created_at`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What.
    pub action: Action,
    /// To which record, if to one.
    pub subject: Option<(Kind, RecordId)>,
    /// What else is to be known; no secrets and no personal data.
    pub detail: String,
}

impl Event {
    /// Checks the text.
    ///
    /// # Errors
    /// If it is too long.
    pub fn checked(mut self) -> Result<Self, Refusal> {
        self.detail = optional("detail", &self.detail, NAME_CHARS_MAX)?;
        Ok(self)
    }
}

/// Most records that may name a record which is merged into another.
pub const MERGE_MOVED_MAX: usize = 10_000;

/// 合并: one record took the place of another that was the same; it can be undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    /// Kind of both.
    pub kind: Kind,
    /// The record that stays.
    pub kept_id: RecordId,
    /// The record whose place it took.
    pub merged_id: RecordId,
    /// The records that named the merged one and name the kept one now.
    pub moved: Vec<(Kind, RecordId)>,
    /// It was taken back.
    pub undone: bool,
}

impl Merge {
    /// Checks the list, and that the records are two.
    ///
    /// # Errors
    /// If there are too many, or kept and merged are the same.
    pub fn checked(self) -> Result<Self, Refusal> {
        if self.kept_id == self.merged_id {
            return Err(Refusal::new("merged_id", "与保留的记录相同", "请填另一条记录的编号"));
        }
        if self.moved.len() > MERGE_MOVED_MAX {
            let reason = format!("共 {} 项，过多", self.moved.len());
            return Err(Refusal::new("moved", reason, format!("不超过 {MERGE_MOVED_MAX} 项")));
        }
        Ok(self)
    }
}
