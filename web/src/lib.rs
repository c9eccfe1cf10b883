//! Lightcone's page. A library, so that native tests and tests in a browser reach its modules.
//!
//! Reading order: [`store`] (a run's state, actions, reducer), [`page`] (which view, which link), [`app`],
//! [`explorer`] (a run on the page) and what it is made of, [`home`]. Words are in [`words`], [`sentences`] and
//! [`changes`]; calls of the browser in [`browser`]; the figure in [`diagram`].
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

/// Shows the application in the page.
pub fn start() {
    yew::Renderer::<App>::new().render();
}
