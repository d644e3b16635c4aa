//! The technical phrases of a clause, by its words alone.
//!
//! A phrase is a run of words between function words, verbs of wishing and punctuation. Its
//! end, the head, says what it is: 石墨电极抗氧化剂 is a 剂, so a material.

use super::PointKind;
use super::chunks::{Chunk, RESISTS, Word, chars, last_chars, text};
use super::doubt::Doubt;
use super::telling::{Tale, WORD_CHARS_MIN};
use super::words::{PointWords, Role};
use crate::model::Span;
use crate::text::{Analyzer, normalize};

/// A phrase of more characters is divided.
const LONG_CHARS: usize = 16;
/// A phrase of more characters is no name.
const CHARS_MAX: usize = 16;

/// What is too general to be told of something else: the performance of a motor.
const TOO_GENERAL: [&str; 8] = ["方法", "技术", "工艺", "模型", "性能", "质量", "产品质量", "配方"];

/// What something is done to has at least so many characters, else it does it: 接收装置.
const OBJECT_CHARS_MIN: usize = 4;

/// What may stand between a measure and its number: 良率目标≥96%.
const BEFORE_NUMBERS: [char; 12] =
    ['目', '标', '要', '求', '为', '达', '到', '在', '是', ':', ' ', '可'];

/// A phrase with its kind.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Phrase {
    pub kind: PointKind,
    /// Where it stands, in characters of the clause.
    pub span: Span,
    /// As written, normalised.
    pub text: String,
    pub tale: Tale,
    /// What tells against its being a name.
    pub doubt: Doubt,
}

/// What phrases are read with.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub analyzer: &'a Analyzer,
    pub words: &'a PointWords,
}

