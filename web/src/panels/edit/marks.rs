//! What stands behind the text: line numbers, dots, wavy lines, and why a line is left out.

use crate::state::edit::complete::Completion;
use crate::state::edit::reading::{Reading, changed};
use lightcone_engine::Trace;
use lightcone_engine::run::trace::Outcome;
use lightcone_figure::by_pointer::ByPointer;
use lightcone_formats::text::{Problem, TextError};
use std::rc::Rc;
use yew::prelude::*;

/// Words that are shown at once.
const SHOWN: usize = 7;

/// The inputs of [`marks`].
#[derive(PartialEq)]
pub struct MarksProps {
    /// The text that is edited.
    pub text: Rc<str>,
    /// The text before it was edited.
    pub base: Rc<str>,
    /// The run that the text describes.
    pub trace: ByPointer<Trace>,
    /// The place of the line in which the reader writes, counted from 0.
    pub caret: Option<usize>,
    /// What may stand at the caret, as it is drawn.
    pub popup: Option<(Completion, Option<usize>)>,
    /// Takes the item of this place.
    pub take: Callback<usize>,
}

/// Draws a mark for each line, as high as the line is in the field over it.
pub fn marks(props: &MarksProps) -> Html {
    let reading = Reading::of(&props.text);
    let changed = changed(&props.base, &props.text);
    let said = remarks(props, &reading);
    let lines = props.text.split('\n').enumerate().map(|(place, line)| {
        let number = place as u32 + 1;
        let here = props.caret == Some(place);
        // A line that is being written is not wrong because its end is missing.
        let error = reading.error(number).filter(|error| !(here && is_begun(error)));
        let why = error.map(|error| error.problem.to_string());
        let quiet = said.iter().find(|(each, _)| *each == number).map(|(_, why)| why.clone());
        let you = changed.get(place).is_some_and(|you| *you);
        let class = classes!("mark", you.then_some("you"), here.then_some("here"), error.map(|_| "wrong"));
        html! {
            <div {class}>
                <span class="ln num" aria-hidden="true">{ number }</span>
                <code aria-hidden="true">{ underlined(line, error.map(|error| error.problem.word())) }{ "\u{200b}" }</code>
                if let Some(why) = why { <p class="why">{ why }</p> }
                if let Some(why) = quiet { <p class="why q">{ why }</p> }
                if here { { popup(props) } }
            </div>
        }
    });
    html! { <div class="marks">{ for lines }</div> }
}

/// Whether the line only ends too early.
pub fn is_begun(error: &TextError) -> bool {
    matches!(error.problem, Problem::Missing { .. })
}

/// The line, with a wavy line under the word that is wrong, or under all of it.
fn underlined(line: &str, wrong: Option<Option<&str>>) -> Html {
    let Some(word) = wrong else { return html! { { line } } };
    let body = line.len() - line.trim_start().len();
    let place = word.and_then(|word| {
        let word = word.trim_end_matches('…');
        let at = line.match_indices(word).find(|(at, _)| line[..*at].ends_with([' ', '>']) || *at == 0);
        at.map(|(at, _)| (at, at + word.len()))
    });
    let (from, to) = place.filter(|(from, to)| from < to).unwrap_or((body, line.len()));
    html! { <>{ &line[..from] }<u>{ &line[from..to] }</u>{ &line[to..] }</> }
}

/// What is to be said of lines that can be read: nothing comes of them, or something else.
fn remarks(props: &MarksProps, reading: &Reading) -> Vec<(u32, String)> {
    let edits = reading.edits(&props.text).into_iter();
    let remark = |(number, edit)| match props.trace.outcome(&edit) {
        Outcome::Applied => None,
        Outcome::Changed(why) | Outcome::Unused(why) => Some((number, why.to_string())),
    };
    edits.filter_map(remark).collect()
}

/// The list of words that may stand at the caret.
fn popup(props: &MarksProps) -> Html {
    let Some((completion, chosen)) = &props.popup else { return Html::default() };
    // The list does not scroll: it follows the word that is chosen.
    let first = chosen.map_or(0, |chosen| (chosen + 1).saturating_sub(SHOWN));
    let items = completion.items.iter().enumerate().skip(first).take(SHOWN).map(|(place, item)| {
        let take = props.take.reform(move |_: MouseEvent| place);
        // The field keeps the keyboard.
        let stay = Callback::from(|event: MouseEvent| event.prevent_default());
        let selected = *chosen == Some(place);
        html! {
            <button
                type="button" role="option" tabindex="-1" id={format!("word-{place}")} aria-selected={selected.to_string()}
                onmousedown={stay} onclick={take}
            ><code>{ &item.word }</code><span>{ &item.more }</span><span class="num">{ &item.when }</span></button>
        }
    });
    html! { <div class="comp" role="listbox" id="words" aria-label={crate::words::POSSIBLE_WORDS}>{ for items }</div> }
}
