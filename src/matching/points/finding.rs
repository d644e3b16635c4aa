//! The points of a whole need: which clauses ask for something, and which phrases are kept.

use std::cmp::Reverse;

use super::clauses::{Stance, clauses};
use super::doubt::Doubt;
use super::phrases::{Phrase, Reader};
use super::repetition::repeats;
use super::requirements::{Measured, measured};
use super::telling::Tale;
use super::words::PointWords;
use super::{POINTS_MAX, Place, Point, PointKind, Section, normalise};
use crate::model::Span;
use crate::text::{Analyzer, Quantity, normalize};

/// What a phrase of the title is worth, and one of the body.
const TITLE: f64 = 1.0;
const BODY: f64 = 0.4;
/// What may be too general is taken while there are fewer points than this.
const VAGUE_ROOM: usize = 4;
/// What only explains is taken while there are fewer points than this.
const TOLD_ROOM: usize = 2;
/// A number that is asked for is worth so much of a rare phrase.
const REQUIREMENT: f64 = 0.8;
/// What tells of others or of the present is taken while there are fewer points than this.
const ELSEWHERE_ROOM: usize = 1;
/// A doubtful name of a title is its subject if it has at least so many characters.
const SUBJECT_CHARS_MIN: usize = 6;
/// Most numbers, so that there is room for what they are about.
const REQUIREMENTS_MAX: usize = 7;
/// What may be no point counts half.
const DOUBTFUL: f64 = 0.5;
/// A phrase is worth this much even if its words are frequent.
const RARITY_MIN: f64 = 0.3;

/// How sure a candidate is, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    /// A name, where something is asked for.
    Asked,
    /// Perhaps too general, where something is asked for.
    Vague,
    /// A name, where something is explained.
    Told,
    /// A name, where others or the present are told of.
    Elsewhere,
    /// Perhaps no name.
    Doubtful,
    /// A number that may not be what is to be reached: never taken for sure.
    Unsure,
}

impl Standing {
    fn of(stance: Stance, doubt: Doubt) -> Self {
        match (stance, doubt) {
            (_, Doubt::Much) | (Stance::Aside, _) => Self::Doubtful,
            (Stance::Background | Stance::Elsewhere, _) => Self::Elsewhere,
            (Stance::Asked, Doubt::None) => Self::Asked,
            (Stance::Asked, Doubt::Some) => Self::Vague,
            (Stance::Told, _) => Self::Told,
        }
    }

    /// A candidate is only sure while there are fewer points than that, numbers not counted.
    fn room(self) -> usize {
        match self {
            Self::Asked => POINTS_MAX,
            Self::Vague => VAGUE_ROOM,
            Self::Told => TOLD_ROOM,
            Self::Elsewhere => ELSEWHERE_ROOM,
            Self::Doubtful => 1,
            Self::Unsure => 0,
        }
    }
}

/// A phrase on its way to being a point.
struct Candidate {
    phrase: Phrase,
    section: Section,
    standing: Standing,
    score: f64,
    requirement: Option<Quantity>,
}

/// 技术点: breaks a need into technical points.
///
/// What tells against a phrase does not lose it: it is kept as not sure, as far as there is room.
/// What the firm says of itself is. Deterministic; ordered by section and span. At most [`POINTS_MAX`],
/// each name once, weights positive with sum 1. Empty only if the need has no technical word.
/// Linear in the text.
pub fn points(analyzer: &Analyzer, words: &PointWords, title: &str, body: &str) -> Vec<Point> {
    let reader = Reader { analyzer, words };
    let mut candidates = found(reader, title, body, false);
    let is_empty = |found: &[Candidate]| found.iter().all(|c| c.standing == Standing::Unsure);
    if is_empty(&candidates) {
        // What looked like talk is all there is.
        candidates = found(reader, title, body, true);
    }
    if is_empty(&candidates) {
        candidates.extend(longest(reader, title, Section::Title));
    }
    if is_empty(&candidates) {
        candidates.extend(longest(reader, body, Section::Body));
    }
    trust_title(&mut candidates);
    let text = |section: Section| match section {
        Section::Title => title,
        Section::Body => body,
    };
    let mut points: Vec<Point> = kept(candidates)
        .into_iter()
        .map(|(Candidate { phrase, section, score, requirement, .. }, sure)| Point {
            kind: phrase.kind,
            name: phrase.span.slice(text(section)),
            place: Some(Place { section, span: phrase.span }),
            weight: if sure { score } else { score * DOUBTFUL },
            requirement,
            sure,
        })
        .collect();
    points.sort_by_key(|point| (point.place, point.kind));
    normalise(&mut points);
    points
}

