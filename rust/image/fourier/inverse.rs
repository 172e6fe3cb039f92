//! From the lattice to pixels: one transform along each axis.
//!
//! With e, d = CC + SS, CC - SS and g, h = CS + SC, CS - SC, transformed, the four pixels of one
//! (|x|, |y|) are I(x, y) = e + g, I(-x, -y) = e - g, I(-x, y) = d + h, I(x, -y) = d - h.

use super::axis::Axis;
use super::dct::{Pair, Source, transform};
use super::fill::Canvas;
use super::smooth::Smooth;
use crate::image::ahead;
use crate::image::plane::Plane;
use crate::isa::{Isa, kernel};
use crate::lanes::{Block, LANES, Lanes};

/// Where the transforms work.
#[derive(Default)]
pub(super) struct Work {
    waves: [Vec<Pair>; 2],
    /// Outputs of one run of lanes, of each sum.
    out: [Vec<Block>; 4],
    /// Each sum after the transform along x: a row for each ky.
    middle: [Vec<Block>; 4],
}

fn grow<T: Copy>(room: &mut Vec<T>, length: usize, zero: T) {
    if room.len() < length {
        room.resize(length, zero);
    }
}

impl Work {
    fn fit(&mut self, axes: [&Axis; 2], keep: [usize; 2], stride: usize, used: usize) {
        let room = axes.map(|axis| axis.dct.room());
        let most = keep.map(|keep| keep.next_multiple_of(LANES));
        let rows = axes[1].half.next_multiple_of(LANES);
        self.waves.iter_mut().for_each(|waves| grow(waves, room[0].max(room[1]), Pair::ZERO));
        self.out[..used].iter_mut().for_each(|out| grow(out, most[0].max(most[1]), Block::ZERO));
        self.middle[..used].iter_mut().for_each(|middle| grow(middle, rows * stride, Block::ZERO));
    }
}

/// Adds the image, of so many rows and columns, less what is smooth, to a plane.
pub(super) fn inverse(
    isa: Isa,
    axes: [&Axis; 2],
    canvas: &mut Canvas,
    smooth: Option<&Smooth>,
    work: &mut Work,
    [rows, columns]: [usize; 2],
    plane: &mut Plane,
) {
    let keep = [columns.div_ceil(2), rows.div_ceil(2)];
    let stride = keep[0].div_ceil(LANES);
    work.fit(axes, keep, stride, canvas.used());
    let widest = canvas.close();
    let blocks = axes[1].half.div_ceil(LANES);
    // More than half a period folds back as far as to Nyquist's frequency or beyond.
    let live = if 2 * widest < canvas.stride { widest } else { blocks };
    along_x(isa, axes[0], canvas, live, widest, keep[0], work, plane.pixels());
    let live = if live < blocks { live * LANES } else { axes[1].half };
    let stale = plane.is_stale();
    let pixels = plane.written();
    along_y(isa, axes[1], live, canvas.used(), [rows, columns], smooth, work, stale, pixels);
}

/// Sums whose kernel along x, or along y, is a sine.
const SINE_X: [bool; 4] = [false, true, false, true];
const SINE_Y: [bool; 4] = [false, true, true, false];

/// A run of ky of one sum of the canvas, folded: a cosine's second half counts negatively.
struct Folded<'a> {
    sum: &'a [Block],
    stride: usize,
    block: usize,
    sine: bool,
}

impl<L: Lanes> Source<L> for Folded<'_> {
    #[inline(always)]
    fn input(&self, n: usize) -> L {
        let row = &self.sum[n * self.stride..(n + 1) * self.stride];
        let light = L::load(&row[self.block].0);
        let folded = L::load(&row[self.stride - 1 - self.block].0).reversed();
        if self.sine { light + folded } else { light - folded }
    }
}

kernel! {
    fn along_x<L>(axis: &Axis, canvas: &Canvas, live: usize, widest: usize, keep: usize, work: &mut Work, plane: &[f32]) {
        let stride = keep.div_ceil(LANES);
        let mut parts = ahead::large_parts(plane, live * canvas.used());
        for block in 0..live {
            let folds = canvas.stride - 1 - block < widest;
            for s in 0..canvas.used() {
                let (rows, stride_k, out) = (&canvas.sums[s][..], canvas.stride, &mut work.out[s][..keep]);
                parts.next().into_iter().for_each(ahead::ask_for);
                if folds {
                    let source = Folded { sum: rows, stride: stride_k, block, sine: SINE_Y[s] };
                    transform::<L>(&axis.dct, SINE_X[s], &source, &mut work.waves, out);
                } else {
                    let source = Straight { rows, stride: stride_k, block, live: axis.half };
                    transform::<L>(&axis.dct, SINE_X[s], &source, &mut work.waves, out);
                }
                let rows = &mut work.middle[s][block * LANES * stride..];
                for (i, runs) in work.out[s].chunks_exact(LANES).take(stride).enumerate() {
                    if let Ok(runs) = runs.try_into() {
                        L::turn(runs, &mut rows[i..], stride);
                    }
                }
            }
        }
    }
}

