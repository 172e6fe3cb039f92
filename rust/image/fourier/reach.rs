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
use super::brightness::{BOUND_SLOPE, Brightness, ROUGH, Run};
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
/// The peak of 1,600 galaxies and stars behind PSFs of any shape is reckoned up to 1.15 times too bright.
const CAUTION: f64 = 0.75;
/// Copies that are brighter than this, over the peak, in the longest period: such light is no longer
/// for a lattice.
pub(super) const WIDE: f64 = 0.01;
/// What is left of copies that are taken off.
const LEFT: f32 = 0.1;
/// Copies under this share of the limits need not be taken off.
const NOTHING: f64 = 0.003;
/// Copies nearer to the frame than this, over its side, are no smooth light in it.
const NEAR: f64 = 0.4;
/// Widths of the middle part of light, in scale radii.
const WIDTH: f64 = 1.5;

/// As many candidates of each axis go through arithmetic together: the first half of the lanes is of the first axis.
const HALF: usize = LANES / 2;

/// One number in each axis's lanes.
#[inline(always)]
fn lanes([first, second]: [f32; 2]) -> Run {
    let mut run = [first; LANES];
    run[HALF..].fill(second);
    run
}

/// An object or a PSF along both axes.
#[derive(Clone, Copy)]
struct Side {
    brightness: Brightness,
    /// Over the squared distance it is u at the nearest point of a line so far away across the axis.
    per_square: Run,
    width: Run,
    /// Across an axis, u grows by (stretch t/D)^2 of itself at t from the nearest point.
    stretch: Run,
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
            per_square: lanes([xx, yy].map(|stretch| (1.0 / (square * stretch)) as f32)),
            width: lanes([xx, yy].map(|stretch| (width * stretch.sqrt()) as f32)),
            stretch: lanes([xx as f32, yy as f32]),
            smooth: brightness.smooth_part(),
            rough: 1.0 - brightness.smooth_part(),
        }
    }

    #[inline(always)]
    fn at(&self, distance: &Run, share: f32) -> (Run, Run) {
        let mut u = [0.0; LANES];
        for i in 0..LANES {
            let distance = share * distance[i];
            u[i] = self.per_square[i] * (distance * distance);
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
    /// The number of the frame's own period.
    pub(super) first: usize,
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
    /// What of it is the unconvolved object.
    own: f64,
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
    own: Run,
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

/// f + p of copies to both sides, the other so much further away, f alone, and what is left of both.
#[inline(always)]
fn wings(reach: &Reach, distance: &Run, further: &Run, across: &Run) -> (Run, Run, Run) {
    let object = &reach.object;
    let (mut f, f_slope) = object.at(distance, 1.0);
    let (mut per_distance, mut f_far) = ([0.0; LANES], [0.0; LANES]);
    for i in 0..LANES {
        per_distance[i] = 1.0 / distance[i];
        f_far[i] = beyond(f[i], f_slope[i], distance[i] * distance[i] / object.stretch[i]);
        f[i] *= both(f_slope[i], further[i], per_distance[i]);
    }
    let (mut bare, mut left) = ([0.0; LANES], [0.0; LANES]);
    for (psf, part) in reach.parts.iter().flatten() {
        let (p, p_slope) = psf.at(distance, 1.0);
        for i in 0..LANES {
            let (nearness, tall) = (per_distance[i], across[i] * per_distance[i]);
            let f_left = share(f_slope[i], psf.width[i] * nearness, object.stretch[i] * tall);
            let p_far = beyond(p[i], p_slope[i], distance[i] * distance[i] / psf.stretch[i]);
            let p_left = share(p_slope[i], object.width[i] * nearness, psf.stretch[i] * tall);
            let p_left = psf.smooth * (p_left + f_far[i]) + psf.rough;
            let p = p[i] * both(p_slope[i], further[i], nearness);
            bare[i] += part * (f[i] + p);
            left[i] += part * (at_most_1(f_left + p_far) * f[i] + at_most_1(p_left) * p);
        }
    }
    (bare, f, left)
}

/// What is between object and PSF, at the split of the distance where it is most.
#[inline(always)]
fn between(reach: &Reach, distance: &Run) -> Run {
    let mut most = [0.0_f32; LANES];
    for split in [0.3, 0.5, 0.7] {
        let (f, mut p) = (reach.object.at(distance, split).0, [0.0; LANES]);
        for (psf, part) in reach.parts.iter().flatten() {
            let light = psf.at(distance, 1.0 - split).0;
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
    fn copies(reach: &Reach, edge: &Run, further: [f32; 2], sides: [f32; 2]) -> Copies {
        let (half, across) = (lanes(sides), lanes([sides[1], sides[0]]));
        let mut middle = *edge;
        for i in 0..LANES {
            middle[i] += half[i];
        }
        let (mut bare, own, mut left) = wings(reach, edge, &lanes(further), &across);
        let (bare_far, _, left_far) = wings(reach, &middle, &[ALONE; LANES], &across);
        let between = between(reach, edge);
        let (mut bare_light, mut light_left) = ([0.0; LANES], [0.0; LANES]);
        for i in 0..LANES {
            // Simpson's rule from edge to edge, of two copies.
            bare_light[i] = (bare[i] + 4.0 * bare_far[i]) / 3.0;
            light_left[i] = (left[i] + 4.0 * left_far[i]) / 3.0;
            bare[i] += between[i];
            left[i] += between[i];
        }
        Copies { bare, own, left, bare_light, light_left }
    }
}

impl Reach {
    /// Of an object behind the parts of a PSF; also gives what it looks like behind each of them.
    pub(super) fn new(
        isa: Isa,
        object: (&Light, &Table),
        brightness: Brightness,
        psf: &[Part],
        spectra: &mut Vec<Spectrum>,
    ) -> Reach {
        let mut parts = [None; MOST_PARTS];
        for (side, part) in parts.iter_mut().zip(psf) {
            let mut psf = Side::new(&part.light, part.brightness);
            psf.rough *= rings_left(object, part);
            *side = Some((psf, part.light.flux as f32));
        }
        spectra.clear();
        spectra.extend(psf.iter().map(|part| Spectrum::new(isa, object, part)));
        let lit = psf.iter().zip(&*spectra).map(|(part, spectrum)| part.light.flux * spectrum.centre());
        let peak = CAUTION * lit.sum::<f64>();
        let peak = if peak > LEAST { if peak < 1.0 { peak } else { 1.0 } } else { LEAST };
        Reach { object: Side::new(object.0, brightness), parts, peak }
    }

    /// Convolved brightness over the peak at a distance above 0, in pixels along each axis.
    pub(super) fn at(&self, isa: Isa, distances: [f64; 2]) -> [f64; 2] {
        let distances = lanes(distances.map(|distance| distance as f32));
        let bare = copies(isa, self, &distances, [ALONE; 2], [1.0; 2]).bare;
        [bare[0], bare[HALF]].map(|bare| f64::from(bare) / self.peak)
    }

    /// The shortest periods, of at least the frame's sides, whose copies stay under the limits; the
    /// longest where there is none.
    pub(super) fn periods(&self, isa: Isa, places: [Place; 2], limits: Limits) -> [Choice; 2] {
        let far = places.map(|place| place.away + 0.5 * place.side);
        let half = places.map(|place| 0.5 * place.side as f32);
        let (mut first, mut found) = (places.map(|place| place.first), [None; 2]);
        loop {
            let mut edge = [1.0; LANES];
            for (i, edge) in edge.chunks_exact_mut(HALF).enumerate() {
                for (edge, (period, _)) in edge.iter_mut().zip(axis::periods(first[i])) {
                    let distance = *period as f64 - far[i];
                    *edge = if distance > 1.0 { distance as f32 } else { 1.0 };
                }
            }
            let copies = copies(isa, self, &edge, far.map(|far| 2.0 * far as f32), half);
            for i in [0, 1] {
                if found[i].is_none() {
                    found[i] = self.choice(&copies, i * HALF, (first[i], far[i]), places, limits);
                    first[i] += HALF;
                }
            }
            if let [Some(x), Some(y)] = found {
                return [x, y];
            }
        }
    }

    /// The first good one of an axis's candidates, or the last of all; they begin at a lane, and from a period on.
    fn choice(
        &self,
        copies: &Copies,
        lane: usize,
        (first, far): (usize, f64),
        [x, y]: [Place; 2],
        limits: Limits,
    ) -> Option<Choice> {
        let side = if lane == 0 { x.side } else { y.side };
        let pixel = (limits.pixel * self.peak) as f32;
        let is_dark =
            |bare: f32, light: f32| bare < pixel && f64::from(light) * (x.side * y.side) < limits.flux;
        let periods = axis::periods(first);
        for (n, (period, _)) in periods.iter().enumerate().take(HALF) {
            let i = lane + n;
            let [bare, own] = [copies.bare[i], copies.own[i]].map(|light| f64::from(light) / self.peak);
            let choice = |corrected: bool| Some(Choice { number: first + n, corrected, copies: bare, own });
            let distance = *period as f64 - far;
            if distance >= 1.0 && is_dark(copies.bare[i], copies.bare_light[i]) {
                return choice(false);
            }
            if distance >= NEAR * side && is_dark(copies.left[i], copies.light_left[i]) {
                return choice(true);
            }
            if n + 1 == periods.len() {
                // As good as it gets, of light that a lattice holds.
                let smooth = distance >= NEAR * side && copies.left[i] < copies.bare[i];
                return choice(smooth && bare < WIDE);
            }
        }
        None
    }

    /// Whether the copies of the unconvolved object are nothing by themselves: six of the eight are beyond a line
    /// across the first axis, the others beyond one across the second.
    pub(super) fn is_alone(&self, [x, y]: [Choice; 2], pixels: f64, limits: Limits) -> bool {
        let own = 3.0 * x.own + y.own;
        own < NOTHING * limits.pixel && own * self.peak * pixels < NOTHING * limits.flux
    }
}
