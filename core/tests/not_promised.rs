//! What a protocol promises only with some settings is judged with all, and never said to hold with the others.

use lightcone_engine::prelude::*;
use lightcone_engine::protocol::Erased;
use lightcone_engine::run::trace::Verdict;
use lightcone_engine::{Scenario, Time, Trace, simulate};
use lightcone_tests::toy::{Say, bare};

static PROMISER: Erased<Promiser> = Erased::new();

knobs! {
    /// Whether it promises anything.
    promises: Switch(on) = "promises", "Promises";
    /// Whether it keeps that.
    keeps: Switch(on) = "keeps", "Keeps";
    /// Whether that is put to the test.
    tested: Switch(on) = "tested", "Tested";
}

promises! {
    Safe: Always = "safe", "Safe", "Nothing bad happens.", "";
    Live: ByTheEnd = "live", "Live", "Something good happens.", "";
}

/// It does nothing; its judge finds what the knobs say.
#[derive(Clone, Debug, Default, Hash)]
struct Promiser;

impl Protocol for Promiser {
    type Config = Config;
    type Message = Say;
    type Timer = NoTimer;
    type Durable = ();
    type Fact = NoFact;
    type Observer = Judge;

    const SPECIFICATION: Specification =
        Specification { parameters: Config::PARAMETERS, properties: Promise::ALL, ..bare(252, "promiser") };

    fn configure(settings: &Settings) -> Config {
        Config::read(settings)
    }

    fn lanes(_: &Config) -> Vec<Lane> {
        vec![Lane { name: "N".into(), client: false, accepts: &[] }]
    }

    fn boot((): (), _: &mut Out<'_, Promiser>) -> Promiser {
        Promiser
    }

    fn on_message(&mut self, _: NodeId, _: &Say, _: &mut Out<'_, Promiser>) {}

    fn on_timer(&mut self, timer: NoTimer, _: &mut Out<'_, Promiser>) {
        match timer {}
    }

    fn on_request(&mut self, _: RequestId, _: Operation, _: &mut Out<'_, Promiser>) {}

    fn inspect(&self, _: &mut Inspection) {}
}

#[derive(Clone, Debug, Hash)]
struct Judge {
    promises: bool,
    keeps: bool,
    tested: bool,
}

impl Observer<Promiser> for Judge {
    fn new(config: &Config) -> Judge {
        Judge { promises: config.promises, keeps: config.keeps, tested: config.tested }
    }

    fn observe(&mut self, seen: &Seen<'_, Promiser>, findings: &mut Findings) {
        if !self.keeps {
            findings.breaks(Promise::Safe, || Breach::of("It was bad.".into(), [NodeId(0)], [seen.event]));
        }
    }

    /// What is not promised is said first: it does not matter when.
    fn at_end(&self, _: View<'_, Promiser>, findings: &mut Findings) {
        findings.not_promised_if(!self.promises, Promise::Safe, "a promiser need not be safe");
        findings.not_promised_if(!self.promises, Promise::Live, "a promiser need not be live");
        findings.untested_if(!self.tested, Promise::Safe, "nothing was asked");
        match self.keeps {
            true => findings.reaches(Promise::Live),
            false => {
                findings.breaks(Promise::Live, || Breach::of("Nobody came.".into(), [NodeId(0)], None::<EventIndex>))
            }
        }
    }
}

/// A run with these knobs.
fn run(promises: bool, keeps: bool, tested: bool) -> Trace {
    let mut scenario = Scenario::new(&PROMISER);
    scenario.settings.parameters = vec![promises.into(), keeps.into(), tested.into()];
    scenario.horizon = Time::from_millis(10);
    simulate(&scenario)
}

#[test]
fn what_is_kept_and_not_promised_neither_holds_nor_is_broken() {
    let trace = run(false, true, true);
    let why = ["a promiser need not be safe", "a promiser need not be live"];
    assert_eq!(trace.verdicts, why.map(|why| Verdict::NotPromised { why }));
    assert_eq!([0, 1].map(|place| trace.not_promised(place)), why.map(Some));
    assert!(trace.verdicts.iter().all(Verdict::is_kept), "nothing speaks against it");
    assert_eq!(trace.first_violation(), None);
    assert_eq!(run(false, true, false).verdicts[0], Verdict::NotPromised { why: why[0] }, "also if nothing tried it");
}

#[test]
fn what_is_broken_and_not_promised_stays_broken_and_says_so_and_a_miss_keeps_its_breach() {
    let trace = run(false, false, true);
    let (place, _, breach) = trace.first_violation().expect("it is judged all the same");
    assert_eq!((place, &*breach.sentence), (0, "It was bad."));
    assert_eq!(trace.not_promised(0), Some("a promiser need not be safe"));
    let Verdict::NotByTheEnd { breach: Some(breach) } = &trace.verdicts[1] else { panic!("{:?}", trace.verdicts) };
    assert_eq!(breach.sentence, "Nobody came.");
    assert_eq!(trace.not_promised(1), Some("a promiser need not be live"));
}

#[test]
fn with_settings_that_promise_it_nothing_is_said_of_promises() {
    let trace = run(true, true, true);
    assert!(matches!(trace.verdicts[..], [Verdict::Holds { .. }, Verdict::Holds { .. }]), "{:?}", trace.verdicts);
    assert_eq!([0, 1].map(|place| trace.not_promised(place)), [None, None]);
    assert_eq!(run(true, true, false).verdicts[0], Verdict::Untested { why: "nothing was asked" });
}
