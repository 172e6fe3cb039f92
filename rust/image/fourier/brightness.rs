//! Surface brightness in lanes, for the wings of what is drawn.

use super::light::Spread;
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
/// As steeply as a bound falls that is no light itself.
pub(super) const BOUND_SLOPE: f32 = 3.0;
/// No light is thought to be fainter, 2^-62, and the product of two such is none that fades into denormals: the copies
/// of one exponential galaxy took 1.2 us more for those.
const FAINTEST: f32 = -62.0;

/// The square of the width of a Gaussian that is as bright in its centre.
pub(crate) fn square_width(peak: f64) -> f64 {
    0.5 * FRAC_1_PI / peak
}

/// 2^e, or what is the faintest.
#[inline(always)]
fn bright(e: f32) -> f32 {
    exp2_32(if e > FAINTEST { e } else { FAINTEST })
}

impl Brightness {
    /// At a scale radius of 1, of what is no picture.
    pub(super) fn new(spread: Spread) -> Brightness {
        let level = |central: f64| (ln(central) * LOG2_E) as f32;
        match spread {
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
                let [peak, wings, obscuration] = [peak, wings, obscuration].map(|x| x as f32);
                Brightness::Airy { peak, wings, obscuration }
            }
        }
    }

    /// That of a picture with these rings at a reach of 1.
    pub(super) fn of_picture(rings: &[f64; RINGS]) -> Brightness {
        Brightness::Picture { rings: rings.map(|ring| ring as f32) }
    }

    /// The same light over a scale radius.
    pub(super) fn over(mut self, radius: f64) -> Brightness {
        let per_area = (1.0 / (radius * radius)) as f32;
        match &mut self {
            Brightness::Point => {}
            Brightness::Stretched { level, .. } | Brightness::Moffat { level, .. } => {
                *level -= (2.0 * LOG2_E * ln(radius)) as f32;
            }
            Brightness::Airy { peak, wings, .. } => {
                *peak *= per_area;
                *wings *= per_area;
            }
            Brightness::Picture { rings } => rings.iter_mut().for_each(|ring| *ring *= per_area),
        }
        self
    }

    /// The square of the width of its core, where there is a nearer word than the scale radius.
    pub(super) fn core(&self) -> Option<f64> {
        match self {
            Brightness::Airy { peak, .. } => Some(square_width(f64::from(*peak))),
            Brightness::Picture { rings } => Some(square_width(f64::from(rings[0]))),
            _ => None,
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
                    (light[i], slope[i]) = (bright(level - exponent), steepness * exponent);
                }
            }
            Brightness::Moffat { level, per_square, beta } => {
                for i in 0..LANES {
                    light[i] = bright(level - beta * log2_32(1.0 + per_square * u[i]));
                    slope[i] = 2.0 * beta;
                }
            }
            Brightness::Airy { peak, wings, .. } => {
                for i in 0..LANES {
                    let most = wings / (u[i] * u[i].sqrt());
                    light[i] = if most < peak { most } else { peak };
                }
                slope = [BOUND_SLOPE; LANES];
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

    /// How steeply it falls at one u above 0.
    pub(super) fn slope(&self, u: f32) -> f32 {
        match *self {
            Brightness::Point => 0.0,
            Brightness::Stretched { fall, power, .. } => {
                2.0 * power * LN_2 as f32 * fall * exp2_32(power * log2_32(u))
            }
            Brightness::Moffat { beta, .. } => 2.0 * beta,
            Brightness::Airy { .. } => BOUND_SLOPE,
            Brightness::Picture { .. } => ROUGH,
        }
    }
}
