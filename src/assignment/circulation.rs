//! The kernel: the cheapest circulation in a network whose arcs have bounds on both sides, kept
//! optimal while bounds and costs change.
//!
//! Each node has a potential. An arc's reduced cost is its cost + potential of its tail − that
//! of its head. Always: flow is at its upper bound where the reduced cost is below zero, at its
//! lower bound where it is above, anything between where it is zero. What may be missing is
//! balance: nodes into which more flows than out (an excess) or less (a deficit).
//! [`Circulation::restore`] moves one after the other along a shortest path, which keeps all the
//! rest true; when every node is balanced the circulation is the cheapest. If one cannot be
//! moved, there is no circulation at all.
//!
//! Knows nothing of agents and tasks.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::cost::Cost;

/// Index of a node.
pub(super) type Node = u32;
/// Index of an arc.
pub(super) type ArcIdx = u32;

/// More than ever flows.
pub(super) const UNBOUNDED: u32 = u32::MAX / 4;
const NONE: ArcIdx = ArcIdx::MAX;

#[derive(Debug, Clone)]
struct Arc<C> {
    tail: Node,
    head: Node,
    lower: u32,
    upper: u32,
    flow: u32,
    cost: C,
}

/// 环流
#[derive(Debug, Clone)]
pub(super) struct Circulation<C> {
    arcs: Vec<Arc<C>>,
    leaving: Vec<Vec<ArcIdx>>,
    entering: Vec<Vec<ArcIdx>>,
    potential: Vec<C>,
    /// What flows in less what flows out.
    excess: Vec<i64>,
    /// Nodes that have, or had, a deficit.
    deficits: Vec<Node>,
    /// Kept to be used again.
    search: Option<Search<C>>,
}

/// What a search for shortest paths to a root has found.
#[derive(Debug, Clone)]
pub(super) struct Search<C> {
    distance: Vec<C>,
    /// First arc of the path from each node to the root.
    via: Vec<ArcIdx>,
    /// `2 × round` where seen in this round, one more where done.
    mark: Vec<u32>,
    round: u32,
    done: Vec<Node>,
    near: Vec<Node>,
    far: BinaryHeap<Reverse<(C, Node)>>,
}

/// There is no circulation: from none of the nodes outside can anything reach those inside,
/// which miss something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cut {
    /// The nodes inside.
    pub inside: Vec<Node>,
}

impl<C: Cost> Circulation<C> {
    /// A network without arcs.
    pub(super) fn new(nodes: usize) -> Self {
        Self {
            arcs: Vec::new(),
            leaving: vec![Vec::new(); nodes],
            entering: vec![Vec::new(); nodes],
            potential: vec![C::ZERO; nodes],
            excess: vec![0; nodes],
            deficits: Vec::new(),
            search: None,
        }
    }

    /// Adds an arc that cannot carry anything yet.
    pub(super) fn add(&mut self, tail: Node, head: Node) -> ArcIdx {
        let idx = self.arcs.len() as ArcIdx;
        self.arcs.push(Arc { tail, head, lower: 0, upper: 0, flow: 0, cost: C::ZERO });
        self.leaving[tail as usize].push(idx);
        self.entering[head as usize].push(idx);
        idx
    }

    /// Sets bounds (`lower ≤ upper`) and cost of an arc.
    pub(super) fn set(&mut self, idx: ArcIdx, lower: u32, upper: u32, cost: C) {
        let arc = &mut self.arcs[idx as usize];
        if (arc.lower, arc.upper) == (lower, upper) && arc.cost == cost {
            return;
        }
        (arc.lower, arc.upper, arc.cost) = (lower, upper, cost);
        self.settle(idx);
    }

    /// Sets the potential of a node before any of its arcs has been [`set`](Self::set).
    pub(super) fn set_potential(&mut self, node: Node, potential: C) {
        self.potential[node as usize] = potential;
    }

    /// That of a node.
    pub(super) fn potential(&self, node: Node) -> C {
        self.potential[node as usize]
    }

    /// Whether there is an arc from one node to the other. Linear in the arcs of `head`.
    pub(super) fn has(&self, tail: Node, head: Node) -> bool {
        self.entering[head as usize].iter().any(|&idx| self.arcs[idx as usize].tail == tail)
    }

    /// Lets an arc take what is out of balance at a node, one of its ends, as far as bounds and
    /// reduced cost leave a choice.
    pub(super) fn absorb(&mut self, idx: ArcIdx, node: Node) {
        let arc = &self.arcs[idx as usize];
        if self.reduced(arc) != C::ZERO {
            return;
        }
        let more = self.excess[node as usize] * if arc.tail == node { 1 } else { -1 };
        let flow = (i64::from(arc.flow) + more).clamp(arc.lower.into(), arc.upper.into());
        self.let_flow(idx, flow as u32);
    }

