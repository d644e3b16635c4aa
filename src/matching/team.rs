//! The few labs that together cover a need best: pure optimisation over a matrix.
//!
//! What labs and points are is left to whoever fills the matrix. The value of a set of labs is
//! the sum over the points of weight × the largest strength in the set: monotone and
//! submodular, so that the greedy set has at least 1 − 1/e of the best value (Nemhauser, Wolsey
//! and Fisher, *An analysis of approximations for maximizing submodular set functions*, 1978).
//! Where it is small enough the best set itself is found by branch and bound.

/// Largest team.
pub const TEAM_MAX: usize = 5;
/// A point is open where no member has at least this strength.
pub const OPEN_BELOW: f64 = 0.35;
/// Most labs and most points for which the best set is searched for.
const EXACT_LABS_MAX: usize = 20;
const EXACT_POINTS_MAX: usize = 20;
/// A further lab has to add at least this share of the need: a partner costs meetings and
/// contracts.
const GAIN_MIN: f64 = 0.02;
/// Sums that are closer are equal.
const SAME: f64 = 1e-12;

/// 团队: labs that cover a need together. Labs and points are told by their places.
#[derive(Debug, Clone, PartialEq)]
pub struct Team {
    /// The one who leads first: it covers most alone. The others by what they add.
    pub members: Vec<Member>,
    /// What they cover together; 1 is all of the need if the weights sum to 1.
    pub value: f64,
    /// Whether no set of at most as many labs is better. Else the value is at least 1 − 1/e of
    /// the best.
    pub exact: bool,
    /// Of each point the member's lab that covers it best, among equals the earlier member;
    /// `None` if it stays open.
    pub covered_by: Vec<Option<usize>>,
}

/// A lab of a team.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Member {
    /// The lab.
    pub lab: usize,
    /// What it covers alone.
    pub own: f64,
    /// What it adds to those before it; all together the value of the team.
    pub adds: f64,
}

impl Team {
    /// The points that no member covers, ascending.
    pub fn open(&self) -> impl Iterator<Item = usize> {
        let points = self.covered_by.iter().enumerate();
        points.filter(|(_, covered)| covered.is_none()).map(|(point, _)| point)
    }
}

/// The team of at most `size` labs, out of `strengths[lab][point]` (0 to 1) with the labs best
/// first. Among sets of equal value the one of earlier labs; a smaller one if each further lab
/// would add less than 2 % of the need. Empty if no lab covers anything.
pub fn team(weights: &[f64], strengths: &[Vec<f64>], size: usize) -> Team {
    let matrix = Matrix { weights, strengths };
    let size = size.min(strengths.len()).min(TEAM_MAX);
    let exact = strengths.len() <= EXACT_LABS_MAX && weights.len() <= EXACT_POINTS_MAX;
    let greedy = matrix.greedy(size);
    let sets: Vec<Vec<usize>> = (0..=size)
        .map(|size| {
            let first = greedy[..size.min(greedy.len())].to_vec();
            if exact { matrix.best(size, first) } else { first }
        })
        .collect();
    let labs = matrix.worth_having(sets);
    matrix.team(&labs, exact)
}

struct Matrix<'a> {
    weights: &'a [f64],
    strengths: &'a [Vec<f64>],
}

