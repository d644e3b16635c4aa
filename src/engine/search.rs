//! Free search over labs, achievements and needs.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::freshness::Texts;
use super::records::check_limit;
use super::search_sight::SearchSight;
use super::{Engine, EngineError, Filters, Viewer, blocking};
use crate::index::{EntryKind, Hit, HitMatch, LabSet, Promise, SearchResult, Snapshot, TextQuery};
use crate::matching::{Evidence, Marks, Query};
use crate::model::{Body, Record, RecordId};
use crate::text::Analyzer;

/// Most hits in one answer.
pub const LIMIT_MAX: usize = 100;
/// Longest query, in characters.
pub const QUERY_CHARS_MAX: usize = 500;
/// How often hits that have changed since they were indexed are replaced by others.
const ROUNDS_MAX: usize = 4;

/// A search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchRequest {
    /// Words and quoted phrases.
    pub query: String,
    /// Kinds wanted; all if empty.
    pub kinds: Vec<EntryKind>,
    /// Hits wanted, 1 to [`LIMIT_MAX`].
    pub limit: usize,
    /// Which labs; needs are left out if anything is restricted.
    pub filters: Filters,
}

/// A sentence of a hit with what it shares with the query.
pub type Snippet = Evidence;

/// A hit.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchHit {
    /// What it is.
    pub kind: EntryKind,
    /// Its id.
    pub id: RecordId,
    /// Its id in its source.
    pub external_id: String,
    /// Its title or name.
    pub title: String,
    /// How it has the words.
    pub matched: HitMatch,
    /// Title first, if it shares something, then the best sentence.
    pub snippets: Vec<Snippet>,
}

/// 分面: how many hits have each value, by facet and value.
pub type Facets = BTreeMap<&'static str, BTreeMap<String, u64>>;

/// Hits with their number and facets.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchAnswer {
    /// The best.
    pub hits: Vec<SearchHit>,
    /// Counts over all hits.
    pub facets: Facets,
    /// How many there are.
    pub total: usize,
    /// No hit had all words, so hits with any of them are given.
    pub relaxed: bool,
}

impl Engine {
    /// Finds what has the words of a query.
    ///
    /// # Errors
    /// If the query is blank or too long, or a filter has an unknown value.
    pub async fn search(
        &self,
        viewer: Viewer,
        request: SearchRequest,
    ) -> Result<SearchAnswer, EngineError> {
        check_limit(request.limit, LIMIT_MAX)?;
        let chars = request.query.chars().count();
        if chars > QUERY_CHARS_MAX {
            return Err(EngineError::TooLarge { field: "q", found: chars, limit: QUERY_CHARS_MAX });
        }
        if request.query.trim().is_empty() {
            return Err(EngineError::BadRequest {
                field: "q",
                reason: "请输入要查找的词".to_owned(),
            });
        }
        let labs = if request.filters.is_empty() {
            None
        } else {
            self.labs_that_pass(viewer, &request.filters).await?
        };
        let (page, texts) = self.page(viewer, &request, Arc::new(labs)).await?;
        let Page { found, facets } = page;
        let (analyzer, directory) = (self.analyzer.clone(), self.directory());
        let hits = blocking(move || {
            let query = Query::new(&analyzer, &request.query, "");
            let marks = Marks::plain(&query);
            let shown = found.hits.iter().filter_map(|hit| {
                let stored = texts.get(hit.row)?;
                let sight = viewer.sight_of(&directory, &stored.record);
                let record = viewer.shown(&directory, stored.record.clone(), sight);
                Some(show(&record, hit.kind, hit.matched, &marks, &analyzer))
            });
            Ok::<Vec<SearchHit>, EngineError>(shown.collect())
        })
        .await?;
        Ok(SearchAnswer { hits, facets, total: found.total, relaxed: found.relaxed })
    }

    /// The best hits with their records, which are as they were judged: a record that has moved
    /// on since it was indexed is looked for in its present text.
    async fn page(
        &self,
        viewer: Viewer,
        request: &SearchRequest,
        labs: Arc<Option<LabSet>>,
    ) -> Result<(Page, Texts), EngineError> {
        let snapshot = self.snapshot()?;
        let mut moved = Arc::new(HashSet::new());
        let mut page = self.find(viewer, request, &labs, snapshot.clone(), moved.clone()).await?;
        let mut rounds = 0;
        loop {
            let rows = page.found.hits.iter().map(|hit| hit.row);
            let texts = self.texts(viewer, rows.chain(moved.iter().copied())).await?;
            let hits = page.found.hits.iter();
            let newly = hits.filter(|hit| !texts.is_current(hit.row, hit.revision));
            let newly: Vec<i64> = newly.map(|hit| hit.row).collect();
            if newly.is_empty() || rounds == ROUNDS_MAX {
                // What changes faster than it is read is left out.
                page.found.total -= newly.len();
                page.found.hits.retain(|hit| texts.is_current(hit.row, hit.revision));
                return Ok((page, texts));
            }
            rounds += 1;
            Arc::make_mut(&mut moved).extend(newly);
            let fresh = self.fresh(&snapshot, &texts, &moved).await?;
            page = self.find(viewer, request, &labs, snapshot.clone(), moved.clone()).await?;
            let nothing = Arc::default();
            let by_text = self.find(viewer, request, &labs, Arc::new(fresh), nothing).await?;
            page.add(by_text, request.limit);
        }
    }

