//! What can be done with a run, at the right of the header: share, and a menu of what is seldom needed.

use crate::parts::icons::{Icon, icon};
use crate::state::address::Route;
use crate::state::page::PageAction;
use crate::state::run::Action;
use crate::{browser, words};
use lightcone_engine::limits::MAX_LOG_BYTES;
use lightcone_search::Target;
use yew::prelude::*;

/// The inputs of [`Commands`].
#[derive(Properties, PartialEq)]
pub struct CommandsProps {
    /// Whether the reader has made a move.
    pub has_moves: bool,
    /// Called with each page action.
    pub act: Callback<PageAction>,
    /// Searches from the cursor on for what is told, or asks if nothing is; none where there are two runs.
    pub search: Option<Callback<Option<Target>>>,
    /// Shows one run alone again, if there are two.
    pub close: Option<Callback<()>>,
    /// Opens the editor.
    pub edit: Callback<()>,
    /// Opens the run as a test, if it was found by a search.
    pub export: Option<Callback<()>>,
    /// Opens the dialog that shares.
    pub share: Callback<()>,
    /// Shows the events as a list, or the figure again.
    pub list: Callback<()>,
    /// Whether it is the list that is shown.
    pub listing: bool,
    /// Opens the list of keys.
    pub keys: Callback<()>,
}

/// The page's menu: what concerns the whole run, not the figure.
#[component]
pub fn Commands(props: &CommandsProps) -> Html {
    let open = use_state(|| false);
    let (file, menu, opener) = (use_node_ref(), use_node_ref(), use_node_ref());
    let share = props.share.reform(|_: MouseEvent| ());
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let close = {
        let open = open.clone();
        Callback::from(move |()| open.set(false))
    };
    let on_key = {
        let (close, opener) = (close.clone(), opener.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.prevent_default();
                close.emit(());
                browser::focus(&opener);
            }
        })
    };
    let on_leave = {
        let (close, menu) = (close.clone(), menu.clone());
        Callback::from(move |event: FocusEvent| {
            if !browser::stays_within(&event, &menu) {
                close.emit(());
            }
        })
    };
    let picked = picked(props, &file);
    let pick = {
        let (file, close) = (file.clone(), close.clone());
        Callback::from(move |()| {
            browser::click(&file);
            close.emit(());
        })
    };
    let keys = props.keys.clone();
    let act = props.act.clone();
    let reset = Callback::from(move |()| act.emit(PageAction::Run(Action::Reset)));
    html! {
        <div class="commands">
            <button type="button" class="roomy" onclick={props.edit.reform(|_: MouseEvent| ())}>{ icon(Icon::Edit) }<span>{ words::EDIT_THIS_RUN }</span></button>
            <button type="button" onclick={share}>{ icon(Icon::Link) }<span>{ words::SHARE }</span></button>
            if let Some(export) = &props.export {
                <button type="button" class="roomy" onclick={export.reform(|_: MouseEvent| ())}>{ icon(Icon::Export) }<span>{ words::EXPORT_TEST }</span></button>
            }
            <div class="menu-anchor" ref={menu} onkeydown={on_key} onfocusout={on_leave}>
                <button
                    type="button" class="sign" ref={opener} aria-label={words::MORE} aria-expanded={open.to_string()} onclick={toggle}
                >
                    { icon(Icon::More) }
                </button>
                if *open {
                    <ul class="menu">
                        if let Some(search) = &props.search {
                            { item(words::BREAK_IT, search.reform(|()| Some(Target::AnyBreach)), close.clone()) }
                            { item(words::FIND_ONE, search.reform(|()| None), close.clone()) }
                        }
                        { for props.close.clone().map(|end| item(words::CLOSE_COMPARISON, end, close.clone())) }
                        { item(words::EDIT_THIS_RUN, props.edit.clone(), close.clone()) }
                        { for props.export.clone().map(|export| item(words::EXPORT_TEST, export, close.clone())) }
                        { item(words::OPEN_FILE, pick, close.clone()) }
                        <li><a class="btn" href={Route::Log.href()}>{ words::OPEN_LOG }</a></li>
                        if props.has_moves { { item(words::RESET, reset, close.clone()) } }
                        { item(if props.listing { words::AS_A_FIGURE } else { words::AS_A_LIST }, props.list.clone(), close.clone()) }
                        { item(words::KEYS, keys, close) }
                        <li><a class="btn" href={Route::Signs.href()}>{ words::ALL_SIGNS }</a></li>
                    </ul>
                }
            </div>
            if let Some(search) = &props.search {
                <button type="button" class="btn main roomy" onclick={search.reform(|_: MouseEvent| Some(Target::AnyBreach))}>{ words::BREAK_IT }</button>
            }
            if let Some(end) = &props.close {
                <button type="button" class="btn line roomy" onclick={end.reform(|_: MouseEvent| ())}>{ icon(Icon::Close) }{ words::CLOSE_COMPARISON }</button>
            }
            <input
                ref={file} class="vh" type="file" tabindex="-1" aria-hidden="true" onchange={picked}
            />
        </div>
    }
}

fn item(name: &'static str, does: Callback<()>, close: Callback<()>) -> Html {
    let onclick = Callback::from(move |_: MouseEvent| {
        close.emit(());
        does.emit(());
    });
    html! { <li><button type="button" {onclick}>{ name }</button></li> }
}

/// Opens the file that was picked, or says why it cannot be opened.
fn picked(props: &CommandsProps, file: &NodeRef) -> Callback<Event> {
    let (act, file) = (props.act.clone(), file.clone());
    Callback::from(move |_| {
        browser::read_picked(&file, MAX_LOG_BYTES, act.reform(PageAction::File));
    })
}
