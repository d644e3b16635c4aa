//! Free search with facets.

use std::sync::Arc;

use askama::Template;
use axum::extract::{RawQuery, State};

use super::marked::{Piece, highlighted};
use super::page::{Page, page, page_of};
use super::shell::{Frame, Shell};
use crate::engine::{EngineError, Filters, SEARCH_LIMIT_MAX, SearchRequest};
use crate::http::{App, Params, Problem, SEARCH_LIMIT_DEFAULT, views};
use crate::index::EntryKind;
use crate::model::Kind;

/// Facets in the order of the page: parameter, heading. What the query calls `kind` of a lab's
/// institution is `lab_kind` of the search.
const FACETS: [(&str, &str, &str); 5] = [
    ("kind", "kind", "种类"),
    ("region", "region", "地区"),
    ("institution_class", "institution_class", "院校类别"),
    ("area", "area", "技术领域"),
    ("institution_kind", "lab_kind", "单位性质"),
];
/// Values of a facet that are shown.
const VALUES_MAX: usize = 12;
/// Everything that the address may hold.
const PARAMS: [&str; 7] = ["q", "kind", "region", "institution_class", "area", "lab_kind", "limit"];

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    frame: Frame,
    query: String,
    /// Filters that are on: parameter, value, label, address without it.
    chosen: Vec<Chosen>,
    /// What was found, if anything was asked for.
    found: Option<Found>,
    problem: Option<String>,
}

struct Chosen {
    name: &'static str,
    value: String,
    label: String,
    without: String,
}

struct Found {
    total: usize,
    relaxed: bool,
    hits: Vec<FoundHit>,
    facets: Vec<Facet>,
    /// Where more are shown, if there are more.
    more: Option<String>,
}

struct FoundHit {
    address: String,
    kind: &'static str,
    kind_label: &'static str,
    title: Vec<Piece>,
    snippet: Option<Vec<Piece>>,
    partly: bool,
}

struct Facet {
    heading: &'static str,
    values: Vec<FacetValue>,
    more: usize,
}

struct FacetValue {
    label: String,
    count: u64,
    address: String,
}

/// The page, with or without a query.
pub(super) async fn search(
    State(app): State<Arc<App>>,
    shell: Shell,
    RawQuery(query): RawQuery,
) -> Page {
    let params = Params::read(query.as_deref(), &PARAMS)?;
    let text = params.one("q")?.unwrap_or_default();
    let asked = Asked::read(&params, &text)?;
    let mut told = SearchPage {
        frame: shell.frame,
        query: text.clone(),
        chosen: Vec::new(),
        found: None,
        problem: None,
    };
    if text.trim().is_empty() && asked.is_open() {
        return page(&told);
    }
    let (engine, viewer) = (app.engine.clone(), shell.caller.viewer);
    let request = asked.request(&text);
    let answer = app.gate.run(async move { engine.search(viewer, request).await }).await?;
    match answer {
        Ok(answer) => {
            let answer = views::search_answer(&answer, app.engine.tables());
            told.chosen = asked.chosen(&answer);
            told.found = Some(found(&asked, answer));
            page(&told)
        }
        Err(error @ (EngineError::BadRequest { .. } | EngineError::TooLarge { .. })) => {
            let problem = Problem::from(error);
            told.problem = Some(problem.view().detail);
            told.chosen = asked.chosen_by_value();
            page_of(problem.code().status(), &told)
        }
        Err(error) => Err(error.into()),
    }
}

/// What the address asks for.
struct Asked {
    query: String,
    kinds: Vec<Kind>,
    limit: usize,
    /// Parameter and value, in the order of [`FACETS`].
    filters: Vec<(&'static str, String)>,
}

impl Asked {
    fn read(params: &Params, query: &str) -> Result<Self, Problem> {
        let mut filters = Vec::new();
        let mut kinds = Vec::new();
        for (_, name, _) in FACETS {
            let Some(value) = params.one(name)? else { continue };
            if name == "kind" {
                let kind = value.parse::<Kind>().ok().filter(|kind| entry_kind(*kind).is_some());
                let right = "lab（实验室）、achievement（成果）、need（技术需求）";
                let found = format!("没有“{value}”这个取值");
                kinds.push(kind.ok_or_else(|| Problem::invalid("kind", &found, right))?);
            }
            filters.push((name, value));
        }
        let limit = params.number("limit")?.unwrap_or(SEARCH_LIMIT_DEFAULT);
        Ok(Self { query: query.to_owned(), kinds, limit, filters })
    }