    /// What a snapshot has for a query, without what stands in some rows.
    async fn find(
        &self,
        viewer: Viewer,
        request: &SearchRequest,
        labs: &Arc<Option<LabSet>>,
        snapshot: Arc<Snapshot>,
        without: Arc<HashSet<i64>>,
    ) -> Result<Page, EngineError> {
        let (analyzer, directory) = (self.analyzer.clone(), self.directory());
        let (request, labs) = (request.clone(), labs.clone());
        blocking(move || {
            let mut facets = Facets::new();
            let query = TextQuery {
                text: &request.query,
                kinds: &request.kinds,
                labs: (*labs).as_ref(),
                without: &without,
                limit: request.limit,
            };
            let sight = SearchSight::new(viewer, directory.clone(), &analyzer, query.text);
            let sees = |promise: &Promise| sight.sees(promise);
            let found = snapshot.search(&analyzer, &query, sees, |kind, lab_rows| {
                count_facets(&mut facets, viewer, kind, lab_rows, &directory);
            })?;
            Ok::<_, EngineError>(Page { found, facets })
        })
        .await
    }
}

/// Hits with their facets.
struct Page {
    found: SearchResult,
    facets: Facets,
}

impl Page {
    /// Adds the hits of another snapshot. Hits that have all words shut out those that have any.
    fn add(&mut self, other: Self, limit: usize) {
        let order = |page: &Self| (page.found.hits.is_empty(), page.found.relaxed);
        match order(&other).cmp(&order(self)) {
            Ordering::Greater => return,
            Ordering::Less => {
                *self = other;
                return;
            }
            Ordering::Equal => {}
        }
        self.found.total += other.found.total;
        self.found.hits.extend(other.found.hits);
        self.found.hits.sort_by(Hit::best_first);
        self.found.hits.truncate(limit);
        for (facet, counts) in other.facets {
            for (value, count) in counts {
                *self.facets.entry(facet).or_default().entry(value).or_default() += count;
            }
        }
    }
}

/// Counts a hit once for each value that its labs and institutions have.
fn count_facets(
    facets: &mut Facets,
    viewer: Viewer,
    kind: EntryKind,
    lab_rows: &[i64],
    directory: &super::directory::Directory,
) {
    let mut values: Vec<(&'static str, String)> = vec![("kind", kind_name(kind).to_owned())];
    for lab in lab_rows.iter().filter_map(|row| directory.seen_lab(viewer, *row)) {
        values.extend(lab.areas.iter().map(|area| ("area", area.as_text())));
        for institution in directory.institutions_of(viewer, lab) {
            values.push(("institution_kind", institution.kind.as_str().to_owned()));
            values.push(("region", institution.province.clone()));
            let classes = institution.classes.iter();
            values.extend(classes.map(|c| ("institution_class", c.as_str().to_owned())));
        }
    }
    values.retain(|(_, value)| !value.is_empty());
    values.sort_unstable();
    values.dedup();
    for (facet, value) in values {
        *facets.entry(facet).or_default().entry(value).or_default() += 1;
    }
}

/// The stable English name of a kind of hit.
pub(crate) fn kind_name(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Lab => "lab",
        EntryKind::Achievement => "achievement",
        EntryKind::Need => "need",
    }
}

fn show(
    record: &Record,
    kind: EntryKind,
    matched: HitMatch,
    marks: &Marks<'_>,
    analyzer: &Analyzer,
) -> SearchHit {
    let meta = &record.meta;
    let (title, texts): ((&'static str, &str), Vec<(&'static str, &str)>) = match &record.body {
        Body::Lab(body) => (("name", &body.name), vec![("profile", &body.profile)]),
        Body::Achievement(body) => {
            let mut texts = vec![("abstract", body.summary.as_str())];
            texts.extend(body.keywords.iter().map(|keyword| ("keywords", keyword.as_str())));
            (("title", &body.title), texts)
        }
        Body::Need(body) => (("title", &body.title), vec![("body", &body.body)]),
        // Not indexed.
        other => (("name", other.title()), vec![]),
    };
    let marked = |(field, text): (&'static str, &str)| {
        marks.best_sentence(analyzer, field, text).filter(|s| !s.spans.is_empty())
    };
    let snippets = [marked(title), texts.into_iter().find_map(marked)];
    SearchHit {
        kind,
        id: meta.id,
        external_id: meta.external_id.clone(),
        title: record.body.title().to_owned(),
        matched,
        snippets: snippets.into_iter().flatten().collect(),
    }
}