impl Reader<'_> {
    /// The phrases of a clause, in the order of their starts. In a title, what a method or an
    /// effect is about counts as a phrase of its own.
    pub fn phrases(self, clause: &str, is_title: bool) -> Vec<Phrase> {
        let analysis = self.analyzer.analyze(clause);
        let chars: Vec<char> = clause.chars().collect();
        let mut found = Vec::new();
        let chunks = self.chunks(&analysis);
        for (idx, chunk) in chunks.iter().enumerate() {
            let linked = idx
                .checked_sub(1)
                .map(|before| &chunks[before])
                .filter(|_| chunk.before.is_some_and(|word| word.text == "的"))
                .filter(|before| before.behind.is_some_and(|word| word.text == "的"));
            let listed = self.is_listed(&chunks[..=idx], &found, &chars);
            self.of_chunk(chunk, linked, (is_title, listed), &mut found);
        }
        let words: Vec<_> = self.all_words(&analysis).collect();
        for phrase in &mut found {
            self.lengthen(phrase, &words);
            phrase.doubt = self.doubt(phrase, is_title, &words, &chars);
        }
        found.sort_by_key(|phrase| phrase.span);
        found
    }

    /// Whether a number is measured by what is written so: by an effect of its own name.
    pub fn is_measure(self, subject: &str) -> bool {
        let subject = normalize(subject);
        let subject = subject.as_str().trim_end_matches(BEFORE_NUMBERS);
        let is_effect = self.words.head(subject).is_some_and(|(kind, _)| kind == PointKind::Effect);
        let general = TOO_GENERAL.iter().any(|general| subject.ends_with(general));
        let analysis = self.analyzer.analyze(subject);
        let mut words = self.all_words(&analysis);
        let never = words.any(|(word, _)| self.words.is(word.text, Role::Never));
        // 直径 is of anything, and set more often than wished for.
        let bare = self.words.is(subject, Role::Parameter) || self.is_general(subject);
        is_effect && !never && !general && !bare && subject.chars().nth(1).is_some()
    }

    /// Whether a word begins at a character of a clause, or none is there.
    pub fn begins(self, clause: &str, at: u32) -> bool {
        let analysis = self.analyzer.analyze(clause);
        self.all_words(&analysis).all(|(word, _)| at <= word.span.start || word.span.end <= at)
    }

    /// The longest run of words of a clause that says anything, whatever its head.
    pub fn longest(self, clause: &str) -> Option<Phrase> {
        let analysis = self.analyzer.analyze(clause);
        let chunks = self.chunks(&analysis);
        let runs = chunks.iter().map(|chunk| last_chars(self.trimmed(&chunk.words), CHARS_MAX));
        let telling = runs.filter(|run| self.tells(run));
        let longest = telling.max_by_key(|run| (chars(run), std::cmp::Reverse(run[0].span)))?;
        let kind = self.words.head(&text(longest)).map(|(kind, _)| kind);
        Some(self.phrase(kind.unwrap_or(PointKind::Product), longest))
    }

    /// Reads a chunk; `linked` is the one that stands before it with 的 between.
    fn of_chunk(
        self,
        chunk: &Chunk<'_>,
        linked: Option<&Chunk<'_>>,
        (is_title, listed): (bool, bool),
        found: &mut Vec<Phrase>,
    ) {
        let words = self.trimmed(&chunk.words);
        let first = found.len();
        let before = chunk
            .before
            .filter(|_| words.first().map(|w| w.span) == chunk.words.first().map(|w| w.span));
        self.divide(words, is_title, found);
        if let Some(place) = self.place(chunk, words, listed) {
            found.truncate(first);
            found.push(place);
            return;
        }
        if self.is_used(chunk) {
            let things = found[first..].iter_mut().filter(|phrase| phrase.kind.is_thing());
            things.for_each(|phrase| phrase.kind = PointKind::Application);
        }
        if let Some(verb) = before
            && let Some(effect) = self.changed(verb, words, chunk.behind.is_some())
        {
            found.retain(|phrase| phrase.span.end != effect.span.end);
            found.push(effect);
            return;
        }
        // 灵敏度 alone is a measure of anything.
        let is_bare = words.len() == 1
            && found[first..].iter().all(|phrase| phrase.kind == PointKind::Effect);
        if is_bare
            && let Some(of) = linked
            && let Some(joined) = self.joined(of, words, is_title)
        {
            found.truncate(first);
            found.push(joined);
        } else if found.len() == first
            && let Some(of) = linked
            && let Some(joined) = self.joined(of, words, is_title)
        {
            found.push(joined);
        }
    }

    /// A run of words as one phrase, or as several if it is long.
    fn divide(self, words: &[Word<'_>], is_title: bool, found: &mut Vec<Phrase>) {
        let words = self.trimmed(self.behind_act(words));
        if chars(words) > LONG_CHARS
            && let Some(at) = self.border(words)
        {
            let (of, rest) = words.split_at(at);
            self.divide(of, is_title, found);
            self.divide(rest, is_title, found);
            return;
        }
        let words = self.trimmed(last_chars(words, CHARS_MAX));
        let kind = self.kind(words);
        if let Some(kind) = kind {
            found.push(self.phrase(kind, words));
        }
        if is_title && !kind.is_some_and(PointKind::is_thing) {
            let starts = (1..words.len()).rev().map(|at| self.trimmed(&words[..at]));
            let mut things = starts.filter(|of| chars(of) >= WORD_CHARS_MIN);
            let thing = things.find_map(|of| Some((of, self.kind(of).filter(|k| k.is_thing())?)));
            found.extend(thing.map(|(of, kind)| self.phrase(kind, of)));
        }
    }

    /// What stands behind the last verb that is done to something: 凸轮机构 in 同步带连接凸轮机构. A
    /// short word behind it does it: 安装机构.
    fn behind_act<'w, 't>(self, words: &'w [Word<'t>]) -> &'w [Word<'t>] {
        let act = words.iter().rposition(|word| self.words.is(word.text, Role::Act));
        let behind = act.map(|at| &words[at + 1..]);
        behind.filter(|behind| chars(behind) >= OBJECT_CHARS_MIN).unwrap_or(words)
    }

    /// Where a long run is divided: behind its last thing, better one that is built than one
    /// that is a material, since that often tells what the next is made of.
    fn border(self, words: &[Word<'_>]) -> Option<usize> {
        let thing = |at: usize| {
            let (of, rest) = words.split_at(at);
            let ends = self.words.head(&text(self.trimmed(rest))).is_some();
            self.kind(of).filter(|kind| ends && kind.is_thing() && chars(of) >= WORD_CHARS_MIN)
        };
        let things = (1..words.len()).filter_map(|at| thing(at).map(|kind| (at, kind)));
        let best = things.max_by_key(|(at, kind)| (*kind != PointKind::Material, *at));
        best.map(|(at, _)| at)
    }

    /// What a run of words is, if it says enough to stand alone.
    fn kind(self, words: &[Word<'_>]) -> Option<PointKind> {
        let whole = text(words);
        if words.is_empty() || words.iter().any(|w| self.words.is(w.text, Role::Never)) {
            return None;
        }
        let enough = if words.len() == 1 { self.is_term(words) } else { self.tells(words) };
        if !enough {
            return None;
        }
        let Some((kind, _)) = self.words.head(&whole) else {
            // 耐磨犁铧尖 is a thing whose end is not known.
            let is_thing = words.len() > 1 && self.words.head(words[0].text).is_some();
            let resists = whole.starts_with(RESISTS) && !is_thing;
            return (resists && chars(words) >= WORD_CHARS_MIN).then_some(PointKind::Effect);
        };
        // 空洞率控制 is about the rate, not about a way to control.
        let controlled = whole.strip_suffix("控制").and_then(|of| self.words.head(of));
        if controlled.is_some_and(|(kind, _)| kind == PointKind::Effect) {
            return Some(PointKind::Effect);
        }
        // 丙烯制醇 is a way to make something.
        let made = words.len() > 2 && words[1..].iter().any(|word| word.text == "制");
        if made && kind == PointKind::Material {
            return Some(PointKind::Method);
        }
        // 抗茎腐病 is no illness.
        let resists = whole.starts_with(RESISTS) && kind == PointKind::Application;
        Some(if resists { PointKind::Effect } else { kind })
    }

    /// Whether a chunk says where something is used: behind 用于.
    fn is_used(self, chunk: &Chunk<'_>) -> bool {
        chunk.before.is_some_and(|word| self.words.is(word.text, Role::Use))
    }

    /// The phrase of a place where something is used: behind 用于, before 用.
    fn place(self, chunk: &Chunk<'_>, words: &[Word<'_>], listed: bool) -> Option<Phrase> {
        let used = listed || chunk.before.is_some_and(|word| self.words.is(word.text, Role::Use));
        let user = chunk.behind.is_some_and(|word| matches!(word.text, "用" | "专用"));
        let kind = self.words.head(&text(words)).map(|(kind, _)| kind);
        let is_thing =
            kind.is_some_and(|kind| kind.is_thing() || used && kind == PointKind::Method);
        let says = is_thing && (words.len() > 1 && self.tells(words) || self.is_term(words));
        let short = chars(words) <= LONG_CHARS;
        let never = words.iter().any(|w| self.words.is(w.text, Role::Never));
        ((used || user) && says && short && !never)
            .then(|| self.phrase(PointKind::Application, words))
    }

    /// Whether the last chunk goes on with a list of places: 用于 A、B.
    fn is_listed(self, chunks: &[Chunk<'_>], found: &[Phrase], clause: &[char]) -> bool {
        let [.., before, chunk] = chunks else { return false };
        let (Some(first), Some(last)) = (chunk.words.first(), before.words.last()) else {
            return false;
        };
        let between = clause.get(last.span.end as usize..first.span.start as usize);
        let is_list = between.is_some_and(|b| matches!(b, ['、' | '和' | '与' | '及']));
        let place = found.last();
        is_list
            && place.is_some_and(|place| {
                place.kind == PointKind::Application && place.span.end == last.span.end
            })
    }

    /// The effect of a verb such as 降低 on what stands behind it.
    fn changed(self, verb: Word<'_>, words: &[Word<'_>], goes_on: bool) -> Option<Phrase> {
        let head = self.words.head(&text(words)).map(|(kind, _)| kind);
        let is_effect = head == Some(PointKind::Effect);
        let is_matter = head == Some(PointKind::Material) && !goes_on;
        let lowers = self.words.is(verb.text, Role::Lower) && (is_effect || is_matter);
        let raises = self.words.is(verb.text, Role::Raise) && is_effect;
        let never = words.iter().any(|w| self.words.is(w.text, Role::Never));
        let says = self.tells(words);
        if !(lowers || raises) || never || !says || chars(words) > LONG_CHARS {
            return None;
        }
        let mut all = vec![verb];
        all.extend_from_slice(words);
        Some(self.phrase(PointKind::Effect, &all))
    }

    /// A general effect with what it is an effect on: 石墨电极的寿命.
    fn joined(self, of: &Chunk<'_>, words: &[Word<'_>], is_title: bool) -> Option<Phrase> {
        let kind = self.words.head(&text(words)).map(|(kind, _)| kind)?;
        let of = self.trimmed_front(&of.words);
        if !is_title {
            self.words.head(&text(of))?;
        }
        if words.len() == 1 && TOO_GENERAL.contains(&words[0].text) {
            return None;
        }
        let all_known = of.iter().chain(words).all(|w| !self.words.is(w.text, Role::Never));
        let fits = chars(of) + 1 + chars(words) <= LONG_CHARS;
        let is_attribute = matches!(kind, PointKind::Effect | PointKind::Method);
        if !(fits && all_known && is_attribute && !words.is_empty() && self.tells(of)) {
            return None;
        }
        let span = Span::new(of[0].span.start, words[words.len() - 1].span.end);
        let name = format!("{}的{}", text(of), text(words));
        Some(Phrase { kind, span, text: name, tale: self.tale(of), doubt: Doubt::None })
    }

    fn phrase(self, kind: PointKind, words: &[Word<'_>]) -> Phrase {
        let span = Span::new(words[0].span.start, words[words.len() - 1].span.end);
        Phrase { kind, span, text: text(words), tale: self.tale(words), doubt: Doubt::None }
    }
}
