//! How long the frames of a drag take without a browser, in the processor's time. `cargo xtask bench` runs this.

mod drag;

use cpu_time::ProcessTime;

fn main() {
    let start = ProcessTime::now();
    println!("{}", drag::table(|| start.elapsed().as_secs_f64() * 1_000.0));
}
