//! What stands in the place of what has not arrived, and how protocols arrive.

use crate::state::known;
use crate::words;
use std::cell::Cell;
use std::rc::Rc;
use yew::platform::spawn_local;
use yew::prelude::*;

/// The number of what waits for all protocols. Parts of the page have the numbers before it.
const PROTOCOLS: u8 = u8::MAX;

/// A drawing with all protocols; until they have arrived, a sentence in its place. Then `again` has all drawn again.
pub fn with_all_protocols(again: &Callback<()>, draw: impl FnOnce() -> Html) -> Html {
    match known::missing().is_empty() {
        true => draw(),
        false => {
            let fetch = |done: Callback<bool>| fetch_protocols(&known::missing(), done);
            waits(PROTOCOLS, fetch.into(), html! { <p class="q" role="status">{ words::FETCHING_RUNS }</p> }, again)
        }
    }
}

/// Fetches protocols all at once, and says when the last has arrived or failed whether all have arrived.
pub fn fetch_protocols(protocols: &[&'static str], done: Callback<bool>) {
    if protocols.is_empty() {
        return done.emit(true);
    }
    let left = Rc::new(Cell::new((protocols.len(), true)));
    for protocol in protocols.iter().copied() {
        let (left, done) = (left.clone(), done.clone());
        spawn_local(async move {
            let came = known::fetch(protocol).await;
            let (count, all) = left.get();
            left.set((count - 1, all && came));
            if count == 1 {
                done.emit(all && came);
            }
        });
    }
}

/// Fetches what is not there, and says when it has arrived or failed whether it has arrived.
pub type Fetch = Callback<Callback<bool>>;

/// What stands in the place of what `number` names: `meanwhile`, or if it does not arrive a sentence and "Try again".
pub fn waits(number: u8, fetch: Fetch, meanwhile: Html, again: &Callback<()>) -> Html {
    html! { <Waits {number} {fetch} {meanwhile} again={again.clone()} /> }
}

#[derive(Properties)]
struct WaitsProps {
    number: u8,
    fetch: Fetch,
    meanwhile: Html,
    again: Callback<()>,
}

impl PartialEq for WaitsProps {
    fn eq(&self, other: &WaitsProps) -> bool {
        self.number == other.number && self.again == other.again
    }
}

/// What stands in the place of what has not arrived; and whether the last attempt failed.
struct Waits(bool);

enum Msg {
    Came(bool),
    Again,
}

impl Component for Waits {
    type Message = Msg;
    type Properties = WaitsProps;

    fn create(context: &Context<Waits>) -> Waits {
        context.props().fetch.emit(context.link().callback(Msg::Came));
        Waits(false)
    }

    fn changed(&mut self, context: &Context<Waits>, before: &WaitsProps) -> bool {
        if context.props().number != before.number {
            *self = <Waits as Component>::create(context);
        }
        true
    }

    fn update(&mut self, context: &Context<Waits>, message: Msg) -> bool {
        match message {
            Msg::Came(true) => context.props().again.emit(()),
            Msg::Came(false) => self.0 = true,
            Msg::Again => *self = <Waits as Component>::create(context),
        }
        true
    }

    fn view(&self, context: &Context<Waits>) -> Html {
        if !self.0 {
            return context.props().meanwhile.clone();
        }
        let again = context.link().callback(|_: MouseEvent| Msg::Again);
        html! {
            <div class="loading" role="alert">
                <p>{ words::PART_MISSING }{ ". " }<button type="button" class="btn line" onclick={again}>{ words::TRY_AGAIN }</button></p>
            </div>
        }
    }
}

/// Grey lines where something will be.
pub fn waiting() -> Html {
    html! { <div class="loading" role="status"><i></i><i></i><i></i><p>{ words::WAITING }</p></div> }
}