    fn is_open(&self) -> bool {
        self.filters.is_empty()
    }

    fn value(&self, name: &str) -> Option<String> {
        self.filters.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone())
    }

    fn request(&self, text: &str) -> SearchRequest {
        SearchRequest {
            query: text.to_owned(),
            kinds: self.kinds.iter().filter_map(|kind| entry_kind(*kind)).collect(),
            limit: self.limit,
            filters: Filters {
                region: self.value("region"),
                institution_class: self.value("institution_class"),
                institution: None,
                area: self.value("area"),
                kind: self.value("lab_kind"),
            },
        }
    }

    /// The address of the same search with one filter set, or given up.
    fn address(&self, name: &str, value: Option<&str>) -> String {
        let others = self.filters.iter().filter(|(known, _)| *known != name);
        let others = others.map(|(name, value)| (*name, value.as_str()));
        let pairs = [("q", self.query.as_str())].into_iter().chain(others);
        query_address("/search", pairs.chain(value.map(|value| (name, value))))
    }

    fn chosen(&self, answer: &views::SearchAnswer) -> Vec<Chosen> {
        let label = |name: &str, value: &str| {
            let facet = FACETS.iter().find(|(_, param, _)| *param == name)?.0;
            let known = answer.facets.get(facet)?.iter().find(|known| known.value == value)?;
            Some(known.label.clone())
        };
        let mut chosen = self.chosen_by_value();
        for filter in &mut chosen {
            if let Some(label) = label(filter.name, &filter.value) {
                filter.label = label;
            }
        }
        chosen
    }

    fn chosen_by_value(&self) -> Vec<Chosen> {
        let chosen = self.filters.iter().map(|(name, value)| Chosen {
            name,
            value: value.clone(),
            label: value.clone(),
            without: self.address(name, None),
        });
        chosen.collect()
    }
}

fn found(asked: &Asked, answer: views::SearchAnswer) -> Found {
    let facets = FACETS.iter().filter_map(|&(facet, name, heading)| {
        let values = answer.facets.get(facet)?;
        if asked.value(name).is_some() || values.len() < 2 {
            return None;
        }
        let shown = values.iter().take(VALUES_MAX).map(|value| FacetValue {
            label: value.label.clone(),
            count: value.count,
            address: asked.address(name, Some(&value.value)),
        });
        let more = values.len().saturating_sub(VALUES_MAX);
        Some(Facet { heading, values: shown.collect(), more })
    });
    let more = answer.total > answer.hits.len() && asked.limit < SEARCH_LIMIT_MAX;
    let more = more.then(|| {
        let address = asked.address("limit", None);
        format!("{address}&limit={SEARCH_LIMIT_MAX}")
    });
    Found {
        total: answer.total,
        relaxed: answer.relaxed,
        facets: facets.collect(),
        hits: answer.hits.into_iter().map(found_hit).collect(),
        more,
    }
}

fn found_hit(hit: views::Hit) -> FoundHit {
    let (titles, texts): (Vec<_>, Vec<_>) =
        hit.snippets.into_iter().partition(|s| matches!(s.field, "title" | "name"));
    let title = match titles.first() {
        // A title that is one sentence is marked as a whole.
        Some(marked) if marked.text == hit.title => highlighted(&marked.text, &marked.spans),
        _ => highlighted(&hit.title, &[]),
    };
    FoundHit {
        address: format!("/{}s/{}", hit.kind, hit.id),
        kind: hit.kind,
        kind_label: hit.kind.parse::<Kind>().map_or("", Kind::label),
        title,
        snippet: texts.first().map(|text| highlighted(&text.text, &text.spans)),
        partly: hit.matched == "part",
    }
}

fn entry_kind(kind: Kind) -> Option<EntryKind> {
    match kind {
        Kind::Lab => Some(EntryKind::Lab),
        Kind::Achievement => Some(EntryKind::Achievement),
        Kind::Need => Some(EntryKind::Need),
        _ => None,
    }
}

/// An address with parameters.
pub(super) fn query_address<'a>(
    path: &str,
    pairs: impl Iterator<Item = (&'a str, &'a str)>,
) -> String {
    let mut address = path.to_owned();
    let mut separator = '?';
    for (name, value) in pairs {
        let encoded = askama::filters::urlencode_strict(value).map(|text| text.to_string());
        address.push(separator);
        address.push_str(name);
        address.push('=');
        address.push_str(&encoded.unwrap_or_default());
        separator = '&';
    }
    address
}
