//! Lightcone's page. A library, so that native tests and tests in a browser reach its modules.
//!
//! The folders are floors, the lowest first: [`words`], [`browser`] (every call of a browser), [`state`] (what is in the
//! address, in the run, in the session), [`parts`], [`search`] (a search at work), [`figure`] (component, pointer, keys),
//! [`panels`], [`share`], [`pages`]. Each may use those before it. What is drawn of a run is in the crate `lightcone_figure`.
#![forbid(unsafe_code)]

pub mod browser;
pub mod figure;
pub mod pages;
pub mod panels;
pub mod parts;
pub mod search;
pub mod share;
pub mod state;
pub mod words;

pub use pages::app::App;
pub use pages::late;

use pages::late::Part;
use state::par_request;
use state::search_request::Request;
use wasm_bindgen::JsValue;

/// The work of a worker: a search. It fetches the parts of the program that the request needs.
pub fn work(request: &str) {
    let request = request.to_owned();
    yew::platform::spawn_local(async move {
        let par = par_request::is_par(&request);
        pages::late::fetch(if par { Part::Question } else { Part::Search }).await;
        let missing = if par { par_request::missing(&request) } else { Request::missing(&request) };
        if let Some(protocol) = missing {
            state::known::fetch(protocol).await;
        }
        search::work(&request);
    });
}

/// Shows the application in the page. `front` is a function that puts the first page into the document, and gives a promise of that.
pub fn start(front: JsValue) {
    browser::front_by(front);
    yew::Renderer::<App>::with_root(browser::new_root()).render();
}
