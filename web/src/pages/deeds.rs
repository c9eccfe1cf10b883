//! What is heard from a run's figures, and where it is seen.

use crate::browser;
use crate::state::options::{Colour, Embed, Theme};
use crate::state::run::Action;
use crate::state::session::{Preview, SessionAction};
use crate::state::snapshot::Snapshot;
use std::cell::Cell;
use yew::prelude::*;

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
