//! The points that a user has edited, as they are.

use super::requirements::of_name;
use super::{POINT_NAME_CHARS_MAX, POINTS_MAX, Place, Point, PointKind, Section, normalise};
use crate::model::Span;

/// A point as a user wrote it.
#[derive(Debug, Clone, PartialEq)]
pub struct GivenPoint {
    /// What it is about.
    pub kind: PointKind,
    /// Its name.
    pub name: String,
    /// Its weight against the others; 1 if absent.
    pub weight: Option<f64>,
}

/// Why a user's points cannot be used. Places are counted from 0.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum GivenPointError {
    /// There is none.
    #[error("no points")]
    NoPoints,
    /// There are more than [`POINTS_MAX`].
    #[error("{found} points, at most {POINTS_MAX}")]
    TooMany {
        /// How many there are.
        found: usize,
    },
    /// A name is blank.
    #[error("point {idx} has no name")]
    BlankName {
        /// Its place.
        idx: usize,
    },
    /// A name has more than [`POINT_NAME_CHARS_MAX`] characters.
    #[error("the name of point {idx} has {found} characters, at most {POINT_NAME_CHARS_MAX}")]
    LongName {
        /// Its place.
        idx: usize,
        /// How many characters it has.
        found: usize,
    },
    /// A name stands twice.
    #[error("point {idx} repeats an earlier one")]
    Repeated {
        /// The place of the later one.
        idx: usize,
    },
    /// A weight is not a positive number.
    #[error("the weight of point {idx} is not positive")]
    BadWeight {
        /// Its place.
        idx: usize,
    },
}

/// Takes a user's points in the user's order; weights are divided by their sum. A name that
/// the need has gets its first place there.
///
/// # Errors
/// The first point that cannot be used, or their number.
pub fn given_points(
    given: &[GivenPoint],
    title: &str,
    body: &str,
) -> Result<Vec<Point>, GivenPointError> {
    match given.len() {
        0 => return Err(GivenPointError::NoPoints),
        found if found > POINTS_MAX => return Err(GivenPointError::TooMany { found }),
        _ => {}
    }
    let heaviest = given.iter().filter_map(|point| point.weight).fold(1.0, f64::max);
    let mut points: Vec<Point> = Vec::with_capacity(given.len());
    for (idx, point) in given.iter().enumerate() {
        let name = point.name.trim();
        let found = name.chars().count();
        if found == 0 {
            return Err(GivenPointError::BlankName { idx });
        }
        if found > POINT_NAME_CHARS_MAX {
            return Err(GivenPointError::LongName { idx, found });
        }
        if points.iter().any(|other| other.name == name && other.kind == point.kind) {
            return Err(GivenPointError::Repeated { idx });
        }
        // Shares of the heaviest, so that no sum of them overflows.
        let weight = point.weight.unwrap_or(1.0) / heaviest;
        if !(weight.is_normal() && weight > 0.0) {
            return Err(GivenPointError::BadWeight { idx });
        }
        let place = place(title, name, Section::Title).or_else(|| place(body, name, Section::Body));
        let requirement = match point.kind {
            PointKind::Requirement => of_name(name),
            _ => None,
        };
        let (kind, name) = (point.kind, name.to_owned());
        points.push(Point { kind, name, place, weight, requirement, sure: true });
    }
    normalise(&mut points);
    Ok(points)
}

/// Where a text first has a name.
fn place(text: &str, name: &str, section: Section) -> Option<Place> {
    let at = text.find(name)?;
    let start = text[..at].chars().count() as u32;
    let span = Span::new(start, start + name.chars().count() as u32);
    Some(Place { section, span })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(name: &str, weight: Option<f64>) -> GivenPoint {
        GivenPoint { kind: PointKind::Material, name: name.to_owned(), weight }
    }

    #[test]
    fn a_users_points_stay_in_order_and_are_weighed_against_each_other() {
        let list = [given(" 空洞率 ", Some(3.0)), given("银烧结层", None)];
        let points = given_points(&list, "银烧结层", "空洞率过高").unwrap();
        let told: Vec<_> = points.iter().map(|p| (p.name.as_str(), p.weight, p.place)).collect();
        let place = |section, end| Some(Place { section, span: Span::new(0, end) });
        assert_eq!(told[0], ("空洞率", 0.75, place(Section::Body, 3)));
        assert_eq!(told[1], ("银烧结层", 0.25, place(Section::Title, 4)));
    }

    #[test]
    fn every_point_that_cannot_be_used_is_named() {
        let check = |list: &[GivenPoint], want| {
            assert_eq!(given_points(list, "", "").unwrap_err(), want);
        };
        check(&[], GivenPointError::NoPoints);
        check(&vec![given("膜", None); 99], GivenPointError::TooMany { found: 99 });
        check(&[given("膜", None), given("\u{3000}", None)], GivenPointError::BlankName { idx: 1 });
        let long = "膜".repeat(41);
        check(&[given(&long, None)], GivenPointError::LongName { idx: 0, found: 41 });
        check(&[given("膜", None), given("膜", None)], GivenPointError::Repeated { idx: 1 });
        for weight in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            check(&[given("膜", Some(weight))], GivenPointError::BadWeight { idx: 0 });
        }
    }

    #[test]
    fn weights_of_any_size_sum_to_one() {
        let list = [given("膜", Some(f64::MAX)), given("胶", Some(f64::MAX))];
        let points = given_points(&list, "", "").unwrap();
        assert_eq!(points[0].weight, 0.5);
    }
}
