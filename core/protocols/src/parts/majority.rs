//! Majorities. Any two of them have a node in common, so what one majority has seen, every later one hears of from somebody.

use lightcone_engine::NodeSet;
use lightcone_engine::table::in_order;

/// How many of `nodes` are a majority: more than half.
#[must_use]
pub const fn majority(nodes: u8) -> u32 {
    nodes as u32 / 2 + 1
}

/// Whether those who voted are a majority of `nodes`. In a set, a vote that arrives twice counts once.
#[must_use]
pub const fn is_majority(voters: NodeSet, nodes: u8) -> bool {
    voters.len() >= majority(nodes)
}

/// The largest number that a majority has reached; `reached` has one number for each node, at least one, and is sorted.
#[must_use]
pub fn reached_by_majority(reached: &mut [u32]) -> u32 {
    in_order(reached);
    reached[reached.len() - majority(reached.len() as u8) as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_majorities_meet_and_two_halves_need_not() {
        for nodes in 1..=8 {
            let all = (0..1_u16 << nodes).map(NodeSet);
            for one in all.clone().filter(|one| is_majority(*one, nodes)) {
                let rest = NodeSet(NodeSet::first(nodes).0 & !one.0);
                assert!(!is_majority(rest, nodes), "{one:?} of {nodes} leaves out a majority");
            }
            assert!(all.max_by_key(|all| all.len()).is_some_and(|all| is_majority(all, nodes)));
        }
        assert!(!is_majority(NodeSet::first(2), 4));
    }

    #[test]
    fn a_majority_has_reached_what_the_node_in_the_middle_has() {
        assert_eq!(reached_by_majority(&mut [9, 3, 7]), 7);
        assert_eq!(reached_by_majority(&mut [4, 9, 3, 7]), 4);
        assert_eq!(reached_by_majority(&mut [5]), 5);
    }
}