/// A run of |x| of one sum after the transform along x.
struct Straight<'a> {
    rows: &'a [Block],
    stride: usize,
    block: usize,
    live: usize,
}

impl<L: Lanes> Source<L> for Straight<'_> {
    #[inline(always)]
    fn input(&self, n: usize) -> L {
        if n < self.live { L::load(&self.rows[n * self.stride + self.block].0) } else { L::zero() }
    }
}

kernel! {
    fn along_y<L>(
        axis: &Axis,
        live: usize,
        used: usize,
        shape: [usize; 2],
        smooth: Option<&Smooth>,
        work: &mut Work,
        stale: bool,
        plane: &mut [f32],
    ) {
        let keep = shape[0].div_ceil(2);
        let stride = shape[1].div_ceil(2).div_ceil(LANES);
        for block in 0..stride {
            for (s, sine) in SINE_Y.into_iter().enumerate().take(used) {
                let source = Straight { rows: &work.middle[s], stride, block, live };
                transform::<L>(&axis.dct, sine, &source, &mut work.waves, &mut work.out[s][..keep]);
            }
            if stale {
                write::<L, true>(&work.out, used, smooth, block, shape, plane);
            } else {
                write::<L, false>(&work.out, used, smooth, block, shape, plane);
            }
        }
    }
}

/// Writes or adds the pixels of a run of |x|: for each |y| two runs of two rows.
#[inline(always)]
fn write<L: Lanes, const STALE: bool>(
    out: &[Vec<Block>; 4],
    used: usize,
    smooth: Option<&Smooth>,
    block: usize,
    [rows, columns]: [usize; 2],
    plane: &mut [f32],
) {
    let middle = rows.div_ceil(2);
    for row in 0..middle {
        let mut sums = [L::zero(); 4];
        for (sum, out) in sums.iter_mut().zip(out).take(used) {
            *sum = L::load(&out[row].0);
        }
        if let Some(smooth) = smooth {
            sums = smooth.take_off(row, block, sums);
        }
        let [cc, ss, cs, sc] = sums;
        let (e, d, g, h) = (cc + ss, cc - ss, cs + sc, cs - sc);
        if middle + row < rows {
            side::<L, STALE>(&mut plane[(middle + row) * columns..][..columns], block * LANES, e + g, d + h);
        }
        side::<L, STALE>(&mut plane[(middle - 1 - row) * columns..][..columns], block * LANES, d - h, e - g);
    }
}

/// Writes or adds a run to the right of a line's middle, and one to the left, mirrored.
#[inline(always)]
fn side<L: Lanes, const STALE: bool>(line: &mut [f32], from: usize, right: L, left: L) {
    let centre = line.len().div_ceil(2);
    let (lower, upper) = line.split_at_mut(centre);
    let end = centre - from;
    if let Some(pixels) = end.checked_sub(LANES).and_then(|begin| run(lower, begin)) {
        shine::<L, STALE>(left.reversed(), pixels);
    } else {
        let mut light = Block::ZERO;
        left.store(&mut light.0);
        part::<STALE>(lower[..end].iter_mut().rev(), &light);
    }
    if let Some(pixels) = run(upper, from) {
        shine::<L, STALE>(right, pixels);
    } else if from < upper.len() {
        let mut light = Block::ZERO;
        right.store(&mut light.0);
        part::<STALE>(upper[from..].iter_mut(), &light);
    }
}

#[inline(always)]
fn shine<L: Lanes, const STALE: bool>(light: L, pixels: &mut [f32; LANES]) {
    let light = if STALE { light } else { L::load(pixels) + light };
    light.store(pixels);
}

/// Less than a run, at the end of a line.
#[inline(always)]
fn part<'a, const STALE: bool>(pixels: impl Iterator<Item = &'a mut f32>, light: &Block) {
    pixels.zip(&light.0).for_each(|(pixel, light)| *pixel = if STALE { *light } else { *pixel + light });
}

/// Sixteen pixels of a line from here on, where it has them.
#[inline(always)]
fn run(line: &mut [f32], from: usize) -> Option<&mut [f32; LANES]> {
    line.get_mut(from..from + LANES)?.try_into().ok()
}
