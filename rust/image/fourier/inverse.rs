//! From the lattice to pixels: one transform along each axis.
//!
//! With e, d = CC + SS, CC - SS and g, h = CS + SC, CS - SC, transformed, the four pixels of one
//! (|x|, |y|) are I(x, y) = e + g, I(-x, -y) = e - g, I(-x, y) = d + h, I(x, -y) = d - h.

use super::axis::Axis;
use super::dct::{Pair, Source, transform};
use super::fill::Canvas;
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

/// Adds the image, of so many rows and columns, to a plane.
pub(super) fn inverse(
    isa: Isa,
    axes: [&Axis; 2],
    canvas: &Canvas,
    [rows, columns]: [usize; 2],
    work: &mut Work,
    plane: &mut [f32],
) {
    let keep = [columns.div_ceil(2), rows.div_ceil(2)];
    let stride = keep[0].div_ceil(LANES);
    work.fit(axes, keep, stride, canvas.used());
    let widest = canvas.written.iter().copied().max().unwrap_or(0);
    let blocks = axes[1].half.div_ceil(LANES);
    // More than half a period folds back as far as to Nyquist's frequency or beyond.
    let live = if 2 * widest < canvas.stride { widest } else { blocks };
    along_x(isa, axes[0], canvas, live, keep[0], work);
    let live = if live < blocks { live * LANES } else { axes[1].half };
    along_y(isa, axes[1], live, [rows, columns], canvas.used(), work, plane);
}

/// Sums whose kernel along x, or along y, is a sine.
const SINE_X: [bool; 4] = [false, true, false, true];
const SINE_Y: [bool; 4] = [false, true, true, false];

/// A run of ky of one sum of the canvas, folded: a cosine's second half counts negatively.
struct Folded<'a> {
    canvas: &'a Canvas,
    sum: &'a [Block],
    block: usize,
    sine: bool,
}

impl<L: Lanes> Source<L> for Folded<'_> {
    #[inline(always)]
    fn input(&self, n: usize) -> L {
        let (stride, written) = (self.canvas.stride, self.canvas.written[n]);
        let (row, mirror) = (&self.sum[n * stride..(n + 1) * stride], stride - 1 - self.block);
        let light = if self.block < written { L::load(&row[self.block].0) } else { L::zero() };
        if mirror >= written {
            return light;
        }
        let folded = L::load(&row[mirror].0).reversed();
        if self.sine { light + folded } else { light - folded }
    }
}

kernel! {
    fn along_x<L>(axis: &Axis, canvas: &Canvas, live: usize, keep: usize, work: &mut Work) {
        let stride = keep.div_ceil(LANES);
        for block in 0..live {
            for s in 0..canvas.used() {
                let source = Folded { canvas, sum: &canvas.sums[s], block, sine: SINE_Y[s] };
                transform::<L>(&axis.dct, SINE_X[s], &source, &mut work.waves, &mut work.out[s][..keep]);
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
    fn along_y<L>(axis: &Axis, live: usize, shape: [usize; 2], used: usize, work: &mut Work, plane: &mut [f32]) {
        let keep = shape[0].div_ceil(2);
        let stride = shape[1].div_ceil(2).div_ceil(LANES);
        for block in 0..stride {
            for (s, sine) in SINE_Y.into_iter().enumerate().take(used) {
                let source = Straight { rows: &work.middle[s], stride, block, live };
                transform::<L>(&axis.dct, sine, &source, &mut work.waves, &mut work.out[s][..keep]);
            }
            for row in 0..keep {
                write::<L>(&work.out, used, row, block * LANES, shape, plane);
            }
        }
    }
}

/// Adds the pixels at the same |y| to two rows of the plane, for a run of |x|.
#[inline(always)]
fn write<L: Lanes>(
    out: &[Vec<Block>; 4],
    used: usize,
    row: usize,
    from: usize,
    [rows, columns]: [usize; 2],
    plane: &mut [f32],
) {
    let (cc, ss) = (L::load(&out[0][row].0), L::load(&out[1][row].0));
    let (e, d) = (cc + ss, cc - ss);
    let (g, h) = if used == 4 {
        let (cs, sc) = (L::load(&out[2][row].0), L::load(&out[3][row].0));
        (cs + sc, cs - sc)
    } else {
        (L::zero(), L::zero())
    };
    let middle = rows.div_ceil(2);
    if middle + row < rows {
        side::<L>(&mut plane[(middle + row) * columns..][..columns], from, e + g, d + h);
    }
    side::<L>(&mut plane[(middle - 1 - row) * columns..][..columns], from, d - h, e - g);
}

/// Adds a run to the right of a line's middle, and one to the left, mirrored.
#[inline(always)]
fn side<L: Lanes>(line: &mut [f32], from: usize, right: L, left: L) {
    let centre = line.len().div_ceil(2);
    let (lower, upper) = line.split_at_mut(centre);
    let end = centre - from;
    if let Some(pixels) = end.checked_sub(LANES).and_then(|begin| run(lower, begin)) {
        (L::load(pixels) + left.reversed()).store(pixels);
    } else {
        let mut light = Block::ZERO;
        left.store(&mut light.0);
        lower[..end].iter_mut().rev().zip(&light.0).for_each(|(pixel, light)| *pixel += light);
    }
    if let Some(pixels) = run(upper, from) {
        (L::load(pixels) + right).store(pixels);
    } else if from < upper.len() {
        let mut light = Block::ZERO;
        right.store(&mut light.0);
        upper[from..].iter_mut().zip(&light.0).for_each(|(pixel, light)| *pixel += light);
    }
}

/// Sixteen pixels of a line from here on, where it has them.
#[inline(always)]
fn run(line: &mut [f32], from: usize) -> Option<&mut [f32; LANES]> {
    line.get_mut(from..from + LANES)?.try_into().ok()
}
