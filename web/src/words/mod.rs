//! The page's own words, in one place. Short, plain, present tense; nodes act, the reader is "you".
//! What a run says is in `sentences.rs` and `changes.rs`; what protocols say is in their files.

mod compare;
mod edit;
mod embed;
mod home;
mod keys;
mod log;
mod question;
mod search;
mod share;
mod verdicts;

pub use compare::*;
pub use edit::*;
pub use embed::*;
pub use home::*;
pub use keys::*;
pub use log::*;
pub use question::*;
pub use search::*;
pub use share::*;
pub use verdicts::*;

/// The page's name.
pub const NAME: &str = "Lightcone";
/// The note of a run of the gallery whose settings were changed.
pub const OTHER_SETTINGS: &str = "The gallery’s run of this name, with other settings: the gallery’s note may not fit.";
/// Keeps the old future beside the new one.
pub const COMPARE: &str = "Compare";
/// The button under the first figure.
pub const OPEN_IN_LIGHTCONE: &str = "Open in Lightcone";
/// Starts an embedded figure that stands still until then.
pub const START: &str = "Start the figure";
/// What a screen reader hears of the breadcrumb.
pub const WHERE_YOU_ARE: &str = "Where you are";

/// The header's buttons.
pub const SHARE: &str = "Share";
/// The menu of what is seldom needed.
pub const MORE: &str = "More";
/// Opens the list of keys.
pub const KEYS: &str = "Keys";
/// Opens a scenario or a log from a file.
pub const OPEN_FILE: &str = "Open a file…";
/// Takes back all moves.
pub const RESET: &str = "Take back all my moves";

/// What a screen reader hears of the tool bar.
pub const TOOLS: &str = "What the pointer does";
/// The tool that selects and drags.
pub const TOOL_MOVE: &str = "Move";
/// Crashes and restarts.
pub const TOOL_CRASH: &str = "Crash";
/// Pauses and resumes.
pub const TOOL_PAUSE: &str = "Pause";
/// Cuts and heals.
pub const TOOL_CUT: &str = "Cut";
/// Asks something of a client.
pub const TOOL_REQUEST: &str = "Request";
/// What to do with each tool but the first, as one sentence.
pub const HINT_CRASH: &str = "Press a lane at the time when its node should stop or restart.";
/// For the pause tool.
pub const HINT_PAUSE: &str = "Press a lane at the time when its node should pause or resume.";
/// For the cut tool.
pub const HINT_CUT: &str = "Press the lanes to cut off, at the time when the cut should begin.";
/// For the request tool.
pub const HINT_REQUEST: &str = "Press a client’s lane at the time of its request.";
/// Takes the last move back.
pub const UNDO: &str = "Undo";
/// Makes the last move again.
pub const REDO: &str = "Redo";

/// Over the safety properties.
pub const ALWAYS: &str = "Always";
/// Over the liveness properties.
pub const BY_THE_END: &str = "By the end";
/// One flaw is on.
pub const FLAW_ON: &str = "Flaw switched on";
/// Several flaws are on.
pub const FLAWS_ON: &str = "Flaws switched on";
/// What a screen reader hears of the verdicts.
pub const PROPERTIES: &str = "Properties";

/// Moves the cursor to the event before.
pub const PREVIOUS_EVENT: &str = "Previous event";
/// Moves the cursor to the event after.
pub const NEXT_EVENT: &str = "Next event";
/// Starts playing.
pub const PLAY: &str = "Play";
/// Stops playing.
pub const STOP: &str = "Stop";
/// Beside the choice of playing speeds.
pub const SPEED: &str = "Speed";
/// Switches step mode.
pub const RUN_LONGER: &str = "Run longer";
/// Switches step mode.
pub const STEP_MODE: &str = "Step mode";
/// Moves the cursor to the first violation.
pub const TO_THE_VIOLATION: &str = "To the violation";
/// What a screen reader hears of the mini-map.
pub const CURSOR: &str = "Cursor in the whole run";
/// What a screen reader hears of the bar.
pub const TRANSPORT: &str = "Time";

/// What a screen reader hears of the margin.
pub const NOTES: &str = "Notes";
/// Margin heading while a message is dragged.
pub const IN_YOUR_HAND: &str = "In your hand";
/// Margin heading for an event.
pub const SELECTED_EVENT: &str = "Selected event";
/// Margin heading for a message.
pub const SELECTED_MESSAGE: &str = "Selected message";
/// Margin heading for a timer.
pub const SELECTED_TIMER: &str = "Selected timer";
/// Margin heading for a lane.
pub const SELECTED_LANE: &str = "Selected lane";
/// Margin heading when nothing is selected.
pub const AT_THE_CURSOR: &str = "At the cursor";
/// Margin heading over the differences that a move makes.
pub const WHAT_CHANGED: &str = "What your move changed";
/// Margin heading over an event's stamps.
pub const CLOCKS: &str = "Clocks";
/// In the note under it: these are not the protocol's own.
pub const CLOCKS_OF_PAGE: &str = "Counted by this page for every event, not by the protocol.";
/// The same of a log.
pub const CLOCKS_OF_LOG: &str = "The clock that the log gives the event, filled up with zeros.";
/// Beside a timer that is armed: when it fires if nothing stops it.
#[must_use]
pub fn due(at: lightcone_engine::Time) -> String {
    format!("fires at {} ms", lightcone_figure::read::sentences::moment(at))
}

