//! The Moffat profile (Moffat 1969, A&A 3, 455): I(R) = F (beta - 1) / (pi gamma^2)
//! (1 + (R / gamma)^2)^-beta.

use super::shear::{SHAPE, SHAPE_WAYS};
use crate::math::moffat_fwhm_per_gamma;
use crate::param::{CENTRE, FLUX, Family, Model, Param, Prior, Range, Scale, Unit, Way, Ways};

const SIZE: &[Param] = &[
    Param::new("fwhm", Unit::Length, Range::POSITIVE, "Full width at half maximum of the circular profile.")
        .random(Prior::LogUniform(0.03, 0.25), Scale::Side),
    Param::new("gamma", Unit::Length, Range::POSITIVE, "Scale radius of the circular profile.")
        .random(Prior::LogUniform(0.02, 0.2), Scale::Side),
    Param::new("beta", Unit::One, Range::closed(1.1, 100.0), "Exponent: the wings fall as R^(-2 beta).")
        .random(Prior::Uniform(2.0, 5.0), Scale::One),
];

const SIZE_WAYS: Ways = Ways {
    of: "size",
    gives: &["fwhm"],
    ways: &[
        Way { written: &["fwhm"], needs: &["fwhm"], convert: |v| [v[0], 0.0] },
        Way {
            written: &["gamma"],
            needs: &["gamma", "beta"],
            convert: |v| [v[0] * moffat_fwhm_per_gamma(v[1]), 0.0],
        },
    ],
    valid: |_| true,
    allowed: "",
};

/// The table.
pub const MODEL: Model = Model {
    name: "moffat",
    family: Family::Profile,
    summary: "An elliptical Moffat profile: a star as the atmosphere shows it.",
    params: &[CENTRE, FLUX, SIZE, SHAPE],
    ways: &[&SIZE_WAYS, &SHAPE_WAYS],
    canonical: &["x", "y", "flux", "fwhm", "beta", "g1", "g2"],
};
