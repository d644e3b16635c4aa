//! Cities as dots where they are: no tiles, nothing from elsewhere. Dots are as large as they have
//! postings; a city's name stands beside its dot where there is room, and in the table anyway.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::data::Data;
use crate::programmes::hundred::{Basis, Posting};

/// Longitude and latitude of cities, in degrees.
const TABLE: &str = "reference/city_coordinates.tsv";
/// Width of the picture, in units of its own.
const WIDTH: f64 = 760.0;
/// Around the outermost dots.
const MARGIN: f64 = 34.0;
/// Degrees of latitude that are shown at least.
const SPAN_MIN: f64 = 4.0;
/// Width of a Chinese character and of a figure of a name.
const CHAR_WIDTH: f64 = 12.0;
const DIGIT_WIDTH: f64 = 7.0;
const NAME_HEIGHT: f64 = 14.0;
/// Between a dot and its name.
const GAP: f64 = 3.0;

static COORDINATES: LazyLock<BTreeMap<String, (f64, f64)>> = LazyLock::new(|| {
    let text = Data::embedded().text(TABLE).map(std::borrow::Cow::into_owned).unwrap_or_default();
    coordinates(&text)
});

fn coordinates(text: &str) -> BTreeMap<String, (f64, f64)> {
    let rows = text.lines().filter(|line| !line.starts_with('#'));
    let read = rows.filter_map(|row| {
        let mut cells = row.split('\t');
        let city = cells.next()?.to_owned();
        Some((city, (cells.next()?.parse().ok()?, cells.next()?.parse().ok()?)))
    });
    read.collect()
}

/// 城市图
pub struct Map {
    pub width: f64,
    pub height: f64,
    /// Those that have a place, the largest first, so that small ones lie on top.
    pub dots: Vec<Dot>,
    /// All, by postings.
    pub cities: Vec<City>,
}

/// 城市 of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct City {
    pub name: String,
    pub institutions: usize,
    pub postings: usize,
}

/// A city in the picture.
pub struct Dot {
    pub city: City,
    pub x: f64,
    pub y: f64,
    pub r: f64,
    pub name: Option<Name>,
}

/// Where a city's name stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Name {
    pub x: f64,
    pub y: f64,
    /// `start`, `middle` or `end`.
    pub anchor: &'static str,
}

impl Map {
    /// Of a plan. Cities of which no place is known are in the table alone.
    pub fn of(basis: &Basis, postings: &[Posting]) -> Self {
        let mut cities: BTreeMap<&str, City> = BTreeMap::new();
        for host in &basis.case.institutions {
            let none = City { name: host.city.clone(), institutions: 0, postings: 0 };
            let city = cities.entry(&host.city).or_insert(none);
            city.institutions += 1;
            city.postings += postings.iter().filter(|own| own.institution == host.id).count();
        }
        let mut cities: Vec<City> =
            cities.into_values().filter(|city| !city.name.is_empty()).collect();
        cities.sort_by_key(|own| std::cmp::Reverse((own.postings, own.institutions)));
        let placed = cities.iter().filter_map(|city| Some((city, *COORDINATES.get(&city.name)?)));
        let (dots, height) = dots(placed.collect());
        Self { width: WIDTH, height, dots, cities }
    }
}

/// The dots within a picture that is as high as they need.
fn dots(placed: Vec<(&City, (f64, f64))>) -> (Vec<Dot>, f64) {
    let lats = || placed.iter().map(|(_, (_, lat))| *lat);
    let lons = || placed.iter().map(|(_, (lon, _))| *lon);
    let (south, north) = (lats().fold(f64::MAX, f64::min), lats().fold(f64::MIN, f64::max));
    let (west, east) = (lons().fold(f64::MAX, f64::min), lons().fold(f64::MIN, f64::max));
    // A degree of longitude is shorter than one of latitude, by the cosine of the latitude.
    let squeeze = ((south + north) / 2.0).to_radians().cos();
    let unit = (WIDTH - 2.0 * MARGIN) / ((east - west) * squeeze).max(SPAN_MIN);
    let height = (north - south).max(SPAN_MIN) * unit + 2.0 * MARGIN;
    let mut dots: Vec<Dot> = placed
        .iter()
        .map(|(city, (lon, lat))| Dot {
            city: (*city).clone(),
            x: MARGIN + (lon - west) * squeeze * unit,
            y: MARGIN + (north - lat) * unit,
            r: radius(city.postings),
            name: None,
        })
        .collect();
    let mut taken: Vec<Frame> = dots.iter().map(|dot| Frame::around(dot.x, dot.y, dot.r)).collect();
    for (idx, dot) in dots.iter_mut().enumerate() {
        let picture = Frame { left: 0.0, right: WIDTH, top: 0.0, bottom: height };
        let free = names(dot).into_iter().find(|(_, frame)| {
            let meets = |(other, taken): (usize, &Frame)| other != idx && frame.meets(taken);
            frame.is_within(&picture) && !taken.iter().enumerate().any(meets)
        });
        if let Some((name, frame)) = free {
            dot.name = Some(name);
            taken.push(frame);
        }
    }
    (dots, height)
}

