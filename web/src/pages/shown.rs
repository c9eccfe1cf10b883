//! What is shown of a run: what all of its drawings are made of.

use crate::figure::{Explain, Figure, Pair, Showing};
use crate::pages::doing::Kept;
use crate::pages::room::room;
use crate::panels::cut::CutProps;
use crate::panels::margin::PairProps;
use crate::panels::search::{Drawings, PanelProps};
use crate::panels::tools;
use crate::panels::verdicts::{BothProps, VerdictsProps};
use crate::state::beside::Beside;
use crate::state::caption::caption_of;
use crate::state::options::Embed;
use crate::state::page::{PageAction, Said};
use crate::state::question::{Asked, Posed};
use crate::state::run::{Action, Selection, State};
use crate::state::session::{Preview, Session, SessionAction};
use crate::state::signs::Known;
use crate::state::snapshot::Snapshot;
use crate::words;
use lightcone_engine::id::MessageId;
use lightcone_engine::protocol::AnyProtocol;
use lightcone_engine::run::trace::Ending;
use lightcone_engine::{Time, Trace};
use lightcone_figure::by_pointer::ByPointer;
use lightcone_search::Bounds;
use std::rc::Rc;
use yew::prelude::*;

/// The inputs of [`super::explorer::Explorer`].
#[derive(Properties, PartialEq)]
pub struct ExplorerProps {
    /// The page's state.
    pub run: Snapshot,
    /// A notice about a link; none if there is nothing to say.
    pub notice: Option<Said>,
    /// What is asked about the run.
    pub asked: Option<ByPointer<Asked>>,
    /// How the figure behaves if the page is a part of another.
    pub embed: Option<Embed>,
    /// The signs that were explained.
    pub known: Known,
    /// Called with each page action.
    pub act: Callback<PageAction>,
}

/// The run, or the run that would follow if the reader let go of the message in the hand. Of two runs, the one that the
/// notes tell of.
pub struct Shown<'a> {
    /// What the page gives.
    pub props: &'a ExplorerProps,
    /// The run that the notes tell of.
    pub run: Snapshot,
    /// What lies around the run.
    pub session: &'a Rc<Session>,
    /// The run as it is shown.
    pub trace: ByPointer<Trace>,
    /// The run before the move, if there was one just now.
    pub before: Option<ByPointer<Trace>>,
    /// The message in the hand.
    pub held: Option<MessageId>,
    /// The moment that the figure tells of.
    pub at: Time,
    /// The run's title.
    pub title: String,
    /// What to look at.
    pub note: String,
    /// What the figure shows.
    pub shows: Showing,
    /// Called with each session action.
    pub tell: Callback<SessionAction>,
    /// Called with actions in the run that the notes tell of.
    pub dispatch: Callback<Action>,
    /// Called with actions in the upper run, and in the lower run of a comparison.
    pub both: [Callback<Action>; 2],
    /// Starts and stops playing.
    pub play: Callback<()>,
    /// The keys that were pressed before anything could hear them.
    pub kept: Kept,
    /// What is shown of a search; none while that part of the page has not arrived.
    pub draws: Option<&'static Drawings>,
}

