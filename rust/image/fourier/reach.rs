//! How far light reaches: from it follows the period of the lattice.
//!
//! The nearest copy of an object, a period away, must be fainter in the frame than what is asked
//! for. Convolved light at a distance D is about f(D) + p(D) and, where both fall steeply, the
//! largest f(a) p(D - a) between, of the unconvolved brightnesses f and p. The sum of the first two
//! is taken off the image ([`wings`](super::wings)) where the period is the shorter for it; what
//! is left of it then is a tenth; by the next terms of the convolution, half the square of width over
//! length of fall, with the PSF's width for f and the object's for p; and what a polynomial misses of an
//! elongated copy's ridge across the frame: of exp(-v t^2) for t from -1 to 1 about v^3/96.

use super::axis;
use super::brightness::{Brightness, ROUGH, Run};
use super::light::{Light, Spread};
use super::psf::{MOST_PARTS, Part};
use super::spectrum::{Spectrum, rings_left};
use super::table::Table;
use crate::isa::{Isa, kernel};
use crate::lanes::LANES;
use crate::math::pow::log2_32;
use std::f64::consts::{LN_2, PI};

/// No peak is thought to be fainter.
const LEAST: f64 = 1e-40;
/// A centre on the corner of four pixels and a strong shear lower the peak.
const CAUTION: f64 = 0.7;
/// Copies that are brighter than this, over the peak, in the longest period: such light is no longer
/// for a lattice.
pub(super) const WIDE: f64 = 0.01;
/// What is left of copies that are taken off.
const LEFT: f32 = 0.1;
/// Copies nearer to the frame than this, over its side, are no smooth light in it.
const NEAR: f64 = 0.4;
/// Widths of the middle part of light, in scale radii.
const WIDTH: f64 = 1.5;

/// An object or a PSF along both axes.
#[derive(Clone, Copy)]
struct Side {
    brightness: Brightness,
    /// Over the squared distance it is u at the nearest point of a line so far away across the axis.
    per_square: [f32; 2],
    width: [f32; 2],
    /// Across an axis, u grows by (stretch t/D)^2 of itself at t from the nearest point.
    stretch: [f32; 2],
    /// What of it is smooth far away, and what is not and stays.
    smooth: f32,
    rough: f32,
}

impl Side {
    fn new(light: &Light, brightness: Brightness) -> Side {
        let (xx, _, yy) = light.sheared();
        let square = light.radius * light.radius;
        let width = if light.spread == Spread::Point { 0.0 } else { WIDTH * light.radius };
        Side {
            brightness,
            per_square: [xx, yy].map(|stretch| (1.0 / (square * stretch)) as f32),
            width: [xx, yy].map(|stretch| (width * stretch.sqrt()) as f32),
            stretch: [xx as f32, yy as f32],
            smooth: brightness.smooth_part(),
            rough: 1.0 - brightness.smooth_part(),
        }
    }

    #[inline(always)]
    fn at(&self, axis: usize, distance: &Run, share: f32) -> (Run, Run) {
        let mut u = [0.0; LANES];
        for i in 0..LANES {
            let distance = share * distance[i];
            u[i] = self.per_square[axis] * (distance * distance);
        }
        self.brightness.at(&u)
    }
}

/// Where an object is along an axis, and the frame.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// From the frame's middle.
    pub(super) away: f64,
    pub(super) side: f64,
    /// The frame's other side.
    pub(super) across: f64,
}

/// What copies may be: brightness over the peak, and light in the frame over the flux.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    pub(super) pixel: f64,
    pub(super) flux: f64,
}

/// The period that was chosen.
#[derive(Clone, Copy)]
pub(super) struct Choice {
    pub(super) number: usize,
    /// Whether the copies' wings must be taken off.
    pub(super) corrected: bool,
    /// The brightness of the copies in the frame, over the peak.
    pub(super) copies: f64,
}

/// How brightness falls along each axis, and what it is compared with.
pub(super) struct Reach {
    object: Side,
    /// The parts of the PSF, and their shares.
    parts: [Option<(Side, f32)>; MOST_PARTS],
    /// Not more than the brightest pixel, for a flux of 1.
    pub(super) peak: f64,
}

