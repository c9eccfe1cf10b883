//! The link of a scenario, from text to link: `cargo run -p lightcone-core --example share < FILE`.
//!
//! Fingerprints an entry for `core/tests/links/corpus.txt`: the link, the run's digest, the text.

use lightcone_engine::simulate;
use lightcone_formats::{link, text};
use std::io::Read;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut given = String::new();
    if let Err(error) = std::io::stdin().read_to_string(&mut given) {
        eprintln!("The text cannot be read: {error}.");
        return ExitCode::FAILURE;
    }
    match text::decode(&given) {
        Ok(scenario) => {
            println!("link {}", link::encode(&scenario));
            println!("digest {:016x}", simulate(&scenario).digest);
            print!("{}", text::encode(&scenario));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
