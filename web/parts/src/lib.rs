//! The parts of the page's program that arrive when they are needed: a chapter's protocols each, with the files about them.
//!
//! Each function here is marked. `cargo xtask build` takes the program apart at the marks: what only a marked function reaches is
//! a file of its own, which is fetched when the function is first called. So nothing in the page may name what is on a shelf.

use lightcone_content::shelf::{self, Shelf};
use wasm_split_helpers::{SplitLoaderError, wasm_split};

type Arrived = Result<&'static Shelf, SplitLoaderError>;

/// The shelf of this chapter; none if there is no such chapter, or if its part does not arrive.
pub async fn fetch(chapter: &str) -> Option<&'static Shelf> {
    let arrived = match chapter {
        "order" => order().await,
        "total_order" => total_order().await,
        "replication" => replication().await,
        "commit" => commit().await,
        "consensus" => consensus().await,
        _ => return None,
    };
    arrived.ok()
}

#[wasm_split(order, fallible)]
fn order() -> Arrived {
    Ok(&shelf::ORDER)
}

#[wasm_split(total_order, fallible)]
fn total_order() -> Arrived {
    Ok(&shelf::TOTAL_ORDER)
}

#[wasm_split(replication, fallible)]
fn replication() -> Arrived {
    Ok(&shelf::REPLICATION)
}

#[wasm_split(commit, fallible)]
fn commit() -> Arrived {
    Ok(&shelf::COMMIT)
}

#[wasm_split(consensus, fallible)]
fn consensus() -> Arrived {
    Ok(&shelf::CONSENSUS)
}
