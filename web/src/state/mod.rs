//! What the page knows: the address, the run and the session. The code is pure: it calls no browser and draws nothing.

pub mod address;
pub mod arrival;
pub mod ask;
pub mod beside;
pub mod caption;
pub mod commands;
pub mod cut;
pub mod edit;
pub mod gallery;
pub mod key_moves;
pub mod known;
pub mod links;
pub mod log;
pub mod moves;
pub mod numbered;
pub mod options;
pub mod outcome;
pub mod page;
pub mod playback;
pub mod rename;
pub mod run;
pub mod search_job;
pub mod search_request;
pub mod session;
pub mod signs;
pub mod snapshot;
