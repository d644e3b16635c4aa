//! Runs of Chinese characters → words.

use jieba_rs::Jieba;

use super::dictionary::Dictionary;

/// Longest word whose inside is looked at, in characters.
const COMPOUND_CHARS_MAX: usize = 24;

/// 中文分词: cuts normalised Chinese text along the most probable path through the
/// dictionary. No hidden Markov model: it cuts the same word differently by context.
pub struct ChineseSegmenter {
    jieba: Jieba,
}

/// 词类: what a word mostly is, as the general dictionary has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WordClass {
    /// A name of something, or of something done (检测).
    Noun,
    /// A verb.
    Verb,
    /// Says how something is.
    Modifier,
    /// An adverb, pronoun, preposition, conjunction, particle or date: no part of a term.
    Function,
    /// A province, city or county.
    Place,
    /// Unknown to the general dictionary, as most terms are.
    Other,
}

/// A word inside a compound, as a range of the compound's characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inner {
    /// First character.
    pub start: u32,
    /// First character behind it.
    pub end: u32,
}

impl Inner {
    fn chars(self) -> u32 {
        self.end - self.start
    }
}

impl ChineseSegmenter {
    /// Loads the general dictionary (about 0.1 s) and adds the domain's terms and synonyms,
    /// each just frequent enough to be cut as one word.
    pub fn new(dictionary: &Dictionary) -> Self {
        let mut jieba = Jieba::new();
        let mut names: Vec<&str> = dictionary.synonyms.names().filter(|n| is_chinese(n)).collect();
        names.sort_unstable();
        for word in dictionary.terms().iter().map(String::as_str).chain(names) {
            jieba.add_word(word, None, None);
        }
        Self { jieba }
    }

    /// The frequency that the dictionary gives a word; `None` if it has it not.
    pub fn frequency(&self, word: &str) -> Option<usize> {
        self.jieba.has_word(word).then(|| self.jieba.suggest_freq(word))
    }

    /// What a word mostly is.
    pub fn class(&self, word: &str) -> WordClass {
        let tags = self.jieba.tag(word, false);
        let [only] = tags.as_slice() else { return WordClass::Other };
        match only.tag {
            "ns" => WordClass::Place,
            "vn" | "an" => WordClass::Noun,
            "ad" => WordClass::Modifier,
            "eng" => WordClass::Other,
            "m" if word.chars().nth(1).is_some() => WordClass::Function,
            tag => match tag.chars().next() {
                Some('n' | 'l' | 'i' | 'j' | 's') => WordClass::Noun,
                Some('v') => WordClass::Verb,
                Some('a' | 'b' | 'z') => WordClass::Modifier,
                Some('d' | 'r' | 'p' | 'c' | 'u' | 't' | 'y' | 'e' | 'o') => WordClass::Function,
                _ => WordClass::Other,
            },
        }
    }

    /// Cuts a run into words and hands over each with its start and length in characters.
    /// Linear in the run's length.
    pub fn cut<'t>(&self, run: &'t str, mut word: impl FnMut(&'t str, u32, u32)) {
        for token in self.jieba.cut(run, false) {
            word(token.word, token.start as u32, (token.end - token.start) as u32);
        }
    }

    /// The dictionary words of two and more characters inside a word, itself left out,
    /// in the order of their starts.
    pub fn inner_words(&self, word: &str, chars: u32) -> Vec<Inner> {
        if chars as usize > COMPOUND_CHARS_MAX {
            return Vec::new();
        }
        self.jieba
            .cut_all(word)
            .iter()
            .map(|t| Inner { start: t.start as u32, end: t.end as u32 })
            .filter(|inner| (2..chars).contains(&inner.chars()))
            .collect()
    }

    /// The words that a compound is built from: the cover of its characters by the fewest
    /// inner words (and single characters); among equals the one with more domain terms, then
    /// the one with the longer words. `None` if nothing stands inside.
    ///
    /// Quadratic in the length of the compound, which is bounded.
    pub fn constituents(
        &self,
        word: &str,
        chars: u32,
        inner: &[Inner],
        dictionary: &Dictionary,
    ) -> Option<Vec<Inner>> {
        if inner.is_empty() {
            return None;
        }
        let n = chars as usize;
        let offsets: Vec<usize> =
            word.char_indices().map(|(at, _)| at).chain([word.len()]).collect();
        // Best cover of the characters before `i`: (pieces, -terms, -squares), last piece's start.
        let mut best = vec![((u32::MAX, 0i32, 0i32), 0u32); n + 1];
        best[0].0 = (0, 0, 0);
        for end in 1..=n {
            let single = Inner { start: end as u32 - 1, end: end as u32 };
            let ending = inner.iter().copied().filter(|i| i.end as usize == end);
            for piece in ending.chain([single]) {
                let (pieces, terms, squares) = best[piece.start as usize].0;
                let text = &word[offsets[piece.start as usize]..offsets[end]];
                let is_term = piece.chars() > 1 && dictionary.contains(text);
                let size = piece.chars() as i32;
                let cost = (pieces + 1, terms - i32::from(is_term), squares - size * size);
                if cost < best[end].0 {
                    best[end] = (cost, piece.start);
                }
            }
        }
        let mut pieces = Vec::new();
        let mut end = chars;
        while end > 0 {
            let start = best[end as usize].1;
            pieces.push(Inner { start, end });
            end = start;
        }
        pieces.reverse();
        Some(pieces)
    }
}

/// Whether all characters of a word are ideographs.
pub(super) fn is_chinese(word: &str) -> bool {
    !word.is_empty() && word.chars().all(is_ideograph)
}

/// Whether a character is a Chinese ideograph.
pub(super) fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{3007}' | '\u{20000}'..='\u{3134f}')
}
