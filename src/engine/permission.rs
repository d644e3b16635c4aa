//! Who asks, and what they may see.

use crate::model::{Body, Record, RecordId, Role, Visibility};

/// 身份: who has signed in, and what they are bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Identity {
    /// The user.
    pub user: RecordId,
    /// What they are.
    pub role: Role,
    /// The office whose area is theirs, or the park they come from.
    pub office: Option<RecordId>,
    /// The institution they are posted to or belong to.
    pub institution: Option<RecordId>,
    /// The firm they belong to.
    pub enterprise: Option<RecordId>,
}

/// 访问者: on whose behalf the engine is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Viewer {
    /// Whoever runs commands on the machine, or was let in as such: sees and changes everything.
    Local,
    /// Anybody: sees what is public, without contacts, and changes nothing.
    Anonymous,
    /// Somebody who has signed in.
    User(Identity),
}

impl Viewer {
    /// Whether the viewer may see a record at all.
    pub fn may_see(self, record: &Record) -> bool {
        match self {
            Self::Local => true,
            Self::Anonymous | Self::User(_) => {
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
        self != Self::Local
    }

    /// The record as the viewer may see it: without contact, unless it is theirs.
    pub fn view(self, mut record: Record) -> Record {
        if self == Self::Local {
            return record;
        }
        match &mut record.body {
            Body::Lab(lab) => lab.contact.clear(),
            Body::Enterprise(enterprise) => enterprise.contact.clear(),
            _ => {}
        }
        record
    }
}
