//! Hits of a search.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::matching::spans;
use crate::engine;
use crate::index::{EntryKind, HitMatch};
use crate::intake::Tables;
use crate::model::{InstitutionClass, InstitutionKind, Kind};

/// 搜索结果: hits with their number and facets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SearchAnswer {
    /// The best, word hits first.
    pub hits: Vec<Hit>,
    /// How many of all hits have each value: `kind`, `area`, `institution_kind`, `region`,
    /// `institution_class`. Most frequent first, ties by value.
    pub facets: BTreeMap<&'static str, Vec<FacetValue>>,
    /// How many hits there are in all.
    pub total: usize,
    /// No record had all words, so records with any of them are given.
    pub relaxed: bool,
}

/// A record that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Hit {
    /// `lab`, `achievement` or `need`.
    pub kind: &'static str,
    /// Id.
    pub id: String,
    /// Id in its source.
    pub external_id: String,
    /// Title or name.
    pub title: String,
    /// `word` if it has all words as such, `part` if some only by their pieces.
    #[serde(rename = "match")]
    pub matched: &'static str,
    /// Title first, if it shares something, then the best sentence.
    pub snippets: Vec<Snippet>,
}

/// A sentence of a hit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Snippet {
    /// The field, as its import column is called.
    pub field: &'static str,
    /// The sentence.
    pub text: String,
    /// Where it begins in the field, in Unicode scalar values.
    pub offset: u32,
    /// What it shares with the query: half-open ranges `[start, end)` of Unicode scalar
    /// values in `text`.
    pub spans: Vec<[u32; 2]>,
}

/// A value of a facet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FacetValue {
    /// As the filter of that name takes it.
    pub value: String,
    /// In Chinese.
    pub label: String,
    /// Hits that have it.
    pub count: u64,
}

/// The answer as it is told; `tables` know the names of areas.
pub fn search_answer(answer: &engine::SearchAnswer, tables: &Tables) -> SearchAnswer {
    let facets = answer.facets.iter().map(|(facet, counts)| {
        let mut values: Vec<FacetValue> = counts
            .iter()
            .map(|(value, count)| FacetValue {
                value: value.clone(),
                label: label(facet, value, tables),
                count: *count,
            })
            .collect();
        values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
        (*facet, values)
    });
    SearchAnswer {
        hits: answer.hits.iter().map(hit).collect(),
        facets: facets.collect(),
        total: answer.total,
        relaxed: answer.relaxed,
    }
}

fn hit(hit: &engine::SearchHit) -> Hit {
    let snippets = hit.snippets.iter().map(|snippet| Snippet {
        field: snippet.field,
        text: snippet.text.clone(),
        offset: snippet.offset,
        spans: spans(&snippet.spans),
    });
    Hit {
        kind: match hit.kind {
            EntryKind::Lab => Kind::Lab.as_str(),
            EntryKind::Achievement => Kind::Achievement.as_str(),
            EntryKind::Need => Kind::Need.as_str(),
        },
        id: hit.id.to_string(),
        external_id: hit.external_id.clone(),
        title: hit.title.clone(),
        matched: match hit.matched {
            HitMatch::Word => "word",
            HitMatch::Part => "part",
        },
        snippets: snippets.collect(),
    }
}

fn label(facet: &str, value: &str, tables: &Tables) -> String {
    let known = match facet {
        "kind" => value.parse().ok().map(|kind: Kind| kind.label().to_owned()),
        "institution_kind" => {
            value.parse().ok().map(|kind: InstitutionKind| kind.label().to_owned())
        }
        "institution_class" => {
            value.parse().ok().map(|class: InstitutionClass| class.label().to_owned())
        }
        "area" => tables.areas.resolve(value).map(|area| area.name),
        _ => None,
    };
    known.unwrap_or_else(|| value.to_owned())
}