/// The candidates of both sections; `all` of them, or only where no firm talks of itself.
fn found(reader: Reader<'_>, title: &str, body: &str, all: bool) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    let subject = normalize(title).as_str().to_owned();
    for (section, text, worth) in [(Section::Title, title, TITLE), (Section::Body, body, BODY)] {
        let mut numbers = measured(text).into_iter().peekable();
        for clause in clauses(reader.words, text) {
            let end = clause.start + clause.text.chars().count() as u32;
            let stance = if section == Section::Title { Stance::Asked } else { clause.stance };
            let skipped = stance == Stance::Aside && !all;
            while let Some(number) = numbers.next_if(|number| number.span.start < end) {
                let subject = number.quantity.subject.map(|s| moved(s, number.span.start));
                let is_measure = subject.is_some_and(|s| reader.is_measure(&s.slice(text)));
                let is_start = number.span.slice(text).contains(['由', '从']);
                let whole = subject.is_none_or(|s| {
                    s.start < clause.start || reader.begins(&clause.text, s.start - clause.start)
                });
                let sure = is_measure && whole && !is_start && stance == Stance::Asked;
                if sure || subject.is_some() && !is_start && stance <= Stance::Told {
                    candidates.push(of_number(number, text, section, sure, worth));
                }
            }
            if skipped {
                continue;
            }
            for mut phrase in reader.phrases(&clause.text, section == Section::Title) {
                phrase.span = moved(phrase.span, clause.start);
                let score = worth * phrase.tale.rarest.max(RARITY_MIN);
                let mut standing = Standing::of(stance, phrase.doubt);
                if standing == Standing::Told && !on_subject(reader, &phrase.text, &subject) {
                    standing = Standing::Elsewhere;
                }
                let requirement = None;
                candidates.push(Candidate { phrase, section, standing, score, requirement });
            }
        }
    }
    candidates
}

/// A title has a subject: where all its names are doubtful, the longest is taken for it.
fn trust_title(candidates: &mut [Candidate]) {
    let in_title = |c: &&mut Candidate| c.section == Section::Title;
    let chars = |c: &Candidate| c.phrase.text.chars().count();
    let of_title = candidates.iter_mut().filter(in_title);
    let Some(best) = of_title.min_by_key(|c| (c.standing, Reverse(chars(c)))) else { return };
    if best.standing == Standing::Doubtful && chars(best) >= SUBJECT_CHARS_MIN {
        best.standing = Standing::Vague;
    }
}

/// Whether a phrase shares a word that says something with the title, or there is none.
fn on_subject(reader: Reader<'_>, phrase: &str, title: &str) -> bool {
    let starts: Vec<usize> = phrase.char_indices().map(|(at, _)| at).collect();
    let ends = starts.iter().skip(2).copied().chain([phrase.len()]);
    let mut pairs = starts.iter().zip(ends).map(|(start, end)| &phrase[*start..end]);
    title.is_empty() || pairs.any(|pair| title.contains(pair) && !reader.is_general(pair))
}

fn of_number(number: Measured, text: &str, section: Section, sure: bool, worth: f64) -> Candidate {
    let Measured { span, quantity } = number;
    let text = normalize(&span.slice(text)).as_str().to_owned();
    let phrase = Phrase {
        kind: PointKind::Requirement,
        span,
        text,
        tale: Tale { rarest: 1.0, together: 1.0 },
        doubt: Doubt::None,
    };
    let standing = if sure { Standing::Asked } else { Standing::Unsure };
    let (score, requirement) = (worth * REQUIREMENT, Some(quantity));
    Candidate { phrase, section, standing, score, requirement }
}

/// The first longest phrase of a text, whatever it is.
fn longest(reader: Reader<'_>, text: &str, section: Section) -> Option<Candidate> {
    let clauses = clauses(reader.words, text);
    let longest = clauses.into_iter().find_map(|clause| {
        let mut phrase = reader.longest(&clause.text)?;
        phrase.span = moved(phrase.span, clause.start);
        Some(phrase)
    })?;
    let (standing, score, requirement) = (Standing::Doubtful, TITLE, None);
    Some(Candidate { phrase: longest, section, standing, score, requirement })
}

fn moved(span: Span, by: u32) -> Span {
    Span::new(span.start + by, span.end + by)
}

