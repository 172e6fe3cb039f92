//! The light of one object on the lattice.
//!
//! With the centre at (X, Y), a = kx X and b = ky Y, and K real and even before the shift, the
//! four cells of one (|kx|, |ky|) are K+ = K(kx, ky), K- = K(kx, -ky) and their mirror images.
//! With P = K+ + K- and Q = K+ - K-, the image is the sum of CC cos kx x cos ky y + SS sin sin +
//! CS cos sin + SC sin cos, where
//! CC = P cos a cos b - Q sin a sin b,  SS = P sin a sin b - Q cos a cos b,
//! CS = P cos a sin b + Q sin a cos b,  SC = P sin a cos b + Q cos a sin b.

use super::axis::Axis;
use super::light::Light;
use super::table::{OFFSET, Table, look};
use crate::isa::kernel;
use crate::math::sin_cos;
use std::f64::consts::PI;

/// Cells that go through the arithmetic together.
pub(super) const LANES: usize = 16;

/// q^2 = along (ky + ridge kx)^2 + across kx^2: the form without cancellation.
#[derive(Clone, Copy)]
pub(super) struct Form {
    pub(super) along: f32,
    pub(super) across: f32,
    pub(super) ridge: f32,
}

impl Form {
    pub(super) fn new(light: &Light) -> Form {
        let (xx, xy, yy) = light.sheared();
        let square = light.radius * light.radius;
        Form {
            along: (square * yy) as f32,
            across: (square * (xx - xy * (xy / yy))) as f32,
            ridge: (xy / yy) as f32,
        }
    }
}

/// Cosine and sine of k X along an axis, times the pixel's response.
#[derive(Default)]
pub(super) struct Phases {
    cos: Vec<f32>,
    sin: Vec<f32>,
}

impl Phases {
    /// For a centre so far from the frame's, all of it times `scale`. A rotation in f64: after the
    /// longest run it is off by 1e-11.
    pub(super) fn set(&mut self, axis: &Axis, distance: f64, scale: f64, count: usize) {
        // The kernels repeat after 2 N pixels.
        let period = 2.0 * axis.period as f64;
        let turns = distance / period;
        let turns = turns - crate::math::exp::round(turns);
        let angle = 2.0 * PI * turns;
        let ((mut sin, mut cos), (step_sin, step_cos)) = (sin_cos(angle), sin_cos(2.0 * angle));
        (sin, cos) = (sin * scale, cos * scale);
        self.cos.clear();
        self.sin.clear();
        for sinc in &axis.sinc[..count] {
            self.cos.push((cos * f64::from(*sinc)) as f32);
            self.sin.push((sin * f64::from(*sinc)) as f32);
            (cos, sin) = (cos * step_cos - sin * step_sin, sin * step_cos + cos * step_sin);
        }
    }
}

