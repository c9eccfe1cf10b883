//! Options of the functions.

use super::history::Datum;
use super::number::Millis;

objects! {
    /// What `simulate` is to do.
    #[derive(Default)]
    pub struct SimulateOptions {
        /// When the run ends, instead of at the scenario's horizon.
        pub until: Option<Millis>,
        /// Whether each event is to have its node's state after it.
        #[serde(default)]
        #[cfg_attr(feature = "schema", ts(optional, as = "Option<bool>"))]
        pub states: bool,
    }

    /// What `judge` is asked.
    #[derive(Default)]
    pub struct JudgeOptions {
        /// What the operations are done to: `register`, `key-value`, `compare-and-set`, `lock`, `queue`, `test-and-set`, `log`,
        /// `set` or `counter`; a register, if it is not said.
        #[serde(rename = "as")]
        pub object: Option<String>,
        /// What it begins with, instead of what its type begins with.
        pub initial: Option<Datum>,
        /// Whether to judge sequential consistency instead of linearizability.
        #[serde(default)]
        #[cfg_attr(feature = "schema", ts(optional, as = "Option<bool>"))]
        pub sequential: bool,
    }

    /// How `draw` draws. What is not said is as the page opens the run.
    #[derive(Default)]
    pub struct DrawOptions {
        /// The width of the figure in pixels: 300 to 4000; 1024, if it is not said. Below 560, time runs down.
        pub width: Option<u32>,
        /// The height of a figure in which time runs down, in pixels: 200 to 4000. Others are as high as their lanes need.
        pub height: Option<u32>,
        /// The colours; light, if they are not said.
        pub theme: Option<Theme>,
        /// Where the stretch of time begins that is shown.
        pub from: Option<Millis>,
        /// Where it ends.
        pub to: Option<Millis>,
        /// The moment of the cursor: later events are pale.
        pub at: Option<Millis>,
    }
}

words! {
    /// What `write` writes.
    pub enum TextForm {
        /// The scenario, as `format` writes it.
        Scenario,
        /// The scenario, with what its run shows: a file that `check` holds it to.
        Test,
        /// A sequence diagram for Mermaid.
        Mermaid,
        /// A log with vector clocks for ShiViz.
        Shiviz,
        /// The clients' requests and answers as a history, as Jepsen writes it.
        Edn,
        /// Every event, a line each.
        Text,
    }

    /// The colours of a figure.
    pub enum Theme {
        /// Ink on white paper.
        Light,
        /// Light on dark.
        Dark,
    }
}