/// The best candidates, and whether they are sure: numbers first, each name once, and none that
/// only repeats a part of another. An effect that a number is asked for is told by the number.
/// What is not sure takes the room that is left.
fn kept(mut candidates: Vec<Candidate>) -> Vec<(Candidate, bool)> {
    let is_number = |c: &Candidate| c.phrase.kind == PointKind::Requirement;
    candidates.sort_by(|a, b| {
        let place = |c: &Candidate| (c.section, c.phrase.span, c.phrase.kind);
        let by_score = b.score.total_cmp(&a.score);
        let surer = a.standing.cmp(&b.standing).then(is_number(b).cmp(&is_number(a)));
        surer.then(by_score).then_with(|| place(a).cmp(&place(b)))
    });
    let is_new = |candidate: &Candidate, kept: &[(Candidate, bool)]| {
        !kept.iter().any(|(other, _)| repeats(&candidate.phrase, &other.phrase))
    };
    let (mut kept, mut rest) = (Vec::with_capacity(POINTS_MAX), Vec::new());
    for candidate in candidates {
        let numbers = kept.iter().filter(|(c, _)| is_number(c)).count();
        let room = candidate.standing.room();
        let has_room = kept.len() < POINTS_MAX
            && if is_number(&candidate) {
                numbers < REQUIREMENTS_MAX.min(room)
            } else {
                kept.len() - numbers < room
            };
        if has_room && is_new(&candidate, &kept) {
            kept.push((candidate, true));
        } else {
            rest.push(candidate);
        }
    }
    for candidate in rest {
        if kept.len() < POINTS_MAX && is_new(&candidate, &kept) {
            kept.push((candidate, false));
        }
    }
    kept
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

    fn all(title: &str, body: &str) -> Vec<Point> {
        points(&READER.0, &READER.1, title, body)
    }

    /// The sure ones.
    fn found(title: &str, body: &str) -> Vec<Point> {
        all(title, body).into_iter().filter(|point| point.sure).collect()
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
        assert_eq!(all("", body).len(), names.len(), "nor is there a doubt about them");
    }

    #[test]
    fn what_looks_like_talk_is_taken_where_there_is_nothing_else() {
        assert!(!found("", "我公司拥有真空烧结炉，员工20人").is_empty());
        assert!(!found("如何去掉花椒的苦味", "").is_empty());
        assert_eq!(found("", "……"), []);
    }

    #[test]
    fn what_is_asked_for_comes_before_what_there_is() {
        let body =
            "目前采用溶剂浸提设备，用到活性炭吸附工艺。希望开发超临界萃取设备，降低溶剂残留量。";
        let names: Vec<String> = found("", body).into_iter().map(|point| point.name).collect();
        assert_eq!(names, ["超临界萃取设备", "降低溶剂残留量"]);
        let alone = found("", "目前采用溶剂浸提设备。");
        assert_eq!(alone.len(), 1, "{alone:?}");
    }

    #[test]
    fn what_others_tell_of_is_taken_only_if_it_is_about_the_title() {
        let body = "等离子焊接机器人装在末端。叶片耐磨涂层由两层组成。";
        let names: Vec<String> =
            found("风机叶片涂层", body).into_iter().map(|point| point.name).collect();
        assert_eq!(names, ["风机叶片涂层", "叶片耐磨涂层"]);
    }

    #[test]
    fn what_tells_against_a_name_leaves_it_out() {
        let sure = "希望开发纳米银导电浆料。";
        for doubtful in [
            "希望解决电机轴承轴承。",
            "需要侧储能装置。",
            "希望提高生产率低回收率。",
            "要求主轴转速。",
            "需要通用设备。",
            "需要纯化技术。",
            "需要蓄电池。",
            "要求直径≤3mm。",
        ] {
            let names: Vec<String> = found("", &format!("{sure}{doubtful}"))
                .into_iter()
                .map(|point| point.name)
                .collect();
            assert_eq!(names, ["纳米银导电浆料"], "{doubtful}");
        }
    }

    #[test]
    fn what_is_left_out_is_kept_as_not_sure_at_half_its_weight() {
        let points = all("纳米银导电浆料", "需要纯化技术。目前采用溶剂浸提设备，要求直径≤3mm。");
        let told: Vec<_> = points.iter().map(|point| (point.name.as_str(), point.sure)).collect();
        let unsure = [("纯化技术", false), ("溶剂浸提设备", false), ("直径≤3mm", false)];
        assert_eq!(told[0], ("纳米银导电浆料", true));
        assert_eq!(told[1..], unsure);
        assert!(points[1..].iter().all(|point| point.weight <= points[0].weight * BODY * DOUBTFUL));
    }

    #[test]
    fn what_is_done_to_something_is_no_part_of_its_name() {
        let names: Vec<String> =
            found("", "希望开发同步带连接凸轮机构。").into_iter().map(|point| point.name).collect();
        assert_eq!(names, ["凸轮机构"]);
    }

    #[test]
    fn the_rest_of_a_cut_word_belongs_to_the_name() {
        let names: Vec<String> = found("", "希望开发三元正极材料和可降解聚酯纤维。")
            .into_iter()
            .map(|point| point.name)
            .collect();
        assert_eq!(names, ["三元正极材料", "可降解聚酯纤维"]);
    }

    #[test]
    fn a_longer_name_that_says_no_more_is_a_repetition() {
        let body = "需要研究石墨烯散热膜技术，开发高效石墨烯散热膜。";
        let names: Vec<String> =
            found("石墨烯散热膜", body).into_iter().map(|point| point.name).collect();
        assert_eq!(names, ["石墨烯散热膜"]);
    }

    #[test]
    fn all_of_a_list_of_places_are_places() {
        let kinds: Vec<PointKind> = found("", "需要导热凝胶，用于逆变器、车载充电机。")
            .into_iter()
            .map(|point| point.kind)
            .collect();
        assert_eq!(kinds, [PointKind::Material, PointKind::Application, PointKind::Application]);
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
            let found = all(&title, &body);
            prop_assert_eq!(&found, &all(&title, &body));
            prop_assert!(found.is_empty() || found.iter().any(|point| point.sure));
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
