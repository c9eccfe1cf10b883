//! What a search may look for besides broken promises: what is surprising and right, or wrong only to look at.

use super::server::Role;
use super::{Fact, Raft};
use crate::parts::majority::is_majority;
use lightcone_engine::prelude::*;

pub(super) const GOALS: &[Goal<Raft>] = &[
    Goal { id: "split-vote", sentence: "The vote is split", reached: Reached::Is(is_split) },
    Goal { id: "two-leaders", sentence: "Two servers lead, in different terms", reached: Reached::Is(has_two_leaders) },
    Goal {
        id: "leader-steps-down",
        sentence: "A leader steps down",
        reached: Reached::Happens(|fact| matches!(fact, Fact::StepsDown)),
    },
    Goal {
        id: "entry-committed",
        sentence: "An entry is committed",
        reached: Reached::Happens(|fact| matches!(fact, Fact::Commits { .. })),
    },
    Goal {
        id: "entries-deleted",
        sentence: "A follower deletes entries of its log",
        reached: Reached::Happens(|fact| matches!(fact, Fact::Deletes { .. })),
    },
];

/// In the latest term that anybody has saved nobody has a majority of the votes, and those who have not voted in it are too
/// few to make one (§5.2).
fn is_split(nodes: View<'_, Raft>) -> bool {
    let Some(servers) = nodes.up().find_map(|(_, node)| node.server()).map(|server| server.servers) else {
        return false;
    };
    let all = || (0..servers).map(NodeId);
    let term = all().map(|server| nodes.durable(server).term).max().unwrap_or(0);
    let vote = |server| Some(nodes.durable(server)).filter(|stable| stable.term == term).and_then(|stable| stable.vote);
    let free: NodeSet = all().filter(|server| vote(*server).is_none()).collect();
    let may_win = |candidate| {
        let votes: NodeSet = all().filter(|server| vote(*server) == Some(candidate)).collect();
        is_majority(votes.union(free), servers)
    };
    term > 0 && !all().any(may_win)
}

fn has_two_leaders(nodes: View<'_, Raft>) -> bool {
    let servers = nodes.up().filter_map(|(_, node)| node.server());
    let leads = servers.filter(|server| server.role == Role::Leader).map(|server| server.stable.term);
    let terms: Vec<u32> = leads.collect();
    terms.iter().any(|term| *term != terms[0])
}
