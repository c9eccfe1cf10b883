//! What stands around a run: the notes, the sheet of narrow screens, the table of events, the dialog of keys.

use crate::pages::keys_help;
use crate::pages::shown::{Shown, edit};
use crate::panels::cut::cut;
use crate::panels::list;
use crate::panels::margin::{self, MarginProps, Two};
use crate::panels::sheet::{self, SheetProps};
use crate::panels::steps::{self, StepsProps};
use crate::parts::memo::memo;
use crate::state::run::Action;
use crate::state::session::SessionAction;
use crate::words;
use lightcone_engine::{Time, Trace};
use yew::prelude::*;

/// The margin, or what a cut or step mode puts in its place.
pub fn side(shown: &Shown<'_>) -> Html {
    let Shown { props, session, .. } = shown;
    let (run, dispatch) = (shown.run.clone(), shown.dispatch.clone());
    if let Some(choice) = shown.choice() {
        return memo(choice, cut);
    }
    if session.stepping {
        return memo(StepsProps { run, dispatch, glance: shown.tell.reform(SessionAction::Glance) }, steps::steps);
    }
    let (trace, before) = (shown.trace.clone(), shown.before.clone());
    let search = session.search.is_some() && props.run.beside.is_none();
    let pair = props.run.beside.as_ref().map(|beside| Two {
        above: props.run.clone(),
        runs: shown.two(beside).notes(),
        stands: if beside.heeded { words::BELOW } else { words::ABOVE },
    });
    let margin_of = MarginProps { run, trace, before, held: shown.held, open: session.note, search, dispatch, pair };
    memo(margin_of, margin::margin)
}

/// What a narrow screen has instead of the margin.
pub fn sheet(shown: &Shown<'_>) -> Html {
    let Shown { run, session, .. } = shown;
    sheet::sheet(&SheetProps {
        run,
        alone: shown.props.run.beside.is_none(),
        trace: &shown.trace,
        before: shown.before.clone(),
        held: shown.held,
        open: session.note,
        sign: session.sign.as_deref(),
        got: shown.tell.reform(|()| SessionAction::Explain(None)),
        cut: shown.choice(),
        search: shown.searched(),
        draws: shown.draws,
        show: shown.tell.reform(SessionAction::Note),
        stepping: session.stepping,
        step: &shown.tell.reform(|()| SessionAction::Step),
        edit: edit(run, &shown.dispatch),
        dispatch: &shown.dispatch,
    })
}

/// The events as a table, in the place of the figure.
pub fn list(shown: &Shown<'_>) -> Html {
    memo(list::ListProps { run: shown.run.clone(), dispatch: shown.dispatch.clone() }, list::list)
}

/// The dialog of keys.
pub fn keys(shown: &Shown<'_>) -> Html {
    keys_help::keys_help(shown.session, &shown.tell)
}

/// Step mode: takes the choice at this place, if there are so many.
pub fn choose(trace: &Trace, cursor: Time, dispatch: &Callback<Action>, place: usize) -> bool {
    let choices = steps::choices(trace, cursor);
    choices.get(place).is_some_and(|choice| {
        steps::take(dispatch, choice);
        true
    })
}
