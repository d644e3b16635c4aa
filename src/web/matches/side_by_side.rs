//! The points of a need with the sentences of a lab that answer them, coloured alike.

use crate::http::views;
use crate::web::marked::{Piece, pieces};
use crate::web::needs::{CellTold, mark_of};

/// 逐点对照: a point of the need and what the lab has for it.
pub struct PointAnswer {
    pub number: usize,
    pub mark: usize,
    pub name: String,
    pub label: &'static str,
    pub sure: bool,
    pub cell: CellTold,
    /// What is said of the number that is asked for: `satisfied`, `violated`, `unknown`, and in
    /// Chinese.
    pub verdict: Option<(&'static str, &'static str)>,
    pub evidence: Option<Sentence>,
}

/// A sentence of the lab.
pub struct Sentence {
    pub pieces: Vec<Piece>,
    /// Where it stands: the achievement's page, or none for the lab's own profile.
    pub address: Option<String>,
    pub title: String,
    pub date: String,
}

impl Sentence {
    /// With what it shares marked in that look.
    pub fn of(evidence: &views::Evidence, mark: usize) -> Self {
        let marks: Vec<_> = evidence.spans.iter().map(|&span| (span, mark)).collect();
        Self {
            pieces: pieces(&evidence.text, &marks),
            address: evidence.achievement.as_ref().map(|id| format!("/achievements/{id}")),
            title: evidence.title.clone().unwrap_or_else(|| "实验室简介".to_owned()),
            date: evidence.date.clone().unwrap_or_default(),
        }
    }
}

/// All points with what a lab has for them.
pub fn side_by_side(points: &[views::Point], cells: &[views::Cell]) -> Vec<PointAnswer> {
    let row = |(idx, (point, cell)): (usize, (&views::Point, &views::Cell))| {
        let mark = mark_of(idx);
        PointAnswer {
            number: idx + 1,
            mark,
            name: point.name.clone(),
            label: point.label,
            sure: point.sure,
            cell: CellTold::of(cell),
            verdict: cell.comparison.as_ref().map(|told| (told.verdict, told.label)),
            evidence: cell.evidence.as_ref().map(|evidence| Sentence::of(evidence, mark)),
        }
    };
    points.iter().zip(cells).enumerate().map(row).collect()
}
