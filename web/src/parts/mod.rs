//! Small parts that everything is made of: signs, dialogs, notes, and what is drawn again only when it changes.

pub mod dialog;
pub mod icons;
pub mod memo;
pub mod sign_note;
