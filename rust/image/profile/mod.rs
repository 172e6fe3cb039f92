//! Profiles of light: each pixel is the profile's integral over it.

pub mod border;
pub mod cell;
pub mod ellipse;
pub mod gaussian;
pub mod moffat;
pub mod pixel;
pub mod radial;
pub mod shear;
