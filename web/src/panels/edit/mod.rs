//! The editor: title and note where they stand, settings above the figure, requests and faults below it, the text beside it.
//! All of them write lines of one text.

mod fields;
mod form;
mod marks;
mod source;

pub use fields::{fields, settings};
pub use form::form;
pub use source::Source;

use crate::parts::icons::{Icon, icon};
use crate::state::edit::{self, lines};
use crate::state::run::{Action, Spot};
use crate::state::snapshot::Snapshot;
use crate::words;
use std::rc::Rc;
use yew::prelude::*;

/// The inputs of the editor's parts.
#[derive(Properties, Clone, PartialEq)]
pub struct EditProps {
    /// The page's state.
    pub run: Snapshot,
    /// Called with each action.
    pub dispatch: Callback<Action>,
}

impl EditProps {
    /// The text that is edited.
    fn text(&self) -> Rc<str> {
        edit::text_of(&self.run)
    }

    /// Writes these lines in the place of a setting.
    fn put(&self, words: &str, new: &[String], spot: Option<Spot>) {
        self.write(lines::put(&self.text(), words, new), spot);
    }

    fn write(&self, text: String, spot: Option<Spot>) {
        self.dispatch.emit(Action::Write(text.into(), spot));
    }
}

/// What the header has while a run is edited.
pub fn commands(props: &EditProps, share: Callback<()>) -> Html {
    let (done, undo) = (props.dispatch.clone(), props.dispatch.reform(|_: MouseEvent| Action::Undo));
    let discard = {
        let (dispatch, base) = (props.dispatch.clone(), props.run.base.clone());
        Callback::from(move |_: MouseEvent| {
            base.iter().for_each(|base| dispatch.emit(Action::Write(base.clone(), None)));
            dispatch.emit(Action::Edit(None));
        })
    };
    html! {
        <div class="commands">
            <button type="button" class="roomy" disabled={props.run.past.is_empty()} onclick={undo}>{ icon(Icon::Undo) }<span>{ words::UNDO }</span></button>
            <button type="button" onclick={discard}>{ words::DISCARD }</button>
            <button type="button" onclick={share.reform(|_: MouseEvent| ())}>{ icon(Icon::Link) }<span>{ words::SHARE }</span></button>
            <button type="button" class="btn main" onclick={move |_: MouseEvent| done.emit(Action::Edit(None))}>{ words::DONE }</button>
        </div>
    }
}
