//! How a solution can be proven best by somebody who does not trust the solver: let every agent
//! be paid a price for each task, and every task choose for itself. Whatever the prices, no
//! solution costs less than that comes to, less what agents earn when they are busy to the last.

use super::cost::Cost;
use super::model::Model;
use super::problem::Problem;

/// What every solution costs at least, by the prices (one per agent, none below zero; others
/// count as zero); `None` if no price is needed to see that there is no solution. It is the best
/// objective itself for right prices, as [`solve_priced`](super::solve_priced) has them, unless
/// slots, or a limit of agents, decide: these are not looked at. Reads every pair once.
pub fn bound<C: Cost>(problem: &Problem<C>, prices: &[C]) -> Option<C> {
    let model = Model::of(problem);
    let price = |agent: usize| prices.get(agent).map_or(C::ZERO, |&price| price.max(C::ZERO));
    let mut sum = C::ZERO;
    let mut offers = vec![Vec::new(); problem.tasks.len()];
    let mut insisted = vec![(0_u32, C::ZERO); problem.tasks.len()];
    for (agent, entry) in model.agents.iter().enumerate() {
        let price = price(agent);
        sum = sum - super::circulation::times(price, entry.capacity);
        for task in 0..problem.tasks.len() {
            let slots = model.allowed(agent, task);
            let Some((slot, _)) = model.cheapest(agent, slots) else { continue };
            let cost = problem.costs.of(agent, task) + slot + price;
            if model.forced.binary_search_by_key(&(agent, task), |f| (f.0, f.1)).is_ok() {
                insisted[task].0 += 1;
                insisted[task].1 += cost;
            } else {
                offers[task].push(cost);
            }
        }
    }
    for ((task, mut offers), (insisted, cost)) in problem.tasks.iter().zip(offers).zip(insisted) {
        sum += cost;
        offers.sort_unstable();
        let mut served = insisted;
        if served > 0 {
            sum += task.opening;
        }
        for offer in offers {
            let cost = if served == 0 { offer + task.opening } else { offer };
            if served >= task.demand_max || served >= task.demand_min && cost >= C::ZERO {
                break;
            }
            sum += cost;
            served += 1;
        }
        if !(task.demand_min..=task.demand_max).contains(&served) {
            return None;
        }
    }
    Some(sum)
}
