//! With and without: one schedule, run twice. The other run is this scenario with some settings changed, or a run of the gallery
//! with the same moves. It is worked out again whenever this one changes, and a state of its own: what shows or reads a run
//! needs no word for a comparison.

use super::gallery;
use super::rename::{Names, renamed};
use super::run::{Action, Selection, State};
use crate::words;
use lightcone_engine::protocol::{Cause, Parameter, Settings, Specification, Unit};
use lightcone_engine::run::trace::{Fate, TimerEnd};
use lightcone_engine::{EventIndex, Scenario, Trace, resimulate};
use std::rc::Rc;

/// Settings in which two runs may differ, at most.
pub const MOST_SETTINGS: usize = 8;

/// Before the name of a run in addresses. No knob is called so.
const RUN: &str = "run";

/// A setting that is another in the other run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// The flaw at this place: on in one run, off in the other.
    Flaw(u8),
    /// The knob at this place, and its number in the other run.
    Knob(u8, u32),
    /// All of it: the other run is the gallery's of this name, of the same protocol.
    Run(&'static str),
}

/// The other run of a comparison. It stands below.
#[derive(Clone)]
pub struct Beside {
    /// The settings that differ.
    pub settings: Rc<[Setting]>,
    /// The other run, looked at as this one is. What is selected in it may be something that only it has.
    pub below: Rc<State>,
    /// Whether the notes tell of it.
    pub heeded: bool,
}

impl Setting {
    /// The setting of this name in addresses: `flaw`, `knob:5`, or `run:figure-8`. None if the protocol has none of that name.
    #[must_use]
    pub fn read(specification: &Specification, text: &str) -> Option<Setting> {
        let place = |place: Option<usize>| place.and_then(|place| u8::try_from(place).ok());
        match text.split_once(':') {
            None => place(specification.flaws.iter().position(|flaw| flaw.id == text)).map(Setting::Flaw),
            Some((RUN, slug)) => gallery::find(specification.id, slug).map(|exhibit| Setting::Run(exhibit.slug)),
            Some((id, value)) => {
                let knob = place(specification.parameters.iter().position(|parameter| parameter.id == id))?;
                Some(Setting::Knob(knob, value.parse().ok()?))
            }
        }
    }

    /// Its name in addresses.
    #[must_use]
    pub fn name(self, specification: &Specification) -> String {
        match self {
            Setting::Flaw(place) => specification.flaws[usize::from(place)].id.to_owned(),
            Setting::Knob(place, value) => format!("{}:{value}", specification.parameters[usize::from(place)].id),
            Setting::Run(slug) => format!("{RUN}:{slug}"),
        }
    }

    /// This knob at a number worth a comparison: the other position of a switch, the usual number, or one near by. None
    /// if no other is allowed.
    #[must_use]
    pub fn of_knob(scenario: &Scenario, place: usize) -> Option<Setting> {
        let parameter: &Parameter = scenario.protocol.specification().parameters.get(place)?;
        let now = scenario.settings.number(place);
        let near = match parameter.unit {
            Unit::Millis => [parameter.default, now.saturating_mul(2), now / 2],
            Unit::Count | Unit::Switch | Unit::Choice(_) => {
                [parameter.default, now.saturating_add(1), now.saturating_sub(1)]
            }
        };
        let all = near.into_iter().chain([parameter.most, parameter.least]).filter(|value| *value != now);
        let mut settings = all.filter_map(|value| Some(Setting::Knob(u8::try_from(place).ok()?, value)));
        settings.find(|setting| other(scenario, &[*setting]).is_some())
    }
}

impl Beside {
    /// What the settings are called in an address.
    #[must_use]
    pub fn name(&self) -> String {
        let specification = self.below.trace.specification();
        let names: Vec<String> = self.settings.iter().map(|setting| setting.name(specification)).collect();
        names.join(",")
    }
}

