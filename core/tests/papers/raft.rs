//! D. Ongaro and J. Ousterhout, *In Search of an Understandable Consensus Algorithm* (extended version), 2014;
//! "dissertation": D. Ongaro, *Consensus: Bridging Theory and Practice*, Stanford 2014.
//!
//! A claim about every run is held against random fault schedules, event by event; one about a certain
//! situation against a run that leads there.

#[path = "../common/raft.rs"]
mod schedule;

use fastrand::Rng;
use lightcone::gallery::gallery;
use lightcone::operation::Answer;
use lightcone::plan::Plan;
use lightcone::protocol::Mark;
use lightcone::protocols::raft::log::Log;
use lightcone::protocols::raft::server::{Kept, Role, Server};
use lightcone::protocols::raft::{Outcome, Raft, Say};
use lightcone::scenario::text::decode;
use lightcone::trace::{Deed, Verdict};
use lightcone::world::{Cause, Happening, Sent, Step, StepKind, World};
use lightcone::{EventIndex, MessageId, NodeId, Scenario, Time, Trace, simulate};
use schedule::{CHECK_QUORUM, CLIENTS, NO_OP, PRE_VOTE, READ_MODE, SERVERS};
use std::collections::BTreeMap;
use std::rc::Rc;

const LOG: u32 = 0;
const READ_INDEX: u32 = 1;
const LEASE: u32 = 2;

/// One event of a server.
struct Moment<'a> {
    cause: Cause,
    /// What arrived, if something did.
    received: Option<(NodeId, &'a Say)>,
    /// The server before; none if it was stopped.
    before: Option<&'a Server>,
    /// The server after; none if it is stopped.
    after: Option<&'a Server>,
    /// What it had in stable storage before.
    kept: &'a Kept,
    happenings: &'a [Happening],
}

impl Moment<'_> {
    /// Both states, if the server runs before and after.
    fn states(&self) -> Option<(&Server, &Server)> {
        Some((self.before?, self.after?))
    }

    /// What it sent, copies by the link left out.
    fn sent(&self) -> impl Iterator<Item = (NodeId, &Say)> {
        self.happenings.iter().filter_map(|happening| match happening {
            Happening::Sent(sent) if sent.message.copy == 0 => Some((sent.message.to, said(sent))),
            _ => None,
        })
    }

    /// What it sent, each with what was in stable storage then.
    fn sent_with_kept(&self) -> Vec<(NodeId, &Say, &Kept)> {
        let mut kept = self.kept;
        let mut all = Vec::new();
        for happening in self.happenings {
            match happening {
                Happening::Persisted(durable) => kept = durable.as_any().downcast_ref().expect("a server's"),
                Happening::Sent(sent) => all.push((sent.message.to, said(sent), kept)),
                _ => {}
            }
        }
        all
    }

    fn marked(&self, mark: Mark) -> bool {
        self.happenings.iter().any(|happening| matches!(happening, Happening::Marked(each, _) if *each == mark))
    }
}

fn said(sent: &Sent) -> &Say {
    sent.payload.as_any().downcast_ref().expect("a message of Raft")
}

fn server(world: &World, node: NodeId) -> Option<&Server> {
    world.state(node)?.as_any().downcast_ref::<Raft>()?.server()
}

fn last(log: &Log) -> (u32, u32) {
    (log.last_term(), log.last_index())
}

fn term_of(say: &Say) -> Option<u32> {
    match *say {
        Say::RequestVote { term, .. }
        | Say::Vote { term, .. }
        | Say::Append { term, .. }
        | Say::AppendReply { term, .. }
        | Say::TimeoutNow { term } => Some(term),
        _ => None,
    }
}

/// Goes through a run, event by event, and shows those of servers.
fn walk(scenario: &Scenario, mut see: impl FnMut(&Moment<'_>)) {
    let mut world = World::new(Rc::new(Plan::new(scenario)));
    let mut payloads: BTreeMap<MessageId, Say> = BTreeMap::new();
    let mut step = Step::default();
    while let Some((due, cause)) = world.next() {
        if due > scenario.horizon {
            break;
        }
        let node = cause.node();
        let before = node.and_then(|node| server(&world, node)).cloned();
        let kept = node.and_then(|node| world.durable(node)?.as_any().downcast_ref::<Kept>().cloned());
        assert!(world.take(cause, &mut step), "what is next can happen");
        if step.kind != StepKind::Event {
            continue;
        }
        if let Some(node) = node.filter(|node| u32::from(node.0) < scenario.settings.parameters[SERVERS]) {
            let received = match cause {
                Cause::Deliver(message) => payloads.get(&message).map(|say| (message.from, say)),
                _ => None,
            };
            see(&Moment {
                cause,
                received,
                before: before.as_ref(),
                after: server(&world, node),
                kept: &kept.unwrap_or_default(),
                happenings: &step.happenings,
            });
        }
        for happening in &step.happenings {
            if let Happening::Sent(sent) = happening {
                payloads.insert(sent.message, said(sent).clone());
            }
        }
    }
}

/// Random fault schedules with these parameters changed.
fn schedules(changes: &[(usize, u32)], count: u64) -> impl Iterator<Item = Scenario> + '_ {
    (0..count).map(move |seed| {
        let mut rng = Rng::with_seed(seed);
        let servers = *rng.choice(&[3, 5]).expect("there are choices");
        let mut settings = schedule::settings(&[(SERVERS, servers), (CLIENTS, 2)]);
        for &(parameter, value) in changes {
            settings.parameters[parameter] = value;
        }
        let mut scenario = schedule::ground(settings, 12, &mut rng);
        schedule::disturb(&mut scenario, &mut rng);
        scenario
    })
}

