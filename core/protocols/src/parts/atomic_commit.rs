//! Atomic commit, judged ("BHG": P. Bernstein, V. Hadzilacos and N. Goodman, *Concurrency Control and Recovery in
//! Database Systems*, 1987, §7.3).
//!
//! Used by two-phase commit. Every participant of a transaction votes yes or no, then it decides: commit or abort. The
//! book demands this of it:
//!
//! - **AC1** All that decide decide the same.
//! - **AC2** Nobody reverses its decision.
//! - **AC3** Commit is decided only if all have voted yes.
//! - **AC4** If nothing fails and all have voted yes, commit is decided.
//! - **AC5** Once all failures are repaired and no new ones come for long enough, all decide.
//!
//! AC1 to AC3 are judged at every event. AC5 is judged when the run is over, and of those that have voted yes: whoever
//! has not may still decide alone. AC4 is no promise about every run: tests of the protocol hold it.
//!
//! The protocol says who takes part ([`AtomicCommit::take_part`]), who votes yes ([`AtomicCommit::votes_yes`]) and who
//! decides what ([`AtomicCommit::decides`]); it says when a vote and a decision count. It may say each as often as it
//! likes: the first time counts. What has been said stays, whatever the nodes forget.

use lightcone_engine::prelude::*;
use lightcone_engine::sorted_map::insertion_sort;

promises! {
    Atomicity: Always = "atomicity", "Atomicity", "No two nodes decide differently.", "BHG §7.3, AC1";
    Stability: Always = "stability", "Decisions stay", "A decision never changes.", "BHG §7.3, AC2";
    CommitNeedsEveryYes: Always = "commit-needs-every-yes", "Commit needs every yes",
        "A transaction commits only if all its participants have voted yes.", "BHG §7.3, AC3";
    EveryParticipantDecides: ByTheEnd = "every-participant-decides", "Every participant decides",
        "No participant that has voted yes is left in doubt.", "BHG §7.3, AC5";
}

/// A transaction's number, shown as T1. No two clients use the same, and none uses one twice: who asks to commit what
/// has been decided is told the decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Transaction(pub u16);

impl fmt::Display for Transaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "T{}", self.0)
    }
}

impl Blank for Transaction {
    fn blank(&self) -> i32 {
        self.0.into()
    }
}

/// What becomes of a transaction: one of two, at every participant the same. There is no third; not to know is to be in
/// doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decision {
    /// What it wrote becomes final at every participant.
    Commit,
    /// What it wrote is forgotten at every participant.
    Abort,
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == Decision::Commit { "committed" } else { "aborted" })
    }
}

/// What is known of one transaction. When it became known is evidence for sentences, and no state.
#[derive(Clone, Debug, Default, Hash)]
struct Case {
    /// Whose yes a commit needs; nobody's while nothing is said.
    participants: NodeSet,
    /// Who has voted yes, and when first.
    yes: SortedMap<NodeId, Witness>,
    /// Who has decided what, and when first.
    decided: SortedMap<NodeId, (Decision, Witness)>,
}

impl Case {
    /// Who has voted yes and not decided, with the events of the votes.
    fn in_doubt(&self) -> impl Iterator<Item = &(NodeId, Witness)> {
        self.yes.iter().filter(|(node, _)| !self.decided.contains(node))
    }
}

/// A transaction that somebody is in doubt about, for the protocol to explain.
pub struct InDoubt {
    /// Its number.
    pub transaction: Transaction,
    /// All that take part in it.
    pub participants: NodeSet,
    /// Those who have voted yes and not decided.
    pub nodes: NodeSet,
    /// The events at which these voted, in order.
    pub votes: Vec<EventIndex>,
}

/// Judges what is said of all transactions. Its state is who has voted yes and who has decided what: it is part of a
/// search's worlds, so that two runs are told apart if only one of them can still break a promise.
#[derive(Clone, Debug, Hash)]
pub struct AtomicCommit {
    /// All transactions of which anything was said.
    cases: SortedMap<Transaction, Case>,
    /// Gives a node's name, for sentences.
    name: Unhashed<fn(NodeId) -> String>,
}

impl AtomicCommit {
    /// No transaction yet. `name` gives a node's name, for sentences.
    #[must_use]
    pub fn new(name: fn(NodeId) -> String) -> AtomicCommit {
        AtomicCommit { cases: SortedMap::new(), name: Unhashed(name) }
    }

    /// What is known of it so far.
    fn case(&mut self, transaction: Transaction) -> &mut Case {
        self.cases.or_insert(transaction, Case::default())
    }

    /// These take part: a commit needs the yes of each. Said before anybody commits.
    pub fn take_part(&mut self, participants: NodeSet, transaction: Transaction) {
        self.case(transaction).participants = participants;
    }

