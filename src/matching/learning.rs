//! Weights from judgements.
//!
//! Both fits are convex and start from the same place each time, so the same judgements give
//! the same weights. Each round goes to the lowest point of a parabola above the logistic loss
//! (its curvature is at most 1/4), so that it never goes up (Böhning and Lindsay,
//! "Monotonicity of quadratic-approximation algorithms", 1988).

use super::level::COEFFICIENTS;
use super::weights::FEATURES;

/// How strongly factors are held at those they begin with, for judgements of documents …
pub const HELD_DOCUMENTS: f64 = 0.03;
/// … and of labs, which say less: a wrong lab is only one that did not write the paper.
pub const HELD_LABS: f64 = 300.0;
/// How strongly the coefficients of levels are held at 0.
const HELD_LEVELS: f64 = 1e-3;
/// Rounds at most …
const ROUNDS_MAX: usize = 1_000;
/// … and the largest change with which they end.
const CHANGE_MIN: f64 = 1e-7;
/// Turns of the coordinates within a round.
const TURNS: usize = 100;

/// What a judged document (or lab) has of each feature, by unit factors.
pub type FeatureSums = [f64; FEATURES];

/// Judgements within one need: what is better against what is worse.
#[derive(Debug, Clone, Default)]
pub struct JudgedTopic {
    /// For each pair the features of the better one less those of the other.
    pub differences: Vec<FeatureSums>,
}

impl JudgedTopic {
    /// All pairs of different levels.
    pub fn of(judged: &[(u8, FeatureSums)]) -> Self {
        let mut differences = Vec::new();
        for (level, better) in judged {
            for (_, worse) in judged.iter().filter(|(other, _)| other < level) {
                differences.push(std::array::from_fn(|idx| better[idx] - worse[idx]));
            }
        }
        Self { differences }
    }
}

/// Factors by pairwise logistic regression: the mean over needs of the mean over pairs of
/// log(1 + exp(-(score of the better - score of the worse))), plus `held` times the squared
/// distance from `begin`, in units of `begin` at its best common scale. None is negative.
/// The first factor is scaled to that of `begin`.
///
/// Linear in the number of pairs, times the number of rounds.
pub fn learn_factors(
    topics: &[&JudgedTopic],
    begin: [f64; FEATURES],
    held: f64,
) -> [f64; FEATURES] {
    let topics: Vec<_> = topics.iter().filter(|t| !t.differences.is_empty()).collect();
    let mut columns: Vec<Vec<f64>> = vec![Vec::new(); FEATURES];
    let mut weights = Vec::new();
    for topic in &topics {
        let weight = 1.0 / (topics.len() * topic.differences.len()) as f64;
        for difference in &topic.differences {
            weights.push(weight);
            for (idx, column) in columns.iter_mut().enumerate() {
                column.push(begin[idx] * difference[idx]);
            }
        }
    }
    if weights.is_empty() {
        return begin;
    }
    let rows = weights.len();
    let together: Vec<f64> = (0..rows).map(|row| columns.iter().map(|c| c[row]).sum()).collect();
    let wins = vec![true; rows];
    let scale = Fit { weights: &weights, wins: &wins, held: 0.0 }.run(&[together], &[0.0], &[true]);
    if scale[0] <= 0.0 {
        // What ranks backwards is no place to begin at.
        return begin;
    }
    let held_at = vec![scale[0]; FEATURES];
    let fit = Fit { weights: &weights, wins: &wins, held };
    let found = fit.run(&columns, &held_at, &[true; FEATURES]);
    let first = if found[0] > 0.0 { found[0] } else { scale[0] };
    std::array::from_fn(|idx| begin[idx] * found[idx] / first)
}

/// The coefficients of the probability that something holds, by logistic regression on
/// regressors whose first is constant; no other coefficient is negative.
pub fn learn_level(judged: &[(bool, [f64; COEFFICIENTS])]) -> [f64; COEFFICIENTS] {
    let columns: Vec<Vec<f64>> =
        (0..COEFFICIENTS).map(|idx| judged.iter().map(|(_, r)| r[idx]).collect()).collect();
    let wins: Vec<bool> = judged.iter().map(|(holds, _)| *holds).collect();
    let weights = vec![1.0 / judged.len().max(1) as f64; judged.len()];
    let fit = Fit { weights: &weights, wins: &wins, held: HELD_LEVELS };
    let bounded: [bool; COEFFICIENTS] = std::array::from_fn(|idx| idx > 0);
    let found = fit.run(&columns, &[0.0; COEFFICIENTS], &bounded);
    std::array::from_fn(|idx| found[idx])
}

/// A logistic regression with bounds.
struct Fit<'a> {
    /// Of each row.
    weights: &'a [f64],
    /// Whether what is to be predicted holds.
    wins: &'a [bool],
    held: f64,
}

