//! Geometric shapes: each pixel is `intensity` times the fraction covered.

pub mod direction;
pub mod polygon_fill;
pub mod rectangle;
