//! Runs a simulated year of each protocol, or of one: `cargo xtask soak [PROTOCOL] [--from SEED] [--years N] [--flaw ID]`.
//!
//! It prints how far it is, and the command that goes on from there. Nothing is kept, so it can be stopped at any moment. A
//! failure ends it: the seed, a short run, its link, and the commands that show it again.

use cpu_time::ProcessTime;
use lightcone_engine::protocol::{AnyProtocol, FlawSet};
use lightcone_formats::{link, text};
use lightcone_protocols::{PROTOCOLS, by_id};
use lightcone_tests::soak::{Failure, Soak};
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

const YEAR_MICROS: f64 = 365.0 * 86_400.0 * 1e6;
/// Schedules between two looks at how far it is.
const BLOCK: u64 = 4_000;
/// A line so often.
const EVERY: Duration = Duration::from_secs(20);

/// What the arguments say.
struct Wish {
    protocols: Vec<&'static dyn AnyProtocol>,
    from: u64,
    years: f64,
    /// A flaw that is on, to see what a failure looks like.
    flaw: Option<String>,
}

fn main() -> ExitCode {
    let wish = match wish(std::env::args().skip(1)) {
        Ok(wish) => wish,
        Err(why) => {
            eprintln!("{why}");
            return ExitCode::from(2);
        }
    };
    for family in &wish.protocols {
        if let Err(failure) = soak(*family, &wish) {
            show(*family, &wish, &failure);
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn wish(mut arguments: impl Iterator<Item = String>) -> Result<Wish, String> {
    let mut wish = Wish { protocols: Vec::new(), from: 0, years: 1.0, flaw: None };
    while let Some(word) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{word} needs a value."));
        match word.as_str() {
            "--from" => wish.from = value()?.parse().map_err(|_| "--from takes a seed: a whole number.")?,
            "--years" => wish.years = value()?.parse().map_err(|_| "--years takes a number.")?,
            "--flaw" => wish.flaw = Some(value()?),
            id => wish.protocols.push(by_id(id).ok_or(format!("there is no protocol `{id}`."))?),
        }
    }
    if wish.protocols.is_empty() {
        wish.protocols = PROTOCOLS.to_vec();
    }
    let one = wish.protocols.len() == 1;
    if !one && (wish.from > 0 || wish.flaw.is_some()) {
        return Err("--from and --flaw need one protocol.".into());
    }
    match &wish.flaw {
        Some(id) if flaw(wish.protocols[0], id).is_none() => Err(format!("this protocol has no flaw `{id}`.")),
        _ => Ok(wish),
    }
}

/// The flaw with this name, as a set of it alone.
fn flaw(family: &dyn AnyProtocol, id: &str) -> Option<FlawSet> {
    let place = family.specification().flaws.iter().position(|flaw| flaw.id == id)?;
    Some(FlawSet::default().with(place as u8))
}

fn soak(family: &'static dyn AnyProtocol, wish: &Wish) -> Result<(), Box<Failure>> {
    let id = family.specification().id;
    let flaws = wish.flaw.as_ref().and_then(|id| flaw(family, id)).unwrap_or_default();
    let soak = Soak::new(family, flaws);
    let (start, mut said, mut seed, mut micros) = (ProcessTime::now(), Instant::now(), wish.from, 0.0);
    println!("{id}: {} years from seed {seed}.", wish.years);
    loop {
        micros += block(&soak, seed)?;
        seed += BLOCK;
        let years = micros / YEAR_MICROS;
        let left = wish.years - years;
        if left > 0.0 && said.elapsed() < EVERY {
            continue;
        }
        said = Instant::now();
        let (days, hours) = (years * 365.0, start.elapsed().as_secs_f64() / 3_600.0 / years);
        println!("{id}: below seed {seed} all holds, {days:.2} days. A year takes {hours:.1} hours of one processor.");
        if left <= 0.0 {
            return Ok(());
        }
        println!("  To go on from here: cargo xtask soak {id} --from {seed} --years {left:.4}");
    }
}

/// The schedules of a block, on all processors: how long the cluster ran, or the failure with the least seed.
fn block(soak: &Soak, first: u64) -> Result<f64, Box<Failure>> {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let run = |worker: usize| {
        let seeds = (first..first + BLOCK).skip(worker).step_by(workers);
        seeds.map(|seed| soak.schedule(seed).map(|time| time.micros() as f64)).sum::<Result<f64, _>>()
    };
    let results: Vec<_> = thread::scope(|scope| {
        let run = &run;
        let all: Vec<_> = (0..workers).map(|worker| scope.spawn(move || run(worker))).collect();
        all.into_iter().map(|worker| worker.join().expect("panics of a schedule are caught")).collect()
    });
    let (mut micros, mut failures) = (0.0, Vec::new());
    for result in results {
        match result {
            Ok(own) => micros += own,
            Err(failure) => failures.push(failure),
        }
    }
    match failures.into_iter().min_by_key(|failure| failure.seed) {
        Some(failure) => Err(failure),
        None => Ok(micros),
    }
}

fn show(family: &dyn AnyProtocol, wish: &Wish, failure: &Failure) {
    let id = family.specification().id;
    let Failure { seed, plan, promise, how, short } = failure;
    let what = promise.map_or("A panic".to_owned(), |promise| format!("{promise} breaks"));
    println!("\n{id}: {what} with seed {seed} (schedules `{plan}`): {how}");
    if let Some(short) = short {
        let link = link::encode(short);
        println!("\n{}\nThis run: cargo run -q -p lightcone-cli -- check --no-search '{link}'", text::encode(short));
    }
    let flaw = wish.flaw.as_ref().map_or(String::new(), |flaw| format!(" --flaw {flaw}"));
    println!("The seed: cargo xtask soak {id}{flaw} --from {seed} --years 0");
}
