//! Who asks, and what they may see.

use crate::model::{Body, Record, Visibility};

/// 访问者: on whose behalf the engine is asked. Accounts and roles will be further kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Viewer {
    /// Whoever runs commands on the machine, or was let in as such: sees and changes everything.
    Local,
    /// Anybody: sees what is public, without contacts, and changes nothing.
    Anonymous,
}

impl Viewer {
    /// Whether the viewer may see a record at all.
    pub fn may_see(self, record: &Record) -> bool {
        match self {
            Self::Local => true,
            Self::Anonymous => {
                record.meta.visibility == Visibility::Public && record.meta.deleted_at.is_none()
            }
        }
    }

    /// Whether the viewer may create and change records.
    pub fn may_write(self) -> bool {
        self == Self::Local
    }

    /// Whether hits must be limited to what everybody may see.
    pub fn public_only(self) -> bool {
        self == Self::Anonymous
    }

    /// The record as the viewer may see it: without contact, unless it is theirs.
    pub fn view(self, mut record: Record) -> Record {
        if self == Self::Local {
            return record;
        }
        match &mut record.body {
            Body::Lab(lab) => lab.contact.clear(),
            Body::Enterprise(enterprise) => enterprise.contact.clear(),
            Body::Institution(_) | Body::Achievement(_) | Body::Need(_) => {}
        }
        record
    }
}
