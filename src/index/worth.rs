//! What an occurrence of a term is worth, by how often it occurs and how long the text is:
//! lengths are stored as one of 256, so that everything is a table.

use std::cell::OnceCell;

use tantivy::fieldnorm::FieldNormReader;

use super::bm25::Bm25;
use super::schema::SearchField;
use super::score::Score;
use super::statistics::Statistics;

/// Largest frequency that has a table; what is more frequent is computed.
const TABLED_TF: usize = 2;

/// A number for each length code.
type ByLength<T> = [T; 256];

/// Tables of one query, each made when it is first needed.
pub(super) struct Worths<'s> {
    statistics: &'s Statistics,
    bm25: Bm25,
    fields: [OnceCell<FieldWorth>; SearchField::ALL.len()],
    parts: OnceCell<PartWorth>,
}

/// What a word of weight 1 is worth in a field.
struct FieldWorth {
    bm25: Bm25,
    damping: ByLength<f64>,
    tabled: [ByLength<f32>; TABLED_TF],
}

/// What a part of weight 1 is worth, by the length codes of text and title.
pub(super) struct PartWorth {
    pub in_text: ByLength<f32>,
    pub in_title: ByLength<f32>,
}

/// What a word of some weight is worth in a field.
pub(super) struct WordWorth<'w> {
    weight: f32,
    field: &'w FieldWorth,
    tabled: [ByLength<Score>; TABLED_TF],
}

impl<'s> Worths<'s> {
    pub fn new(statistics: &'s Statistics, bm25: Bm25) -> Self {
        Self { statistics, bm25, fields: Default::default(), parts: OnceCell::new() }
    }

    /// Of a word of that weight.
    pub fn of_word(&self, field: SearchField, weight: f64) -> WordWorth<'_> {
        let field = self.fields[field.ordinal()].get_or_init(|| {
            let bm25 = self.bm25;
            let damping = damping(bm25, self.statistics.average_length(field));
            let tabled = std::array::from_fn(|idx| {
                damping.map(|damping| bm25.saturation(idx as u32 + 1, damping) as f32)
            });
            FieldWorth { bm25, damping, tabled }
        });
        let weight = weight as f32;
        let tabled = field.tabled.map(|by_length| by_length.map(|worth| Score::of(weight * worth)));
        WordWorth { weight, field, tabled }
    }

    /// Of parts.
    pub fn of_parts(&self) -> &PartWorth {
        self.parts.get_or_init(|| {
            let worth = |average: f64| {
                damping(self.bm25, average).map(|damping| self.bm25.saturation(1, damping) as f32)
            };
            PartWorth {
                in_text: worth(self.statistics.average_parts()),
                in_title: worth(self.statistics.average_title_parts()),
            }
        })
    }
}

impl WordWorth<'_> {
    /// What it is worth that occurs `tf` times, at least once, in a text of that length.
    pub fn score(&self, tf: u32, length_code: u8) -> Score {
        match self.tabled.get(tf as usize - 1) {
            Some(by_length) => by_length[usize::from(length_code)],
            None => {
                let damping = self.field.damping[usize::from(length_code)];
                Score::of(self.weight * self.field.bm25.saturation(tf, damping) as f32)
            }
        }
    }
}

fn damping(bm25: Bm25, average: f64) -> ByLength<f64> {
    std::array::from_fn(|code| bm25.damping(FieldNormReader::id_to_fieldnorm(code as u8), average))
}
