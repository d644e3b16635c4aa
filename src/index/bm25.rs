//! The scoring function.

/// BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond",
/// 2009, equation 3.15) with Lucene's always positive inverse document frequency.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bm25 {
    /// Saturation of the term frequency; 0 makes it binary.
    pub k1: f64,
    /// Share of the length normalisation, 0-1.
    pub b: f64,
}

impl Default for Bm25 {
    /// The usual k1 = 1.2, b = 0.75.
    fn default() -> Self {
        Self { k1: 1.2, b: 0.75 }
    }
}

impl Bm25 {
    /// Inverse document frequency of a term in `df` of `documents` documents; positive.
    pub fn idf(documents: u64, df: u64) -> f64 {
        let (n, df) = (documents.max(df) as f64, df as f64);
        (1.0 + (n - df + 0.5) / (df + 0.5)).ln()
    }

    /// The damping of a document of `length` terms: what `tf` competes with.
    pub fn damping(self, length: u32, average_length: f64) -> f64 {
        let relative = if average_length > 0.0 { f64::from(length) / average_length } else { 1.0 };
        self.k1 * (1.0 - self.b + self.b * relative)
    }

    /// The factor of a term that occurs `tf` times, 0 to `k1 + 1`, growing with `tf`.
    pub fn saturation(self, tf: u32, damping: f64) -> f64 {
        let tf = f64::from(tf);
        if tf == 0.0 { 0.0 } else { tf * (self.k1 + 1.0) / (tf + damping) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_computed_by_hand() {
        // ln(1 + (10 - 2 + 0.5) / 2.5) = ln 4.4
        assert!((Bm25::idf(10, 2) - 4.4_f64.ln()).abs() < 1e-12);
        let bm25 = Bm25::default();
        // A document of average length: damping = k1; tf = 1 gives 2.2 / 2.2.
        assert!((bm25.saturation(1, bm25.damping(7, 7.0)) - 1.0).abs() < 1e-12);
        assert!((bm25.saturation(2, bm25.damping(14, 7.0)) - 4.4 / 4.1).abs() < 1e-12);
        assert_eq!(bm25.saturation(0, 1.0), 0.0);
    }
}
