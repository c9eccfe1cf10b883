//! Layout: what is drawn of a run, each thing with its place, and which labels would like to stand where.

pub mod arrows;
pub mod axis;
pub mod candidates;
pub mod clients;
pub mod conditions;
pub mod cone;
pub mod lanes;
pub mod marks;
