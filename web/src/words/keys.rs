//! What keys do, as lists: for the dialog of keys, the margin and the menus.

use super::*;

/// The keys that work everywhere: key, what it does.
pub const EVERYWHERE: &[(&[&str], &str)] = &[
    (&["Space"], "play, stop"),
    (&["Home", "End"], "start, end"),
    (&["J"], "next violation"),
    (&["B"], "break it from here"),
    (&["F"], "find a run in which …"),
    (&["V"], "compare with and without its flaw, or close the comparison"),
    (&["Esc"], "stop a search"),
    (&["E"], "edit this run"),
    (&["S"], "step mode"),
    (&["L"], "events as a list"),
    (&["+", "−", "0"], "zoom in, out, fit"),
    (&["Ctrl Z"], "undo"),
    (&["Shift Ctrl Z"], "redo"),
    (&["?"], "this list"),
];

/// What can be done with a message: name, key as browsers name it, key as people do.
pub const DO_WITH_A_MESSAGE: &[(&str, &str, &str)] = &[
    ("Earlier", "ArrowLeft", "←"),
    ("Later", "ArrowRight", "→"),
    ("Arrive at a time…", "t", "T"),
    ("Duplicate", "d", "D"),
    ("Drop", "Delete", "Del"),
    ("Put back", "Backspace", "Backspace"),
    ("Cut or heal this link", "x", "X"),
    ("Why was it sent?", "w", "W"),
    ("Light its past", "p", "P"),
    ("Light its future", "f", "F"),
];

/// What can be done with a node.
pub const DO_WITH_A_LANE: &[(&str, &str, &str)] = &[
    ("Stop or restart", "c", "C"),
    ("Pause or resume", "z", "Z"),
    (FIRE_NOW, "g", "G"),
    ("Cut off, or connect again", "x", "X"),
    (SEND_A_REQUEST, "r", "R"),
    (WHY_BELIEVE, "w", "W"),
];

/// What can be done with an event.
pub const DO_WITH_AN_EVENT: &[(&str, &str, &str)] =
    &[("Why?", "w", "W"), ("Light its past, or not", "p", "P"), ("Light its future, or not", "f", "F")];

/// The keys of a message besides its commands: key, what it does.
pub const FOR_A_MESSAGE: &[(&[&str], &str)] = &[
    (&["←", "→"], "past a delivery"),
    (&["Shift"], "by 1 ms"),
    (&["Alt"], "by 10 ms"),
    (&["↑", "↓"], "other messages"),
    (&["Enter"], ALL_COMMANDS),
];

/// The keys of a node besides its commands: key, what it does.
pub const FOR_A_LANE: &[(&[&str], &str)] = &[
    (&["←", "→"], "its events"),
    (&["↑", "↓"], "other lanes"),
    (&["Enter"], ALL_COMMANDS),
    (&["Esc"], "let go"),
    (&["X", "Space", "Enter"], "a cut: begin, choose, keep"),
];

/// The keys of the figure while nothing or an event is selected: key, what it does.
pub const FOR_A_MOMENT: &[(&[&str], &str)] = &[
    (&["←", "→"], "previous, next event"),
    (&["Shift"], "ten events"),
    (&["↑", "↓"], "the lane above, below"),
    (&["Tab"], "the event’s messages"),
    (&["I"], "what a sign means, one after another"),
    (&["Enter"], ALL_COMMANDS),
];

/// The dialog's first group.
pub const KEYS_EVERYWHERE: &str = "Everywhere";

/// The dialog's second group.
pub const KEYS_MESSAGE: &str = "With a message selected";

/// The dialog's third group.
pub const KEYS_LANE: &str = "With a lane selected";

/// The dialog's fourth group.
pub const KEYS_MOMENT: &str = "In the figure";
