//! What people said of pairs.

use std::collections::BTreeMap;

/// One line of a judgement file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// Id (or name) of the document or lab.
    pub document: String,
    /// Level, larger is better; what the levels mean is the data's matter.
    pub level: u8,
}

/// 评判: judgements by topic, in the order of the topics' ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judgements {
    by_topic: BTreeMap<String, Vec<Judgement>>,
}

/// A line that is no judgement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {text:?} is not topic<TAB>document<TAB>level")]
pub struct JudgementError {
    /// Number of the line, counted from 1.
    pub line: usize,
    /// The line.
    pub text: String,
}

impl Judgements {
    /// Reads lines of topic, document and level between tabs, behind a header line.
    ///
    /// # Errors
    /// The first line that has another form.
    pub fn parse(text: &str) -> Result<Self, JudgementError> {
        let mut by_topic: BTreeMap<String, Vec<Judgement>> = BTreeMap::new();
        for (idx, line) in text.lines().enumerate().skip(1) {
            if line.trim().is_empty() {
                continue;
            }
            let fault = || JudgementError { line: idx + 1, text: line.to_owned() };
            let cells: Vec<&str> = line.split('\t').collect();
            let &[topic, document, level] = cells.as_slice() else { return Err(fault()) };
            let level = level.trim().parse().map_err(|_| fault())?;
            let judgement = Judgement { document: document.to_owned(), level };
            by_topic.entry(topic.to_owned()).or_default().push(judgement);
        }
        Ok(Self { by_topic })
    }

    /// Topics with their judgements.
    pub fn topics(&self) -> impl Iterator<Item = (&str, &[Judgement])> {
        self.by_topic.iter().map(|(topic, judged)| (topic.as_str(), judged.as_slice()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_grouped_by_topic_and_a_bad_one_is_named() {
        let text = "topic_id\tdocument_id\tlevel\nn2\ta\t1\nn1\tb\t4\nn2\tc\t3\n";
        let judged = Judgements::parse(text).unwrap();
        let topics: Vec<(&str, usize)> = judged.topics().map(|(t, j)| (t, j.len())).collect();
        assert_eq!(topics, [("n1", 1), ("n2", 2)]);
        assert_eq!(Judgements::parse("h\nn1 a 4").unwrap_err().line, 2);
    }
}
