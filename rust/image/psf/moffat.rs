//! A Moffat PSF: the atmosphere's.

use super::FWHM;
use crate::image::fourier::Light;
use crate::image::grid::Grid;
use crate::image::profile::moffat::{self, SIZE_WAYS};
use crate::image::profile::shear::{SHAPE, SHAPE_WAYS};
use crate::param::{Family, Model, Param, Prior, Range, Scale, Unit};

const SIZE: &[Param] = &[
    FWHM,
    Param::new("gamma", Unit::Length, Range::POSITIVE, "Scale radius of the circular profile.")
        .random(Prior::LogUniform(0.025, 0.07), Scale::Side),
    Param::new("beta", Unit::One, Range::closed(1.1, 100.0), "Exponent: the wings fall as R^(-2 beta).")
        .random(Prior::Uniform(2.0, 5.0), Scale::One),
];

/// The table.
pub const MODEL: Model = Model {
    name: "moffat",
    family: Family::Psf,
    summary: "A Moffat PSF: that of the atmosphere.",
    params: &[SIZE, SHAPE],
    ways: &[&SIZE_WAYS, &SHAPE_WAYS],
    canonical: &["fwhm", "beta", "g1", "g2"],
    render: None,
};

/// The PSF as light.
pub fn shine(grid: &Grid, parameters: &[f64]) -> Option<Light> {
    let &[fwhm, beta, g1, g2] = parameters else { return None };
    moffat::shine(grid, &[0.0, 0.0, 1.0, fwhm, beta, g1, g2])
}