impl Matrix<'_> {
    fn none(&self) -> Vec<f64> {
        vec![0.0; self.weights.len()]
    }

    /// What a lab adds to what is covered.
    fn gain(&self, covered: &[f64], lab: usize) -> f64 {
        let points = self.weights.iter().zip(covered).zip(&self.strengths[lab]);
        points.map(|((weight, covered), strength)| weight * (strength - covered).max(0.0)).sum()
    }

    fn with(&self, covered: &[f64], lab: usize) -> Vec<f64> {
        covered.iter().zip(&self.strengths[lab]).map(|(a, b)| a.max(*b)).collect()
    }

    fn value(&self, labs: &[usize]) -> f64 {
        let covered = labs.iter().fold(self.none(), |covered, lab| self.with(&covered, *lab));
        self.weights.iter().zip(covered).map(|(weight, covered)| weight * covered).sum()
    }

    /// The lab that adds most, among equals the earlier, of those that are not in `labs`.
    fn next(&self, covered: &[f64], labs: &[usize], among: &[usize]) -> Option<(usize, f64)> {
        let mut best: Option<(usize, f64)> = None;
        for lab in among.iter().copied().filter(|lab| !labs.contains(lab)) {
            let gain = self.gain(covered, lab);
            if best.is_none_or(|(_, most)| gain > most + SAME) {
                best = Some((lab, gain));
            }
        }
        best
    }

    /// One lab after the other, each the one that adds most.
    fn greedy(&self, size: usize) -> Vec<usize> {
        let all: Vec<usize> = (0..self.strengths.len()).collect();
        let (mut labs, mut covered) = (Vec::new(), self.none());
        while labs.len() < size
            && let Some((lab, gain)) = self.next(&covered, &labs, &all)
            && gain > SAME
        {
            covered = self.with(&covered, lab);
            labs.push(lab);
        }
        labs
    }

    /// The best set of at most `size` labs; `known` is a good one.
    fn best(&self, size: usize, known: Vec<usize>) -> Vec<usize> {
        // A little less, so that among equals the set of earlier labs is taken.
        let value = self.value(&known) - 2.0 * SAME;
        let mut search =
            Search { matrix: self, size, chosen: Vec::with_capacity(size), best: known, value };
        search.from(0, &self.none(), 0.0);
        search.best
    }

    /// Of sets by their size the smallest to which no larger one adds enough.
    fn worth_having(&self, mut sets: Vec<Vec<usize>>) -> Vec<usize> {
        let values: Vec<f64> = sets.iter().map(|labs| self.value(labs)).collect();
        let enough = |size: usize| {
            let larger = values.iter().enumerate().skip(size + 1);
            larger.into_iter().all(|(other, value)| {
                value - values[size] < GAIN_MIN * (other - size) as f64 - SAME
            })
        };
        // Alone is better than nobody, however little it is.
        let first = usize::from(values.get(1).is_some_and(|value| *value > SAME));
        let size = (first..sets.len()).find(|size| enough(*size)).unwrap_or(0);
        if size < sets.len() { sets.swap_remove(size) } else { Vec::new() }
    }

    /// The labs in the order in which they are told, with what each does.
    fn team(&self, labs: &[usize], exact: bool) -> Team {
        let mut among = labs.to_vec();
        among.sort_unstable();
        let (mut order, mut members, mut covered) = (Vec::new(), Vec::new(), self.none());
        while let Some((lab, adds)) = self.next(&covered, &order, &among) {
            members.push(Member { lab, own: self.gain(&self.none(), lab), adds });
            covered = self.with(&covered, lab);
            order.push(lab);
        }
        let covered_by = (0..self.weights.len()).map(|point| {
            let mut best: Option<(usize, f64)> = None;
            for lab in &order {
                let strength = self.strengths[*lab][point];
                if strength >= OPEN_BELOW && best.is_none_or(|(_, most)| strength > most) {
                    best = Some((*lab, strength));
                }
            }
            best.map(|(lab, _)| lab)
        });
        let covered_by = covered_by.collect();
        Team { value: self.value(&order), members, exact, covered_by }
    }
}

/// Branch and bound over the labs in their order.
struct Search<'m> {
    matrix: &'m Matrix<'m>,
    size: usize,
    chosen: Vec<usize>,
    best: Vec<usize>,
    value: f64,
}

