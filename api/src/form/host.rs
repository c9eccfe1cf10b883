//! The messages between a figure in a frame and the page around it.

use super::edit::Edit;
use super::error::Error;
use super::number::Millis;
use super::verdict::Verdict;

/// Characters of a message from the page around a figure, as JSON. A longer one is answered with an error.
pub const MOST_OF_A_CALL: usize = 64 * 1_024;

objects! {
    /// What the page around a figure asks of it. Each call is answered once, by an object with the same `id`.
    pub struct Call {
        /// The version of the form: 1.
        #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1)))]
        pub lightcone: u32,
        /// The number of the call, which its answer repeats.
        #[serde(default)]
        pub id: u32,
        /// What to do.
        pub call: CallWord,
        /// `open`: the run, as an address of Lightcone, a link's code, or a name: `raft/election`. It may say where to look.
        pub link: Option<String>,
        /// `open`: the run as the text of a scenario instead.
        pub scenario: Option<String>,
        /// Look at this moment.
        pub at: Option<Millis>,
        /// Show the run from this moment.
        pub from: Option<Millis>,
        /// Show the run to this moment.
        pub to: Option<Millis>,
        /// Select an event `e12`, a message `m12`, a timer `t12` or a node `n3`, by its number in the run; empty for nothing.
        pub select: Option<String>,
        /// Light of the selected event its `past`, its `future`, or `why` its node believes what it does; or nothing: `off`.
        pub light: Option<String>,
        /// Number the events after this moment as steps.
        pub steps: Option<Millis>,
        /// Show the run beside itself with these settings the other way; `no` for alone.
        pub beside: Option<String>,
        /// `style`: `light` or `dark`; anything else for the reader's own choice.
        pub theme: Option<String>,
        /// `style`: the colour of the paper, as six hexadecimal digits; anything else for Lightcone's own.
        pub paper: Option<String>,
        /// `style`: the colour of the reader's hand and of the focus, in the same way.
        pub accent: Option<String>,
        /// `style`: whether messages can be dragged: `yes` or `no`.
        pub edit: Option<String>,
        /// `style`: whether there is a bar to play with: `yes` or `no`.
        pub controls: Option<String>,
        /// `style`: whether the figure plays when it comes into sight: `yes` or `no`.
        pub autoplay: Option<String>,
    }

    /// What a figure says to the page around it: an answer, which has the `id` of its call, or an event.
    pub struct Said {
        /// The version of the form: 1.
        #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1)))]
        pub lightcone: u32,
        /// The number of the call that is answered.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub id: Option<u32>,
        /// The figure after the call.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub result: Option<Seen>,
        /// Why the call did nothing.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub error: Option<Error>,
        /// What happened.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub event: Option<EventWord>,
        /// More of the event.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub detail: Option<Detail>,
    }

    /// A figure as its reader sees it.
    pub struct Seen {
        /// The address of the run in Lightcone, with the moment that is looked at.
        pub link: String,
        /// The reader's moves.
        pub moves: Vec<Edit>,
        /// One verdict for each promise.
        pub verdicts: Vec<Verdict>,
        /// The moment that is looked at.
        pub cursor: Millis,
        /// What is selected, as in an address: `m12`.
        pub selection: Option<String>,
        /// How many messages were not heard: from elsewhere than the page around the figure, or in another form.
        pub ignored: u32,
    }

    /// More of an event.
    #[derive(Default)]
    pub struct Detail {
        /// `ready`, `change`: the address of the run in Lightcone, with the moment that is looked at. `solved`: the address of the answer.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub link: Option<String>,
        /// `ready`, `change`: the moment that is looked at.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub cursor: Option<Millis>,
        /// `ready`, `change`, `select`: what is selected; none for nothing.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub selection: Option<String>,
        /// `change`: whether it was the reader's hand: neither the page around the figure nor the figure as it plays.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub by_reader: Option<bool>,
        /// `change`: whether the cursor moved because the run plays.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub playing: Option<bool>,
        /// `change`: whether it is another run now, and not only looked at elsewhere.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub other_run: Option<bool>,
        /// `verdict`: the verdict that is another now.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub verdict: Option<Verdict>,
        /// `height`: the pixels that the figure would like to have.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub height: Option<u32>,
        /// `leave`: the address that the reader wants to open in a page of its own.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub address: Option<String>,
        /// `error`: what is wrong.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub error: Option<Error>,
    }
}

words! {
    /// What the page around a figure may ask.
    pub enum CallWord {
        /// Look elsewhere in the run: `at`, `from`, `to`, `select`, `light`, `steps`, `beside`.
        Show,
        /// Open another run: `link` or `scenario`, and where to look.
        Open,
        /// Take back all of the reader's moves, and look where the frame's address says.
        Reset,
        /// Say what the reader sees.
        State,
        /// Look otherwise: `theme`, `paper`, `accent`, `edit`, `controls`, `autoplay`.
        Style,
        /// Fetch the program, if the figure is still a picture. It is not answered.
        Wake,
    }

    /// What a figure says by itself.
    pub enum EventWord {
        /// It can be asked.
        Ready,
        /// Another run, moment or stretch is shown.
        Change,
        /// A promise breaks, or holds again.
        Verdict,
        /// The question that the figure asks is solved.
        Solved,
        /// Something else is selected.
        Select,
        /// The height that it would like to have.
        Height,
        /// The reader wants to open an address in a page of its own, which a frame in a sandbox may not.
        Leave,
        /// Something cannot be opened.
        Error,
    }
}
