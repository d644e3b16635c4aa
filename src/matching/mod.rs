//! need × labs → ranked and explained.
//!
//! Takes candidates, statistics and texts as arguments and fetches nothing. It does not know
//! what a policy is: policy enters as contributions that somebody else names.

mod band;
mod contrast;
mod coverage;
mod evidence;
mod explanation;
mod fit;
#[cfg(test)]
mod fit_tests;
mod learning;
mod level;
mod likeness;
mod points;
mod probe;
mod query;
mod questions;
mod ranker;
mod team;
mod weights;

pub use band::{BAND_LIMITS, Band, BandLimits, Potential, Shared};
pub use contrast::{Contrast, contrasts, lacking};
pub use coverage::{Cell, CellEvidence, CellLevel, Comparison, LabText, Probes};
pub use evidence::{Evidence, Marks};
pub use explanation::{REST_NAME, Reason, ReasonKind, Reasons};
pub use fit::{Fit, FitPart, FitScore, FitWeights, Offer, Priority, Wish};
pub use learning::{
    FeatureSums, HELD_DOCUMENTS, HELD_LABS, JudgedTopic, learn_factors, learn_level,
};
pub use level::{COEFFICIENTS, LevelModel, Strength};
pub use likeness::{Aspect, LIKENESS_MIN, Likened, Likeness, Told, differing};
pub use points::{
    GivenPoint, GivenPointError, POINT_NAME_CHARS_MAX, POINTS_MAX, Place, Point, PointKind,
    PointWords, PointWordsError, given_points, points,
};
pub use query::{Query, QueryTerm, Section, WeightedQuery};
pub use questions::{Question, Topic, questions};
pub use ranker::{RankedLab, rank_labs};
pub use team::{Member, OPEN_BELOW, TEAM_MAX, Team, team};
pub use weights::{FEATURES, Feature, Weights};
