//! What several protocols are made of: judges that they share, and small rules that they all use. Each part is written for
//! the protocols that use it, not for all that might.

pub mod atomic_commit;
pub mod broadcast;
pub mod causal_past;
pub mod client_history;
pub mod consensus;
pub mod log;
pub mod majority;
pub mod multicast;
pub mod requests;
