//! Two runs of one schedule in the margin: where they part, and what a move changed in both of them or in one.

use super::moves::logged;
use crate::state::run::Action;
use crate::words;
use lightcone_engine::Trace;
use lightcone_figure::by_pointer::ByPointer;
use lightcone_figure::read::changes::{self, Change};
use lightcone_figure::read::parting::{Changes, Parting, changed, parting};
use lightcone_figure::read::sentences::{moment, sentence};
use lightcone_figure::read::views::same_views;
use yew::prelude::*;

/// The inputs of [`pair`].
#[derive(Clone, PartialEq)]
pub struct PairProps {
    /// The two runs, the upper one first.
    pub runs: [ByPointer<Trace>; 2],
    /// The two runs before the move, if there was one just now.
    pub before: Option<[ByPointer<Trace>; 2]>,
    /// Called with each action.
    pub dispatch: Callback<Action>,
}

/// Where the runs part; then what the move changed, or if there was none, what is different.
pub fn pair(props: &PairProps) -> Html {
    let [above, below] = &props.runs;
    let parts = parting(above, below);
    let alike: Vec<String> = same_views(above, below).iter().map(|[node, _]| above.name(*node)).collect();
    let (head, told) = match &props.before {
        Some([above_before, below_before]) => {
            (words::WHAT_CHANGED, changed([above_before, above], [below_before, below]))
        }
        None => (words::WHAT_DIFFERS, Changes { both: different(above, below), ..Changes::default() }),
    };
    let logs = [(None, told.both), (Some(words::ONLY_ABOVE), told.above), (Some(words::ONLY_BELOW), told.below)];
    let logs: Vec<Html> =
        logs.iter().filter(|log| !log.1.is_empty()).map(|(head, log)| logged_under(props, *head, log)).collect();
    html! { <>
        <section class="parting">
            <h2>{ words::WHERE_THEY_PART }</h2>
            <p class="note">{ parts.map_or_else(|| words::NEVER_PART.into(), |parts| told_of(props, &parts)) }</p>
            if !alike.is_empty() { <p class="note">{ words::see_the_same(&alike) }{ words::MARKED_ALIKE }</p> }
        </section>
        if props.before.is_some() || !logs.is_empty() {
            <section>
                <h2>{ head }</h2>
                if logs.is_empty() { <p class="note">{ words::NOTHING_CHANGED }</p> }
                { logs }
            </section>
        }
    </> }
}

/// "At 150 ms c2 receives N2’s answer. Above: is answered: 2. Below: sends write-back to N1, N2 and N3."
fn told_of(props: &PairProps, Parting { at, both, each: [above, below] }: &Parting) -> Html {
    let at = *at;
    let look = props.dispatch.reform(move |_: MouseEvent| Action::Look(at));
    let both = both.as_ref().map(|both| format!(" {both}")).unwrap_or_default();
    let rest = format!("{both}. {}: {above}. {}: {below}.", sentence(words::ABOVE), sentence(words::BELOW));
    html! { <>
        { "At " }<button type="button" class="time num" onclick={look}>{ format!("{} ms", moment(at)) }</button>{ rest }
    </> }
}

/// What the lower run has that the upper one has not; verdicts stand under the figures.
fn different(above: &Trace, below: &Trace) -> Vec<Change> {
    changes::between(above, below).into_iter().filter(|change| change.weight < changes::OF_A_VERDICT).collect()
}

fn logged_under(props: &PairProps, head: Option<&'static str>, changes: &[Change]) -> Html {
    html! { <>
        { for head.map(|head| html! { <h3>{ head }</h3> }) }
        <ol class="log">{ for changes.iter().map(|change| logged(Some(&props.dispatch), 1, change)) }</ol>
    </> }
}
