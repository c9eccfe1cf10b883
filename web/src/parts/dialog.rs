//! A dialog over the page.

use super::icons::{Icon, icon};
use crate::browser;
use crate::words;
use yew::prelude::*;

/// What [`Dialog`] is given.
#[derive(Properties, PartialEq)]
pub struct DialogProps {
    /// Its name.
    pub title: AttrValue,
    /// It was closed.
    pub closed: Callback<()>,
    /// What is in it.
    pub children: Html,
}

/// A dialog over the page. Escape, its button and a click beside it close it; the focus goes back to where it was.
#[component]
pub fn Dialog(props: &DialogProps) -> Html {
    let dialog = use_node_ref();
    {
        let dialog = dialog.clone();
        use_effect_with((), move |()| browser::show_dialog(&dialog));
    }
    let closed = props.closed.reform(|_: Event| ());
    let close = {
        let dialog = dialog.clone();
        Callback::from(move |_: MouseEvent| browser::close_dialog(&dialog))
    };
    let beside = {
        let dialog = dialog.clone();
        Callback::from(move |event: MouseEvent| {
            if browser::is_target(&event, &dialog) {
                browser::close_dialog(&dialog);
            }
        })
    };
    html! {
        <dialog ref={dialog} class="pop" aria-labelledby="dialog-title" onclose={closed} onclick={beside}>
            <div class="pop-in">
                <h2 id="dialog-title">{ &props.title }
                    <button type="button" class="sign" aria-label={words::CLOSE} onclick={close}>{ icon(Icon::Close) }</button>
                </h2>
                { props.children.clone() }
            </div>
        </dialog>
    }
}
