//! What there is: protocols with their knobs, flaws, promises and runs.

use super::scenario::Setting;

objects! {
    /// The protocols that there are.
    pub struct Protocols {
        /// The version of the form: 1.
        #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1)))]
        pub lightcone: u32,
        /// The protocols, in the order of the chapters.
        pub protocols: Vec<Protocol>,
    }

    /// A protocol.
    pub struct Protocol {
        /// Its name in scenarios: `raft`.
        pub id: String,
        /// Its behaviour version.
        pub behaviour: u8,
        /// The chapter's name.
        pub chapter: String,
        /// Its name for people.
        pub title: String,
        /// What it is for, in a sentence.
        pub summary: String,
        /// The paper or book that it follows.
        pub source: String,
        /// Its knobs.
        pub settings: Vec<Knob>,
        /// Its flaws.
        pub flaws: Vec<Flaw>,
        /// What it promises.
        pub properties: Vec<Property>,
        /// What a search may look for besides broken promises.
        pub goals: Vec<Goal>,
        /// Its own operations.
        pub commands: Vec<Command>,
        /// Its kinds of message.
        pub messages: Vec<Kind>,
        /// Its kinds of timer.
        pub timers: Vec<String>,
        /// Its runs in the gallery.
        pub runs: Vec<Run>,
        /// Its challenges. `question` and `grade` take their names.
        #[serde(default)]
        pub challenges: Vec<Run>,
    }

    /// A knob.
    pub struct Knob {
        /// Its name in scenarios: `servers`.
        pub id: String,
        /// Its name for people.
        pub name: String,
        /// What its value is.
        pub unit: Unit,
        /// The smallest number; of a choice or a switch, 0.
        pub least: u32,
        /// The largest number.
        pub most: u32,
        /// The value in a scenario that does not name it.
        pub default: Setting,
        /// The words of a choice, by number.
        #[serde(default)]
        pub words: Vec<String>,
    }

    /// A known wrong variant.
    pub struct Flaw {
        /// Its name in scenarios.
        pub id: String,
        /// What is wrong, in a sentence.
        pub sentence: String,
    }

    /// A promise.
    pub struct Property {
        /// Its name.
        pub id: String,
        /// Its name for people.
        pub name: String,
        /// When it is judged.
        pub when: When,
        /// What is promised, in a sentence.
        pub sentence: String,
        /// The paper or book that states it.
        pub source: String,
    }

    /// Something that a search may look for.
    pub struct Goal {
        /// Its name.
        pub id: String,
        /// What happens, in a sentence.
        pub sentence: String,
    }

    /// One of a protocol's own operations.
    pub struct Command {
        /// Its name in scenarios.
        pub id: String,
        /// Its name for people.
        pub name: String,
        /// What its argument is.
        pub argument: Argument,
    }

    /// A kind of message.
    pub struct Kind {
        /// Its name in scenarios.
        pub id: String,
        /// Its name for people.
        pub name: String,
    }

    /// A run of the gallery.
    pub struct Run {
        /// Its name: `raft/election`. `decodeLink` takes it.
        pub name: String,
        /// What happens in it, or what is asked.
        pub title: String,
    }
}

words! {
    /// What a knob's value is.
    pub enum Unit {
        /// A number of things.
        Count,
        /// A time in milliseconds.
        Millis,
        /// On or off.
        Switch,
        /// One of several words.
        Choice,
    }

    /// When a promise is judged.
    pub enum When {
        /// It must hold at every moment.
        Always,
        /// It must come true by the end.
        ByTheEnd,
    }

    /// What the argument of a command is.
    pub enum Argument {
        /// There is none.
        Nothing,
        /// A node.
        Node,
        /// A number.
        Number,
    }
}
