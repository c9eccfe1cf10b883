//! A log that was recorded elsewhere, as the page shows it: to be read, not changed. It stands beside the reader's run and
//! never takes its place.

use crate::state::run::{Action, State};
use crate::words;
use lightcone_engine::Trace;
use lightcone_logs::{Execution, Faults};
use std::rc::Rc;

/// A log, and where the reader looks in it.
#[derive(Clone)]
pub struct Log {
    /// The file's name.
    pub name: Rc<str>,
    /// What the file says, to be kept and given back.
    pub text: Rc<str>,
    /// What it tells of, or all that is wrong with it.
    pub read: Result<Rc<[Execution]>, Faults>,
    /// The execution that is shown.
    pub chosen: usize,
    /// Its run, and where the reader looks in that; none if it cannot be drawn.
    pub run: Option<Rc<State>>,
}

impl Log {
    /// The log that a file holds.
    #[must_use]
    pub fn open(name: &str, text: &str) -> Log {
        let read = lightcone_logs::read(text).map(|log| log.executions.into());
        Log { name: name.into(), text: text.into(), read, chosen: 0, run: None }.choosing(0)
    }

    /// The same log with another of its executions shown.
    #[must_use]
    pub fn choosing(self, chosen: usize) -> Log {
        let recording = self.execution_at(chosen).and_then(|execution| execution.read.as_ref().ok());
        let run = recording.map(|recording| Rc::new(State::of(Rc::new(Trace::recorded(recording)))));
        Log { chosen, run, ..self }
    }

    /// The log after the reader looked elsewhere in it.
    #[must_use]
    pub fn after(self, action: Action) -> Log {
        let run = self.run.as_ref().map(|run| Rc::new(run.after(action)));
        Log { run, ..self }
    }

    /// The execution that is shown.
    #[must_use]
    pub fn execution(&self) -> Option<&Execution> {
        self.execution_at(self.chosen)
    }

    /// All that is wrong with the log, or with the execution that is shown.
    #[must_use]
    pub fn faults(&self) -> Option<&Faults> {
        match &self.read {
            Ok(_) => self.execution()?.read.as_ref().err(),
            Err(faults) => Some(faults),
        }
    }

    /// The name of an execution: its own, or else its number.
    #[must_use]
    pub fn label(&self, place: usize) -> String {
        let own = self.execution_at(place).map_or("", |execution| &execution.label);
        if own.is_empty() { words::execution(place + 1) } else { own.to_owned() }
    }

    fn execution_at(&self, place: usize) -> Option<&Execution> {
        self.read.as_ref().ok()?.get(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::run::Selection;
    use lightcone_engine::{Edit, EventIndex};

    const TWO: &str = "(?<host>\\S+) (?<clock>{.*}) (?<event>.*)\n^--- (?<trace>.*)$\n--- first\na {\"a\":1} Asks\nb {\"a\":1, \"b\":1} Hears\n--- second\nb {\"b\":2} Lost its beginning\n";

    #[test]
    fn what_was_recorded_is_looked_at_and_not_changed() {
        let log = Log::open("two.log", TWO);
        let run = log.run.clone().expect("the first execution can be drawn");
        let looked = log.clone().after(Action::Visit(EventIndex(1)));
        assert_eq!(looked.run.as_ref().map(|run| run.selection), Some(Selection::Event(EventIndex(1))));
        let message = run.trace.messages[0].id;
        for change in [Action::Make(Edit::Drop { message }), Action::RunLonger, Action::Reset, Action::Undo] {
            let after = log.clone().after(change).run.expect("it is still shown");
            assert!(Rc::ptr_eq(&after.trace, &run.trace) && after.past.is_empty());
        }
    }

    #[test]
    fn each_execution_is_shown_or_says_what_is_wrong_with_it() {
        let log = Log::open("two.log", TWO);
        assert_eq!((log.label(0), log.label(1)), ("first".into(), "second".into()));
        assert!(log.faults().is_none());
        let second = log.choosing(1);
        assert!(second.run.is_none() && second.faults().is_some_and(|faults| faults.told[0].line == 7));
        assert!(second.choosing(0).run.is_some());
        assert!(Log::open("x", "nothing").faults().is_some());
    }
}
