//! How light that goes through a PSF changes, in the space of frequencies.
//!
//! Light of flux f at (X, Y) has the transform f F(u) P(v) w e^(-i (kx X + ky Y)), with the radial
//! transforms F of the object and P of the PSF, u and v their quadratic forms of k, and w the response of
//! a pixel. Its rate along a direction in the space of parameters is
//! [f' F P + f (F_u u' + F_p p') P + f F (P_v v' + P_p p')] w - i (kx X' + ky Y') f F P w
//! before the shift. Of a picture P is a complex function of k ([`super::picture`]). Each row of cells, at (kx, ky) and
//! (kx, -ky), is added to the sums of cosines and sines that `image/fourier/cells.rs` has; the lattice is that of the
//! image (`image/fourier/axis.rs`).

use super::brightness::Brightness;
use super::cells::{Change, Rows, SIGNS, shifted, sinc};
use super::picture::Turned;
use super::radial::Radial;
use super::rate::{Form, Rate};
use super::rim::{Rim, Waves};
use super::sums::{Kernels, along_x, along_y};
use crate::image::fourier::{Light, Picture, Spread, square_width};
use crate::isa::Isa;
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
/// As many cells along an axis: two Nyquist frequencies of the longest period, more of a shorter one.
const MOST: f64 = 4096.0;
/// Steps of the scans for a period and for the last frequency.
const GROWTH: f64 = 1.15;
const SCAN: f64 = 1.03;
/// As many kernels are kept.
const KEPT: usize = 8;

/// Where the sums are made; one for each thread.
#[derive(Default)]
pub(super) struct Lattice {
    object: Radial,
    psf: Radial,
    turned: Turned,
    waves: Waves,
    kernels: Vec<Arc<Kernels>>,
    rows: Rows,
    middle: Vec<f64>,
    quarter: [Vec<f64>; 4],
    accuracy: f64,
}

/// An object, and a part of the PSF that it goes through; what that looks like, if it is a picture. Of a shape the
/// rim is given, and the object is a point in the frame's middle whose light is the shape's intensity.
#[derive(Clone, Copy)]
pub(super) struct Through<'a> {
    pub(super) object: &'a Light,
    pub(super) rim: Option<&'a Rim>,
    pub(super) psf: &'a Light,
    pub(super) picture: Option<&'a Picture>,
}

impl<'a> Through<'a> {
    /// With a point in place of the picture: what a picture does comes on top.
    fn radial(&self, point: &'a Light) -> [&'a Light; 2] {
        [self.object, if self.picture.is_some() { point } else { self.psf }]
    }
}

/// How an object changes, and a part of its PSF, whose flux is its share.
#[derive(Clone, Copy)]
pub(super) struct Direction {
    pub(super) object: Rate,
    pub(super) psf: Rate,
}

