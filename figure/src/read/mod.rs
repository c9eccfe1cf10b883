//! What is read from a trace before anything has a place: who led when, what clients saw, what a move changed, and
//! sentences.

pub mod alike;
pub mod changes;
pub mod clients;
pub mod history;
pub mod index;
pub mod opening;
pub mod parting;
pub mod sentences;
pub mod signs;
pub mod summary;
pub mod views;
pub mod why;
pub mod words;