/// The flaws that are on, as settings to compare with.
#[must_use]
pub fn flaws_on(scenario: &Scenario) -> Vec<Setting> {
    let flaws = (0..).zip(scenario.protocol.specification().flaws);
    let on = flaws.filter(|(place, _)| scenario.settings.flaws.has(*place));
    on.map(|(place, _)| Setting::Flaw(place)).collect()
}

/// What the two runs of a comparison are called, the upper one first.
#[must_use]
pub fn names(above: &Scenario, settings: &[Setting]) -> [String; 2] {
    let specification = above.protocol.specification();
    let of = |below: bool| {
        let names = settings.iter().map(|setting| match *setting {
            Setting::Flaw(place) => words::with_flaw(above.settings.flaws.has(place) != below).to_owned(),
            Setting::Knob(place, value) => {
                let place = usize::from(place);
                let value = if below { value } else { above.settings.number(place) };
                words::knob_at(&specification.parameters[place], value)
            }
            Setting::Run(slug) if below => {
                gallery::find(specification.id, slug).map_or_else(String::new, |run| run.title)
            }
            Setting::Run(_) => gallery::caption(above).0,
        });
        names.collect::<Vec<_>>().join(", ")
    };
    [of(false), of(true)]
}

/// What two runs are about: the flaw in its own sentence, the settings that differ, or what the upper run says of both.
#[must_use]
pub fn in_words(above: &Scenario, settings: &[Setting]) -> String {
    if let [Setting::Flaw(place)] = settings {
        let sentence = above.protocol.specification().flaws[usize::from(*place)].sentence;
        let both = [sentence, words::FLAW_OFF];
        return words::run_twice(if above.settings.flaws.has(*place) { both } else { [both[1], both[0]] });
    }
    if settings.iter().any(|setting| matches!(setting, Setting::Run(_))) {
        return gallery::caption(above).1;
    }
    let [above, below] = names(above, settings);
    words::run_twice([&above, &below])
}

/// The other run of a scenario; none if it cannot be run with these settings.
#[must_use]
pub fn other(scenario: &Scenario, changed: &[Setting]) -> Option<Scenario> {
    let mut base = scenario.clone();
    let mut settings = base.settings.clone();
    for setting in changed {
        match *setting {
            Setting::Flaw(place) if settings.flaws.has(place) => settings.flaws = settings.flaws.without(place),
            Setting::Flaw(place) => settings.flaws = settings.flaws.with(place),
            Setting::Knob(place, value) => *settings.parameters.get_mut(usize::from(place))? = value,
            Setting::Run(slug) => {
                base = in_gallery(scenario, slug)?;
                settings = base.settings.clone();
            }
        }
    }
    let other = under(&base, &settings);
    other.check().is_ok().then_some(other)
}

/// The gallery's run of this name with the moves of this one, about nodes of the same names, and not shorter.
fn in_gallery(scenario: &Scenario, slug: &str) -> Option<Scenario> {
    let there = gallery::find(scenario.protocol.specification().id, slug)?.scenario;
    let names = Names::between(scenario, &there);
    let moves = scenario.moves.iter().filter_map(|edit| names.edit(*edit)).collect();
    Some(Scenario { moves, horizon: there.horizon.max(scenario.horizon), ..there })
}

/// The same schedule under these settings, about nodes of the same names.
#[must_use]
pub fn under(scenario: &Scenario, settings: &Settings) -> Scenario {
    renamed(scenario, Scenario { settings: settings.clone(), ..scenario.clone() })
}

/// The run of `scenario`: one of these if it is the same.
#[must_use]
pub fn run_of(known: &Rc<Trace>, scenario: &Scenario) -> Rc<Trace> {
    if *known.scenario == *scenario { known.clone() } else { Rc::new(resimulate(known, scenario)) }
}