    /// Lets so much flow along an arc, whatever its reduced cost, as far as bounds allow;
    /// [`fit`](Self::fit) has to follow.
    pub(super) fn lay(&mut self, idx: ArcIdx, flow: u32) {
        let arc = &self.arcs[idx as usize];
        self.let_flow(idx, flow.clamp(arc.lower, arc.upper));
    }

    /// Fits the potentials to the flow that has been laid, as far as `rounds` (each reads all
    /// arcs) and the flow itself permit; changes the flow where they do not.
    pub(super) fn fit(&mut self, rounds: u32) {
        for _ in 0..rounds {
            let mut fits = true;
            for arc in &self.arcs {
                let (tail, head) = (arc.tail as usize, arc.head as usize);
                let reached = self.potential[tail] + arc.cost;
                if arc.flow < arc.upper && reached < self.potential[head] {
                    self.potential[head] = reached;
                    fits = false;
                }
                if arc.flow > arc.lower && reached > self.potential[head] {
                    self.potential[tail] = self.potential[head] - arc.cost;
                    fits = false;
                }
            }
            if fits {
                break;
            }
        }
        (0..self.arcs.len() as ArcIdx).for_each(|idx| self.settle(idx));
    }

    /// What flows along an arc.
    pub(super) fn flow(&self, idx: ArcIdx) -> u32 {
        self.arcs[idx as usize].flow
    }

    /// Cost of all that flows.
    pub(super) fn cost(&self) -> C {
        let mut sum = C::ZERO;
        for arc in self.arcs.iter().filter(|arc| arc.flow > 0) {
            sum += times(arc.cost, arc.flow);
        }
        sum
    }

    fn reduced(&self, arc: &Arc<C>) -> C {
        arc.cost + self.potential[arc.tail as usize] - self.potential[arc.head as usize]
    }

    fn settle(&mut self, idx: ArcIdx) {
        let arc = &self.arcs[idx as usize];
        let reduced = self.reduced(arc);
        let flow = if reduced < C::ZERO {
            arc.upper
        } else if reduced > C::ZERO {
            arc.lower
        } else {
            arc.flow.clamp(arc.lower, arc.upper)
        };
        self.let_flow(idx, flow);
    }

    fn let_flow(&mut self, idx: ArcIdx, flow: u32) {
        let arc = &mut self.arcs[idx as usize];
        let more = i64::from(flow) - i64::from(arc.flow);
        if more == 0 {
            return;
        }
        arc.flow = flow;
        let (tail, head) = (arc.tail, arc.head);
        for (node, more) in [(tail, -more), (head, more)] {
            self.excess[node as usize] += more;
            if more < 0 {
                self.deficits.push(node);
            }
        }
    }

    /// Balances every node. What could not be balanced stays as it is, and may be once bounds
    /// have changed. A step costs at most O(arcs + nodes × log nodes), mostly far less: the
    /// search ends at the nearest excess. Steps: at most the sum of all excesses.
    ///
    /// # Errors
    /// If that cannot be.
    pub(super) fn restore(&mut self) -> Result<(), Cut> {
        let mut search = self.search.take().unwrap_or_else(|| Search::new(self.potential.len()));
        let restored = self.restore_by(&mut search);
        self.search = Some(search);
        restored
    }

    fn restore_by(&mut self, search: &mut Search<C>) -> Result<(), Cut> {
        while let Some(&node) = self.deficits.last() {
            if self.excess[node as usize] >= 0 {
                self.deficits.pop();
                continue;
            }
            let Some(from) = self.nearest_excess(search, node) else {
                return Err(Cut { inside: search.done.clone() });
            };
            self.raise(search, from);
            self.push(search, from, node);
        }
        Ok(())
    }

    /// The shortest ways from everywhere to a node; everything has to be balanced.
    pub(super) fn ways_to(&self, root: Node) -> Search<C> {
        let mut search = Search::new(self.potential.len());
        let unbalanced = self.nearest_excess(&mut search, root);
        debug_assert!(unbalanced.is_none());
        search
    }

    /// What a unit more along an arc out of the root would cost, with the shortest way back;
    /// `None` if there is none, or the arc carries nothing at all.
    pub(super) fn detour(&self, ways: &Search<C>, idx: ArcIdx) -> Option<C> {
        let arc = &self.arcs[idx as usize];
        let reached = !ways.is_open(arc.head) && arc.upper > 0;
        reached.then(|| self.reduced(arc) + ways.distance[arc.head as usize])
    }

    /// The arcs of such a detour.
    pub(super) fn arcs_of(&self, ways: &Search<C>, idx: ArcIdx) -> Vec<ArcIdx> {
        let (root, mut node) = (self.arcs[idx as usize].tail, self.arcs[idx as usize].head);
        let mut arcs = vec![idx];
        while node != root {
            let via = ways.via[node as usize];
            let arc = &self.arcs[via as usize];
            node = if arc.tail == node { arc.head } else { arc.tail };
            arcs.push(via);
        }
        arcs
    }