/// Margin heading over the logs of all nodes.
pub const ALL_LOGS: &str = "All logs, by term or epoch";
/// Margin heading over turning points that an event cannot know of.
pub const OUTSIDE_ITS_PAST: &str = "Outside its past";
/// Said under [`OUTSIDE_ITS_PAST`].
pub const NO_MESSAGE_LEADS_HERE: &str = "No message leads from there to here.";
/// Margin heading over the list of moves.
pub const YOUR_MOVES: &str = "Your moves";
/// Margin heading over the keys for a message.
pub const KEYS_HERE: &str = "Keys for this message";
/// Margin heading over the keys for a node.
pub const KEYS_FOR_NODE: &str = "Keys for this node";
/// Margin heading over knobs and model.
pub const SYSTEM: &str = "System";
/// The heading of the lessons that show a run.
pub const LESSONS: &str = "Lessons with this run";
/// Margin heading over other runs of the gallery.
pub const GALLERY: &str = "More runs";
/// What chance draws from.
pub const SEED: &str = "Seed";
/// Draws the run's chances again.
pub const ANOTHER_SEED: &str = "Another run";
/// What is promised about delays, in the order of the choice.
pub const TIMINGS: [&str; 3] = ["unbounded", "bounded", "eventually bounded"];
/// What is said when a move makes no difference.
pub const NOTHING_CHANGED: &str = "Nothing else changes.";
/// What is said before the first event.
pub const NOTHING_YET: &str = "Nothing has happened yet.";
/// What is said of a node that is not up, where there is little room.
pub const STOPPED_IN_SHORT: &str = "stopped";
/// What is said of a node that is not up.
pub const STOPPED: &str = "down; its memory is lost";
/// A zero in a vector clock.
pub const HEARD_NOTHING: &str = "has heard nothing from";

/// The heading of step mode.
pub const WHAT_NEXT: &str = "What happens next?";
/// Step mode with nothing to choose.
pub const NOTHING_MORE: &str = "Nothing more can happen.";
/// Step mode: what happens next anyway.
pub const COMES_NEXT: &str = "Comes next by itself";

/// A button of a notice: go back to what was open.
pub const KEEP_THIS_RUN: &str = "Keep this run";
/// A button of a notice: go to the first page.
pub const SHOW_CONTENTS: &str = "Show the contents";
/// A button of a notice: load the page again.
pub const RELOAD: &str = "Reload";
/// A button of a notice that only says something.
pub const UNDERSTOOD: &str = "Understood";
/// Headings of notices.
pub const NO_SUCH_PLACE: &str = "There is nothing at this address";
/// More on it.
pub const NO_SUCH_PLACE_MORE: &str = "No page has this address. The contents list every run.";
/// Headings of notices.
pub const NO_SUCH_RUN: &str = "The gallery has no such run";
/// More on it.
pub const NO_SUCH_RUN_MORE: &str = "The run may have another name now. The contents list every run.";
/// Headings of notices.
pub const PART_MISSING: &str = "A part of the page did not arrive";
/// What still works when a part of the page did not arrive.
pub const PART_MISSING_MORE: &str = "The network may be down. What is open stays, and the link keeps the whole run.";
/// Fetches again what did not arrive.
pub const TRY_AGAIN: &str = "Try again";
/// While a part of the page arrives.
pub const WAITING: &str = "Working out the run.";
/// Headings of notices.
pub const LINK_DAMAGED: &str = "This link is damaged";
/// Headings of notices.
pub const LINK_TOO_LONG: &str = "This link is too long";
/// Headings of notices.
pub const LINK_NEWER: &str = "This link was made by a newer version";
/// Headings of notices.
pub const LINK_UNKNOWN: &str = "This link is about an unknown protocol";
/// Headings of notices.
pub const LINK_INVALID: &str = "This link cannot be run";
/// Headings of notices.
pub const FILE_BAD: &str = "This file cannot be opened";
/// More on it.
pub const FILE_UNREADABLE: &str = "The file is not text, or it is longer than 4 MiB.";
/// Headings of notices.
pub const RUN_CHANGED: &str = "This run may end differently from when it was shared";

