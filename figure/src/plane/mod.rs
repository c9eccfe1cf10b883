//! The plane that the figure is drawn on: places of moments and lanes, path data, and texts that do not overlap.

pub mod geometry;
pub mod labels;
pub mod pen;
mod squares;
