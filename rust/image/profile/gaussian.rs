//! The Gaussian profile: I(R) = F / (2 pi sigma^2) exp(-R^2 / (2 sigma^2)).

use super::shear::{SHAPE, SHAPE_WAYS};
use crate::param::{CENTRE, FLUX, Family, Model, Param, Prior, Range, Scale, Unit, Way, Ways};

/// Full width at half maximum over sigma, 2 sqrt(2 ln 2).
pub const FWHM_PER_SIGMA: f64 = 2.354_820_045_030_949_3;

const SIZE: &[Param] = &[
    Param::new("fwhm", Unit::Length, Range::POSITIVE, "Full width at half maximum of the circular profile.")
        .random(Prior::LogUniform(0.03, 0.25), Scale::Side),
    Param::new("sigma", Unit::Length, Range::POSITIVE, "Standard deviation of the circular profile.")
        .random(Prior::LogUniform(0.0125, 0.1), Scale::Side),
];

const SIZE_WAYS: Ways = Ways {
    of: "size",
    gives: &["fwhm"],
    ways: &[
        Way { written: &["fwhm"], needs: &["fwhm"], convert: |v| [v[0], 0.0] },
        Way { written: &["sigma"], needs: &["sigma"], convert: |v| [v[0] * FWHM_PER_SIGMA, 0.0] },
    ],
    valid: |_| true,
    allowed: "",
};

/// The table.
pub const MODEL: Model = Model {
    name: "gaussian",
    family: Family::Profile,
    summary: "An elliptical Gaussian.",
    params: &[CENTRE, FLUX, SIZE, SHAPE],
    ways: &[&SIZE_WAYS, &SHAPE_WAYS],
    canonical: &["x", "y", "flux", "fwhm", "g1", "g2"],
};
