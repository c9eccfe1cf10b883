//! The judge of multicasts: messages that go to some of the nodes, where groups may overlap (R. Guerraoui & A. Schiper, *Genuine Atomic
//! Multicast in Asynchronous Distributed Systems*, TCS 2001; V. Hadzilacos & S. Toueg, Cornell TR 94-1425, section on multicast).
//!
//! **Two promises of order.** *Pairwise order*: if two nodes both deliver `a` and `b`, both deliver the same first. This is not yet
//! one order for all: with the groups {N1, N2}, {N2, N3} and {N3, N1} no two nodes share two messages, and still `a` may come
//! before `b` at N2, `b` before `c` at N3, and `c` before `a` at N1. *Acyclic order* forbids that: the relation "some node delivers
//! one before the other" has no cycle. It is what makes one order for all of which every node sees its part. Whatever breaks
//! pairwise order breaks acyclic order, too.
//!
//! **At the first wrong delivery.** `a` *comes before* `b` if some node to which both go has delivered `a` and not `b`, or not yet. A
//! node that delivers `b` where it should first have delivered `a` closes the cycle at once: whatever it and others still
//! deliver, they cannot open it again. Nodes that stop count like others, as in uniform promises. In runs in which every node delivers
//! all that is sent to it, this finds what the sources forbid and nothing else, only sooner.
//!
//! **What is forgotten.** A message that all have delivered to whom it goes, none of them behind one that is not so, can be on no cycle
//! to come: nothing comes before it any more. The judge keeps no place of it.
//!
//! A protocol tells of each multicast ([`Judge::multicasts`]), each delivery ([`Judge::delivers`]), and at the end who is up.

use super::broadcast::Item;
use lightcone_engine::prelude::*;

promises! {
    PairwiseOrder: Always = "pairwise-order", "Pairwise order",
        "Two nodes that deliver the same two messages deliver them in the same order.", "Guerraoui & Schiper 2001";
    AcyclicOrder: Always = "acyclic-order", "Acyclic order",
        "Messages of all groups fit into one order: what nodes deliver has no cycle.", "Guerraoui & Schiper 2001";
    NoDuplication: Always = "no-duplication", "No duplication",
        "No node delivers a message twice.", "Hadzilacos & Toueg 1994, integrity";
    Integrity: Always = "integrity", "Integrity",
        "A node delivers only messages that were sent to it.", "Hadzilacos & Toueg 1994, integrity";
    EverybodyDelivers: ByTheEnd = "everybody-delivers", "Everybody delivers",
        "While no node stops, every message is delivered by all nodes to which it goes.",
        "Hadzilacos & Toueg 1994, validity and agreement";
}

/// Nodes to which a message goes: "N1, N3".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Group(pub NodeSet);

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(place, node)| {
            let comma = if place > 0 { ", " } else { "" };
            write!(f, "{comma}N{}", node.0 + 1)
        })
    }
}

/// What was sent to whom, and in which order each node delivers it.
#[derive(Clone, Debug, Hash)]
pub struct Judge {
    /// All that was multicast and can still be on a cycle, with where it goes.
    open: SortedMap<Item, NodeSet>,
    /// All that cannot: those that it goes to have delivered it.
    closed: SortedMap<Item, NodeSet>,
    /// What each node delivered of what is open, in its order, and when.
    delivered: PerNode<Vec<Vec<(Item, Witness)>>>,
}

/// That one message comes before another: at this node, which delivered it then.
#[derive(Clone, Copy)]
struct Before {
    first: Item,
    then: Item,
    node: NodeId,
    when: EventIndex,
}

impl Judge {
    /// At the start of a run of so many nodes, which are the first lanes, N1 and so on.
    #[must_use]
    pub fn new(nodes: u8) -> Judge {
        let delivered = PerNode(vec![Vec::new(); nodes.into()]);
        Judge { open: SortedMap::new(), closed: SortedMap::new(), delivered }
    }

    /// A node multicasts this to these.
    pub fn multicasts(&mut self, item: Item, to: NodeSet) {
        self.open.insert(item, to);
    }

    /// A node delivers this. Was it sent to it (integrity), was it delivered here before (no duplication), and does it fit into
    /// one order with what others deliver?
    pub fn delivers<P: Protocol>(&mut self, node: NodeId, item: Item, now: EventIndex, findings: &mut Findings) {
        findings.within::<P>(Promise::ALL, |findings| {
            let closed = self.closed.get(&item);
            let name = node.0 + 1;
            if !closed.or(self.open.get(&item)).is_some_and(|to| to.contains(node)) {
                let sentence = || format!("N{name} delivers {item}, which was not sent to it.");
                findings.breaks(Promise::Integrity, || Breach::of(sentence(), [node], [now]));
                return;
            }
            let first = self.delivered[node.index()].iter().find(|(each, _)| *each == item).map(|(_, when)| when.0);
            if closed.is_some() || first.is_some() {
                let sentence = || format!("N{name} delivers {item} twice.");
                findings.breaks(Promise::NoDuplication, || Breach::of(sentence(), [node], first));
                return;
            }
            self.delivered[node.index()].push((item, Witness(now)));
            // Whatever breaks pairwise order has broken acyclic order.
            if findings.holds(Promise::PairwiseOrder) {
                self.judge_order(item, findings);
            }
            self.close();
        });
    }

