//! Where the time of the trials goes: `LIGHTCONE_TIMES=1 cargo test --test declared` prints the seconds on the processor for
//! each kind of trial and each protocol. Nothing that is timed decides a test.

use cpu_time::ThreadTime;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

/// A protocol, a kind of trial, and how long one of that kind took.
static TIMES: Mutex<Vec<(&str, String, Duration)>> = Mutex::new(Vec::new());

/// Runs a trial and notes its time.
pub fn measured(protocol: &'static str, name: &str, trial: impl FnOnce()) {
    let start = ThreadTime::now();
    trial();
    let mut times = TIMES.lock().expect("a trial that fails holds no lock");
    times.push((protocol, kind(name).to_owned(), start.elapsed()));
}

/// A trial's name without which flaw or goal it is: all flaws are one row.
fn kind(name: &str) -> &str {
    name.rsplit_once(' ').map_or(name, |(kind, _)| kind)
}

/// Prints the table, the dearest kinds first, if it is asked for.
pub fn print() {
    if std::env::var_os("LIGHTCONE_TIMES").is_none() {
        return;
    }
    let (mut kinds, mut protocols) = (BTreeMap::new(), BTreeMap::new());
    let mut all = Duration::ZERO;
    for (protocol, kind, time) in TIMES.lock().expect("all trials are over").iter() {
        let (sum, worst) = kinds.entry(kind.clone()).or_insert((Duration::ZERO, BTreeMap::new()));
        *sum += *time;
        *worst.entry(*protocol).or_insert(Duration::ZERO) += *time;
        *protocols.entry(*protocol).or_insert(Duration::ZERO) += *time;
        all += *time;
    }
    let mut rows: Vec<_> = kinds.into_iter().collect();
    rows.sort_by_key(|(_, (sum, _))| std::cmp::Reverse(*sum));
    println!("Seconds on the processor, by kind of trial; then the three protocols that took most.");
    for (kind, (sum, each)) in rows {
        println!("{:8.2}  {kind:38} {}", sum.as_secs_f32(), dearest(each, 3));
    }
    println!("{:8.2}  in all: {}", all.as_secs_f32(), dearest(protocols, usize::MAX));
}

fn dearest(each: BTreeMap<&str, Duration>, most: usize) -> String {
    let mut each: Vec<_> = each.into_iter().collect();
    each.sort_by_key(|(_, time)| std::cmp::Reverse(*time));
    let each = each.iter().take(most).map(|(protocol, time)| format!("{protocol} {:.2}", time.as_secs_f32()));
    each.collect::<Vec<_>>().join(", ")
}