    /// The node with an excess from which `root` is reached at the least cost.
    fn nearest_excess(&self, search: &mut Search<C>, root: Node) -> Option<Node> {
        search.begin(root);
        let mut level = C::ZERO;
        while let Some(node) = search.next(&mut level) {
            if self.excess[node as usize] > 0 {
                return Some(node);
            }
            let potential = self.potential[node as usize];
            for &idx in &self.entering[node as usize] {
                let arc = &self.arcs[idx as usize];
                if arc.flow < arc.upper && search.is_open(arc.tail) {
                    let reduced = arc.cost + self.potential[arc.tail as usize] - potential;
                    search.reach(arc.tail, level, reduced, idx);
                }
            }
            for &idx in &self.leaving[node as usize] {
                let arc = &self.arcs[idx as usize];
                if arc.flow > arc.lower && search.is_open(arc.head) {
                    let reduced = self.potential[arc.head as usize] - potential - arc.cost;
                    search.reach(arc.head, level, reduced, idx);
                }
            }
        }
        None
    }

    /// Makes the path just found one of reduced cost zero.
    fn raise(&mut self, search: &Search<C>, from: Node) {
        let most = search.distance[from as usize];
        for &node in &search.done {
            let distance = search.distance[node as usize];
            if distance < most {
                self.potential[node as usize] += most - distance;
            }
        }
    }

    /// Pushes as much as can be along the path just found.
    fn push(&mut self, search: &Search<C>, from: Node, root: Node) {
        let mut room = self.excess[from as usize].min(-self.excess[root as usize]);
        let mut node = from;
        while node != root {
            let arc = &self.arcs[search.via[node as usize] as usize];
            let forward = arc.tail == node;
            let rest = if forward { arc.upper - arc.flow } else { arc.flow - arc.lower };
            room = room.min(i64::from(rest));
            node = if forward { arc.head } else { arc.tail };
        }
        self.excess[from as usize] -= room;
        self.excess[root as usize] += room;
        let mut node = from;
        while node != root {
            let arc = &mut self.arcs[search.via[node as usize] as usize];
            if arc.tail == node {
                arc.flow += room as u32;
                node = arc.head;
            } else {
                arc.flow -= room as u32;
                node = arc.tail;
            }
        }
    }
}

impl<C: Cost> Search<C> {
    fn new(nodes: usize) -> Self {
        Self {
            distance: vec![C::ZERO; nodes],
            via: vec![NONE; nodes],
            mark: vec![0; nodes],
            round: 0,
            done: Vec::new(),
            near: Vec::new(),
            far: BinaryHeap::new(),
        }
    }

    fn begin(&mut self, root: Node) {
        self.round += 1;
        if self.round >= u32::MAX / 2 {
            self.mark.fill(0);
            self.round = 1;
        }
        self.done.clear();
        self.near.clear();
        self.far.clear();
        self.mark[root as usize] = 2 * self.round;
        self.distance[root as usize] = C::ZERO;
        self.via[root as usize] = NONE;
        self.near.push(root);
    }

    /// The nearest node not done yet; sets the level to its distance.
    fn next(&mut self, level: &mut C) -> Option<Node> {
        loop {
            let node = match self.near.pop() {
                Some(node) => node,
                None => {
                    let Reverse((distance, node)) = self.far.pop()?;
                    if self.distance[node as usize] == distance {
                        *level = distance;
                    }
                    node
                }
            };
            if self.mark[node as usize] == 2 * self.round {
                self.mark[node as usize] += 1;
                self.done.push(node);
                return Some(node);
            }
        }
    }

    /// Whether its distance is not settled yet.
    #[inline]
    fn is_open(&self, node: Node) -> bool {
        self.mark[node as usize] != 2 * self.round + 1
    }

    /// A way to a node that is still open: `step` beyond what is at the level.
    fn reach(&mut self, node: Node, level: C, step: C, via: ArcIdx) {
        let at = node as usize;
        let distance = level + step;
        if self.mark[at] == 2 * self.round && self.distance[at] <= distance {
            return;
        }
        self.mark[at] = 2 * self.round;
        self.distance[at] = distance;
        self.via[at] = via;
        if step == C::ZERO {
            self.near.push(node);
        } else {
            self.far.push(Reverse((distance, node)));
        }
    }
}

/// A cost so many times, by doubling: a group knows only sums.
pub(super) fn times<C: Cost>(cost: C, count: u32) -> C {
    let (mut sum, mut power, mut rest) = (C::ZERO, cost, count);
    while rest > 0 {
        if rest & 1 == 1 {
            sum += power;
        }
        rest >>= 1;
        if rest > 0 {
            power += power;
        }
    }
    sum
}
