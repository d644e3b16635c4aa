//! Words that say nothing about a topic.

use std::collections::HashSet;

/// 停用词: function words, which are not indexed, and boilerplate, which is indexed but
/// carries no weight in a need (需求, 我公司, 亟需 …).
#[derive(Debug, Default, Clone)]
pub struct StopWords {
    function: HashSet<String>,
    boilerplate: HashSet<String>,
}

impl StopWords {
    /// Reads two lists, one word per line, `#` starting a comment line. Words are normalised.
    pub fn parse(function: &str, boilerplate: &str) -> Self {
        Self { function: word_list(function), boilerplate: word_list(boilerplate) }
    }

    /// Whether a normalised word is a function word.
    pub fn is_function_word(&self, word: &str) -> bool {
        self.function.contains(word)
    }

    /// Whether a normalised word is typical of every need or achievement.
    pub fn is_boilerplate(&self, word: &str) -> bool {
        self.boilerplate.contains(word)
    }
}

fn word_list(text: &str) -> HashSet<String> {
    super::dictionary::data_lines(text)
        .map(|(_, line)| super::normalize(line.trim()).as_str().to_owned())
        .filter(|word| !word.is_empty())
        .collect()
}
