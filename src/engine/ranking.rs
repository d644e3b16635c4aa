//! Documents and labs ranked for a need: the production matcher, used by answers and
//! evaluations alike. Texts are left to whoever shows them.

use std::collections::HashSet;
use std::sync::Arc;

use super::directory::{Directory, InstitutionEntry, LabEntry};
use super::extras::{Extra, Extras};
use super::matching::NeedText;
use super::{EngineError, Viewer};
use crate::index::{
    Candidate, Candidates, Contribution, Given, IndexError, Lookup, Scope, Snapshot,
};
use crate::matching::{
    Band, Feature, Potential, Query, RankedLab, Reason, Reasons, WeightedQuery, Weights, rank_labs,
};
use crate::text::Analyzer;

/// The judged level from which on a person calls a match relevant.
const RELEVANT_LEVEL: u8 = 3;
/// Documents that are scored exactly.
pub(super) const CANDIDATES: usize = 300;

/// A need whose terms are weighed and looked up in one snapshot.
pub(super) struct Question {
    pub query: Query,
    pub weighted: WeightedQuery,
    lookup: Lookup,
}

impl Question {
    pub fn new(
        analyzer: &Analyzer,
        snapshot: &Snapshot,
        weights: &Weights,
        need: &NeedText,
    ) -> Result<Self, EngineError> {
        let query = Query::new(analyzer, &need.title, &need.body);
        let weighted = query.weigh(snapshot.statistics(), weights);
        let lookup = snapshot.look_up(&weighted.terms).map_err(IndexError::from)?;
        Ok(Self { query, weighted, lookup })
    }

    /// The `limit` most promising documents by the terms that `used` says yes to.
    pub fn candidates(
        &self,
        snapshot: &Snapshot,
        weights: &Weights,
        scope: Scope<'_>,
        limit: usize,
        used: impl Fn(usize) -> bool,
    ) -> Result<Candidates, EngineError> {
        let found = snapshot.candidates(&self.lookup, used, weights.bm25, scope, limit);
        Ok(found.map_err(IndexError::from)?)
    }

    /// Those that production looks at.
    pub fn selective(
        &self,
        snapshot: &Snapshot,
        weights: &Weights,
        scope: Scope<'_>,
    ) -> Result<Candidates, EngineError> {
        let used = |idx| self.weighted.is_selective(idx);
        self.candidates(snapshot, weights, scope, CANDIDATES, used)
    }

    /// What [`Question::selective`] finds when nothing but `given` can be found.
    pub fn selective_among(
        &self,
        snapshot: &Snapshot,
        weights: &Weights,
        given: &Given,
    ) -> Result<Candidates, EngineError> {
        let (used, bm25) = (|idx| self.weighted.is_selective(idx), weights.bm25);
        let found = snapshot.candidates_among(given, &self.lookup, used, bm25, CANDIDATES);
        Ok(found.map_err(IndexError::from)?)
    }

    /// The documents of these rows, with their exact scores.
    pub fn of_rows(
        &self,
        snapshot: &Snapshot,
        weights: &Weights,
        rows: &[i64],
    ) -> Result<Vec<Candidate>, EngineError> {
        let documents = snapshot.documents_of_rows(rows).map_err(IndexError::from)?;
        let found = snapshot.score(documents, &self.lookup, weights.bm25);
        Ok(found.map_err(IndexError::from)?)
    }

    /// What the scores of documents are made of, in the order given.
    pub fn contributions(
        &self,
        snapshot: &Snapshot,
        weights: &Weights,
        documents: &[Candidate],
    ) -> Result<Vec<Vec<Contribution>>, EngineError> {
        let addresses: Vec<_> = documents.iter().map(|document| document.address).collect();
        let found = snapshot.contributions(&addresses, &self.lookup, weights.bm25);
        Ok(found.map_err(IndexError::from)?)
    }

    /// The sort of a contribution.
    pub fn feature(&self, contribution: &Contribution) -> Feature {
        let source = self.weighted.sources[contribution.term_idx as usize];
        Feature::of(&self.query.terms()[source], contribution.place)
    }

    /// Scores the candidates exactly and ranks their labs.
    pub fn rank(
        self,
        snapshot: Arc<Snapshot>,
        weights: &Weights,
        scope: Scope<'_>,
        candidates: Candidates,
    ) -> Result<Ranking, EngineError> {
        let documents = snapshot.score(candidates, &self.lookup, weights.bm25);
        let documents = documents.map_err(IndexError::from)?;
        let labs = rank_labs(&documents, weights, scope);
        Ok(Ranking { question: self, snapshot, documents, labs, fresh: None })
    }
}

/// What ranking a need gives, before texts are fetched.
pub(super) struct Ranking {
    pub question: Question,
    snapshot: Arc<Snapshot>,
    pub documents: Vec<Candidate>,
    pub labs: Vec<RankedLab>,
    fresh: Option<Fresh>,
}

/// Documents that have moved on since they were indexed.
struct Fresh {
    snapshot: Arc<Snapshot>,
    lookup: Lookup,
    /// The documents of the ranking from this place on.
    from: usize,
}

/// Finds, scores and ranks.
pub(super) fn rank(
    analyzer: &Analyzer,
    snapshot: &Arc<Snapshot>,
    weights: &Weights,
    need: &NeedText,
    scope: Scope<'_>,
) -> Result<Ranking, EngineError> {
    let question = Question::new(analyzer, snapshot, weights, need)?;
    let candidates = question.selective(snapshot, weights, scope)?;
    question.rank(snapshot.clone(), weights, scope, candidates)
}

