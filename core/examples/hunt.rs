//! Searches from the start: `hunt PROTOCOL FLAW|- depth=12 time-outs=2 ... knob=value`.
use lightcone::scenario::Scenario;
use lightcone::search::{Bounds, Reductions, Search, Supply, Target};
use lightcone::{registry, simulate};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let family = registry::by_id(&args[0]).unwrap();
    let specification = family.specification();
    let mut scenario = Scenario::new(family);
    let mut bounds = Bounds::USUAL;
    let mut from = None;
    if args[1] != "-" {
        let flaw = specification.flaws.iter().position(|flaw| flaw.id == args[1]);
        let small = lightcone::search::Small::of(family, flaw.map(|flaw| flaw as u8));
        (from, scenario, bounds) = (small.event(), small.scenario, small.bounds);
    }
    let mut reductions = Reductions::ALL;
    for arg in &args[2..] {
        if let Some(path) = arg.strip_prefix("file=") {
            scenario = lightcone::scenario::text::decode(&std::fs::read_to_string(path).unwrap()).unwrap();
            continue;
        }
        if let Some(millis) = arg.strip_prefix("from=") {
            from = simulate(&scenario).last_event_by(lightcone::Time::from_millis(millis.parse::<u64>().unwrap()));
            continue;
        }
        if arg == "plain" {
            reductions = Reductions::NONE;
            continue;
        }
        if arg == "nodead" {
            reductions.dead_messages = false;
            continue;
        }
        if arg == "nosym" {
            reductions.symmetry = false;
            continue;
        }
        if arg == "nocom" {
            reductions.commutation = false;
            continue;
        }
        let (name, value) = arg.split_once('=').unwrap();
        if name == "req" {
            // lane:op e.g. 3:w:x:1 ; r:x ; c:verb:arg
            let parts: Vec<&str> = value.split(':').collect();
            use lightcone::operation::{Key, Operation};
            let node = lightcone::NodeId(parts[0].parse().unwrap());
            let number = |i: usize| parts[i].parse::<u8>().unwrap();
            let operation = match parts[1] {
                "w" => Operation::Write { key: Key(number(2)), value: number(3).into() },
                "r" => Operation::Read { key: Key(number(2)) },
                "a" => Operation::Add { key: Key(number(2)), amount: number(3).into() },
                _ => Operation::Command { verb: number(2), argument: number(3) },
            };
            let at = lightcone::Time::from_millis(1 + scenario.script.len() as u64);
            scenario.script.push(lightcone::Edit::At { at, action: lightcone::Action::Request { node, operation } });
            continue;
        }
        let value: u32 = value.parse().unwrap();
        if name == "depth" {
            bounds.depth = value as u8;
        } else if name == "states" {
            bounds.states = value;
        } else if let Some(supply) = Supply::ALL.iter().find(|supply| supply.id() == name) {
            bounds = bounds.with(*supply, value as u8);
        } else {
            let place = specification.parameters.iter().position(|each| each.id == name).expect("knob");
            scenario.settings.parameters[place] = value;
        }
    }
    let start = std::time::Instant::now();
    let mut search = Search::new(&scenario, from, Target::AnyBreach, bounds, reductions);
    let mut first = false;
    let mut peak = 0;
    while search.advance(1_000) {
        peak = peak.max(search.progress().bytes);
        if !first && search.found().is_some() {
            first = true;
            println!(
                "first: {} events after {:?}, {} tried",
                search.found().unwrap().events,
                start.elapsed(),
                search.progress().tried
            );
        }
    }
    let progress = search.progress();
    println!("peak {peak}");
    println!("{:?} {:?} {:?}", progress, start.elapsed(), bounds.sentence(false));
    println!(
        "{:.1} bytes/state, {:.0} states/s, {:.0} choices/s",
        progress.bytes as f64 / f64::from(progress.states),
        f64::from(progress.states) / start.elapsed().as_secs_f64(),
        progress.tried as f64 / start.elapsed().as_secs_f64()
    );
    if let Some(found) = search.found() {
        println!("{} events, {:?}", found.events, found.spent);
        println!("{}", lightcone::scenario::text::encode(&found.scenario));
        let trace = simulate(&found.scenario);
        println!("{:?}", trace.first_violation());
        println!("events after begin: {}", trace.events.iter().filter(|event| event.at > found.begins).count());
    }
}
