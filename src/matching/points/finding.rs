//! The points of a whole need: which clauses ask for something, and which phrases are kept.

use super::phrases::{Phrase, Reader};
use super::words::{Marker, PointWords};
use super::{POINTS_MAX, Place, Point, Section, normalise};
use crate::model::Span;
use crate::text::{Analyzer, normalize, sentences};

/// Longest heading, in characters.
const HEADING_CHARS_MAX: usize = 16;
/// What a phrase of the title is worth, and one of the body.
const TITLE: f64 = 1.0;
const BODY: f64 = 0.4;
/// A phrase of a clause about how things are elsewhere is worth so much of that.
const BACKGROUND: f64 = 0.4;
/// A phrase is worth this much even if its words are frequent.
const RARITY_MIN: f64 = 0.3;
/// A shorter phrase that stands in a longer one of another kind is a point of its own only from
/// this length, in characters.
const INNER_CHARS_MIN: usize = 3;

/// A phrase on its way to being a point.
struct Candidate {
    phrase: Phrase,
    section: Section,
    score: f64,
}

/// 技术点: breaks a need into technical points.
///
/// Deterministic; ordered by section and span. At most [`POINTS_MAX`], each name once, weights
/// positive with sum 1. Empty only if the need has no technical word. Linear in the text.
pub fn points(analyzer: &Analyzer, words: &PointWords, title: &str, body: &str) -> Vec<Point> {
    let reader = Reader { analyzer, words };
    let mut candidates = found(reader, title, body, false);
    if candidates.is_empty() {
        // What looked like talk is all there is.
        candidates = found(reader, title, body, true);
    }
    if candidates.is_empty() {
        candidates.extend(longest(reader, title, Section::Title));
    }
    if candidates.is_empty() {
        candidates.extend(longest(reader, body, Section::Body));
    }
    let text = |section: Section| match section {
        Section::Title => title,
        Section::Body => body,
    };
    let mut points: Vec<Point> = kept(candidates)
        .into_iter()
        .map(|Candidate { phrase, section, score }| Point {
            kind: phrase.kind,
            name: phrase.span.slice(text(section)),
            place: Some(Place { section, span: phrase.span }),
            weight: score,
        })
        .collect();
    points.sort_by_key(|point| (point.place, point.kind));
    normalise(&mut points);
    points
}

/// The candidates of both sections; `all` of them, or only where something is asked for.
fn found(reader: Reader<'_>, title: &str, body: &str, all: bool) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for (section, text, worth) in [(Section::Title, title, TITLE), (Section::Body, body, BODY)] {
        for clause in clauses(reader.words, text) {
            let aside = clause.aside && section == Section::Body;
            if aside && !all {
                continue;
            }
            let worth = if clause.background { worth * BACKGROUND } else { worth };
            for mut phrase in reader.phrases(&clause.text, section == Section::Title) {
                phrase.span = moved(phrase.span, clause.start);
                let score = worth * phrase.rarity.max(RARITY_MIN);
                candidates.push(Candidate { phrase, section, score });
            }
        }
    }
    candidates
}

/// The first longest phrase of a text, whatever it is.
fn longest(reader: Reader<'_>, text: &str, section: Section) -> Option<Candidate> {
    let clauses = clauses(reader.words, text);
    let longest = clauses.into_iter().find_map(|clause| {
        let mut phrase = reader.longest(&clause.text)?;
        phrase.span = moved(phrase.span, clause.start);
        Some(phrase)
    })?;
    Some(Candidate { phrase: longest, section, score: TITLE })
}

fn moved(span: Span, by: u32) -> Span {
    Span::new(span.start + by, span.end + by)
}

/// The best candidates: each name once, and none that only repeats a part of another.
fn kept(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    candidates.sort_by(|a, b| {
        let place = |c: &Candidate| (c.section, c.phrase.span, c.phrase.kind);
        b.score.total_cmp(&a.score).then_with(|| place(a).cmp(&place(b)))
    });
    let mut kept: Vec<Candidate> = Vec::with_capacity(POINTS_MAX);
    for candidate in candidates {
        let repeats = |other: &Candidate| {
            let (new, old) = (bare(&candidate.phrase), bare(&other.phrase));
            let inside = old.contains(&new) || new.contains(&old);
            let shorter = new.chars().count().min(old.chars().count());
            let same_kind = candidate.phrase.kind == other.phrase.kind;
            inside && (same_kind || new == old || shorter < INNER_CHARS_MIN)
        };
        if kept.len() < POINTS_MAX && !kept.iter().any(repeats) {
            kept.push(candidate);
        }
    }
    kept
}

/// A phrase for comparison: 稻瘟病的防治 is 稻瘟病防治.
fn bare(phrase: &Phrase) -> String {
    phrase.text.replace('的', "")
}

/// A stretch of text between commas, semicolons and colons.
struct Clause {
    text: String,
    /// Where it starts in the section, in characters.
    start: u32,
    /// It is about the firm, about money or the market.
    aside: bool,
    /// It is about how things are elsewhere.
    background: bool,
}

