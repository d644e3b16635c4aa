//! The technical phrases of a clause, by its words alone.
//!
//! A phrase is a run of words between function words, verbs of wishing and punctuation. Its
//! end, the head, says what it is: 石墨电极抗氧化剂 is a 剂, so a material.

use super::PointKind;
use super::words::{PointWords, Role};
use crate::model::Span;
use crate::text::{Analysis, Analyzer, TokenKind, View, WordClass, normalize};

/// A phrase of more characters is divided.
const LONG_CHARS: usize = 14;
/// A phrase of more characters is no name.
const CHARS_MAX: usize = 16;
/// A single word of fewer characters needs to be a term of the trade.
const WORD_CHARS_MIN: usize = 3;

/// What an effect begins with that has no head: 耐高温蒸汽.
const RESISTS: [char; 4] = ['耐', '抗', '防', '阻'];
/// What is too general to be told of something else: the performance of a motor.
const TOO_GENERAL: [&str; 8] = ["方法", "技术", "工艺", "模型", "性能", "质量", "产品质量", "配方"];

/// What may stand between a measure and its number: 良率目标≥96%.
const BEFORE_NUMBERS: [char; 12] =
    ['目', '标', '要', '求', '为', '达', '到', '在', '是', ':', ' ', '可'];

/// A word of a clause.
#[derive(Debug, Clone, Copy)]
struct Word<'a> {
    /// As written, normalised.
    text: &'a str,
    /// Where it stands, in characters of the clause.
    span: Span,
}

/// Words that stand together, with what stands right before and behind them.
#[derive(Debug, Default)]
struct Chunk<'a> {
    words: Vec<Word<'a>>,
    before: Option<Word<'a>>,
    behind: Option<Word<'a>>,
}

