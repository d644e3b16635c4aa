//! How alike two records are that may be one thing told twice.
//!
//! Texts are compared by their shingles: the runs of three letters in them, normalised, without
//! punctuation and white space. What makes two things of one text counts against: other numbers,
//! another house, another kind or year.

use std::collections::BTreeSet;

use crate::model::Span;
use crate::text::{Normalized, normalize};

/// From here on two records are proposed as one. Texts with a word changed in every third
/// sentence are above, those written after one template below.
pub const LIKENESS_MIN: f64 = 0.7;

/// Letters of a shingle.
const SHINGLE: usize = 3;
/// A text with fewer shingles says too little to be compared.
const SHINGLES_MIN: usize = 10;
/// Of so many shingles it says something if all are in a longer text.
const CONTAINED_MIN: usize = 40;
/// What it is worth that a text is the beginning or a part of the other.
const CONTAINED_WEIGHT: f64 = 0.9;
/// Share of the names if there are texts.
const NAME_WEIGHT: f64 = 0.35;
/// What is left if only one of the two has a text.
const ONE_SILENT: f64 = 0.9;
/// What is left if each has numbers that the other has not.
const OTHER_NUMBERS: f64 = 0.6;

/// 方面: what two records are compared by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aspect {
    /// 名称
    Name,
    /// 正文
    Text,
    /// 数字
    Numbers,
    /// 所属单位: institutions of a lab, labs of an achievement, the firm of a need.
    House,
    /// 类别
    Kind,
    /// 年份
    Year,
}

impl Aspect {
    /// The stable English name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Text => "text",
            Self::Numbers => "numbers",
            Self::House => "house",
            Self::Kind => "kind",
            Self::Year => "year",
        }
    }

    /// The Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Name => "名称",
            Self::Text => "正文",
            Self::Numbers => "数字",
            Self::House => "所属单位",
            Self::Kind => "类别",
            Self::Year => "年份",
        }
    }

    /// What is left of the likeness if both tell this and agree in nothing.
    fn left(self) -> f64 {
        match self {
            Self::Name | Self::Text => 1.0,
            Self::Numbers | Self::Kind => OTHER_NUMBERS,
            Self::House | Self::Year => 0.8,
        }
    }
}

/// What of a record is compared.
#[derive(Debug, Clone, Default)]
pub struct Told<'a> {
    /// Its name or title, and other names.
    pub names: Vec<&'a str>,
    /// Body, profile or abstract; empty if it has none.
    pub text: &'a str,
    /// What else it tells, each with its values; what is not told is left out.
    pub facts: Vec<(Aspect, BTreeSet<String>)>,
}

/// A record made ready to be compared with many.
#[derive(Debug, Clone)]
pub struct Likened {
    names: Vec<Shingles>,
    text: Shingles,
    facts: Vec<(Aspect, BTreeSet<String>)>,
    numbers: BTreeSet<String>,
}

/// 相似度: how alike two records are, and by what.
#[derive(Debug, Clone, PartialEq)]
pub struct Likeness {
    /// 0 to 1.
    pub value: f64,
    /// What they have in common.
    pub agrees: Vec<Aspect>,
    /// In what they differ.
    pub differs: Vec<Aspect>,
}

impl Likened {
    /// Linear in the texts.
    pub fn new(told: Told<'_>) -> Self {
        let numbers = |text: &&str| numbers_of(&normalize(text));
        let first_name = told.names.first().into_iter();
        Self {
            numbers: first_name.chain([&told.text]).flat_map(numbers).collect(),
            names: told.names.iter().map(|name| Shingles::of(name)).collect(),
            text: Shingles::of(told.text),
            facts: told.facts,
        }
    }

    /// How alike the two are; the same in both directions. Linear in the texts.
    pub fn likeness(&self, other: &Self) -> Likeness {
        let (mut agrees, mut differs) = (Vec::new(), Vec::new());
        let mut say =
            |aspect, agree: bool| if agree { &mut agrees } else { &mut differs }.push(aspect);
        let names = self.names.iter().flat_map(|a| other.names.iter().map(|b| a.jaccard(b)));
        let name = names.fold(0.0, f64::max);
        say(Aspect::Name, name >= LIKENESS_MIN);
        let speaking = [self, other].map(|one| one.text.0.len() >= SHINGLES_MIN);
        let mut value = match speaking {
            [true, true] => {
                let text = self.text.alike(&other.text);
                say(Aspect::Text, text >= LIKENESS_MIN);
                NAME_WEIGHT * name + (1.0 - NAME_WEIGHT) * text
            }
            [false, false] => name,
            _ => ONE_SILENT * name,
        };
        if !self.numbers.is_empty() && !other.numbers.is_empty() {
            // More numbers are more text; other numbers are another thing.
            let lacks = |a: &Self, b: &Self| a.numbers.difference(&b.numbers).next().is_some();
            let conflict = lacks(self, other) && lacks(other, self);
            say(Aspect::Numbers, !conflict);
            value *= if conflict { OTHER_NUMBERS } else { 1.0 };
        }
        for (aspect, values) in &self.facts {
            let told = other.facts.iter().find(|(of, _)| of == aspect);
            let Some((_, others)) = told.filter(|(_, others)| !others.is_empty()) else { continue };
            if values.is_empty() {
                continue;
            }
            let agree = !values.is_disjoint(others);
            say(*aspect, agree);
            value *= if agree { 1.0 } else { aspect.left() };
        }
        Likeness { value, agrees, differs }
    }
}

