//! The session: what is open, what plays, what is in the hand. It belongs neither to the run nor to the address, and is
//! lost with the page.

use super::beside::{run_of, under};
use super::playback::NORMAL;
use super::rename::Names;
use super::run::State;
use super::search_job::{SearchJob, SearchStatus};
use super::search_request::Request;
use super::signs::Told;
use lightcone_engine::protocol::AnyProtocol;
use lightcone_engine::{MessageId, Time, Trace};
use lightcone_figure::by_pointer::ByPointer;
use lightcone_search::Bounds;
use std::rc::Rc;
use yew::Reducible;

/// The state of the page around the run.
#[derive(Clone, PartialEq)]
pub struct Session {
    /// Which dialog is open.
    pub open: Open,
    /// Whether the cursor moves by itself, and how fast: a place in [`crate::state::playback::SPEEDS`].
    pub playing: bool,
    /// The speed chosen for playing: a place in [`crate::state::playback::SPEEDS`].
    pub speed: usize,
    /// Whether step mode is on.
    pub stepping: bool,
    /// The run that would follow from the choice that the reader is at in step mode.
    pub glance: Option<ByPointer<Trace>>,
    /// The effect of a held message on the run.
    pub preview: Option<Preview>,
    /// Its effect on the other run of a comparison, which stands below.
    pub preview_below: Option<Preview>,
    /// Which part of the margin the sheet of a narrow screen has opened.
    pub note: Option<Note>,
    /// Whether the events are a table instead of a figure.
    pub listing: bool,
    /// Whether keys without Ctrl do anything outside the figure.
    pub single_keys: bool,
    /// Whether any of the page can be seen: an embedded one may be scrolled away.
    pub seen: bool,
    /// Whether an embedded figure was started.
    pub started: bool,
    /// The sign that is explained.
    pub sign: Option<Rc<Told>>,
    /// The search, from when it is asked for until the margin is the run's again.
    pub search: Option<SearchJob>,
    /// How far searches of this protocol go, if the reader has changed that.
    pub bounds: Option<(&'static dyn AnyProtocol, Bounds)>,
}

/// Which dialog is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Open {
    /// No dialog is open.
    Nothing,
    /// How to share the run.
    Share,
    /// The run as a test.
    Test,
    /// The list of keys.
    Keys,
}

/// The run that would follow if the reader let go now.
#[derive(Clone)]
pub struct Preview {
    /// The message in the hand.
    pub held: MessageId,
    /// The run if the reader let go now.
    pub trace: Rc<Trace>,
    /// The run without the move in the hand.
    pub before: Rc<Trace>,
    /// When the held message would arrive.
    pub arrives: Time,
    /// Whether it would be dropped instead.
    pub dropped: bool,
}

impl PartialEq for Preview {
    fn eq(&self, other: &Preview) -> bool {
        Rc::ptr_eq(&self.trace, &other.trace)
            && Rc::ptr_eq(&self.before, &other.before)
            && (self.held, self.arrives, self.dropped) == (other.held, other.arrives, other.dropped)
    }
}

impl Preview {
    /// The same in the other run of a comparison, which is `run`.
    #[must_use]
    pub fn in_run(&self, run: &State) -> Preview {
        let with = |trace: &Trace| run_of(&run.trace, &under(&trace.scenario, &run.scenario().settings));
        let held = Names::between(&self.trace.scenario, run.scenario()).message(self.held).unwrap_or(self.held);
        let trace = with(&self.trace);
        let arrives = trace.message(held).map_or(self.arrives, |message| message.arrives);
        Preview { held, before: with(&self.before), arrives, dropped: self.dropped, trace }
    }

    /// Whether the run has the message in the hand.
    #[must_use]
    pub fn finds_it(&self) -> bool {
        self.trace.message(self.held).is_some()
    }
}

/// On narrow screens the margin is shut, and the sheet opens a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// Why a node believes what it does.
    Why,
    /// The state of a node.
    State,
    /// The clocks of an event.
    Clocks,
    /// What follows from an event.
    Future,
    /// The search, while there is one.
    Search,
    /// The question that is open.
    Question,
    /// All of it: the author's note first, the system behind the run last.
    All,
}

impl Note {
    /// The class of the margin of which this part is shown.
    pub fn class(self) -> &'static str {
        match self {
            Note::Why => "open-why",
            Note::State => "open-state",
            Note::Clocks => "open-clocks",
            Note::Future => "open-future",
            Note::Search => "open-search",
            Note::Question => "open-question",
            Note::All => "open-all",
        }
    }
}

