//! What several protocols are made of. Each part is written for the protocols that use it, not for all that might.

pub mod client_history;
pub mod requests;
