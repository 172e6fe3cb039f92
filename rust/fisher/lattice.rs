//! How light that goes through a PSF changes, in the space of frequencies.
//!
//! Light of flux f at (X, Y) has the transform f F(u) P(v) w e^(-i (kx X + ky Y)), with the radial
//! transforms F of the object and P of the PSF, u and v their quadratic forms of k, and w the response of
//! a pixel. Its rate along a direction in the space of parameters is
//! [f' F P + f (F_u u' + F_p p') P + f F (P_v v' + P_p p')] w - i (kx X' + ky Y') f F P w
//! before the shift. With A the first part at (kx, ky) and (kx, -ky), C the second, and C cos, S sin of
//! kx (x - X) and ky (y - Y), the image is the sum of (A+ + A-) C C - (A+ - A-) S S +
//! (C+ + C-) S C + (C+ - C-) C S over kx, ky > 0. The lattice is that of the image (`image/fourier/axis.rs`).

use super::radial::{Radial, Sample};
use super::rate::{Form, Rate};
use super::sums::{Kernels, along_x, along_y};
use crate::image::fourier::{Light, Spread};
use crate::isa::{Isa, kernel};
use crate::math::sin_cos;
use std::f64::consts::PI;
use std::sync::Arc;

/// Cells under this are left out, over the accuracy that is asked for.
const NOTHING: f64 = 1e-3;
/// How bright copies of the light may be, over its peak and the accuracy; those of its rates, which fall less
/// steeply, are up to 50 times as bright.
const COPIES: f64 = 0.03;
/// The longest period.
const LONGEST: f64 = 4096.0;
/// Frequencies beyond this, in radians per pixel, are left out.
const LAST: f64 = 100.0;
/// Steps of the scans for a period and for the last frequency.
const GROWTH: f64 = 1.15;
const SCAN: f64 = 1.03;
/// As many kernels are kept.
const KEPT: usize = 8;
/// Signs of cosine and sine in the blocks that fold onto each other.
const SIGNS: [[f64; 2]; 4] = [[1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]];

/// Where the sums are made; one for each thread.
#[derive(Default)]
pub(super) struct Lattice {
    object: Radial,
    psf: Radial,
    kernels: Vec<Arc<Kernels>>,
    rows: Rows,
    middle: Vec<f64>,
    quarter: [Vec<f64>; 4],
    accuracy: f64,
}

/// Cells of one row, and what of them does not depend on the direction.
#[derive(Default)]
struct Rows {
    /// Frequency along y, and the cosine and sine of its shift.
    ky: Vec<f64>,
    cos: Vec<f64>,
    sin: Vec<f64>,
    /// For ky and -ky: F, F_u and F_p, with P and w; F P_v and F P_p with w.
    parts: [[Vec<f64>; 2]; 5],
    cells: Vec<f64>,
    /// Cells where they fold to: four sums of each direction, each `half` long.
    folded: Vec<f64>,
}

/// How an object changes, and a part of its PSF, whose flux is its share.
#[derive(Clone, Copy)]
pub(super) struct Direction {
    pub(super) object: Rate,
    pub(super) psf: Rate,
}

/// A direction as cells need it.
#[derive(Clone, Copy)]
struct Change {
    flux: f64,
    centre: (f64, f64),
    form: Form,
    shape: f64,
    psf_form: Form,
    psf_shape: f64,
}

