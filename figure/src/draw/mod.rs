//! Drawing: the elements of a figure, layer by layer. A [`Canvas`] takes the elements.

pub mod axis;
pub mod canvas;
pub mod crowd;
pub mod kept;
pub mod lane_heads;
pub mod layers;
pub mod overlay;
pub mod shapes;
mod shown;
pub mod sign_picture;
pub mod signs;
pub mod thumbnail;

pub use canvas::Canvas;
pub use overlay::Parting;
pub use shown::{Old, Shown};
