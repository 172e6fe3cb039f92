//! PSFs: what a point of light becomes before it is recorded. Each is the profile of its name, of
//! flux 1 around the point.

pub mod gaussian;
pub mod moffat;

use crate::param::{Param, Prior, Range, Scale, Unit};

/// A width as every PSF has it.
const FWHM: Param =
    Param::new("fwhm", Unit::Length, Range::POSITIVE, "Full width at half maximum of the circular profile.")
        .random(Prior::LogUniform(0.03, 0.08), Scale::Side);
