//! A history: what processes asked of an object, what they were told, and in which order that was seen.

use alloc::vec::Vec;
use lightcone_engine::sorted_map::SortedMap;

/// How an operation ended, as far as its process knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Completion<A> {
    /// It was done, and answered.
    Answered {
        /// The place of its return in [`History::endpoints`].
        at: u32,
        /// What the process was told.
        answer: A,
    },
    /// It certainly did not happen, and the process was told so.
    Failed {
        /// The place of its return in [`History::endpoints`].
        at: u32,
    },
    /// Nobody knows. It may take effect at any moment after its call, or never.
    Unknown {
        /// The place in [`History::endpoints`] at which the process gave it up; none if the process still waits.
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
    /// The place of its call in [`History::endpoints`].
    pub called: u32,
    /// How it ended.
    pub completion: Completion<A>,
}

impl<O, A> Entry<O, A> {
    /// What the process was told of an operation that was done.
    #[must_use]
    pub fn answer(&self) -> Option<&A> {
        match &self.completion {
            Completion::Answered { answer, .. } => Some(answer),
            Completion::Failed { .. } | Completion::Unknown { .. } => None,
        }
    }

    /// The place at which it ended; [`u32::MAX`] if it may still take effect.
    #[must_use]
    pub fn end(&self) -> u32 {
        match self.completion {
            Completion::Answered { at, .. } | Completion::Failed { at } => at,
            Completion::Unknown { .. } => u32::MAX,
        }
    }

    /// Whether it is known not to have happened.
    #[must_use]
    pub fn failed(&self) -> bool {
        matches!(self.completion, Completion::Failed { .. })
    }
}

/// One end of an operation's interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// A process asked for the operation at this place.
    Call(u32),
    /// A process was told the answer of the operation at this place, or gave it up.
    Return(u32),
}

/// A process did something that it cannot do in its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disorder {
    /// It asks while it waits for an answer.
    AsksWhileWaiting,
    /// It is answered while it waits for nothing.
    AnsweredWithoutAsking,
}

/// Operations in the order of their calls. A process asks for its next operation when the one before has ended. A process
/// that gave up an operation asks for no more; if its number asks again, it is a new process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History<O, A> {
    entries: Vec<Entry<O, A>>,
    endpoints: Vec<Endpoint>,
    /// By process: what it waits for.
    waiting: SortedMap<u32, u32>,
}

impl<O, A> Default for History<O, A> {
    fn default() -> History<O, A> {
        History { entries: Vec::new(), endpoints: Vec::new(), waiting: SortedMap::new() }
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
    pub fn endpoints(&self) -> &[Endpoint] {
        &self.endpoints
    }

    /// A process asks. Gives the operation's place in [`History::entries`].
    ///
    /// # Errors
    /// The process waits for an answer.
    pub fn call(&mut self, process: u32, operation: O) -> Result<u32, Disorder> {
        if self.waiting.contains(&process) {
            return Err(Disorder::AsksWhileWaiting);
        }
        let (place, called) = (self.entries.len() as u32, self.endpoints.len() as u32);
        self.waiting.insert(process, place);
        self.endpoints.push(Endpoint::Call(place));
        self.entries.push(Entry { process, operation, called, completion: Completion::Unknown { at: None } });
        Ok(place)
    }

    /// What a process waits for is done, and answered.
    ///
    /// # Errors
    /// The process waits for nothing.
    pub fn answer(&mut self, process: u32, answer: A) -> Result<u32, Disorder> {
        let (place, at) = self.end(process)?;
        self.entries[place as usize].completion = Completion::Answered { at, answer };
        Ok(place)
    }

    /// What a process waits for certainly did not happen.
    ///
    /// # Errors
    /// The process waits for nothing.
    pub fn fail(&mut self, process: u32) -> Result<u32, Disorder> {
        let (place, at) = self.end(process)?;
        self.entries[place as usize].completion = Completion::Failed { at };
        Ok(place)
    }

    /// A process gives up what it waits for, which may still happen.
    ///
    /// # Errors
    /// The process waits for nothing.
    pub fn give_up(&mut self, process: u32) -> Result<u32, Disorder> {
        let (place, at) = self.end(process)?;
        self.entries[place as usize].completion = Completion::Unknown { at: Some(at) };
        Ok(place)
    }

    /// What a process waits for is over: which operation, and when.
    fn end(&mut self, process: u32) -> Result<(u32, u32), Disorder> {
        let place = self.waiting.remove(&process).ok_or(Disorder::AnsweredWithoutAsking)?;
        self.endpoints.push(Endpoint::Return(place));
        Ok((place, self.endpoints.len() as u32 - 1))
    }

    /// The same history in other words, which `say` gives for each operation. If `say` has no words for an answer, the
    /// operation's completion is unknown.
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
            let completion = match (&entry.completion, answer) {
                (Completion::Answered { at, .. }, Some(answer)) => Completion::Answered { at: *at, answer },
                (Completion::Answered { at, .. }, None) => Completion::Unknown { at: Some(*at) },
                (Completion::Failed { at }, _) => Completion::Failed { at: *at },
                (Completion::Unknown { at }, _) => Completion::Unknown { at: *at },
            };
            entries.push(Entry { process: entry.process, operation, called: entry.called, completion });
        }
        Ok(History { entries, endpoints: self.endpoints.clone(), waiting: self.waiting.clone() })
    }
}
