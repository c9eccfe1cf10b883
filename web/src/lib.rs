//! Lightcone's page. A library, so that native tests and tests in a browser reach its modules.
//!
//! Reading order: [`store`] (a run's state, actions, reducer), [`page`] (which view, which link), [`app`],
//! [`explorer`] (a run on the page) and what it is made of, [`home`]. Words are in [`words`], [`sentences`] and
//! [`changes`]; calls of the browser in [`browser`]; the figure in [`diagram`].
#![forbid(unsafe_code)]

pub mod app;
pub mod ask;
pub mod browser;
pub mod desk;
pub mod diagram;
pub mod embed;
pub mod explorer;
pub mod header;
pub mod home;
pub mod icons;
pub mod kept;
pub mod library;
pub mod list;
pub mod margin;
pub mod menu;
pub mod minimap;
pub mod notice;
pub mod nudge;
pub mod options;
pub mod page;
pub mod playback;
pub mod rename;
pub mod route;
pub mod search;
pub mod share;
pub mod sheet;
pub mod shortcuts;
pub mod steps;
pub mod store;
pub mod tools;
pub mod transport;
pub mod verdicts;
pub mod words;

pub use app::App;

/// Shows the application in the page.
pub fn start() {
    yew::Renderer::<App>::new().render();
}
