//! The parts of the program that arrive when they are needed: each protocol with the files about it, and what only some readers open.
//!
//! Each function here is marked. `cargo xtask build` takes the program apart at the marks: what only a marked function reaches is
//! a file of its own, which is fetched when the function is first called. So nothing else may name what it reaches.

use lightcone_content::shelf::{self, Shelf};
use lightcone_web::late::{self, Arrived, Part};
use wasm_split_helpers::{SplitLoaderError, wasm_split};

type Here<T> = Result<T, SplitLoaderError>;

/// This part of the page; none if it does not arrive.
pub async fn part(part: Part) -> Option<Arrived> {
    let arrived = match part {
        Part::Home => home().await,
        Part::Signs => signs().await,
        Part::Around => around().await,
        Part::Bar => bar().await,
        Part::Share => share().await,
        Part::Edit => edit().await,
        Part::Search => search().await,
        Part::Log => log().await,
        Part::Host => host().await,
        Part::Question => question().await,
    };
    arrived.ok()
}

#[wasm_split(home, fallible)]
fn home() -> Here<Arrived> {
    Ok(late::HOME)
}

#[wasm_split(signs, fallible)]
fn signs() -> Here<Arrived> {
    Ok(late::SIGNS)
}

#[wasm_split(around, fallible)]
fn around() -> Here<Arrived> {
    Ok(late::AROUND)
}

#[wasm_split(bar, fallible)]
fn bar() -> Here<Arrived> {
    Ok(late::BAR)
}

#[wasm_split(share, fallible)]
fn share() -> Here<Arrived> {
    Ok(late::SHARE)
}

#[wasm_split(edit, fallible)]
fn edit() -> Here<Arrived> {
    Ok(late::EDIT)
}

#[wasm_split(search, fallible)]
fn search() -> Here<Arrived> {
    Ok(late::SEARCH)
}

#[wasm_split(log, fallible)]
fn log() -> Here<Arrived> {
    Ok(late::LOG)
}

#[wasm_split(host, fallible)]
fn host() -> Here<Arrived> {
    Ok(late::HOST)
}

#[wasm_split(question, fallible)]
fn question() -> Here<Arrived> {
    Ok(late::QUESTION)
}

/// Marks each protocol's shelf, and fetches one.
macro_rules! shelves {
    ($($name:ident, $SHELF:ident, $protocol:literal;)+) => {
        /// The shelf of this protocol; none if there is no such protocol, or if its part does not arrive.
        pub async fn shelf(protocol: &str) -> Option<&'static Shelf> {
            let arrived = match protocol {
                $($protocol => $name().await,)+
                _ => return None,
            };
            arrived.ok()
        }

        $(#[wasm_split($name, fallible)]
        fn $name() -> Here<&'static Shelf> {
            Ok(&shelf::$SHELF)
        })+
    };
}

lightcone_content::each_shelf!(shelves);
