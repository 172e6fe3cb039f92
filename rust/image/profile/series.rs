//! The series about the pixels' centres, row by row: see [`super::pixel`].

use super::ellipse::Ellipse;
use super::radial::Radial;
use super::wings::Wings;
use crate::lanes::Lanes;
use crate::math::exp::round;

/// Pixels that go through the arithmetic together.
pub const LANES: usize = 16;
pub const LANE: [f32; LANES] =
    [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0];

/// What the rows share: coefficients over kappa, for f32 lanes.
pub struct Frame {
    /// u = start + Q per_kappa.
    pub per_kappa: f64,
    pub start: f64,
    /// The ellipse's, over kappa.
    pub a: f32,
    pub b: f32,
    /// Plane values for f = kappa^-beta.
    pub light: f32,
    /// Coefficients of the second order: 1, |grad Q|^2/4.
    second: [f32; 2],
    /// Of the fourth: 1, p^2, q^2, p q, p^4 + q^4, p^2 q^2.
    fourth: [f32; 6],
}

impl Frame {
    pub fn new<P: Radial>(profile: P, ellipse: &Ellipse, nearest: f64, flux: f64) -> Frame {
        let kappa = profile.scale(nearest);
        let (a, b, d) = (ellipse.a / kappa, ellipse.b / kappa, ellipse.d / kappa);
        let [c1, c2, c3, c4] = profile.coefficients();
        let second = [c1 * (a + d) / 12.0, c2 / 6.0];
        let fourth = [
            c2 * ((a * a + d * d) / 160.0 + (a * d + 2.0 * b * b) / 144.0),
            c3 * (a / 40.0 + d / 72.0),
            c3 * (d / 40.0 + a / 72.0),
            c3 * b / 18.0,
            c4 / 120.0,
            c4 / 36.0,
        ];
        let bright = profile.brightness(kappa) * ellipse.root;
        // Pixels of the series are at least a pixel's corner from the centre of what is so small,
        // and dark; the cap keeps their products finite.
        let light = flux * if bright < 1e6 { bright } else { 1e6 };
        Frame {
            per_kappa: 1.0 / kappa,
            start: profile.start(kappa),
            a: a as f32,
            b: b as f32,
            light: light as f32,
            second: second.map(|c| c as f32),
            fourth: fourth.map(|c| c as f32),
        }
    }
}

/// One row's own numbers.
#[derive(Clone, Copy, Default)]
pub struct Row {
    /// The column of least Q, as a whole number and the rest.
    pub whole: f32,
    pub rest: f32,
    /// u at the least Q, and e dy over kappa.
    pub u: f32,
    pub slope: f32,
}

impl Frame {
    /// The row `dy` above the centre, whose least Q is at the column `middle`.
    #[inline(always)]
    pub fn row(&self, ellipse: &Ellipse, middle: f64, dy: f64) -> Row {
        let whole = round(middle);
        Row {
            whole: whole as f32,
            rest: (middle - whole) as f32,
            u: (self.start + ellipse.e * dy * dy * self.per_kappa) as f32,
            slope: (ellipse.e * dy * self.per_kappa) as f32,
        }
    }

    /// A pixel's mean to the second order is the first of these at its u and p^2 + q^2 times the
    /// other.
    #[inline(always)]
    pub fn radial<P: Radial>(&self, profile: P, u: f32) -> (f32, f32) {
        let (f, w, [k1, k2, ..]) = profile.bends(u);
        let steep = f * w;
        (f + steep * (k1 * self.second[0]), steep * (w * (k2 * self.second[1])))
    }

    /// Adds the chunks `from..to` of a row by the given order.
    #[inline(always)]
    fn run<P: Radial, const ORDER: usize>(
        &self,
        profile: P,
        row: &Row,
        pixels: &mut [f32],
        (from, to): (usize, usize),
    ) {
        let end = (to * LANES).min(pixels.len());
        let mut column = from * LANES;
        // Counted in f32: a conversion from an integer in this loop waits for the register it
        // goes to, and so each chunk for the one before (12.6 us a frame by AVX2, now 10.2).
        let mut first = column as i32 as f32 - row.whole;
        while column + LANES <= end {
            let values = self.chunk::<P, ORDER>(profile, row, first);
            for (pixel, value) in pixels[column..column + LANES].iter_mut().zip(values) {
                *pixel += value;
            }
            column += LANES;
            first += LANES as f32;
        }
        if column < end {
            let values = self.chunk::<P, ORDER>(profile, row, first);
            for (pixel, value) in pixels[column..end].iter_mut().zip(values) {
                *pixel += value;
            }
        }
    }