/// A button of a notice: opens what can be read of a link that was cut off.
#[must_use]
pub fn open_readable(number: usize) -> String {
    match number {
        0 => "Open the run without its moves".into(),
        1 => "Open it with its first move".into(),
        number => format!("Open it with its first {}", moves(number)),
    }
}

/// The dialog that lists the keys.
pub const KEYS_TITLE: &str = "Keys";

/// Commands for a node, by how it is.
pub const STOP_NODE: &str = "Stop";
/// For a node that is stopped.
pub const RESTART: &str = "Restart";
/// For a node that runs.
pub const PAUSE_NODE: &str = "Pause";
/// For a node that stands still.
pub const RESUME: &str = "Resume";
/// For a node whose timer runs.
pub const FIRE_NOW: &str = "Time out now";
/// For a node that can be asked something.
pub const SEND_A_REQUEST: &str = "Send a request…";
/// For a node that is connected; names follow.
pub const CUT_OFF_FROM: &str = "Cut off from";
/// For a node that is cut off; names follow.
pub const CONNECT_AGAIN: &str = "Heal the links to";
/// For every node.
pub const WHY_BELIEVE: &str = "Why does it believe this?";
/// The outcome of stopping a node.
pub const MEMORY_GOES: &str = "memory is lost";
/// The outcome of cutting a node off.
pub const CLIENTS_STAY: &str = "clients stay";

/// The panel of a cut that is chosen, and its button.
pub const CUT: &str = "Cut";
/// The button of a cut that is chosen, if all of it is cut by then.
pub const CONNECT: &str = "Connect again";
/// Takes back what is only tried.
pub const CANCEL: &str = "Cancel";
/// The title of a cut while a side is empty.
pub const CHOOSE_A_SIDE: &str = "Choose who is cut off";
/// How lanes are chosen.
pub const CHOOSE_BY_BOXES: &str = "Tick the boxes beside the names.";
/// Over the choice of directions.
pub const DIRECTION: &str = "Direction";
/// All messages between the sides are lost.
pub const BOTH_WAYS: &str = "Both ways";
/// Clients are on neither side of a cut.
pub const CLIENTS_STAY_CONNECTED: &str = "Clients stay connected";

/// Only what the chosen lanes send is lost, or only what they would hear: before [`sends`], where there is room.
pub const ONLY_WHAT: &str = "Only what ";

/// The chosen lanes, and that they send or hear.
#[must_use]
pub fn sends(who: &str, several: bool, sent: bool) -> String {
    let verb = match (sent, several) {
        (true, false) => "sends",
        (true, true) => "send",
        (false, false) => "hears",
        (false, true) => "hear",
    };
    format!("{who} {verb}")
}

/// Since when a cut is: to the end of the run, unless that is where it begins.
#[must_use]
pub fn from_here(at: lightcone_engine::Time, ends: bool) -> String {
    match ends {
        false => format!("From {} to the end of the run.", flagged(at)),
        true => "The run ends at the cursor. Move the cursor to where the cut is to begin.".to_owned(),
    }
}

/// Since when a cut is, where there is little room.
#[must_use]
pub fn from_here_in_short(at: lightcone_engine::Time, ends: bool) -> String {
    if ends { from_here(at, ends) } else { format!("from {}", flagged(at)) }
}

/// Heads the menu of a lane: its commands act at the cursor.
#[must_use]
pub fn at_the_cursor(at: lightcone_engine::Time, ends: bool) -> String {
    let end = if ends { ", where the run ends" } else { "" };
    format!("at the cursor, {}{end}", flagged(at))
}

/// Beside the key that opens the list of what can be done.
pub const ALL_COMMANDS: &str = "all commands";
/// The events as a table.
pub const EVENTS: &str = "Events";
/// Opens and closes that table.
pub const AS_A_LIST: &str = "Events as a list";
/// Goes back from that table.
pub const AS_A_FIGURE: &str = "Back to the figure";
/// The heads of that table's columns.
pub const EVENT_COLUMNS: [&str; 4] = ["When", "Where", "What happens", "What it sends"];
/// Whether keys of a single letter work everywhere in the page.
pub const SINGLE_KEYS: &str = "Keys without Ctrl work outside the figure, too";

/// Above the table.
#[must_use]
pub fn events_listed(shown: usize, all: usize) -> String {
    match shown == all {
        true => format!("All {} of the run, in order.", count(all, "event", "events")),
        false => format!("{} of {} events, around the cursor.", grouped(shown), grouped(all)),
    }
}

/// The outcome of a choice in step mode that makes no difference.
pub const IDLE_CHOICE: &str = "Would change nothing";
/// Before the field for a time.
pub const ARRIVES_AT: &str = "Arrives at";

