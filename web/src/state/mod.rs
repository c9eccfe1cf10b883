//! What the page knows: what is in the address, in the run, in the session. Pure: no browser, nothing drawn.

pub mod address;
pub mod arrival;
pub mod ask;
pub mod gallery;
pub mod key_moves;
pub mod links;
pub mod numbered;
pub mod options;
pub mod page;
pub mod playback;
pub mod rename;
pub mod run;
pub mod search_job;
pub mod search_request;
pub mod session;
pub mod snapshot;
