//! Who judges a run: the properties of Figure 3, and what clients see.
//!
//! A log is looked at when it has changed, and then only at its end: entries carry the hash of the log
//! up to them, so that one comparison says whether two logs are the same so far.

use super::log::{Command, Log, Pages};
use super::server::{Role, Server};
use super::{Config, Raft, Say};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};
use lightcone_engine::id::{EventIndex, NodeId, NodeSet, PerNode, RequestId};
use lightcone_engine::operation::{Answer, Operation};
use lightcone_engine::protocol::{Breach, Findings, Happening, Observer, Seen, Unhashed, View, Witness};
use lightcone_engine::sorted_map::SortedMap;
use lightcone_judges::StoreJudge;

const ELECTION_SAFETY: u8 = 0;
const LEADER_APPEND_ONLY: u8 = 1;
const LOG_MATCHING: u8 = 2;
const LEADER_COMPLETENESS: u8 = 3;
const STATE_MACHINE_SAFETY: u8 = 4;
const LINEARIZABLE: u8 = 5;
const EXACTLY_ONCE: u8 = 6;
const LEADER_ELECTED: u8 = 7;
const EVERY_REQUEST_ANSWERED: u8 = 8;

/// What was last seen of a server.
#[derive(Clone, Copy, Debug, Default, Hash)]
struct Last {
    /// The term it leads.
    leads: Option<u32>,
    /// Its log's last index.
    last_index: u32,
    /// Its log's hash.
    chain: u64,
    /// How much it has applied.
    applied: u32,
    /// When its log last changed.
    changed: Unhashed<Option<EventIndex>>,
}

/// Who first committed an entry.
#[derive(Clone, Copy, Debug)]
struct Committer {
    node: NodeId,
    /// Its term then.
    term: u32,
    event: Witness,
    /// Commands up to here that no earlier entry repeats.
    fresh: u32,
}

/// All that was ever committed, as a log.
#[derive(Clone, Debug, Default)]
struct Committed {
    log: Log,
    by: Pages<Committer>,
    /// The last command of each client in it.
    latest: Vec<(NodeId, u16)>,
}

impl Hash for Committed {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.log.hash(state);
        self.by.iter().for_each(|committer| committer.term.hash(state));
    }
}

impl Committed {
    fn by(&self, index: u32) -> Option<Committer> {
        self.by.get((index as usize).checked_sub(1)?)
    }

    /// The next entry is committed.
    fn push(&mut self, entry: super::log::Entry, node: NodeId, term: u32, event: Witness) {
        let fresh = self.by.last().map_or(0, |committer| committer.fresh) + u32::from(self.is_fresh(entry.command));
        self.log.push(entry);
        self.by.push(Committer { node, term, event, fresh });
    }

    fn is_fresh(&mut self, command: Command) -> bool {
        let Command::Client { client, sequence, .. } = command else { return false };
        match self.latest.iter_mut().find(|(each, _)| *each == client) {
            None => self.latest.push((client, sequence)),
            Some((_, latest)) if sequence > *latest => *latest = sequence,
            Some(_) => return false,
        }
        true
    }
}

/// The observer.
#[derive(Clone, Debug, Hash)]
pub struct Watch {
    servers: u8,
    last: PerNode<Vec<Last>>,
    leaders: SortedMap<u32, (NodeId, Witness)>,
    committed: Committed,
    judge: StoreJudge,
    /// What each client waits for, as far as the judge was told.
    current: Vec<Option<RequestId>>,
    /// What is asked and not answered.
    open: SortedMap<RequestId, (Operation, Witness)>,
}

impl Observer<Raft> for Watch {
    fn new(config: &Config) -> Watch {
        Watch {
            servers: config.servers,
            last: PerNode(vec![Last::default(); usize::from(config.servers)]),
            leaders: SortedMap::new(),
            committed: Committed::default(),
            judge: StoreJudge::default(),
            current: vec![None; usize::from(config.clients)],
            open: SortedMap::new(),
        }
    }

