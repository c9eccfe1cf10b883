//! Draws what of the page can be drawn before anybody opens it, into a folder. `cargo xtask build` calls it.
#![forbid(unsafe_code)]

mod contents;
mod posters;

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("Name the folder into which the pictures are written.");
        return ExitCode::FAILURE;
    };
    match contents::write(&folder).and_then(|()| posters::write(&folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("The pictures cannot be written: {error}.");
            ExitCode::FAILURE
        }
    }
}
