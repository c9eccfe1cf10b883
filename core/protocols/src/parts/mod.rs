//! What several protocols are made of.

pub mod broadcast;
