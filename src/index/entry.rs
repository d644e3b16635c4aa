//! What is put into the index.

use tantivy::TantivyDocument;

use super::encoded::{encode_characters, encode_words};
use super::facts::Facts;
use super::forward;
use super::schema::{Fields, SearchField};
use crate::text::Analyzer;

/// What sort of record an index document stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryKind {
    /// A lab's own profile.
    Lab,
    /// An achievement.
    Achievement,
    /// A need.
    Need,
}

impl EntryKind {
    /// The number that stands for it in the index.
    pub(super) fn code(self) -> u64 {
        match self {
            Self::Lab => 0,
            Self::Achievement => 1,
            Self::Need => 2,
        }
    }

    pub(super) fn from_code(code: u64) -> Option<Self> {
        [Self::Lab, Self::Achievement, Self::Need].into_iter().find(|kind| kind.code() == code)
    }
}

/// A record as the index sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The store's row.
    pub row: i64,
    /// The revision whose text is indexed.
    pub revision: u64,
    /// What it is.
    pub kind: EntryKind,
    /// Rows of the labs whose evidence it is; of a lab its own; of a need none.
    pub labs: Vec<i64>,
    /// Whether everybody may see it.
    pub public: bool,
    /// Date, maturity and modes; nothing but of an achievement.
    pub facts: Facts,
    /// Title or name.
    pub title: String,
    /// Keywords and areas.
    pub keywords: Vec<String>,
    /// Abstract, profile or body.
    pub body: String,
}

impl Entry {
    /// Analyses the texts into a document. Linear in their length.
    pub(super) fn document(&self, analyzer: &Analyzer, fields: &Fields) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        document.add_u64(fields.row, self.row as u64);
        document.add_u64(fields.revision, self.revision);
        document.add_u64(fields.kind, self.kind.code());
        document.add_u64(fields.public, self.public.into());
        document.add_u64(fields.facts, self.facts.packed());
        for lab in &self.labs {
            document.add_u64(fields.labs, *lab as u64);
        }
        let title = analyzer.analyze(&self.title);
        let body = analyzer.analyze(&self.body_text());
        let both = [&title, &body];
        for word in forward::encode(&title, &body) {
            document.add_u64(fields.forward, word);
        }
        let (words, characters) = match self.kind {
            EntryKind::Need => (SearchField::NeedWords, SearchField::NeedCharacters),
            EntryKind::Lab | EntryKind::Achievement => {
                document.add_text(fields.text(SearchField::TitleWords), encode_words(&[&title]));
                (SearchField::Words, SearchField::Characters)
            }
        };
        document.add_text(fields.text(words), encode_words(&both));
        document.add_text(fields.text(characters), encode_characters(&both));
        document
    }

    /// Keywords and body as one text; the keywords stand apart from each other.
    fn body_text(&self) -> String {
        let mut text = self.keywords.join("；");
        text.push('\n');
        text.push_str(&self.body);
        text
    }
}
