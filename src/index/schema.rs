//! Fields of the index.

use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::TokenizerManager;

use super::encoded::{EncodedTokenizer, TOKENIZER};

/// A text field of the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SearchField {
    /// Words of the titles of labs and achievements, for free search.
    TitleWords,
    /// Words of labs and achievements, title included.
    Words,
    /// Characters of labs and achievements, title included.
    Characters,
    /// Words of needs.
    NeedWords,
    /// Characters of needs.
    NeedCharacters,
}

impl SearchField {
    /// All fields, in the order of their numbers.
    pub const ALL: [Self; 5] =
        [Self::TitleWords, Self::Words, Self::Characters, Self::NeedWords, Self::NeedCharacters];

    /// Position in [`SearchField::ALL`].
    pub fn ordinal(self) -> usize {
        self as usize
    }

    fn name(self) -> &'static str {
        match self {
            Self::TitleWords => "title_words",
            Self::Words => "words",
            Self::Characters => "characters",
            Self::NeedWords => "need_words",
            Self::NeedCharacters => "need_characters",
        }
    }

    /// The field whose length stands for the length of a text.
    pub(super) fn of_length(self) -> Self {
        match self {
            Self::TitleWords | Self::Words | Self::Characters => Self::Words,
            Self::NeedWords | Self::NeedCharacters => Self::NeedWords,
        }
    }

    /// Whether the postings tell how often a term occurs; of titles and characters they only
    /// tell that it does.
    pub(super) fn has_frequencies(self) -> bool {
        self.kept() != IndexRecordOption::Basic
    }

    /// Phrases are looked for in the words of whole texts.
    fn kept(self) -> IndexRecordOption {
        match self {
            Self::Words | Self::NeedWords => IndexRecordOption::WithFreqsAndPositions,
            Self::TitleWords | Self::Characters | Self::NeedCharacters => IndexRecordOption::Basic,
        }
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
    /// [`super::Facts`] as one number.
    pub facts: Field,
    /// [`super::forward`].
    pub forward: Field,
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
    let facts = builder.add_u64_field("facts", FAST);
    let forward = builder.add_u64_field("forward", FAST);
    let text = SearchField::ALL.map(|field| {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(TOKENIZER)
            .set_index_option(field.kept())
            .set_fieldnorms(field.of_length() == field);
        builder.add_text_field(field.name(), TextOptions::default().set_indexing_options(indexing))
    });
    (builder.build(), Fields { row, revision, kind, labs, public, facts, forward, text })
}

/// Tells an index how its texts are taken apart; to be done once it is made or opened.
pub(super) fn prepare(mut index: tantivy::Index) -> tantivy::Index {
    index.set_tokenizers(tokenizers());
    index
}

/// How texts are taken apart.
pub(super) fn tokenizers() -> TokenizerManager {
    let tokenizers = TokenizerManager::default();
    tokenizers.register(TOKENIZER, EncodedTokenizer::default());
    tokenizers
}

/// Names the layout of the index; part of the commit payload.
pub(super) fn fingerprint() -> String {
    const LAYOUT: u32 = 4;
    let (schema, _) = schema();
    format!("{LAYOUT}-{}", schema.fields().count())
}
