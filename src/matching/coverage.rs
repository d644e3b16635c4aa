//! Point × lab: how far the texts of a lab cover a point, and by which sentence.
//!
//! Which texts are looked at is left to the caller; which labs together cover most, to `team`.
//! What a phrase is looked for by is in `probe`, what a number is held against here.

use std::cell::OnceCell;

use super::evidence::Evidence;
use super::points::{Point, PointKind};
use super::probe::{Lexicon, Probe, Seen};
use super::team::OPEN_BELOW;
use crate::index::Statistics;
use crate::model::Span;
use crate::text::{
    Analysis, Analyzer, Normalized, Quantity, Sentence, Verdict, View, compare, normalize,
    quantities, sentences,
};

/// What the title of a sentence's record has, counts so much for the sentence: 银烧结层 in the
/// title, its 空洞率 in the text.
const BESIDE: f64 = 0.8;
/// Less is a coincidence.
const STRENGTH_MIN: f64 = 0.1;
/// From here on a point is covered.
const COVERED_MIN: f64 = 0.7;
/// A number meets a demand at least this far when the property is the same by other words.
const SAME_PROPERTY: f64 = 0.8;
/// What a lab covers of a demand that its numbers do not answer, times how far it has what is
/// measured: less than [`OPEN_BELOW`], so that the point stays open.
const UNANSWERED: f64 = 0.3;
/// What is measured has to be there so far for that.
const SUBJECT_MIN: f64 = 0.5;
/// Sums that are closer are equal.
const SAME: f64 = 1e-12;

/// A record of a lab, as far as points are looked for in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabText<'t> {
    /// The name of its title's field, and the title.
    pub title: (&'static str, &'t str),
    /// Its other fields, in the order in which they are shown.
    pub fields: Vec<(&'static str, &'t str)>,
}

/// 覆盖度: how far a lab covers a point.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// From 0, not at all, to 1, in the point's own words; of a number, whether it is met.
    pub strength: f64,
    /// The sentence that earns it, or that a number is violated by.
    pub evidence: Option<CellEvidence>,
    /// Of a number that is asked for, how the lab's numbers stand to it; `None` if the lab
    /// says nothing about what is measured.
    pub comparison: Option<Comparison>,
}

/// A sentence with the record that it stands in.
#[derive(Debug, Clone, PartialEq)]
pub struct CellEvidence {
    /// The record's place among those given.
    pub document: usize,
    /// The sentence. Its terms are places among those of the point's name.
    pub sentence: Evidence,
}

/// 指标对照: a number that is asked for beside one that is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comparison {
    /// How they stand to each other.
    pub verdict: Verdict,
    /// What is asked for, in characters of the point's name.
    pub required: Span,
    /// What is found, in characters of the sentence; `None` if there is no number to compare.
    pub found: Option<Span>,
}

/// 覆盖程度: a cell in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CellLevel {
    /// 未覆盖
    Open,
    /// 部分
    Partly,
    /// 覆盖
    Covered,
}

impl CellLevel {
    /// The stable English name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Partly => "partly",
            Self::Covered => "covered",
        }
    }

    /// The Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Open => "未覆盖",
            Self::Partly => "部分覆盖",
            Self::Covered => "覆盖",
        }
    }
}

impl Cell {
    fn open() -> Self {
        Self { strength: 0.0, evidence: None, comparison: None }
    }

    /// The strength in one word.
    pub fn level(&self) -> CellLevel {
        match self.strength {
            strength if strength >= COVERED_MIN => CellLevel::Covered,
            strength if strength >= OPEN_BELOW => CellLevel::Partly,
            _ => CellLevel::Open,
        }
    }
}

/// The points of a need, ready to be looked for in the texts of many labs.
pub struct Probes<'a> {
    analyzer: &'a Analyzer,
    points: &'a [Point],
    /// What each point is looked for by: its name, or what its number measures.
    probes: Vec<Probe>,
    lexicon: Lexicon,
}

/// A sentence of a record, read as far as it had to be.
struct Unit {
    document: usize,
    field: &'static str,
    sentence: Sentence,
    normalized: Normalized,
    /// What it has if all that looks like a word is one.
    seen: Seen,
    analysis: OnceCell<(Analysis, Seen)>,
    quantities: OnceCell<Vec<Quantity>>,
}