impl<'a> Shown<'a> {
    /// What is shown of this run.
    #[expect(clippy::too_many_arguments, reason = "each is a thing of its own, once")]
    pub fn of(
        props: &'a ExplorerProps,
        session: &'a Rc<Session>,
        shows: Showing,
        tell: Callback<SessionAction>,
        both: [Callback<Action>; 2],
        play: Callback<()>,
        kept: Kept,
        draws: Option<&'static Drawings>,
    ) -> Shown<'a> {
        let run = Snapshot(props.run.0.heeded());
        let below = props.run.beside.as_ref().is_some_and(|beside| beside.heeded);
        let held = if below { &session.preview_below } else { &session.preview };
        let held = held.as_ref();
        let answer = held.map(|held| &held.trace).or(run.answer());
        let trace = ByPointer(answer.unwrap_or(&run.trace).clone());
        let tried = run.answer().map(|_| run.trace.clone());
        let (title, note) = caption_of(&props.run);
        Shown {
            props,
            session,
            before: held.map(|held| held.before.clone()).or(tried).or_else(|| run.ghost.clone()).map(ByPointer),
            held: held.map(|held| held.held),
            at: held.map_or(run.cursor, |held| held.arrives.min(trace.horizon())),
            trace,
            title,
            note,
            shows,
            tell,
            dispatch: both[usize::from(below)].clone(),
            both,
            play,
            kept,
            draws,
            run,
        }
    }

    /// One figure: the only one, or the one at this place of a comparison.
    pub fn figure(
        &self,
        state: Snapshot,
        place: usize,
        (on_preview, on_sign): (Hear, &Explain),
        pair: Option<Pair>,
    ) -> Html {
        let dispatch = self.both[place].clone();
        let interactive = self.props.embed.is_none_or(|how| how.edit && !self.waits(how));
        let free = self.props.asked.is_none();
        let shows = (place == 0 && self.props.embed.is_none()).then(|| self.shows.clone());
        let embedded = self.props.embed.is_some();
        // Of two runs, neither explains signs: a note would lie over the other.
        let alone = pair.is_none() && !embedded;
        let (sign, on_sign) = (self.session.sign.clone().filter(|_| alone), alone.then(|| on_sign.clone()));
        html! { <Figure {state} {dispatch} {on_preview} {interactive} {free} {shows} {embedded} {pair} {sign} {on_sign} whole={!embedded} /> }
    }

    /// The figure, or what stands in its place, and the verdicts.
    pub fn stage(&self, figures: Html, verdicts: Html) -> Html {
        let Shown { run, session, .. } = self;
        let stays = (session.glance.is_some() || run.compares).then_some("glance");
        let room = if self.props.run.beside.is_some() { Some("two") } else { room(&run.trace) };
        html! {
            <div class="stage">
                <div class={classes!("figure", room, stays)}>
                    { figures }
                    { remark(run) }
                </div>
                { verdicts }
            </div>
        }
    }

    /// What a choice in step mode would come to is shown as a ghost is.
    pub fn state_with_glance(&self) -> Snapshot {
        match &self.session.glance {
            Some(after) => Snapshot(Rc::new(State { ghost: Some(after.0.clone()), ..(*self.run.0).clone() })),
            None => self.run.clone(),
        }
    }

    /// The two runs of this comparison.
    pub fn two(&self, beside: &'a Beside) -> Runs<'a> {
        let held = [&self.session.preview, &self.session.preview_below].map(Option::as_ref);
        Runs { states: [&self.props.run.0, &beside.below], held, both: self.both.clone() }
    }

    /// The question that is open.
    pub fn posed(&self) -> Option<&Posed> {
        self.props.asked.as_ref()?.posed.as_deref()
    }

    /// Whether a client can be asked something.
    pub fn has_requests(&self) -> bool {
        self.run.trace.lanes().iter().any(|lane| !lane.accepts.is_empty())
    }

    /// Whether an embedded run is a picture still.
    pub fn waits(&self, how: Embed) -> bool {
        how.poster && !self.session.started
    }

    /// A part of the page has arrived: all is drawn again.
    pub fn arrived(&self) -> Callback<()> {
        self.tell.reform(|()| SessionAction::Arrived)
    }

    /// What is said of the run's promises.
    pub fn verdicts(&self) -> VerdictsProps {
        let (trace, before, steps) = (self.trace.clone(), self.before.clone(), self.run.steps);
        VerdictsProps { trace, before, steps, stands: None, dispatch: self.dispatch.clone() }
    }

    /// The search that the margin is about: any, while nothing is selected or in the hand.
    pub fn searched(&self) -> Option<PanelProps> {
        let job = self.session.search.clone()?;
        let alone = self.props.run.beside.is_none();
        let free = alone && self.run.selection == Selection::Nothing && self.held.is_none() && !self.session.stepping;
        free.then(|| PanelProps {
            job,
            run: self.run.clone(),
            chosen: chosen_for(&self.run, self.session.bounds),
            open: self.session.note,
            dispatch: self.dispatch.clone(),
            tell: self.tell.clone(),
        })
    }

    /// The cut that is chosen.
    pub fn choice(&self) -> Option<CutProps> {
        let (run, dispatch) = (self.run.clone(), self.dispatch.clone());
        run.choice().map(|choice| CutProps { run, choice, dispatch })
    }
}

/// Hears what a held message does to a run; nothing, when the hand is empty again.
pub type Hear = Callback<Option<Preview>>;
/// Of two runs, each.
pub type Hears = [Hear; 2];

/// The two runs of a comparison, the upper one first.
pub struct Runs<'a> {
    states: [&'a Rc<State>; 2],
    held: [Option<&'a Preview>; 2],
    both: [Callback<Action>; 2],
}

impl<'a> Runs<'a> {
    /// The runs that are shown: the previews, while a message is held.
    pub fn traces(&self) -> [&'a Rc<Trace>; 2] {
        [0, 1].map(|place| self.held[place].map_or(&self.states[place].trace, |held| &held.trace))
    }

    /// The message in the hand in one of them.
    pub fn held(&self, place: usize) -> Option<&'a Preview> {
        self.held[place]
    }

    /// A run before the move, if there was one just now.
    fn before(&self, place: usize) -> Option<ByPointer<Trace>> {
        let held = self.held[place].map(|held| held.before.clone());
        held.or_else(|| self.states[place].ghost.clone()).map(ByPointer)
    }

    /// What is said of the promises of one of them.
    pub fn verdicts(&self, place: usize) -> VerdictsProps {
        VerdictsProps {
            trace: ByPointer(self.traces()[place].clone()),
            before: self.before(place),
            steps: self.states[place].steps,
            stands: Some([words::ABOVE, words::BELOW][place]),
            dispatch: self.both[place].clone(),
        }
    }

    /// What is said of the promises of both.
    pub fn all_verdicts(&self) -> BothProps {
        BothProps { above: self.verdicts(0), below: self.verdicts(1) }
    }

    /// What the notes tell of both.
    pub fn notes(&self) -> PairProps {
        let before = self.before(0).zip(self.before(1)).map(|(above, below)| [above, below]);
        PairProps { runs: self.traces().map(|trace| ByPointer(trace.clone())), before, dispatch: self.both[0].clone() }
    }
}

/// What the reader has said of how far a search of this run goes.
pub fn chosen_for(run: &Snapshot, chosen: Option<(&'static dyn AnyProtocol, Bounds)>) -> Option<Bounds> {
    chosen.filter(|(protocol, _)| *protocol == run.scenario().protocol).map(|(_, bounds)| bounds)
}

/// Notes that the figure cannot show: the tool's use, an empty run, a limit that was met.
fn remark(run: &Snapshot) -> Html {
    let limit = match run.trace.ending {
        Ending::Limit(limit) => Some(limit.to_string()),
        Ending::Horizon | Ending::Quiet => None,
    };
    let empty = run.trace.messages.is_empty().then(|| words::EMPTY.to_owned());
    let hint = tools::hint(run.tool);
    // On a narrow screen the sheet tells the tool's use.
    let class = classes!("remark", hint.map(|_| "of-tool"));
    html! { <p {class} role="status">{ hint.map(str::to_owned).or(limit).or(empty) }</p> }
}
