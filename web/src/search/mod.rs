//! Keeps a search at work while the page goes on, in a worker where one can be started.

pub mod par;
mod work;

pub use work::{Begin, Engine, Slices, begin, begin_with, par_with, work};

use crate::state::run::{Action, Selection};
use crate::state::search_job::{SearchStatus, open};
use crate::state::session::{Open, Session, SessionAction};
use crate::state::snapshot::Snapshot;
use crate::{browser, words};
use yew::prelude::*;

/// Keeps a search going, and shows what it finds: at once if the reader has done nothing else meanwhile.
#[hook]
pub fn use_search(run: &Snapshot, session: &Session, dispatch: &Callback<Action>, tell: &Callback<SessionAction>) {
    let job = session.search.as_ref();
    let (heard, close) = (tell.reform(|(share, said)| SessionAction::Heard(share, said)), tell.clone());
    // Another run is opened, beside this one or instead of it: the search was about this one alone.
    let lost = job.is_some_and(|job| run.beside.is_some() || !job.is_about(run.scenario()));
    use_effect_with(lost, move |lost| {
        if *lost {
            close.emit(SessionAction::Search(None));
        }
    });
    let asked = job.is_some_and(|job| job.status == SearchStatus::Asked);
    use_effect_with(asked, |asked| {
        if *asked {
            browser::reveal(".search-notes");
            browser::focus_on(words::TARGETS);
        }
    });
    let going = job.filter(|job| job.status == SearchStatus::Going).map(|job| job.request.clone());
    let engine = use_mut_ref(Engine::default);
    use_effect_with(going, move |going| {
        let shares = going.iter().flat_map(|request| (0..request.shares).map(|share| request.text(share))).collect();
        if engine.borrow_mut().go_on_with(shares, &heard) {
            browser::reveal(".search-notes");
        }
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
            browser::scroll_to_top();
            return dispatch.emit(Action::Exchange(Box::new(found.scenario.clone()), Some(found.begins)));
        } else if *here != *origin || found.longer.as_ref().is_some_and(|longer| run.has_undone(longer)) {
            // The reader has gone on, or does not want to see it.
            return;
        }
        // The figure is what was looked for.
        browser::scroll_to_top();
        dispatch.emit(open(found));
    });
}
