//! Who judges a run: the properties of Figure 3, and what clients see.
//!
//! Figure 3 speaks of logs, so the judge looks at logs; who leads and what is committed it hears as facts. A log is looked at
//! when it has changed, and then only at its end: entries carry the hash of the log up to them.
//!
//! - **Election safety**: the judge remembers who led each term.
//! - **Leader append-only**: the log of a server that leads contains what it was before.
//! - **Log matching**: whenever a log changes it is compared with all others. At the last index at which two logs have
//!   the same term they must be the same up to there. Below it there is nothing to ask: they are.
//! - **State machine safety**: what any server applies first at an index is the committed entry; others must apply the same.
//! - **Leader completeness**: a new leader's log holds all of these entries that were committed in earlier terms. Later
//!   it only appends, so its election is the moment to look. An entry is committed in the term of the server that first
//!   applied it.
//! - **Exactly once**: when a server applies entries, it may execute as many commands as were not in the log before.
//! - **A leader is elected**: someone leads the latest term that has had a leader. An older leader that still thinks it leads
//!   does not count: a majority has gone on to a later term, and takes no more entries from it.
//!
//! What clients see is judged by a part that the protocols with clients share. At the end of this file stands which messages
//! can no longer change anything, for a search.

use super::machine::{Command, Entry, Log, Request};
use super::server::{Role, Server};
use super::{Appended, Config, Fact, Message, Outcome, Promise, Raft, name};
use crate::parts::client_history::ClientHistory;
use crate::parts::log;
use lightcone_engine::prelude::*;

/// What was last seen of a server.
#[derive(Clone, Debug, Default, Hash)]
struct Last {
    /// Its log; once it has stopped, that on its disk.
    log: Log,
    /// When the log last changed.
    changed: Unhashed<Option<EventIndex>>,
    /// How many client commands its state machine has executed.
    executed: u32,
}

/// Judges Figure 3 and the clients. What it remembers of a server says nothing that the server's state does not say after each
/// event; what it remembers of leaders and commits is history.
#[derive(Clone, Hash)]
pub struct Judge {
    /// Each server as it last was.
    last: PerNode<Vec<Last>>,
    /// Who led each term, and since when.
    leaders: SortedMap<u32, (NodeId, Witness)>,
    /// All that was ever committed.
    committed: log::Judge<Entry>,
    /// Where each client's command first stands in it. It says nothing that the log does not.
    commands: Unhashed<SortedMap<(NodeId, u16), u32>>,
    /// What clients asked and were told.
    clients: ClientHistory,
}

impl Observer<Raft> for Judge {
    fn new(config: &Config) -> Judge {
        Judge {
            last: PerNode(vec![Last::default(); usize::from(config.servers)]),
            leaders: SortedMap::new(),
            committed: log::Judge::new("S", Promise::StateMachineSafety),
            commands: Unhashed::default(),
            clients: ClientHistory::new(config.servers, Promise::Linearizable, Promise::EveryRequestAnswered),
        }
    }

    fn observe(&mut self, seen: &Seen<'_, Raft>, findings: &mut Findings) {
        let number = |it: &Message| if let Message::Request { sequence, .. } = it { Some(*sequence) } else { None };
        self.clients.observe(seen, number, findings);
        let Some(node) = seen.node else { return };
        let Some(last) = self.last.get_mut(node.index()) else { return };
        let Some(server) = seen.nodes.state(node).and_then(Raft::server) else {
            // A crash inside a handler: what it wrote before is in its log.
            (last.log, last.executed) = (seen.nodes.durable(node).log.clone(), 0);
            return self.no_longer_leads(node, "stopped", findings);
        };
        if last.log != server.stable.log {
            self.log_changed(server, seen.event, findings);
        }
        for fact in seen.facts() {
            match *fact {
                Fact::Leads { term } => self.leads(server, term, Witness(seen.event), findings),
                Fact::StepsDown => self.no_longer_leads(node, "stepped down", findings),
                Fact::Commits { entries } => self.applied(server, entries.first, Witness(seen.event), findings),
                Fact::NotTakenOver { .. } | Fact::Deletes { .. } | Fact::Appends { .. } => {}
            }
        }
    }

