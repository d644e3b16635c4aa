//! Made-up Chinese text whose words are as frequent as real ones.
//!
//! Words and their frequencies are those of the general dictionary, together with the domain
//! terms. A topic is a set of phrases of such words; a text takes some of its words from its
//! topic's phrases and the others as they come, so that needs and achievements of one topic
//! share what related texts share. It means nothing, but its terms, pairs of characters and
//! lists of postings are distributed like those of real text. The same seed gives the same
//! text.

use fastrand::Rng;

use crate::text::Analyzer;

/// Characters that words are made of: the most frequent of the dictionary.
const CHARACTERS: usize = 2_500;
/// Least frequency of a word, out of some 60 million.
const FREQUENCY_MIN: usize = 3;
/// How often a domain term stands in ordinary text, on the dictionary's scale.
const TERM_FREQUENCY: usize = 300;
/// Words more frequent than this one in so many do not become part of a phrase.
const PHRASE_RANK_MIN: usize = 300;
/// Phrases of a topic.
const PHRASES: usize = 60;
/// Share of a text's words that come from its topic.
const TOPICAL: f64 = 0.4;
/// Mean number of words of a clause.
const CLAUSE_WORDS: usize = 9;
/// Clauses of a sentence.
const SENTENCE_CLAUSES: usize = 3;

/// 语料: words, and phrases by topic.
pub(super) struct Corpus {
    words: Vec<String>,
    /// Running sums of the words' frequencies.
    sums: Vec<u64>,
    topics: Vec<Vec<Vec<usize>>>,
}

impl Corpus {
    /// Draws the topics. Takes some seconds: the dictionary is asked for each pair of characters.
    pub fn new(analyzer: &Analyzer, topics: usize, rng: &mut Rng) -> Self {
        let mut counted = dictionary_words(analyzer);
        counted.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let mut sum = 0;
        let sums = counted.iter().map(|(_, count)| {
            sum += *count as u64;
            sum
        });
        let sums = sums.collect();
        let words = counted.into_iter().map(|(word, _)| word).collect();
        let mut corpus = Self { words, sums, topics: Vec::new() };
        corpus.topics = (0..topics).map(|_| corpus.topic(rng)).collect();
        corpus
    }

    /// Number of topics.
    pub fn topics(&self) -> usize {
        self.topics.len()
    }

    /// A text of about `words` words without punctuation.
    pub fn title(&self, topic: usize, words: usize, rng: &mut Rng) -> String {
        let mut text = String::new();
        let mut written = 0;
        while written < words {
            written += self.some_words(topic, &mut text, rng);
        }
        text
    }

    /// A text of about `words` words in sentences.
    pub fn prose(&self, topic: usize, words: usize, rng: &mut Rng) -> String {
        let mut text = String::new();
        let (mut written, mut in_clause, mut clauses) = (0, 0, 0);
        while written < words {
            let count = self.some_words(topic, &mut text, rng);
            written += count;
            in_clause += count;
            if in_clause >= CLAUSE_WORDS {
                clauses += 1;
                in_clause = 0;
                text.push(if clauses % SENTENCE_CLAUSES == 0 { '。' } else { '，' });
            }
        }
        if in_clause > 0 {
            text.push('。');
        }
        text
    }

    /// Appends a word or a phrase and tells how many words that was.
    fn some_words(&self, topic: usize, text: &mut String, rng: &mut Rng) -> usize {
        if rng.f64() >= TOPICAL {
            text.push_str(&self.words[self.word(rng)]);
            return 1;
        }
        // Of two draws the smaller: some phrases of a topic are its staple, most are rare.
        let phrases = &self.topics[topic];
        let phrase = &phrases[rng.usize(..phrases.len()).min(rng.usize(..phrases.len()))];
        phrase.iter().for_each(|word| text.push_str(&self.words[*word]));
        phrase.len()
    }

    /// A word, as often as it stands in real text.
    fn word(&self, rng: &mut Rng) -> usize {
        let total = self.sums.last().copied().unwrap_or(1);
        let drawn = rng.u64(..total);
        self.sums.partition_point(|sum| *sum <= drawn)
    }

    fn topic(&self, rng: &mut Rng) -> Vec<Vec<usize>> {
        let content = |rng: &mut Rng| loop {
            let word = self.word(rng);
            if word >= PHRASE_RANK_MIN && self.words[word].chars().nth(1).is_some() {
                return word;
            }
        };
        (0..PHRASES).map(|_| (0..rng.usize(1..=3)).map(|_| content(rng)).collect()).collect()
    }
}

/// Words with their frequencies: the dictionary's of one and two characters, and the domain
/// terms.
fn dictionary_words(analyzer: &Analyzer) -> Vec<(String, usize)> {
    let frequency = |word: &str| analyzer.word_frequency(word).unwrap_or_default();
    let mut characters: Vec<(usize, char)> =
        ('\u{4e00}'..='\u{9fa5}').map(|c| (frequency(c.encode_utf8(&mut [0; 4])), c)).collect();
    characters.sort_unstable_by(|a, b| b.cmp(a));
    characters.truncate(CHARACTERS);
    let mut words: Vec<(String, usize)> = Vec::new();
    for (count, first) in &characters {
        words.push((first.to_string(), *count));
        for (_, second) in &characters {
            let word = String::from_iter([*first, *second]);
            let count = frequency(&word);
            if count >= FREQUENCY_MIN {
                words.push((word, count));
            }
        }
    }
    let terms = analyzer.dictionary().terms().iter().filter(|term| term.chars().nth(2).is_some());
    words.extend(terms.map(|term| (term.clone(), TERM_FREQUENCY)));
    words
}
