//! A Gaussian PSF.

use super::FWHM;
use crate::image::fourier::Light;
use crate::image::grid::Grid;
use crate::image::profile::gaussian::{self, SIZE_WAYS};
use crate::image::profile::shear::{SHAPE, SHAPE_WAYS};
use crate::param::{Family, Model, Param, Prior, Range, Scale, Unit};

const SIZE: &[Param] = &[
    FWHM,
    Param::new("sigma", Unit::Length, Range::POSITIVE, "Standard deviation of the circular profile.")
        .random(Prior::LogUniform(0.0125, 0.035), Scale::Side),
];

/// The table.
pub const MODEL: Model = Model {
    name: "gaussian",
    family: Family::Psf,
    summary: "A Gaussian PSF.",
    params: &[SIZE, SHAPE],
    ways: &[&SIZE_WAYS, &SHAPE_WAYS],
    canonical: &["fwhm", "g1", "g2"],
    render: None,
};

/// The PSF as light.
pub fn shine(grid: &Grid, parameters: &[f64]) -> Option<Light> {
    let &[fwhm, g1, g2] = parameters else { return None };
    gaussian::shine(grid, &[0.0, 0.0, 1.0, fwhm, g1, g2])
}
