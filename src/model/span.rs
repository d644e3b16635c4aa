//! Where something stands in a text.

/// 文字区间: a half-open range `[start, end)` of Unicode scalar values in a text
/// as its author wrote it. The text plus a span is always enough to highlight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First character of the range, counted from 0.
    pub start: u32,
    /// First character behind the range.
    pub end: u32,
}

impl Span {
    /// The span from `start` up to, not including, `end`.
    pub fn new(start: u32, end: u32) -> Self {
        debug_assert!(start <= end);
        Self { start, end }
    }

    /// The characters of `text` that the span marks (shorter if the text ends earlier).
    pub fn slice(self, text: &str) -> String {
        text.chars().skip(self.start as usize).take((self.end - self.start) as usize).collect()
    }

    /// Sorts spans and joins those that overlap; neighbours stay apart, as words do.
    ///
    /// ```
    /// use duijie::model::Span;
    /// let joined = Span::join(vec![Span::new(3, 6), Span::new(0, 2), Span::new(1, 3)]);
    /// assert_eq!(joined, [Span::new(0, 3), Span::new(3, 6)]);
    /// ```
    pub fn join(mut spans: Vec<Span>) -> Vec<Span> {
        spans.sort_unstable();
        let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
        for span in spans {
            match joined.last_mut() {
                Some(last) if span.start < last.end => last.end = last.end.max(span.end),
                _ => joined.push(span),
            }
        }
        joined
    }
}
