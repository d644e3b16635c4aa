//! The points of a whole need: which clauses ask for something, and which phrases are kept.

use super::phrases::{Phrase, Reader};
use super::requirements::{Measured, measured};
use super::words::{Marker, PointWords};
use super::{POINTS_MAX, Place, Point, PointKind, Section, normalise};
use crate::model::Span;
use crate::text::{Analyzer, Quantity, normalize, sentences};

/// Longest heading, in characters.
const HEADING_CHARS_MAX: usize = 24;
/// What a phrase of the title is worth, and one of the body.
const TITLE: f64 = 1.0;
const BODY: f64 = 0.4;
/// A phrase of a clause about how things are elsewhere is worth so much of that.
const BACKGROUND: f64 = 0.4;
/// A number that is asked for is worth so much of a rare phrase.
const REQUIREMENT: f64 = 0.8;
/// Most numbers, so that there is room for what they are about.
const REQUIREMENTS_MAX: usize = 7;
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
    requirement: Option<Quantity>,
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
        .map(|Candidate { phrase, section, score, requirement }| Point {
            kind: phrase.kind,
            name: phrase.span.slice(text(section)),
            place: Some(Place { section, span: phrase.span }),
            weight: score,
            requirement,
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
        let mut numbers = measured(text).into_iter().peekable();
        for clause in clauses(reader.words, text) {
            let end = clause.start + clause.text.chars().count() as u32;
            let aside = clause.aside && section == Section::Body;
            let skipped = aside && !all;
            let worth = if clause.background { worth * BACKGROUND } else { worth };
            while let Some(number) = numbers.next_if(|number| number.span.start < end) {
                let subject = number.quantity.subject.map(|s| moved(s, number.span.start));
                let is_measure = subject.is_some_and(|s| reader.is_measure(&s.slice(text)));
                if is_measure && !skipped && !clause.background && !clause.present {
                    candidates.push(of_number(number, text, section, worth));
                }
            }
            if skipped {
                continue;
            }
            for mut phrase in reader.phrases(&clause.text, section == Section::Title) {
                phrase.span = moved(phrase.span, clause.start);
                let score = worth * phrase.rarity.max(RARITY_MIN);
                candidates.push(Candidate { phrase, section, score, requirement: None });
            }
        }
    }
    candidates
}

fn of_number(number: Measured, text: &str, section: Section, worth: f64) -> Candidate {
    let Measured { span, quantity } = number;
    let text = normalize(&span.slice(text)).as_str().to_owned();
    let phrase = Phrase { kind: PointKind::Requirement, span, text, rarity: 1.0 };
    Candidate { phrase, section, score: worth * REQUIREMENT, requirement: Some(quantity) }
}

/// The first longest phrase of a text, whatever it is.
fn longest(reader: Reader<'_>, text: &str, section: Section) -> Option<Candidate> {
    let clauses = clauses(reader.words, text);
    let longest = clauses.into_iter().find_map(|clause| {
        let mut phrase = reader.longest(&clause.text)?;
        phrase.span = moved(phrase.span, clause.start);
        Some(phrase)
    })?;
    Some(Candidate { phrase: longest, section, score: TITLE, requirement: None })
}

fn moved(span: Span, by: u32) -> Span {
    Span::new(span.start + by, span.end + by)
}

/// The best candidates: numbers first, each name once, and none that only repeats a part of
/// another. An effect that a number is asked for is told by the number.
fn kept(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    let is_number = |c: &Candidate| c.phrase.kind == PointKind::Requirement;
    candidates.sort_by(|a, b| {
        let place = |c: &Candidate| (c.section, c.phrase.span, c.phrase.kind);
        let by_score = b.score.total_cmp(&a.score);
        is_number(b).cmp(&is_number(a)).then(by_score).then_with(|| place(a).cmp(&place(b)))
    });
    let mut kept: Vec<Candidate> = Vec::with_capacity(POINTS_MAX);
    for candidate in candidates {
        let limit = if is_number(&candidate) { REQUIREMENTS_MAX } else { POINTS_MAX };
        if kept.len() < limit && !kept.iter().any(|other| repeats(&candidate.phrase, &other.phrase))
        {
            kept.push(candidate);
        }
    }
    kept
}

/// Whether a phrase adds nothing to one that is kept already.
fn repeats(new: &Phrase, old: &Phrase) -> bool {
    let (new_text, old_text) = (bare(new), bare(old));
    match (new.kind, old.kind) {
        (PointKind::Requirement, PointKind::Requirement) => new_text == old_text,
        (PointKind::Effect, PointKind::Requirement) => old_text.contains(&new_text),
        _ => {
            let inside = old_text.contains(&new_text) || new_text.contains(&old_text);
            let shorter = new_text.chars().count().min(old_text.chars().count());
            inside && (new.kind == old.kind || new_text == old_text || shorter < INNER_CHARS_MIN)
                || new.kind == old.kind
                    && (skips(&new_text, &old_text) || skips(&old_text, &new_text))
        }
    }
}

/// Whether `short` is `long` without some words: 生态设施寿命 of 典型生态设施寿命 and the like.
fn skips(short: &str, long: &str) -> bool {
    let mut rest = long.chars();
    let found = short.chars().all(|c| rest.by_ref().any(|other| other == c));
    found && short.chars().count() * 2 > long.chars().count()
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
    /// It is about how things are now.
    present: bool,
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
                present: words.marks(Marker::Present, plain),
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
