//! Whole views of the page, and what works everywhere in it.

pub mod app;
pub mod embed;
pub mod explorer;
pub mod home;
pub mod shortcuts;
