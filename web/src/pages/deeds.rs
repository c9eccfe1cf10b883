//! What the commands around a run do, and what is heard from its figures.

use crate::browser;
use crate::pages::late::{self, Part};
use crate::pages::shown::chosen_for;
use crate::state::options::{Colour, Embed, Theme};
use crate::state::page::PageAction;
use crate::state::run::{Action, Selection};
use crate::state::session::{Preview, Session, SessionAction};
use crate::state::snapshot::Snapshot;
use lightcone_search::Target;
use std::cell::Cell;
use yew::prelude::*;

/// Searches for a run that does what is told, from the cursor first; if nothing is told, asks the reader.
pub fn search(
    run: &Snapshot,
    session: &Session,
    tell: &Callback<SessionAction>,
    dispatch: &Callback<Action>,
    act: &Callback<PageAction>,
) -> Callback<Option<Target>> {
    let (run, chosen, tell, dispatch) = (run.clone(), session.bounds, tell.clone(), dispatch.clone());
    let act = act.clone();
    Callback::from(move |target: Option<Target>| {
        let (run, tell, dispatch, act) = (run.clone(), tell.clone(), dispatch.clone(), act.clone());
        let asked = Callback::from(move |_: bool| {
            let Some(part) = late::parts().search else { return act.emit(PageAction::Miss) };
            let wanted = target.unwrap_or(Target::AnyBreach);
            let request = (part.request)(&run.trace, run.cursor, chosen_for(&run, chosen), wanted);
            let request = request.among(browser::workers());
            tell.emit(if target.is_some() {
                SessionAction::Search(Some(request))
            } else {
                SessionAction::Ask(request)
            });
            dispatch.emit(Action::Select(Selection::Nothing));
        });
        late::when_here(Part::Search, asked);
    })
}

/// Opens the editor, once what writes texts is here.
pub fn edit(run: &Snapshot, dispatch: &Callback<Action>, act: &Callback<PageAction>) -> Callback<()> {
    let (run, dispatch, act) = (run.clone(), dispatch.clone(), act.clone());
    Callback::from(move |()| {
        let (run, dispatch, act) = (run.clone(), dispatch.clone(), act.clone());
        let here = Callback::from(move |_: bool| match late::parts().around {
            Some(part) => (part.edit)(&run, &dispatch).emit(()),
            None => act.emit(PageAction::Miss),
        });
        late::when_here(Part::Around, here);
    })
}

/// Watches whether an embedded figure can be seen: it plays only then, and starts by itself if it is to.
#[hook]
pub fn use_sight(embed: Option<Embed>, tell: &Callback<SessionAction>) {
    let tell = tell.clone();
    use_effect_with(embed, move |embed| {
        let waits = Cell::new(embed.is_some_and(|embed| embed.autoplay && !embed.poster) && !browser::reduced_motion());
        let sight = embed.and_then(|embed| {
            browser::set_theme(embed.theme.map_or("", Theme::name));
            for (name, colour) in [("--paper", embed.paper), ("--hand", embed.accent), ("--focus", embed.accent)] {
                browser::set_colour(name, &colour.map(Colour::css).unwrap_or_default());
            }
            browser::on_sight(Callback::from(move |now| {
                tell.emit(SessionAction::See(now));
                if now && waits.take() {
                    tell.emit(SessionAction::Play);
                }
            }))
        });
        move || drop(sight)
    });
}

/// Hears what a held message does to the run in which it is held, and tells what it does to that and to the other one.
/// The notes tell of the run under the hand.
pub fn hears(
    run: &Snapshot,
    below: bool,
    dispatch: &Callback<Action>,
    tell: &Callback<SessionAction>,
) -> Callback<Option<Preview>> {
    let (run, dispatch, tell) = (run.clone(), dispatch.clone(), tell.clone());
    Callback::from(move |held: Option<Preview>| {
        let beside = run.beside.as_ref();
        let twin =
            held.as_ref().zip(beside).map(|(held, beside)| held.in_run(if below { &run } else { &beside.below }));
        if held.is_some() && beside.is_some_and(|beside| beside.heeded != below) {
            dispatch.emit(Action::Heed(below));
        }
        tell.emit(SessionAction::Hold(if below { [twin, held] } else { [held, twin] }));
    })
}
