//! Cells of the lattice, a row after the other, and their rates (see [`super::lattice`]).

use super::lattice::Direction;
use super::radial::{Radial, Sample};
use super::rate::{Form, Rate};
use super::sums::Kernels;
use crate::image::fourier::Light;
use crate::isa::{Isa, kernel};
use crate::math::sin_cos;
use std::f64::consts::PI;

/// Signs of cosine and sine in the blocks that fold onto each other.
pub(super) const SIGNS: [[f64; 2]; 4] = [[1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]];

/// Cells of one row, and what of them does not depend on the direction.
#[derive(Default)]
pub(super) struct Rows {
    /// Frequency along y, and the cosine and sine of its shift.
    pub(super) ky: Vec<f64>,
    cos: Vec<f64>,
    sin: Vec<f64>,
    /// For ky and -ky: F, F_u and F_p, with P and w; F P_v and F P_p with w.
    parts: [[Vec<f64>; 2]; 5],
    cells: Vec<f64>,
    /// Cells where they fold to: four sums of each direction, each `half` long.
    pub(super) folded: Vec<f64>,
}

/// A direction as cells need it.
#[derive(Clone, Copy)]
pub(super) struct Change {
    flux: f64,
    centre: (f64, f64),
    form: Form,
    shape: f64,
    psf_form: Form,
    psf_shape: f64,
}

impl Change {
    pub(super) fn new(object: &Light, psf: &Light, direction: &Direction, scale: f64) -> Change {
        let by = |light: &Light, rate: &Rate| Form::square(Form::ellipse(light, rate)).1;
        let times = |form: Form, by: f64| Form { xx: form.xx * by, xy: form.xy * by, yy: form.yy * by };
        let flux = object.flux * psf.flux * scale;
        let (rate, psf_rate) = (&direction.object, &direction.psf);
        Change {
            flux: (rate.flux * psf.flux + object.flux * psf_rate.flux) * scale,
            centre: (rate.centre.0 * flux, rate.centre.1 * flux),
            form: times(by(object, rate), flux),
            shape: rate.shape * flux,
            psf_form: times(by(psf, psf_rate), flux),
            psf_shape: psf_rate.shape * flux,
        }
    }
}

impl Rows {
    /// Room for so many cells along y; their shifts.
    pub(super) fn fit(&mut self, count: usize, distance: f64, y: &Kernels, sums: usize) {
        let step = 2.0 * PI / y.period as f64;
        self.ky.clear();
        self.ky.extend((0..count).map(|m| step * (m as f64 + 0.5)));
        let shift = |(m, k): (usize, &f64)| shifted(m, distance, y.period, sinc(*k));
        (self.cos, self.sin) = self.ky.iter().enumerate().map(shift).unzip();
        self.parts.iter_mut().flatten().for_each(|part| part.resize(count.max(part.len()), 0.0));
        self.cells.resize(sums * count, 0.0);
        self.folded.resize(sums * y.half, 0.0);
    }

    /// The parts of a row.
    pub(super) fn fill(
        &mut self,
        isa: Isa,
        (kx, count): (f64, usize),
        tables: [&Radial; 2],
        forms: [Form; 2],
    ) {
        let Rows { ky, parts, .. } = self;
        for (sign, side) in [1.0, -1.0].into_iter().enumerate() {
            let mut parts = parts.each_mut().map(|part| &mut part[sign][..count]);
            fill(isa, kx * side, &ky[..count], tables, forms, &mut parts);
        }
    }

    /// The cells of a row, by direction.
    pub(super) fn turn(
        &mut self,
        isa: Isa,
        (kx, count): (f64, usize),
        shift: (f64, f64),
        changes: &[Change],
    ) {
        let Rows { ky, cos, sin, parts, cells, .. } = self;
        let parts = parts.each_ref().map(|part| part.each_ref().map(|part| &part[..count]));
        let along = [&ky[..count], &cos[..count], &sin[..count]];
        for (change, cells) in changes.iter().zip(cells.chunks_exact_mut(4 * count)) {
            turn(isa, kx, shift, along, &parts, change, cells);
        }
    }

    /// Adds the cells of a row to where they fold to.
    pub(super) fn fold(&mut self, count: usize, half: usize, [cos_x, sin_x]: [f64; 2]) {
        let rows = self.cells.chunks_exact(count).zip(self.folded.chunks_exact_mut(half));
        for (n, (cells, folded)) in rows.enumerate() {
            let (is_sine_x, is_sine_y) = ([1, 3].contains(&(n % 4)), [1, 2].contains(&(n % 4)));
            for (block, cells) in cells.chunks(half).enumerate() {
                let signs = SIGNS[block % 4];
                let sign = [cos_x, sin_x][usize::from(is_sine_x)] * signs[usize::from(is_sine_y)];
                for (i, cell) in cells.iter().enumerate() {
                    folded[if block % 2 == 0 { i } else { half - 1 - i }] += sign * cell;
                }
            }
        }
    }
}