/// The area of a dot grows with its postings.
fn radius(postings: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "postings are few")]
    let root = (postings as f64).sqrt();
    3.0 + 2.4 * root
}

/// Where a name may stand, the best place first.
fn names(dot: &Dot) -> [(Name, Frame); 8] {
    let width = |text: &str| {
        text.chars().map(|c| if c.is_ascii() { DIGIT_WIDTH } else { CHAR_WIDTH }).sum::<f64>()
    };
    let width = width(&dot.label());
    let (right, left) = (dot.x + dot.r + GAP, dot.x - dot.r - GAP);
    let (above, below) = (dot.y - dot.r - GAP, dot.y + dot.r + NAME_HEIGHT - GAP);
    let level = dot.y + 4.0;
    let places = [
        (right, level, "start"),
        (left, level, "end"),
        (dot.x, above, "middle"),
        (dot.x, below, "middle"),
        (dot.x + GAP, above + GAP, "start"),
        (dot.x + GAP, below, "start"),
        (dot.x - GAP, above + GAP, "end"),
        (dot.x - GAP, below, "end"),
    ];
    places.map(|(x, y, anchor)| {
        let left = match anchor {
            "start" => x,
            "end" => x - width,
            _ => x - width / 2.0,
        };
        let (top, bottom) = (y - NAME_HEIGHT + GAP, y + GAP);
        (Name { x, y, anchor }, Frame { left, right: left + width, top, bottom })
    })
}

impl Dot {
    /// The city with its postings.
    pub fn label(&self) -> String {
        match self.city.postings {
            0 => self.city.name.clone(),
            count => format!("{} {count}", self.city.name),
        }
    }
}

/// What is taken of the picture.
#[derive(Debug, Clone, Copy)]
struct Frame {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl Frame {
    fn around(x: f64, y: f64, r: f64) -> Self {
        Self { left: x - r, right: x + r, top: y - r, bottom: y + r }
    }

    fn meets(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    fn is_within(&self, other: &Self) -> bool {
        self.left >= other.left
            && self.right <= other.right
            && self.top >= other.top
            && self.bottom <= other.bottom
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programmes::hundred::sample_case;

    fn city(name: &str, postings: usize) -> City {
        City { name: name.to_owned(), institutions: postings, postings }
    }

    #[test]
    fn every_city_of_the_built_in_case_has_a_place() {
        let case = sample_case(&Data::embedded()).unwrap();
        let missing: Vec<_> =
            case.institutions.iter().filter(|own| !COORDINATES.contains_key(&own.city)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn names_meet_neither_each_other_nor_dots() {
        let cities = ["北京", "天津", "无锡", "苏州", "上海", "南京", "杭州", "乌鲁木齐"];
        let cities = cities.map(|name| city(name, name.len() * 2));
        let placed = cities.iter().map(|own| (own, COORDINATES[&own.name])).collect();
        let (dots, height) = dots(placed);
        let named: Vec<_> = dots
            .iter()
            .filter_map(|dot| {
                let name = dot.name?;
                names(dot).into_iter().find(|(own, _)| *own == name).map(|(_, frame)| frame)
            })
            .collect();
        assert!(named.len() > 5, "{}", named.len());
        for (idx, frame) in named.iter().enumerate() {
            assert!(frame.bottom <= height && frame.right <= WIDTH);
            assert!(named[..idx].iter().all(|other| !frame.meets(other)));
        }
    }

    #[test]
    fn one_city_alone_is_drawn_too() {
        let only = city("南京", 0);
        let (dots, height) = dots(vec![(&only, (118.8, 32.0))]);
        assert!(dots[0].x.is_finite() && dots[0].y.is_finite() && height > 0.0);
        assert_eq!(dots[0].label(), "南京");
    }
}
