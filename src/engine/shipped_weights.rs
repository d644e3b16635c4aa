//! Learned weights as a file: `data/ranker/weights.json`, inside the binary, replaced by
//! `--data DIR`. Every number of the ranking stands in it; removing it goes back.

use serde::{Deserialize, Serialize};

use super::EngineError;
use crate::data::Data;
use crate::matching::{Feature, LevelModel, Weights};

const PATH: &str = "ranker/weights.json";

/// The file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WeightsFile {
    /// For people: on what, by which command.
    trained_on: String,
    documents_of_lab: usize,
    /// By the names of the features.
    factors: serde_json::Map<String, serde_json::Value>,
    /// A constant, and what the roots of score, share and title's share are multiplied with.
    level_2: [f64; 4],
    level_3: [f64; 4],
    level_4: [f64; 4],
    /// From which probability of level ≥ 3 on a match is called 强, 较强, 弱.
    bands: [f64; 3],
}

/// The weights in use.
pub(super) fn load_weights(data: &Data) -> Result<Weights, EngineError> {
    parse(&data.text(PATH)?)
}

fn parse(text: &str) -> Result<Weights, EngineError> {
    let bad = |reason: String| EngineError::Evaluation { file: PATH.to_owned(), reason };
    let file: WeightsFile =
        serde_json::from_str(text).map_err(|error| bad(format!("不是权重文件：{error}")))?;
    let mut weights = Weights::by_hand();
    let mut factors = file.factors;
    for feature in Feature::all() {
        let found = factors.remove(feature.name()).and_then(|value| value.as_f64());
        weights.factors[feature.idx()] = found
            .filter(|factor| (0.0..=100.0).contains(factor))
            .ok_or_else(|| bad(format!("{} 必须是 0 到 100 之间的数", feature.name())))?;
    }
    if let Some(unknown) = factors.keys().next() {
        return Err(bad(format!("没有名为 {unknown} 的特征")));
    }
    weights.levels = LevelModel { at_least: [file.level_2, file.level_3, file.level_4] };
    if weights.levels.at_least.iter().any(|of| of[1..].iter().any(|c| *c < 0.0)) {
        return Err(bad("level_2、level_3、level_4 中除第一个外不能为负".to_owned()));
    }
    if !file.bands.is_sorted_by(|a, b| a >= b)
        || !file.bands.iter().all(|p| (0.0..=1.0).contains(p))
    {
        return Err(bad("bands 应是三个从大到小、0 到 1 之间的数".to_owned()));
    }
    weights.bands = file.bands;
    if file.documents_of_lab == 0 {
        return Err(bad("documents_of_lab 至少为 1".to_owned()));
    }
    weights.documents_of_lab = file.documents_of_lab;
    weights.trained_on = file.trained_on;
    Ok(weights)
}

/// Weights as they stand in the file.
pub(super) fn to_json(weights: &Weights) -> String {
    // Six digits are more than the judgements can tell.
    let rounded = |value: f64| (value * 1e6).round() / 1e6;
    let factors =
        Feature::all().map(|f| (f.name().to_owned(), rounded(weights.factors[f.idx()]).into()));
    let [level_2, level_3, level_4] = weights.levels.at_least.map(|of| of.map(rounded));
    let file = WeightsFile {
        trained_on: weights.trained_on.clone(),
        documents_of_lab: weights.documents_of_lab,
        factors: factors.collect(),
        level_2,
        level_3,
        level_4,
        bands: weights.bands,
    };
    // A shape of numbers and strings alone can always be written.
    let mut text = serde_json::to_string_pretty(&file).unwrap_or_default();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_what_is_wrong_is_named() {
        let text = to_json(&Weights::by_hand());
        let read = parse(&text).unwrap();
        assert_eq!(to_json(&read), text);
        let far = |(a, b): (&f64, &f64)| (a - b).abs() > 1e-6;
        assert!(!read.factors.iter().zip(&Weights::by_hand().factors).any(far));
        let reason = |text: &str| parse(text).unwrap_err().to_string();
        assert!(reason(&text.replace("title.word", "title.wort")).contains("title.word"));
        assert!(
            reason(&text.replacen("\"title.word\": 1.0", "\"title.word\": -1.0", 1))
                .contains("title.word")
        );
        let more = text.replacen("\"title.word\"", "\"title.new\": 1.0, \"title.word\"", 1);
        assert!(reason(&more).contains("title.new"));
        let rising = Weights { bands: [0.1, 0.3, 0.5], ..Weights::by_hand() };
        assert!(reason(&to_json(&rising)).contains("bands"));
        assert!(reason("{}").contains("trained_on"));
    }

    #[test]
    fn the_shipped_weights_are_sound() {
        let shipped = load_weights(&Data::embedded()).unwrap();
        assert!(shipped.factors.iter().any(|factor| *factor > 0.0));
        assert!(!shipped.trained_on.is_empty());
    }
}
