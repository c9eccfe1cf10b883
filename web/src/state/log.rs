//! A log that was recorded elsewhere, as the page shows it: to be read, not changed. It stands beside the reader's run and
//! never takes its place.

use crate::state::run::{Action, State};
use crate::words;
use lightcone_engine::Trace;
use lightcone_logs::{Execution, Faults, History, history, is_history, is_log};
use std::rc::Rc;
use yew::Reducible;

/// A file that holds a log: its name and what it says, as it is kept and given back.
#[derive(Clone, Debug, PartialEq)]
pub struct LogFile {
    /// Its name.
    pub name: Rc<str>,
    /// What it says.
    pub text: Rc<str>,
}

/// What the reader does with a log.
pub enum LogAction {
    /// Shows another execution of it.
    Choose(usize),
    /// Has a history judged as this type of object, which begins with this value, as EDN; empty for its own.
    Judge(Option<&'static str>, Rc<str>),
    /// Looks elsewhere in it.
    Look(Action),
}

/// A log, and where the reader looks in it.
#[derive(Clone)]
pub struct Log {
    /// The file.
    pub file: LogFile,
    /// What it tells of, or all that is wrong with it.
    pub read: Result<Tells, Faults>,
    /// The execution that is shown.
    pub chosen: usize,
    /// What the reader said of a history: the type of object, and with what it begins.
    pub asked: (Option<&'static str>, Rc<str>),
    /// Its run, and where the reader looks in that; none if it cannot be drawn.
    pub run: Option<Rc<State>>,
}

/// What a log tells of.
#[derive(Clone)]
pub enum Tells {
    /// Runs, by vector clocks.
    Executions(Rc<[Execution]>),
    /// The operations of clients.
    History(Rc<History>),
}

impl Log {
    /// The log that a file holds.
    #[must_use]
    pub fn open(file: LogFile) -> Log {
        Log { file, read: Err(Faults::default()), chosen: 0, asked: (None, "".into()), run: None }.read_anew()
    }

    fn read_anew(self) -> Log {
        let read = if is_log(&self.file.text) || !is_history(&self.file.text) {
            lightcone_logs::read(&self.file.text).map(|log| Tells::Executions(log.executions.into()))
        } else {
            history(&self.file.text, self.asked.0, Some(&self.asked.1)).map(|found| Tells::History(Rc::new(found)))
        };
        Log { read, ..self }.choosing(0)
    }

    /// The same history, judged as this type of object, which begins with this value, as EDN; empty for its own.
    #[must_use]
    pub fn judged(self, object: Option<&'static str>, begins: Rc<str>) -> Log {
        Log { asked: (object, begins), ..self }.read_anew()
    }

    /// The same log with another of its executions shown.
    #[must_use]
    pub fn choosing(self, chosen: usize) -> Log {
        let recording = match &self.read {
            Ok(Tells::Executions(all)) => all.get(chosen).and_then(|execution| execution.read.as_ref().ok()),
            Ok(Tells::History(history)) => Some(&history.recording),
            Err(_) => None,
        };
        let run = recording.map(|recording| Rc::new(State::of(Rc::new(Trace::recorded(recording)))));
        Log { chosen, run, ..self }
    }

    /// The log after the reader looked elsewhere in it.
    #[must_use]
    pub fn after(self, action: Action) -> Log {
        let run = self.run.as_ref().map(|run| Rc::new(run.after(action)));
        Log { run, ..self }
    }

    /// Its executions; none of a history.
    #[must_use]
    pub fn executions(&self) -> &[Execution] {
        if let Ok(Tells::Executions(all)) = &self.read { all } else { &[] }
    }

    /// The history, if it is one that can be judged.
    #[must_use]
    pub fn history(&self) -> Option<&History> {
        if let Ok(Tells::History(history)) = &self.read { Some(history) } else { None }
    }

    /// The execution that is shown.
    #[must_use]
    pub fn execution(&self) -> Option<&Execution> {
        self.executions().get(self.chosen)
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
        let own = self.executions().get(place).map_or("", |execution| &execution.label);
        if own.is_empty() { words::execution(place + 1) } else { own.to_owned() }
    }
}

impl Reducible for Log {
    type Action = LogAction;

    fn reduce(self: Rc<Self>, action: LogAction) -> Rc<Self> {
        let log = (*self).clone();
        Rc::new(match action {
            LogAction::Choose(place) => log.choosing(place),
            LogAction::Judge(object, begins) => log.judged(object, begins),
            LogAction::Look(action) => log.after(action),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::run::Selection;
    use lightcone_engine::{Edit, EventIndex};

    const TWO: &str = "(?<host>\\S+) (?<clock>{.*}) (?<event>.*)\n^--- (?<trace>.*)$\n--- first\na {\"a\":1} Asks\nb {\"a\":1, \"b\":1} Hears\n--- second\nb {\"b\":2} Lost its beginning\n";

    fn opened(text: &str) -> Log {
        Log::open(LogFile { name: "a.log".into(), text: text.into() })
    }

    #[test]
    fn what_was_recorded_is_looked_at_and_not_changed() {
        let log = opened(TWO);
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
        let log = opened(TWO);
        assert_eq!((log.label(0), log.label(1)), ("first".into(), "second".into()));
        assert!(log.faults().is_none());
        let second = log.choosing(1);
        assert!(second.run.is_none() && second.faults().is_some_and(|faults| faults.told[0].line == 7));
        assert!(second.choosing(0).run.is_some());
        assert!(opened("nothing").faults().is_some());
    }

    #[test]
    fn a_history_is_judged_as_the_reader_says() {
        let log = opened("0 :invoke :read nil\n0 :ok :read 7\n");
        let object = |log: &Log| log.history().map(|history| (history.object, history.why.is_empty()));
        assert_eq!(object(&log), Some(("register", false)));
        assert!(log.run.as_ref().is_some_and(|run| run.trace.first_violation().is_some()));
        let begun = log.judged(Some("compare-and-set"), "7".into());
        assert_eq!(object(&begun), Some(("compare-and-set", true)));
        let unfit = begun.judged(Some("queue"), "".into());
        assert!(unfit.run.is_none() && unfit.faults().is_some_and(|faults| faults.told[0].line == 1));
    }
}
