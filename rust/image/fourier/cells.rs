//! Transforms that are not real and even: their values on the lattice, and how they become light.
//!
//! A cell of one (|kx|, |ky|) holds K+ = K(kx, ky) and K- = K(kx, -ky); the other two are their
//! conjugates. Behind the phases of the centre (X, Y), Z+ = K+ e^(-i(a + b)) and Z- = K- e^(-i(a - b)) with
//! a = kx X and b = ky Y, the sums of the module `fill` are
//! CC = Re Z+ + Re Z-,  SS = Re Z- - Re Z+,  CS = Im Z- - Im Z+,  SC = -(Im Z+ + Im Z-).

use super::axis::Axis;
use super::fill::{self, Canvas, Form, Steps, folded};
use super::light::Light;
use super::table::{OFFSET, Table};
use crate::isa::kernel;
use crate::lanes::{LANES, Lanes};
use crate::math::sin_cos;
use std::f64::consts::PI;

/// Values of a transform: rows of |kx|, each with a run of |ky|.
#[derive(Default)]
pub(super) struct Cells {
    /// K+ and K-, real and imaginary parts.
    pub(super) values: [[Vec<f32>; 2]; 2],
    pub(super) rows: usize,
    /// Values in a row, in whole lanes.
    pub(super) stride: usize,
}

impl Cells {
    /// Makes room for so many cells along each axis; what they hold is left open.
    pub(super) fn fit(&mut self, [rows, columns]: [usize; 2]) {
        (self.rows, self.stride) = (rows, columns.next_multiple_of(LANES));
        let size = self.rows * self.stride;
        self.values.iter_mut().flatten().for_each(|values| values.resize(size, 0.0));
    }

    /// The real and imaginary parts of a row of K+ or K-.
    pub(super) fn row(&mut self, side: usize, m: usize) -> [&mut [f32]; 2] {
        let range = m * self.stride..(m + 1) * self.stride;
        let [re, im] = &mut self.values[side];
        [&mut re[range.clone()], &mut im[range]]
    }
}

/// The signs of ky.
const SIDES: [f32; 2] = [1.0, -1.0];

kernel! {
    /// The transform of light with a radial one.
    pub(super) fn shine<L>(axes: [&Axis; 2], light: &Light, table: &Table, cells: &mut Cells) {
        let form = Form::new(light, table);
        let along = L::splat(form.along);
        for m in 0..cells.rows {
            let kx = axes[0].frequency(m);
            let rest = L::splat(form.across * kx * kx + OFFSET);
            for (side, sign) in SIDES.into_iter().enumerate() {
                let ridge = L::splat(sign * form.ridge * kx);
                let [re, im] = cells.row(side, m);
                im.fill(0.0);
                for (re, k) in re.as_chunks_mut().0.iter_mut().zip(&axes[1].k) {
                    let t = L::load(&k.0) + ridge;
                    table.look(along * t * t + rest).store(re);
                }
            }
        }
    }
}

kernel! {
    /// Times the radial transform of light.
    pub(super) fn blur<L>(axes: [&Axis; 2], light: &Light, table: &Table, cells: &mut Cells) {
        let form = Form::new(light, table);
        let along = L::splat(form.along);
        for m in 0..cells.rows {
            let kx = axes[0].frequency(m);
            let rest = L::splat(form.across * kx * kx + OFFSET);
            for (side, sign) in SIDES.into_iter().enumerate() {
                let ridge = L::splat(sign * form.ridge * kx);
                let [re, im] = cells.row(side, m);
                let lanes = re.as_chunks_mut().0.iter_mut().zip(im.as_chunks_mut().0);
                for ((re, im), k) in lanes.zip(&axes[1].k) {
                    let t = L::load(&k.0) + ridge;
                    let f = table.look(along * t * t + rest);
                    (L::load(re) * f).store(re);
                    (L::load(im) * f).store(im);
                }
            }
        }
    }
}

kernel! {
    /// Times another transform on the same lattice, whose cells are as many.
    pub(super) fn multiply(other: &Cells, cells: &mut Cells) {
        for (mine, other) in cells.values.iter_mut().zip(&other.values) {
            let [re, im] = mine;
            for (((re, im), a), b) in re.iter_mut().zip(im).zip(&other[0]).zip(&other[1]) {
                (*re, *im) = (*re * a - *im * b, *re * b + *im * a);
            }
        }
    }
}

