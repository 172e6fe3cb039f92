//! PSFs: what a point of light becomes before it is recorded. Each is the profile of its name, of
//! flux 1 around the point.

pub mod airy;
pub mod gaussian;
pub mod moffat;

use crate::param::{Param, Prior, Range, Scale, Unit};

/// What a part of a sum has besides.
pub const WEIGHT: Param =
    Param::new("weight", Unit::One, Range::POSITIVE, "Share of the light, relative to the other parts.")
        .default(1.0)
        .random(Prior::Uniform(0.1, 1.0), Scale::One);

/// A width as every PSF has it.
const FWHM: Param =
    Param::new("fwhm", Unit::Length, Range::POSITIVE, "Full width at half maximum of the circular profile.")
        .random(Prior::LogUniform(0.03, 0.08), Scale::Side);
