//! How shapes that share pixels go together.

use crate::isa::kernel;
use serde::Deserialize;

/// What a shape does to the shapes before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Overlap {
    /// Its light is added.
    #[default]
    Add,
    /// It covers them: p becomes p (1 - c) + intensity c, where its coverage is c.
    Over,
    /// The brightest is seen: the larger of p, which is 0 where nothing is, and intensity c.
    Max,
}

/// Adds.
#[inline(always)]
pub(super) fn add(pixel: f32, covered: f32, intensity: f32) -> f32 {
    pixel + intensity * covered
}

/// Covers; 1 - c is exact, so a pixel that is wholly covered has the intensity itself.
#[inline(always)]
pub(super) fn over(pixel: f32, covered: f32, intensity: f32) -> f32 {
    pixel * (1.0 - covered) + intensity * covered
}

/// Takes the brighter one.
#[inline(always)]
pub(super) fn max(pixel: f32, covered: f32, intensity: f32) -> f32 {
    let value = intensity * covered;
    if value > pixel { value } else { pixel }
}

kernel! {
    /// Puts a shape of this coverage into a plane.
    pub(crate) fn put_plane(overlap: Overlap, covered: &[f32], intensity: f32, plane: &mut [f32]) {
        let pixels = plane.iter_mut().zip(covered);
        match overlap {
            Overlap::Add => pixels.for_each(|(pixel, c)| *pixel = add(*pixel, *c, intensity)),
            Overlap::Over => pixels.for_each(|(pixel, c)| *pixel = over(*pixel, *c, intensity)),
            Overlap::Max => pixels.for_each(|(pixel, c)| *pixel = max(*pixel, *c, intensity)),
        }
    }
}

kernel! {
    /// What a shape of this coverage leaves of noise behind it, and of the noise's variance.
    pub(crate) fn cover_noise(covered: &[f32], noise: &mut [f32], variance: &mut [f32]) {
        for ((c, noise), variance) in covered.iter().zip(noise).zip(variance) {
            let left = 1.0 - c;
            *noise *= left;
            *variance *= left * left;
        }
    }
}

kernel! {
    /// The light of a shape of this coverage.
    pub(crate) fn lighten(covered: &mut [f32], intensity: f32) {
        for pixel in covered {
            *pixel *= intensity;
        }
    }
}