/// A lab on its way into the answer.
pub(super) struct Found {
    pub ranked: RankedLab,
    pub lab: LabEntry,
    pub institutions: Vec<InstitutionEntry>,
    pub reasons: Vec<Reason>,
    /// What is added to what its texts have earned.
    pub extras: Vec<Extra>,
    pub share: f64,
    pub band: Band,
}

/// Gives no lab a higher band than one before it in the order of what the texts have earned:
/// how sure a match is has nothing to do with policy.
fn never_rising(found: &mut [Found]) {
    let mut by_text: Vec<&mut Found> = found.iter_mut().collect();
    by_text.sort_by(|a, b| b.ranked.score.total_cmp(&a.ranked.score));
    let mut band = Band::Strong;
    for lab in by_text {
        band = band.max(lab.band);
        lab.band = band;
    }
}

impl Ranking {
    /// What the scores of these documents are made of, in the order given.
    fn contributions(
        &self,
        weights: &Weights,
        documents: &[usize],
    ) -> Result<Vec<Vec<Contribution>>, IndexError> {
        let from = self.fresh.as_ref().map_or(usize::MAX, |fresh| fresh.from);
        let address = |idx: &usize| self.documents[*idx].address;
        let (indexed, moved): (Vec<usize>, Vec<usize>) =
            documents.iter().partition(|idx| **idx < from);
        let addresses: Vec<_> = indexed.iter().map(address).collect();
        let bm25 = weights.bm25;
        let of = self.snapshot.contributions(&addresses, &self.question.lookup, bm25)?;
        let mut of_indexed = of.into_iter();
        let mut of_moved = Vec::new().into_iter();
        if let Some(fresh) = &self.fresh {
            let addresses: Vec<_> = moved.iter().map(address).collect();
            let of = fresh.snapshot.contributions(&addresses, &fresh.lookup, bm25)?;
            of_moved = of.into_iter();
        }
        let next = |idx: &usize| if *idx < from { of_indexed.next() } else { of_moved.next() };
        Ok(documents.iter().filter_map(next).collect())
    }

    /// The labs worth showing, with reasons: those that share at least a word with the need, by
    /// what texts and extras together have earned.
    pub fn best_labs(
        &self,
        viewer: Viewer,
        weights: &Weights,
        directory: &Directory,
        extras: &Extras,
        limit: usize,
    ) -> Result<Vec<Found>, EngineError> {
        // A lab that was deleted behind the index's back is in no directory.
        let labs = self
            .labs
            .iter()
            .filter_map(|ranked| Some((ranked, directory.seen_lab(viewer, ranked.lab)?)));
        self.best_of(labs, viewer, weights, directory, extras, limit)
    }

    /// The same of given labs.
    pub fn best_of<'a>(
        &self,
        labs: impl Iterator<Item = (&'a RankedLab, &'a LabEntry)>,
        viewer: Viewer,
        weights: &Weights,
        directory: &Directory,
        extras: &Extras,
        limit: usize,
    ) -> Result<Vec<Found>, EngineError> {
        let Question { query, weighted, .. } = &self.question;
        let potential = Potential::new(query, weighted);
        let reasons = Reasons::new(query, weighted);
        let mut found = Vec::with_capacity(limit);
        let good_score = potential.good_score();
        let mut labs =
            extras.ordered(viewer, directory, labs, &self.documents, good_score).into_iter();
        while found.len() < limit {
            let next: Vec<_> = labs.by_ref().take(limit - found.len()).collect();
            if next.is_empty() {
                break;
            }
            let documents: Vec<usize> =
                next.iter().flat_map(|(ranked, ..)| ranked.documents.iter().copied()).collect();
            let contributions = self.contributions(weights, &documents)?;
            let mut rest = contributions.as_slice();
            for (ranked, lab, extras) in next {
                let (of_lab, behind) = rest.split_at(ranked.documents.len());
                rest = behind;
                let shared = potential.shared(of_lab, ranked.score);
                if shared.words == 0 {
                    continue;
                }
                // A lab is as relevant as its best achievement.
                let best = of_lab.first().map_or(&[][..], Vec::as_slice);
                let relevant = weights.levels.probability(RELEVANT_LEVEL, potential.strength(best));
                let (lab, institutions) = directory.told_lab(viewer, lab);
                found.push(Found {
                    ranked: ranked.clone(),
                    lab,
                    institutions,
                    reasons: reasons.of(of_lab),
                    extras,
                    share: shared.share,
                    band: Band::of(weights.bands, relevant, shared, potential.words()),
                });
            }
        }
        never_rising(&mut found);
        Ok(found)
    }

    /// Scores the documents of `rows` by what `fresh` has of them, and ranks the labs again.
    pub fn renew(
        &mut self,
        fresh: Arc<Snapshot>,
        rows: &HashSet<i64>,
        weights: &Weights,
        scope: Scope<'_>,
    ) -> Result<(), IndexError> {
        let lookup = fresh.look_up(&self.question.weighted.terms)?;
        let mut sorted: Vec<i64> = rows.iter().copied().collect();
        sorted.sort_unstable();
        let found = fresh.documents_of_rows(&sorted)?;
        let scored = fresh.score(found, &lookup, weights.bm25)?;
        self.documents.retain(|document| !rows.contains(&document.row));
        let from = self.documents.len();
        self.documents.extend(scored);
        self.labs = rank_labs(&self.documents, weights, scope);
        self.fresh = Some(Fresh { snapshot: fresh, lookup, from });
        Ok(())
    }
}
