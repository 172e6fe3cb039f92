//! Surface brightness in f64, of unit flux and a scale radius of 1.

use crate::image::fourier::{Picture, RINGS, Spread};
use crate::image::profile::gaussian::FWHM_PER_SIGMA;
use crate::image::psf::airy;
use crate::math::special::SersicShape;
use crate::math::{exp, moffat_fwhm_per_gamma, pow};
use std::f64::consts::FRAC_1_PI;

/// How bright a spread is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Brightness {
    Point,
    Gaussian,
    Moffat {
        per_square: f64,
        beta: f64,
    },
    Sersic {
        shape: SersicShape,
        power: f64,
    },
    /// Its rings are not told apart: what none is brighter than.
    Airy {
        peak: f64,
        wings: f64,
    },
    /// What no pixel from each ring on is brighter than, at a reach of 1.
    Picture {
        rings: [f64; RINGS],
    },
}

impl Brightness {
    pub(super) fn new(spread: Spread) -> Brightness {
        match spread {
            // A picture's is made of its pixels.
            Spread::Point | Spread::Picture(_) => Brightness::Point,
            Spread::Gaussian => Brightness::Gaussian,
            Spread::Moffat(beta) => {
                let gamma = FWHM_PER_SIGMA / moffat_fwhm_per_gamma(beta);
                Brightness::Moffat { per_square: 1.0 / (gamma * gamma), beta }
            }
            Spread::Sersic(n) => Brightness::Sersic { shape: SersicShape::new(n), power: 1.0 / n },
            Spread::Airy(obscuration) => {
                let (peak, wings) = airy::brightness(obscuration);
                Brightness::Airy { peak, wings }
            }
        }
    }

    /// Of a PSF, which may be a picture.
    pub(super) fn of_psf(spread: Spread, picture: Option<&Picture>) -> Brightness {
        picture
            .map_or_else(|| Brightness::new(spread), |picture| Brightness::Picture { rings: picture.rings })
    }

    /// At a radius above 0.
    pub(super) fn at(self, radius: f64) -> f64 {
        match self {
            Brightness::Point => 0.0,
            Brightness::Gaussian => 0.5 * FRAC_1_PI * exp(-0.5 * radius * radius),
            Brightness::Moffat { per_square, beta } => {
                (beta - 1.0) * FRAC_1_PI * per_square * pow(1.0 + radius * radius * per_square, -beta)
            }
            Brightness::Sersic { shape, power } => shape.density * exp(-shape.b * pow(radius, power)),
            Brightness::Airy { peak, wings } => {
                let most = wings / (radius * radius * radius);
                if most < peak { most } else { peak }
            }
            Brightness::Picture { rings } => {
                if radius < 1.0 {
                    rings[(radius * RINGS as f64) as usize % RINGS]
                } else {
                    0.0
                }
            }
        }
    }
}
