//! tantivy's own search, to measure ours against.

use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, Score, Term};

use super::live::Snapshot;
use super::schema::SearchField;

impl Snapshot {
    /// The `limit` best documents by tantivy's default scoring and pruning, any of `terms` in
    /// the words of a whole text.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn plain_top(
        &self,
        terms: &[String],
        limit: usize,
    ) -> tantivy::Result<Vec<(Score, DocAddress)>> {
        let field = self.fields().text(SearchField::Words);
        let clauses = terms.iter().map(|term| {
            let term = Term::from_field_text(field, term);
            let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
            (Occur::Should, Box::new(query) as Box<dyn Query>)
        });
        let query = BooleanQuery::new(clauses.collect());
        self.searcher().search(&query, &TopDocs::with_limit(limit).order_by_score())
    }
}
