//! A cut that the reader chooses lane by lane: who is on which side, which way messages are lost, and in words.

use lightcone_engine::{Action, NodeId, NodeSet, Time, Trace};
use lightcone_figure::read::history::Cut;
use lightcone_figure::read::sentences::names;

/// What the reader has chosen so far. It begins at the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CutChoice {
    /// The lanes that are cut off. The rest is the other side.
    pub chosen: NodeSet,
    /// Which messages are lost.
    pub way: Way,
    /// Whether clients that are not chosen are on neither side.
    pub clients_stay: bool,
}

/// Which messages a cut loses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// All between the two sides.
    Both,
    /// Only those that the chosen lanes send.
    Sent,
    /// Only those that the chosen lanes would hear.
    Heard,
}

impl CutChoice {
    /// These lanes cut off both ways. Clients stay connected, unless nobody else is there to be cut off from.
    #[must_use]
    pub fn of(trace: &Trace, chosen: NodeSet) -> CutChoice {
        let choice = CutChoice { chosen, way: Way::Both, clients_stay: true };
        CutChoice { clients_stay: !choice.rest(trace).is_empty(), ..choice }
    }

    /// The same with a lane chosen, or not any more.
    #[must_use]
    pub fn toggled(self, node: NodeId) -> CutChoice {
        let chosen = self.chosen;
        let chosen = if chosen.contains(node) { chosen.without(node) } else { chosen.union(NodeSet::only(node)) };
        CutChoice { chosen, ..self }
    }

    /// The other side.
    #[must_use]
    pub fn rest(&self, trace: &Trace) -> NodeSet {
        let clients = clients(trace);
        let left_out = if self.clients_stay { self.chosen.union(clients) } else { self.chosen };
        let other = |node: &NodeId| !left_out.contains(*node);
        NodeSet::first(trace.lanes().len() as u8).iter().filter(other).collect()
    }

    /// What is done to the network at a moment: a cut, or its end if all of that is cut then. None while a side is empty.
    #[must_use]
    pub fn action(&self, trace: &Trace, at: Time) -> Option<Action> {
        let (chosen, rest) = (self.chosen, self.rest(trace));
        let (from, to) = if self.way == Way::Heard { (rest, chosen) } else { (chosen, rest) };
        let one_way = self.way != Way::Both;
        (!from.is_empty() && !to.is_empty()).then(|| cut_or_heal(trace, (from, to, one_way), at))
    }

    /// The two sides in words: "S1 from S2 and S3"; none while a side is empty.
    #[must_use]
    pub fn said(&self, trace: &Trace) -> Option<String> {
        let rest = self.rest(trace);
        let both = !self.chosen.is_empty() && !rest.is_empty();
        both.then(|| format!("{} from {}", names(trace, self.chosen), names(trace, rest)))
    }
}

/// The lanes of clients.
#[must_use]
pub fn clients(trace: &Trace) -> NodeSet {
    let lanes = (0..).map(NodeId).zip(trace.lanes());
    lanes.filter(|(_, lane)| lane.client).map(|(node, _)| node).collect()
}

/// Cuts the links from one side to the other; or connects them again, if all are cut at that moment.
#[must_use]
pub fn cut_or_heal(trace: &Trace, (from, to, one_way): (NodeSet, NodeSet, bool), at: Time) -> Action {
    let cuts = Cut::of_all(trace);
    let cut = |a: NodeId, b: NodeId| cuts.iter().any(|cut| cut.stops(a, b, at));
    let all = from.iter().all(|a| to.iter().all(|b| cut(a, b) || (!one_way && cut(b, a))));
    if all { Action::Heal { from, to, one_way } } else { Action::Cut { from, to, one_way } }
}

