//! Which district goes where in which batch: the whole plan in one table.

use super::postings::address_of;
use crate::programmes::hundred::{Basis, Commissioner, Posting};

/// 区 × 批次
pub struct Matrix {
    /// Names of the batches with their postings.
    pub batches: Vec<(String, usize)>,
    pub rows: Vec<MatrixRow>,
}

/// 区
pub struct MatrixRow {
    pub district: String,
    /// Commissioners of the case, and those of them who go.
    pub named: usize,
    pub posted: usize,
    /// By batch.
    pub cells: Vec<Vec<Entry>>,
}

/// A posting: where to, and where that is explained.
pub struct Entry {
    pub institution: String,
    pub address: String,
}

impl Matrix {
    /// Of a plan. Districts stand in the order of the case.
    pub fn of(plan: &str, basis: &Basis, postings: &[Posting]) -> Self {
        let case = &basis.case;
        let mut rows: Vec<MatrixRow> = Vec::new();
        for who in &case.commissioners {
            let idx = rows.iter().position(|row| row.district == district_of(who));
            let idx = idx.unwrap_or_else(|| {
                rows.push(MatrixRow {
                    district: district_of(who).to_owned(),
                    named: 0,
                    posted: 0,
                    cells: case.batches.iter().map(|_| Vec::new()).collect(),
                });
                rows.len() - 1
            });
            let row = &mut rows[idx];
            row.named += 1;
            let own: Vec<_> = postings.iter().filter(|own| own.commissioner == who.id).collect();
            row.posted += usize::from(!own.is_empty());
            for posting in own {
                let Some((batch, _)) = basis.batch(&posting.batch) else { continue };
                row.cells[batch].push(Entry {
                    institution: posting.institution.clone(),
                    address: address_of(plan, &who.id),
                });
            }
        }
        let count = |id: &str| postings.iter().filter(|own| own.batch == id).count();
        let batches = case.batches.iter().map(|own| (own.name.clone(), count(&own.id)));
        Self { batches: batches.collect(), rows }
    }
}

/// The district, or the park of somebody whose district is not known.
fn district_of(who: &Commissioner) -> &str {
    who.district.as_deref().unwrap_or_else(|| who.home())
}
