//! What lies around the run on the page, and is neither the run nor a look at it: what is open, what plays, what is
//! in the hand. Lost with the page; nothing of it is in an address.

use crate::diagram::Preview;
use crate::margin::Note;
use crate::playback::NORMAL;
use crate::search::{Quest, Request, Standing};
use lightcone::Trace;
use lightcone::search::Bounds;
use lightcone_figure::by_pointer::ByPointer;
use std::rc::Rc;
use yew::Reducible;

/// The desk.
#[derive(Clone, PartialEq)]
pub struct Desk {
    /// Which dialog is open.
    pub open: Open,
    /// Whether the cursor moves by itself, and how fast: a place in [`crate::playback::SPEEDS`].
    pub playing: bool,
    /// How fast.
    pub speed: usize,
    /// Whether step mode is on.
    pub stepping: bool,
    /// What would come of the choice that the reader is at in step mode.
    pub glance: Option<ByPointer<Trace>>,
    /// What a held message does to the run.
    pub preview: Option<Preview>,
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
    /// The search, from when it is asked for until the margin is the run's again.
    pub search: Option<Quest>,
    /// How far searches of this protocol go, if the reader has changed that.
    pub bounds: Option<(u8, Bounds)>,
}

/// Which dialog is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Open {
    /// None.
    Nothing,
    /// How to share the run.
    Share,
    /// The run as a test.
    Test,
    /// The list of keys.
    Keys,
}

/// What can happen on the desk.
pub enum Task {
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
    /// What is in the hand.
    Hold(Option<Preview>),
    /// Open a part of the margin over the sheet, or shut it.
    Note(Option<Note>),
    /// Show the events as a table, or as a figure again.
    List,
    /// Switch keys without Ctrl.
    SingleKeys,
    /// The page came into sight or went out of it.
    See(bool),
    /// Search this, or give the margin back to the run.
    Search(Option<Request>),
    /// End the search; its numbers stay.
    StopSearch,
    /// The search says something.
    Heard(String),
    /// Searches of this protocol go so far from now on; as far as usual, if none is named.
    Bounds(Option<(u8, Bounds)>),
}

impl Default for Desk {
    fn default() -> Desk {
        Desk {
            open: Open::Nothing,
            playing: false,
            speed: NORMAL,
            stepping: false,
            glance: None,
            preview: None,
            note: None,
            listing: false,
            single_keys: true,
            seen: true,
            started: false,
            search: None,
            bounds: None,
        }
    }
}

impl Reducible for Desk {
    type Action = Task;

    fn reduce(self: Rc<Self>, task: Task) -> Rc<Self> {
        let mut desk = (*self).clone();
        match task {
            Task::Open(open) => desk.open = open,
            Task::Play => {
                desk.playing = !desk.playing;
                desk.started = true;
            }
            Task::Stop => desk.playing = false,
            Task::Hurry(speed) => desk.speed = speed,
            Task::Step => {
                desk.stepping = !desk.stepping;
                desk.glance = None;
            }
            Task::Glance(glance) => desk.glance = glance,
            Task::Hold(preview) => desk.preview = preview,
            Task::Note(note) => desk.note = note,
            Task::List => desk.listing = !desk.listing,
            Task::SingleKeys => desk.single_keys = !desk.single_keys,
            Task::See(seen) => desk.seen = seen,
            Task::Search(request) => {
                desk.note = desk.note.filter(|note| *note != Note::Search);
                desk.search = request.map(Quest::new);
                desk.stepping = false;
            }
            Task::StopSearch => desk.search.iter_mut().for_each(|quest| quest.standing = Standing::Stopped),
            Task::Heard(said) => desk.search = desk.search.map(|quest| quest.heard(&said)),
            Task::Bounds(bounds) => desk.bounds = bounds,
        }
        Rc::new(desk)
    }
}
