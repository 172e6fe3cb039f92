//! Noise: Poisson counts of the light, and Gaussian noise.

use crate::isa::{Isa, kernel};
use crate::param::{Family, Model, Param, Prior, Range, Scale, Unit};
use crate::random::{Counter, Key, normal, poisson};

/// Levels whose squares are still numbers in single precision.
const LEVELS: Range = Range::closed(0.0, 1e18);

/// Gaussian noise.
pub const GAUSSIAN: Model = Model {
    name: "gaussian",
    family: Family::Noise,
    summary: "Gaussian noise, independent in every pixel.",
    params: &[&[Param::new("sigma", Unit::Intensity, LEVELS, "Standard deviation.")
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
    params: &[&[Param::new("mean", Unit::Intensity, LEVELS, "Mean of added counts.")
        .random(Prior::LogUniform(0.01, 10.0), Scale::One)]],
    ways: &[],
    canonical: &["mean"],
    render: None,
};

/// The level of the sky.
pub const SKY: &[Param] = &[Param::new("level", Unit::Intensity, LEVELS, "Sky in every pixel.")
    .random(Prior::LogUniform(1.0, 1000.0), Scale::One)];

/// What a noise does to a plane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum NoiseKind {
    /// Replaces the light by counts of that mean.
    Poisson,
    /// Adds counts of a constant mean.
    Counts,
    /// Adds normal numbers.
    Gaussian,
}

impl NoiseKind {
    /// Its part of a slot's path.
    pub(crate) fn name(self) -> &'static str {
        match self {
            NoiseKind::Poisson => "poisson",
            NoiseKind::Counts => "counts",
            NoiseKind::Gaussian => "gaussian",
        }
    }
}

/// One noise of a plane: its stream, and the column of its parameter.
pub(crate) struct Noise {
    pub(crate) kind: NoiseKind,
    pub(crate) key: Key,
    pub(crate) column: Option<usize>,
}

/// The sky: the column of its level.
pub(crate) struct Sky {
    pub(crate) level: usize,
    pub(crate) subtract: bool,
}

/// Which plane the noise falls on: its counter, whose attempt is the realisation, its
/// parameters and its gain.
#[derive(Clone, Copy)]
pub(crate) struct Exposure<'a> {
    pub(crate) isa: Isa,
    pub(crate) gain: f32,
    pub(crate) counter: Counter,
    pub(crate) record: &'a [f64],
}

impl Exposure<'_> {
    fn parameter(&self, noise: &Noise) -> f32 {
        noise.column.map_or(0.0, |column| self.record[column + self.counter.instance as usize] as f32)
    }

    /// Turns the expected plane into the recorded one. `means` is scratch of the same size, for counts.
    pub(crate) fn record(&self, noises: &[Noise], plane: &mut [f32], means: &mut [f32]) {
        for noise in noises.iter().filter(|noise| noise.kind == NoiseKind::Poisson) {
            electrons(self.isa, self.gain, plane);
            poisson::replace(self.isa, noise.key, self.counter, 0, plane);
            if self.gain != 1.0 {
                divide(self.isa, plane, self.gain);
            }
        }
        for noise in noises {
            let parameter = self.parameter(noise);
            match noise.kind {
                NoiseKind::Gaussian if parameter > 0.0 => {
                    normal::add(self.isa, noise.key, self.counter, 0, parameter, plane);
                }
                NoiseKind::Counts if parameter > 0.0 => self.add_counts(noise, parameter, plane, means),
                _ => {}
            }
        }
    }

    fn add_counts(&self, noise: &Noise, mean: f32, plane: &mut [f32], counts: &mut [f32]) {
        counts.fill(mean * self.gain);
        poisson::replace(self.isa, noise.key, self.counter, 0, counts);
        add_divided(self.isa, counts, self.gain, plane);
    }

    /// Adds the variance that the noises give to the expected plane.
    pub(crate) fn add_variance(&self, noises: &[Noise], expected: &[f32], sky: f32, variance: &mut [f32]) {
        for noise in noises {
            let parameter = self.parameter(noise);
            match noise.kind {
                NoiseKind::Poisson => add_light_variance(self.isa, expected, sky, self.gain, variance),
                NoiseKind::Counts => add_constant(self.isa, parameter / self.gain, variance),
                NoiseKind::Gaussian => add_constant(self.isa, parameter * parameter, variance),
            }
        }
    }
}

kernel! {
    /// Expected electrons; negative light has none.
    fn electrons(gain: f32, plane: &mut [f32]) {
        for value in plane {
            *value = if *value > 0.0 { *value * gain } else { 0.0 };
        }
    }
}

kernel! {
    fn divide(plane: &mut [f32], gain: f32) {
        for value in plane {
            *value /= gain;
        }
    }
}

kernel! {
    fn add_divided(counts: &[f32], gain: f32, plane: &mut [f32]) {
        for (value, &count) in plane.iter_mut().zip(counts) {
            *value += count / gain;
        }
    }
}

kernel! {
    fn add_light_variance(expected: &[f32], sky: f32, gain: f32, variance: &mut [f32]) {
        for (variance, &light) in variance.iter_mut().zip(expected) {
            let mean = light + sky;
            *variance += if mean > 0.0 { mean / gain } else { 0.0 };
        }
    }
}

kernel! {
    /// Adds one number to every pixel.
    pub(crate) fn add_constant(constant: f32, plane: &mut [f32]) {
        for value in plane {
            *value += constant;
        }
    }
}

kernel! {
    /// Adds one plane to another.
    pub(crate) fn add_plane(from: &[f32], to: &mut [f32]) {
        for (to, &from) in to.iter_mut().zip(from) {
            *to += from;
        }
    }
}

kernel! {
    /// Adds the difference of two planes to a third.
    pub(crate) fn add_difference(from: &[f32], less: &[f32], to: &mut [f32]) {
        for ((to, &from), &less) in to.iter_mut().zip(from).zip(less) {
            *to += from - less;
        }
    }
}