/// Distinct runs of letters.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Shingles(BTreeSet<[char; SHINGLE]>);

impl Shingles {
    fn of(text: &str) -> Self {
        Self(runs(&letters(&normalize(text))).map(|(_, run)| run).collect())
    }

    /// Share of those that both have.
    fn jaccard(&self, other: &Self) -> f64 {
        let both = self.0.intersection(&other.0).count();
        let all = self.0.len() + other.0.len() - both;
        if all == 0 { 0.0 } else { both as f64 / all as f64 }
    }

    /// The same, but a text that stands in a longer one is alike as well.
    fn alike(&self, other: &Self) -> f64 {
        let fewer = self.0.len().min(other.0.len());
        let both = self.0.intersection(&other.0).count();
        let contained =
            if fewer < CONTAINED_MIN { 0.0 } else { CONTAINED_WEIGHT * both as f64 / fewer as f64 };
        self.jaccard(other).max(contained)
    }
}

/// The letters and digits of a text with their places in it.
fn letters(text: &Normalized) -> Vec<(u32, char)> {
    (0u32..).zip(text.as_str().chars()).filter(|(_, c)| c.is_alphanumeric()).collect()
}

/// The runs of a text, each with the place of its first letter in the list; a text that is
/// shorter is one run.
fn runs(letters: &[(u32, char)]) -> impl Iterator<Item = (usize, [char; SHINGLE])> {
    let short = !letters.is_empty() && letters.len() < SHINGLE;
    let whole = short.then(|| {
        let mut run = [' '; SHINGLE];
        run.iter_mut().zip(letters).for_each(|(to, (_, c))| *to = *c);
        (0, run)
    });
    let runs = letters.windows(SHINGLE).enumerate().map(|(place, window)| {
        let mut run = [' '; SHINGLE];
        run.iter_mut().zip(window).for_each(|(to, (_, c))| *to = *c);
        (place, run)
    });
    whole.into_iter().chain(runs)
}

/// The numbers of a text, as they are written.
fn numbers_of(text: &Normalized) -> Vec<String> {
    let text = text.as_str();
    let pieces = text.split(|c: char| !c.is_ascii_digit() && c != '.');
    let numbers = pieces.map(|piece| piece.trim_matches('.')).filter(|piece| !piece.is_empty());
    numbers.map(str::to_owned).collect()
}