    fn observe(&mut self, seen: &Seen<'_, Raft>, findings: &mut Findings) {
        let Some(node) = seen.node else { return };
        if node.0 >= self.servers {
            self.see_client(node, seen, findings);
        } else if let Some(server) = seen.nodes.state(node).and_then(Raft::server) {
            self.see_server(server, seen, findings);
        } else {
            self.see_stopped(node, seen, findings);
        }
    }

    fn at_end(&self, _: View<'_, Raft>, findings: &mut Findings) {
        match self.open.iter().min_by_key(|(_, (_, asked))| asked.0) {
            None => findings.reaches(EVERY_REQUEST_ANSWERED),
            Some(&(id, (operation, asked))) => {
                findings.breaks(EVERY_REQUEST_ANSWERED, || self.waits(id.node, operation, asked));
            }
        }
    }
}

impl Watch {
    fn see_server(&mut self, server: &Server, seen: &Seen<'_, Raft>, findings: &mut Findings) {
        let (log, last) = (&server.kept.log, self.last[server.me.index()]);
        let leads = (server.role == Role::Leader).then_some(server.kept.term);
        if (last.last_index, last.chain) != (log.last_index(), log.chain(log.last_index())) {
            self.see_log(server, seen, findings);
        }
        if leads != last.leads {
            self.see_lead(server, leads, seen, findings);
        }
        if server.machine.applied != last.applied {
            self.see_applied(server, seen, findings);
        }
        let last = &mut self.last[server.me.index()];
        last.leads = leads;
        last.applied = server.machine.applied;
    }

    fn see_stopped(&mut self, node: NodeId, seen: &Seen<'_, Raft>, findings: &mut Findings) {
        self.last[node.index()].applied = 0;
        let led = self.last[node.index()].leads.take();
        // A crash inside a handler: what it wrote before is in its log.
        let log = &seen.nodes.durable(node).log;
        let last = &mut self.last[node.index()];
        (last.last_index, last.chain) = (log.last_index(), log.chain(log.last_index()));
        if led.is_some() {
            self.no_longer_leads(node, led, "stopped", seen, findings);
        }
    }

    /// Its log has changed: is it still a leader's own, and does it agree with the others?
    fn see_log(&mut self, server: &Server, seen: &Seen<'_, Raft>, findings: &mut Findings) {
        let (me, log) = (server.me, &server.kept.log);
        let last = self.last[me.index()];
        let still_leads = last.leads == Some(server.kept.term) && server.role == Role::Leader;
        let kept = last.last_index <= log.last_index() && log.chain(last.last_index) == last.chain;
        if still_leads && !kept {
            findings.breaks(LEADER_APPEND_ONLY, || Breach {
                sentence: format!("{} leads term {} and loses entries of its own log.", name(me), server.kept.term),
                nodes: NodeSet::only(me),
                events: last.changed.0.into_iter().collect(),
            });
        }
        if findings.holds(LOG_MATCHING) {
            self.compare_logs(server, seen, findings);
        }
        self.last[me.index()] = Last {
            last_index: log.last_index(),
            chain: log.chain(log.last_index()),
            changed: Unhashed(Some(seen.event)),
            ..last
        };
    }

    /// Where two logs last have the same term, they must be the same so far. Below, they then are.
    fn compare_logs(&self, server: &Server, seen: &Seen<'_, Raft>, findings: &mut Findings) {
        let (me, log) = (server.me, &server.kept.log);
        for other in NodeSet::first(self.servers).without(me).iter() {
            let theirs = match seen.nodes.state(other).and_then(Raft::server) {
                Some(server) => &server.kept.log,
                None => &seen.nodes.durable(other).log,
            };
            let mut index = log.last_index().min(theirs.last_index());
            while index > 0 && log.term(index) != theirs.term(index) {
                index -= 1;
            }
            if log.chain(index) != theirs.chain(index) {
                let Unhashed(changed) = self.last[other.index()].changed;
                findings.breaks(LOG_MATCHING, || Breach {
                    sentence: format!(
                        "{} and {} both have an entry of term {} at index {index}, and their logs differ at index {}.",
                        name(me),
                        name(other),
                        log.term(index).unwrap_or(0),
                        log.first_difference(theirs),
                    ),
                    nodes: [me, other].into_iter().collect(),
                    events: changed.into_iter().collect(),
                });
            }
        }
    }

