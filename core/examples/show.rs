//! Prints the run of a scenario file, an event a line: `cargo run -p lightcone-tests --example show -- FILE [FROM TO]`.
//!
//! For whoever writes scenarios: what is sent when and under which name, what fires, what each node then knows, what breaks.

use lightcone_engine::{Time, simulate};
use lightcone_formats::export::events;
use lightcone_formats::text;
use lightcone_protocols::PROTOCOLS;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let Some(file) = arguments.next() else { return println!("Which file?") };
    let mut time = |default| arguments.next().and_then(|ms| ms.parse().ok()).map_or(default, Time::from_millis);
    let (from, to) = (time(Time::ZERO), time(Time::from_millis(600_000)));
    let content = match std::fs::read_to_string(&file) {
        Ok(content) => content,
        Err(error) => return println!("{file}: {error}"),
    };
    match text::decode(&content, PROTOCOLS) {
        Ok(scenario) => print!("{}", events(&simulate(&scenario), from, to)),
        Err(error) => println!("{file}: {error}"),
    }
}