/// What each of two texts has that the other has not, in its author's own characters.
pub fn differing(texts: [&str; 2]) -> [Vec<Span>; 2] {
    let normalized = texts.map(normalize);
    let letters = [letters(&normalized[0]), letters(&normalized[1])];
    let shingles = texts.map(Shingles::of);
    let own = |which: usize| {
        let (text, letters) = (&normalized[which], &letters[which]);
        let mut is_shared = vec![false; letters.len()];
        for (place, run) in runs(letters) {
            if shingles[1 - which].0.contains(&run) {
                let end = (place + SHINGLE).min(is_shared.len());
                is_shared[place..end].fill(true);
            }
        }
        let mut spans: Vec<Span> = Vec::new();
        let mut last = None;
        for (idx, (place, _)) in letters.iter().enumerate().filter(|(idx, _)| !is_shared[*idx]) {
            let span = text.original(*place, *place + 1);
            match spans.last_mut() {
                Some(open) if idx > 0 && last == Some(idx - 1) => open.end = span.end,
                _ => spans.push(span),
            }
            last = Some(idx);
        }
        spans
    };
    [own(0), own(1)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likened(name: &str, text: &str) -> Likened {
        Likened::new(Told { names: vec![name], text, facts: vec![] })
    }

    fn value(a: (&str, &str), b: (&str, &str)) -> f64 {
        let (a, b) = (likened(a.0, a.1), likened(b.0, b.1));
        let there = a.likeness(&b);
        assert_eq!(there, b.likeness(&a), "the same in both directions");
        there.value
    }

    const NAME: &str = "膜电极耐久性不足";
    const TEXT: &str =
        "燃料电池膜电极在高温下寿命短，希望连续运行8000小时，电压衰减低于10%，成本降低三成。";

    #[test]
    fn one_thing_told_twice_is_proposed_and_others_are_not() {
        assert!((value((NAME, TEXT), (NAME, TEXT)) - 1.0).abs() < 1e-9);
        for (name, text) in [
            ("膜电极 耐久性不足！", TEXT),
            (
                NAME,
                "燃料電池膜電極在高溫下壽命短, 希望連續運行８０００小時; 電壓衰減低於10%，成本降低三成",
            ),
            (
                NAME,
                "燃料电池膜电极在高温下寿命太短，希望能连续运行8000小时，电压衰减低于10%，成本降低三成。",
            ),
            (NAME, ""),
            ("关于膜电极的需求", TEXT),
        ] {
            let value = value((NAME, TEXT), (name, text));
            let want = name != "关于膜电极的需求";
            assert_eq!(value >= LIKENESS_MIN, want, "{name} {text}: {value}");
        }
        let longer = format!("{TEXT}我们是一家做电堆的企业，去年刚投产，{}", "愿意先签小试合同。");
        assert!(value((NAME, TEXT), (NAME, &longer)) >= LIKENESS_MIN);
        for (name, text) in [
            ("膜电极成本过高", "膜电极用铂量大，希望成本降低三成，性能不下降。"),
            ("黄酒发酵过程控制", "以在线传感器控制黄酒发酵的温度。"),
            ("", ""),
        ] {
            let value = value((NAME, TEXT), (name, text));
            assert!(value < 0.4, "{name}: {value}");
        }
    }

    #[test]
    fn other_numbers_are_another_thing_and_more_numbers_are_not() {
        let other = TEXT.replace("8000", "5000");
        let likeness = likened(NAME, TEXT).likeness(&likened(NAME, &other));
        assert!(likeness.value < LIKENESS_MIN, "{likeness:?}");
        assert_eq!(likeness.differs, [Aspect::Numbers]);
        let more = format!("{TEXT}预算80万元。");
        assert!(value((NAME, TEXT), (NAME, &more)) >= LIKENESS_MIN);
    }

    #[test]
    fn another_house_kind_or_year_counts_against() {
        let told = |aspect, values: &[&str]| {
            let values = values.iter().map(|value| (*value).to_owned()).collect();
            let facts = vec![(aspect, values)];
            Likened::new(Told { names: vec![NAME], text: TEXT, facts })
        };
        for aspect in [Aspect::House, Aspect::Kind, Aspect::Year] {
            let one = told(aspect, &["甲"]);
            let same = one.likeness(&told(aspect, &["乙", "甲"]));
            assert!(same.value > 0.99 && same.agrees.contains(&aspect), "{same:?}");
            let other = one.likeness(&told(aspect, &["乙"]));
            assert!(other.value < same.value && other.differs == [aspect], "{other:?}");
            let silent = one.likeness(&told(aspect, &[]));
            assert!(silent.value > 0.99 && !silent.agrees.contains(&aspect), "{silent:?}");
        }
        let kinds = told(Aspect::Kind, &["paper"]).likeness(&told(Aspect::Kind, &["patent"]));
        assert!(kinds.value < LIKENESS_MIN, "a paper is no patent, whatever it is called");
    }

    #[test]
    fn any_of_the_names_will_do() {
        let names = |names: &[&'static str]| {
            Likened::new(Told { names: names.to_vec(), ..Told::default() })
        };
        let renamed = names(&["燃料电池全国重点实验室", "燃料电池国家重点实验室"]);
        let old = renamed.likeness(&names(&["燃料电池国家重点实验室"]));
        assert!((old.value - 1.0).abs() < 1e-9, "{old:?}");
    }

    #[test]
    fn what_differs_is_marked_in_the_authors_own_characters() {
        let marked = |texts: [&str; 2]| {
            let spans = differing(texts);
            [0, 1].map(|which| {
                let chars: Vec<char> = texts[which].chars().collect();
                let marked = spans[which].iter();
                marked.map(|s| chars[s.start as usize..s.end as usize].iter().collect()).collect()
            })
        };
        let told: [Vec<String>; 2] =
            marked(["寿命达到８０００小时，成本低", "壽命達到5000小時，成本低，体积小"]);
        assert!(told[0].concat().contains('８') && !told[0].concat().contains('寿'), "{told:?}");
        assert_eq!(told[1].last().map(String::as_str), Some("体积小"), "{told:?}");
        assert_eq!(differing(["甲乙", "甲乙"]), [vec![], vec![]]);
        assert_eq!(
            marked(["甲", "乙丙丁戊"]),
            [vec!["甲".to_owned()], vec!["乙丙丁戊".to_owned()]]
        );
    }
}