/// In the list of what can be done: explains the sign there.
pub const WHAT_IS_THIS: &str = "What is this sign?";
/// Leads to the page of all signs.
pub const ALL_SIGNS: &str = "All signs";
/// Closes what is said of a sign.
pub const GOT_IT: &str = "Got it";
/// The heading of the page of all signs.
pub const SIGNS_TITLE: &str = "Signs of the figure";
/// Said under it.
pub const SIGNS_INTRO: &str = "Colour is never the only sign. A kind of message has a colour and a dash, its fate has a shape, and an epoch has a tint and a number. Orange is what you did, dark red is what broke, and yellow is what an event can know of.";
/// Leads from there to the run that is open.
pub const BACK_TO_THE_RUN: &str = "Back to the run";

/// Said of a run in which nothing is sent.
pub const EMPTY: &str =
    "Nothing has happened yet. Take the request tool and press a client’s lane, or press a lane to act on its node.";
/// The sheet's commands: why a node believes what it does.
pub const WHY: &str = "Why?";
/// The sheet's commands: the state of a node.
pub const STATE: &str = "State";
/// Margin heads; the sheet's commands.
pub const ITS_FUTURE: &str = "Its future";
/// The sheet's button that lights what an event can know of.
pub const ITS_PAST: &str = "Its past";
/// The sheet's button that opens all notes.
pub const ALL_NOTES: &str = "All notes";
/// The sheet's button that shuts them.
pub const CLOSE_NOTES: &str = "Close notes";
/// What a screen reader hears of the sheet.
pub const SHEET: &str = "Subject and commands";
/// The sheet's commands.
pub const EARLIER: &str = "Earlier";
/// The sheet's commands.
pub const LATER: &str = "Later";
/// The sheet's commands.
pub const DROP: &str = "Drop";
/// The sheet's commands: a dropped message comes back.
pub const PUT_BACK: &str = "Put back";
/// The sheet's commands.
pub const TWICE: &str = "Twice";

/// Under the name of who is to be asked something.
#[must_use]
pub fn asks_at(at: lightcone_engine::Time) -> String {
    format!("asks at {} ms", lightcone_figure::read::sentences::moment(at))
}

/// A moment with its unit.
#[must_use]
pub fn flagged(at: lightcone_engine::Time) -> String {
    format!("{} ms", lightcone_figure::read::sentences::moment(at))
}

/// Step mode's second line.
#[must_use]
pub fn choose_at(at: lightcone_engine::Time) -> String {
    format!("{} ms. Choose, or press a number.", lightcone_figure::read::sentences::moment(at))
}

/// A number of things: `1 move`, `2 moves`.
#[must_use]
pub fn count(number: usize, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{} {many}", grouped(number)) }
}

/// A number with commas between thousands.
#[must_use]
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut shown = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

fn moves(number: usize) -> String {
    const WORDS: [&str; 10] = ["", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    match WORDS.get(number) {
        Some(word) if number == 1 => format!("{word} move"),
        Some(word) => format!("{word} moves"),
        None => format!("{} moves", grouped(number)),
    }
}

/// What an embedded figure is of: `Raft, 3 nodes`.
#[must_use]
pub fn embedded(protocol: &str, nodes: usize) -> String {
    format!("{protocol}, {}", count(nodes, "node", "nodes"))
}

/// How much of what comes later follows from an event.
#[must_use]
pub fn follows(number: usize, later: usize) -> String {
    match later {
        0 => "No event comes after this one.".into(),
        later => format!("{} of the {} later events depend on this one.", grouped(number), grouped(later)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_said_as_people_say_them() {
        assert_eq!(count(1, "event", "events"), "1 event");
        assert_eq!(count(1_204_331, "state", "states"), "1,204,331 states");
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_000), "1,000");
    }

    #[test]
    fn the_texts_keep_to_the_voice() {
        let texts = [
            HERO,
            HERO_INTRO,
            HINT_CRASH,
            HINT_CUT,
            NOTHING_CHANGED,
            COPY_YOURSELF,
            TEXT_HINT,
            WITHOUT_MOVES,
            EMBED_HINT,
            FRAME_HINT,
            HEADER_HINT,
            BY_HAND_HINT,
            COPIED_SAID,
            PICTURE_HINT,
            NO_PICTURE,
            TEST_HINT,
            RUST_HINT,
            SEARCHING_MORE,
            SEARCH_STOPPED_MORE,
            SEARCH_FAILED_MORE,
            FOUND_FAILED,
            FOUND_STOPPED,
            MERMAID_HINT,
            MERMAID_LONG_HINT,
            SHIVIZ_HINT,
        ];
        for text in texts {
            assert!(!text.contains('!'), "no exclamation marks: {text}");
            assert!(!text.contains('\''), "curly apostrophes: {text}");
        }
    }
}