fn clauses(words: &PointWords, text: &str) -> Vec<Clause> {
    let mut found = Vec::new();
    let mut below_aside = false;
    for sentence in sentences(text) {
        let normalized = normalize(&sentence.text);
        let about_firm = words.marks(Marker::AsideSentence, normalized.as_str());
        let mut start = sentence.span.start;
        for piece in sentence.text.split_inclusive(ends_clause) {
            let chars = piece.chars().count();
            let plain = normalize(piece);
            let plain = plain.as_str().trim();
            let ended = sentence.text.ends_with(['。', '；', '！', '？', ';', '.']);
            let is_line = piece.len() == sentence.text.len() && !ended;
            if chars <= HEADING_CHARS_MAX && (plain.ends_with(':') || is_line) {
                if words.marks(Marker::AskedHeading, plain) {
                    below_aside = false;
                } else if words.marks(Marker::AsideHeading, plain) {
                    below_aside = true;
                }
            }
            found.push(Clause {
                text: piece.to_owned(),
                start,
                aside: below_aside || about_firm || words.marks(Marker::AsideClause, plain),
                background: words.marks(Marker::Background, plain),
            });
            start += chars as u32;
        }
    }
    found
}

/// Whether a clause ends behind a character: at commas and the like, and at ① ② ….
fn ends_clause(c: char) -> bool {
    matches!(c, '，' | ',' | '；' | ';' | '：' | ':' | '\u{2460}'..='\u{249b}' | '\u{2776}'..='\u{2793}')
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;
    use crate::data::Data;
    use crate::matching::PointKind;
    use crate::text::{Dictionary, DictionaryFiles};

    static READER: LazyLock<(Analyzer, PointWords)> = LazyLock::new(|| {
        let data = Data::embedded();
        let text = |path: &str| data.text(path).unwrap();
        let dictionary = Dictionary::parse(DictionaryFiles {
            terms: &text("dictionary/terms.tsv"),
            synonyms: &text("dictionary/synonyms.tsv"),
            stop_words: &text("dictionary/stop_words.txt"),
            boilerplate: &text("dictionary/boilerplate.txt"),
        });
        let words = PointWords::parse(&text("dictionary/point_words.tsv"));
        (Analyzer::new(dictionary.unwrap()), words.unwrap())
    });

    fn found(title: &str, body: &str) -> Vec<Point> {
        points(&READER.0, &READER.1, title, body)
    }

    fn check(title: &str, body: &str, want: &[(PointKind, &str)]) {
        let found = found(title, body);
        let found: Vec<_> = found.iter().map(|point| (point.kind, point.name.as_str())).collect();
        assert_eq!(found, want, "{title} {body}");
    }

    #[test]
    fn a_title_falls_into_what_is_made_of_what_and_what_is_to_become_better() {
        use PointKind::*;
        check(
            "高温封装银烧结层的空洞率控制",
            "",
            &[(Material, "高温封装银烧结层"), (Effect, "空洞率控制")],
        );
        check(
            "焙烧炉用陶瓷纤维的制备工艺研究及产业化",
            "",
            &[(Application, "焙烧炉"), (Material, "陶瓷纤维"), (Method, "陶瓷纤维的制备工艺")],
        );
    }

    #[test]
    fn the_firm_its_money_and_the_market_are_no_points() {
        let body = "希望降低叶片噪声。\n现有工作基础：公司占地30亩，有数控机床20台。\n\
            技术指标：提高叶片疲劳寿命。\n资金预算：设备费80万元。";
        let names: Vec<String> = found("", body).into_iter().map(|point| point.name).collect();
        assert_eq!(names, ["降低叶片噪声", "提高叶片疲劳寿命"]);
    }

    #[test]
    fn what_looks_like_talk_is_taken_where_there_is_nothing_else() {
        assert!(!found("", "我公司拥有真空烧结炉，员工20人").is_empty());
        assert!(!found("如何去掉花椒的苦味", "").is_empty());
        assert_eq!(found("", "……"), []);
    }

    #[test]
    fn a_name_counts_once_and_the_title_comes_first() {
        let found = found("碳化硅陶瓷膜制备", "制备碳化硅陶瓷膜。碳化硅陶瓷膜要耐酸碱腐蚀。");
        let same = found.iter().filter(|point| point.name == "碳化硅陶瓷膜").count();
        assert_eq!(same, 1, "{found:?}");
        assert_eq!(found[0].place.unwrap().section, Section::Title);
    }

    proptest! {
        #[test]
        fn points_are_in_order_weighed_and_written_in_the_text(
            title in "[高温银烧结层的空洞率控制用于设备与① 3%≥。\\n，a-zＡ體]{0,40}",
            body in "\\PC{0,60}|[提降高低减少电机噪声膜材料系统技术研究公司市场。，：\\n0-9%]{0,200}",
        ) {
            let found = found(&title, &body);
            prop_assert_eq!(&found, &super::points(&READER.0, &READER.1, &title, &body));
            prop_assert!(found.len() <= POINTS_MAX);
            let sum: f64 = found.iter().map(|point| point.weight).sum();
            prop_assert!(found.is_empty() || (sum - 1.0).abs() < 1e-9);
            let places: Vec<Place> = found.iter().filter_map(|point| point.place).collect();
            prop_assert!(places.is_sorted() && places.len() == found.len());
            for point in &found {
                prop_assert!(point.weight > 0.0);
                let place = point.place.unwrap();
                let text = if place.section == Section::Title { &title } else { &body };
                prop_assert_eq!(&place.span.slice(text), &point.name);
                prop_assert!((1..=crate::matching::POINT_NAME_CHARS_MAX).contains(&point.name.chars().count()));
            }
        }
    }
}
