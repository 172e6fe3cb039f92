//! The noise of an image as information sees it: how much each pixel tells about its mean.

use super::counts::{Spread, of_place};
use crate::image::noise::NoiseKind;
use crate::plan::Plan;

/// Means under this part of the greatest one are taken for so much: the image is no more exact, and light
/// that is nothing would tell of the rest by its zeros.
const FLOOR: f64 = 1e-6;

/// What the noise of one record is made of, in the image's unit.
pub(super) struct Noise {
    /// Whether the light is counted.
    counted: bool,
    gain: f64,
    sky: f64,
    /// Variance of the image's Gaussian noises.
    square: f64,
    /// Mean of added counts.
    added: f64,
}

impl Noise {
    pub(super) fn new(plan: &Plan, record: &[f64]) -> Noise {
        let level = |kind: NoiseKind, power: fn(f64) -> f64| -> f64 {
            let own = plan.noise.iter().filter(|noise| noise.kind == kind);
            own.filter_map(|noise| noise.column).map(|column| power(record[column])).sum()
        };
        Noise {
            counted: plan.noise.iter().any(|noise| noise.kind == NoiseKind::Poisson),
            gain: plan.gain,
            sky: plan.sky.as_ref().map_or(0.0, |sky| record[sky.level]),
            square: level(NoiseKind::Gaussian, |sigma| sigma * sigma),
            added: level(NoiseKind::Counts, |mean| mean),
        }
    }

    /// The information of each pixel about its mean; `light` is the noiseless image, `spread` the variance
    /// of the objects' own noises, or empty.
    pub(super) fn weigh(&self, light: &[f32], spread: &[f32], weights: &mut [f64]) {
        if self.counted {
            return self.weigh_counts(light, spread, weights);
        }
        let mut held = (f64::NAN, 0.0);
        for (i, weight) in weights.iter_mut().enumerate() {
            let square = self.square_at(spread, i);
            if held.0 != square {
                let width = square.sqrt() * self.gain;
                held = (square, self.gain * self.gain * of_place(self.added * self.gain, width));
            }
            *weight = held.1;
        }
    }

    fn weigh_counts(&self, light: &[f32], spread: &[f32], weights: &mut [f64]) {
        let mean = |light: &f32| f64::from(*light) + self.sky;
        let most = light.iter().map(mean).fold(0.0, |most, mean| if mean > most { mean } else { most });
        let mut held = (f64::NAN, Spread::new(0.0));
        for (i, (weight, light)) in weights.iter_mut().zip(light).enumerate() {
            let square = self.square_at(spread, i);
            if held.0 != square {
                held = (square, Spread::new(square.sqrt() * self.gain));
            }
            let mean = mean(light);
            let floored = if mean > FLOOR * most { mean } else { FLOOR * most };
            let counts = (floored + self.added) * self.gain;
            // Light below 0 gives no counts, however far below it is.
            *weight = if mean < 0.0 { 0.0 } else { self.gain * self.gain / held.1.effective(counts) };
        }
    }

    fn square_at(&self, spread: &[f32], i: usize) -> f64 {
        self.square + spread.get(i).map_or(0.0, |own| f64::from(*own))
    }
}