    fn at_end(&self, _: View<'_, Raft>, findings: &mut Findings) {
        self.clients.at_end(findings);
        let (leaders, committed) = (self.leaders.iter().count(), !self.committed.is_empty());
        for promise in [Promise::ElectionSafety, Promise::LeaderAppendOnly, Promise::LeaderCompleteness] {
            findings.untested_if(leaders == 0, promise, "nobody led");
        }
        findings.untested_if(leaders == 1, Promise::LeaderCompleteness, "only one leader");
        findings.untested_if(
            self.last.iter().all(|last| last.log.last_index() == 0),
            Promise::LogMatching,
            "no entries",
        );
        for promise in [Promise::LeaderCompleteness, Promise::StateMachineSafety] {
            findings.untested_if(!committed, promise, "nothing was committed");
        }
        findings.untested_if(self.commands.0.is_empty(), Promise::ExactlyOnce, "no command was executed");
    }
}

impl Judge {
    /// Its log has changed: is it still a leader's own, and does it agree with the others? With a stopped server it is
    /// compared too: that log comes back.
    fn log_changed(&mut self, server: &Server, now: EventIndex, findings: &mut Findings) {
        let (me, log, term) = (server.me, &server.stable.log, server.stable.term);
        let last = &mut self.last[me.index()];
        let before = core::mem::replace(&mut last.log, log.clone());
        let changed = last.changed.0.replace(now);
        if server.role == Role::Leader && !before.agrees(log, before.last_index()) {
            let sentence = || format!("{} leads term {term} and loses entries of its own log.", name(me));
            findings.breaks(Promise::LeaderAppendOnly, || Breach::of(sentence(), [me], changed));
        }
        for (other, last) in (0..).map(NodeId).zip(self.last.iter()).filter(|(other, _)| *other != me) {
            // Where two logs last have the same term, they must be the same so far. Below, they then are.
            let mut both = (0..=log.last_index().min(last.log.last_index())).rev();
            let index = both.find(|&index| log.term(index) == last.log.term(index)).unwrap_or(0);
            if !log.agrees(&last.log, index) {
                findings.breaks(Promise::LogMatching, || {
                    let (at, of) = (log.first_difference(&last.log), log.term(index).unwrap_or(0));
                    let both =
                        format!("{} and {} both have an entry of term {of} at index {index}", name(me), name(other));
                    Breach::of(format!("{both}, and their logs differ at index {at}."), [me, other], last.changed.0)
                });
            }
        }
    }

    /// It begins to lead: alone in its term, and with all that was committed before? What was committed in a later term
    /// it need not have: its votes were late, and there is a newer leader.
    fn leads(&mut self, server: &Server, term: u32, now: Witness, findings: &mut Findings) {
        let me = server.me;
        let led = self.leaders.insert(term, (me, now));
        if let Some((first, event)) = led.filter(|(first, _)| *first != me) {
            let sentence = || format!("{} and {} both lead term {term}.", name(first), name(me));
            findings.breaks(Promise::ElectionSafety, || Breach::of(sentence(), [first, me], [event]));
        }
        let lacks = self.committed.lacks(&server.stable.log);
        if let Some((index, entry, by)) = lacks.filter(|(.., by)| by.epoch < term) {
            findings.breaks(Promise::LeaderCompleteness, || {
                let lacks = format!("{} leads term {term} without {entry} at index {index}", name(me));
                let sentence = format!("{lacks}, which {} committed in term {}.", name(by.node), by.epoch);
                Breach::of(sentence, [me, by.node], [by.event])
            });
        }
        if self.leaders.last().is_some_and(|(latest, _)| *latest == term) {
            // There is a leader since now: an earlier one no longer counts.
            nobody_leads(me, "leads", findings);
            findings.reaches(Promise::LeaderElected);
        }
    }

