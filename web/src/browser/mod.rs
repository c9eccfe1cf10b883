//! Every direct call of a browser interface. The rest of the page is Rust that could run anywhere.

mod address;
mod base;
mod caret;
mod clock;
mod files;
mod focus;
mod front;
mod hand;
mod host;
mod keys;
mod svg;
mod timeline;
mod view;
mod worker;

pub use address::{
    address, fragment, fragment_before, go_back, go_to_fragment, keep, kept, leave, on_fragment, push_fragment, reload,
    replace_fragment, set_colour, set_theme, set_title,
};
pub use base::Listener;
pub use caret::{caret, write, written};
pub use clock::{Frames, Later, later, next_frame, random_seed, when_idle};
pub use files::{as_data, copy, download, draw_picture, is_dark, on_drop, read_picked, style};
pub use focus::{
    ask_for_dialog, click, close_dialog, focus, focus_next, focus_on, let_go_of, select_all, show_dialog, stays_within,
};
pub use front::{
    around, clear, fetch_front, front_by, is_here, label, new_root, on_focus, on_typed, put_away, put_back, show, typed,
};
pub use hand::{Turn, along, attribute, capture, is_target, on_fingers, on_zoom, place_in};
pub use host::{framed, on_call, say_to_host};
pub use keys::{Press, on_key, press_again};
pub use svg::{Picture, drawn};
pub use timeline::timed;
pub use view::{
    Sight, Size, Sizes, on_sight, on_size, reduced_motion, reveal, scroll_to, scroll_to_top, scrolled, show_near,
};
pub use worker::{Worker, now, post, workers};