impl<'a> Probes<'a> {
    /// Analyses the names of the points and weighs their terms. Linear in their length.
    pub fn new(analyzer: &'a Analyzer, statistics: &Statistics, points: &'a [Point]) -> Self {
        let mut lexicon = Lexicon::default();
        let probes = points.iter().map(|point| {
            let subject = point.requirement.as_ref().and_then(|quantity| quantity.subject);
            let text = subject.map_or_else(|| point.text().to_owned(), |s| s.slice(&point.name));
            Probe::new(analyzer, statistics, &text, &mut lexicon)
        });
        let probes = probes.collect();
        Self { analyzer, points, probes, lexicon }
    }

    /// A cell for each point: the best sentence of a lab's records, among equals the first.
    /// Deterministic. Linear in points × sentences; few sentences are analysed.
    pub fn cells(&self, documents: &[LabText<'_>]) -> Vec<Cell> {
        let mut units = Vec::new();
        // Of each document the place of its title.
        let mut titles = Vec::with_capacity(documents.len());
        for (document, text) in documents.iter().enumerate() {
            for (field, text) in &text.fields {
                self.read(document, field, text, &mut units);
            }
            titles.push(units.len());
            self.read(document, text.title.0, text.title.1, &mut units);
        }
        let reader = Reader { probes: self, units: &units, titles: &titles };
        let cells = self.points.iter().zip(&self.probes);
        cells
            .map(|(point, probe)| match &point.requirement {
                Some(required) if point.kind == PointKind::Requirement => {
                    reader.number(point, required, probe)
                }
                _ => reader.phrase(probe),
            })
            .collect()
    }

    fn read(&self, document: usize, field: &'static str, text: &str, units: &mut Vec<Unit>) {
        units.extend(sentences(text).into_iter().map(|sentence| {
            let normalized = normalize(&sentence.text);
            let seen = self.lexicon.read(normalized.as_str());
            let (analysis, quantities) = (OnceCell::new(), OnceCell::new());
            Unit { document, field, sentence, normalized, seen, analysis, quantities }
        }));
    }
}

/// The sentences of one lab.
struct Reader<'r> {
    probes: &'r Probes<'r>,
    units: &'r [Unit],
    titles: &'r [usize],
}

