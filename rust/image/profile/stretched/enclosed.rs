//! The light within Q of a stretched exponential, over Q, and its integrals along sides of pixels.

use super::{LANES, Stretched};
use crate::image::profile::border::Side;
use crate::image::profile::ellipse::Ellipse;
use crate::math::pow::{exp2_32, log2_32};
use crate::math::quadrature::{NODES_16, WEIGHTS_16};
use crate::math::special::gamma_p;
use crate::math::{exp, ln, pow};
use std::f32::consts::LOG2_E;

/// The longest series for the mean brightness: at X = 54, beyond which all light is within.
pub(super) const TERMS: usize = 128;
/// The longest piece of a side, in the variable of [`Stretched::side`], for n >= 0.7.
pub(super) const PIECE: f64 = 6.0;

impl<const HALF: bool> Stretched<HALF> {
    /// That of the pixel about the centre, as an ellipse's and, for a thin one, rings' beyond it.
    #[inline(always)]
    pub(super) fn light_of_brightest(&self, ellipse: &Ellipse) -> f64 {
        let [small, large] = ellipse.axes();
        let side = ellipse.root.sqrt();
        let (inner, outer) = (0.5 * side * small, 0.5 * side * large);
        let mut squares = [0.0_f32; LANES];
        let mut radius = inner;
        let step = if ellipse.is_round() { 1.0 } else { pow(outer / inner, 1.0 / (LANES - 1) as f64) };
        for square in &mut squares {
            *square = (radius * radius) as f32;
            radius *= step;
        }
        let means = self.means(&squares);
        let (mut light, mut before) = (0.0, 0.0);
        for (square, mean) in squares.iter().zip(means).map(|(q, mean)| (f64::from(*q), f64::from(mean))) {
            let within = std::f64::consts::PI * square * mean;
            let share = 2.0 * std::f64::consts::FRAC_1_PI * inner / square.sqrt();
            light += (within - before) * if before > 0.0 { share } else { 1.0 };
            before = within;
        }
        light / ellipse.root
    }

    /// The mean of f within Q: 2n gamma(2n, X) X^-2n, and where all the light is within, that over pi Q.
    ///
    /// gamma by its series of positive terms (DLMF 8.7.1), as many as the largest Q needs: the
    /// first or the last.
    #[inline(always)]
    pub(super) fn means(&self, q: &[f32; LANES]) -> [f32; LANES] {
        let mut x = [0.0_f32; LANES];
        for (x, q) in x.iter_mut().zip(q) {
            let exponent = self.exponent(*q);
            *x = if exponent < self.last { exponent } else { self.last };
        }
        let largest = if x[0] > x[LANES - 1] { x[0] } else { x[LANES - 1] };
        // Terms above 3e-8 of the sum: a fit to counts for a from 0.6 to 16.
        let (root, many) = (largest.sqrt(), 7.0 + largest - self.a);
        let (many, few) = (many + 6.5 * root, 5.0 + 3.2 * root + 0.15 * largest);
        // In fours: the processor guesses where the loop ends, and a wrong guess costs more.
        let pairs = (0.5 * if many > few { many } else { few }) as usize;
        let pairs = pairs.next_multiple_of(4);
        let (mut term, mut sum) = ([1.0_f32; LANES], [1.0_f32; LANES]);
        // Two terms a turn: the product that the next turn waits for is then half as long.
        for pair in self.inverse.chunks_exact(2).take(pairs) {
            for i in 0..LANES {
                let (first, second) = (x[i] * pair[0], x[i] * pair[1]);
                sum[i] += term[i] * (first + first * second);
                term[i] *= first * second;
            }
        }
        let outside = (std::f64::consts::FRAC_1_PI / self.density) as f32;
        let mut means = [0.0_f32; LANES];
        for i in 0..LANES {
            let inside = exp2_32(-LOG2_E * x[i]) * sum[i];
            means[i] = if x[i] < self.last { inside } else { outside / q[i] };
        }
        means
    }

    /// As [`Stretched::piece`], in f64.
    fn slow_piece(&self, u: f64, half: f64, rest: f64, bottom: f64) -> f64 {
        let node = |(node, weight): (&f64, f64)| {
            let up = exp(u + 2.0 * half * node);
            let (sinh, cosh) = (0.5 * (up - 1.0 / up), 0.5 * (up + 1.0 / up));
            let q = rest + bottom * (sinh * sinh);
            let within = gamma_p(1.0 / self.p, self.b * pow(q, self.p));
            weight * cosh * within / (std::f64::consts::PI * self.density * q)
        };
        2.0 * half * NODES_16.iter().zip(WEIGHTS_16).map(node).sum::<f64>()
    }

