//! The page, rendered in a browser.
#![cfg(target_arch = "wasm32")]

use std::time::Duration;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Yew renders in a task of its own: let it run.
async fn rendered() {
    yew::platform::time::sleep(Duration::ZERO).await;
}

#[wasm_bindgen_test]
async fn the_page_has_one_main_and_one_heading() {
    let document = web_sys::window().and_then(|window| window.document()).expect("a browser has a document");
    let root = document.create_element("div").expect("a div can be made");
    document.body().expect("a body").append_child(&root).expect("it takes the root");
    yew::Renderer::<lightcone_web::App>::with_root(root.clone()).render();
    let count = |selector: &str| document.query_selector_all(selector).expect("a valid selector").length();
    // The first page is drawn beside the program, after it.
    for _ in 0..1_000 {
        if count("main") > 0 {
            break;
        }
        rendered().await;
    }
    assert_eq!((count("main"), count("h1")), (1, 1));
}