    /// It begins to lead, or leads no more.
    fn see_lead(&mut self, server: &Server, leads: Option<u32>, seen: &Seen<'_, Raft>, findings: &mut Findings) {
        let me = server.me;
        let Some(term) = leads else {
            let led = self.last[me.index()].leads;
            self.no_longer_leads(me, led, "stepped down", seen, findings);
            return;
        };
        if let Some((first, event)) = self.leaders.insert(term, (me, Witness(seen.event)))
            && first != me
        {
            findings.breaks(ELECTION_SAFETY, || Breach {
                sentence: format!("{} and {} both lead term {term}.", name(first), name(me)),
                nodes: [first, me].into_iter().collect(),
                events: vec![event.0],
            });
        }
        self.judge_completeness(server, term, findings);
        if self.leaders.last().is_some_and(|(latest, _)| *latest == term) {
            if findings.is_reached(LEADER_ELECTED) {
                findings.lapses(LEADER_ELECTED, || nobody_leads(me, "leads"));
            }
            findings.reaches(LEADER_ELECTED);
        }
    }

    /// The leader of the latest term is gone: whoever still leads an earlier one does not count.
    fn no_longer_leads(
        &mut self,
        node: NodeId,
        led: Option<u32>,
        what: &'static str,
        _: &Seen<'_, Raft>,
        findings: &mut Findings,
    ) {
        if self.leaders.last().is_some_and(|(latest, _)| Some(*latest) == led) {
            findings.lapses(LEADER_ELECTED, || nobody_leads(node, what));
        }
    }

    /// Does a new leader have all that was committed in earlier terms?
    fn judge_completeness(&self, server: &Server, term: u32, findings: &mut Findings) {
        let (log, committed) = (&server.kept.log, &self.committed.log);
        if !findings.holds(LEADER_COMPLETENESS) || committed.agrees(log, committed.last_index()) {
            return;
        }
        let index = committed.first_difference(log);
        let Some(committer) = self.committed.by(index).filter(|committer| committer.term < term) else { return };
        findings.breaks(LEADER_COMPLETENESS, || Breach {
            sentence: format!(
                "{} leads term {term} without {} at index {index}, which {} committed in term {}.",
                name(server.me),
                committed.entry(index).map_or("the entry".into(), |entry| entry.command.to_string()),
                name(committer.node),
                committer.term,
            ),
            nodes: [server.me, committer.node].into_iter().collect(),
            events: vec![committer.event.0],
        });
    }

    /// It has applied more, or started again.
    fn see_applied(&mut self, server: &Server, seen: &Seen<'_, Raft>, findings: &mut Findings) {
        let (log, applied) = (&server.kept.log, server.machine.applied);
        let known = self.committed.log.last_index();
        let common = applied.min(known);
        if findings.holds(STATE_MACHINE_SAFETY) && log.chain(common) != self.committed.log.chain(common) {
            self.breaks_state_machine_safety(server, findings);
        }
        for index in known + 1..=applied {
            let Some(entry) = log.entry(index) else { break };
            self.committed.push(entry, server.me, server.kept.term, Witness(seen.event));
        }
        let allowed = self.committed.by(applied).map_or(0, |committer| committer.fresh);
        if findings.holds(STATE_MACHINE_SAFETY) && server.machine.executed > allowed {
            self.breaks_exactly_once(server, findings);
        }
    }

