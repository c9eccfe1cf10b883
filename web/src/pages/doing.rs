//! What goes on around a run without being seen: it plays, a search works, keys are heard.

use crate::browser::Press;
use crate::pages::shortcuts::{Keys, use_keys};
use crate::panels::player::use_player;
use crate::search::use_search;
use crate::state::run::Action;
use crate::state::session::{Session, SessionAction};
use crate::state::snapshot::Snapshot;
use lightcone_figure::by_pointer::ByPointer;
use lightcone_search::Target;
use std::cell::RefCell;
use yew::prelude::*;

/// Keys that were pressed before anything here was there to hear them.
pub type Kept = ByPointer<RefCell<Vec<Press>>>;

/// The inputs of [`Doing`].
#[derive(Properties, PartialEq)]
pub struct DoingProps {
    /// The page's state.
    pub run: Snapshot,
    /// What lies around it.
    pub session: ByPointer<Session>,
    /// Whether the page is a part of another.
    pub embedded: bool,
    /// Called with each action.
    pub dispatch: Callback<Action>,
    /// Called with each session action.
    pub tell: Callback<SessionAction>,
    /// Starts and stops playing.
    pub play: Callback<()>,
    /// Searches from here for what is told; asks if nothing is.
    pub search: Callback<Option<Target>>,
    /// Opens the editor.
    pub edit: Callback<()>,
    /// The keys that were pressed before.
    pub kept: Kept,
}

/// Hears the keys of the page, and keeps a search at work. Draws nothing.
#[component]
pub fn Doing(props: &DoingProps) -> Html {
    let DoingProps { run, session, dispatch, tell, .. } = props;
    use_search(run, session, dispatch, tell);
    let keys = Keys {
        run: run.clone(),
        session: session.0.clone(),
        embedded: props.embedded,
        dispatch: dispatch.clone(),
        tell: tell.clone(),
        play: props.play.clone(),
        search: props.search.clone(),
        edit: props.edit.clone(),
    };
    use_keys(keys, &props.kept);
    Html::default()
}

/// The inputs of [`Player`].
#[derive(Properties, PartialEq)]
pub struct PlayerProps {
    /// The page's state.
    pub run: Snapshot,
    /// What lies around it.
    pub session: ByPointer<Session>,
    /// Called with each action.
    pub dispatch: Callback<Action>,
    /// Called with each session action.
    pub tell: Callback<SessionAction>,
}

/// Moves the cursor while the run plays. Draws nothing.
#[component]
pub fn Player(props: &PlayerProps) -> Html {
    let PlayerProps { run, session, dispatch, tell } = props;
    // A cut that is tried begins at the cursor, which waits until it is kept or taken back.
    let plays = session.playing && session.seen && run.choice().is_none();
    use_player(run, plays, session.speed, dispatch, &tell.reform(|()| SessionAction::Stop));
    Html::default()
}

/// Keeps the keys that are pressed while `hears` is not, and says when there is one.
#[hook]
pub fn use_kept(hears: bool, pressed: Callback<()>) -> Kept {
    let kept = (*use_memo((), |()| Kept::default())).clone();
    let here = use_mut_ref(|| false);
    here.replace(hears);
    let keeps = kept.clone();
    use_effect_with((), move |()| {
        let listener = crate::browser::on_key(Callback::from(move |press: Press| {
            if !*here.borrow() && may_be_own(&press) && keeps.borrow().len() < MOST {
                press.take();
                keeps.borrow_mut().push(press);
                pressed.emit(());
            }
        }));
        move || drop(listener)
    });
    kept
}

/// So many keys are kept at most.
const MOST: usize = 32;

/// Whether the page may have a use for a key: what it has none for is the browser's.
fn may_be_own(press: &Press) -> bool {
    let one = press.key.chars().count() == 1;
    match press.command {
        _ if press.typing => false,
        true => press.key.eq_ignore_ascii_case("z") || press.key.eq_ignore_ascii_case("y"),
        false if press.key == " " => !press.presses,
        false => one || matches!(press.key.as_str(), "Home" | "End" | "Escape"),
    }
}
