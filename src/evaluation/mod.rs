//! How good is a ranking: measures and judgements. Pure; whoever ranks hands in the order.

mod judgements;
mod measures;

pub use judgements::{Judgement, JudgementError, Judgements};
pub use measures::{Bin, auc, bootstrap_interval, ndcg, reciprocal_rank, reliability};
