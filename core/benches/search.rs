//! How long searches take, natively: `cargo xtask bench search` runs this, then the same in wasm (`tests/speed.rs`).

#[allow(dead_code, reason = "the runs are for the other bench")]
mod workload;

use cpu_time::ProcessTime;
use workload::flaws;

fn main() {
    let start = ProcessTime::now();
    println!("{}", flaws::HEAD);
    flaws::rows(|| start.elapsed().as_secs_f64() * 1_000.0).for_each(|row| println!("{row}"));
}