/// Holds a claim against every event of some random schedules.
fn always(mut claim: impl FnMut(&Moment<'_>)) {
    let mut events = 0;
    for scenario in schedules(&[], 150) {
        walk(&scenario, |moment| {
            events += 1;
            claim(moment);
        });
    }
    assert!(events > 5_000, "there is something to see");
}

fn run(lines: &str) -> Trace {
    let text = format!("lightcone 1\nprotocol raft 1\nset servers 3\n{lines}");
    simulate(&decode(&text).expect("the text can be read"))
}

fn exhibit(slug: &str) -> Scenario {
    let mut exhibits = gallery().into_iter().filter(|exhibit| exhibit.protocol == "raft");
    exhibits.find(|exhibit| exhibit.slug == slug).expect("it is in the gallery").scenario
}

fn without_flaws(slug: &str) -> Scenario {
    let mut scenario = exhibit(slug);
    scenario.settings.flaws = lightcone::protocol::FlawSet::default();
    scenario
}

/// The server as it is at `millis`.
fn at(trace: &Trace, node: u8, millis: u64) -> Server {
    let event = trace.last_event_by(Time::from_millis(millis)).expect("something has happened");
    server(&trace.world_at(event), NodeId(node)).expect("it is up").clone()
}

fn elections(trace: &Trace) -> Vec<NodeId> {
    let places = (0..trace.events.len() as u32).map(EventIndex);
    let elected =
        |event: &EventIndex| trace.deeds(*event).iter().any(|deed| matches!(deed, Deed::Marked(Mark::Elected, _)));
    places.filter(elected).filter_map(|event| trace.event(event).node).collect()
}

fn messages(trace: &Trace, from: u8, to: u8) -> impl Iterator<Item = (Time, &Say)> {
    let link = move |message: &&lightcone::trace::Message| message.id.from.0 == from && message.id.to.0 == to;
    trace
        .messages
        .iter()
        .filter(link)
        .map(|message| (message.sent, message.payload.as_any().downcast_ref::<Say>().expect("a message of Raft")))
}

fn answers(trace: &Trace) -> Vec<(u64, Answer)> {
    let places = (0..trace.events.len() as u32).map(EventIndex);
    let replied = places.flat_map(|event| {
        trace.deeds(event).iter().filter_map(move |deed| match deed {
            Deed::Replied(_, answer) => Some((trace.event(event).at.micros() / 1_000, *answer)),
            _ => None,
        })
    });
    replied.collect()
}

// §5.1 Raft basics

/// "Each server stores a current term number, which increases monotonically over time."
#[test]
fn terms_only_grow_even_over_crashes() {
    always(|moment| {
        let after = moment.after.map_or(0, |after| after.kept.term);
        assert!(moment.after.is_none() || after >= moment.kept.term.max(moment.before.map_or(0, |it| it.kept.term)));
    });
}

/// "If one server's current term is smaller than the other's, then it updates its current term to the larger value."
#[test]
fn a_server_that_hears_of_a_later_term_enters_it() {
    always(|moment| {
        let (Some((_, say)), Some(after)) = (moment.received, moment.after) else { return };
        assert!(term_of(say).is_none_or(|term| after.kept.term >= term));
    });
}

/// "If a candidate or leader discovers that its term is out of date, it immediately reverts to follower state."
#[test]
fn a_candidate_or_leader_whose_term_is_out_of_date_follows() {
    always(|moment| {
        let (Some((_, say)), Some((before, after))) = (moment.received, moment.states()) else { return };
        if term_of(say).is_some_and(|term| term > before.kept.term) && !matches!(say, Say::TimeoutNow { .. }) {
            assert_eq!(after.role, Role::Follower);
        }
    });
}

/// "If a server receives a request with a stale term number, it rejects the request."
#[test]
fn a_request_of_a_stale_term_is_rejected() {
    always(|moment| {
        let (Some((from, say)), Some((before, after))) = (moment.received, moment.states()) else { return };
        let reply = moment.sent().find(|(to, _)| *to == from).map(|(_, say)| say);
        match say {
            Say::RequestVote { term, .. } if *term < before.kept.term => {
                assert!(matches!(reply, Some(Say::Vote { granted: false, term }) if *term == before.kept.term));
            }
            Say::Append { term, .. } if *term < before.kept.term => {
                assert!(matches!(reply, Some(Say::AppendReply { outcome: Outcome::Stale, .. })));
                assert_eq!((&before.kept, before.role), (&after.kept, after.role), "nothing changes");
            }
            _ => {}
        }
    });
}

// §5.2 Leader election

/// "When servers start up, they begin as followers."
#[test]
fn servers_start_up_as_followers() {
    always(|moment| {
        if let (None, Some(after)) = (moment.before, moment.after) {
            assert_eq!((after.role, after.commit), (Role::Follower, 0));
        }
    });
}

/// "A follower increments its current term and transitions to candidate state. It then votes for itself and issues
/// RequestVote RPCs in parallel to each of the other servers."
#[test]
fn a_server_that_hears_no_leader_stands_in_the_next_term_and_asks_everyone() {
    always(|moment| {
        let (Cause::Fire(timer), Some((before, after))) = (moment.cause, moment.states()) else { return };
        if timer.kind == 0 {
            assert_eq!((after.kept.term, after.kept.vote), (before.kept.term + 1, Some(after.me)));
            assert_eq!((after.role, after.votes.contains(after.me)), (Role::Candidate, true));
            let asked = moment.sent().filter(|(_, say)| matches!(say, Say::RequestVote { .. })).count();
            assert_eq!(asked, usize::from(after.servers) - 1);
        }
    });
}

/// "Each server will vote for at most one candidate in a given term."
#[test]
fn a_server_votes_for_one_candidate_a_term_even_over_crashes() {
    for scenario in schedules(&[(CLIENTS, 0)], 200) {
        let mut votes: BTreeMap<(NodeId, u32), NodeId> = BTreeMap::new();
        walk(&scenario, |moment| {
            let voter = moment.cause.node().expect("it is a server's event");
            for (to, say) in moment.sent() {
                let vote = match say {
                    Say::Vote { term, granted: true } => (*term, to),
                    Say::RequestVote { term, .. } => (*term, voter),
                    _ => continue,
                };
                let first = *votes.entry((voter, vote.0)).or_insert(vote.1);
                assert_eq!(first, vote.1, "S{} in term {}", voter.0 + 1, vote.0);
            }
        });
    }
}

/// "A candidate wins an election if it receives votes from a majority of the servers in the full cluster for the
/// same term."
#[test]
fn whoever_leads_has_the_votes_of_a_majority() {
    let mut elected = 0;
    for scenario in schedules(&[], 150) {
        let mut granted: BTreeMap<(NodeId, u32), u32> = BTreeMap::new();
        walk(&scenario, |moment| {
            let voter = moment.cause.node().expect("it is a server's event");
            for (to, say) in moment.sent() {
                if let Say::Vote { term, granted: true } = say {
                    *granted.entry((to, *term)).or_default() |= 1 << voter.0;
                }
            }
            if let Some(after) = moment.after.filter(|_| moment.marked(Mark::Elected)) {
                let votes = granted.get(&(after.me, after.kept.term)).map_or(0, |votes| votes.count_ones());
                assert!(votes + 1 >= after.quorum() && after.votes.len() >= after.quorum());
                elected += 1;
            }
        });
    }
    assert!(elected > 100);
}

/// "Once a candidate wins an election, it becomes leader. It then sends heartbeat messages to all of the other servers
/// to establish its authority and prevent new elections."
#[test]
fn a_new_leader_tells_everyone_at_once() {
    always(|moment| {
        if let Some(after) = moment.after.filter(|_| moment.marked(Mark::Elected)) {
            let told = moment.sent().filter(|(_, say)| matches!(say, Say::Append { .. })).count();
            assert_eq!(told, usize::from(after.servers) - 1);
        }
    });
}

/// "If the leader's term is at least as large as the candidate's current term, then the candidate recognizes the leader
/// as legitimate and returns to follower state. If the term is smaller, the candidate rejects the RPC and continues in
/// candidate state."
#[test]
fn a_candidate_follows_a_leader_of_its_term_and_no_earlier_one() {
    let mut seen = [0; 2];
    for scenario in schedules(&[], 400) {
        walk(&scenario, |moment| {
            let (Some((from, Say::Append { term, .. })), Some((before, after))) = (moment.received, moment.states())
            else {
                return;
            };
            if before.role == Role::Candidate && *term >= before.kept.term {
                assert_eq!((after.role, after.leader), (Role::Follower, Some(from)));
                seen[0] += 1;
            } else if before.role == Role::Candidate {
                assert_eq!(after.role, Role::Candidate);
                seen[1] += 1;
            }
        });
    }
    assert!(seen[0] > 0 && seen[1] > 0, "{seen:?}");
}

/// "When this happens, each candidate will time out and start a new election by incrementing its term."
#[test]
fn after_a_split_vote_there_is_another_election_in_a_later_term() {
    let trace = simulate(&exhibit("split-vote"));
    let leader = elections(&trace);
    assert_eq!(leader.len(), 1);
    assert_eq!(at(&trace, leader[0].0, 320).kept.term, 2, "term 1 has no leader");
}

/// "Election timeouts are chosen randomly from a fixed interval."
#[test]
fn election_timeouts_are_drawn_from_the_interval() {
    let mut lengths: Vec<u64> = Vec::new();
    for seed in 0..40 {
        let mut scenario = exhibit("election");
        (scenario.seed, scenario.script) = (seed, Vec::new());
        let trace = simulate(&scenario);
        lengths.extend(trace.timers.iter().filter(|it| it.id.kind == 0).map(|it| it.due.since(it.armed)));
    }
    assert!(lengths.iter().all(|length| (100_000..=200_000).contains(length)));
    assert!(lengths.iter().any(|length| *length < 110_000) && lengths.iter().any(|length| *length > 190_000));
}

/// Figure 2, followers: "If election timeout elapses without receiving AppendEntries RPC from current leader or
/// granting vote to candidate: convert to candidate."
#[test]
fn a_follower_waits_anew_after_a_leader_or_a_vote_granted_and_after_nothing_else() {
    always(|moment| {
        let (Some((_, say)), Some((before, after))) = (moment.received, moment.states()) else { return };
        if before.role != Role::Follower || after.role != Role::Follower {
            return;
        }
        let heard = match say {
            Say::Append { term, .. } => *term >= before.kept.term,
            Say::RequestVote { .. } => moment.sent().any(|(_, say)| matches!(say, Say::Vote { granted: true, .. })),
            _ => false,
        };
        let armed = moment.happenings.iter().any(|it| matches!(it, Happening::Armed { timer, .. } if timer.kind == 0));
        assert_eq!(armed, heard, "after {say}");
    });
}

// §5.3 Log replication

/// "The leader appends the command to its log as a new entry, then issues AppendEntries RPCs in parallel to each of the
/// other servers."
#[test]
fn a_leader_appends_a_command_and_sends_it_to_everyone() {
    let trace =
        run("set no-op off\nhorizon 70 ms\nscript\n  fire S1 Election#1 at 10 ms\n  at 45 ms request c1 write x 1\n");
    assert_eq!(at(&trace, 0, 62).kept.log.last_index(), 1);
    for follower in [1, 2] {
        let carries = |(_, say): (Time, &Say)| matches!(say, Say::Append { entries, .. } if entries.len() == 1);
        assert_eq!(messages(&trace, 0, follower).filter(|it| carries(*it)).count(), 1);
    }
}

/// "When the entry has been safely replicated, the leader applies the entry to its state machine and returns the result
/// of that execution to the client."
#[test]
fn a_write_is_answered_once_it_is_committed_and_applied() {
    always(|moment| {
        let Some(after) = moment.after else { return };
        assert!(after.machine.applied <= after.commit && after.commit <= after.kept.log.last_index());
        for (client, say) in moment.sent() {
            if let Say::Response { sequence, key: None, answer } = say {
                let session = after.machine.session(client).expect("it was executed");
                assert!(session.sequence > *sequence || session.answer == *answer);
            }
        }
    });
}

/// "The leader retries AppendEntries RPCs indefinitely (even after it has responded to the client) until all followers
/// eventually store all log entries."
#[test]
fn a_leader_sends_again_what_is_lost_even_after_it_has_answered() {
    let mut text = "set no-op off\nhorizon 500 ms\nscript\n  fire S1 Election#1 at 10 ms\n".to_owned();
    text += "  at 45 ms request c1 write x 1\n";
    for ordinal in 1..3 {
        text += &format!("  drop S1>S3 AppendEntries#{ordinal}\n");
    }
    let trace = run(&text);
    assert!(answers(&trace)[0].0 < 110);
    assert_eq!(at(&trace, 2, 150).kept.log.last_index(), 0);
    assert_eq!(at(&trace, 2, 300).kept.log.last_index(), 1);
}

/// "The leader keeps track of the highest index it knows to be committed, and it includes that index in future
/// AppendEntries RPCs (including heartbeats) so that the other servers eventually find out."
#[test]
fn every_append_carries_the_leaders_commit_index() {
    always(|moment| {
        let Some(after) = moment.after else { return };
        for (_, say) in moment.sent() {
            if let Say::Append { commit, .. } = say {
                assert!(*commit <= after.commit && *commit >= moment.before.map_or(0, |before| before.commit));
            }
        }
    });
    let trace = simulate(&exhibit("commit-learned-next-time"));
    assert_eq!((at(&trace, 0, 80).commit, at(&trace, 1, 80).commit, at(&trace, 1, 120).commit), (1, 0, 1));
}

/// "If the follower does not find an entry in its log with the same index and term, then it refuses the new entries."
#[test]
fn a_follower_refuses_entries_unless_the_logs_agree_at_the_one_before() {
    let mut refused = 0;
    always(|moment| {
        let (Some((_, Say::Append { term, previous_index, previous_term, .. })), Some((before, after))) =
            (moment.received, moment.states())
        else {
            return;
        };
        if *term >= before.kept.term && before.kept.log.term(*previous_index) != Some(*previous_term) {
            assert_eq!(before.kept.log, after.kept.log);
            let differs = |say: &Say| matches!(say, Say::AppendReply { outcome: Outcome::Differs { .. }, .. });
            assert!(moment.sent().any(|(_, say)| differs(say)));
            refused += 1;
        }
    });
    assert!(refused > 20);
}

/// Figure 2, AppendEntries 3 and 4: "If an existing entry conflicts with a new one, delete the existing entry and all
/// that follow it. Append any new entries not already in the log."
#[test]
fn entries_go_only_if_one_of_them_contradicts_a_new_one() {
    always(|moment| {
        let (Some((_, Say::Append { previous_index, entries, .. })), Some((before, after))) =
            (moment.received, moment.states())
        else {
            return;
        };
        let (old, new) = (&before.kept.log, &after.kept.log);
        if !old.agrees(new, old.last_index()) {
            let mut indices = (*previous_index + 1..).zip(entries);
            assert!(indices.any(|(index, entry)| old.term(index).is_some_and(|term| term != entry.term)));
        }
    });
    let trace = simulate(&without_flaws("truncates-on-any-append"));
    assert_eq!(at(&trace, 1, 122).kept.log.last_index(), 1, "the late heartbeat takes nothing away");
}

/// Figure 2, AppendEntries 5: "If leaderCommit > commitIndex, set commitIndex = min(leaderCommit, index of last new
/// entry)."
#[test]
fn a_follower_commits_no_further_than_what_the_leader_has_confirmed() {
    always(|moment| {
        let (Some((_, Say::Append { previous_index, entries, commit, .. })), Some((before, after))) =
            (moment.received, moment.states())
        else {
            return;
        };
        let last_new = previous_index + entries.len() as u32;
        assert!(after.commit <= before.commit.max((*commit).min(last_new)));
    });
}

/// Figure 3, log matching: "If two logs contain an entry with the same index and term, then the logs are identical in
/// all entries up through the given index."
#[test]
fn logs_that_share_an_entry_are_the_same_up_to_it() {
    for scenario in schedules(&[], 150) {
        let mut logs: BTreeMap<NodeId, Log> = BTreeMap::new();
        walk(&scenario, |moment| {
            let Some(after) = moment.after else { return };
            logs.insert(after.me, after.kept.log.clone());
            for other in logs.values() {
                let common = after.kept.log.last_index().min(other.last_index());
                let shared = (1..=common).rev().find(|&index| after.kept.log.term(index) == other.term(index));
                for index in 1..=shared.unwrap_or(0) {
                    assert_eq!(after.kept.log.entry(index), other.entry(index));
                }
            }
        });
    }
}

/// Figure 3, leader append-only: "a leader never overwrites or deletes entries in its log; it only appends new entries."
#[test]
fn a_leader_only_appends() {
    always(|moment| {
        let Some((before, after)) = moment.states() else { return };
        if (before.role, after.role) == (Role::Leader, Role::Leader) && before.kept.term == after.kept.term {
            assert!(before.kept.log.agrees(&after.kept.log, before.kept.log.last_index()));
        }
    });
}

/// Figure 7: the logs that a leader may meet when it comes to power.
#[test]
fn the_logs_of_figure_7_come_about() {
    let trace = simulate(&exhibit("figure-7"));
    let terms = |node: u8| -> Vec<u32> { at(&trace, node, 351).kept.log.entries().map(|entry| entry.term).collect() };
    assert_eq!(terms(0), [1, 1, 1, 4, 4, 5, 5, 6, 6, 6]);
    assert_eq!(terms(1), [1, 1, 1, 4, 4, 5, 5, 6, 6]);
    assert_eq!(terms(2), [1, 1, 1, 4]);
    assert_eq!(terms(3), [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6]);
    assert_eq!(terms(4), [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7]);
    assert_eq!(terms(5), [1, 1, 1, 4, 4, 4, 4]);
    assert_eq!(terms(6), [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3]);
    assert_eq!(at(&trace, 0, 378).role, Role::Leader);
    assert_eq!(at(&trace, 0, 378).kept.term, 8);
}

/// "The leader handles inconsistencies by forcing the followers' logs to duplicate its own."
#[test]
fn a_leader_makes_all_logs_of_figure_7_like_its_own() {
    let trace = simulate(&exhibit("figure-7"));
    let leader = at(&trace, 0, 520).kept.log;
    for follower in 1..7 {
        assert_eq!(at(&trace, follower, 520).kept.log, leader, "S{}", follower + 1);
    }
}

/// "With this optimization, one AppendEntries RPC will be required for each term with conflicting entries, rather than
/// one RPC per entry."
#[test]
fn a_leader_goes_back_a_term_at_a_time() {
    let trace = simulate(&exhibit("figure-7"));
    let differs = |(sent, say): &(Time, &Say)| {
        let refused = matches!(say, Say::AppendReply { term: 8, outcome: Outcome::Differs { .. }, .. });
        refused && *sent > Time::from_millis(350)
    };
    // S7 has eight entries of two other terms, S6 two of a term that the leader has too.
    assert_eq!(messages(&trace, 6, 0).filter(differs).count(), 2);
    assert_eq!(messages(&trace, 5, 0).filter(differs).count(), 2);
}

// §5.4 Safety

/// §5.4.1: "the voter denies its vote if its own log is more up-to-date than that of the candidate."
#[test]
fn nobody_votes_for_a_log_that_is_behind_its_own() {
    let mut denied = 0;
    always(|moment| {
        let (Some((_, Say::RequestVote { last_term, last_index, .. })), Some(after)) = (moment.received, moment.after)
        else {
            return;
        };
        let granted = moment.sent().any(|(_, say)| matches!(say, Say::Vote { granted: true, .. }));
        let behind = (*last_term, *last_index) < last(&after.kept.log);
        assert!(!(granted && behind));
        denied += u32::from(behind);
    });
    assert!(denied > 20);
}

/// Figure 3, leader completeness: "If a log entry is committed in a given term, then that entry will be present in the
/// logs of the leaders for all higher-numbered terms."
#[test]
fn what_is_committed_is_in_the_logs_of_all_later_leaders() {
    for scenario in schedules(&[], 200) {
        // What each term's leader has committed, as a log.
        let mut committed: BTreeMap<u32, (Log, u32)> = BTreeMap::new();
        walk(&scenario, |moment| {
            let Some(after) = moment.after.filter(|after| after.role == Role::Leader) else { return };
            for (log, index) in committed.range(..after.kept.term).map(|(_, committed)| committed) {
                assert!(after.kept.log.agrees(log, *index));
            }
            committed.insert(after.kept.term, (after.kept.log.clone(), after.commit));
        });
    }
}

/// §5.4.2: "Raft never commits log entries from previous terms by counting replicas."
#[test]
fn a_leader_counts_only_entries_of_its_own_term() {
    always(|moment| {
        let Some((before, after)) = moment.states() else { return };
        if after.role == Role::Leader && after.commit > before.commit {
            assert_eq!(after.kept.log.term(after.commit), Some(after.kept.term));
        }
    });
    let trace = simulate(&without_flaws("figure-8"));
    let leader = at(&trace, 0, 224);
    assert_eq!((leader.role, leader.kept.term, leader.commit), (Role::Leader, 3, 0), "a majority holds x = 1");
    assert_eq!([0, 1, 2].map(|node| at(&trace, node, 224).kept.log.last_term()), [1, 1, 1]);
    assert_eq!([1, 2, 3].map(|node| at(&trace, node, 330).kept.log.last_term()), [2, 2, 2], "and it is overwritten");
}

/// Figure 3, state machine safety: "If a server has applied a log entry at a given index to its state machine, no other
/// server will ever apply a different log entry for the same index."
#[test]
fn no_two_servers_apply_different_entries_at_an_index() {
    for scenario in schedules(&[], 150) {
        let mut applied = BTreeMap::new();
        walk(&scenario, |moment| {
            let Some(after) = moment.after else { return };
            for index in 1..=after.machine.applied {
                let entry = after.kept.log.entry(index);
                assert_eq!(*applied.entry(index).or_insert(entry), entry);
            }
        });
    }
}

// §5.5 Follower and candidate crashes; Figure 2, persistent state

/// Figure 2: "Persistent state on all servers (updated on stable storage before responding to RPCs)."
#[test]
fn what_a_message_says_is_in_stable_storage_before_it_leaves() {
    always(|moment| {
        let Some(me) = moment.cause.node() else { return };
        for (to, say, kept) in moment.sent_with_kept() {
            match say {
                Say::Vote { term, granted: true } => assert_eq!((kept.term, kept.vote), (*term, Some(to))),
                Say::RequestVote { term, .. } => assert_eq!((kept.term, kept.vote), (*term, Some(me))),
                Say::AppendReply { term, outcome: Outcome::Matches(index), .. } => {
                    assert!(kept.term == *term && kept.log.last_index() >= *index);
                }
                Say::Append { term, previous_index, entries, .. } => {
                    let last = previous_index + entries.len() as u32;
                    assert!(kept.term == *term && kept.log.last_index() >= last);
                }
                _ => {}
            }
        }
    });
}

/// A server comes back with the term, vote and log that it had saved, and nothing else.
#[test]
fn a_server_comes_back_with_its_term_its_vote_and_its_log() {
    always(|moment| {
        if let (None, Some(after)) = (moment.before, moment.after) {
            assert_eq!(&after.kept, moment.kept);
            assert_eq!((after.commit, after.machine.applied, after.leader), (0, 0, None));
        }
    });
}

/// "Raft RPCs are idempotent, so this causes no harm."
#[test]
fn messages_that_arrive_twice_change_nothing_the_second_time() {
    let mut scenario = exhibit("log-replication");
    let once = simulate(&scenario);
    for message in once.messages.iter().filter(|message| message.id.from.0 < 5 && message.id.to.0 < 5) {
        let copy = MessageId { copy: 1, ..message.id };
        scenario.script.push(lightcone::Edit::Duplicate { copy, at: message.arrives.after(1_000) });
    }
    let twice = simulate(&scenario);
    for node in 0..5 {
        let (one, other) = (at(&once, node, 175), at(&twice, node, 175));
        assert_eq!((one.kept, one.commit, one.role), (other.kept, other.commit, other.role));
    }
}

// §5.6 Timing and availability

/// "broadcastTime ≪ electionTimeout": with messages slower than time-outs there is no steady leader.
#[test]
fn a_leader_is_elected_if_messages_are_faster_than_timeouts_and_hardly_otherwise() {
    let ends_with_a_leader = |latency: (u64, u64)| {
        (0..50).filter(move |seed| {
            let mut scenario = exhibit("election");
            (scenario.seed, scenario.script, scenario.horizon) = (*seed, Vec::new(), Time::from_millis(1_500));
            scenario.model.links.latency_micros = latency;
            matches!(simulate(&scenario).verdicts[7], Verdict::Holds { .. })
        })
    };
    assert_eq!(ends_with_a_leader((8_000, 14_000)).count(), 50);
    assert!(ends_with_a_leader((200_000, 400_000)).count() < 10);
}

// §8 Client interaction

/// "That server will reject the client's request and supply information about the most recent leader it has heard from."
#[test]
fn a_client_is_sent_on_to_the_leader() {
    let trace = run("horizon 200 ms\nscript\n  fire S2 Election#1 at 10 ms\n  at 60 ms request c1 write x 1\n");
    let sent_on = messages(&trace, 0, 3).find_map(|(_, say)| match say {
        Say::Redirect { leader, .. } => *leader,
        _ => None,
    });
    assert_eq!(sent_on, Some(NodeId(1)));
    assert_eq!(answers(&trace).len(), 1);
}

/// "If the leader crashes, client requests will time out; clients then try again with randomly-chosen servers."
#[test]
fn a_client_that_gets_no_answer_asks_another_server() {
    let trace = run(
        "horizon 600 ms\nscript\n  fire S1 Election#1 at 10 ms\n  at 50 ms crash S1\n  at 60 ms request c1 write x 1\n",
    );
    let asked = |node: u8| messages(&trace, 3, node).count();
    assert!(asked(0) == 1 && asked(1) > 0);
    assert_eq!(answers(&trace).len(), 1);
}

/// "If it receives a command whose serial number has already been executed, it responds immediately without
/// re-executing the request."
#[test]
fn a_command_that_was_executed_is_answered_again_and_not_executed_again() {
    let trace = simulate(&exhibit("duplicate-after-leader-crash"));
    assert_eq!(
        answers(&trace).iter().map(|(_, answer)| *answer).collect::<Vec<_>>(),
        [Answer::Done, Answer::Value(Some(1))]
    );
    let trace = simulate(&exhibit("duplicate-without-sessions"));
    assert_eq!(answers(&trace).last().map(|(_, answer)| *answer), Some(Answer::Value(Some(2))));
}

/// "Raft handles this by having each leader commit a blank no-op entry into the log at the start of its term."
#[test]
fn a_leader_begins_its_term_with_a_no_op_and_reads_wait_for_it() {
    for scenario in schedules(&[(NO_OP, 1), (READ_MODE, READ_INDEX)], 100) {
        walk(&scenario, |moment| {
            let Some(after) = moment.after.filter(|_| moment.marked(Mark::Elected)) else { return };
            assert_eq!(after.kept.log.last_term(), after.kept.term);
        });
        walk(&scenario, |moment| {
            let Some(after) = moment.after else { return };
            let answers = moment.sent().any(|(_, say)| matches!(say, Say::Response { key: Some(_), .. }));
            assert!(!answers || after.kept.log.term(after.commit) == Some(after.kept.term));
        });
    }
}

/// "A leader must check whether it has been deposed before processing a read-only request. Raft handles this by having
/// the leader exchange heartbeat messages with a majority of the cluster before responding to read-only requests."
#[test]
fn a_leader_that_is_cut_off_answers_no_reads() {
    let stale = simulate(&exhibit("stale-read-from-deposed-leader"));
    assert_eq!(answers(&stale).last().map(|(_, answer)| *answer), Some(Answer::Value(Some(1))), "the flaw");
    let trace = simulate(&without_flaws("stale-read-from-deposed-leader"));
    assert!(
        messages(&trace, 0, 3)
            .all(|(sent, say)| { sent < Time::from_millis(226) || !matches!(say, Say::Response { .. }) })
    );
}

// Dissertation

/// §6.4: reads by ReadIndex do not go through the log.
#[test]
fn read_index_answers_without_writing_to_the_log() {
    let text = "horizon 250 ms\nscript\n  fire S1 Election#1 at 10 ms\n  at 60 ms request c1 write x 1\n";
    let text = format!("{text}  at 130 ms request c1 read x\n");
    let trace = run(&format!("set no-op off\n{text}"));
    assert_eq!(answers(&trace)[1].1, Answer::Value(Some(1)));
    assert_eq!(at(&trace, 0, 250).kept.log.last_index(), 1);
    let trace = run(&format!("set no-op off\nset read-mode log\n{text}"));
    assert_eq!(answers(&trace)[1].1, Answer::Value(Some(1)));
    assert_eq!(at(&trace, 0, 250).kept.log.last_index(), 2, "through the log");
}

/// §6.4.1: "Once the leader's heartbeats were acknowledged by a majority of the cluster, the leader would extend its
/// lease... The leader could reply to read-only queries during its lease without additional communication."
#[test]
fn a_lease_answers_at_once_and_only_while_it_lasts() {
    let text = "set no-op off\nset read-mode lease\nset drift-bound 0\nhorizon 420 ms\nscript\n  \
        fire S1 Election#1 at 105 ms\n  at 150 ms request c1 write x 1\n  at 230 ms cut S1 | S2 S3\n  ";
    let trace = run(&format!("{text}at 250 ms request c1 read x\n"));
    let (when, answer) = answers(&trace)[1];
    assert!(when < 290 && answer == Answer::Value(Some(1)), "cut off, but within its lease");
    let trace = run(&format!("{text}at 340 ms request c1 read x\n"));
    let (when, _) = answers(&trace).get(1).copied().unwrap_or((999, Answer::Refused));
    assert!(when > 400, "its lease is over: it may not answer alone");
}

/// §6.4.1: the lease allows for clocks that drift within the bound; beyond it, or with the bound ignored, it does not.
#[test]
fn a_lease_is_shorter_than_the_timeout_by_the_bound_on_drift() {
    let broken = simulate(&exhibit("lease-read-with-drifting-clock"));
    assert!(matches!(broken.verdicts[5], Verdict::Broken { .. }));
    let trace = simulate(&without_flaws("lease-read-with-drifting-clock"));
    assert_eq!(trace.first_violation(), None);
}

/// §4.2.3: "If a server receives a RequestVote request within the minimum election timeout of hearing from a current
/// leader, it does not update its term or grant its vote."
#[test]
fn a_server_that_hears_a_leader_keeps_its_term_and_its_vote() {
    let mut ignored = 0;
    for scenario in schedules(&[(CHECK_QUORUM, 1)], 200) {
        walk(&scenario, |moment| {
            let (Some((_, Say::RequestVote { transfer: false, term, .. })), Some((before, after))) =
                (moment.received, moment.states())
            else {
                return;
            };
            if before.role == Role::Leader && *term > before.kept.term {
                assert_eq!((after.kept.term, after.role), (before.kept.term, Role::Leader));
                ignored += 1;
            }
        });
    }
    assert!(ignored > 10);
}

/// §6.2: "a leader in Raft steps down if an election timeout elapses without a successful round of heartbeats to a
/// majority of its cluster."
#[test]
fn with_check_quorum_a_leader_that_is_alone_steps_down() {
    let text = "horizon 400 ms\nscript\n  fire S1 Election#1 at 105 ms\n  at 160 ms cut S1 | S2 S3\n";
    let trace = run(&format!("set check-quorum on\n{text}"));
    assert_ne!(at(&trace, 0, 360).role, Role::Leader);
    let trace = run(text);
    assert_eq!(at(&trace, 0, 400).role, Role::Leader, "without, it never knows");
}

/// §9.6: "a candidate only increments its term if it first learns from a majority of the cluster that they would be
/// willing to grant the candidate their votes."
#[test]
fn with_pre_vote_a_server_that_is_cut_off_keeps_its_term() {
    let trace = simulate(&exhibit("disruptive-server-with-pre-vote"));
    assert_eq!(elections(&trace), [NodeId(0)], "S1 leads throughout");
    assert_eq!(at(&trace, 2, 600).kept.term, 1);
    let trace = simulate(&exhibit("disruptive-server"));
    assert!(elections(&trace).len() == 2 && at(&trace, 0, 600).kept.term > 2, "without, it deposes S1");
}

/// §9.6: a pre-vote changes nothing at the server that gives it.
#[test]
fn a_pre_vote_changes_nothing() {
    let mut given = 0;
    for scenario in schedules(&[(PRE_VOTE, 1)], 100) {
        walk(&scenario, |moment| {
            if let (Some((_, Say::PreVote { .. })), Some((before, after))) = (moment.received, moment.states()) {
                assert_eq!((&before.kept, before.role), (&after.kept, after.role));
                given += 1;
            }
        });
    }
    assert!(given > 100);
}

/// §3.10: the prior leader brings the target up to date and sends TimeoutNow; the target stands without waiting.
#[test]
fn leadership_is_handed_over_without_a_timeout() {
    let trace = simulate(&exhibit("leadership-transfer"));
    assert_eq!(elections(&trace), [NodeId(0), NodeId(2)]);
    let told = messages(&trace, 0, 2).find(|(_, say)| matches!(say, Say::TimeoutNow { .. })).expect("it is told").0;
    let leads = trace.events.iter().filter(|event| event.at > told && event.node == Some(NodeId(2)));
    assert!(leads.count() > 0 && at(&trace, 2, told.micros() / 1_000 + 40).role == Role::Leader);
    let target = messages(&trace, 0, 2).filter(|(sent, _)| *sent <= told);
    assert!(target.count() > 1, "and it has every entry by then");
}

/// §3.10: "The prior leader stops accepting new client requests"; "If leadership transfer does not complete after about
/// an election timeout, the prior leader aborts the transfer and resumes accepting client requests."
#[test]
fn a_leader_that_hands_over_takes_no_requests_until_it_gives_up() {
    let trace = run("horizon 700 ms\nscript\n  fire S1 Election#1 at 10 ms\n  at 70 ms crash S3\n  \
        at 80 ms request S1 transfer-to S3\n  at 90 ms request c1 write x 1\n");
    assert_eq!(at(&trace, 0, 200).kept.log.last_index(), 1, "the no-op");
    let all = answers(&trace);
    assert_eq!(all[0].1, Answer::Refused, "S3 does not take over");
    assert_eq!(all[1].1, Answer::Done);
}

/// Leader-driven reads and writes through the log are linearizable in every schedule, in every read mode.
#[test]
fn clients_see_one_copy_in_every_read_mode() {
    for mode in [LOG, READ_INDEX, LEASE] {
        for scenario in schedules(&[(READ_MODE, mode)], 100) {
            assert_eq!(schedule::broken(&simulate(&scenario)), None);
        }
    }
}
