//! Pixels where the profile is steep: their light by integrals along their borders.
//!
//! The light of a circular profile in a sector of the angle dt out to radius R is E(R^2) dt/2 pi,
//! with E the enclosed fraction. By Green's theorem the light in any region is the
//! integral of E(Q)/(2 pi) dt along its border, and after the shear, which scales areas by a
//! constant, dt = root (x dy - y dx)/Q. So a pixel has
//!   sum over its sides of root/(2 pi) * offset * int E(Q)/Q ds,
//! the offset being the side's own x or y. The integrand has no peak at the centre, however small
//! the profile: sizes down to a point cost a few more steps along the sides, where a grid of
//! cells over the pixel needed thousands (4 ms for a thin point; 0.2 ms by this).
//!
//! E(Q)/Q varies over lengths of sqrt(Q + c), c = [`Radial::smooth`]: a side is halved until
//! each piece is shorter than 1.2 of that at its middle, where 8 Gauss-Legendre nodes leave
//! about 1e-9: the nearest singularity, at the end of a Bernstein ellipse of 3.6 half lengths,
//! gives 3.6^-16.

use super::ellipse::Ellipse;
use super::radial::Radial;
use crate::math::quadrature::{NODES_8, WEIGHTS_8};

/// The square of half a piece's length over sqrt(Q + c).
const STEP: f64 = 0.36;
/// Halvings wait here; each one goes on with the left part.
const DEPTH: usize = 128;

/// Sides of pixels, as seen from one profile.
pub struct Border<P> {
    profile: P,
    ellipse: Ellipse,
    /// For each column the row whose lower side is known, and its integral.
    known: Known,
    waiting: Waiting,
}

/// Pieces of a side whose turn is yet to come: middle and half length.
pub type Waiting = [(f64, f64); DEPTH];

/// What is kept between the profiles of a thread.
pub type Known = Vec<(usize, f64)>;

impl<P: Radial> Border<P> {
    /// For one profile; `known` lends its memory.
    #[inline(always)]
    pub fn new(profile: P, ellipse: &Ellipse, mut known: Known) -> Border<P> {
        known.fill((usize::MAX, 0.0));
        Border { profile, ellipse: *ellipse, known, waiting: [(0.0, 0.0); DEPTH] }
    }

    /// Gives the memory back.
    #[inline(always)]
    pub fn finish(self) -> Known {
        self.known
    }

    /// The light, of a unit flux, in a pixel.
    ///
    /// `left` is the integral of its left side where it is known; that of the right side comes
    /// back beside the light.
    #[inline(always)]
    pub fn light(&mut self, row: usize, column: usize, left: Option<f64>) -> (f64, f64) {
        let Ellipse { a, b, d, e, r, root, centre } = self.ellipse;
        let x = column as f64 - centre.0 - 0.5;
        let y = row as f64 - centre.1 - 0.5;
        // The integral along the side from (x, y) to (x + 1, y), against the direction of x.
        let across = |y: f64| (y, Side { middle: x + r * y + 0.5, square: a, rest: e * y * y });
        // That from (x, y) to (x, y + 1).
        let up =
            |x: f64| (x, Side { middle: y + b / d * x + 0.5, square: d, rest: root * (root / d) * x * x });
        let (known, below) = self.known[column];
        let below = if known == row { Some(below) } else { None };
        let sides = [(across(y), below), (up(x), left), (across(y + 1.0), None), (up(x + 1.0), None)];
        let mut integrals = [0.0; 4];
        // In a loop, as four copies of what follows are more than the processor keeps at hand.
        for (integral, ((offset, side), known)) in integrals.iter_mut().zip(sides) {
            *integral = match known {
                Some(known) => known,
                None => self.side(offset, side),
            };
        }
        let [below, left, above, right] = integrals;
        self.known[column] = (row + 1, above);
        ((above - below) + (right - left), right)
    }

    /// root/(2 pi) offset int E(Q)/Q dt.
    #[inline(always)]
    fn side(&mut self, offset: f64, side: Side) -> f64 {
        self.ellipse.root
            * (0.5 * std::f64::consts::FRAC_1_PI)
            * offset
            * self.profile.along(side, &mut self.waiting)
    }
}

/// A line of unit length about `middle`, with Q = square t^2 + rest.
#[derive(Clone, Copy, Debug)]
pub struct Side {
    /// Where its middle is.
    pub middle: f64,
    /// How Q grows.
    pub square: f64,
    /// The least Q of the whole straight line.
    pub rest: f64,
}

impl Side {
    /// int E(Q)/Q dt, halved until it is smooth.
    #[inline(always)]
    pub fn halved<P: Radial>(self, profile: P, waiting: &mut Waiting) -> f64 {
        let mut count = 0;
        let (mut middle, mut half) = (self.middle, 0.5);
        let mut sum = 0.0;
        loop {
            let q = self.square * middle * middle + self.rest;
            let long = self.square * half * half > STEP * (q + profile.smooth());
            if !long || count == DEPTH {
                sum += self.piece(profile, middle, half);
                if count == 0 {
                    return sum;
                }
                count -= 1;
                (middle, half) = waiting[count];
            } else {
                half *= 0.5;
                waiting[count] = (middle + half, half);
                count += 1;
                middle -= half;
            }
        }
    }

    #[inline(always)]
    fn piece<P: Radial>(self, profile: P, middle: f64, half: f64) -> f64 {
        let mut values = [0.0_f64; 8];
        for (i, value) in values.iter_mut().enumerate() {
            let t = middle + 2.0 * half * NODES_8[i];
            let q = self.square * t * t + self.rest;
            // Next to the centre 1 - (1 - Q) has lost its digits; the limit is E'(0).
            let near = q < 1e-8;
            let ratio = profile.enclosed(q) / if near { 1.0 } else { q };
            *value = WEIGHTS_8[i] * if near { profile.density() * std::f64::consts::PI } else { ratio };
        }
        let four =
            [values[0] + values[4], values[1] + values[5], values[2] + values[6], values[3] + values[7]];
        2.0 * half * ((four[0] + four[1]) + (four[2] + four[3]))
    }
}
