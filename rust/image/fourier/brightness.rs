//! Surface brightness in lanes, for the wings of what is drawn.

use super::light::{Light, Spread};
use crate::image::profile::gaussian::FWHM_PER_SIGMA;
use crate::lanes::LANES;
use crate::math::pow::{exp2_32, log2_32};
use crate::math::special::SersicShape;
use crate::math::{ln, moffat_fwhm_per_gamma};
use std::f64::consts::{FRAC_1_PI, LN_2, LOG2_E};

/// Sixteen distances, or what is found there.
pub(super) type Run = [f32; LANES];

/// Of an unconvolved light of flux 1, per square pixel, by the squared distance u in scale radii.
#[derive(Clone, Copy, Debug)]
pub(super) enum Brightness {
    Point,
    /// 2^(level - fall u^power).
    Stretched {
        level: f32,
        fall: f32,
        power: f32,
    },
    /// 2^level (1 + u per_square)^-beta.
    Moffat {
        level: f32,
        per_square: f32,
        beta: f32,
    },
}

impl Brightness {
    pub(super) fn new(light: &Light) -> Brightness {
        let log2 = |value: f64| ln(value) * LOG2_E;
        let level = |central: f64| (log2(central) - 2.0 * log2(light.radius)) as f32;
        match light.spread {
            Spread::Point => Brightness::Point,
            Spread::Gaussian => Brightness::Stretched {
                level: level(0.5 * FRAC_1_PI),
                fall: (0.5 * LOG2_E) as f32,
                power: 1.0,
            },
            Spread::Moffat(beta) => {
                let gamma = FWHM_PER_SIGMA / moffat_fwhm_per_gamma(beta);
                let per_square = 1.0 / (gamma * gamma);
                let level = level((beta - 1.0) * FRAC_1_PI * per_square);
                Brightness::Moffat { level, per_square: per_square as f32, beta: beta as f32 }
            }
            Spread::Sersic(n) => {
                let shape = SersicShape::new(n);
                let fall = (shape.b * LOG2_E) as f32;
                Brightness::Stretched { level: level(shape.density), fall, power: (0.5 / n) as f32 }
            }
        }
    }

    /// The brightness at u above 0, and how steeply it falls: -d ln/d ln R.
    #[inline(always)]
    pub(super) fn at(&self, u: &Run) -> (Run, Run) {
        let (mut light, mut slope) = ([0.0; LANES], [0.0; LANES]);
        match *self {
            Brightness::Point => {}
            Brightness::Stretched { level, fall, power } => {
                let steepness = 2.0 * power * LN_2 as f32;
                for i in 0..LANES {
                    let exponent = fall * exp2_32(power * log2_32(u[i]));
                    (light[i], slope[i]) = (exp2_32(level - exponent), steepness * exponent);
                }
            }
            Brightness::Moffat { level, per_square, beta } => {
                for i in 0..LANES {
                    light[i] = exp2_32(level - beta * log2_32(1.0 + per_square * u[i]));
                    slope[i] = 2.0 * beta;
                }
            }
        }
        (light, slope)
    }
}
