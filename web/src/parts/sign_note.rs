//! The commands under what is said of a sign: beside it in the figure, and in the sheet of narrow screens.

use crate::state::address::Route;
use crate::words;
use yew::prelude::*;

/// To the page of all signs, and away with the note.
pub fn commands(got: Callback<()>) -> Html {
    html! { <>
        <a class="btn" href={Route::Signs.href()}>{ words::ALL_SIGNS }</a>
        <button type="button" onclick={got.reform(|_: MouseEvent| ())}>{ words::GOT_IT }</button>
    </> }
}