impl Fit<'_> {
    /// Coefficients of the columns, held at `held_at` (an unbounded one is not held), those
    /// that are `bounded` not negative.
    fn run(&self, columns: &[Vec<f64>], held_at: &[f64], bounded: &[bool]) -> Vec<f64> {
        let held = |idx: usize| if bounded[idx] { 2.0 * self.held } else { 0.0 };
        let product = |a: &[f64], b: &[f64]| -> f64 {
            a.iter().zip(b).zip(self.weights).map(|((a, b), weight)| weight * a * b).sum()
        };
        // The bend of a parabola that lies above the loss wherever it touches it.
        let bend: Vec<Vec<f64>> = (0..columns.len())
            .map(|i| {
                let of = |j: usize| product(&columns[i], &columns[j]) / 4.0;
                (0..columns.len()).map(|j| of(j) + if i == j { held(i) } else { 0.0 }).collect()
            })
            .collect();
        let mut found = held_at.to_vec();
        for _ in 0..ROUNDS_MAX {
            let mut sums = vec![0.0; self.weights.len()];
            for (column, factor) in columns.iter().zip(&found) {
                sums.iter_mut().zip(column).for_each(|(sum, x)| *sum += factor * x);
            }
            let errors: Vec<f64> = sums
                .iter()
                .zip(self.wins)
                .zip(self.weights)
                .map(|((sum, wins), weight)| {
                    weight * (1.0 / (1.0 + (-sum).exp()) - if *wins { 1.0 } else { 0.0 })
                })
                .collect();
            let slope: Vec<f64> = columns
                .iter()
                .enumerate()
                .map(|(idx, column)| {
                    let loss: f64 = column.iter().zip(&errors).map(|(x, error)| x * error).sum();
                    loss + held(idx) * (found[idx] - held_at[idx])
                })
                .collect();
            let step = lowest(&slope, &bend, &found, bounded);
            found.iter_mut().zip(&step).for_each(|(found, step)| *found += step);
            if step.iter().all(|step| step.abs() < CHANGE_MIN) {
                break;
            }
        }
        found
    }
}

/// The step to the lowest point of a parabola where no bounded coefficient is negative.
fn lowest(slope: &[f64], bend: &[Vec<f64>], from: &[f64], bounded: &[bool]) -> Vec<f64> {
    let mut step = vec![0.0; slope.len()];
    for _ in 0..TURNS {
        for idx in (0..step.len()).filter(|idx| bend[*idx][*idx] > 0.0) {
            let steepness: f64 =
                slope[idx] + bend[idx].iter().zip(&step).map(|(b, s)| b * s).sum::<f64>();
            let next = step[idx] - steepness / bend[idx][idx];
            step[idx] = if bounded[idx] { next.max(-from[idx]) } else { next };
        }
    }
    step
}

#[cfg(test)]
mod tests {
    use super::*;

    fn features(pairs: &[(usize, f64)]) -> FeatureSums {
        let mut sums = [0.0; FEATURES];
        pairs.iter().for_each(|(idx, value)| sums[*idx] = *value);
        sums
    }

    #[test]
    fn what_tells_better_from_worse_gains_and_what_does_not_is_never_negative() {
        // Feature 1 is always with the better one, feature 2 with the worse, feature 0 with both.
        let judged: Vec<(u8, FeatureSums)> = (0..20)
            .map(|n| match n % 2 {
                0 => (3, features(&[(0, f64::from(n + 3)), (1, 1.0)])),
                _ => (1, features(&[(0, f64::from(n)), (2, 1.0)])),
            })
            .collect();
        let topic = JudgedTopic::of(&judged);
        assert_eq!(topic.differences.len(), 100);
        let found = learn_factors(&[&topic], [1.0; FEATURES], 1e-3);
        assert!(found[1] > 3.0 * found[0], "{found:?}");
        assert_eq!(found[2], 0.0);
        assert!(found.iter().all(|factor| *factor >= 0.0));
        assert_eq!(found, learn_factors(&[&topic], [1.0; FEATURES], 1e-3), "the same again");
        let held = learn_factors(&[&topic], [1.0; FEATURES], 1e6);
        assert!(held.iter().all(|factor| (factor - 1.0).abs() < 1e-3), "{held:?}");
    }

    #[test]
    fn without_judgements_nothing_changes() {
        let begin = std::array::from_fn(|idx| idx as f64);
        assert_eq!(learn_factors(&[&JudgedTopic::default()], begin, 1.0), begin);
        assert_eq!(learn_level(&[]), [0.0; COEFFICIENTS]);
    }

    #[test]
    fn a_level_is_as_probable_as_it_was_frequent() {
        // Three of four hold at 1, one of four at 0.
        let rows = |x: f64, held: usize| (0..40).map(move |n| (n % 4 < held, [1.0, x, 0.0, 0.0]));
        let judged: Vec<_> = rows(1.0, 3).chain(rows(0.0, 1)).collect();
        let found = learn_level(&judged);
        let at = |x: f64| 1.0 / (1.0 + (-(found[0] + found[1] * x)).exp());
        assert!((at(1.0) - 0.75).abs() < 0.02 && (at(0.0) - 0.25).abs() < 0.02, "{found:?}");
    }
}
