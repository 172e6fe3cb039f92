//! Profiles of light: each pixel is the profile's integral over it.

pub mod border;
pub mod cell;
pub mod de_vaucouleurs;
pub mod ellipse;
pub mod exponential;
pub mod gaussian;
pub mod light;
pub mod moffat;
pub mod pixel;
pub mod radial;
pub mod sersic;
pub mod shear;
pub mod stretched;
