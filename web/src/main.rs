//! The program that the browser loads: in the page, and once more in each worker.
#![forbid(unsafe_code)]

use wasm_bindgen::prelude::wasm_bindgen;

fn main() {
    if lightcone_web::browser::in_page() {
        lightcone_web::start();
    }
}

/// The work of a worker. `www/search.js` calls it.
#[wasm_bindgen]
pub fn search(request: &str) {
    lightcone_web::search::work(request);
}
