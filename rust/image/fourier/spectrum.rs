//! What a transform is along the axes of what is drawn: how bright the centre is, and what may be left out.

use super::light::{Light, Spread};
use super::psf::Part;
use super::table::Table;
use crate::image::psf::airy;
use std::f64::consts::{FRAC_1_PI, LN_2};

/// Frequencies per octave, and how many, of the sum that estimates the peak.
const PER_OCTAVE: f64 = 4.0;
const FREQUENCIES: usize = 56;
/// 2^(-1/4).
const STEP: f64 = 0.840_896_415_253_714_5;
/// A form whose axes differ by less has none.
const NEARLY_ROUND: f64 = 1e-6;
/// How often the level of cells that count for nothing is halved at most.
const LEVELS: usize = 12;

/// What is left of an Airy PSF's rings behind an object, over what they are: they are waves of certain frequencies,
/// and pass as far as the object's transform lets them along the axis that passes most.
pub(super) fn rings_left((light, table): (&Light, &Table), psf: &Part) -> f32 {
    let Spread::Airy(obscuration) = psf.light.spread else { return 1.0 };
    let per_share = airy::END / psf.light.radius * rays(light, psf)[1].radius;
    airy::waves(obscuration).iter().map(|(share, at)| share * table.most_from(at * per_share)).sum::<f64>()
        as f32
}

/// A direction in which a transform is looked at, in coordinates in which the PSF is round.
#[derive(Clone, Copy)]
struct Ray {
    /// The object's scale radius along it.
    radius: f64,
    /// The square of the true frequency, over that in these coordinates.
    square: f64,
    /// How much of the plane it stands for: 1 of what is round.
    weight: f64,
}

/// The two axes of the object as it is where the PSF is round.
///
/// There its form is B = S^-1 A S^-1 of the object's A and the PSF's S. With m, the squares of the widths that object,
/// PSF and pixel have along both axes, the transform is about round in m^(1/2) k, so that what is found along an axis
/// counts by the root of its m over the other's.
fn rays(object: &Light, psf: &Part) -> [Ray; 2] {
    let ((xx, xy, yy), (a, b, c)) = (object.sheared(), psf.light.sheared());
    let trace = xx * c + yy * a - 2.0 * xy * b;
    let root = 0.5 * if trace > 2.0 { (trace * trace - 4.0).sqrt() } else { 0.0 };
    let stretch = [0.5 * trace + root, 1.0 / (0.5 * trace + root)];
    let (whole, elongation) = (a + c, psf.light.elongation());
    // The mean of S^-2 along the axes: by the trace of its product with the projector of the first.
    let first = if object.spread == Spread::Point || root < NEARLY_ROUND {
        elongation
    } else {
        let both = xx * (c * c + b * b) + yy * (a * a + b * b) - 2.0 * xy * b * whole;
        (both - stretch[1] * whole) / (2.0 * root)
    };
    let squares = [first, whole - first];
    let own = if object.spread == Spread::Point { 0.0 } else { object.radius * object.radius };
    let core = psf.brightness.core(&psf.light);
    let widths = [0, 1].map(|i| own * stretch[i] + core + squares[i] / 12.0);
    let weight = (widths[0] / widths[1]).sqrt();
    let ray =
        |i: usize, weight| Ray { radius: object.radius * stretch[i].sqrt(), square: squares[i], weight };
    [ray(0, weight), ray(1, 1.0 / weight)]
}

/// A transform at some frequencies, each with its part of the integral over ln k that is the centre's
/// brightness: along both [`rays`], from the last frequency downwards. Where it falls and rises again, the most that
/// it is from each frequency on stands for it.
pub(super) struct Spectrum {
    terms: [(f64, f64); 2 * FREQUENCIES],
    centre: f64,
    /// Whether the transform ends within the first step, and does not fall through many.
    ends: bool,
}

impl Spectrum {
    pub(super) fn new(object: (&Light, &Table), psf: &Part) -> Spectrum {
        let rises = object.1.rises() | psf.table.rises();
        let rays = rays(object.0, psf);
        let mut k = psf.last() / psf.light.elongation().sqrt();
        let (mut centre, mut terms) = (0.0, [(0.0, 0.0); 2 * FREQUENCIES]);
        for pair in terms.chunks_exact_mut(2) {
            let q = k * psf.light.radius;
            let through = psf.table.at(q);
            let part = 0.25 * FRAC_1_PI * (LN_2 / PER_OCTAVE) * k * k;
            for (term, ray) in pair.iter_mut().zip(&rays) {
                let (pixel, part) = (1.0 / (1.0 + ray.square * (k * k) / 24.0), part * ray.weight);
                let mut value = object.1.at(k * ray.radius) * (through * pixel);
                centre += part * value;
                if rises {
                    value = object.1.most_from(k * ray.radius) * psf.table.most_from(q) * pixel;
                }
                *term = (value, part * value);
            }
            k *= STEP;
        }
        Spectrum { terms, centre, ends: matches!(psf.light.spread, Spread::Airy(_)) }
    }

    /// The centre's brightness.
    pub(super) fn centre(&self) -> f64 {
        self.centre
    }

    /// What is under a level between an end and the next frequency, where that is above: a straight line between
    /// both. Behind an Airy PSF all that is left out may lie there, 2.7 times what was allowed.
    fn below_at_end(&self, level: f64) -> f64 {
        if !self.ends {
            return 0.0;
        }
        let below = |((end, _), (value, part)): (&(f64, f64), &(f64, f64))| {
            let (end, value) = (end.abs(), value.abs());
            if end >= level || value < level {
                return 0.0;
            }
            part.abs() / value * 0.5 * (level * level - end * end) / (value - end)
        };
        self.terms[..2].iter().zip(&self.terms[2..4]).map(below).sum()
    }

    /// A level under which all cells together are less than this.
    pub(super) fn level(&self, share: f64, most: f64) -> f64 {
        let below = |level: f64| {
            let dark = self.terms.iter().filter(|(value, _)| value.abs() < level);
            dark.map(|(_, part)| part.abs()).sum::<f64>() + self.below_at_end(level)
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
