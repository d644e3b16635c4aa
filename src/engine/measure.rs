//! The parts of a match one by one, for benchmarks: the production code with a clock beside it.

use std::time::{Duration, Instant};

use super::matching::NeedText;
use super::ranking::{Question, rank};
use super::{Engine, EngineError, Preferences, Viewer};
use crate::index::{IndexError, Scope};
use crate::matching::{Query, Wish};
use crate::text::View;

/// Documents that an exhaustive ranking scores.
const EXHAUSTIVE_CANDIDATES: usize = 20_000;

/// How long the stages of ranking took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RankingTimes {
    /// From the text to weighed terms that are looked up.
    pub question: Duration,
    /// Finding the candidates.
    pub candidates: Duration,
    /// Scoring them exactly and ranking their labs.
    pub scores: Duration,
    /// The reasons of the best labs, without sentences.
    pub reasons: Duration,
}

impl RankingTimes {
    /// All of it.
    pub fn whole(&self) -> Duration {
        self.question + self.candidates + self.scores + self.reasons
    }
}

impl Engine {
    /// Ranks the labs for a need on this thread, without sentences.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn time_ranking(
        &self,
        title: &str,
        body: &str,
        limit: usize,
    ) -> Result<RankingTimes, EngineError> {
        let need = NeedText { title: title.to_owned(), body: body.to_owned() };
        let (snapshot, directory) = (self.index.snapshot(), self.directory());
        let (weights, scope) = (&self.weights, Scope::default());
        let extras = self.extras(Wish::default(), &Preferences::default());
        let start = Instant::now();
        let question = Question::new(&self.analyzer, &snapshot, weights, &need)?;
        let asked = Instant::now();
        let candidates = question.selective(&snapshot, weights, scope)?;
        let found = Instant::now();
        let ranking = question.rank(snapshot, weights, scope, candidates)?;
        let ranked = Instant::now();
        std::hint::black_box(ranking.best_labs(
            Viewer::Local,
            weights,
            &directory,
            &extras,
            limit,
        )?);
        drop(ranking);
        Ok(RankingTimes {
            question: asked - start,
            candidates: found - asked,
            scores: ranked - found,
            reasons: ranked.elapsed(),
        })
    }

    /// How long tantivy's own search for the `limit` best documents takes, by the words of a
    /// need; analysing the need is not counted.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn time_plain(
        &self,
        title: &str,
        body: &str,
        limit: usize,
    ) -> Result<Duration, EngineError> {
        let terms = self.plain_terms(title, body);
        let snapshot = self.index.snapshot();
        let start = Instant::now();
        let found = snapshot.plain_top(&terms, limit).map_err(IndexError::Tantivy)?;
        std::hint::black_box(&found);
        Ok(start.elapsed())
    }

    /// The word terms of a need, without stop words.
    pub fn plain_terms(&self, title: &str, body: &str) -> Vec<String> {
        let query = Query::new(&self.analyzer, title, body);
        let words = query.terms().iter().filter(|term| term.kind.view() == View::Words);
        words.map(|term| term.term.to_string()).collect()
    }

    /// The rows of the `limit` best labs: as they are found, and as they would be if (nearly)
    /// all documents were scored by all terms.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn compare_with_exhaustive(
        &self,
        title: &str,
        body: &str,
        limit: usize,
    ) -> Result<(Vec<i64>, Vec<i64>), EngineError> {
        let need = NeedText { title: title.to_owned(), body: body.to_owned() };
        let snapshot = self.index.snapshot();
        let (analyzer, weights) = (&self.analyzer, &self.weights);
        let found = rank(analyzer, &snapshot, weights, &need, Scope::default())?;
        let question = Question::new(analyzer, &snapshot, weights, &need)?;
        let (scope, limit_of_all) = (Scope::default(), EXHAUSTIVE_CANDIDATES);
        let all = question.candidates(&snapshot, weights, scope, limit_of_all, |_| true)?;
        let exact = question.rank(snapshot, weights, scope, all)?;
        let rows = |labs: &[crate::matching::RankedLab]| {
            labs.iter().take(limit).map(|lab| lab.lab).collect()
        };
        Ok((rows(&found.labs), rows(&exact.labs)))
    }
}
