//! How far light reaches: from it follows the period of the lattice.
//!
//! The nearest copy of an object, a period away, must be fainter in the frame than what is asked
//! for. Convolved light at a distance D is about f(D) + p(D) and, where both fall steeply, the
//! largest f(a) p(D - a) between, of the unconvolved brightnesses f and p.

use super::light::{Brightness, Light, Spread};
use super::psf::{MOST_PARTS, Part};
use super::table::Table;
use std::f64::consts::{FRAC_1_PI, LN_2, PI};

/// Splits of the distance between object and PSF.
const SPLITS: [f64; 3] = [0.3, 0.5, 0.7];
/// Frequencies per octave, and how many, of the sum that estimates the peak.
const PER_OCTAVE: f64 = 4.0;
const FREQUENCIES: usize = 56;
/// 2^(-1/4).
const STEP: f64 = 0.840_896_415_253_714_5;
/// How often the level of cells that count for nothing is halved at most.
const LEVELS: usize = 12;
/// No peak is thought to be fainter.
const LEAST: f64 = 1e-40;
/// A centre on the corner of four pixels and a strong shear lower the peak.
const CAUTION: f64 = 0.7;

/// An object or a PSF along one axis.
#[derive(Clone, Copy)]
struct Side {
    brightness: Brightness,
    per_area: f64,
    per_length: f64,
    point: bool,
}

impl Side {
    /// Brightness at the nearest point of a line so far away across this axis; `square` is that of
    /// the sheared unit vector.
    fn new(light: &Light, brightness: Brightness, square: f64) -> Side {
        let per_length = 1.0 / light.radius;
        let point = light.spread == Spread::Point;
        Side { brightness, per_area: per_length * per_length, per_length: per_length / square.sqrt(), point }
    }

    fn at(&self, distance: f64) -> f64 {
        if self.point { 0.0 } else { self.per_area * self.brightness.at(distance * self.per_length) }
    }
}

/// A PSF along both axes, and its share.
type Wings = ([Side; 2], f64);

fn sides(light: &Light, brightness: Brightness) -> [Side; 2] {
    let (xx, _, yy) = light.sheared();
    [xx, yy].map(|square| Side::new(light, brightness, square))
}

/// How brightness falls along each axis, and what it is compared with.
pub(super) struct Reach {
    object: [Side; 2],
    parts: [Option<Wings>; MOST_PARTS],
    pub(super) peak: f64,
}

impl Reach {
    /// Of an object behind the parts of a PSF; also gives what it looks like behind each of them.
    pub(super) fn new(object: (&Light, &Table), psf: &[Part], spectra: &mut Vec<Spectrum>) -> Reach {
        let mut parts = [None; MOST_PARTS];
        for (wings, part) in parts.iter_mut().zip(psf) {
            *wings = Some((sides(&part.light, part.brightness), part.light.flux));
        }
        spectra.clear();
        spectra.extend(psf.iter().map(|part| Spectrum::new(object, (&part.light, &part.table), part.last())));
        let lit = psf.iter().zip(&*spectra).map(|(part, spectrum)| part.light.flux * spectrum.centre());
        let peak = CAUTION * lit.sum::<f64>();
        let peak = if peak > LEAST { if peak < 1.0 { peak } else { 1.0 } } else { LEAST };
        Reach { object: sides(object.0, object.0.spread.brightness()), parts, peak }
    }

    /// The sum over the parts, each with its share.
    fn sum(&self, axis: usize, light: impl Fn(&Side, &Side) -> f64) -> f64 {
        let parts = self.parts.iter().flatten();
        parts.map(|(psf, share)| share * light(&self.object[axis], &psf[axis])).sum()
    }

    /// Convolved brightness over the peak at a distance above 0, in pixels along an axis.
    pub(super) fn at(&self, axis: usize, distance: f64) -> f64 {
        let area = PI * (0.25 * distance) * (0.25 * distance);
        let light = |object: &Side, psf: &Side| {
            let between = |split: &f64| object.at(split * distance) * psf.at((1.0 - split) * distance);
            let most =
                SPLITS.iter().map(between).fold(0.0, |most, light| if light > most { light } else { most });
            object.at(distance) + psf.at(distance) + most * area
        };
        self.sum(axis, light) / self.peak
    }

    /// About the light of the two copies, `period` away along an axis, in a frame of this side and
    /// so many pixels: Simpson's rule, without what is beyond the centre.
    pub(super) fn copies(&self, axis: usize, period: f64, side: f64, pixels: f64) -> f64 {
        let light = |distance: f64| self.sum(axis, |object, psf| object.at(distance) + psf.at(distance));
        2.0 * pixels * (light(period - 0.5 * side) + 4.0 * light(period)) / 6.0
    }
}

/// A transform at some frequencies, each with its part of the integral over ln k that is the centre's
/// brightness: along the major and the minor axis, from the last frequency downwards.
pub(super) struct Spectrum([(f64, f64); 2 * FREQUENCIES]);

impl Spectrum {
    fn new(object: (&Light, &Table), psf: (&Light, &Table), end: f64) -> Spectrum {
        let stretch = object.0.elongation().sqrt();
        let radii = [object.0.radius * stretch, object.0.radius / stretch];
        let (mut k, mut terms) = (end, [(0.0, 0.0); 2 * FREQUENCIES]);
        for pair in terms.chunks_exact_mut(2) {
            let rest = psf.1.at(k * psf.0.radius) / (1.0 + k * k / 24.0);
            for (term, radius) in pair.iter_mut().zip(radii) {
                let value = object.1.at(k * radius) * rest;
                *term = (value, 0.25 * FRAC_1_PI * (LN_2 / PER_OCTAVE) * k * k * value);
            }
            k *= STEP;
        }
        Spectrum(terms)
    }

    /// The centre's brightness.
    fn centre(&self) -> f64 {
        self.0.iter().map(|(_, part)| part).sum()
    }

    /// A level under which all cells together are less than this.
    pub(super) fn level(&self, share: f64, most: f64) -> f64 {
        let below = |level: f64| {
            let dark = self.0.iter().filter(|(value, _)| value.abs() < level);
            dark.map(|(_, part)| part.abs()).sum::<f64>()
        };
        let mut level = most;
        for _ in 0..LEVELS {
            if below(level) <= share {
                break;
            }
            level *= 0.5;
        }
        level
    }
}