    /// A piece of a side from u - half to u + half, over the root of `bottom`/square.
    #[inline(always)]
    fn piece(&self, u: f64, half: f64, rest: f64, bottom: f64) -> f64 {
        let (rest, bottom) = (rest as f32, bottom as f32);
        let (mut squares, mut lengths) = ([0.0_f32; LANES], [0.0_f32; LANES]);
        for i in 0..LANES {
            let u = u + 2.0 * half * NODES_16[i];
            let up = exp2_32(u as f32 * LOG2_E);
            let down = 1.0 / up;
            let sinh = 0.5 * (up - down);
            squares[i] = rest + bottom * (sinh * sinh);
            lengths[i] = (0.5 * WEIGHTS_16[i] as f32) * (up + down);
        }
        2.0 * half * self.sum(&squares, &lengths)
    }

    /// A side, at nodes of its own length.
    #[inline(always)]
    fn straight(&self, side: Side) -> f64 {
        let (middle, square, rest) = (side.middle as f32, side.square as f32, side.rest as f32);
        let (mut squares, mut lengths) = ([0.0_f32; LANES], [0.0_f32; LANES]);
        for i in 0..LANES {
            let t = middle + NODES_16[i] as f32;
            squares[i] = rest + square * (t * t);
            lengths[i] = WEIGHTS_16[i] as f32;
        }
        self.sum(&squares, &lengths)
    }

    /// The mean brightnesses within Q, by their weights.
    #[inline(always)]
    fn sum(&self, squares: &[f32; LANES], weights: &[f32; LANES]) -> f64 {
        let means = self.means(squares);
        let mut eight = [0.0_f32; LANES / 2];
        for i in 0..LANES / 2 {
            eight[i] = means[i] * weights[i] + means[i + LANES / 2] * weights[i + LANES / 2];
        }
        let four = [eight[0] + eight[4], eight[1] + eight[5], eight[2] + eight[6], eight[3] + eight[7]];
        f64::from((four[0] + four[1]) + (four[2] + four[3]))
    }

    /// With Q = rest cosh^2 u, what has a peak of the width of `rest` at t = 0 varies over
    /// lengths of 1: its nearest singularity is at u = i pi/2. One rule of 16 nodes does for a
    /// length of 6, where a Bernstein ellipse gives 1.64^-32 = 1e-7.
    #[inline(always)]
    pub(super) fn side(&self, side: Side) -> f64 {
        // Far from the centre the side itself is as smooth: with the nearest singularity, of Q = 0,
        // a quarter of a pixel beside it 16 nodes leave 1.62^-32 = 2e-7, with it a tenth of a
        // pixel beyond its end 1.86^-32.
        let beside = side.rest / side.square;
        if !self.outside && (beside >= 0.0625 || beside + side.middle * side.middle >= 0.36) {
            return self.density * std::f64::consts::PI * self.straight(side);
        }
        let bottom = if side.rest > self.least { side.rest } else { self.least };
        let per_length = (side.square / bottom).sqrt();
        let from = asinh((side.middle - 0.5) * per_length, self.outside);
        let to = asinh((side.middle + 0.5) * per_length, self.outside);
        let pieces = ((to - from) / self.piece) as usize + 1;
        let half = 0.5 * (to - from) / pieces as f64;
        let mut sum = 0.0;
        for i in 0..pieces {
            let u = from + half * (2 * i + 1) as f64;
            sum += if self.outside {
                self.slow_piece(u, half, side.rest, bottom)
            } else {
                self.piece(u, half, side.rest, bottom)
            };
        }
        self.density * std::f64::consts::PI * sum / per_length
    }
}

/// Within 1e-7 (1 + |asinh x|), or exactly.
#[inline(always)]
fn asinh(x: f64, exact: bool) -> f64 {
    let size = x.abs();
    let power = size + (size * size + 1.0).sqrt();
    let value = if exact { ln(power) } else { f64::from(log2_32(power as f32)) * std::f64::consts::LN_2 };
    if x < 0.0 { -value } else { value }
}
