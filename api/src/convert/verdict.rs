//! Verdicts, and what became of edits.

use super::edit::edit;
use super::scenario::at;
use crate::form::{List, Outcome, OutcomeWord, Verdict, VerdictWord};
use lightcone_engine::run::Trace;
use lightcone_engine::run::trace;
use lightcone_formats::text::{self, Names};

/// One verdict for each promise of a run.
#[must_use]
pub fn verdicts(run: &Trace) -> Vec<Verdict> {
    (0..run.verdicts.len()).map(|place| verdict(run, place)).collect()
}

fn verdict(run: &Trace, place: usize) -> Verdict {
    let title = run.specification().title;
    let mut said = Verdict {
        property: run.specification().properties[place].id.into(),
        verdict: VerdictWord::Holds,
        at: None,
        event: None,
        why: None,
        nodes: Vec::new(),
        events: Vec::new(),
        outside: None,
        not_promised: run.not_promised(place).map(str::to_owned),
    };
    let event = match &run.verdicts[place] {
        trace::Verdict::Holds { since } => *since,
        trace::Verdict::Broken { event, breach } => {
            said.verdict = VerdictWord::Broken;
            said.blame(run, breach);
            said.outside = run.left_by(run.event(*event).at).map(|how| how.sentence(title));
            Some(*event)
        }
        trace::Verdict::NotByTheEnd { breach } => {
            said.verdict = VerdictWord::NotByTheEnd;
            breach.iter().for_each(|breach| said.blame(run, breach));
            None
        }
        trace::Verdict::Untested { why } => {
            (said.verdict, said.why) = (VerdictWord::Untested, Some((*why).into()));
            None
        }
        trace::Verdict::NotPromised { why } => {
            (said.verdict, said.why) = (VerdictWord::NotPromised, Some((*why).into()));
            None
        }
        trace::Verdict::CannotTell { why } => {
            (said.verdict, said.why) = (VerdictWord::CannotTell, Some(why.clone()));
            None
        }
    };
    (said.event, said.at) = (event.map(|event| event.0), event.map(|event| at(run.event(event).at)));
    said
}

impl Verdict {
    fn blame(&mut self, run: &Trace, breach: &lightcone_engine::protocol::Breach) {
        self.why = Some(breach.sentence.clone());
        self.nodes = breach.nodes.iter().map(|node| run.name(node)).collect();
        self.events = breach.events.iter().map(|event| event.0).collect();
    }
}

/// What became of each edit of a run, of the script first.
#[must_use]
pub fn outcomes(run: &Trace) -> Vec<Outcome> {
    let (scenario, specification) = (&run.scenario, run.specification());
    let names = Names::of(scenario);
    let outcome = |(place, each): (usize, &lightcone_engine::Edit)| {
        let (outcome, why) = match run.outcome(each) {
            trace::Outcome::Applied => (OutcomeWord::Applied, None),
            trace::Outcome::Changed(why) => (OutcomeWord::Changed, Some(why)),
            trace::Outcome::Unused(why) => (OutcomeWord::Unused, Some(why)),
        };
        Outcome {
            list: if place < scenario.script.len() { List::Script } else { List::Moves },
            edit: edit(each, &names, specification),
            line: text::encode_edit(scenario, each),
            outcome,
            why,
            outside: run.leaves(each).map(|how| how.sentence(specification.title)),
        }
    };
    scenario.edits().enumerate().map(outcome).collect()
}
