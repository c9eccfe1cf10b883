//! Links of the long runs that are measured: `cargo run -p lightcone-core --example long`, a line each, shortest first.

#[path = "../benches/workload/mod.rs"]
#[expect(dead_code, reason = "the rest of it is for the core's own measurements")]
mod workload;

use lightcone_formats::link;

fn main() {
    for events in [1_000, workload::EVENTS] {
        println!("{}", link::encode(&workload::raft_of(events)));
    }
}