impl Change {
    fn new(object: &Light, psf: &Light, direction: &Direction, scale: f64) -> Change {
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

impl Lattice {
    /// Adds the rates of a light's pixels, in several directions, to as many planes of `frame` columns
    /// and rows, one after the other. They are about as accurate as an image of this accuracy.
    pub(super) fn add(
        &mut self,
        isa: Isa,
        (frame, accuracy): ([usize; 2], f64),
        (object, psf): (&Light, &Light),
        directions: &[Direction],
        planes: &mut [f64],
    ) {
        self.accuracy = accuracy;
        self.object.set(isa, object.spread);
        self.psf.set(isa, psf.spread);
        let periods = periods(frame, object, psf, COPIES * accuracy);
        let kernels = [0, 1].map(|i| self.kernels(periods[i], frame[i].div_ceil(2)));
        let last = self.last(object, psf);
        let scale = 2.0 / (periods[0] * periods[1]) as f64;
        let changes: Vec<Change> =
            directions.iter().map(|direction| Change::new(object, psf, direction, scale)).collect();
        let forms = [object, psf].map(|light| Form::square(Form::ellipse(light, &Rate::default())).0);
        self.along(isa, [&kernels[0], &kernels[1]], (object, forms), &changes, (frame, last));
        let sums = self.middle.len() / changes.len().max(1);
        let pixels = frame[0] * frame[1];
        for (middle, plane) in self.middle.chunks_exact(sums).zip(planes.chunks_exact_mut(pixels)) {
            along_x(isa, &kernels[0], middle, [frame[1], frame[0]], &mut self.quarter, plane);
        }
    }

    /// All cells, summed along y.
    fn along(
        &mut self,
        isa: Isa,
        [x, y]: [&Kernels; 2],
        (object, forms): (&Light, [Form; 2]),
        changes: &[Change],
        (frame, last): ([usize; 2], f64),
    ) {
        let places = [object.centre.0, object.centre.1];
        let shifts = [0, 1].map(|i| places[i] - frame[i].div_ceil(2) as f64);
        let (step_x, step_y) = (2.0 * PI / x.period as f64, 2.0 * PI / y.period as f64);
        let sums = 4 * changes.len();
        let kx_count = ((last / step_x) as usize + 1).min(x.half);
        self.rows.fit((last / step_y) as usize + 1, shifts[1], y, sums);
        let room = kx_count * 4 * y.keep;
        self.middle.clear();
        self.middle.resize(changes.len() * room, 0.0);
        let mut out = vec![0.0; sums * y.keep];
        for m in 0..kx_count {
            self.rows.folded.fill(0.0);
            let mut live = 0;
            for (alias, [cos, sin]) in aliases(m, x.half, last / step_x) {
                let kx = step_x * (alias as f64 + 0.5);
                let count = (((last * last - kx * kx) / (step_y * step_y)).max(0.0).sqrt() as usize + 1)
                    .min(self.rows.ky.len());
                let shift = shifted(alias, shifts[0], x.period, sinc(kx));
                self.rows.fill(isa, (kx, count), [&self.object, &self.psf], forms);
                self.rows.turn(isa, (kx, count), shift, changes);
                self.rows.fold(count, y.half, [cos, sin]);
                live = live.max(count.min(y.half));
            }
            along_y(isa, y, &self.rows.folded, y.half, live, &mut out);
            for (n, values) in out.chunks_exact(4 * y.keep).enumerate() {
                self.middle[n * room + m * values.len()..][..values.len()].copy_from_slice(values);
            }
        }
    }

    fn kernels(&mut self, period: usize, keep: usize) -> Arc<Kernels> {
        let is = |kernels: &&Arc<Kernels>| kernels.period == period && kernels.keep == keep;
        if let Some(found) = self.kernels.iter().find(is) {
            return found.clone();
        }
        if self.kernels.len() == KEPT {
            self.kernels.clear();
        }
        let made = Arc::new(Kernels::new(period, keep));
        self.kernels.push(made.clone());
        made
    }

    /// The last frequency, in any direction, whose cells are not nothing.
    fn last(&self, object: &Light, psf: &Light) -> f64 {
        let thin = |light: &Light| light.radius / light.elongation().sqrt();
        let (object, psf) = (thin(object), thin(psf));
        let least = NOTHING * self.accuracy;
        let end = self.psf.reach(least) / psf;
        let mut k = if end < LAST { end } else { LAST };
        let bright = |k: f64| {
            let (f, p) = (self.object.at(k * k * object * object), self.psf.at(k * k * psf * psf));
            f.value.abs() * p.value.abs() > least
        };
        while k > 1e-3 && !bright(k) && !bright(k / SCAN) {
            k /= SCAN;
        }
        k
    }
}

/// The cells that fold to one, with the signs of cosine and sine there.
fn aliases(m: usize, half: usize, last: f64) -> impl Iterator<Item = (usize, [f64; 2])> {
    let all = (0..).map(move |block| {
        let alias = if block % 2 == 0 { block * half + m } else { (block + 1) * half - 1 - m };
        (alias, SIGNS[block % 4])
    });
    all.take_while(move |(alias, _)| *alias as f64 <= last)
}

/// Cosine and sine of the shift of cell m, times a factor.
fn shifted(m: usize, distance: f64, period: usize, factor: f64) -> (f64, f64) {
    let turns = (2 * m + 1) as f64 * (distance / (2 * period) as f64);
    let (sin, cos) = sin_cos(2.0 * PI * (turns - crate::math::exp::round(turns)));
    (cos * factor, sin * factor)
}

/// A pixel's response.
fn sinc(k: f64) -> f64 {
    sin_cos(0.5 * k).0 / (0.5 * k)
}

/// Periods, multiples of 4, in which the copies of the light are dark within the frame: unconvolved
/// brightness of both and of what is between, as for the image.
fn periods(frame: [usize; 2], object: &Light, psf: &Light, least: f64) -> [usize; 2] {
    let radius = if object.spread == Spread::Point { 0.0 } else { object.radius };
    let size = radius * radius + psf.radius * psf.radius + 0.3;
    let peak = 0.1 / size;
    let brightness = [object, psf].map(|light| light.spread.brightness());
    let places = [object.centre.0, object.centre.1];
    let mut found = [0; 2];
    for i in [0, 1] {
        let widths = [object, psf].map(|light| {
            let (xx, _, yy) = light.sheared();
            light.radius * [xx, yy][i].sqrt()
        });
        let at = |n: usize, distance: f64| {
            let radius = [object, psf][n].radius;
            brightness[n].at(distance / widths[n]) / (radius * radius)
        };
        let copies = |distance: f64| {
            let between = at(0, 0.5 * distance) * at(1, 0.5 * distance) * (0.25 * distance * distance);
            at(0, distance) + at(1, distance) + between
        };
        let far = (places[i] - 0.5 * frame[i] as f64).abs() + 0.5 * frame[i] as f64;
        let mut period = far + frame[i] as f64 * 0.5 + 4.0;
        while period < LONGEST && copies(period - far) > least * peak {
            period *= GROWTH;
        }
        found[i] = (period.min(LONGEST) as usize).next_multiple_of(4);
    }
    found
}

impl Rows {
    /// Room for so many cells along y; their shifts.
    fn fit(&mut self, count: usize, distance: f64, y: &Kernels, sums: usize) {
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
    fn fill(&mut self, isa: Isa, (kx, count): (f64, usize), tables: [&Radial; 2], forms: [Form; 2]) {
        let Rows { ky, parts, .. } = self;
        for (sign, side) in [1.0, -1.0].into_iter().enumerate() {
            let mut parts = parts.each_mut().map(|part| &mut part[sign][..count]);
            fill(isa, kx * side, &ky[..count], tables, forms, &mut parts);
        }
    }

    /// The cells of a row, by direction.
    fn turn(&mut self, isa: Isa, (kx, count): (f64, usize), shift: (f64, f64), changes: &[Change]) {
        let Rows { ky, cos, sin, parts, cells, .. } = self;
        let parts = parts.each_ref().map(|part| part.each_ref().map(|part| &part[..count]));
        let along = [&ky[..count], &cos[..count], &sin[..count]];
        for (change, cells) in changes.iter().zip(cells.chunks_exact_mut(4 * count)) {
            turn(isa, kx, shift, along, &parts, change, cells);
        }
    }

    /// Adds the cells of a row to where they fold to.
    fn fold(&mut self, count: usize, half: usize, [cos_x, sin_x]: [f64; 2]) {
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