/// The event of `to` that `event` of `from` is: the arrival of the same message, the same timer, the same fault.
#[must_use]
pub fn same_event(from: &Trace, event: EventIndex, to: &Trace) -> Option<EventIndex> {
    let here = from.events.get(event.index())?;
    let names = Names::between(&from.scenario, &to.scenario);
    let cause = match here.cause {
        Cause::Deliver(id) => {
            return match to.message(names.message(id)?)?.fate {
                Fate::Delivered(event) => Some(event),
                _ => None,
            };
        }
        Cause::Fire(id) => {
            return match to.timer(names.timer(id)?)?.end {
                TimerEnd::Fired(event) => Some(event),
                TimerEnd::Armed | TimerEnd::Disarmed(_) => None,
            };
        }
        Cause::Boot(node) => Cause::Boot(names.node(node)?),
        Cause::Act(action) => Cause::Act(names.action(action)?),
        Cause::Recorded(node) => Cause::Recorded(names.node(node)?),
    };
    let place = to.events.iter().position(|event| event.at == here.at && event.cause == cause)?;
    u32::try_from(place).ok().map(EventIndex)
}

/// What is selected in one run, in the other. A message or a timer keeps its name even where there is none of it.
fn same_selection(from: &Trace, selection: Selection, to: &Trace) -> Selection {
    let names = Names::between(&from.scenario, &to.scenario);
    let there = match selection {
        Selection::Nothing => None,
        Selection::Event(event) => same_event(from, event, to).map(Selection::Event),
        Selection::Message(id) => names.message(id).map(Selection::Message),
        Selection::Timer(id) => names.timer(id).map(Selection::Timer),
        Selection::Lane(node) => names.node(node).filter(|node| node.index() < to.lanes().len()).map(Selection::Lane),
    };
    there.unwrap_or(Selection::Nothing)
}

impl State {
    /// The state that the notes tell of: this one, or the other of a comparison.
    #[must_use]
    pub fn heeded(self: &Rc<State>) -> Rc<State> {
        self.beside.as_ref().filter(|beside| beside.heeded).map_or_else(|| self.clone(), |beside| beside.below.clone())
    }

    /// This run beside itself with some settings changed; alone, if there are none or it cannot be run so.
    #[must_use]
    pub fn beside(self, mut settings: Vec<Setting>) -> State {
        settings.truncate(MOST_SETTINGS);
        let alone = State { beside: None, ..self };
        if settings.is_empty() {
            return alone;
        }
        let below = Rc::new(alone.clone());
        State { beside: Some(Beside { settings: settings.into(), below, heeded: false }), ..alone }.followed()
    }

    /// The same with settings by their names in an address. Names that the protocol does not have are left out.
    #[must_use]
    pub fn beside_named(self, names: &str) -> State {
        let specification = self.trace.specification();
        let settings = names.split(',').take(MOST_SETTINGS).filter_map(|name| Setting::read(specification, name));
        let settings = settings.collect();
        self.beside(settings)
    }

    /// This state with notes that tell of the lower run, or of this one.
    pub(super) fn heeding(&self, below: bool) -> State {
        let beside = self.beside.clone().map(|beside| Beside { heeded: below, ..beside });
        State { beside, ..self.clone() }
    }

    /// This state after the other run has followed what became of this one: its moves, its ghost, where one looks.
    pub(super) fn followed(self) -> State {
        let Some(beside) = self.beside.clone() else { return self };
        let (old, settings) = (&beside.below, &beside.settings);
        let same = old.scenario().protocol == self.scenario().protocol;
        let Some(scenario) = other(self.scenario(), settings).filter(|_| same) else {
            return State { beside: None, ..self };
        };
        let trace = run_of(&old.trace, &scenario);
        let ghost = self.ghost.as_ref().and_then(|ghost| {
            let scenario = other(&ghost.scenario, settings)?;
            Some(run_of(old.ghost.as_ref().unwrap_or(&trace), &scenario))
        });
        let (selection, there) = if beside.heeded {
            let there = old.selection_in(&trace);
            (same_selection(&trace, there, &self.trace), there)
        } else {
            (self.selection, same_selection(&self.trace, self.selection, &trace))
        };
        let alone = State { beside: None, selection, ..self };
        // A cut that is tried is tried in both, if the same lanes are there.
        let choice = alone.choice().filter(|_| trace.lanes().len() == alone.trace.lanes().len());
        let below = State { trace, ghost, selection: there, tried: None, ..alone.clone() }.trying(choice);
        let below = Rc::new(below);
        State { beside: Some(Beside { below, ..beside }), ..alone }
    }