    /// The run is over: `all_up` says whether no node has stopped.
    pub fn at_end<P: Protocol>(&self, all_up: bool, findings: &mut Findings) {
        findings.within::<P>(Promise::ALL, |findings| {
            use Promise::{AcyclicOrder, EverybodyDelivers, Integrity, NoDuplication, PairwiseOrder};
            let nothing_sent = self.open.is_empty() && self.closed.is_empty();
            let nothing_delivered = self.closed.is_empty() && self.delivered.iter().all(Vec::is_empty);
            for promise in [PairwiseOrder, AcyclicOrder, NoDuplication, Integrity, EverybodyDelivers] {
                findings.untested_if(nothing_sent, promise, "nothing was multicast");
                findings.untested_if(
                    nothing_delivered && promise != EverybodyDelivers,
                    promise,
                    "nothing was delivered",
                );
            }
            findings.untested_if(!all_up, EverybodyDelivers, "a node stopped");
            let lacks = |to: NodeSet, item| to.iter().find(|node| self.place(*node, item).is_none());
            match self.open.iter().find_map(|(item, to)| Some((lacks(*to, *item)?, item))).filter(|_| all_up) {
                None => findings.reaches(EverybodyDelivers),
                Some((node, item)) => findings.breaks(EverybodyDelivers, || {
                    let sentence = format!("N{} has not delivered {item}.", node.0 + 1);
                    Breach::of(sentence, [node], None::<EventIndex>)
                }),
            }
        });
    }

    /// The place of a message among what a node has delivered of what is open.
    fn place(&self, node: NodeId, item: Item) -> Option<usize> {
        self.delivered[node.index()].iter().position(|(each, _)| *each == item)
    }

    /// Where one message comes before another, if it does somewhere.
    fn before(&self, first: Item, then: Item) -> Option<Before> {
        let both = self.open.get(&first)?.intersection(*self.open.get(&then)?);
        both.iter().find_map(|node| {
            let place = self.place(node, first)?;
            let when = self.delivered[node.index()][place].1.0;
            let earlier = self.place(node, then).is_none_or(|later| place < later);
            earlier.then_some(Before { first, then, node, when })
        })
    }

    /// A new delivery of `item` can only close a cycle on which `item` is. The shortest is looked for.
    fn judge_order(&self, item: Item, findings: &mut Findings) {
        // Each message that comes after it, with the step by which it was first reached.
        let mut steps: Vec<Before> = Vec::new();
        let mut from = item;
        let mut next = 0;
        loop {
            for (then, _) in &self.open {
                let known = *then == from || steps.iter().any(|step| step.then == *then);
                if let Some(step) = (!known).then(|| self.before(from, *then)).flatten() {
                    steps.push(step);
                }
            }
            if let Some(last) = steps.iter().find(|step| step.then == item) {
                return breaks(cycle(&steps, *last, item), findings);
            }
            let Some(step) = steps.get(next) else { return };
            (from, next) = (step.then, next + 1);
        }
    }

    /// Closes what nothing comes before: it is the first at each node to which it goes.
    fn close(&mut self) {
        let first =
            |judge: &Judge, (item, to): &(Item, NodeSet)| to.iter().all(|node| judge.place(node, *item) == Some(0));
        while let Some((item, to)) = self.open.iter().find(|each| first(self, each)).copied() {
            self.open.remove(&item);
            self.closed.insert(item, to);
            for node in to.iter() {
                self.delivered[node.index()].remove(0);
            }
        }
    }
}

/// The steps from `item` to itself, in order.
fn cycle(steps: &[Before], last: Before, item: Item) -> Vec<Before> {
    let mut cycle = vec![last];
    while let Some(first) = cycle.last().map(|step| step.first).filter(|first| *first != item) {
        cycle.extend(steps.iter().find(|step| step.then == first));
    }
    cycle.reverse();
    cycle
}

