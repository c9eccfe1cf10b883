//! The two figures of a comparison.

use crate::figure::{Explain, Pair};
use crate::pages::shown::{Hear, Hears, Runs, Shown};
use crate::panels::verdicts::verdict_line;
use crate::parts::icons::{Icon, icon};
use crate::parts::memo::memo;
use crate::state::beside::{self, Beside};
use crate::state::run::Action;
use crate::state::snapshot::Snapshot;
use crate::words;
use lightcone_figure::draw::Parting;
use lightcone_figure::plane::geometry::Stands;
use lightcone_figure::read::changes;
use lightcone_figure::read::views::same_views;
use yew::prelude::*;

/// The figure of the run, and below it that of the other.
pub fn pair(shown: &Shown<'_>, beside: &Beside, hear: &Hears, on_sign: &Explain) -> Html {
    let both = shown.two(beside);
    let [above, below] = both.traces();
    let parts = changes::first_difference(above, below);
    let names = beside::names(shown.props.run.scenario(), &beside.settings);
    let alike = same_views(above, below);
    let figure = |place: usize, state: Snapshot, on_preview: Hear| {
        let stands = [Stands::Above, Stands::Below][place];
        let parting = parts.map(|at| Parting { at, repeats: place == 1 });
        let alike = alike.iter().map(|nodes| nodes[place]).collect();
        let pair = Pair { stands, name: names[place].clone().into(), parting, twin: both.held(place).cloned(), alike };
        let missing = both.held(place).is_some_and(|held| !held.finds_it());
        html! {
            <section class={["run above", "run below"][place]} aria-label={names[place].clone()}>
                <div class="run-head">
                    <h2>{ &names[place] }</h2>
                    { memo(both.verdicts(place), verdict_line) }
                    if missing { <span class="hand">{ words::NO_SUCH_MESSAGE }</span> }
                </div>
                { shown.figure(state, place, (on_preview, on_sign), Some(pair)) }
            </section>
        }
    };
    html! {
        <div class="pair" data-heeds={if beside.heeded { "below" } else { "above" }}>
            { switch(shown, beside, &names, &both) }
            { figure(0, shown.props.run.clone(), hear[0].clone()) }
            { figure(1, Snapshot(beside.below.clone()), hear[1].clone()) }
        </div>
    }
}

/// Which of the two runs a narrow screen shows.
fn switch(shown: &Shown<'_>, beside: &Beside, names: &[String; 2], both: &Runs<'_>) -> Html {
    let button = |place: usize| {
        let below = place == 1;
        let sign = if both.traces()[place].first_violation().is_some() { Icon::Broken } else { Icon::Tick };
        let onclick = shown.both[0].reform(move |_: MouseEvent| Action::Heed(below));
        html! {
            <button type="button" aria-pressed={(beside.heeded == below).to_string()} {onclick}>{ icon(sign) }{ &names[place] }</button>
        }
    };
    html! { <div class="seg" role="group" aria-label={words::WHICH_RUN}>{ button(0) }{ button(1) }</div> }
}
