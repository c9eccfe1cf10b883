//! Law 6: what is written is read back, and bad input gives a sentence.

mod common;

use common::{any_scenario, for_seeds};
use lightcone::scenario::text;

#[test]
fn every_scenario_comes_back_from_its_text() {
    for_seeds(300, |family, rng| {
        let scenario = any_scenario(family, rng);
        let written = text::encode(&scenario);
        match text::decode(&written) {
            Ok(read) => assert_eq!(read, scenario, "{written}"),
            Err(error) => panic!("{error}\n{written}"),
        }
        assert_eq!(text::encode(&text::decode(&written).unwrap()), written);
    });
}
