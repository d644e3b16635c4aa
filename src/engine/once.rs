//! Requests that are done once, however often they are sent.

use super::Viewer;
use crate::store::RequestKey;

/// 幂等标识: what a caller calls a request. Sent again with the same name, it does nothing again
/// and is answered with the record as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    /// The caller's name of the request.
    pub key: String,
    /// Digest of what is asked for: the same name for something else is refused.
    pub digest: String,
}

impl Once {
    /// As the store knows it: names of different callers are different.
    pub(super) fn of(self, viewer: Viewer) -> RequestKey {
        RequestKey { caller: viewer.author(), key: self.key, digest: self.digest }
    }
}
