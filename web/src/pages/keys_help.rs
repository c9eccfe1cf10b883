//! The dialog that lists all keys.

use crate::parts::dialog::Dialog;
use crate::state::address::Route;
use crate::state::session::{Open, Session, SessionAction};
use crate::words;
use yew::prelude::*;

/// The listed commands: name, key as browsers name it, key as people do.
type Commands = &'static [(&'static str, &'static str, &'static str)];

/// The dialog that lists all keys.
pub fn keys_help(session: &Session, tell: &Callback<SessionAction>) -> Html {
    let group = |head: &'static str, keys: &'static [(&'static [&'static str], &'static str)], commands: Commands| {
        html! { <>
            <h3>{ head }</h3>
            <dl class="key-list">{ for keys.iter().map(|(keys, does)| html! {
                <><dt>{ for keys.iter().map(|key| html! { <><kbd>{ *key }</kbd>{ " " }</> }) }</dt><dd>{ *does }</dd></>
            }) }{ for commands.iter().map(|(does, _, key)| html! { <><dt><kbd>{ *key }</kbd></dt><dd>{ *does }</dd></> }) }</dl>
        </> }
    };
    let toggle = tell.reform(|_: MouseEvent| SessionAction::SingleKeys);
    html! {
        <Dialog title={words::KEYS_TITLE} closed={tell.reform(|()| SessionAction::Open(Open::Nothing))}>
            { group(words::KEYS_EVERYWHERE, words::EVERYWHERE, &[]) }
            <label class="opt"><input type="checkbox" checked={session.single_keys} onclick={toggle} />{ words::SINGLE_KEYS }</label>
            <p><a href={Route::Signs.href()}>{ words::SIGNS_TITLE }</a></p>
            { group(words::KEYS_MOMENT, words::FOR_A_MOMENT, words::DO_WITH_AN_EVENT) }
            { group(words::KEYS_MESSAGE, words::FOR_A_MESSAGE, words::DO_WITH_A_MESSAGE) }
            { group(words::KEYS_LANE, words::FOR_A_LANE, words::DO_WITH_A_LANE) }
        </Dialog>
    }
}