/// What one fill reads.
pub(super) struct Scene<'a> {
    pub(super) axes: [&'a Axis; 2],
    pub(super) phases: [&'a Phases; 2],
    pub(super) object: (&'a Light, &'a Table),
    pub(super) psf: (&'a Light, &'a Table),
    /// Cells under this are left out.
    pub(super) least: f32,
    /// Where the PSF ends along each axis.
    pub(super) ends: [usize; 2],
}

/// The four sums: cos cos, sin sin, cos sin, sin cos, each with a row for each folded kx.
#[derive(Default)]
pub(super) struct Canvas {
    pub(super) sums: [Vec<f32>; 4],
    pub(super) stride: usize,
    /// Rows and columns beyond these are zero.
    pub(super) live: [usize; 2],
    /// One row before it is folded.
    pub(super) row: [Vec<f32>; 4],
}

impl Canvas {
    pub(super) fn clear(&mut self, axes: [&Axis; 2]) {
        self.stride = axes[1].half.next_multiple_of(LANES);
        self.live = [0; 2];
        for sum in &mut self.sums {
            sum.clear();
            sum.resize(axes[0].half * self.stride, 0.0);
        }
        let longest = axes[1].k.len();
        for row in &mut self.row {
            if row.len() < longest {
                row.resize(longest, 0.0);
            }
        }
    }
}

/// Row or column of a cell, and the signs of cosine and sine there.
pub(super) fn folded(m: usize, half: usize) -> (usize, bool, f32, f32) {
    let (block, rest) = (m / half, m % half);
    let mirrored = block % 2 == 1;
    let at = if mirrored { half - 1 - rest } else { rest };
    let [cos, sin] = [[1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]][block % 4];
    (at, mirrored, cos, sin)
}

kernel! {
    /// Adds the light of the scene's object.
    pub(super) fn fill(scene: &Scene, canvas: &mut Canvas) {
        let (object, psf) = (Form::new(scene.object.0), Form::new(scene.psf.0));
        let [x, y] = scene.axes;
        for m in 0..scene.ends[0] {
            let (count, lit) = row(scene, [object, psf], m, &mut canvas.row);
            if !lit {
                break;
            }
            let (at, _, cos, sin) = folded(m, x.half);
            fold(canvas, y.half, at, [cos, sin], count);
            canvas.live[0] = if at + 1 > canvas.live[0] { at + 1 } else { canvas.live[0] };
        }
    }
}

/// One row of cells: how many it has, and whether any is bright enough.
#[inline(always)]
fn row(scene: &Scene, [object, psf]: [Form; 2], m: usize, out: &mut [Vec<f32>; 4]) -> (usize, bool) {
    let ([x, y], [a, b]) = (scene.axes, scene.phases);
    let (kx, cos_a, sin_a) = (x.k[m], a.cos[m], a.sin[m]);
    let (object_ridge, psf_ridge) = (object.ridge * kx, psf.ridge * kx);
    let (object_rest, psf_rest) = (object.across * kx * kx + OFFSET, psf.across * kx * kx + OFFSET);
    let ridge = if object_ridge.abs() > psf_ridge.abs() { object_ridge.abs() } else { psf_ridge.abs() };
    let [cc, ss, cs, sc] = out;
    let (mut lit, mut count) = (false, 0);
    let lanes = (y.k.chunks_exact(LANES).zip(b.cos.chunks_exact(LANES))).zip(b.sin.chunks_exact(LANES));
    let outputs = (cc.chunks_exact_mut(LANES).zip(ss.chunks_exact_mut(LANES)))
        .zip(cs.chunks_exact_mut(LANES).zip(sc.chunks_exact_mut(LANES)));
    let envelope = y.envelope.chunks_exact(LANES);
    for ((((k, cos_b), sin_b), ((cc, ss), (cs, sc))), envelope) in lanes.zip(outputs).zip(envelope) {
        let (mut u, mut v) = ([[0.0; LANES]; 2], [[0.0; LANES]; 2]);
        for i in 0..LANES {
            let (t, s) = (k[i] + object_ridge, k[i] - object_ridge);
            u[0][i] = object.along * t * t + object_rest;
            u[1][i] = object.along * s * s + object_rest;
            let (t, s) = (k[i] + psf_ridge, k[i] - psf_ridge);
            v[0][i] = psf.along * t * t + psf_rest;
            v[1][i] = psf.along * s * s + psf_rest;
        }
        let (table, psf_table) = (scene.object.1, scene.psf.1);
        let (top, psf_top) = (table.top as i32, psf_table.top as i32);
        let f = look(&table.entries, top, &u[0]);
        let p = look(&psf_table.entries, psf_top, &v[0]);
        // Without a ridge, as in a round PSF, both are the same.
        let g = if object.ridge == 0.0 { f } else { look(&table.entries, top, &u[1]) };
        let r = if psf.ridge == 0.0 { p } else { look(&psf_table.entries, psf_top, &v[1]) };
        let mut most = [0.0_f32; LANES];
        for i in 0..LANES {
            let (plus, minus) = (f[i] * p[i], g[i] * r[i]);
            let (sum, rest) = (plus + minus, plus - minus);
            let (sum_cos, sum_sin) = (sum * cos_b[i], sum * sin_b[i]);
            let (rest_cos, rest_sin) = (rest * cos_b[i], rest * sin_b[i]);
            cc[i] = sum_cos * cos_a - rest_sin * sin_a;
            ss[i] = sum_sin * sin_a - rest_cos * cos_a;
            cs[i] = sum_sin * cos_a + rest_cos * sin_a;
            sc[i] = sum_cos * sin_a + rest_sin * cos_a;
            most[i] = if plus.abs() > minus.abs() { plus.abs() } else { minus.abs() };
        }
        count += LANES;
        let most = most.into_iter().fold(0.0_f32, |most, k| if k > most { k } else { most });
        let bright = most * envelope[0] * x.envelope[m] >= scene.least;
        lit |= bright;
        if (!bright & (k[LANES - 1] > ridge)) | (count >= scene.ends[1]) {
            break;
        }
    }
    (count, lit)
}

/// Adds a row to where it folds to.
#[inline(always)]
pub(super) fn fold(canvas: &mut Canvas, half: usize, at: usize, [cos, sin]: [f32; 2], count: usize) {
    let begin = at * canvas.stride;
    let mut from = 0;
    while from < count {
        let (_, mirrored, cos_y, sin_y) = folded(from, half);
        let length = if count - from < half { count - from } else { half };
        let signs = [cos * cos_y, sin * sin_y, cos * sin_y, sin * cos_y];
        for ((sum, row), sign) in canvas.sums.iter_mut().zip(&canvas.row).zip(signs) {
            let row = &row[from..from + length];
            if mirrored {
                let sum = &mut sum[begin + half - length..begin + half];
                sum.iter_mut().rev().zip(row).for_each(|(sum, cell)| *sum += sign * cell);
            } else {
                let sum = &mut sum[begin..begin + length];
                sum.iter_mut().zip(row).for_each(|(sum, cell)| *sum += sign * cell);
            }
        }
        let reach = if mirrored { half } else { length };
        canvas.live[1] = if reach > canvas.live[1] { reach } else { canvas.live[1] };
        from += length;
    }
}
