//! The plane that the figure is drawn on: where moments and lanes are, path data, and texts that do not meet.

pub mod geometry;
pub mod labels;
pub mod pen;
