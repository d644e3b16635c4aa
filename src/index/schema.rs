//! Fields of the index.

use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions,
};

use super::encoded::{EncodedTokenizer, TOKENIZER};

/// A text field of the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SearchField {
    /// Words of the titles of labs and achievements.
    TitleWords,
    /// Parts of the titles of labs and achievements.
    TitleParts,
    /// Words of labs and achievements, title included.
    Words,
    /// Parts of labs and achievements, title included.
    Parts,
    /// Words of needs.
    NeedWords,
    /// Parts of needs.
    NeedParts,
}

impl SearchField {
    /// All fields, in the order of their numbers.
    pub const ALL: [Self; 6] = [
        Self::TitleWords,
        Self::TitleParts,
        Self::Words,
        Self::Parts,
        Self::NeedWords,
        Self::NeedParts,
    ];

    /// Position in [`SearchField::ALL`].
    pub fn ordinal(self) -> usize {
        self as usize
    }

    fn name(self) -> &'static str {
        match self {
            Self::TitleWords => "title_words",
            Self::TitleParts => "title_parts",
            Self::Words => "words",
            Self::Parts => "parts",
            Self::NeedWords => "need_words",
            Self::NeedParts => "need_parts",
        }
    }

    /// Phrases are looked for in words only.
    fn has_positions(self) -> bool {
        matches!(self, Self::Words | Self::NeedWords)
    }
}

/// The fields by their handles.
#[derive(Debug, Clone)]
pub(super) struct Fields {
    /// The store's row; indexed, so that a document can be replaced.
    pub row: Field,
    /// Revision of the record.
    pub revision: Field,
    /// [`super::EntryKind`] by its code.
    pub kind: Field,
    /// Rows of labs.
    pub labs: Field,
    /// 1 if everybody may see the record.
    pub public: Field,
    text: [Field; SearchField::ALL.len()],
}

impl Fields {
    pub fn text(&self, field: SearchField) -> Field {
        self.text[field.ordinal()]
    }
}

/// Builds the schema. Changing it changes [`fingerprint`], so that old indexes are rebuilt.
pub(super) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let row = builder.add_u64_field("row", FAST | INDEXED);
    let revision = builder.add_u64_field("revision", FAST);
    let kind = builder.add_u64_field("kind", FAST | INDEXED);
    let labs = builder.add_u64_field("labs", FAST);
    let public = builder.add_u64_field("public", FAST);
    let text = SearchField::ALL.map(|field| {
        let record = if field.has_positions() {
            IndexRecordOption::WithFreqsAndPositions
        } else {
            IndexRecordOption::WithFreqs
        };
        let indexing =
            TextFieldIndexing::default().set_tokenizer(TOKENIZER).set_index_option(record);
        builder.add_text_field(field.name(), TextOptions::default().set_indexing_options(indexing))
    });
    (builder.build(), Fields { row, revision, kind, labs, public, text })
}

/// Tells an index how its texts are taken apart; to be done once it is made or opened.
pub(super) fn prepare(index: tantivy::Index) -> tantivy::Index {
    index.tokenizers().register(TOKENIZER, EncodedTokenizer::default());
    index
}

/// Names the layout of the index; part of the commit payload.
pub(super) fn fingerprint() -> String {
    const LAYOUT: u32 = 2;
    let (schema, _) = schema();
    format!("{LAYOUT}-{}", schema.fields().count())
}
