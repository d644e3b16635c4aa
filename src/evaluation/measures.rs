//! Measures of one ranked list. Each is checked against cases computed by hand.

/// nDCG at `depth` of judged levels in ranked order: gain `2^(level-1) - 1`, discount
/// `1 / log2(rank + 1)`, divided by that of the ideal order (Järvelin and Kekäläinen,
/// "Cumulated gain-based evaluation of IR techniques", 2002, with exponential gain).
///
/// `None` if even the ideal order gains nothing.
///
/// ```
/// use duijie::evaluation::ndcg;
/// assert_eq!(ndcg(&[4, 2, 1], 10), Some(1.0));
/// assert_eq!(ndcg(&[1, 1], 10), None);
/// ```
pub fn ndcg(levels: &[u8], depth: usize) -> Option<f64> {
    let gained = |levels: &[u8]| -> f64 {
        levels
            .iter()
            .take(depth)
            .enumerate()
            .map(|(idx, level)| {
                let gain = f64::from(1u32 << level.saturating_sub(1).min(30)) - 1.0;
                gain / ((idx + 2) as f64).log2()
            })
            .sum()
    };
    let mut ideal = levels.to_vec();
    ideal.sort_unstable_by(|a, b| b.cmp(a));
    let best = gained(&ideal);
    (best > 0.0).then(|| gained(levels) / best)
}

/// Area under the ROC curve of a ranked list: the share of (relevant, other) pairs in which
/// the relevant one stands first. `None` unless there are both.
///
/// ```
/// use duijie::evaluation::auc;
/// assert_eq!(auc(&[true, false, true, false]), Some(0.75));
/// ```
pub fn auc(relevant: &[bool]) -> Option<f64> {
    let positives = relevant.iter().filter(|r| **r).count();
    let others = relevant.len() - positives;
    if positives == 0 || others == 0 {
        return None;
    }
    let mut others_behind = others;
    let mut right_pairs = 0usize;
    for is_relevant in relevant {
        if *is_relevant {
            right_pairs += others_behind;
        } else {
            others_behind -= 1;
        }
    }
    Some(right_pairs as f64 / (positives * others) as f64)
}

/// 1 / rank of the first relevant entry among the first `depth`, else 0.
///
/// ```
/// use duijie::evaluation::reciprocal_rank;
/// assert_eq!(reciprocal_rank(&[false, true, true], 10), 0.5);
/// assert_eq!(reciprocal_rank(&[false, true], 1), 0.0);
/// ```
pub fn reciprocal_rank(relevant: &[bool], depth: usize) -> f64 {
    relevant.iter().take(depth).position(|r| *r).map_or(0.0, |idx| 1.0 / (idx + 1) as f64)
}

/// Upper ends of the bins of a [reliability] table.
const BIN_ENDS: [f64; 6] = [0.1, 0.2, 0.3, 0.4, 0.5, 1.0];

/// A row of a reliability table: predictions of about the same probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bin {
    /// The probabilities in it: from … to below.
    pub from: f64,
    /// … its end; the last one includes it.
    pub to: f64,
    /// Number of predictions.
    pub count: usize,
    /// Mean predicted probability; 0 in an empty bin.
    pub predicted: f64,
    /// Share of what happened; 0 in an empty bin.
    pub observed: f64,
}

/// Predicted probabilities against what happened.
///
/// ```
/// use duijie::evaluation::reliability;
/// let bins = reliability(&[(0.05, false), (0.6, true), (0.8, false)]);
/// assert_eq!((bins[0].count, bins[5].count, bins[5].observed), (1, 2, 0.5));
/// ```
pub fn reliability(predictions: &[(f64, bool)]) -> Vec<Bin> {
    let mut from = 0.0;
    let bin = |to: f64| {
        let start = std::mem::replace(&mut from, to);
        let inside = |p: f64| p >= start && (p < to || to == 1.0);
        let of_bin: Vec<&(f64, bool)> = predictions.iter().filter(|(p, _)| inside(*p)).collect();
        let share = |sum: f64| if of_bin.is_empty() { 0.0 } else { sum / of_bin.len() as f64 };
        Bin {
            from: start,
            to,
            count: of_bin.len(),
            predicted: share(of_bin.iter().map(|(p, _)| p).sum()),
            observed: share(of_bin.iter().filter(|(_, happened)| *happened).count() as f64),
        }
    };
    BIN_ENDS.map(bin).to_vec()
}

/// Samples of a bootstrap, and the seed of its random numbers, so that it can be repeated.
const BOOTSTRAP_SAMPLES: usize = 10_000;
const BOOTSTRAP_SEED: u64 = 2_019;

/// The 95 % interval of the mean, by drawing as many values again with replacement (Efron,
/// "Bootstrap methods: another look at the jackknife", 1979; percentiles). Both ends are 0
/// without values.
///
/// ```
/// use duijie::evaluation::bootstrap_interval;
/// let (low, high) = bootstrap_interval(&[1.0, 2.0, 3.0, 2.0]);
/// assert!(1.0 <= low && low < 2.0 && 2.0 < high && high <= 3.0);
/// assert_eq!(bootstrap_interval(&[1.5; 9]), (1.5, 1.5));
/// ```
pub fn bootstrap_interval(values: &[f64]) -> (f64, f64) {
    if values.is_empty() {
        return (0.0, 0.0);
    }
    let mut random = fastrand::Rng::with_seed(BOOTSTRAP_SEED);
    let mut means: Vec<f64> = (0..BOOTSTRAP_SAMPLES)
        .map(|_| {
            let drawn = (0..values.len()).map(|_| values[random.usize(..values.len())]);
            drawn.sum::<f64>() / values.len() as f64
        })
        .collect();
    means.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| means[((BOOTSTRAP_SAMPLES - 1) as f64 * share).round() as usize];
    (at(0.025), at(0.975))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, wanted: f64) {
        assert!((found - wanted).abs() < 1e-9, "{found} instead of {wanted}");
    }

    #[test]
    fn ndcg_computed_by_hand() {
        // Levels 1, 3, 2: gains 0, 3, 1. DCG = 3 / log2(3) + 1 / 2 = 2.392789…
        // Ideal 3, 2, 1: 3 + 1 / log2(3) = 3.630929…
        let log2_3 = 3.0_f64.log2();
        close(ndcg(&[1, 3, 2], 10).unwrap(), (3.0 / log2_3 + 0.5) / (3.0 + 1.0 / log2_3));
        // Only the first rank counts at depth 1.
        close(ndcg(&[2, 4], 1).unwrap(), 1.0 / 7.0);
        assert_eq!(ndcg(&[], 10), None);
    }

    #[test]
    fn auc_computed_by_hand() {
        close(auc(&[true, true, false]).unwrap(), 1.0);
        close(auc(&[false, true]).unwrap(), 0.0);
        // Pairs: the first relevant beats 2 others, the second none of 2 … (2 + 1) / 4.
        close(auc(&[true, false, true, false]).unwrap(), 0.75);
        assert_eq!(auc(&[true, true]), None);
        assert_eq!(auc(&[]), None);
    }

    #[test]
    fn reciprocal_rank_computed_by_hand() {
        close(reciprocal_rank(&[false, false, true], 10), 1.0 / 3.0);
        close(reciprocal_rank(&[], 10), 0.0);
    }
}
