//! The screens of the page, and the keys that work on all of them.

pub mod app;
mod around;
mod contents;
mod deeds;
mod doing;
pub mod embed;
pub mod explorer;
pub mod front;
pub mod home;
pub mod host;
mod keys_help;
pub mod late;
pub mod log;
mod pair;
mod room;
pub mod shortcuts;
pub mod shown;
pub mod signs;
mod waits;
