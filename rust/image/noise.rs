//! Noise: Poisson counts of the light, and Gaussian noise.

use crate::param::{Family, Model, Param, Prior, Range, Scale, Unit};

/// Gaussian noise.
pub const GAUSSIAN: Model = Model {
    name: "gaussian",
    family: Family::Noise,
    summary: "Gaussian noise, independent in every pixel.",
    params: &[&[Param::new("sigma", Unit::Intensity, Range::NOT_NEGATIVE, "Standard deviation.")
        .random(Prior::LogUniform(0.01, 1.0), Scale::One)]],
    ways: &[],
    canonical: &["sigma"],
    render: None,
};

/// Poisson noise: of the light itself, or counts of a constant mean.
pub const POISSON: Model = Model {
    name: "poisson",
    family: Family::Noise,
    summary: "Poisson noise of the light, or, where a mean is given, added counts of that mean.",
    params: &[&[Param::new("mean", Unit::Intensity, Range::NOT_NEGATIVE, "Mean of added counts.")
        .random(Prior::LogUniform(0.01, 10.0), Scale::One)]],
    ways: &[],
    canonical: &["mean"],
    render: None,
};

/// The level of the sky.
pub const SKY: &[Param] = &[Param::new("level", Unit::Intensity, Range::NOT_NEGATIVE, "Sky in every pixel.")
    .random(Prior::LogUniform(1.0, 1000.0), Scale::One)];