/// Cosine and sine of k X along an axis, times the pixel's response where it is `pixel`.
#[derive(Default)]
pub(super) struct Turns {
    cos: Vec<f32>,
    sin: Vec<f32>,
}

impl Turns {
    /// For a centre so far from the frame's, all of it times `scale`.
    pub(super) fn set(&mut self, axis: &Axis, distance: f64, scale: f64, count: usize, pixel: bool) {
        self.cos.clear();
        self.sin.clear();
        rotate(distance, axis.period, count, |n, cos, sin| {
            let response = scale * if pixel { f64::from(axis.sinc[n]) } else { 1.0 };
            self.cos.push((cos * response) as f32);
            self.sin.push((sin * response) as f32);
        });
    }
}

/// Cosine and sine of k x, for an x in pixels and the frequencies of a period in order.
pub(super) fn rotate(x: f64, period: usize, count: usize, mut act: impl FnMut(usize, f64, f64)) {
    // The half step of k repeats after 2 N pixels.
    let turns = x / (2.0 * period as f64);
    let angle = 2.0 * PI * (turns - crate::math::exp::round(turns));
    let ((mut sin, mut cos), (step_sin, step_cos)) = (sin_cos(angle), sin_cos(2.0 * angle));
    for n in 0..count {
        act(n, cos, sin);
        (cos, sin) = (cos * step_cos - sin * step_sin, sin * step_cos + cos * step_sin);
    }
}

kernel! {
    /// Adds the light to the sums.
    pub(super) fn put<L>(axes: [&Axis; 2], turns: &[Turns; 2], cells: &Cells, canvas: &mut Canvas) {
        for m in 0..cells.rows {
            let (at, cos, sin) = folded(m, axes[0].half);
            put_row::<L>(turns, cells, (m, at), [cos, sin], canvas);
        }
    }
}

/// Lanes of a row.
#[inline(always)]
fn lanes<L: Lanes>(row: &[f32], block: usize) -> L {
    L::load(&row.as_chunks().0[block])
}

#[inline(always)]
fn put_row<L: Lanes>(
    turns: &[Turns; 2],
    cells: &Cells,
    (m, at): (usize, usize),
    [cos_sign, sin_sign]: [f32; 2],
    canvas: &mut Canvas,
) {
    let (cos_a, sin_a) = (L::splat(turns[0].cos[m]), L::splat(turns[0].sin[m]));
    let mut steps = Steps::new(canvas, at);
    for c in 0..cells.stride / LANES {
        let block = m * cells.stride / LANES + c;
        let [[pr, pi], [mr, mi]] = &cells.values;
        let (pr, pi, mr, mi): (L, L, L, L) =
            (lanes(pr, block), lanes(pi, block), lanes(mr, block), lanes(mi, block));
        let (cos, sin): (L, L) = (lanes(&turns[1].cos, c), lanes(&turns[1].sin, c));
        let (x, y, u, v) = (cos_a * cos, sin_a * sin, sin_a * cos, cos_a * sin);
        // Cosine and sine of a + b, and of a - b.
        let ((cos_sum, sin_sum), (cos_rest, sin_rest)) = ((x - y, u + v), (x + y, u - v));
        let plus = (pr * cos_sum + pi * sin_sum, pi * cos_sum - pr * sin_sum);
        let minus = (mr * cos_rest + mi * sin_rest, mi * cos_rest - mr * sin_rest);
        let (cell, fresh) = steps.next();
        let (to_cos, to_sin) = (L::splat(steps.sign * cos_sign), L::splat(steps.sign * sin_sign));
        let [cc, ss, cs, sc] = &mut canvas.sums;
        fill::put(&mut cc[cell], to_cos * (plus.0 + minus.0), fresh);
        fill::put(&mut ss[cell], to_sin * (minus.0 - plus.0), fresh);
        fill::put(&mut cs[cell], to_cos * (minus.1 - plus.1), fresh);
        fill::put(&mut sc[cell], to_sin * (L::zero() - (plus.1 + minus.1)), fresh);
    }
    steps.end(canvas, at);
}
