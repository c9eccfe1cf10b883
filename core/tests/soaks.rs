//! What a soak of a wrong protocol comes to.

use lightcone_engine::protocol::FlawSet;
use lightcone_engine::run::trace::Verdict;
use lightcone_engine::simulate;
use lightcone_formats::{link, text};
use lightcone_protocols::{PROTOCOLS, by_id};
use lightcone_tests::soak::{Failure, Soak};

/// The first failure of 2PC with its first flaw.
fn failure() -> (Soak, Failure) {
    let soak = Soak::new(by_id("2pc").expect("it is registered"), FlawSet::default().with(0));
    let failure = (0..1_000).find_map(|seed| soak.schedule(seed).err()).expect("a flaw shows");
    (soak, *failure)
}

#[test]
fn a_failure_has_a_run_that_breaks_in_every_form() {
    let (_, failure) = failure();
    let short = failure.short.expect("no panic");
    let place = short.protocol.specification().properties.iter().position(|each| Some(each.id) == failure.promise);
    let broken = |verdict: &Verdict| matches!(verdict, Verdict::Broken { .. } | Verdict::NotByTheEnd { .. });
    assert!(broken(&simulate(&short).verdicts[place.expect("it is one of its promises")]));
    assert_eq!(text::decode(&text::encode(&short), PROTOCOLS).as_ref(), Ok(&short));
    assert_eq!(link::decode(&link::encode(&short), PROTOCOLS).map(|it| it.scenario).as_ref(), Ok(&short));
}

#[test]
fn a_seed_alone_fails_as_it_did() {
    let (soak, failure) = failure();
    let again = soak.schedule(failure.seed).expect_err("it fails");
    assert_eq!((again.promise, again.how, again.short), (failure.promise, failure.how, failure.short));
}

#[test]
fn the_right_protocol_has_no_failure_and_says_how_long_it_ran() {
    let soak = Soak::new(by_id("2pc").expect("it is registered"), FlawSet::default());
    for seed in 0..20 {
        let time = soak.schedule(seed).expect("nothing breaks");
        assert!((200..=1_000).contains(&(time.micros() / 1_000)), "{seed}: {time}");
    }
}
