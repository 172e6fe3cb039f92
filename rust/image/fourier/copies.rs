//! How bright copies are in the frame, and what is left of them where their wings are taken off.
//!
//! Convolved light at a distance D is about f(D) + p(D) and, where both fall steeply, the largest f(a) p(D - a)
//! between, of the unconvolved brightnesses f and p. The sum of the first two is what [`wings`](super::wings) takes off;
//! what is left of it then is a tenth; by the next terms of the convolution, half the square of width over
//! length of fall, with the PSF's width for f and the object's for p; and what a polynomial misses of an
//! elongated copy's ridge across the frame: of exp(-v t^2) for t from -1 to 1 about v^3/96.

use super::brightness::{BOUND_SLOPE, Brightness, ROUGH, Run};
use super::light::{Light, Spread};
use super::psf::MOST_PARTS;
use crate::isa::kernel;
use crate::lanes::LANES;
use crate::math::pow::log2_32;
use std::f64::consts::{LN_2, PI};

/// What is left of copies that are taken off.
const LEFT: f32 = 0.1;
/// Widths of the middle part of light, in scale radii.
const WIDTH: f64 = 1.5;

/// As many candidates of each axis go through arithmetic together: the first half of the lanes is of the first axis.
pub(super) const HALF: usize = LANES / 2;

/// One number in each axis's lanes.
#[inline(always)]
pub(super) fn lanes([first, second]: [f32; 2]) -> Run {
    let mut run = [first; LANES];
    run[HALF..].fill(second);
    run
}

/// An object or a PSF along both axes.
#[derive(Clone, Copy)]
pub(super) struct Side {
    brightness: Brightness,
    /// Over the squared distance it is u at the nearest point of a line so far away across the axis.
    per_square: Run,
    width: Run,
    /// Across an axis, u grows by (stretch t/D)^2 of itself at t from the nearest point.
    stretch: Run,
    /// What of it is smooth far away, and what is not and stays.
    smooth: f32,
    pub(super) rough: f32,
}

impl Side {
    pub(super) fn new(light: &Light, brightness: Brightness) -> Side {
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

/// An object, and the parts of the PSF with their shares.
pub(super) struct Lights {
    pub(super) object: Side,
    pub(super) parts: [Option<(Side, f32)>; MOST_PARTS],
}

/// Brightness of the copies at the frame's edge and light in it, as they are and as they are left.
pub(super) struct Copies {
    pub(super) bare: Run,
    pub(super) own: Run,
    pub(super) left: Run,
    pub(super) bare_light: Run,
    pub(super) light_left: Run,
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
pub(super) const ALONE: f32 = 1e6;

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
fn wings(lights: &Lights, distance: &Run, further: &Run, across: &Run) -> (Run, Run, Run) {
    let object = &lights.object;
    let (mut f, f_slope) = object.at(distance, 1.0);
    let (mut per_distance, mut f_far) = ([0.0; LANES], [0.0; LANES]);
    for i in 0..LANES {
        per_distance[i] = 1.0 / distance[i];
        f_far[i] = beyond(f[i], f_slope[i], distance[i] * distance[i] / object.stretch[i]);
        f[i] *= both(f_slope[i], further[i], per_distance[i]);
    }
    let (mut bare, mut left) = ([0.0; LANES], [0.0; LANES]);
    for (psf, part) in lights.parts.iter().flatten() {
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
fn between(lights: &Lights, distance: &Run) -> Run {
    let mut most = [0.0_f32; LANES];
    for split in [0.3, 0.5, 0.7] {
        let (f, mut p) = (lights.object.at(distance, split).0, [0.0; LANES]);
        for (psf, part) in lights.parts.iter().flatten() {
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
    pub(super) fn copies(lights: &Lights, edge: &Run, further: [f32; 2], sides: [f32; 2]) -> Copies {
        let (half, across) = (lanes(sides), lanes([sides[1], sides[0]]));
        let mut middle = *edge;
        for i in 0..LANES {
            middle[i] += half[i];
        }
        let (mut bare, own, mut left) = wings(lights, edge, &lanes(further), &across);
        let (bare_far, _, left_far) = wings(lights, &middle, &[ALONE; LANES], &across);
        let between = between(lights, edge);
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
