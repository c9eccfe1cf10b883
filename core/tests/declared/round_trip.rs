//! Law 6: every scenario of a protocol comes back from its text and from its link.

use crate::trials::Trials;
use lightcone_formats::{link, text};
use lightcone_tests::common::{any_scenario, for_seeds_of};
use lightcone_tests::count::share;

/// Scenarios for each form.
const SCENARIOS: u64 = 500;

/// Adds the trials of a protocol.
pub fn declare(trials: &mut Trials) {
    let family = trials.family;
    trials.add("round-trip::text", move || {
        for_seeds_of(family, share(SCENARIOS), |rng| {
            let scenario = any_scenario(family, rng);
            let written = text::encode(&scenario);
            match text::decode(&written, lightcone_protocols::PROTOCOLS) {
                Ok(read) => assert_eq!(read, scenario, "{written}"),
                Err(error) => panic!("{error}\n{written}"),
            }
        });
    });
    trials.add("round-trip::link", move || {
        for_seeds_of(family, share(SCENARIOS), |rng| {
            let scenario = any_scenario(family, rng);
            let decoded = link::decode(&link::encode(&scenario), lightcone_protocols::PROTOCOLS)
                .expect("what is written can be read");
            assert_eq!((decoded.scenario, decoded.changed), (scenario, None));
        });
    });
}
