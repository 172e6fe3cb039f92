//! Cells of the lattice, a row after the other, and their rates (see [`super::lattice`]).

use super::lattice::Direction;
use super::picture::Turned;
use super::radial::{Radial, Sample};
use super::rate::{Form, Rate};
use super::rim::{Parts, Waves};
use super::sums::Kernels;
use crate::image::fourier::{Light, Picture};
use crate::isa::{Isa, kernel};
use crate::math::sin_cos;
use std::f64::consts::PI;

/// A transform at ky and at -ky: real and imaginary parts.
type Both<'a> = [[&'a [f64]; 2]; 2];

/// Signs of cosine and sine in the blocks that fold onto each other.
pub(super) const SIGNS: [[f64; 2]; 4] = [[1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]];

/// Cells of one row, and what of them does not depend on the direction.
#[derive(Default)]
pub(super) struct Rows {
    /// Frequency along y, and the cosine and sine of its shift.
    pub(super) ky: Vec<f64>,
    cos: Vec<f64>,
    sin: Vec<f64>,
    /// For ky and -ky: F, F_u and F_p, with P; F P_v and F P_p.
    parts: [[Vec<f64>; 2]; 5],
    /// For ky and -ky: real and imaginary parts of the transform of a picture.
    picture: [[Vec<f64>; 2]; 2],
    cells: Vec<f64>,
    /// Cells where they fold to: four sums of each direction, each `half` long.
    pub(super) folded: Vec<f64>,
}

/// A direction as cells need it.
#[derive(Clone, Copy)]
pub(super) struct Change {
    flux: f64,
    /// All the light, as it does not change.
    whole: f64,
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
            whole: flux,
            centre: (rate.centre.0 * flux, rate.centre.1 * flux),
            form: times(by(object, rate), flux),
            shape: rate.shape * flux,
            psf_form: times(by(psf, psf_rate), flux),
            psf_shape: psf_rate.shape * flux,
        }
    }
}

