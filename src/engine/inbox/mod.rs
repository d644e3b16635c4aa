//! 收件箱: what is new for somebody, and why.
//!
//! `following` reads the feed behind the index and has every changed need, achievement and lab
//! met (`meeting`); what comes of it is kept as notices in the store. `reading` tells each user
//! what of it is theirs to know, `belonging` which those are, `summary` how many, `dismissed` which
//! they do not want to see.

mod belonging;
mod dismissed;
mod following;
mod meeting;
mod reading;
mod summary;

use crate::matching::Band;

pub use belonging::Tie;
pub use following::{InboxStatus, follow_inbox};
pub use reading::{
    Grouping, InboxAnswer, InboxDay, InboxGroup, InboxItem, InboxReason, InboxRequest, PER_DAY,
    PER_DAY_MAX,
};
pub use summary::{InboxCount, InboxSummary};

/// 提醒规则: what is worth a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InboxRules {
    /// Most labs that a new or changed need is told of.
    pub labs_of_need: usize,
    /// Most needs that a new or changed achievement or lab is told of.
    pub needs_of_document: usize,
    /// The weakest band that is told.
    pub band: Band,
    /// More changes than these at once are put off until nothing newer is waiting.
    pub flood: i64,
}

impl Default for InboxRules {
    /// 10 labs, 20 needs, fair, 1,000 changes.
    fn default() -> Self {
        Self { labs_of_need: 10, needs_of_document: 20, band: Band::Fair, flood: 1_000 }
    }
}
