//! Keeps a search at work while the page goes on, in a worker where one can be started.

mod work;

pub use work::work;

use crate::browser;
use crate::state::run::{Action, Selection};
use crate::state::search_job::{SearchStatus, open};
use crate::state::session::{Open, Session, SessionAction};
use crate::state::snapshot::Snapshot;
use work::Engine;
use yew::prelude::*;

/// Keeps a search going, and shows what it finds: at once if the reader has done nothing else meanwhile.
#[hook]
pub fn use_search(run: &Snapshot, session: &Session, dispatch: &Callback<Action>, tell: &Callback<SessionAction>) {
    let job = session.search.as_ref();
    let (heard, close) = (tell.reform(SessionAction::Heard), tell.clone());
    // Another run is opened, beside this one or instead of it: the search was about this one alone.
    let lost = job.is_some_and(|job| run.beside.is_some() || !job.is_about(run.scenario()));
    use_effect_with(lost, move |lost| {
        if *lost {
            close.emit(SessionAction::Search(None));
        }
    });
    let going = job.filter(|job| job.status == SearchStatus::Going).map(|job| job.request.clone());
    use_effect_with(going, move |going| {
        if going.is_some() {
            browser::reveal(".search-notes");
        }
        let engine = going.as_ref().map(|request| Engine::start(request.text(), heard));
        move || drop(engine)
    });
    let (run, dispatch) = (run.clone(), dispatch.clone());
    // Nothing is put under a hand that holds a message, or behind a dialog about the run as it is.
    let free = session.preview.is_none() && session.open == Open::Nothing && !session.playing && !session.stepping;
    let origin = job.filter(|_| free).map(|job| job.request.origin.clone());
    use_effect_with(job.and_then(|job| job.found.clone()), move |found| {
        let (Some(found), Some(origin)) = (found, origin) else { return };
        let here = run.scenario();
        if found.longer.as_ref() == Some(here) {
            // Who looks at another moment of the longer run goes on looking.
            let looks_elsewhere = run.trace.events.last().is_some_and(|last| run.cursor < last.at);
            if looks_elsewhere || run.selection != Selection::Nothing {
                return;
            }
            dispatch.emit(Action::Undo);
        } else if *here != *origin || found.longer.as_ref().is_some_and(|longer| run.has_undone(longer)) {
            // The reader has gone on, or does not want to see it.
            return;
        }
        // The figure is what was looked for.
        browser::scroll_to_top();
        dispatch.emit(open(found));
    });
}