/// Everybody from whom a node is cut off at a moment, in either direction.
#[must_use]
pub fn cut_off_from(trace: &Trace, node: NodeId, at: Time) -> NodeSet {
    let cuts = Cut::of_all(trace);
    let cut = |other: &NodeId| cuts.iter().any(|cut| cut.stops(node, *other, at) || cut.stops(*other, node, at));
    NodeSet::first(trace.lanes().len() as u8).iter().filter(cut).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::gallery;
    use crate::state::run::{Action as Act, State};
    use lightcone_engine::Edit;

    fn set(nodes: &[u8]) -> NodeSet {
        nodes.iter().copied().map(NodeId).collect()
    }

    /// Three servers and two clients.
    fn state() -> State {
        let mut scenario = gallery::blank("raft").expect("the registry has it");
        scenario.settings.parameters[0] = 3;
        scenario.settings.parameters[1] = 2;
        State::new(&scenario).after(Act::Look(Time::from_millis(150)))
    }

    fn tried(state: &State, choice: CutChoice) -> State {
        state.after(Act::Try(Some(choice)))
    }

    #[test]
    fn clients_stay_connected_unless_they_are_chosen() {
        let state = state();
        let leader = CutChoice::of(&state.trace, set(&[0]));
        assert_eq!(leader.rest(&state.trace), set(&[1, 2]));
        assert_eq!(leader.toggled(NodeId(3)).rest(&state.trace), set(&[1, 2]));
        let alone = CutChoice { clients_stay: false, ..leader };
        assert_eq!(alone.rest(&state.trace), set(&[1, 2, 3, 4]));
        assert_eq!(alone.toggled(NodeId(3)).rest(&state.trace), set(&[1, 2, 4]));
    }

    #[test]
    fn the_groups_are_named_in_words_once_there_are_two() {
        let state = state();
        let choice = |nodes: &[u8]| CutChoice::of(&state.trace, set(nodes)).said(&state.trace);
        assert_eq!(choice(&[0]).as_deref(), Some("S1 from S2 and S3"));
        assert_eq!(choice(&[0, 2]).as_deref(), Some("S1 and S3 from S2"));
        assert_eq!(choice(&[]), None);
        // All servers: there is only the clients' side left.
        assert_eq!(choice(&[0, 1, 2]).as_deref(), Some("S1, S2 and S3 from c1 and c2"));
    }

    #[test]
    fn a_cut_of_one_way_loses_what_the_chosen_send_or_what_they_would_hear() {
        let state = state();
        let all = CutChoice::of(&state.trace, set(&[0]));
        let action = |way| CutChoice { way, ..all }.action(&state.trace, state.cursor);
        let (one, rest) = (set(&[0]), set(&[1, 2]));
        assert_eq!(action(Way::Both), Some(Action::Cut { from: one, to: rest, one_way: false }));
        assert_eq!(action(Way::Sent), Some(Action::Cut { from: one, to: rest, one_way: true }));
        assert_eq!(action(Way::Heard), Some(Action::Cut { from: rest, to: one, one_way: true }));
    }

    #[test]
    fn what_is_tried_answers_at_once_and_is_a_move_only_when_it_is_kept() {
        let state = state();
        let choice = CutChoice::of(&state.trace, set(&[0]));
        let tried = tried(&state, choice);
        let answer = |state: &State| state.answer().map(|answer| answer.digest);
        assert_ne!(answer(&tried), Some(state.trace.digest));
        assert!(answer(&tried).is_some() && tried.trace.digest == state.trace.digest && tried.past.is_empty());
        let kept = tried.after(Act::Keep);
        assert_eq!((Some(kept.trace.digest), kept.past.len(), answer(&kept)), (answer(&tried), 1, None));
        let action = choice.action(&state.trace, state.cursor).expect("two sides");
        assert_eq!(kept.scenario().moves, [Edit::At { at: state.cursor, action }]);
    }

    #[test]
    fn it_begins_at_the_cursor_wherever_that_goes_and_undo_takes_it_back() {
        let state = state();
        let tried = tried(&state, CutChoice::of(&state.trace, set(&[0])));
        let later = tried.after(Act::Look(Time::from_millis(90)));
        let cut = |state: &State| Cut::of_all(state.answer().expect("it answers"))[0].stretch.from;
        assert_eq!((cut(&tried), cut(&later)), (Time::from_millis(150), Time::from_millis(90)));
        let back = later.after(Act::Undo);
        assert!(back.choice().is_none() && back.trace.digest == state.trace.digest);
        assert!(later.after(Act::Try(None)).choice().is_none());
    }

    #[test]
    fn the_same_choice_later_connects_them_again() {
        let state = state();
        let choice = CutChoice::of(&state.trace, set(&[0]));
        let later = tried(&state, choice).after(Act::Keep).after(Act::Look(Time::from_millis(300)));
        assert_eq!(cut_off_from(&later.trace, NodeId(0), later.cursor), set(&[1, 2]));
        let healed = tried(&later, choice).after(Act::Keep);
        assert!(matches!(healed.scenario().moves[1], Edit::At { action: Action::Heal { .. }, .. }));
        assert!(cut_off_from(&healed.trace, NodeId(0), Time::from_millis(301)).is_empty());
    }
}