/// A cycle of two messages breaks pairwise order, and every cycle breaks acyclic order.
fn breaks(cycle: Vec<Before>, findings: &mut Findings) {
    let breach = || {
        let said: Vec<String> = cycle
            .iter()
            .map(|Before { first, then, node, .. }| format!("{first} comes before {then} at N{}", node.0 + 1))
            .collect();
        let nodes = cycle.iter().map(|step| step.node);
        Breach::of(format!("{}.", said.join(", ")), nodes, cycle.iter().map(|step| step.when))
    };
    if cycle.len() == 2 {
        findings.breaks(Promise::PairwiseOrder, breach);
    }
    findings.breaks(Promise::AcyclicOrder, breach);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::total_order::skeen::Skeen;
    use Promise::{AcyclicOrder, Integrity, NoDuplication, PairwiseOrder};

    const RING: [u16; 3] = [0b011, 0b110, 0b101];

    fn item(number: u16) -> Item {
        Item(RequestId { node: NodeId(0), ordinal: number })
    }

    /// Messages 0, 1 and so on go to these groups; then nodes deliver, one after the other. What is broken?
    fn broken(groups: &[u16], deliveries: &[(u8, u16)]) -> Vec<Promise> {
        let (mut judge, mut findings) = (Judge::new(3), Findings::default());
        for (number, group) in (0..).zip(groups) {
            judge.multicasts(item(number), NodeSet(*group));
        }
        for (event, (node, number)) in (0..).zip(deliveries) {
            judge.delivers::<Skeen>(NodeId(*node), item(*number), EventIndex(event), &mut findings);
        }
        let all = [PairwiseOrder, AcyclicOrder, NoDuplication, Integrity];
        all.into_iter().filter(|promise| !findings.holds(*promise)).collect()
    }

    #[test]
    fn a_cycle_across_three_groups_breaks_acyclic_order_only() {
        let first = [(0, 0), (1, 1), (2, 2)];
        assert_eq!(broken(&RING, &first[..2]), []);
        assert_eq!(broken(&RING, &first), [AcyclicOrder], "whatever comes, it cannot be opened again");
        assert_eq!(broken(&RING, &[(0, 0), (1, 0), (1, 1), (2, 1), (2, 2), (0, 2)]), []);
    }

    #[test]
    fn two_nodes_that_begin_with_different_messages_break_pairwise_order() {
        assert_eq!(broken(&[0b011, 0b111], &[(0, 0), (2, 1)]), []);
        assert_eq!(broken(&[0b011, 0b111], &[(0, 0), (2, 1), (1, 1)]), [PairwiseOrder, AcyclicOrder]);
    }

    #[test]
    fn what_is_closed_is_known() {
        assert_eq!(broken(&[0b011], &[(0, 0), (1, 0), (1, 0)]), [NoDuplication]);
        assert_eq!(broken(&[0b011], &[(0, 0), (1, 0), (2, 0)]), [Integrity]);
        assert_eq!(broken(&[0b011], &[(0, 0), (0, 0)]), [NoDuplication]);
        assert_eq!(broken(&[0b011], &[(0, 7)]), [Integrity]);
    }

    /// All orders of these numbers.
    fn orders(of: &[u16]) -> Vec<Vec<u16>> {
        if of.is_empty() {
            return vec![vec![]];
        }
        let mut all = Vec::new();
        for (place, first) in of.iter().enumerate() {
            let mut rest = of.to_vec();
            rest.remove(place);
            all.extend(orders(&rest).into_iter().map(|rest| [vec![*first], rest].concat()));
        }
        all
    }

    /// What the definitions say of complete lists: two in both orders; no order into which all lists fit.
    fn defined(lists: [&[u16]; 3]) -> Vec<Promise> {
        let place = |list: &[u16], number| list.iter().position(|each| *each == number);
        let before = |list: &[u16], a, b| place(list, a).zip(place(list, b)).is_some_and(|(a, b)| a < b);
        let some = |a, b| lists.iter().any(|list| before(list, a, b));
        let pairwise = !(0..3).any(|a| (0..3).any(|b| some(a, b) && some(b, a)));
        let fits = |order: &[u16]| (0..3).all(|a| (0..3).all(|b| !some(a, b) || before(order, a, b)));
        let acyclic = orders(&[0, 1, 2]).iter().any(|order| fits(order));
        [(pairwise, PairwiseOrder), (acyclic, AcyclicOrder)].into_iter().filter(|it| !it.0).map(|it| it.1).collect()
    }

    /// Three messages, each to any group of at least two of three nodes, in all orders at all nodes.
    #[test]
    fn in_whole_runs_the_judge_finds_what_the_definitions_forbid() {
        let mut found = [0; 3];
        for number in 0..64_usize {
            let groups = [0, 1, 2].map(|message| [0b011, 0b101, 0b110, 0b111_u16][number >> (2 * message) & 3]);
            let [first, second, third] = [0, 1, 2].map(|node| {
                let to: Vec<u16> = (0..3).filter(|message| groups[usize::from(*message)] >> node & 1 == 1).collect();
                orders(&to)
            });
            for lists in first.iter().flat_map(|a| second.iter().flat_map(|b| third.iter().map(|c| [&**a, b, c]))) {
                // In turns.
                let turn = |place: usize| (0..3).filter_map(move |node| Some((node as u8, *lists[node].get(place)?)));
                let deliveries: Vec<(u8, u16)> = (0..3).flat_map(turn).collect();
                let wrong = broken(&groups, &deliveries);
                assert_eq!(wrong, defined(lists), "{groups:?} {lists:?}");
                found[wrong.len()] += 1;
            }
        }
        // Three messages go to three pairs in six ways, and round in two directions.
        assert_eq!(found, [384, 6 * 2, 1596], "nothing, acyclic order only, and both");
    }
}
