//! Lightcone's page. A library, so that native tests and tests in a browser reach its modules.
#![forbid(unsafe_code)]

pub mod diagram;
pub mod store;

use yew::prelude::*;

/// Shows the application in the page.
pub fn start() {
    yew::Renderer::<App>::new().render();
}

/// The whole page.
#[component]
pub fn App() -> Html {
    html! {
        <main>
            <h1>{ "Lightcone" }</h1>
        </main>
    }
}
