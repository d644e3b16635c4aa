//! Seals the log while the service runs, and proves it.

use std::sync::Arc;
use std::time::Duration;

use crate::engine::{Engine, EngineError, Viewer};
use crate::store::{LogHash, Mismatch, SEAL_ROWS_MAX, Seal, Sealed};

/// Seals held against the entries between two looks at the progress.
const SEALS_AT_ONCE: usize = 20;

/// 审计核验: what came of holding the log against its seals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogVerification {
    /// The last seal that is right: the log is as it was up to there.
    pub last: Option<Seal>,
    /// Entries under right seals.
    pub rows: u64,
    /// Those among them that say nothing any more, by erasure or age.
    pub erased: u64,
    /// Entries that no seal covers yet.
    pub waiting: u64,
    /// The first thing that is not what was sealed.
    pub mismatch: Option<Mismatch>,
    /// Whether a hash that was kept elsewhere is that of a right seal; `None` without one.
    pub has_expected: Option<bool>,
}

impl LogVerification {
    /// Whether nothing speaks against the log.
    pub fn is_right(&self) -> bool {
        self.mismatch.is_none() && self.has_expected != Some(false)
    }
}

impl Engine {
    /// Seals all changes that no seal covers yet, and tells how far the log is sealed.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn seal_log(&self) -> Result<Sealed, EngineError> {
        while let Some(seal) = self.store.seal().await? {
            // What came meanwhile can wait: a stream of writes is no reason not to return.
            if seal.rows < SEAL_ROWS_MAX as u64 {
                break;
            }
        }
        Ok(self.store.sealed().await?)
    }

    /// How far the log is sealed.
    ///
    /// # Errors
    /// [`EngineError::Forbidden`]; if the store fails.
    pub async fn sealed_log(&self, viewer: Viewer) -> Result<Sealed, EngineError> {
        viewer.check_may_audit()?;
        Ok(self.store.sealed().await?)
    }

    /// Recomputes all seals from the entries, up to the first that is not right. `progress` is
    /// told the number of entries done and of all that are sealed. Linear in the log.
    ///
    /// # Errors
    /// [`EngineError::Forbidden`]; if the store fails.
    pub async fn verify_log(
        &self,
        viewer: Viewer,
        expected: Option<LogHash>,
        mut progress: impl FnMut(u64, u64),
    ) -> Result<LogVerification, EngineError> {
        viewer.check_may_audit()?;
        // First, so that what comes meanwhile is not looked for.
        let expected_seal = match expected {
            None => None,
            Some(hash) => self.store.seal_of_hash(hash).await?,
        };
        let sealed = self.store.sealed().await?;
        let total = sealed.newest.map_or(0, |seal| seal.last_seq.max(0).unsigned_abs());
        let mut found = LogVerification {
            last: None,
            rows: 0,
            erased: 0,
            waiting: sealed.waiting,
            mismatch: None,
            has_expected: None,
        };
        loop {
            let next = self.store.verify_seals(found.last.as_ref(), SEALS_AT_ONCE).await?;
            found.last = next.last;
            found.rows += next.rows;
            found.erased += next.erased;
            found.mismatch = next.mismatch;
            progress(found.rows, total);
            if next.seals == 0 || found.mismatch.is_some() {
                break;
            }
        }
        found.has_expected = expected.map(|_| {
            let numbers = expected_seal.zip(found.last);
            numbers.is_some_and(|(expected, last)| expected.number <= last.number)
        });
        Ok(found)
    }
}

/// A Chinese sentence on what is wrong with the log.
pub fn mismatch_message(mismatch: &Mismatch) -> String {
    match mismatch {
        Mismatch::Changed(seq) => format!("第 {seq} 条日志封存后被改动"),
        Mismatch::Missing(seq) => format!("第 {seq} 条日志封存后被删除"),
        Mismatch::Inserted(seq) => format!("第 {seq} 条日志是封存后插入的"),
        Mismatch::Moved { seq, from } => {
            format!("第 {seq} 条日志原是第 {from} 条，封存后被调换了次序")
        }
        Mismatch::SealMissing(number) => format!("第 {number} 个封存被删除"),
        Mismatch::SealChanged(number) => format!("第 {number} 个封存被改动"),
    }
}

/// Seals the log until the engine is dropped, every so often; what could not be sealed is sealed
/// next time.
pub async fn keep_sealed(engine: Arc<Engine>, every: Duration) {
    let engine = Arc::downgrade(&engine);
    loop {
        tokio::time::sleep(every).await;
        let Some(engine) = engine.upgrade() else { return };
        if let Err(error) = engine.seal_log().await {
            tracing::error!(%error, "the audit log was not sealed");
        }
    }
}
