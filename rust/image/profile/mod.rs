//! Profiles of light: each pixel is the profile's integral over it.

pub mod border;
pub mod bulge_disk;
pub mod cell;
pub mod de_vaucouleurs;
mod disc;
pub mod ellipse;
pub mod exponential;
pub mod gaussian;
pub mod half_light;
pub mod light;
pub mod moffat;
mod pieces;
pub mod pixel;
pub mod radial;
mod series;
pub mod sersic;
pub mod shear;
pub mod star;
pub mod stretched;
mod wings;
