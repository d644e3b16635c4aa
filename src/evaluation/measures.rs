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
