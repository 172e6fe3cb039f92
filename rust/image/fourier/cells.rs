//! Transforms that are not real and even: their values on the lattice, and how they become light.
//!
//! A cell of one (|kx|, |ky|) holds K+ = K(kx, ky) and K- = K(kx, -ky); the other two are their
//! conjugates. Behind the phases of the centre (X, Y), Z+ = K+ e^(-i(a + b)) and Z- = K- e^(-i(a - b)) with
//! a = kx X and b = ky Y, the sums of the module `fill` are
//! CC = Re Z+ + Re Z-,  SS = Re Z- - Re Z+,  CS = Im Z- - Im Z+,  SC = -(Im Z+ + Im Z-).

use super::axis::Axis;
use super::fill::{Canvas, Form, LANES, fold, folded};
use super::light::Light;
use super::table::{OFFSET, Table, look};
use crate::isa::kernel;
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
    pub(super) fn shine(axes: [&Axis; 2], light: &Light, table: &Table, cells: &mut Cells) {
        let (form, top) = (Form::new(light), table.top as i32);
        for m in 0..cells.rows {
            for (side, sign) in SIDES.into_iter().enumerate() {
                let [re, im] = cells.row(side, m);
                im.fill(0.0);
                for (re, k) in re.chunks_exact_mut(LANES).zip(axes[1].k.chunks_exact(LANES)) {
                    let u = form.squares(axes[0].k[m], k, sign);
                    re.copy_from_slice(&look(&table.entries, top, &u));
                }
            }
        }
    }
}

kernel! {
    /// Times the radial transform of light.
    pub(super) fn blur(axes: [&Axis; 2], light: &Light, table: &Table, cells: &mut Cells) {
        let (form, top) = (Form::new(light), table.top as i32);
        for m in 0..cells.rows {
            for (side, sign) in SIDES.into_iter().enumerate() {
                let [re, im] = cells.row(side, m);
                let lanes = re.chunks_exact_mut(LANES).zip(im.chunks_exact_mut(LANES));
                for ((re, im), k) in lanes.zip(axes[1].k.chunks_exact(LANES)) {
                    let f = look(&table.entries, top, &form.squares(axes[0].k[m], k, sign));
                    for i in 0..LANES {
                        re[i] *= f[i];
                        im[i] *= f[i];
                    }
                }
            }
        }
    }
}

impl Form {
    /// q^2 and the table's offset for lanes of ky of this sign.
    #[inline(always)]
    fn squares(&self, kx: f32, ky: &[f32], sign: f32) -> [f32; LANES] {
        let (ridge, rest) = (sign * self.ridge * kx, self.across * kx * kx + OFFSET);
        let mut u = [0.0; LANES];
        for i in 0..LANES {
            let t = ky[i] + ridge;
            u[i] = self.along * t * t + rest;
        }
        u
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
    pub(super) fn put(axes: [&Axis; 2], turns: &[Turns; 2], cells: &Cells, canvas: &mut Canvas) {
        for m in 0..cells.rows {
            put_row(turns, cells, m, &mut canvas.row);
            let (at, _, cos, sin) = folded(m, axes[0].half);
            fold(canvas, axes[1].half, at, [cos, sin], cells.stride);
            canvas.live[0] = if at + 1 > canvas.live[0] { at + 1 } else { canvas.live[0] };
        }
    }
}

#[inline(always)]
fn put_row(turns: &[Turns; 2], cells: &Cells, m: usize, out: &mut [Vec<f32>; 4]) {
    let (cos_a, sin_a) = (turns[0].cos[m], turns[0].sin[m]);
    let range = m * cells.stride..(m + 1) * cells.stride;
    let [[pr, pi], [mr, mi]] = &cells.values;
    let (pr, pi, mr, mi) = (&pr[range.clone()], &pi[range.clone()], &mr[range.clone()], &mi[range]);
    let [cc, ss, cs, sc] = out;
    let (cos, sin) = (&turns[1].cos[..cells.stride], &turns[1].sin[..cells.stride]);
    let (cc, ss) = (&mut cc[..cells.stride], &mut ss[..cells.stride]);
    let (cs, sc) = (&mut cs[..cells.stride], &mut sc[..cells.stride]);
    for l in 0..cells.stride {
        let (x, y) = (cos_a * cos[l], sin_a * sin[l]);
        let (u, v) = (sin_a * cos[l], cos_a * sin[l]);
        // Cosine and sine of a + b, and of a - b.
        let ((cos_sum, sin_sum), (cos_rest, sin_rest)) = ((x - y, u + v), (x + y, u - v));
        let plus = (pr[l] * cos_sum + pi[l] * sin_sum, pi[l] * cos_sum - pr[l] * sin_sum);
        let minus = (mr[l] * cos_rest + mi[l] * sin_rest, mi[l] * cos_rest - mr[l] * sin_rest);
        cc[l] = plus.0 + minus.0;
        ss[l] = minus.0 - plus.0;
        cs[l] = minus.1 - plus.1;
        sc[l] = -(plus.1 + minus.1);
    }
}
