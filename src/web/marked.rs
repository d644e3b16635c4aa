//! Text with marked spans, as pieces that a template writes one after the other.

/// 片段: a stretch of a text, marked or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    /// The characters.
    pub text: String,
    /// By what mark, if by any.
    pub mark: Option<usize>,
}

/// Cuts a text at its marks: half-open ranges of characters, each with a number for its look.
/// Where marks overlap, the earlier in order of beginning holds.
pub(super) fn pieces(text: &str, marks: &[([u32; 2], usize)]) -> Vec<Piece> {
    let mut marks = marks.to_vec();
    marks.sort_unstable();
    let mut chars = text.chars();
    let mut at = 0;
    let mut found = Vec::with_capacity(marks.len() * 2 + 1);
    let mut take = |count: u32, mark: Option<usize>| {
        let text: String = chars.by_ref().take(count as usize).collect();
        if !text.is_empty() {
            found.push(Piece { text, mark });
        }
    };
    for ([start, end], mark) in marks {
        let start = start.max(at);
        if start < end {
            take(start - at, None);
            take(end - start, Some(mark));
            at = end;
        }
    }
    take(u32::MAX, None);
    found
}

/// [`pieces`] that are all marked alike.
pub(super) fn highlighted(text: &str, spans: &[[u32; 2]]) -> Vec<Piece> {
    let marks: Vec<_> = spans.iter().map(|&span| (span, 0)).collect();
    pieces(text, &marks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_are_the_text_and_the_marks_stand_where_they_were() {
        let found = pieces("膜电极🔬寿命", &[([4, 6], 2), ([0, 2], 1), ([1, 4], 3)]);
        let told: Vec<_> = found.iter().map(|p| (p.text.as_str(), p.mark)).collect();
        assert_eq!(told, [("膜电", Some(1)), ("极🔬", Some(3)), ("寿命", Some(2))]);
        assert_eq!(highlighted("无", &[]), [Piece { text: "无".to_owned(), mark: None }]);
        assert_eq!(pieces("短", &[([0, 9], 1)]), [Piece { text: "短".to_owned(), mark: Some(1) }]);
        assert_eq!(pieces("", &[([0, 9], 1)]), []);
    }
}
