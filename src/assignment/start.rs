//! Where a network starts from: each task served by those it costs least with, as if there were
//! no other task. What is left to repair is only where agents or slots are wanted too often.

use super::cost::Cost;
use super::model::ModelTask;

/// The potential of a task's node at which it takes what it would take alone. `costs` are those
/// of its cheapest pairs, in order, one more than it may be served if there are as many; the
/// sink's potential is zero.
pub(super) fn start_potential<C: Cost>(task: &ModelTask<C>, costs: &[C]) -> C {
    let gain = |count: usize| if count == 0 { task.opening } else { C::ZERO };
    let (min, max) = (task.min as usize, task.max as usize);
    let mut taken = min;
    while taken < max && costs.get(taken).is_some_and(|&cost| cost + gain(taken) < C::ZERO) {
        taken += 1;
    }
    // The next pair must not be worth it, nor giving up the last one.
    let next = costs.get(taken).copied();
    let last = (taken > min).then(|| C::ZERO - gain(taken - 1));
    let highest = next.into_iter().chain(last).min();
    let lowest = || costs[..taken.min(costs.len())].last().copied();
    highest.or_else(lowest).unwrap_or(C::ZERO)
}