impl Search<'_> {
    /// Looks at all sets that add labs from `first` on to those chosen.
    fn from(&mut self, first: usize, covered: &[f64], value: f64) {
        if value > self.value + SAME {
            (self.best, self.value) = (self.chosen.clone(), value);
        }
        let open = self.size - self.chosen.len();
        if open == 0 {
            return;
        }
        let rest = first..self.matrix.strengths.len();
        let gains: Vec<(usize, f64)> =
            rest.map(|lab| (lab, self.matrix.gain(covered, lab))).collect();
        for (place, (lab, gain)) in gains.iter().enumerate() {
            // No set of labs adds more than its labs do one by one.
            let mut most: Vec<f64> = gains[place..].iter().map(|(_, gain)| *gain).collect();
            most.sort_unstable_by(|a, b| b.total_cmp(a));
            if value + most.iter().take(open).sum::<f64>() <= self.value + SAME {
                return;
            }
            let with = self.matrix.with(covered, *lab);
            self.chosen.push(*lab);
            self.from(lab + 1, &with, value + gain);
            self.chosen.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fastrand::Rng;

    fn random(rng: &mut Rng, labs_max: usize, points_max: usize) -> (Vec<f64>, Vec<Vec<f64>>) {
        let (labs, points) = (rng.usize(1..=labs_max), rng.usize(1..=points_max));
        let mut weights: Vec<f64> = (0..points).map(|_| rng.f64() + 0.01).collect();
        let sum: f64 = weights.iter().sum();
        weights.iter_mut().for_each(|weight| *weight /= sum);
        // Coarse steps, so that there are ties, and points that nobody covers.
        let strength = |rng: &mut Rng| f64::from(rng.u32(0..=8).max(3) - 3) / 5.0;
        let strengths = (0..labs).map(|_| (0..points).map(|_| strength(rng)).collect()).collect();
        (weights, strengths)
    }

    /// The best value for each size, of all sets there are.
    fn exhaustive(matrix: &Matrix<'_>, size: usize) -> Vec<f64> {
        let mut best = vec![0.0; size + 1];
        for set in 0_u32..1 << matrix.strengths.len() {
            let labs: Vec<usize> =
                (0..matrix.strengths.len()).filter(|lab| set >> lab & 1 == 1).collect();
            for most in &mut best[labs.len().min(size + 1)..] {
                *most = f64::max(*most, matrix.value(&labs));
            }
        }
        best
    }

    #[test]
    fn the_exact_team_is_the_best_of_all_sets_and_the_greedy_one_within_its_bound() {
        let mut rng = Rng::with_seed(1);
        let bound = 1.0 - (-1.0_f64).exp();
        for case in 0..1_000 {
            let (weights, strengths) = random(&mut rng, 8, 8);
            let matrix = Matrix { weights: &weights, strengths: &strengths };
            let size = rng.usize(1..=TEAM_MAX.min(strengths.len()));
            let best = exhaustive(&matrix, size);
            for (size, best) in best.iter().enumerate() {
                let greedy = matrix.greedy(size);
                assert!(matrix.value(&greedy) >= bound * best - 1e-9, "case {case}");
                let found = matrix.best(size, greedy);
                assert!(found.len() <= size);
                assert!((matrix.value(&found) - best).abs() < 1e-9, "case {case}");
            }
            let team = team(&weights, &strengths, size);
            assert!(team.exact);
            let members = team.members.len();
            assert!((team.value - best[members]).abs() < 1e-9, "case {case}");
            for (larger, most) in best.iter().enumerate().skip(members + 1) {
                let further = (larger - members) as f64;
                assert!(members == 0 || most - team.value < GAIN_MIN * further, "case {case}");
            }
            let adds: f64 = team.members.iter().map(|member| member.adds).sum();
            assert!((adds - team.value).abs() < 1e-9, "case {case}");
            assert!(team.members.iter().all(|m| m.own <= team.members[0].own + 1e-9));
        }
    }

    #[test]
    fn the_order_of_labs_does_not_change_the_value_and_a_further_lab_never_lowers_it() {
        let mut rng = Rng::with_seed(2);
        for case in 0..100 {
            let (weights, mut strengths) = random(&mut rng, 12, 20);
            let size = rng.usize(1..=4);
            let value = team(&weights, &strengths, size).value;
            rng.shuffle(&mut strengths);
            assert!((team(&weights, &strengths, size).value - value).abs() < 1e-9, "case {case}");
            let best = |strengths: &[Vec<f64>]| {
                let matrix = Matrix { weights: &weights, strengths };
                matrix.value(&matrix.best(size, Vec::new()))
            };
            let all = best(&strengths);
            strengths.pop();
            assert!(all >= best(&strengths) - 1e-9, "case {case}");
        }
    }

    #[test]
    fn beyond_the_limits_the_team_is_greedy_and_says_so() {
        let mut rng = Rng::with_seed(3);
        let weights = [0.25; 4];
        let strengths: Vec<Vec<f64>> =
            (0..60).map(|_| (0..4).map(|_| rng.f64()).collect()).collect();
        let all = team(&weights, &strengths, 3);
        assert!(!all.exact);
        let of_some = team(&weights, &strengths[..20], 3);
        assert!(of_some.exact && of_some.members.len() <= 3);
    }

    #[test]
    fn whoever_covers_most_leads_and_what_nobody_covers_is_open() {
        let weights = [0.5, 0.3, 0.2];
        let strengths = vec![vec![0.6, 0.0, 0.1], vec![0.8, 0.0, 0.0], vec![0.0, 0.9, 0.3]];
        let found = team(&weights, &strengths, 3);
        let members: Vec<usize> = found.members.iter().map(|member| member.lab).collect();
        assert_eq!(members, [1, 2]);
        assert_eq!(found.covered_by, [Some(1), Some(2), None]);
        assert_eq!(found.open().collect::<Vec<_>>(), [2]);
    }

    #[test]
    fn one_lab_is_enough_where_others_add_next_to_nothing() {
        let weights = [0.5, 0.5];
        let strengths = vec![vec![0.9, 0.9], vec![0.92, 0.0], vec![0.0, 0.0]];
        assert_eq!(team(&weights, &strengths, 3).members.len(), 1);
        let little = vec![vec![0.01, 0.0]];
        assert_eq!(team(&weights, &little, 3).members.len(), 1);
        for nobody in [vec![], vec![vec![0.0, 0.0]]] {
            let found = team(&weights, &nobody, 3);
            assert_eq!((found.members.len(), found.value), (0, 0.0));
            assert_eq!(found.open().count(), 2);
        }
    }
}
