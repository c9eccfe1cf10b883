//! Two runs of one schedule in the margin: where they part, and what a move changed in both of them or in one.

use super::moves::logged;
use crate::state::run::Action;
use crate::words;
use lightcone_engine::Trace;
use lightcone_figure::by_pointer::ByPointer;
use lightcone_figure::read::changes::{self, Change};
use lightcone_figure::read::parting::{Parting, changed, parting};
use lightcone_figure::read::sentences::{moment, sentence};
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
    let differ = parts.is_some();
    let rest = match &props.before {
        Some([above_before, below_before]) => {
            let told = changed([above_before, above], [below_before, below]);
            let nothing = told.both.is_empty() && told.above.is_empty() && told.below.is_empty();
            html! { <section>
                <h2>{ words::WHAT_CHANGED }</h2>
                if nothing { <p class="note">{ words::NOTHING_CHANGED }</p> }
                { log(props, None, &told.both) }
                { log(props, Some(words::ONLY_ABOVE), &told.above) }
                { log(props, Some(words::ONLY_BELOW), &told.below) }
            </section> }
        }
        None if differ => html! { <section>
            <h2>{ words::WHAT_DIFFERS }</h2>
            { log(props, None, &different(above, below)) }
        </section> },
        None => Html::default(),
    };
    html! { <>
        <section class="parting">
            <h2>{ words::WHERE_THEY_PART }</h2>
            { parts.map_or_else(|| html! { <p class="note">{ words::NEVER_PART }</p> }, |parts| told(props, &parts)) }
        </section>
        { rest }
    </> }
}

/// "At 150 ms c2 receives N2’s answer. Above: is answered: 2. Below: sends write-back to N1, N2 and N3."
fn told(props: &PairProps, Parting { at, both, each: [above, below] }: &Parting) -> Html {
    let at = *at;
    let look = props.dispatch.reform(move |_: MouseEvent| Action::Look(at));
    let both = both.as_ref().map(|both| format!(" {both}.")).unwrap_or_else(|| ":".to_owned());
    html! {
        <p class="note">
            { "At " }<button type="button" class="time num" onclick={look}>{ format!("{} ms", moment(at)) }</button>{ both }
            { format!(" {}: {above}. {}: {below}.", sentence(words::ABOVE), sentence(words::BELOW)) }
        </p>
    }
}

/// What the lower run has that the upper one has not; verdicts stand under the figures.
fn different(above: &Trace, below: &Trace) -> Vec<Change> {
    changes::between(above, below).into_iter().filter(|change| change.weight < changes::OF_A_VERDICT).collect()
}

fn log(props: &PairProps, head: Option<&'static str>, changes: &[Change]) -> Html {
    if changes.is_empty() {
        return Html::default();
    }
    html! { <>
        if let Some(head) = head { <h3>{ head }</h3> }
        <ol class="log">{ for changes.iter().map(|change| logged(Some(&props.dispatch), 1, change)) }</ol>
    </> }
}
