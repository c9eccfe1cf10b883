//! Small parts that everything is made of: signs, dialogs, and what is drawn again only when it changes.

pub mod dialog;
pub mod icons;
pub mod memo;
