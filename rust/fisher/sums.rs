//! From the lattice of frequencies to pixels, in f64: the sums themselves, one axis after the other.
//!
//! k = 2 pi (m + 1/2)/N and pixels half a step from the middle, as for the image itself; its fast
//! transform, in f32, is not used. The sums take some N/2 steps for each pixel along each axis.

use crate::isa::kernel;
use crate::math::sin_cos;
use std::f64::consts::PI;

/// Cosines and sines of k x, for one period and so many pixels from the middle.
pub(super) struct Kernels {
    pub(super) period: usize,
    pub(super) half: usize,
    pub(super) keep: usize,
    cos: Vec<f64>,
    sin: Vec<f64>,
}

impl Kernels {
    pub(super) fn new(period: usize, keep: usize) -> Kernels {
        let half = period / 2;
        // k x = 2 pi (2m + 1)(2t + 1)/4N: all angles are among those of a whole turn.
        let turn: Vec<(f64, f64)> =
            (0..4 * period).map(|i| sin_cos(2.0 * PI * i as f64 / (4 * period) as f64)).collect();
        let angle = |i: usize| turn[(2 * (i / keep) + 1) * (2 * (i % keep) + 1) % (4 * period)];
        let (sin, cos) = (0..half * keep).map(angle).unzip();
        Kernels { period, half, keep, cos, sin }
    }

    fn row(&self, is_sine: bool, m: usize) -> &[f64] {
        let table = if is_sine { &self.sin } else { &self.cos };
        &table[m * self.keep..(m + 1) * self.keep]
    }
}

/// Sums whose kernel along x, or along y, is a sine: cos cos, sin sin, cos sin, sin cos.
const SINE_X: [bool; 4] = [false, true, false, true];
const SINE_Y: [bool; 4] = [false, true, true, false];

kernel! {
    /// Sums one row of cells, of one ky after the other, to pixels along y: four kernels for each of several
    /// planes, one after the other.
    pub(super) fn along_y(y: &Kernels, cells: &[f64], stride: usize, count: usize, out: &mut [f64]) {
        out.fill(0.0);
        for (n, out) in out.chunks_exact_mut(y.keep).enumerate() {
            for (m, cell) in cells[n * stride..][..count].iter().enumerate() {
                add(*cell, y.row(SINE_Y[n % 4], m), out);
            }
        }
    }
}

kernel! {
    /// Sums what [`along_y`] gave for each kx to pixels, of so many rows and columns, and adds them to a
    /// plane. `middle` holds the four kernels of each kx, `quarter` is scratch.
    pub(super) fn along_x(
        x: &Kernels,
        middle: &[f64],
        frame: [usize; 2],
        quarter: &mut [Vec<f64>; 4],
        plane: &mut [f64],
    ) {
        let [rows, columns] = frame;
        let keep = rows.div_ceil(2);
        let kx = middle.len() / (4 * keep);
        for (s, quarter) in quarter.iter_mut().enumerate() {
            quarter.clear();
            quarter.resize(keep * x.keep, 0.0);
            for m in 0..kx {
                let values = &middle[(4 * m + s) * keep..][..keep];
                for (value, out) in values.iter().zip(quarter.chunks_exact_mut(x.keep)) {
                    add(*value, x.row(SINE_X[s], m), out);
                }
            }
        }
        let [cc, ss, cs, sc] = quarter;
        for (i, row) in plane.chunks_exact_mut(columns).enumerate() {
            let (up, t) = distance(i, rows);
            for (j, pixel) in row.iter_mut().enumerate() {
                let (right, u) = distance(j, columns);
                let at = t * x.keep + u;
                let even = if up == right { cc[at] + ss[at] } else { cc[at] - ss[at] };
                let odd = if up { cs[at] } else { -cs[at] };
                *pixel += even + odd + if right { sc[at] } else { -sc[at] };
            }
        }
    }
}

#[inline(always)]
fn add(value: f64, from: &[f64], to: &mut [f64]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to += value * from;
    }
}

/// Whether a pixel is beyond the middle, and how many pixels from it.
#[inline(always)]
fn distance(i: usize, side: usize) -> (bool, usize) {
    let middle = side.div_ceil(2);
    if i < middle { (false, middle - 1 - i) } else { (true, i - middle) }
}
