//! From the lattice to pixels: one transform along each axis.
//!
//! With e, d = CC + SS, CC - SS and g, h = CS + SC, CS - SC, transformed, the four pixels of one
//! (|x|, |y|) are I(x, y) = e + g, I(-x, -y) = e - g, I(-x, y) = d + h, I(x, -y) = d - h.

use super::axis::Axis;
use super::dct::{Lane, Wave, transform};
use super::fill::{Canvas, LANES};
use crate::isa::kernel;

/// Where the transforms work.
#[derive(Default)]
pub(super) struct Work {
    waves: [Vec<Wave>; 2],
    /// Outputs of one run of lanes, of each sum.
    out: [Vec<Lane>; 4],
    /// Each sum after the transform along x: a row for each ky.
    middle: [Vec<f32>; 4],
}

impl Work {
    fn fit(&mut self, axes: [&Axis; 2], keep: [usize; 2], stride: usize) {
        let room = axes.map(|axis| axis.dct.room()).into_iter().max().unwrap_or(0);
        self.waves.iter_mut().for_each(|waves| waves.resize(room, Wave::ZERO));
        let most = keep[0].max(keep[1]).next_multiple_of(LANES);
        self.out.iter_mut().for_each(|out| out.resize(most, [0.0; LANES]));
        for middle in &mut self.middle {
            middle.clear();
            middle.resize(axes[1].half.next_multiple_of(LANES) * stride, 0.0);
        }
    }
}

/// Adds the image, of so many rows and columns, to a plane.
pub(super) fn inverse(
    isa: crate::isa::Isa,
    axes: [&Axis; 2],
    canvas: &Canvas,
    [rows, columns]: [usize; 2],
    work: &mut Work,
    plane: &mut [f32],
) {
    let keep = [columns.div_ceil(2), rows.div_ceil(2)];
    let stride = keep[0].next_multiple_of(LANES);
    work.fit(axes, keep, stride);
    along_x(isa, axes[0], canvas, keep[0], stride, work);
    along_y(isa, axes[1], canvas.live[1], [rows, columns], stride, work, plane);
}

/// Sums whose kernel along x, or along y, is a sine.
const SINE_X: [bool; 4] = [false, true, false, true];
const SINE_Y: [bool; 4] = [false, true, true, false];

#[inline(always)]
fn lanes(row: &[f32], at: usize) -> Lane {
    let mut lane = [0.0; LANES];
    lane.copy_from_slice(&row[at..at + LANES]);
    lane
}

kernel! {
    fn along_x(axis: &Axis, canvas: &Canvas, keep: usize, stride: usize, work: &mut Work) {
        let [first, second] = &mut work.waves;
        for from in (0..canvas.live[1]).step_by(LANES) {
            for (s, middle) in work.middle.iter_mut().enumerate() {
                let (sum, out) = (&canvas.sums[s], &mut work.out[s]);
                let load = |n: usize| {
                    if n < canvas.live[0] { lanes(sum, n * canvas.stride + from) } else { [0.0; LANES] }
                };
                transform(&axis.dct, SINE_X[s], load, (first, second), &mut out[..keep]);
                turn(out, &mut middle[from * stride..], stride);
            }
        }
    }
}

/// Writes lanes as rows.
#[inline(always)]
fn turn(out: &[Lane], rows: &mut [f32], stride: usize) {
    for (block, lanes) in out[..stride].chunks_exact(LANES).enumerate() {
        for i in 0..LANES {
            let row = &mut rows[i * stride + block * LANES..][..LANES];
            for j in 0..LANES {
                row[j] = lanes[j][i];
            }
        }
    }
}

kernel! {
    fn along_y(axis: &Axis, live: usize, shape: [usize; 2], stride: usize, work: &mut Work, plane: &mut [f32]) {
        let keep = shape[0].div_ceil(2);
        let [first, second] = &mut work.waves;
        for from in (0..shape[1].div_ceil(2)).step_by(LANES) {
            for (s, middle) in work.middle.iter().enumerate() {
                let load = |n: usize| if n < live { lanes(middle, n * stride + from) } else { [0.0; LANES] };
                transform(&axis.dct, SINE_Y[s], load, (first, second), &mut work.out[s][..keep]);
            }
            for row in 0..keep {
                write(&work.out, row, from, shape, plane);
            }
        }
    }
}

/// Adds the pixels at the same |y| to two rows of the plane, for a run of |x|.
#[inline(always)]
fn write(out: &[Vec<Lane>; 4], row: usize, from: usize, [rows, columns]: [usize; 2], plane: &mut [f32]) {
    let [cc, ss, cs, sc] = [0, 1, 2, 3].map(|s| out[s][row]);
    let (middle, centre) = (rows.div_ceil(2), columns.div_ceil(2));
    let [mut up_right, mut up_left, mut down_right, mut down_left] = [[0.0; LANES]; 4];
    for i in 0..LANES {
        let (e, d, g, h) = (cc[i] + ss[i], cc[i] - ss[i], cs[i] + sc[i], cs[i] - sc[i]);
        (up_right[i], up_left[i], down_right[i], down_left[i]) = (e + g, d + h, d - h, e - g);
    }
    let mut side = |row: usize, right: &Lane, left: &Lane| {
        let line = &mut plane[row * columns..(row + 1) * columns];
        let (lower, upper) = line.split_at_mut(centre);
        let end = centre - from;
        let begin = end.saturating_sub(LANES);
        lower[begin..end].iter_mut().rev().zip(left).for_each(|(pixel, light)| *pixel += light);
        if from < upper.len() {
            upper[from..].iter_mut().zip(right).for_each(|(pixel, light)| *pixel += light);
        }
    };
    if middle + row < rows {
        side(middle + row, &up_right, &up_left);
    }
    side(middle - 1 - row, &down_right, &down_left);
}