    #[inline(always)]
    fn chunk<P: Radial, const ORDER: usize>(&self, profile: P, row: &Row, first: f32) -> [f32; LANES] {
        let mut values = [0.0_f32; LANES];
        for (lane, value) in values.iter_mut().enumerate() {
            let t = (first + LANE[lane]) - row.rest;
            *value = self.light * self.mean::<P, ORDER>(profile, row, t);
        }
        values
    }

    /// The mean of f over a pixel, t columns from the row's least Q.
    #[inline(always)]
    fn mean<P: Radial, const ORDER: usize>(&self, profile: P, row: &Row, t: f32) -> f32 {
        let p = self.a * t;
        if ORDER == 0 {
            return profile.lane(p * t + row.u).0;
        }
        let (f, w, [k1, k2, k3, k4]) = profile.bends(p * t + row.u);
        let q = self.b * t + row.slope;
        let (x, y, z) = (w * p * p, w * q * q, w * p * q);
        let second = k1 * self.second[0] + k2 * (self.second[1] * (x + y));
        if ORDER == 2 {
            return f + f * (w * second);
        }
        let [c, cx, cy, cz, c4, c22] = self.fourth;
        let fourth =
            ((k2 * c + k3 * (cx * x)) + k3 * (cy * y + cz * z)) + k4 * (c4 * (x * x + y * y) + c22 * (x * y));
        f + f * (w * (second + w * fourth))
    }

    /// Adds a row, each chunk by the highest order that a pixel in it needs.
    ///
    /// `spans` are the columns with light, and those that the midpoint and the second order do
    /// not do for.
    #[inline(always)]
    pub fn fill<P: Radial>(&self, profile: P, row: &Row, pixels: &mut [f32], spans: [(usize, usize); 3]) {
        let edge = chunks(spans[0]);
        let second = inside(chunks(spans[1]), edge);
        let fourth = inside(chunks(spans[2]), second);
        self.run::<P, 0>(profile, row, pixels, (edge.0, second.0));
        self.run::<P, 2>(profile, row, pixels, (second.0, fourth.0));
        self.run::<P, 4>(profile, row, pixels, fourth);
        self.run::<P, 2>(profile, row, pixels, (fourth.1, second.1));
        self.run::<P, 0>(profile, row, pixels, (second.1, edge.1));
    }

    /// Adds a row, by the wings but for the columns `spans[1]` of those with light, `spans[0]`.
    ///
    /// Few and long runs: where a loop ends the processor guesses wrong, which costs as much as
    /// the second order of some chunks.
    #[inline(always)]
    pub fn wing<P: Radial, L: Lanes>(
        &self,
        profile: P,
        wings: &Wings,
        row: &Row,
        pixels: &mut [f32],
        (spans, bent): ([(usize, usize); 2], bool),
    ) {
        let edge = chunks(spans[0]);
        if !bent {
            wings.run::<L, false>(row, pixels, edge);
            return;
        }
        let near = inside(chunks(spans[1]), edge);
        wings.run::<L, true>(row, pixels, (edge.0, near.0));
        self.run::<P, 4>(profile, row, pixels, near);
        wings.run::<L, true>(row, pixels, (near.1, edge.1));
    }
}

/// The chunks that columns are in.
#[inline(always)]
fn chunks((from, to): (usize, usize)) -> (usize, usize) {
    (from / LANES, to.div_ceil(LANES))
}

/// An inner range of chunks made part of the outer one, empty at its start if there is none.
#[inline(always)]
fn inside(inner: (usize, usize), outer: (usize, usize)) -> (usize, usize) {
    if inner.0 < inner.1 { (inner.0.max(outer.0), inner.1.min(outer.1)) } else { (outer.1, outer.1) }
}
