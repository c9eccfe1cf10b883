//! Conditions on a lane begin and end where they should.

use lightcone_engine::prelude::*;
use lightcone_engine::protocol::Erased;
use lightcone_engine::{Action, Edit, EventIndex, Scenario, Time, Trace, resimulate, simulate};
use lightcone_tests::toy::{Say, TOY, bare};

fn scenario() -> Scenario {
    let mut scenario = Scenario::new(&TOY);
    scenario.horizon = Time::from_millis(2_000);
    scenario.model.links.latency_micros = (5_000, 5_000);
    scenario
}

/// What begins (+) and ends (-) on the second lane.
fn told(trace: &Trace) -> Vec<String> {
    let own = trace.conditions.iter().filter(|change| change.node == NodeId(1));
    let name = |node: NodeId| trace.name(node);
    own.map(|change| {
        format!("{}{}", if change.begins.is_some() { '+' } else { '-' }, change.condition.phrase.show(name))
    })
    .collect()
}

#[test]
fn a_condition_lasts_from_the_event_that_begins_it_to_the_one_that_ends_it() {
    let trace = simulate(&scenario());
    let expected = [
        "+x locked by T1",
        "+in doubt",
        "+T2 waits for x",
        "-x locked by T1",
        "-T2 waits for x",
        "+x locked by T2",
        "-x locked by T2",
        "-in doubt",
    ];
    assert_eq!(told(&trace)[..8], expected);
    assert!(trace.conditions.windows(2).all(|pair| pair[0].event <= pair[1].event));
}

#[test]
fn a_crash_ends_every_condition_in_a_resimulated_run_too() {
    let before = simulate(&scenario());
    let mut crashed = scenario();
    let action = Action::Crash(NodeId(1));
    crashed.moves.push(Edit::At { at: Time::from_millis(1_015), action });
    let trace = simulate(&crashed);
    let last = told(&trace).split_off(told(&trace).len() - 3);
    assert_eq!(last, ["-x locked by T1", "-in doubt", "-T2 waits for x"]);
    assert!(
        trace.events.len() > 3 * lightcone_engine::limits::CHECKPOINT_EVENTS as usize,
        "the run is taken over from a checkpoint"
    );
    assert_eq!(resimulate(&before, &crashed).conditions, trace.conditions);
    assert_eq!(resimulate(&trace, &scenario()).conditions, before.conditions);
}

/// A node whose queue is the next of these after each of its timers.
const QUEUES: [&[&str]; 7] =
    [&[], &["a"], &["a", "b", "c"], &["b", "c", "a"], &["c", "b", "a"], &["d", "c", "c", "a"], &["a"]];

static QUEUE: Erased<Queue> = Erased::new();

#[derive(Clone, Debug, Default, Hash)]
struct Queue {
    step: u8,
}

timers! {
    /// For the next queue.
    Next;
}

impl Protocol for Queue {
    type Config = ();
    type Message = Say;
    type Timer = Timer;
    type Durable = ();
    type Fact = NoFact;
    type Observer = ();

    const SPECIFICATION: Specification = bare(251, "queue");

    fn configure(_: &Settings) {}

    fn lanes((): &()) -> Vec<Lane> {
        vec![Lane { name: "N".into(), client: false, accepts: &[] }]
    }

    fn boot((): (), out: &mut Out<'_, Queue>) -> Queue {
        out.arm(Timer::Next, (10_000, 10_000));
        Queue::default()
    }

    fn on_message(&mut self, _: NodeId, _: &Say, _: &mut Out<'_, Queue>) {}

    fn on_timer(&mut self, _: Timer, out: &mut Out<'_, Queue>) {
        self.step += 1;
        if usize::from(self.step) + 1 < QUEUES.len() {
            out.arm(Timer::Next, (10_000, 10_000));
        }
    }

    fn on_request(&mut self, _: RequestId, _: Operation, _: &mut Out<'_, Queue>) {}

    fn conditions(&self, now: &mut Vec<Condition>) {
        let own = QUEUES[usize::from(self.step)].iter();
        now.extend(own.map(|name| Condition { what: ConditionKind::Queued, phrase: Phrase::plain(name) }));
    }

    fn inspect(&self, _: &mut Inspection) {}
}

/// What the changes up to an event leave of a lane's conditions, in order.
fn replayed(trace: &Trace, event: EventIndex) -> Vec<&'static str> {
    let mut now = Vec::new();
    for change in trace.conditions.iter().filter(|change| change.event <= event) {
        let name = change.condition.phrase.text;
        match change.begins {
            Some(place) => now.insert(place.into(), name),
            None => now.retain(|each| *each != name),
        }
    }
    now
}

#[test]
fn changes_tell_the_order_of_the_conditions_after_each_event() {
    let mut scenario = Scenario::new(&QUEUE);
    scenario.horizon = Time::from_millis(200);
    let trace = simulate(&scenario);
    assert_eq!(trace.events.len(), QUEUES.len());
    for (step, queue) in (0..).zip(QUEUES) {
        let mut once = queue.to_vec();
        once.dedup();
        assert_eq!(replayed(&trace, EventIndex(step)), once, "what is pushed twice is one condition");
    }
    // "a" goes to the end: neither "b" nor "c" ends. A queue of which only the first leaves notes nothing of the others.
    let at = |step: u32| trace.conditions.iter().filter(move |change| change.event == EventIndex(step));
    let said = |step: u32| at(step).map(|change| (change.condition.phrase.text, change.begins)).collect::<Vec<_>>();
    assert_eq!(said(3), [("a", None), ("a", Some(2))]);
    assert_eq!(said(6), [("d", None), ("c", None)]);
}
