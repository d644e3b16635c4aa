//! Labs ranked by their documents.

use super::weights::Weights;
use crate::index::{Candidate, Scope, Score};

/// A lab with its evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct RankedLab {
    /// The store's row of the lab.
    pub lab: i64,
    /// Sum of its documents' scores.
    pub score: f64,
    /// Places of its best documents in the list given, best first.
    pub documents: Vec<usize>,
}

/// Ranks the labs that the documents belong to by the sum of their best documents, larger
/// first, ties by row. Only labs in `scope`. Linear in the number of documents but for sorting.
pub fn rank_labs(documents: &[Candidate], weights: &Weights, scope: Scope<'_>) -> Vec<RankedLab> {
    let mut of_labs: Vec<(i64, usize)> = Vec::with_capacity(documents.len() * 2);
    for (idx, document) in documents.iter().enumerate() {
        let labs = document.labs.iter().filter(|lab| scope.has_lab(**lab));
        of_labs.extend(labs.filter(|_| document.score > Score::default()).map(|lab| (*lab, idx)));
    }
    of_labs.sort_unstable_by(|a, b| {
        let (first, second) = (&documents[a.1], &documents[b.1]);
        let best_first = || second.score.cmp(&first.score).then(first.row.cmp(&second.row));
        a.0.cmp(&b.0).then_with(best_first)
    });
    let mut ranked: Vec<RankedLab> = of_labs
        .chunk_by(|a, b| a.0 == b.0)
        .map(|of_lab| {
            let best = of_lab.iter().take(weights.documents_of_lab).map(|(_, idx)| *idx);
            let documents_of_lab: Vec<usize> = best.collect();
            let score = documents_of_lab.iter().map(|idx| documents[*idx].score.value()).sum();
            RankedLab { lab: of_lab[0].0, score, documents: documents_of_lab }
        })
        .collect();
    ranked.sort_unstable_by(|a, b| b.score.total_cmp(&a.score).then(a.lab.cmp(&b.lab)));
    ranked
}
