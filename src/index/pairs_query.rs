//! Documents that have a word at least by its parts.

use std::sync::Arc;

use tantivy::columnar::Column;
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED};

use super::forward::Reading;

/// Most pairs that are looked for; of a longer word the first ones.
const PAIRS_MAX: usize = 64;

/// Of the documents that `inner` finds (those that have all characters of a word) those whose
/// texts have all pairs of neighbouring characters.
#[derive(Debug)]
pub(super) struct PairsQuery {
    inner: Box<dyn Query>,
    pairs: Arc<[(char, char)]>,
}

impl PairsQuery {
    pub fn new(inner: Box<dyn Query>, pairs: impl IntoIterator<Item = (char, char)>) -> Self {
        Self { inner, pairs: pairs.into_iter().take(PAIRS_MAX).collect() }
    }
}

impl Clone for PairsQuery {
    fn clone(&self) -> Self {
        Self { inner: self.inner.box_clone(), pairs: self.pairs.clone() }
    }
}

impl Query for PairsQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let inner = self.inner.weight(scoring)?;
        Ok(Box::new(PairsWeight { inner, pairs: self.pairs.clone() }))
    }
}

struct PairsWeight {
    inner: Box<dyn Weight>,
    pairs: Arc<[(char, char)]>,
}

impl Weight for PairsWeight {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut scorer = PairsScorer {
            inner: self.inner.scorer(segment, boost)?,
            pairs: self.pairs.clone(),
            forward: segment.fast_fields().u64("forward")?,
            reading: Reading::default(),
        };
        scorer.skip_those_without();
        Ok(Box::new(scorer))
    }

    fn explain(&self, segment: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        self.inner.explain(segment, doc)
    }
}

struct PairsScorer {
    inner: Box<dyn Scorer>,
    pairs: Arc<[(char, char)]>,
    forward: Column<u64>,
    reading: Reading,
}

impl PairsScorer {
    fn skip_those_without(&mut self) -> DocId {
        while self.inner.doc() != TERMINATED && !self.has_all() {
            self.inner.advance();
        }
        self.inner.doc()
    }

    fn has_all(&mut self) -> bool {
        let all = u64::MAX >> (u64::BITS as usize - self.pairs.len().clamp(1, PAIRS_MAX));
        self.reading.open(&self.forward, self.inner.doc());
        let (mut found, mut last) = (0u64, None);
        self.reading.each_char(|c| {
            if let (Some(first), Some(second)) = (last, c)
                && let Some(at) = self.pairs.iter().position(|pair| *pair == (first, second))
            {
                found |= 1 << at;
            }
            last = c;
        });
        // A pair that occurs twice in the word is marked at its first place.
        let repeated = |(at, pair): (usize, &(char, char))| {
            self.pairs[..at].contains(pair).then_some(1u64 << at)
        };
        found |= self.pairs.iter().enumerate().filter_map(repeated).sum::<u64>();
        self.pairs.is_empty() || found == all
    }
}

impl DocSet for PairsScorer {
    fn advance(&mut self) -> DocId {
        self.inner.advance();
        self.skip_those_without()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.inner.seek(target);
        self.skip_those_without()
    }

    fn doc(&self) -> DocId {
        self.inner.doc()
    }

    fn size_hint(&self) -> u32 {
        self.inner.size_hint()
    }
}

impl Scorer for PairsScorer {
    fn score(&mut self) -> Score {
        self.inner.score()
    }
}
