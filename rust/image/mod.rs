//! Images: grids, profiles, shapes, noise, and how they make a sample.

pub mod grid;
pub mod noise;
pub mod profile;
pub mod scene;
pub mod shape;