impl Lattice {
    /// Adds the rates of a light's pixels, in several directions, to as many planes of `frame` columns
    /// and rows, one after the other. They are about as accurate as an image of this accuracy.
    pub(super) fn add(
        &mut self,
        isa: Isa,
        (frame, accuracy): ([usize; 2], f64),
        through: Through,
        directions: &[Direction],
        planes: &mut [f64],
    ) {
        self.accuracy = accuracy;
        let Some(periods) = periods(frame, &through, COPIES * accuracy) else { return };
        let point = Light { radius: 1.0, spread: Spread::Point, ..*through.psf };
        let [object, psf] = through.radial(&point);
        self.object.set(isa, object.spread);
        self.psf.set(isa, psf.spread);
        let kernels = [0, 1].map(|i| self.kernels(periods[i], frame[i].div_ceil(2)));
        let ends = through.picture.map(|picture| picture.ends(NOTHING * accuracy));
        let most = MOST * 2.0 * PI / periods[0].max(periods[1]) as f64;
        let last = self.last([object, psf], ends).min(most);
        let ends = ends.unwrap_or([last; 2]).map(|end| end.min(last));
        let scale = 2.0 / (periods[0] * periods[1]) as f64;
        let changes: Vec<Change> =
            directions.iter().map(|direction| Change::new(object, psf, direction, scale)).collect();
        let forms = [object, psf].map(|light| Form::square(Form::ellipse(light, &Rate::default())).0);
        let places = [object.centre.0, object.centre.1];
        let shifts = [0, 1].map(|i| places[i] - frame[i].div_ceil(2) as f64);
        self.along(isa, [&kernels[0], &kernels[1]], (&through, forms, shifts), &changes, (last, ends));
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
        (&Through { rim, picture, .. }, forms, shifts): (&Through, [Form; 2], [f64; 2]),
        changes: &[Change],
        (last, ends): (f64, [f64; 2]),
    ) {
        let has_pixel = picture.is_some_and(|picture| picture.has_pixel);
        let (step_x, step_y) = (2.0 * PI / x.period as f64, 2.0 * PI / y.period as f64);
        let sums = 4 * changes.len();
        let kx_count = ((ends[0] / step_x) as usize + 1).min(x.half);
        self.rows.fit(((ends[1] / step_y) as usize + 1, sums), (shifts[1], !has_pixel), y);
        if let Some(picture) = picture {
            self.turned.set(picture, &self.rows.ky);
        }
        if let Some(rim) = rim {
            self.waves.set(rim, &self.rows.ky);
        }
        let room = kx_count * 4 * y.keep;
        self.middle.clear();
        self.middle.resize(changes.len() * room, 0.0);
        let mut out = vec![0.0; sums * y.keep];
        for m in 0..kx_count {
            self.rows.folded.fill(0.0);
            let mut live = 0;
            for (alias, [cos, sin]) in aliases(m, x.half, ends[0] / step_x) {
                let kx = step_x * (alias as f64 + 0.5);
                let count = (((last * last - kx * kx) / (step_y * step_y)).max(0.0).sqrt() as usize + 1)
                    .min(self.rows.ky.len());
                let response = if has_pixel { 1.0 } else { sinc(kx) };
                let shift = shifted(alias, shifts[0], x.period, response);
                self.rows.fill(isa, (kx, count), [&self.object, &self.psf], forms);
                if let Some(picture) = picture {
                    self.rows.picture(isa, (kx, count), (picture, &mut self.turned));
                }
                if let Some(rim) = rim {
                    self.waves.row(isa, rim, kx, count);
                }
                let by = (rim.map(|_| &self.waves), picture.is_some());
                self.rows.turn(isa, (kx, count), shift, changes, by);
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

    /// The last frequency, in any direction, whose cells are not nothing; a picture has ends along the axes.
    fn last(&self, radial: [&Light; 2], ends: Option<[f64; 2]>) -> f64 {
        let [object, psf] = radial.map(|light| light.radius / light.elongation().sqrt());
        let least = NOTHING * self.accuracy;
        let end = ends.map_or_else(|| self.psf.reach(least) / psf, |[x, y]| (x * x + y * y).sqrt());
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

/// Periods, multiples of 4, in which the copies of the light are dark within the frame: unconvolved
/// brightness of both and of what is between, as for the image. None where the light is further away than
/// the longest one; what it would bring into the frame is nothing, or it would not go through the PSF.
fn periods(frame: [usize; 2], through: &Through, least: f64) -> Option<[usize; 2]> {
    let &Through { object, rim, psf, picture } = through;
    let radius = if object.spread == Spread::Point { 0.0 } else { object.radius };
    let peak = 0.1 / (radius * radius + square_of(psf, picture) + 0.3);
    let brightness = [Brightness::new(object.spread), Brightness::of_psf(psf.spread, picture)];
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
        let [low, high] = rim.map_or([0.0; 2], |rim| rim.bounds(i)).map(|from| from + places[i]);
        let weight = rim.map(|rim| weight(rim.size(), peak));
        let copies = |distance: f64| {
            if let Some(weight) = weight {
                return at(1, distance) * weight * peak;
            }
            let between = at(0, 0.5 * distance) * at(1, 0.5 * distance) * (0.25 * distance * distance);
            at(0, distance) + at(1, distance) + between
        };
        let far = if frame[i] as f64 - low > high { frame[i] as f64 - low } else { high };
        if far > LONGEST - 8.0 {
            return None;
        }
        let mut period = far + frame[i] as f64 * 0.5 + 4.0;
        while period < LONGEST && copies(period - far) > least * peak {
            period *= GROWTH;
        }
        found[i] = (period.min(LONGEST) as usize).next_multiple_of(4);
    }
    Some(found)
}

/// What light per pixel of a PSF of this peak counts for at most, far from a shape, beside the shape's own brightness
/// or that of its edge.
fn weight([area, length]: [f64; 2], peak: f64) -> f64 {
    [1.0 / peak, area.abs(), length / peak.sqrt()]
        .into_iter()
        .fold(0.0, |most, x| if x > most { x } else { most })
}

/// The square of the width of a PSF; of a picture that of a Gaussian which is as bright.
fn square_of(psf: &Light, picture: Option<&Picture>) -> f64 {
    psf.radius * psf.radius * picture.map_or(1.0, |picture| square_width(picture.rings[0]))
}
