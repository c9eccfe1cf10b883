//! A history: what processes asked of an object, what they were told, and in which order that was seen.

use alloc::vec::Vec;
use lightcone_engine::table::Table;

/// What became of an operation. Moments are places in [`History::moments`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome<A> {
    /// It was done, and answered.
    Answered {
        /// The place of its return in [`History::moments`].
        at: u32,
        /// What the process was told.
        answer: A,
    },
    /// It certainly did not happen, and the process was told so.
    Failed {
        /// The place of its return in [`History::moments`].
        at: u32,
    },
    /// Nobody knows. It may take effect at any moment after its call, or never.
    Unknown {
        /// When the process gave it up; none if it still waits.
        at: Option<u32>,
    },
}

/// An operation of a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<O, A> {
    /// The number of the process that asked.
    pub process: u32,
    /// What the process asked.
    pub operation: O,
    /// When: a place in [`History::moments`].
    pub called: u32,
    /// What became of it.
    pub outcome: Outcome<A>,
}

impl<O, A> Entry<O, A> {
    /// What the process was told of an operation that was done.
    #[must_use]
    pub fn answer(&self) -> Option<&A> {
        match &self.outcome {
            Outcome::Answered { answer, .. } => Some(answer),
            Outcome::Failed { .. } | Outcome::Unknown { .. } => None,
        }
    }

    /// When it was over; never, for what may still take effect.
    #[must_use]
    pub fn end(&self) -> u32 {
        match self.outcome {
            Outcome::Answered { at, .. } | Outcome::Failed { at } => at,
            Outcome::Unknown { .. } => u32::MAX,
        }
    }

    /// Whether it is known not to have happened.
    #[must_use]
    pub fn failed(&self) -> bool {
        matches!(self.outcome, Outcome::Failed { .. })
    }
}

/// Something a process did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// It asked: this operation.
    Call(u32),
    /// It was told, or gave up: this operation.
    Return(u32),
}

/// A process did what it cannot do at that moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disorder {
    /// It asks while it waits for an answer.
    AsksWhileWaiting,
    /// It is answered while it waits for nothing.
    AnsweredWithoutAsking,
}

/// Operations in the order of their calls. Of one process, each begins when the one before is over. A process that gave
/// up an operation is done; if its number asks again, that is a new process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History<O, A> {
    entries: Vec<Entry<O, A>>,
    moments: Vec<Moment>,
    /// By process: what it waits for.
    waiting: Table<u32, u32>,
}

impl<O, A> Default for History<O, A> {
    fn default() -> History<O, A> {
        History { entries: Vec::new(), moments: Vec::new(), waiting: Table::new() }
    }
}

impl<O, A> History<O, A> {
    /// Every operation, in the order of their calls.
    #[must_use]
    pub fn entries(&self) -> &[Entry<O, A>] {
        &self.entries
    }

    /// Every call and return, in order.
    #[must_use]
    pub fn moments(&self) -> &[Moment] {
        &self.moments
    }

    /// A process asks. Gives the operation's place in [`History::entries`].
    ///
    /// # Errors
    /// The process waits for an answer.
    pub fn call(&mut self, process: u32, operation: O) -> Result<u32, Disorder> {
        if self.waiting.contains(&process) {
            return Err(Disorder::AsksWhileWaiting);
        }
        let (place, called) = (self.entries.len() as u32, self.moments.len() as u32);
        self.waiting.insert(process, place);
        self.moments.push(Moment::Call(place));
        self.entries.push(Entry { process, operation, called, outcome: Outcome::Unknown { at: None } });
        Ok(place)
    }

    /// What a process waits for is done, and answered.
    ///
    /// # Errors
    /// The process waits for nothing.
    pub fn answer(&mut self, process: u32, answer: A) -> Result<u32, Disorder> {
        let (place, at) = self.end(process)?;
        self.entries[place as usize].outcome = Outcome::Answered { at, answer };
        Ok(place)
    }

    /// What a process waits for certainly did not happen.
    ///
    /// # Errors
    /// The process waits for nothing.
    pub fn fail(&mut self, process: u32) -> Result<u32, Disorder> {
        let (place, at) = self.end(process)?;
        self.entries[place as usize].outcome = Outcome::Failed { at };
        Ok(place)
    }

    /// A process gives up what it waits for, which may still happen.
    ///
    /// # Errors
    /// The process waits for nothing.
    pub fn give_up(&mut self, process: u32) -> Result<u32, Disorder> {
        let (place, at) = self.end(process)?;
        self.entries[place as usize].outcome = Outcome::Unknown { at: Some(at) };
        Ok(place)
    }

    /// What a process waits for is over: which operation, and when.
    fn end(&mut self, process: u32) -> Result<(u32, u32), Disorder> {
        let place = self.waiting.remove(&process).ok_or(Disorder::AnsweredWithoutAsking)?;
        self.moments.push(Moment::Return(place));
        Ok((place, self.moments.len() as u32 - 1))
    }

    /// The same history in other words. An operation that was done, but for whose answer there are no words, is one of
    /// which nobody knows what became of it.
    ///
    /// # Errors
    /// The first that `say` gives.
    pub fn in_words<P, B, E>(
        &self,
        mut say: impl FnMut(&Entry<O, A>) -> Result<(P, Option<B>), E>,
    ) -> Result<History<P, B>, E> {
        let mut entries = Vec::with_capacity(self.entries.len());
        for entry in &self.entries {
            let (operation, answer) = say(entry)?;
            let outcome = match (&entry.outcome, answer) {
                (Outcome::Answered { at, .. }, Some(answer)) => Outcome::Answered { at: *at, answer },
                (Outcome::Answered { at, .. }, None) => Outcome::Unknown { at: Some(*at) },
                (Outcome::Failed { at }, _) => Outcome::Failed { at: *at },
                (Outcome::Unknown { at }, _) => Outcome::Unknown { at: *at },
            };
            entries.push(Entry { process: entry.process, operation, called: entry.called, outcome });
        }
        Ok(History { entries, moments: self.moments.clone(), waiting: self.waiting.clone() })
    }
}