/// What can happen around the run.
pub enum SessionAction {
    /// Open a dialog, or close it.
    Open(Open),
    /// Start playing, or stop.
    Play,
    /// Playing came to its end.
    Stop,
    /// Play as fast as this.
    Hurry(usize),
    /// Switch step mode.
    Step,
    /// The reader is at a choice of step mode, or no more.
    Glance(Option<ByPointer<Trace>>),
    /// What is in the hand: its effect on the run, and on the other one of a comparison.
    Hold([Option<Preview>; 2]),
    /// Open a part of the margin over the sheet, or shut it.
    Note(Option<Note>),
    /// Show the events as a table, or as a figure again.
    List,
    /// Switch keys without Ctrl.
    SingleKeys,
    /// The page came into sight or went out of it.
    See(bool),
    /// A part of the page has arrived.
    Arrived,
    /// Explain a sign, or no more.
    Explain(Option<Rc<Told>>),
    /// Search this, or give the margin back to the run.
    Search(Option<Request>),
    /// Leave out the stage that is searched.
    SkipStage,
    /// End the search; its numbers stay.
    StopSearch,
    /// A worker says something of its share of the search.
    Heard(usize, String),
    /// The reader is to say what this search is for.
    Ask(Request),
    /// Searches of this protocol go so far from now on; as far as usual, if none is named.
    Bounds(Option<(&'static dyn AnyProtocol, Bounds)>),
}

impl Default for Session {
    fn default() -> Session {
        Session {
            open: Open::Nothing,
            playing: false,
            speed: NORMAL,
            stepping: false,
            glance: None,
            preview: None,
            preview_below: None,
            note: None,
            listing: false,
            single_keys: true,
            seen: true,
            started: false,
            sign: None,
            search: None,
            bounds: None,
        }
    }
}

impl Reducible for Session {
    type Action = SessionAction;

    fn reduce(self: Rc<Self>, action: SessionAction) -> Rc<Self> {
        let mut session = (*self).clone();
        match action {
            // What is drawn has changed, not the session.
            SessionAction::Arrived => {}
            SessionAction::Open(open) => session.open = open,
            SessionAction::Play => {
                session.playing = !session.playing;
                session.started = true;
            }
            SessionAction::Stop => session.playing = false,
            SessionAction::Hurry(speed) => session.speed = speed,
            SessionAction::Step => {
                session.stepping = !session.stepping;
                session.glance = None;
            }
            SessionAction::Glance(glance) => session.glance = glance,
            SessionAction::Hold(previews) => {
                session.sign = session.sign.filter(|_| previews[0].is_none());
                [session.preview, session.preview_below] = previews;
            }
            SessionAction::Explain(sign) => session.sign = sign,
            SessionAction::Note(note) => session.note = note,
            SessionAction::List => session.listing = !session.listing,
            SessionAction::SingleKeys => session.single_keys = !session.single_keys,
            SessionAction::See(seen) => session.seen = seen,
            SessionAction::Search(request) => {
                session.note = session.note.filter(|note| *note != Note::Search);
                session.search = request.map(SearchJob::new);
                session.stepping = false;
            }
            SessionAction::Ask(request) => {
                session.note = Some(Note::Search);
                session.search = Some(SearchJob::asked(request));
                session.stepping = false;
            }
            SessionAction::SkipStage => session.search = session.search.map(|job| job.without_this_stage()),
            SessionAction::StopSearch => session.search.iter_mut().for_each(|job| job.status = SearchStatus::Stopped),
            SessionAction::Heard(share, said) => session.search = session.search.map(|job| job.heard(share, &said)),
            SessionAction::Bounds(bounds) => session.bounds = bounds,
        }
        Rc::new(session)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::gallery;
    use crate::state::moves::with_move;
    use lightcone_engine::{Edit, resimulate};

    /// The stale read beside the one with write-back, and what it does to the upper run to hold a message back.
    fn held(run: &Rc<State>, id: MessageId) -> Preview {
        let arrives = Time::from_millis(290);
        let trace =
            Rc::new(resimulate(&run.trace, &with_move(run.scenario(), Edit::Deliver { message: id, at: arrives })));
        Preview { held: id, trace, before: run.trace.clone(), arrives, dropped: false }
    }

    #[test]
    fn what_a_hand_does_to_one_run_it_does_to_the_other_if_the_message_is_there() {
        let stale = gallery::find("quorum", "r-plus-w-but-stale").expect("the gallery has it").scenario;
        let above = Rc::new(State::new(&stale).beside_named("abd:1"));
        let below = above.beside.as_ref().expect("two runs").below.clone();
        let both = held(&above, above.trace.messages[0].id).in_run(&below);
        assert!(both.finds_it() && Rc::ptr_eq(&both.before, &below.trace));
        assert_eq!(both.trace.message(both.held).expect("it is sent").arrives, both.arrives);
        assert_eq!(both.trace.scenario.settings, below.scenario().settings);
        let only_below = below.trace.messages.iter().find(|message| above.trace.message(message.id).is_none());
        let one = held(&below, only_below.expect("it writes back").id).in_run(&above);
        assert!(!one.finds_it());
        assert_eq!(one.trace.scenario.settings, above.scenario().settings);
    }
}