    /// The state after the reader did this in the lower run. A choice is made there; a change is one of both.
    pub(super) fn after_below(&self, action: Action) -> State {
        let Some(beside) = &self.beside else { return self.clone() };
        let names = Names::between(beside.below.scenario(), self.scenario());
        let here = match action {
            Action::Select(_) | Action::Visit(_) => {
                let below = beside.below.after(action);
                let State { cursor, window, light, .. } = below;
                let beside = Beside { below: Rc::new(below), heeded: true, ..beside.clone() };
                return State { cursor, window, light, beside: Some(beside), ..self.clone() }.followed();
            }
            Action::Make(edit) => names.edit(edit).map(Action::Make),
            Action::PutBack(message) => names.message(message).map(Action::PutBack),
            // Settings are those of the run above: only it is asked for them.
            Action::Configure(_) => None,
            action => Some(action),
        };
        here.map_or_else(|| self.clone(), |action| self.heeding(true).after(action))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lightcone_engine::{Edit, MessageId, Time};

    const WRITES_BACK: &str = "abd:1";

    fn stale() -> State {
        State::new(&gallery::find("quorum", "r-plus-w-but-stale").expect("the gallery has it").scenario)
    }

    fn compared() -> State {
        stale().beside_named(WRITES_BACK)
    }

    fn below(state: &State) -> &State {
        &state.beside.as_ref().expect("a comparison").below
    }

    /// A message that only the run below has.
    fn only_below(state: &State) -> MessageId {
        let there = &below(state).trace;
        there.messages.iter().find(|message| state.trace.message(message.id).is_none()).expect("it writes back").id
    }

    #[test]
    fn the_other_run_is_the_same_schedule_with_a_setting_changed() {
        let state = compared();
        let (above, below) = (state.scenario(), below(&state).scenario());
        assert_eq!((&above.script, above.seed, above.horizon), (&below.script, below.seed, below.horizon));
        assert_ne!(above.settings, below.settings);
        assert!(
            state.trace.first_violation().is_some() && super::tests::below(&state).trace.first_violation().is_none()
        );
    }

    #[test]
    fn a_move_in_either_run_is_a_move_in_both_and_undo_takes_back_both() {
        let state = compared();
        let first = state.trace.messages[0].id;
        for (edit, from_below) in
            [(Edit::Drop { message: first }, false), (Edit::Drop { message: only_below(&state) }, true)]
        {
            let make = Action::Make(edit);
            let after = state.after(if from_below { Action::Below(Box::new(make)) } else { make });
            assert_eq!((&after.scenario().moves, &below(&after).scenario().moves), (&vec![edit], &vec![edit]));
            assert_eq!(below(&after).ghost.as_ref().expect("the run without it").digest, below(&state).trace.digest);
            let back = after.after(Action::Undo);
            assert_eq!(back.trace.digest, state.trace.digest);
            assert_eq!(below(&back).trace.digest, below(&state).trace.digest);
        }
    }

    #[test]
    fn the_other_run_is_worked_out_again_and_not_otherwise() {
        let state = compared();
        let looked = state.after(Action::Look(Time::from_millis(120)));
        assert!(Rc::ptr_eq(&below(&looked).trace, &below(&state).trace));
        assert_eq!((below(&looked).cursor, below(&looked).window), (looked.cursor, looked.window));
        let longer = state.after(Action::RunLonger);
        assert_eq!(below(&longer).trace.horizon(), longer.trace.horizon());
    }

    #[test]
    fn what_is_selected_in_one_run_is_selected_in_the_other_if_it_is_there() {
        let state = compared();
        let shared = state.trace.messages[0].id;
        let above = state.after(Action::Select(Selection::Message(shared)));
        assert_eq!(below(&above).selection, Selection::Message(shared));
        let Fate::Delivered(event) = below(&state).trace.message(shared).expect("it is sent").fate else { panic!() };
        let chosen = state.after(Action::Below(Box::new(Action::Visit(event))));
        assert_eq!(below(&chosen).selection, Selection::Event(event));
        let Selection::Event(same) = chosen.selection else { panic!("the same event above") };
        assert_eq!(chosen.trace.event(same).cause, Cause::Deliver(shared));
    }

    #[test]
    fn what_only_the_lower_run_has_is_selected_there_and_the_notes_tell_of_it() {
        let state = compared();
        let Fate::Delivered(event) = below(&state).trace.message(only_below(&state)).expect("it is sent").fate else {
            panic!("it arrives")
        };
        let chosen = Rc::new(state.after(Action::Below(Box::new(Action::Visit(event)))));
        let at = below(&chosen).trace.event(event).at;
        assert_eq!((chosen.selection, below(&chosen).selection), (Selection::Nothing, Selection::Event(event)));
        assert_eq!((chosen.cursor, chosen.heeded().cursor), (at, at));
        assert!(Rc::ptr_eq(&chosen.heeded().trace, &below(&chosen).trace));
        // It stays selected while the cursor moves, until something is selected above.
        let looked = chosen.after(Action::Look(Time::ZERO));
        assert_eq!(below(&looked).selection, Selection::Event(event));
        assert!(!looked.after(Action::Select(Selection::Nothing)).beside.expect("a comparison").heeded);
    }

    #[test]
    fn a_flaw_is_on_in_one_run_and_off_in_the_other_whichever_way_it_is() {
        let exhibit = gallery::find("quorum", "write-back-skipped").expect("the gallery has it");
        let state = State::new(&exhibit.scenario).beside_named("write-back-skipped");
        let on = |state: &State| state.scenario().settings.flaws.0 != 0;
        assert!(on(&state) && !on(below(&state)));
        let flaws = below(&state).scenario().settings.flaws;
        let mut turned = state.scenario().clone();
        turned.settings.flaws = flaws;
        let turned = state.after(Action::Configure(Box::new(turned)));
        assert!(!on(&turned) && on(below(&turned)));
    }

    #[test]
    fn with_more_nodes_clients_keep_their_names_and_so_do_moves() {
        let state = stale().beside_named("replicas:5");
        let lane = |trace: &Trace, name: &str| {
            trace.lanes().iter().position(|lane| lane.name == name).expect("a lane of this name")
        };
        assert_ne!(lane(&state.trace, "c1"), lane(&below(&state).trace, "c1"));
        let there = &below(&state).trace;
        let from_c1 = there.messages.iter().find(|message| message.id.from.index() == lane(there, "c1"));
        let edit = Edit::Drop { message: from_c1.expect("c1 writes").id };
        let after = state.after(Action::Below(Box::new(Action::Make(edit))));
        let Edit::Drop { message } = after.scenario().moves[0] else { panic!("a drop") };
        assert_eq!(message.from.index(), lane(&state.trace, "c1"));
        assert_eq!(below(&after).scenario().moves, [edit]);
    }

    #[test]
    fn a_node_that_only_the_lower_run_has_can_be_crashed_there() {
        use lightcone_engine::Action::Crash;
        use lightcone_engine::run::trace::Outcome;
        let state = State::new(&gallery::find("raft", "election").expect("the gallery has it").scenario);
        let state = state.beside_named("servers:7");
        let there = below(&state).trace.lanes();
        let last = there.iter().position(|lane| lane.name == "S7").expect("seven servers");
        let edit = Edit::At { at: Time::from_millis(40), action: Crash(lightcone_engine::NodeId(last as u8)) };
        let after = state.after(Action::Below(Box::new(Action::Make(edit))));
        assert_eq!(below(&after).scenario().moves, [edit]);
        assert!(matches!(below(&after).trace.outcome(&edit), Outcome::Applied));
        assert!(matches!(after.trace.outcome(&after.scenario().moves[0]), Outcome::Unused(_)));
    }

    #[test]
    fn names_that_the_protocol_does_not_have_are_left_out_and_the_rest_works() {
        assert!(stale().beside_named("no-such-flaw,abd:x,,servers:5").beside.is_none());
        let some = stale().beside_named("no-such-flaw,abd:1").beside.expect("a comparison");
        assert_eq!((&*some.settings, some.name().as_str()), (&[Setting::Knob(3, 1)][..], "abd:1"));
        let many = vec![WRITES_BACK; 400].join(",");
        assert_eq!(stale().beside_named(&many).beside.expect("a comparison").settings.len(), MOST_SETTINGS);
        // There is no such quorum.
        assert!(stale().beside_named("read-quorum:8").beside.is_none());
    }

    #[test]
    fn every_knob_of_every_protocol_that_can_be_another_has_a_number_to_compare_with() {
        for exhibit in gallery::exhibits().iter() {
            let scenario = &exhibit.scenario;
            for (place, parameter) in scenario.protocol.specification().parameters.iter().enumerate() {
                let Some(setting) = Setting::of_knob(scenario, place) else {
                    assert!(parameter.least == parameter.most, "{} {}", exhibit.slug, parameter.id);
                    continue;
                };
                assert_ne!(other(scenario, &[setting]).expect("it runs").settings, scenario.settings);
            }
        }
    }

    #[test]
    fn a_run_of_the_gallery_stands_beside_another_and_a_move_is_one_of_both() {
        let run = |slug| gallery::find("test-and-set", slug).expect("the gallery has it").scenario;
        let (crash, cut) = (run("cannot-tell-crash"), run("cannot-tell-cut"));
        let state = State::new(&crash).beside_named("run:cannot-tell-cut");
        assert_eq!(*below(&state).scenario(), cut);
        assert_eq!(state.beside.as_ref().map(Beside::name).as_deref(), Some("run:cannot-tell-cut"));
        let [above, there] = names(&crash, &state.beside.as_ref().expect("two runs").settings);
        assert!(above.starts_with("A crashed server") && there.starts_with("A cut link"), "{above}, {there}");
        let edit = Edit::Drop { message: state.trace.messages[0].id };
        let moved = state.after(Action::Make(edit));
        assert_eq!((&moved.scenario().moves, &below(&moved).scenario().moves), (&vec![edit], &vec![edit]));
        // Another run's settings: its own, then those that are named after it.
        let flawed = State::new(&crash).beside_named("run:majority-fixes-it,silence-is-consent");
        let silent = run("silence-is-consent");
        assert_eq!(below(&flawed).scenario().settings, silent.settings);
        assert!(State::new(&crash).beside_named("run:no-such-run").beside.is_none());
        assert!(State::new(&crash).beside_named("run:figure-8").beside.is_none(), "that is Raft's");
    }

    #[test]
    fn every_comparison_that_a_file_names_can_be_opened_and_no_knob_is_called_as_runs_are() {
        for exhibit in gallery::exhibits().iter() {
            let knobs = exhibit.scenario.protocol.specification().parameters;
            assert!(knobs.iter().all(|knob| knob.id != RUN));
            let Some(name) = exhibit.beside() else { continue };
            let opened = State::new(&exhibit.scenario).beside_named(name).beside;
            assert_eq!(opened.expect("two runs").name(), name, "{}", exhibit.slug);
        }
    }

    #[test]
    fn another_run_ends_the_comparison() {
        let scenario = gallery::find("raft", "election").expect("the gallery has it").scenario;
        let opened = compared().after(Action::Open(Box::new(scenario), None));
        assert!(opened.beside.is_none());
        assert!(compared().after(Action::Beside(Vec::new())).beside.is_none());
    }
}
