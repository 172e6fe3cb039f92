//! Profiles of light: each pixel is the profile's integral over it.

pub mod gaussian;
pub mod moffat;
pub mod shear;