/// Brightness of the copies at the frame's edge and light in it, as they are and as they are left.
struct Copies {
    bare: Run,
    left: Run,
    bare_light: Run,
    light_left: Run,
}

/// What is left of light that falls so steeply, behind something of this width, in a frame that reaches so
/// many distances across the axis.
#[inline(always)]
fn share(slope: f32, width: f32, across: f32) -> f32 {
    let over = slope * width;
    let ridge = slope * (0.5 * LN_2 as f32) * log2_32(1.0 + across * across);
    let left = LEFT + 0.5 * over * over + (1.0 / 96.0) * ridge * ridge * ridge;
    at_most_1(left)
}

/// The light beyond an ellipse of this squared size, by its brightness and slope there: so much less of the other's
/// light is where it is by itself, a fifth of it behind a Moffat PSF of beta 1.2.
#[inline(always)]
fn beyond(light: f32, slope: f32, square: f32) -> f32 {
    let excess = if slope > 2.1 { slope - 2.0 } else { 0.1 };
    2.0 * PI as f32 * square * light / excess
}

#[inline(always)]
fn at_most_1(x: f32) -> f32 {
    if x < 1.0 { x } else { 1.0 }
}

/// As steeply as a bound falls that is no light itself.
const BOUND_SLOPE: f32 = 3.0;
/// So much further away a copy is none.
const ALONE: f32 = 1e6;

/// Copies to both sides over the nearer one, the other being so much further away, of light that falls so steeply:
/// (1 + x)^-s is no more than one over its first three terms, for s from 1.
#[inline(always)]
fn both(slope: f32, further: f32, per_distance: f32) -> f32 {
    let (slope, x) = (if slope < ROUGH { slope } else { BOUND_SLOPE }, further * per_distance);
    let bend = if slope > 1.0 { 0.5 * (slope - 1.0) * x } else { 0.0 };
    1.0 + 1.0 / (1.0 + slope * x * (1.0 + bend))
}

/// f + p of copies to both sides, the other so much further away, and what is left of it.
#[inline(always)]
fn wings(reach: &Reach, axis: usize, distance: &Run, further: f32, across: f32) -> (Run, Run) {
    let object = &reach.object;
    let (f, f_slope) = object.at(axis, distance, 1.0);
    let (mut bare, mut left) = ([0.0; LANES], [0.0; LANES]);
    for (psf, part) in reach.parts.iter().flatten() {
        let (p, p_slope) = psf.at(axis, distance, 1.0);
        for i in 0..LANES {
            let per_distance = 1.0 / distance[i];
            let f_left = share(
                f_slope[i],
                psf.width[axis] * per_distance,
                object.stretch[axis] * across * per_distance,
            );
            let f_left = f_left + beyond(p[i], p_slope[i], distance[i] * distance[i] / psf.stretch[axis]);
            let p_left = share(
                p_slope[i],
                object.width[axis] * per_distance,
                psf.stretch[axis] * across * per_distance,
            );
            let far = beyond(f[i], f_slope[i], distance[i] * distance[i] / object.stretch[axis]);
            let p_left = psf.smooth * (p_left + far) + psf.rough;
            let f = f[i] * both(f_slope[i], further, per_distance);
            let p = p[i] * both(p_slope[i], further, per_distance);
            bare[i] += part * (f + p);
            left[i] += part * (at_most_1(f_left) * f + at_most_1(p_left) * p);
        }
    }
    (bare, left)
}

/// What is between object and PSF, at the split of the distance where it is most.
#[inline(always)]
fn between(reach: &Reach, axis: usize, distance: &Run) -> Run {
    let mut most = [0.0_f32; LANES];
    for split in [0.3, 0.5, 0.7] {
        let (f, mut p) = (reach.object.at(axis, distance, split).0, [0.0; LANES]);
        for (psf, part) in reach.parts.iter().flatten() {
            let light = psf.at(axis, distance, 1.0 - split).0;
            for i in 0..LANES {
                p[i] += part * light[i];
            }
        }
        for i in 0..LANES {
            let both = f[i] * p[i] * (PI as f32 / 16.0) * distance[i] * distance[i];
            most[i] = if both > most[i] { both } else { most[i] };
        }
    }
    most
}