impl Rows {
    /// Room for so many cells along y; their shifts, with the pixel's response where it is `pixel`.
    pub(super) fn fit(&mut self, (count, sums): (usize, usize), (distance, pixel): (f64, bool), y: &Kernels) {
        let step = 2.0 * PI / y.period as f64;
        self.ky.clear();
        self.ky.extend((0..count).map(|m| step * (m as f64 + 0.5)));
        let shift =
            |(m, k): (usize, &f64)| shifted(m, distance, y.period, if pixel { sinc(*k) } else { 1.0 });
        (self.cos, self.sin) = self.ky.iter().enumerate().map(shift).unzip();
        let both = self.parts.iter_mut().chain(&mut self.picture).flatten();
        both.for_each(|part| part.resize(count.max(part.len()), 0.0));
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

    /// The transform of a picture, whose frequencies along y were set.
    pub(super) fn picture(&mut self, isa: Isa, (kx, count): (f64, usize), by: (&Picture, &mut Turned)) {
        let out = self.picture.each_mut().map(|side| side.each_mut().map(|part| &mut part[..count]));
        by.1.row(isa, by.0, kx, out);
    }

    /// The cells of a row, by direction; those of a rim, where there is one, times those of the picture, where there
    /// is one.
    pub(super) fn turn(
        &mut self,
        isa: Isa,
        (kx, count): (f64, usize),
        shift: (f64, f64),
        changes: &[Change],
        (rim, pictured): (Option<&Waves>, bool),
    ) {
        let Rows { ky, cos, sin, parts, picture, cells, .. } = self;
        let picture = picture.each_ref().map(|side| side.each_ref().map(|part| &part[..count]));
        let picture = pictured.then_some(picture);
        let parts = parts.each_ref().map(|part| part.each_ref().map(|part| &part[..count]));
        let along = [&ky[..count], &cos[..count], &sin[..count]];
        for (n, (change, cells)) in changes.iter().zip(cells.chunks_exact_mut(4 * count)).enumerate() {
            let rim = rim.map(|waves| [both(&waves.value), both(&waves.moved[n])]);
            turn(isa, kx, shift, along, &parts, (change, rim, picture), cells);
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

fn both(parts: &Parts) -> Both<'_> {
    parts.each_ref().map(|side| side.each_ref().map(|part| &part[..]))
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
        by: (&Change, Option<[Both; 2]>, Option<Both>),
        cells: &mut [f64],
    ) {
        let (change, rim, picture) = by;
        let [ky, cos_b, sin_b] = along;
        let count = ky.len();
        // What the four sums' places hold until the end: real and imaginary parts at ky, and at -ky.
        let (plus, rest) = cells.split_at_mut(count);
        let (plus_i, rest) = rest.split_at_mut(count);
        let (minus, minus_i) = rest.split_at_mut(count);
        amplitudes(kx, ky, parts, change, [plus, minus]);
        match rim {
            Some([[of_plus, of_minus], [plus_moved, minus_moved]]) => {
                enclose(change.whole, [of_plus, plus_moved], parts[0][0], [plus, plus_i]);
                enclose(change.whole, [of_minus, minus_moved], parts[0][1], [minus, minus_i]);
            }
            None => move_centre(kx, ky, &parts[0], change.centre, [plus_i, minus_i]),
        }
        if let Some([to_plus, to_minus]) = picture {
            multiply(to_plus, [plus, plus_i]);
            multiply(to_minus, [minus, minus_i]);
        }
        sums(shift, [cos_b, sin_b], [plus, plus_i, minus, minus_i]);
    }
}

/// The real part of the rates at ky and -ky, term by term: most directions have but one.
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

/// What a moving centre brings.
#[inline(always)]
fn move_centre(kx: f64, ky: &[f64], value: &[&[f64]; 2], centre: (f64, f64), out: [&mut [f64]; 2]) {
    for (side, (out, sign)) in out.into_iter().zip([1.0, -1.0]).enumerate() {
        if centre == (0.0, 0.0) {
            out.fill(0.0);
            continue;
        }
        for ((out, ky), value) in out.iter_mut().zip(ky).zip(value[side]) {
            *out = -(kx * centre.0 + sign * ky * centre.1) * value;
        }
    }
}

/// What is in a rim, where the light of a point would be, and what flows over it.
#[inline(always)]
fn enclose(whole: f64, [value, moved]: [[&[f64]; 2]; 2], blur: &[f64], [re, im]: [&mut [f64]; 2]) {
    for (i, (re, im)) in re.iter_mut().zip(im).enumerate() {
        let flow = whole * blur[i];
        (*re, *im) = (*re * value[0][i] + flow * moved[0][i], *re * value[1][i] + flow * moved[1][i]);
    }
}

/// Times a transform.
#[inline(always)]
fn multiply([re, im]: [&[f64]; 2], [to_re, to_im]: [&mut [f64]; 2]) {
    for (((x, y), a), b) in to_re.iter_mut().zip(to_im).zip(re).zip(im) {
        (*x, *y) = (*x * a - *y * b, *x * b + *y * a);
    }
}

/// The four sums, from the rates turned by the centre's place, in their stead: of `image/fourier/cells.rs`.
#[inline(always)]
fn sums((cos_a, sin_a): (f64, f64), [cos_b, sin_b]: [&[f64]; 2], rates: [&mut [f64]; 4]) {
    let count = cos_b.len();
    let sin_b = &sin_b[..count];
    let [cc, ss, cs, sc] = rates.map(|rates| &mut rates[..count]);
    for i in 0..count {
        let ((re, im), (minus_re, minus_im)) = ((cc[i], ss[i]), (cs[i], sc[i]));
        let (x, y, u, v) = (cos_a * cos_b[i], sin_a * sin_b[i], sin_a * cos_b[i], cos_a * sin_b[i]);
        // Cosine and sine of the sum of both angles, and of their difference.
        let ((cos, sin), (cos_rest, sin_rest)) = ((x - y, u + v), (x + y, u - v));
        let plus = (re * cos + im * sin, im * cos - re * sin);
        let minus = (minus_re * cos_rest + minus_im * sin_rest, minus_im * cos_rest - minus_re * sin_rest);
        (cc[i], ss[i]) = (plus.0 + minus.0, minus.0 - plus.0);
        (cs[i], sc[i]) = (minus.1 - plus.1, -(plus.1 + minus.1));
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