/// A phrase with its kind.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Phrase {
    pub kind: PointKind,
    /// Where it stands, in characters of the clause.
    pub span: Span,
    /// As written, normalised.
    pub text: String,
    /// How rare its words are, 0 to 1.
    pub rarity: f64,
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
        let mut found = Vec::new();
        let chunks = self.chunks(&analysis);
        for (idx, chunk) in chunks.iter().enumerate() {
            let linked = idx
                .checked_sub(1)
                .map(|before| &chunks[before])
                .filter(|_| chunk.before.is_some_and(|word| word.text == "的"))
                .filter(|before| before.behind.is_some_and(|word| word.text == "的"));
            self.of_chunk(chunk, linked, is_title, &mut found);
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
        is_effect && !never && !general && subject.chars().nth(1).is_some()
    }

    /// The longest run of words of a clause that says anything, whatever its head.
    pub fn longest(self, clause: &str) -> Option<Phrase> {
        let analysis = self.analyzer.analyze(clause);
        let chunks = self.chunks(&analysis);
        let runs = chunks.iter().map(|chunk| last_chars(self.trimmed(&chunk.words), CHARS_MAX));
        let telling = runs.filter(|run| self.tells(run));
        let longest = telling.max_by_key(|run| (chars(run), std::cmp::Reverse(run[0].span)))?;
        let kind = self.words.head(&text(longest)).map(|(kind, _)| kind);
        Some(self.phrase(kind.unwrap_or(PointKind::Application), longest))
    }

    /// Runs of words between those that no phrase goes over.
    fn chunks<'t>(self, analysis: &'t Analysis) -> Vec<Chunk<'t>> {
        let mut chunks = Vec::new();
        let mut chunk = Chunk::default();
        let mut words = self.all_words(analysis).peekable();
        while let Some((word, stays)) = words.next() {
            if stays {
                chunk.words.push(word);
                let apart = words.peek().is_none_or(|(next, _)| next.span.start != word.span.end);
                if apart {
                    chunks.push(std::mem::take(&mut chunk));
                }
            } else {
                if !chunk.words.is_empty() {
                    chunk.behind = Some(word);
                    chunks.push(std::mem::take(&mut chunk));
                }
                let joined = words.peek().is_some_and(|(next, _)| next.span.start == word.span.end);
                chunk.before = joined.then_some(word);
            }
        }
        chunks
    }

    /// The words of a clause, function words included, and whether a phrase may have them.
    fn all_words<'t>(self, analysis: &'t Analysis) -> impl Iterator<Item = (Word<'t>, bool)> {
        let mut words: Vec<(Word<'t>, bool)> = Vec::new();
        let mut end = 0;
        for token in analysis.view(View::Words) {
            let span = analysis.span(token);
            if token.kind == TokenKind::Constituent || span.start < end {
                continue;
            }
            let text = analysis.surface(token);
            let stays = token.kind != TokenKind::Quantity && self.stays(text);
            words.push((Word { text, span }, stays));
            end = span.end;
        }
        // Function words are no tokens; what is left of their characters stands between words.
        let mut between: Vec<(Word<'t>, bool)> = Vec::new();
        let known = |span: Span| {
            let at = words.partition_point(|(word, _)| word.span.end <= span.start);
            words.get(at).is_some_and(|(word, _)| word.span.start < span.end)
        };
        for token in analysis.view(View::Parts).filter(|t| t.kind == TokenKind::Character) {
            let span = analysis.span(token);
            if !known(span) {
                let text = analysis.surface(token);
                // A letter such as C in 维生素C is no function word.
                let stays = text.bytes().all(|b| b.is_ascii_alphabetic());
                between.push((Word { text, span }, stays));
            }
        }
        words.extend(between);
        words.sort_by_key(|(word, _)| word.span);
        self.join(&mut words);
        words.into_iter()
    }

    /// Lets words stay that are parts of names only where they stand.
    fn join(self, words: &mut [(Word<'_>, bool)]) {
        for idx in 1..words.len() {
            let ((before, _), (here, stays)) = (words[idx - 1], words[idx]);
            let adjacent = before.span.end == here.span.start;
            // A verb before a general name is a part of it: 剔除 in 异物剔除装置.
            let is_verb = before.text.chars().nth(1).is_some()
                && !self.words.is(before.text, Role::Cut)
                && self.analyzer.word_class(before.text) == WordClass::Verb;
            if adjacent && stays && is_verb && self.words.is(here.text, Role::Name) {
                words[idx - 1].1 = true;
            }
            // Two characters before 型 or 式 are one word with it: 本安型, 即热式.
            if adjacent && idx > 1 && matches!(here.text, "型" | "式") {
                let first = words[idx - 2].0;
                let one = |word: &Word<'_>| word.text.chars().nth(1).is_none();
                if one(&first) && one(&before) && first.span.end == before.span.start {
                    words[idx - 2].1 = true;
                    words[idx - 1].1 = true;
                    words[idx].1 = true;
                }
            }
        }
    }

    /// Whether a word is found in any need and has no place in a name.
    fn is_talk(self, word: &str) -> bool {
        let roles = [Role::Plain, Role::Lead, Role::LeadVerb, Role::Tail, Role::VerbPart];
        let has_role = roles.into_iter().any(|role| self.words.is(word, role));
        self.analyzer.is_boilerplate(word) && !has_role && self.words.head(word).is_none()
    }

    fn stays(self, word: &str) -> bool {
        if self.words.is(word, Role::Cut) || self.is_talk(word) {
            return false;
        }
        let is_part = self.words.head(word).is_some()
            || self.analyzer.dictionary().contains(word)
            || self.words.is(word, Role::Plain);
        is_part
            || word.starts_with(RESISTS)
            || self.words.is(word, Role::VerbPart)
            || match self.analyzer.word_class(word) {
                WordClass::Function | WordClass::Place => false,
                // What is done to something: 建造 …, 喷施 …; a single character is a rest of a word.
                WordClass::Verb => word.chars().nth(1).is_none(),
                _ => true,
            }
    }

    /// Reads a chunk; `linked` is the one that stands before it with 的 between.
    fn of_chunk(
        self,
        chunk: &Chunk<'_>,
        linked: Option<&Chunk<'_>>,
        is_title: bool,
        found: &mut Vec<Phrase>,
    ) {
        let words = self.trimmed(&chunk.words);
        let first = found.len();
        let before = chunk
            .before
            .filter(|_| words.first().map(|w| w.span) == chunk.words.first().map(|w| w.span));
        self.divide(words, is_title, found);
        if let Some(place) = self.place(chunk, words) {
            found.truncate(first);
            found.push(place);
            return;
        }
        if let Some(verb) = before
            && let Some(effect) = self.changed(verb, words, chunk.behind.is_some())
        {
            found.retain(|phrase| phrase.span.end != effect.span.end);
            found.push(effect);
            return;
        }
        if found.len() == first
            && let Some(of) = linked
            && let Some(joined) = self.joined(of, words, is_title)
        {
            found.push(joined);
        }
    }

    /// A run of words as one phrase, or as several if it is long.
    fn divide(self, words: &[Word<'_>], is_title: bool, found: &mut Vec<Phrase>) {
        let words = self.trimmed(words);
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
        // 抗茎腐病 is no illness.
        let resists = whole.starts_with(RESISTS) && kind == PointKind::Application;
        Some(if resists { PointKind::Effect } else { kind })
    }

    /// The phrase of a place where something is used: behind 用于, before 用.
    fn place(self, chunk: &Chunk<'_>, words: &[Word<'_>]) -> Option<Phrase> {
        let used = chunk.before.is_some_and(|word| self.words.is(word.text, Role::Use));
        let user = chunk.behind.is_some_and(|word| matches!(word.text, "用" | "专用"));
        let is_thing = self.words.head(&text(words)).is_some_and(|(kind, _)| kind.is_thing());
        let says = is_thing && (words.len() > 1 && self.tells(words) || self.is_term(words));
        let short = chars(words) <= LONG_CHARS;
        let never = words.iter().any(|w| self.words.is(w.text, Role::Never));
        ((used || user) && says && short && !never)
            .then(|| self.phrase(PointKind::Application, words))
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
        Some(Phrase { kind, span, text: name, rarity: self.rarity(of) })
    }

    /// Without what says nothing at both ends.
    fn trimmed<'w, 't>(self, words: &'w [Word<'t>]) -> &'w [Word<'t>] {
        let mut words = self.trimmed_front(words);
        while let [rest @ .., last] = words {
            if !self.words.is(last.text, Role::Tail) {
                break;
            }
            words = rest;
        }
        words
    }

    fn trimmed_front<'w, 't>(self, mut words: &'w [Word<'t>]) -> &'w [Word<'t>] {
        while let [first, rest @ ..] = words {
            let says = rest.len() > 1 && self.tells(rest) || self.is_term(rest);
            let is_verb = self.words.is(first.text, Role::LeadVerb);
            if !(self.words.is(first.text, Role::Lead) || is_verb && says) {
                break;
            }
            words = rest;
        }
        words
    }

    /// Whether any word of a run tells something by itself.
    fn tells(self, words: &[Word<'_>]) -> bool {
        let is_single = |word: &Word<'_>| word.text.chars().nth(1).is_none();
        let long = words.iter().filter(|word| !is_single(word));
        let long = long.filter(|word| self.is_telling(word.text)).count();
        // Single characters one behind the other are a word that no dictionary has: 固液.
        let single = words.windows(2).filter(|pair| pair.iter().all(is_single)).count();
        let whole = text(words);
        !self.is_general(&whole) && (long > 0 || single > 0 && chars(words) >= WORD_CHARS_MIN)
    }

    /// Whether a word says something: 开发技术 does not, being made of two that do not.
    fn is_telling(self, word: &str) -> bool {
        let made_of_general = || {
            let (kind, length) = self.words.head(word)?;
            let rest = word.chars().count() - length;
            let at = word.char_indices().nth(rest).map_or(0, |(at, _)| at);
            let (front, head) = word.split_at(at);
            let names = kind == PointKind::Material || self.analyzer.dictionary().contains(word);
            Some(!names && !front.is_empty() && self.is_general(front) && self.is_general(head))
        };
        !self.is_general(word) && !made_of_general().unwrap_or(false)
    }

    fn is_general(self, word: &str) -> bool {
        let roles = [Role::Plain, Role::Lead, Role::LeadVerb, Role::Tail, Role::Cut, Role::Never];
        roles.into_iter().any(|role| self.words.is(word, role))
            || self.analyzer.is_boilerplate(word)
    }

    /// Whether one word is a term that can stand alone.
    fn is_term(self, words: &[Word<'_>]) -> bool {
        let [only] = words else { return false };
        let known = self.analyzer.dictionary().contains(only.text);
        let named = match self.words.head(only.text) {
            Some((PointKind::Method, _)) if chars(words) < WORD_CHARS_MIN => return false,
            // 成熟度 is of anything, 抗病性 is listed.
            Some((PointKind::Effect | PointKind::Application, length)) => length == chars(words),
            _ => true,
        };
        self.is_telling(only.text) && (known || named && chars(words) >= WORD_CHARS_MIN)
    }

    fn phrase(self, kind: PointKind, words: &[Word<'_>]) -> Phrase {
        let span = Span::new(words[0].span.start, words[words.len() - 1].span.end);
        Phrase { kind, span, text: text(words), rarity: self.rarity(words) }
    }

    /// How rare the words of a run are in ordinary text: 0 for 的, 1 for what no dictionary has.
    fn rarity(self, words: &[Word<'_>]) -> f64 {
        const WORDS: f64 = 6e7;
        let telling = words.iter().filter(|word| self.is_telling(word.text));
        let rarities = telling.map(|word| {
            let frequency = self.analyzer.word_frequency(word.text).unwrap_or(0) as f64;
            1.0 - (1.0 + frequency).ln() / (1.0 + WORDS).ln()
        });
        rarities.fold(0.0, f64::max)
    }
}

/// The words joined.
fn text(words: &[Word<'_>]) -> String {
    words.iter().map(|word| word.text).collect()
}

fn chars(words: &[Word<'_>]) -> usize {
    words.iter().map(|word| word.text.chars().count()).sum()
}

/// The last words of a run that have at most `limit` characters together.
fn last_chars<'w, 't>(mut words: &'w [Word<'t>], limit: usize) -> &'w [Word<'t>] {
    while chars(words) > limit {
        words = &words[1..];
    }
    words
}