kernel! {
    fn fill(kx: f64, ky: &[f64], tables: [&Radial; 2], forms: [Form; 2], parts: &mut [&mut [f64]; 5]) {
        let [value, slope, shape, psf_slope, psf_shape] = parts;
        for (i, &ky) in ky.iter().enumerate() {
            let f: Sample = tables[0].at(forms[0].of(kx, ky));
            let p: Sample = tables[1].at(forms[1].of(kx, ky));
            value[i] = f.value * p.value;
            slope[i] = f.slope * p.value;
            shape[i] = f.shape * p.value;
            psf_slope[i] = f.value * p.slope;
            psf_shape[i] = f.value * p.shape;
        }
    }
}

kernel! {
    /// The four sums' cells of one direction, turned to the frame's middle.
    fn turn(
        kx: f64,
        shift: (f64, f64),
        along: [&[f64]; 3],
        parts: &[[&[f64]; 2]; 5],
        change: &Change,
        cells: &mut [f64],
    ) {
        let [ky, cos_b, sin_b] = along;
        let count = ky.len();
        let (cc, rest) = cells.split_at_mut(count);
        let (ss, rest) = rest.split_at_mut(count);
        let (cs, sc) = rest.split_at_mut(count);
        // What the other two sums' places hold until the end: the amplitudes at ky and -ky.
        amplitudes(kx, ky, parts, change, [cc, ss]);
        even(shift, [cos_b, sin_b], [cc, ss, cs, sc]);
        if change.centre != (0.0, 0.0) {
            odd((kx, shift), along, &parts[0], change.centre, [cc, ss, cs, sc]);
        }
    }
}

/// The first part of the rates at ky and -ky, term by term: most directions have but one.
#[inline(always)]
fn amplitudes(kx: f64, ky: &[f64], parts: &[[&[f64]; 2]; 5], change: &Change, out: [&mut [f64]; 2]) {
    let [value, slope, shape, psf_slope, psf_shape] = parts;
    for (side, (out, kx)) in out.into_iter().zip([kx, -kx]).enumerate() {
        out.fill(0.0);
        for (factor, part) in [(change.flux, value), (change.shape, shape), (change.psf_shape, psf_shape)] {
            if factor != 0.0 {
                out.iter_mut().zip(part[side]).for_each(|(out, part)| *out += factor * part);
            }
        }
        for (form, part) in [(change.form, slope), (change.psf_form, psf_slope)] {
            if form != Form::default() {
                let all = out.iter_mut().zip(ky).zip(part[side]);
                all.for_each(|((out, ky), part)| *out += form.of(kx, *ky) * part);
            }
        }
    }
}

/// The sums of amplitudes, which are in the first two and are replaced.
#[inline(always)]
fn even((cos_a, sin_a): (f64, f64), [cos_b, sin_b]: [&[f64]; 2], [cc, ss, cs, sc]: [&mut [f64]; 4]) {
    let count = cos_b.len();
    let (sin_b, cc, ss, cs, sc) =
        (&sin_b[..count], &mut cc[..count], &mut ss[..count], &mut cs[..count], &mut sc[..count]);
    for i in 0..count {
        let (c, s) = (cc[i] + ss[i], ss[i] - cc[i]);
        let (by_cos, by_sin) = ((c * cos_a, s * cos_a), (c * sin_a, s * sin_a));
        cc[i] = by_cos.0 * cos_b[i] + by_sin.1 * sin_b[i];
        ss[i] = by_sin.0 * sin_b[i] + by_cos.1 * cos_b[i];
        cs[i] = by_cos.0 * sin_b[i] - by_sin.1 * cos_b[i];
        sc[i] = by_sin.0 * cos_b[i] - by_cos.1 * sin_b[i];
    }
}

/// Adds what a moving centre brings.
#[inline(always)]
fn odd(
    (kx, (cos_a, sin_a)): (f64, (f64, f64)),
    [ky, cos_b, sin_b]: [&[f64]; 3],
    value: &[&[f64]; 2],
    centre: (f64, f64),
    [cc, ss, cs, sc]: [&mut [f64]; 4],
) {
    for i in 0..ky.len() {
        let (x, y) = (kx * centre.0, ky[i] * centre.1);
        let (plus, minus) = ((x + y) * value[0][i], (x - y) * value[1][i]);
        let (t, u) = (plus + minus, plus - minus);
        let (cos_cos, sin_sin) = (cos_a * cos_b[i], sin_a * sin_b[i]);
        let (cos_sin, sin_cos) = (cos_a * sin_b[i], sin_a * cos_b[i]);
        cc[i] -= t * sin_cos + u * cos_sin;
        ss[i] += t * cos_sin + u * sin_cos;
        cs[i] += u * cos_cos - t * sin_sin;
        sc[i] += t * cos_cos - u * sin_sin;
    }
}

/// Cosine and sine of the shift of cell m, times a factor.
pub(super) fn shifted(m: usize, distance: f64, period: usize, factor: f64) -> (f64, f64) {
    let turns = (2 * m + 1) as f64 * (distance / (2 * period) as f64);
    let (sin, cos) = sin_cos(2.0 * PI * (turns - crate::math::exp::round(turns)));
    (cos * factor, sin * factor)
}

/// A pixel's response.
pub(super) fn sinc(k: f64) -> f64 {
    sin_cos(0.5 * k).0 / (0.5 * k)
}