    /// A participant votes yes. It is in doubt from now on, unless it has decided: AC5 is open again.
    pub fn votes_yes(&mut self, node: NodeId, transaction: Transaction, event: EventIndex, findings: &mut Findings) {
        let Unhashed(name) = self.name;
        let case = self.case(transaction);
        let known = case.yes.contains(&node) || case.decided.contains(&node);
        case.yes.or_insert(node, Witness(event));
        if !known {
            let sentence = || format!("{} is in doubt about {transaction}.", name(node));
            findings.lapses(Promise::EveryParticipantDecides, || Breach::of(sentence(), [node], [event]));
        }
    }

    /// A node decides. If it was the last in doubt, AC5 is reached.
    pub fn decides(
        &mut self,
        node: NodeId,
        transaction: Transaction,
        decision: Decision,
        event: EventIndex,
        findings: &mut Findings,
    ) {
        let Unhashed(name) = self.name;
        let verb = if decision == Decision::Commit { "commits" } else { "aborts" };
        let against = |who: &str, before| format!("{} {verb} {transaction}, which {who} has {before}.", name(node));
        let case = self.case(transaction);
        // AC2: compared with its own. What it decided first stays, for the others to be compared with.
        if let Some(&(before, when)) = case.decided.get(&node) {
            if before != decision {
                findings.breaks(Promise::Stability, || Breach::of(against("it", before), [node], [when]));
            }
            return;
        }
        // AC1: compared with the others. Of those that differ, the sentence names the first.
        let otherwise = case.decided.iter().filter(|(_, (before, _))| *before != decision);
        if let Some(&(other, (before, when))) = otherwise.min_by_key(|(_, (_, when))| when.0) {
            let breach = || Breach::of(against(&name(other), before), [node, other], [when]);
            findings.breaks(Promise::Atomicity, breach);
        }
        // AC3: compared with the votes. That a vote is missing, no event shows.
        let missing: NodeSet = case.participants.iter().filter(|each| !case.yes.contains(each)).collect();
        if decision == Decision::Commit && !missing.is_empty() {
            let silent = || listed(missing.iter().map(name), "and");
            let sentence = || format!("{} commits {transaction} without a yes from {}.", name(node), silent());
            let breach = || Breach::of(sentence(), missing.iter().chain([node]), None::<EventIndex>);
            findings.breaks(Promise::CommitNeedsEveryYes, breach);
        }
        case.decided.insert(node, (decision, Witness(event)));
        // AC5, so far: of all transactions, nobody is in doubt about any.
        if case.yes.contains(&node) && self.cases.iter().all(|(_, case)| case.in_doubt().next().is_none()) {
            findings.reaches(Promise::EveryParticipantDecides);
        }
    }

    /// The run is over: was there anything to judge?
    pub fn at_end(&self, findings: &mut Findings) {
        let any = |so: &dyn Fn(&Case) -> bool| self.cases.iter().any(|(_, case)| so(case));
        let decided = any(&|case| !case.decided.is_empty());
        let committed = any(&|case| case.decided.iter().any(|(_, (what, _))| *what == Decision::Commit));
        let voted = any(&|case| !case.yes.is_empty());
        let each =
            [Promise::Atomicity, Promise::Stability, Promise::CommitNeedsEveryYes, Promise::EveryParticipantDecides];
        each.into_iter().for_each(|promise| findings.untested_if(self.cases.is_empty(), promise, "no transaction"));
        for promise in [Promise::Atomicity, Promise::Stability] {
            findings.untested_if(!decided, promise, "nothing was decided");
        }
        findings.untested_if(!committed, Promise::CommitNeedsEveryYes, "nothing was committed");
        findings.untested_if(!voted, Promise::EveryParticipantDecides, "nobody voted yes");
    }

    /// The transaction that somebody has been in doubt about for longest: what breaks AC5 at the end, unless there is
    /// none. Why nobody decides it and what would help, the protocol knows.
    #[must_use]
    pub fn longest_in_doubt(&self) -> Option<InDoubt> {
        let first_vote = |case: &Case| case.in_doubt().map(|(_, vote)| vote.0).min();
        let cases = self.cases.iter().filter_map(|(transaction, case)| Some((first_vote(case)?, transaction, case)));
        let (_, transaction, case) = cases.min_by_key(|(first, ..)| *first)?;
        let mut votes: Vec<EventIndex> = case.in_doubt().map(|(_, vote)| vote.0).collect();
        insertion_sort(&mut votes);
        let nodes = case.in_doubt().map(|(node, _)| *node).collect();
        Some(InDoubt { transaction: *transaction, participants: case.participants, nodes, votes })
    }
}

/// "P1, P2 and P3", or "P1, P2 or P3", with this word before the last; "nobody" if there is no name. For sentences and
/// the margin.
pub fn listed(names: impl Iterator<Item = String>, word: &str) -> String {
    let names: Vec<String> = names.collect();
    match names.split_last() {
        None => "nobody".into(),
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} {word} {last}", others.join(", ")),
    }
}
