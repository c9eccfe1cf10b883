//! The dialog that shares a run: the link with its length in plain words, and the scenario as a text.

use crate::browser;
use crate::icons::{Icon, icon};
use crate::library;
use crate::same::Same;
use crate::words;
use lightcone::Trace;
use lightcone::scenario::text;
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

/// A dialog over the page. Escape, its button and a click beside it close it.
#[component]
pub fn Dialog(props: &DialogProps) -> Html {
    let dialog = use_node_ref();
    {
        let dialog = dialog.clone();
        use_effect_with((), move |()| browser::show_dialog(&dialog));
    }
    let closed = props.closed.reform(|_: Event| ());
    let close = props.closed.reform(|_: MouseEvent| ());
    let beside = {
        let (dialog, closed) = (dialog.clone(), props.closed.clone());
        Callback::from(move |event: MouseEvent| {
            if browser::is_target(&event, &dialog) {
                closed.emit(());
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

/// What [`Share`] is given.
#[derive(Properties, PartialEq)]
pub struct ShareProps {
    /// The run to share.
    pub trace: Same<Trace>,
    /// The dialog was closed.
    pub closed: Callback<()>,
}

/// The dialog "Share this run".
#[component]
pub fn Share(props: &ShareProps) -> Html {
    let as_text = use_state(|| false);
    let bare = use_state(|| false);
    let scenario = if *bare { props.trace.scenario.without_moves() } else { (*props.trace.scenario).clone() };
    let tab = |name: &'static str, this: bool| {
        let (selected, as_text) = ((*as_text == this).to_string(), as_text.clone());
        let onclick = Callback::from(move |_: MouseEvent| as_text.set(this));
        html! { <button type="button" role="tab" aria-selected={selected} aria-controls="share-panel" {onclick}>{ name }</button> }
    };
    let leave_out = {
        let bare = bare.clone();
        Callback::from(move |_: Event| bare.set(!*bare))
    };
    html! {
        <Dialog title={words::SHARE_THIS_RUN} closed={props.closed.clone()}>
            <div class="tabs" role="tablist" aria-label={words::SHARE}>
                { tab(words::SHARE_LINK, false) }
                { tab(words::SHARE_TEXT, true) }
            </div>
            <div id="share-panel" role="tabpanel">
                if *as_text {
                    <Copied value={text::encode(&scenario)} rows={10} />
                    <p class="hint">{ words::TEXT_HINT }</p>
                } else {
                    { link(&scenario) }
                }
                if !props.trace.scenario.moves.is_empty() {
                    <label class="opt">
                        <input type="checkbox" checked={*bare} onchange={leave_out} />{ words::WITHOUT_MOVES }
                    </label>
                }
            </div>
        </Dialog>
    }
}

fn link(scenario: &lightcone::Scenario) -> Html {
    let route = library::route(scenario);
    let link = format!("{}{}", browser::address(), route.href());
    let hint = words::link_length(route.href().len(), scenario.moves.len());
    html! {
        <>
            <Copied value={link} rows={1} />
            <p class="hint">{ hint }</p>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct CopiedProps {
    value: AttrValue,
    rows: u32,
}

/// A text to copy. Where the clipboard is not allowed, the text is selected instead.
#[component]
fn Copied(props: &CopiedProps) -> Html {
    let field = use_node_ref();
    let said = use_state(|| None::<bool>);
    {
        let said = said.clone();
        use_effect_with(props.value.clone(), move |_| said.set(None));
    }
    let copy = {
        let (value, said, field) = (props.value.clone(), said.clone(), field.clone());
        Callback::from(move |_: MouseEvent| {
            let (said, field) = (said.clone(), field.clone());
            let done = Callback::from(move |done: bool| {
                if !done {
                    browser::select_all(&field);
                }
                said.set(Some(done));
            });
            browser::copy(&value, done);
        })
    };
    let name = if *said == Some(true) { words::COPIED } else { words::COPY };
    html! {
        <>
            <div class={if props.rows > 1 { "field many" } else { "field" }}>
                if props.rows > 1 {
                    <textarea ref={field} readonly=true rows={props.rows.to_string()} aria-label={words::SHARE_TEXT} value={props.value.clone()} />
                } else {
                    <input ref={field} readonly=true aria-label={words::SHARE_LINK} value={props.value.clone()} />
                }
                <button type="button" class="btn main" onclick={copy}>{ name }</button>
            </div>
            <p class="hint" role="status">{ (*said == Some(false)).then_some(words::COPY_YOURSELF) }</p>
        </>
    }
}
