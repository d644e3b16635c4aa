//! The shipped tables that plans are measured with, read once.

use crate::data::{Data, DataError};
use crate::programmes::hundred::{Affinities, Places};

/// 测度用表
#[derive(Debug, Clone)]
pub(in crate::engine) struct PlanTables {
    /// Which disciplines serve an industry.
    pub affinities: Affinities,
    /// Leading industries by park or district.
    pub places: Places,
}

impl PlanTables {
    /// Reads the tables.
    ///
    /// # Errors
    /// If one is missing or cannot be used.
    pub fn load(data: &Data) -> Result<Self, DataError> {
        Ok(Self { affinities: Affinities::load(data)?, places: Places::load(data)? })
    }
}
