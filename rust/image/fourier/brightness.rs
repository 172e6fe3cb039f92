//! Surface brightness in lanes, for the wings of what is drawn.

use super::light::{Light, Spread};
use super::picture::RINGS;
use crate::image::profile::gaussian::FWHM_PER_SIGMA;
use crate::image::psf::airy;
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
    /// What no ring is brighter than: wings/R^3.
    Airy {
        peak: f32,
        wings: f32,
        obscuration: f32,
    },
    /// The brightest pixels of a picture from each ring on; beyond the last there is nothing.
    Picture {
        rings: [f32; RINGS],
    },
}

/// So steep is what is no smooth function of the distance.
pub(super) const ROUGH: f32 = 1e9;

impl Brightness {
    /// That of a light that is no picture.
    pub(super) fn new(light: &Light) -> Brightness {
        let per_area = 1.0 / (light.radius * light.radius);
        let log2 = |value: f64| ln(value) * LOG2_E;
        let level = |central: f64| (log2(central) - 2.0 * log2(light.radius)) as f32;
        match light.spread {
            Spread::Point | Spread::Picture(_) => Brightness::Point,
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
            Spread::Airy(obscuration) => {
                let (peak, wings) = airy::brightness(obscuration);
                let [peak, wings, obscuration] =
                    [peak * per_area, wings * per_area, obscuration].map(|x| x as f32);
                Brightness::Airy { peak, wings, obscuration }
            }
        }
    }

    /// That of a picture with these rings at a reach of 1.
    pub(super) fn of_picture(light: &Light, rings: &[f64; RINGS]) -> Brightness {
        let per_area = 1.0 / (light.radius * light.radius);
        Brightness::Picture { rings: rings.map(|ring| (ring * per_area) as f32) }
    }

    /// The square of the width of its core: of a Gaussian as bright in the centre, where there is no nearer word.
    pub(super) fn core(&self, light: &Light) -> f64 {
        match self {
            Brightness::Airy { peak, .. } => 0.5 * FRAC_1_PI / f64::from(*peak),
            Brightness::Picture { rings } => 0.5 * FRAC_1_PI / f64::from(rings[0]),
            _ => light.radius * light.radius,
        }
    }

    /// What there is of it without rings and pixels, over all of it.
    pub(super) fn smooth_part(&self) -> f32 {
        match self {
            Brightness::Airy { obscuration, .. } => airy::mean(*obscuration),
            Brightness::Picture { .. } => 0.0,
            _ => 1.0,
        }
    }

    /// That part of it, if there is any.
    pub(super) fn smooth(self) -> Option<Brightness> {
        match self {
            Brightness::Airy { peak, wings, obscuration } => {
                Some(Brightness::Airy { peak, wings: wings * self.smooth_part(), obscuration })
            }
            Brightness::Picture { .. } => None,
            _ => Some(self),
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
            Brightness::Airy { peak, wings, .. } => {
                for i in 0..LANES {
                    let most = wings / (u[i] * u[i].sqrt());
                    light[i] = if most < peak { most } else { peak };
                }
                slope = [3.0; LANES];
            }
            Brightness::Picture { ref rings } => {
                for i in 0..LANES {
                    light[i] =
                        if u[i] < 1.0 { rings[(u[i].sqrt() * RINGS as f32) as usize % RINGS] } else { 0.0 };
                }
                slope = [ROUGH; LANES];
            }
        }
        (light, slope)
    }
}