    fn breaks_state_machine_safety(&self, server: &Server, findings: &mut Findings) {
        let (log, committed) = (&server.kept.log, &self.committed.log);
        let index = log.first_difference(committed);
        let says = |log: &Log| log.entry(index).map_or("nothing".into(), |entry| entry.command.to_string());
        let Some(first) = self.committed.by(index) else { return };
        findings.breaks(STATE_MACHINE_SAFETY, || Breach {
            sentence: format!(
                "{} applies {} at index {index}, where {} applied {}.",
                name(server.me),
                says(log),
                name(first.node),
                says(committed)
            ),
            nodes: [server.me, first.node].into_iter().collect(),
            events: vec![first.event.0],
        });
    }

    fn breaks_exactly_once(&self, server: &Server, findings: &mut Findings) {
        let log = &server.kept.log;
        let again = (1..=server.machine.applied).rev().find_map(|index| {
            let command = log.entry(index)?.command;
            let first = (1..index).find(|&first| log.entry(first).is_some_and(|entry| entry.command == command))?;
            matches!(command, Command::Client { .. }).then_some((first, index, command))
        });
        findings.breaks(EXACTLY_ONCE, || Breach {
            sentence: match again {
                Some((first, index, command)) => format!(
                    "{} executes {command} twice, at index {first} and at index {index}: its client asked once.",
                    name(server.me)
                ),
                None => format!("{} executes a command twice.", name(server.me)),
            },
            nodes: NodeSet::only(server.me),
            events: again.and_then(|(first, ..)| self.committed.by(first)).map(|by| by.event.0).into_iter().collect(),
        });
    }

    /// What the client is told, and what it asks next. The judge hears of an operation when its client
    /// first sends it: until then nobody can have done it.
    fn see_client(&mut self, node: NodeId, seen: &Seen<'_, Raft>, findings: &mut Findings) {
        if let Some((id, operation)) = seen.asked {
            self.open.insert(id, (operation, Witness(seen.event)));
            findings.lapses(EVERY_REQUEST_ANSWERED, || self.waits(node, operation, Witness(seen.event)));
        }
        for happening in seen.happenings {
            match happening {
                Happening::Replied { request, answer } => self.see_answer(*request, *answer, findings),
                Happening::Sent(sent) => {
                    if let Some(&Say::Request { sequence, operation }) = sent.payload.as_any().downcast_ref() {
                        self.see_question(RequestId { node, ordinal: sequence }, operation, seen);
                    }
                }
                _ => {}
            }
        }
    }

    fn see_question(&mut self, id: RequestId, operation: Operation, seen: &Seen<'_, Raft>) {
        let current = &mut self.current[usize::from(id.node.0 - self.servers)];
        if *current != Some(id) {
            *current = Some(id);
            self.judge.asked(id, operation, seen.event);
        }
    }

    fn see_answer(&mut self, id: RequestId, answer: Answer, findings: &mut Findings) {
        self.open.remove(&id);
        if let Err(misplaced) = self.judge.answered(id, answer) {
            findings.breaks(LINEARIZABLE, || Breach {
                sentence: format!("{}: {}.", self.client_name(id.node), misplaced.sentence()),
                nodes: NodeSet::only(id.node),
                events: vec![misplaced.asked],
            });
        }
        if self.open.is_empty() {
            findings.reaches(EVERY_REQUEST_ANSWERED);
        }
    }

    fn waits(&self, client: NodeId, operation: Operation, asked: Witness) -> Breach {
        Breach {
            sentence: format!("{} has no answer to {operation}.", self.client_name(client)),
            nodes: NodeSet::only(client),
            events: vec![asked.0],
        }
    }

    fn client_name(&self, client: NodeId) -> String {
        format!("c{}", client.0 - self.servers + 1)
    }
}

fn nobody_leads(last: NodeId, what: &str) -> Breach {
    Breach {
        sentence: format!("Nobody leads since {} {what}.", name(last)),
        nodes: NodeSet::only(last),
        events: Vec::new(),
    }
}

fn name(server: NodeId) -> String {
    format!("S{}", server.0 + 1)
}
