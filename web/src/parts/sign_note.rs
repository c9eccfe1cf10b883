//! What is said of a sign: beside it in the figure, and in the sheet of narrow screens.

use crate::state::address::Route;
use crate::state::signs::Told;
use crate::words;
use yew::prelude::*;

/// The sign's name and its two sentences, and the ways on: to the page of all signs, and away with the note.
pub fn sign_note(told: &Told, got: Callback<()>) -> Html {
    html! { <>
        <p class="subj">{ told.name }</p>
        <p>{ &told.said }</p>
        <div class="cmds">
            <a class="btn" href={Route::Signs.href()}>{ words::ALL_SIGNS }</a>
            <button type="button" onclick={got.reform(|_: MouseEvent| ())}>{ words::GOT_IT }</button>
        </div>
    </> }
}
