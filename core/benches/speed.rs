//! How fast runs are, natively. `cargo xtask bench` runs this, then the same in wasm (`tests/speed.rs`). Compare lines
//! of one table: machines differ, ratios less.

#[allow(dead_code, reason = "the searches are for the other bench")]
mod workload;

use divan::{Bencher, black_box};
use lightcone_engine::limits::MAX_CHECKED_CONFIGURATIONS;
use lightcone_engine::{EventIndex, resimulate, simulate};
use lightcone_judges::check::linearizable;
use lightcone_judges::{Register, Verdict};

fn main() {
    divan::main();
}

#[divan::bench]
fn a_loop_by_hand_10_000_events() -> u64 {
    workload::by_hand()
}

#[divan::bench]
fn simulate_raft_10_000_events(bencher: Bencher) {
    let scenario = workload::raft();
    bencher.bench_local(|| simulate(black_box(&scenario)));
}

#[divan::bench(args = [0, 5_000, 9_900])]
fn move_one_message_at_event(bencher: Bencher, event: u32) {
    let before = simulate(&workload::raft());
    let edited = workload::with_a_move(&before, EventIndex(event));
    bencher.bench_local(|| resimulate(black_box(&before), black_box(&edited)));
}

#[divan::bench]
fn state_at_an_event(bencher: Bencher) {
    let trace = simulate(&workload::raft());
    bencher.bench_local(|| trace.world_at(black_box(EventIndex(7_777))));
}

#[divan::bench]
fn fork_a_world(bencher: Bencher) {
    let world = simulate(&workload::raft()).world_at(EventIndex(7_777));
    bencher.bench_local(|| black_box(&world).clone());
}

#[divan::bench]
fn fingerprint_a_world(bencher: Bencher) {
    let world = simulate(&workload::raft()).world_at(EventIndex(7_777));
    bencher.bench_local(|| black_box(&world).fingerprint());
}

/// Each sample is one history, so the median is that of histories.
#[divan::bench(sample_count = 4_000, sample_size = 1)]
fn judge_a_history_of_80_operations(bencher: Bencher) {
    let histories = workload::histories::etcd(1_000);
    let explained = histories.iter().filter(|history| {
        matches!(linearizable::<Register>(history, MAX_CHECKED_CONFIGURATIONS), Verdict::Explained { .. })
    });
    let explained = explained.count();
    assert!((750..950).contains(&explained), "{explained} of 1,000 are linearizable");
    let mut all = histories.iter().cycle();
    bencher
        .with_inputs(|| all.next().expect("there are some"))
        .bench_local_values(|history| linearizable::<Register>(black_box(history), MAX_CHECKED_CONFIGURATIONS));
}
