//! The program that the browser loads: in the page, and once more in each worker.

#[cfg(feature = "parts")]
mod parts;

use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

fn main() {
    fetch_parts();
}

/// Shows the page. `www/boot.js` calls it with the function that puts the first page into the document.
#[wasm_bindgen]
pub fn show(front: JsValue) {
    lightcone_web::start(front);
}

/// The work of a worker. `www/search.js` calls it.
#[wasm_bindgen]
pub fn search(request: &str) {
    lightcone_web::work(request);
}

/// A program in one piece has all protocols from the start.
#[cfg(not(feature = "parts"))]
fn fetch_parts() {}

#[cfg(feature = "parts")]
fn fetch_parts() {
    lightcone_web::state::known::arrive_by(|protocol| Box::pin(parts::shelf(protocol)));
    lightcone_web::late::arrive_by(|part| Box::pin(parts::part(part)));
}