impl Reader<'_> {
    /// A sentence taken apart, with what it really has.
    fn analysed<'u>(&self, unit: &'u Unit) -> &'u (Analysis, Seen) {
        unit.analysis.get_or_init(|| {
            let analysis = self.probes.analyzer.analyze(&unit.sentence.text);
            let terms = analysis.view(View::Words).map(|token| analysis.term(token));
            let seen = self.probes.lexicon.confirmed(&unit.seen, terms);
            (analysis, seen)
        })
    }

    fn title_of(&self, unit: &Unit) -> Option<&Unit> {
        // The title may be blank; what stands there then is another document's.
        let title = self.units.get(self.titles[unit.document])?;
        (title.document == unit.document).then_some(title)
    }

    /// The most that a sentence can have of a probe.
    fn bound(&self, probe: &Probe, unit: &Unit) -> f64 {
        let title = self.title_of(unit).map(|title| (&title.seen, BESIDE));
        probe.share(&unit.seen, title)
    }

    /// What it has.
    fn share(&self, probe: &Probe, unit: &Unit) -> f64 {
        let title = self.title_of(unit).map(|title| (&self.analysed(title).1, BESIDE));
        probe.share(&self.analysed(unit).1, title)
    }

    /// The sentence that has most of a probe, and how much: those that promise most first.
    fn best(&self, probe: &Probe) -> Option<(f64, &Unit)> {
        let promises = self.units.iter().enumerate();
        let mut order: Vec<(f64, usize)> =
            promises.map(|(idx, unit)| (self.bound(probe, unit), idx)).collect();
        order.retain(|(bound, _)| *bound >= STRENGTH_MIN);
        order.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut best: Option<(f64, usize)> = None;
        for (bound, idx) in order {
            let beats = |share: f64, (most, first): (f64, usize)| {
                share > most + SAME || (share >= most - SAME && idx < first)
            };
            if best.is_some_and(|(most, _)| bound < most - SAME) {
                break;
            }
            if best.is_some_and(|best| !beats(bound, best)) {
                continue;
            }
            let share = self.share(probe, &self.units[idx]);
            if share >= STRENGTH_MIN && best.is_none_or(|best| beats(share, best)) {
                best = Some((share, idx));
            }
        }
        best.map(|(share, idx)| (share, &self.units[idx]))
    }

    fn phrase(&self, probe: &Probe) -> Cell {
        let Some((share, unit)) = self.best(probe) else { return Cell::open() };
        let (analysis, seen) = self.analysed(unit);
        let (spans, terms) = probe.marks(analysis, seen);
        let evidence = Some(self.evidence(unit, spans, terms));
        Cell { strength: share.min(1.0), evidence, comparison: None }
    }

    /// A number: met wherever one sentence meets it, else violated wherever one violates it.
    fn number(&self, point: &Point, required: &Quantity, probe: &Probe) -> Cell {
        let mut best: Option<(Verdict, f64, &Unit, &Quantity)> = None;
        for unit in self.units {
            for found in self.quantities(unit) {
                let verdict = compare(required, &point.name, found, &unit.sentence.text);
                let strength = match verdict {
                    Verdict::Satisfied => self.share(probe, unit).clamp(SAME_PROPERTY, 1.0),
                    Verdict::Violated => 0.0,
                    Verdict::Unknown => continue,
                };
                let better = best.is_none_or(|(kept, most, ..)| match (verdict, kept) {
                    (Verdict::Satisfied, Verdict::Satisfied) => strength > most + SAME,
                    (verdict, kept) => verdict == Verdict::Satisfied && kept != verdict,
                });
                if better {
                    best = Some((verdict, strength, unit, found));
                }
            }
        }
        let comparison =
            |verdict, found| Some(Comparison { verdict, required: required.span, found });
        if let Some((verdict, strength, unit, found)) = best {
            let spans = found.subject.into_iter().chain([found.span]).collect();
            let evidence = Some(self.evidence(unit, spans, Vec::new()));
            return Cell { strength, evidence, comparison: comparison(verdict, Some(found.span)) };
        }
        let subject = self.phrase(probe);
        if subject.strength < SUBJECT_MIN {
            return Cell::open();
        }
        Cell {
            strength: UNANSWERED * subject.strength,
            comparison: comparison(Verdict::Unknown, None),
            ..subject
        }
    }

    /// The numbers of a sentence; reads nothing where there can be none.
    fn quantities<'u>(&self, unit: &'u Unit) -> &'u [Quantity] {
        const DIGITS: &str = "一二三四五六七八九十百千万亿半两零温";
        unit.quantities.get_or_init(|| {
            let has = unit.normalized.as_str().chars();
            let mut has = has.filter(|c| c.is_numeric() || DIGITS.contains(*c));
            match has.next() {
                Some(_) => quantities(&unit.sentence.text),
                None => Vec::new(),
            }
        })
    }

    fn evidence(&self, unit: &Unit, spans: Vec<Span>, terms: Vec<usize>) -> CellEvidence {
        let sentence = Evidence {
            field: unit.field,
            text: unit.sentence.text.clone(),
            offset: unit.sentence.span.start,
            spans: Span::join(spans),
            term_idxs: terms,
        };
        CellEvidence { document: unit.document, sentence }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::{GivenPoint, given_points};
    use crate::text::{Dictionary, DictionaryFiles};
    use proptest::prelude::*;
    use std::sync::LazyLock;

    static ANALYZER: LazyLock<Analyzer> = LazyLock::new(|| {
        let dictionary = Dictionary::parse(DictionaryFiles {
            terms: "term\tarea\n膜电极\t\n银烧结\t\n",
            synonyms: "canonical\tvariants\n碳化硅\tsic;金刚砂\n",
            stop_words: "的\n",
            boilerplate: "技术\n",
        });
        Analyzer::new(dictionary.expect("well formed"))
    });

    fn points(names: &[&str]) -> Vec<Point> {
        let given: Vec<GivenPoint> = names
            .iter()
            .map(|name| GivenPoint {
                kind: match name.chars().any(|c| c.is_ascii_digit()) {
                    true => PointKind::Requirement,
                    false => PointKind::Product,
                },
                name: (*name).to_owned(),
                weight: None,
            })
            .collect();
        given_points(&given, "", "").expect("good points")
    }

    fn cells(names: &[&str], documents: &[(&str, &str)]) -> Vec<Cell> {
        let points = points(names);
        let texts: Vec<LabText<'_>> = documents
            .iter()
            .map(|(title, text)| LabText {
                title: ("title", title),
                fields: vec![("abstract", text)],
            })
            .collect();
        Probes::new(&ANALYZER, &Statistics::empty(), &points).cells(&texts)
    }

    fn cell(name: &str, documents: &[(&str, &str)]) -> Cell {
        cells(&[name], documents).remove(0)
    }

    fn told(cell: &Cell) -> (usize, &'static str, String, Vec<String>) {
        let CellEvidence { document, sentence } = cell.evidence.as_ref().expect("evidence");
        let marked = sentence.spans.iter().map(|span| span.slice(&sentence.text)).collect();
        (*document, sentence.field, sentence.text.clone(), marked)
    }

    #[test]
    fn the_sentence_that_has_most_of_a_point_earns_it() {
        let documents =
            [("黄酒发酵", "研究风味。"), ("封装", "先清洗。采用银烧结降低空洞。用膜电极。")];
        let found = cell("银烧结空洞", &documents);
        assert!(found.strength > 0.99, "{found:?}");
        assert_eq!(found.level(), CellLevel::Covered);
        let (document, field, text, marked) = told(&found);
        assert_eq!((document, field, text.as_str()), (1, "abstract", "采用银烧结降低空洞。"));
        assert_eq!(marked, ["银烧结", "空洞"]);
        assert_eq!(found.evidence.expect("evidence").sentence.offset, 4);
        assert_eq!(cell("奶牛疫苗", &documents), Cell::open());
    }

    #[test]
    fn a_title_counts_for_the_sentences_below_it_and_pieces_count_less_than_words() {
        let apart = cell("银烧结空洞", &[("银烧结", "空洞很少。")]).strength;
        let whole = cell("银烧结空洞", &[("其他", "银烧结空洞很少。")]).strength;
        let pieces = cell("银烧结", &[("其他", "用银粉烧结而成。")]).strength;
        assert!(apart > 0.8 && apart < whole, "{apart} {whole}");
        assert!(pieces > 0.0 && pieces <= PIECES_MOST, "{pieces}");
    }
    const PIECES_MOST: f64 = 0.6;

    #[test]
    fn a_synonym_is_the_same_and_pieces_across_words_are_not() {
        let found = cell("碳化硅器件", &[("其他", "以SiC器件为例。")]);
        assert!(found.strength > 0.99, "{found:?}");
        assert_eq!(told(&found).3, ["SiC", "器件"]);
        let false_friend = cell("校对", &[("其他", "学校对接企业。")]);
        assert!(false_friend.strength <= PIECES_MOST, "{false_friend:?}");
    }

    #[test]
    fn a_number_is_met_violated_or_not_answered_with_both_places() {
        let check = |text: &str| {
            let cell = cell("剪切强度≥40MPa", &[("银烧结", text)]);
            let places = cell.comparison.map(|c| {
                assert_eq!(c.required.slice("剪切强度≥40MPa"), "≥40MPa");
                let found = c.found.map(|found| found.slice(&told(&cell).2));
                (c.verdict, found.unwrap_or_default())
            });
            (cell.strength, cell.level(), places)
        };
        let is = |verdict, found: &str| Some((verdict, found.to_owned()));
        let met = check("工艺简单。剪切强度达到52MPa。剪切强度为30MPa。");
        assert_eq!(met, (1.0, CellLevel::Covered, is(Verdict::Satisfied, "达到52MPa")));
        let synonym = check("抗剪强度为45 MPa。");
        assert_eq!(synonym.2, is(Verdict::Satisfied, "45 MPa"));
        assert!(synonym.0 >= SAME_PROPERTY);
        let violated = check("剪切强度低于30MPa。");
        assert_eq!(violated, (0.0, CellLevel::Open, is(Verdict::Violated, "低于30MPa")));
        let open = check("剪切强度有明显提高。");
        assert_eq!((open.1, open.2), (CellLevel::Open, is(Verdict::Unknown, "")));
        assert!(open.0 > 0.0);
        assert_eq!(check("风味浓郁。"), (0.0, CellLevel::Open, None));
    }

    #[test]
    fn odd_points_cover_nothing_and_break_nothing() {
        let odd = ["技术", "!!!", "的", "😀😀", "\u{301}", "9", "≥40", "ａ", "的的的的"];
        let documents = [("", ""), ("技术", "😀！！！"), ("，，", "一二三。\n\n")];
        for cell in cells(&odd, &documents) {
            assert!((0.0..=1.0).contains(&cell.strength), "{cell:?}");
        }
        assert!(cells(&odd, &[]).iter().all(|cell| *cell == Cell::open()));
    }

    /// The best sentence of each point, by the few that are taken apart and by all of them.
    fn best_by_few_and_by_all(
        points: &[Point],
        texts: &[String],
    ) -> Vec<[Option<(f64, usize)>; 2]> {
        let probes = Probes::new(&ANALYZER, &Statistics::empty(), points);
        let (mut units, mut titles) = (Vec::new(), Vec::new());
        for (document, text) in texts.iter().enumerate() {
            probes.read(document, "abstract", text, &mut units);
            titles.push(units.len());
            probes.read(document, "title", "银烧结", &mut units);
        }
        let reader = Reader { probes: &probes, units: &units, titles: &titles };
        let place = |unit: &Unit| units.iter().position(|other| std::ptr::eq(other, unit));
        let both = probes.probes.iter().map(|probe| {
            let few = reader.best(probe).map(|(share, unit)| (share, place(unit).expect("one")));
            let mut all: Option<(f64, usize)> = None;
            for (idx, unit) in units.iter().enumerate() {
                let share = reader.share(probe, unit);
                if share >= STRENGTH_MIN && all.is_none_or(|(most, _)| share > most + SAME) {
                    all = Some((share, idx));
                }
            }
            [few, all]
        });
        both.collect()
    }

    proptest! {
        #[test]
        fn the_few_sentences_that_are_taken_apart_have_the_best_among_them(
            names in prop::collection::hash_set("[银烧结空洞膜电极碳化硅sic学校对接器件]{1,8}", 1..5),
            texts in prop::collection::vec("[银烧结空洞膜电极碳化硅sic学校对接器件，。]{0,60}", 1..6),
        ) {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            for [few, all] in best_by_few_and_by_all(&points(&names), &texts) {
                prop_assert_eq!(few, all);
            }
        }

        #[test]
        fn more_texts_never_cover_less_and_spans_lie_in_their_sentences(
            names in prop::collection::hash_set("[银烧结空洞膜电极碳化硅sic的0-9a≥]{1,8}", 1..6),
            texts in prop::collection::vec(("[银烧结空膜电]{0,4}", "[银烧结空洞膜电极碳化硅sic，。0-9≥为MPa]{0,40}"), 0..5),
        ) {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let documents: Vec<(&str, &str)> =
                texts.iter().map(|(title, text)| (title.as_str(), text.as_str())).collect();
            let all = cells(&names, &documents);
            prop_assert_eq!(&all, &cells(&names, &documents));
            for cell in &all {
                prop_assert!((0.0..=1.0).contains(&cell.strength));
                prop_assert!(cell.strength == 0.0 || cell.evidence.is_some());
                if let Some(CellEvidence { document, sentence }) = &cell.evidence {
                    let (title, text) = documents[*document];
                    let field = if sentence.field == "title" { title } else { text };
                    let end = sentence.offset + sentence.text.chars().count() as u32;
                    prop_assert_eq!(Span::new(sentence.offset, end).slice(field), &*sentence.text);
                    let chars = sentence.text.chars().count() as u32;
                    prop_assert!(sentence.spans.iter().all(|s| s.start < s.end && s.end <= chars));
                }
            }
            if let Some((_, fewer)) = documents.split_last() {
                for (less, more) in cells(&names, fewer).iter().zip(&all) {
                    let violated = |cell: &Cell| {
                        cell.comparison.is_some_and(|c| c.verdict == Verdict::Violated)
                    };
                    prop_assert!(less.strength <= more.strength + 1e-12 || violated(more));
                }
            }
        }
    }
}
