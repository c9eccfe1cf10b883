//! The one error.

use std::fmt;

objects! {
    /// Why something cannot be done: a code for programs, a line, and a sentence for people.
    #[cfg_attr(feature = "schema", schemars(rename = "LightconeError"), ts(rename = "LightconeError"))]
    pub struct Error {
        /// What kind of error it is. The words do not change.
        pub code: Code,
        /// The line of the text, counted from 1; none if no line of a text is wrong.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub line: Option<u32>,
        /// What is wrong, and what still works, in one or two sentences.
        pub message: String,
    }
}

words! {
    /// What kind of error it is. The words do not change; there may come new ones.
    pub enum Code {
        /// A text, a link or a list is longer than its limit.
        TooLong,
        /// Lists and objects, or brackets, stand too deep in each other.
        TooDeep,
        /// A text that should be JSON is none.
        NotJson,
        /// JSON of another form: a field is missing, unknown, or of another type.
        WrongForm,
        /// The form, the text or the link is of a newer Lightcone.
        TooNew,
        /// Made for a newer behaviour version of the protocol.
        NewerProtocol,
        /// There is no such protocol.
        UnknownProtocol,
        /// There is no such run in the gallery.
        UnknownRun,
        /// Something that should be named here does not exist: a flaw, a knob, a node, a promise.
        UnknownName,
        /// A number, a time or a text is out of its bounds.
        OutOfBounds,
        /// The text is no scenario.
        NotAScenario,
        /// A line of a text ends too early.
        MissingWord,
        /// A word of a text is not of the expected kind.
        UnexpectedWord,
        /// A line of a text goes on after its end.
        SurplusWord,
        /// Something is said twice.
        SaidTwice,
        /// A section of a text stands at the wrong place.
        OutOfPlace,
        /// The end of a link is missing.
        LinkCut,
        /// A link was changed.
        LinkDamaged,
        /// The text is no history.
        NoHistory,
        /// A form of a history ends too early.
        EndsInside,
        /// A process asks while it waits, or is answered while it waits for nothing.
        Disorder,
        /// A type of object does not have this operation, or cannot begin so.
        Unfit,
        /// Two things are asked for that exclude each other.
        Contradiction,
        /// The link or the name asks nothing.
        NoQuestion,
        /// The run ends before the moment that is asked for, or what is shown would be too short.
        NothingToShow,
    }
}

impl Error {
    /// An error that is about no line.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Error {
        Error { code, line: None, message: message.into() }
    }

    /// The same error of a part that has a name: `script[3]: …`.
    #[must_use]
    pub fn inside(mut self, part: &str) -> Error {
        self.message = format!("`{part}`: {}", self.message);
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
