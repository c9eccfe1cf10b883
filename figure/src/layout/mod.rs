//! Layout: every drawn thing with its place, and the candidates for labels.

pub mod arrows;
pub mod axis;
pub mod candidates;
pub mod clients;
pub mod conditions;
pub mod cone;
pub mod lanes;
pub mod marks;
pub mod stacks;