    /// It stepped down or stopped. If it was the leader of the latest term, there is none: whoever still leads an earlier one
    /// does not count.
    fn no_longer_leads(&self, node: NodeId, what: &str, findings: &mut Findings) {
        if self.leaders.last().is_some_and(|(_, (latest, _))| *latest == node) {
            nobody_leads(node, what, findings);
        }
    }

    /// It has applied the entries from `first` to its commit index; after a restart it begins again with the first of all. Are
    /// they the same as others', and has it executed none that it had executed before?
    fn applied(&mut self, server: &Server, first: u32, now: Witness, findings: &mut Findings) {
        let (me, log, machine) = (server.me, &server.stable.log, &server.machine);
        let by = log::First { node: me, epoch: server.stable.term, event: now };
        self.committed.applied(log, machine.applied, by, findings);
        let before = core::mem::replace(&mut self.last[me.index()].executed, machine.executed);
        // How many commands were not in the log before, and one that was.
        let (mut fresh, mut repeated) = (0, None);
        for (index, entry) in (first..).zip(log.tail(first, machine.applied + 1 - first)) {
            let Command::Client(Request { client, sequence, .. }) = entry.command else { continue };
            match *self.commands.0.or_insert((client, sequence), index) {
                earlier if earlier < index => repeated = Some((entry, earlier, index)),
                _ => fresh += 1,
            }
        }
        if findings.holds(Promise::StateMachineSafety)
            && machine.executed - before > fresh
            && let Some((entry, earlier, index)) = repeated
        {
            findings.breaks(Promise::ExactlyOnce, || {
                let twice = format!("{} executes {entry} twice, at index {earlier} and at index {index}", name(me));
                Breach::of(format!("{twice}: its client asked once."), [me], self.committed.event(earlier))
            });
        }
    }
}

fn nobody_leads(last: NodeId, what: &str, findings: &mut Findings) {
    if findings.is_reached(Promise::LeaderElected) {
        let sentence = format!("Nobody has led since {} {what}.", name(last));
        findings.lapses(Promise::LeaderElected, || Breach::of(sentence, [last], None::<EventIndex>));
    }
}

impl Message {
    /// Whether it never matters any more: it would change nothing, and nobody would hear of it, whenever it arrives. A search
    /// may then forget it. What is asked always does matter, of however old a term: the answer says in which term
    /// its sender is by then, and that may be news.
    pub(super) fn never_matters(&self, from: NodeId, to: NodeId, nodes: View<'_, Raft>) -> bool {
        let (term_here, state) = (nodes.durable(to).term, nodes.state(to));
        // Terms only grow, over crashes too. Nobody stands or leads twice in a term: a role that is over is over for good.
        let is = |role, term| state.and_then(Raft::server).filter(|it| it.role == role && it.stable.term == term);
        let waits = |sequence| matches!(state, Some(Raft::Client(client)) if client.waits_for(sequence));
        match *self {
            // It counts while its candidate stands in this term, once.
            Message::Vote { term, granted } => {
                let counts = |server: &Server| granted && !server.votes.contains(from);
                term <= term_here && !is(Role::Candidate, term).is_some_and(counts)
            }
            // A pre-vote is about the next term.
            Message::PreVoteReply { term, .. } => term <= term_here,
            // It counts for who leads its term. A refusal tells only of a later term.
            Message::AppendReply(Appended { term, outcome, .. })
            | Message::HeartbeatReply(Appended { term, outcome, .. }) => {
                term <= term_here && (outcome == Outcome::Stale || is(Role::Leader, term).is_none())
            }
            Message::TimeoutNow { term } => term < term_here,
            Message::Response { sequence, .. } => !waits(sequence),
            // Whoever does not know the leader tells its client nothing.
            Message::Redirect { sequence, leader } => leader.is_none() || !waits(sequence),
            _ => false,
        }
    }
}