kernel! {
    /// Of periods whose copies are centred at these distances from the frame's edge, the other one of a pair so much
    /// further away; the edge is so far from the frame's middle along the axis and across it.
    fn copies(reach: &Reach, axis: usize, edge: &Run, further: f32, sides: [f32; 2]) -> Copies {
        let [half, across] = sides;
        let mut middle = *edge;
        middle.iter_mut().for_each(|distance| *distance += half);
        let ((mut bare, mut left), (bare_far, left_far)) =
            (wings(reach, axis, edge, further, across), wings(reach, axis, &middle, ALONE, across));
        let between = between(reach, axis, edge);
        let (mut bare_light, mut light_left) = ([0.0; LANES], [0.0; LANES]);
        for i in 0..LANES {
            // Simpson's rule from edge to edge, of two copies.
            bare_light[i] = (bare[i] + 4.0 * bare_far[i]) / 3.0;
            light_left[i] = (left[i] + 4.0 * left_far[i]) / 3.0;
            bare[i] += between[i];
            left[i] += between[i];
        }
        Copies { bare, left, bare_light, light_left }
    }
}

impl Reach {
    /// Of an object behind the parts of a PSF; also gives what it looks like behind each of them.
    pub(super) fn new(object: (&Light, &Table), psf: &[Part], spectra: &mut Vec<Spectrum>) -> Reach {
        let mut parts = [None; MOST_PARTS];
        for (side, part) in parts.iter_mut().zip(psf) {
            let mut psf = Side::new(&part.light, part.brightness);
            psf.rough *= rings_left(object, part);
            *side = Some((psf, part.light.flux as f32));
        }
        spectra.clear();
        spectra.extend(psf.iter().map(|part| Spectrum::new(object, part)));
        let lit = psf.iter().zip(&*spectra).map(|(part, spectrum)| part.light.flux * spectrum.centre());
        let peak = CAUTION * lit.sum::<f64>();
        let peak = if peak > LEAST { if peak < 1.0 { peak } else { 1.0 } } else { LEAST };
        Reach { object: Side::new(object.0, Brightness::new(object.0)), parts, peak }
    }

    /// Convolved brightness over the peak at a distance above 0, in pixels along an axis.
    pub(super) fn at(&self, isa: Isa, axis: usize, distance: f64) -> f64 {
        f64::from(copies(isa, self, axis, &[distance as f32; LANES], ALONE, [1.0; 2]).bare[0]) / self.peak
    }

    /// The shortest period, of at least the frame's side, whose copies stay under the limits; the
    /// longest where there is none.
    pub(super) fn period(&self, isa: Isa, axis: usize, place: Place, limits: Limits) -> Choice {
        let far = place.away + 0.5 * place.side;
        let (half, across) = (0.5 * place.side as f32, 0.5 * place.across as f32);
        let mut first = axis::shortest(place.side);
        loop {
            let periods = axis::periods(first);
            let edge = std::array::from_fn(|i| {
                let distance = periods.get(i).map_or(1.0, |(period, _)| *period as f64 - far);
                if distance > 1.0 { distance as f32 } else { 1.0 }
            });
            let copies = copies(isa, self, axis, &edge, 2.0 * far as f32, [half, across]);
            let is_dark = |pixel: f32, light: f32| {
                f64::from(pixel) < limits.pixel * self.peak
                    && f64::from(light) * (place.side * place.across) < limits.flux
            };
            for (i, (period, _)) in periods.iter().enumerate().take(LANES) {
                let choice = |corrected: bool| {
                    let copies = f64::from(copies.bare[i]) / self.peak;
                    Choice { number: first + i, corrected, copies }
                };
                let distance = *period as f64 - far;
                if distance >= 1.0 && is_dark(copies.bare[i], copies.bare_light[i]) {
                    return choice(false);
                }
                if distance >= NEAR * place.side && is_dark(copies.left[i], copies.light_left[i]) {
                    return choice(true);
                }
                if i + 1 == periods.len() {
                    // As good as it gets, of light that a lattice holds.
                    let smooth = distance >= NEAR * place.side && copies.left[i] < copies.bare[i];
                    return choice(smooth && f64::from(copies.bare[i]) < WIDE * self.peak);
                }
            }
            first += LANES;
        }
    }
}
