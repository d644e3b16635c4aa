//! How probable it is that a person would call a match relevant.

/// What is known of a match besides its rank: each grows with better evidence.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Strength {
    /// Score of the best achievement, counted in terms of weight 1 that no other document has:
    /// in a large collection all terms are rarer, and scores larger, for the same evidence.
    pub matched: f64,
    /// Its share of what the need could score at most.
    pub share: f64,
    /// The same of the need's title alone.
    pub title_share: f64,
}

/// Number of coefficients: a constant, and one for each part of a [`Strength`].
pub const COEFFICIENTS: usize = 4;

impl Strength {
    /// What the coefficients are multiplied with. Square roots: the first words that are shared
    /// tell more than further ones.
    pub fn regressors(self) -> [f64; COEFFICIENTS] {
        let root = |value: f64| value.max(0.0).sqrt();
        [1.0, root(self.matched), root(self.share), root(self.title_share)]
    }
}

/// 等级模型: the probabilities of the judged levels (1 无相关, 2 弱, 3 较强, 4 强), one logistic
/// regression for each level from 2 on. None but the constants are negative, so that better
/// evidence never makes a match less probable.
#[derive(Debug, Clone, PartialEq)]
pub struct LevelModel {
    /// Coefficients of level ≥ 2, ≥ 3 and ≥ 4.
    pub at_least: [[f64; COEFFICIENTS]; 3],
}

impl LevelModel {
    /// A guess, until judgements are at hand.
    pub fn by_hand() -> Self {
        let slopes = [0.3, 0.3, 0.3];
        let of = |constant: f64| [constant, slopes[0], slopes[1], slopes[2]];
        Self { at_least: [of(-1.0), of(-3.5), of(-5.0)] }
    }

    /// The probability that a person would judge the match at `level` (2 to 4) or higher.
    pub fn probability(&self, level: u8, strength: Strength) -> f64 {
        let Some(coefficients) = self.at_least.get(usize::from(level).wrapping_sub(2)) else {
            return if level < 2 { 1.0 } else { 0.0 };
        };
        let regressors = strength.regressors();
        let sum: f64 = coefficients.iter().zip(regressors).map(|(c, r)| c * r).sum();
        1.0 / (1.0 + (-sum).exp())
    }

    /// The level that is wrong by least on average: the median.
    pub fn predicted(&self, strength: Strength) -> u8 {
        1 + (2..=4).filter(|level| self.probability(*level, strength) >= 0.5).count() as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn better_evidence_is_more_probable_and_higher_levels_are_less() {
        let model = LevelModel::by_hand();
        let strength = |matched| Strength { matched, share: matched / 50.0, title_share: 0.2 };
        for score in 0..100 {
            let [low, high] = [strength(f64::from(score)), strength(f64::from(score + 1))];
            for level in 2..=4 {
                assert!(model.probability(level, low) < model.probability(level, high));
            }
            assert!(model.probability(3, low) > model.probability(4, low));
            assert!(model.predicted(low) <= model.predicted(high));
        }
        assert_eq!(
            (model.probability(1, strength(0.0)), model.probability(5, strength(9.0))),
            (1.0, 0.0)
        );
        assert_eq!(model.predicted(Strength::default()), 1);
    }
}
