//! The parts of the program that arrive when they are needed: each protocol with the files about it, and what only some readers open.
//!
//! Each function here is marked. `cargo xtask build` takes the program apart at the marks: what only a marked function reaches is
//! a file of its own, which is fetched when the function is first called. So nothing else may name what it reaches.

use lightcone_content::shelf::{self, Shelf};
use lightcone_web::late::{self, Arrived, Part};
use std::pin::Pin;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

type Here<T> = Result<T, SplitLoaderError>;
type Arrives<T> = Pin<Box<dyn Future<Output = Here<T>>>>;

/// This part of the page; none if it does not arrive.
pub async fn part(part: Part) -> Option<Arrived> {
    // Boxed, so that one place waits for all of them: a place for each would cost hundreds of bytes.
    let arrives: Arrives<Arrived> = match part {
        Part::Home => Box::pin(home()),
        Part::Signs => Box::pin(signs()),
        Part::Around => Box::pin(around()),
        Part::Bar => Box::pin(bar()),
        Part::Share => Box::pin(share()),
        Part::Edit => Box::pin(edit()),
        Part::Search => Box::pin(search()),
        Part::Log => Box::pin(log()),
        Part::Host => Box::pin(host()),
        Part::Question => Box::pin(question()),
    };
    arrives.await.ok()
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
            let arrives: Arrives<&'static Shelf> = match protocol {
                $($protocol => Box::pin($name()),)+
                _ => return None,
            };
            arrives.await.ok()
        }

        $(#[wasm_split($name, fallible)]
        fn $name() -> Here<&'static Shelf> {
            Ok(&shelf::$SHELF)
        })+
    };
}

lightcone_content::each_shelf!(shelves);
