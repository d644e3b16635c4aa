//! Free search over labs, achievements and needs.

use std::collections::BTreeMap;

use super::records::check_limit;
use super::{Engine, EngineError, Filters, Viewer, blocking};
use crate::index::{EntryKind, HitMatch, Scope, TextQuery};
use crate::matching::{Evidence, Marks, Query};
use crate::model::{Body, RecordId};
use crate::store::{RowId, Stored};
use crate::text::Analyzer;

/// Most hits in one answer.
pub const LIMIT_MAX: usize = 100;
/// Longest query, in characters.
pub const QUERY_CHARS_MAX: usize = 500;

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
        let (snapshot, directory) = (self.snapshot()?, self.directory());
        let analyzer = self.analyzer.clone();
        let asked = request.clone();
        let (found, facets) = blocking(move || {
            let mut facets = Facets::new();
            let query = TextQuery {
                text: &asked.query,
                kinds: &asked.kinds,
                scope: Scope { labs: labs.as_ref(), public_only: viewer.public_only() },
                limit: asked.limit,
            };
            let found = snapshot.search(&analyzer, &query, |kind, lab_rows| {
                count_facets(&mut facets, viewer, kind, lab_rows, &directory);
            })?;
            Ok::<_, EngineError>((found, facets))
        })
        .await?;
        let rows: Vec<RowId> = found.hits.iter().map(|hit| RowId(hit.row)).collect();
        let stored = self.store.rows(&rows).await?;
        let analyzer = self.analyzer.clone();
        let hits = blocking(move || {
            let query = Query::new(&analyzer, &request.query, "");
            let marks = Marks::plain(&query);
            let by_row: BTreeMap<i64, Stored> = stored.into_iter().map(|s| (s.row.0, s)).collect();
            let shown = found.hits.iter().filter_map(|hit| {
                let stored = by_row.get(&hit.row)?;
                viewer
                    .may_see(&stored.record)
                    .then(|| show(stored, hit.kind, hit.matched, &marks, &analyzer))
            });
            Ok::<Vec<SearchHit>, EngineError>(shown.collect())
        })
        .await?;
        Ok(SearchAnswer { hits, facets, total: found.total, relaxed: found.relaxed })
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
    for lab in lab_rows.iter().filter_map(|row| directory.lab(viewer, *row)) {
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
    stored: &Stored,
    kind: EntryKind,
    matched: HitMatch,
    marks: &Marks<'_>,
    analyzer: &Analyzer,
) -> SearchHit {
    let meta = &stored.record.meta;
    let (title, texts): ((&'static str, &str), Vec<(&'static str, &str)>) =
        match &stored.record.body {
            Body::Lab(body) => (("name", &body.name), vec![("profile", &body.profile)]),
            Body::Achievement(body) => {
                let mut texts = vec![("abstract", body.summary.as_str())];
                texts.extend(body.keywords.iter().map(|keyword| ("keywords", keyword.as_str())));
                (("title", &body.title), texts)
            }
            Body::Need(body) => (("title", &body.title), vec![("body", &body.body)]),
            Body::Institution(body) => (("name", &body.name), vec![]),
            Body::Enterprise(body) => (("name", &body.name), vec![]),
        };
    let marked = |(field, text): (&'static str, &str)| {
        marks.best_sentence(analyzer, field, text).filter(|s| !s.spans.is_empty())
    };
    let snippets = [marked(title), texts.into_iter().find_map(marked)];
    SearchHit {
        kind,
        id: meta.id,
        external_id: meta.external_id.clone(),
        title: stored.record.body.title().to_owned(),
        matched,
        snippets: snippets.into_iter().flatten().collect(),
    }
}
