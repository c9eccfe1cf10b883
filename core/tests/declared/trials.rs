//! The list of trials.

use crate::{dead_messages, laws, picture, round_trip, schedules, search, shared_parts, symmetry, times, widening};
use libtest_mimic::{Arguments, Trial};
use lightcone_content::shelf::ALL;
use lightcone_engine::protocol::AnyProtocol;
use lightcone_protocols::PROTOCOLS;

/// The trials of one protocol.
pub struct Trials {
    /// The protocol on trial.
    pub family: &'static dyn AnyProtocol,
    all: Vec<Trial>,
}

impl Trials {
    /// Adds one. It fails by panicking, like any test.
    pub fn add(&mut self, name: &str, test: impl FnOnce() + Send + 'static) {
        let (id, name) = (self.family.specification().id, name.to_owned());
        self.all.push(Trial::test(format!("{id}::{name}"), move || {
            times::measured(id, &name, test);
            Ok(())
        }));
    }

    /// Adds one for each flaw, with its place.
    pub fn for_flaws(&mut self, name: &str, test: fn(&'static dyn AnyProtocol, u8)) {
        let family = self.family;
        for (place, flaw) in (0..).zip(family.specification().flaws) {
            self.add(&format!("{name}flaw {}", flaw.id), move || test(family, place));
        }
    }
}

/// What is declared for each protocol.
const DECLARED: [fn(&mut Trials); 9] = [
    laws::declare,
    round_trip::declare,
    picture::declare,
    symmetry::declare,
    dead_messages::declare,
    shared_parts::declare,
    search::declare,
    widening::declare,
    schedules::declare,
];

/// Runs those that the arguments ask for. The name of a chapter means its protocols.
pub fn run() {
    let mut arguments = Arguments::from_args();
    let chapter: Vec<_> = ALL.iter().filter(|shelf| arguments.filter.as_deref() == Some(shelf.chapter)).collect();
    if !chapter.is_empty() {
        arguments.filter = None;
    }
    let mut all = Vec::new();
    for family in PROTOCOLS {
        let is_asked = chapter.is_empty() || chapter.iter().any(|shelf| shelf.id == family.specification().id);
        if is_asked {
            let mut trials = Trials { family: *family, all: Vec::new() };
            DECLARED.iter().for_each(|declare| declare(&mut trials));
            all.append(&mut trials.all);
        }
    }
    let conclusion = libtest_mimic::run(&arguments, all);
    times::print();
    conclusion.exit();
}
