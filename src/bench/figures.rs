//! Samples of time, and what the process has taken.

use std::time::Duration;

/// 耗时统计: of calls of one sort.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Times {
    /// Median, in milliseconds.
    pub p50_ms: f64,
    /// The 99th percentile, in milliseconds.
    pub p99_ms: f64,
    /// Mean, in milliseconds.
    pub mean_ms: f64,
}

impl Times {
    /// Of at least one sample; zeros without any. Percentiles by nearest rank.
    pub fn of(mut samples: Vec<Duration>) -> Self {
        samples.sort_unstable();
        let ms = |duration: Duration| duration.as_secs_f64() * 1e3;
        let at = |share: f64| {
            let rank = (samples.len() as f64 * share).ceil() as usize;
            samples.get(rank.saturating_sub(1)).copied().map_or(0.0, ms)
        };
        let sum: Duration = samples.iter().sum();
        Self { p50_ms: at(0.5), p99_ms: at(0.99), mean_ms: ms(sum) / samples.len().max(1) as f64 }
    }
}

/// The most memory that this process has had, in MiB, files mapped into it included; `None`
/// where the system does not tell.
pub fn peak_rss_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kib / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_by_nearest_rank() {
        let times = Times::of((1..=200).rev().map(Duration::from_millis).collect());
        assert_eq!((times.p50_ms, times.p99_ms, times.mean_ms), (100.0, 198.0, 100.5));
        assert_eq!(Times::of(vec![]).mean_ms, 0.0);
    }
}
