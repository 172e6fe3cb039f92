//! Pixels of elliptical profiles: I = f(Q), integrated over each pixel.
//!
//! The mean over a unit pixel of a smooth I is, from its derivatives at the pixel's centre,
//! I + (Ixx + Iyy)/24 + (Ixxxx + Iyyyy)/1920 + Ixxyy/576 + terms of the sixth and higher orders.
//! As Q is quadratic, these are polynomials in its gradient times f', f'', ..: one f a pixel.
//! For any straight line the n-th derivative of f(Q) has a bound that falls with Q
//! (`Radial::reach`), so four nested ellipses part the frame: beyond `edge` there is no light;
//! beyond the others the midpoint, the second or the fourth order is within the tolerance;
//! what is left, a few dozen pixels of a star, goes to the rule of [`super::cell`] or, where that
//! does not hold, to the border integrals of [`super::border`].
//!
//! The tolerance of a pixel is [`TOLERANCE`] of the brightest pixel in the frame, as estimated
//! before it is drawn: the worst deviations that the tests see are 5e-6 where the centre is in the
//! frame and 2e-5 where only wings are.

use super::border::{Border, Known};
use super::cell::Rule;
use super::ellipse::Ellipse;
use super::radial::Radial;
use crate::image::grid::Grid;
use crate::math::exp::round;

/// The largest error of a pixel, over the frame's brightest.
pub const TOLERANCE: f64 = 1e-5;
/// Pixels that go through the arithmetic together.
const LANES: usize = 16;
const LANE: [f32; LANES] =
    [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0];

/// What the rows share: coefficients over kappa, for f32 lanes.
struct Frame {
    per_kappa: f64,
    start: f64,
    a: f32,
    b: f32,
    /// Plane values for f = kappa^-beta.
    light: f32,
    /// Coefficients of the second order: 1, |grad Q|^2/4.
    second: [f32; 2],
    /// Of the fourth: 1, p^2, q^2, p q, p^4 + q^4, p^2 q^2.
    fourth: [f32; 6],
}

impl Frame {
    fn new<P: Radial>(profile: P, ellipse: &Ellipse, nearest: f64, flux: f64) -> Frame {
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
struct Row {
    /// The column of least Q, as a whole number and the rest.
    whole: f32,
    rest: f32,
    /// u at the least Q, and e dy over kappa.
    u: f32,
    slope: f32,
}

impl Frame {
    /// Adds the chunks `from..to` of a row by the given order.
    #[inline(always)]
    fn run<P: Radial, const ORDER: usize>(
        &self,
        profile: P,
        row: &Row,
        pixels: &mut [f32],
        from: usize,
        to: usize,
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
}

/// The squared radii of the nested ellipses, from the outer to the inner; negative for none.
struct Zones {
    edge: f64,
    second: f64,
    fourth: f64,
    cells: f64,
}

impl Zones {
    fn new<P: Radial>(profile: P, ellipse: &Ellipse, tolerance: f64) -> Zones {
        let corner = ellipse.corner();
        let [m1, m2, m3] = ellipse.moments();
        let square = |reach: Option<f64>| reach.map_or(-1.0, |r| (r + corner) * (r + corner));
        let zone = |n: i32, k: f64| square(profile.reach(n, k / tolerance));
        let (second, fourth) = (zone(2, m1 / 2.0), zone(4, m2 / 24.0));
        Zones {
            edge: square(Some(profile.edge())),
            // Around the fourth order's zone, however a profile's bounds compare.
            second: if second > fourth { second } else { fourth },
            fourth,
            cells: zone(6, m3 / 720.0),
        }
    }
}

/// Adds a profile to a plane.
#[inline(always)]
pub fn add<P: Radial>(
    grid: &Grid,
    profile: P,
    ellipse: Ellipse,
    flux: f64,
    plane: &mut [f32],
    scratch: &mut Scratch,
) {
    let tolerance = tolerance(grid, profile, &ellipse);
    let zones = Zones::new(profile, &ellipse, tolerance);
    let frame = Frame::new(profile, &ellipse, if zones.cells > 0.0 { zones.cells } else { 0.0 }, flux);
    let rule = Rule::new(profile, &ellipse, tolerance);
    let mut border = Border::new(profile, &ellipse, std::mem::take(&mut scratch.known));
    let columns = grid.columns();
    for (number, pixels) in plane.chunks_exact_mut(columns).enumerate().take(grid.rows()) {
        let dy = number as f64 - ellipse.centre.1;
        let q = ellipse.e * dy * dy;
        if q >= zones.edge {
            continue;
        }
        let middle = ellipse.centre.0 - ellipse.r * dy;
        let span = |square: f64| span(middle, (square - q) / ellipse.a, columns);
        let whole = round(middle);
        let row = Row {
            whole: whole as f32,
            rest: (middle - whole) as f32,
            u: (frame.start + q * frame.per_kappa) as f32,
            slope: (ellipse.e * dy * frame.per_kappa) as f32,
        };
        let steep = span(zones.cells);
        let kept = &mut scratch.kept[..steep.1 - steep.0];
        kept.copy_from_slice(&pixels[steep.0..steep.1]);
        fill(&frame, profile, &row, pixels, [span(zones.edge), span(zones.second), span(zones.fourth)]);
        let mut side = None;
        for (column, kept) in (steep.0..steep.1).zip(kept) {
            let t = column as f64 - middle;
            let light = if ellipse.a * t * t + q >= rule.reach {
                side = None;
                rule.light(t as f32, dy as f32)
            } else {
                let (light, right) = border.light(number, column, side);
                side = Some(right);
                light
            };
            pixels[column] = *kept + (flux * light) as f32;
        }
    }
    scratch.known = border.finish();
}

/// Adds a row, each chunk by the highest order that a pixel in it needs.
#[inline(always)]
fn fill<P: Radial>(frame: &Frame, profile: P, row: &Row, pixels: &mut [f32], spans: [(usize, usize); 3]) {
    let [edge, second, fourth] = spans.map(|(from, to)| (from / LANES, to.div_ceil(LANES)));
    let second = inside(second, edge);
    let fourth = inside(fourth, second);
    frame.run::<P, 0>(profile, row, pixels, edge.0, second.0);
    frame.run::<P, 2>(profile, row, pixels, second.0, fourth.0);
    frame.run::<P, 4>(profile, row, pixels, fourth.0, fourth.1);
    frame.run::<P, 2>(profile, row, pixels, fourth.1, second.1);
    frame.run::<P, 0>(profile, row, pixels, second.1, edge.1);
}

/// An inner range of chunks made part of the outer one, empty at its start if there is none.
#[inline(always)]
fn inside(inner: (usize, usize), outer: (usize, usize)) -> (usize, usize) {
    if inner.0 < inner.1 { (inner.0.max(outer.0), inner.1.min(outer.1)) } else { (outer.1, outer.1) }
}

/// The columns within sqrt(square) of the middle, and perhaps one more.
#[inline(always)]
fn span(middle: f64, square: f64, columns: usize) -> (usize, usize) {
    if square <= 0.0 {
        return (0, 0);
    }
    let half = square.sqrt();
    let (from, to) = (middle - half, middle + half);
    if to < 0.0 {
        return (0, 0);
    }
    // A float becomes an integer within its type's range, from below 0 too.
    ((from as usize).min(columns), (to as usize).saturating_add(1).min(columns))
}

/// [`TOLERANCE`] of the brightest pixel in the frame, in units of f(0).
///
/// Where the centre is out of the frame that is taken to be what the profile has at the
/// nearest corner.
fn tolerance<P: Radial>(grid: &Grid, profile: P, ellipse: &Ellipse) -> f64 {
    let brightest = profile.brightest(ellipse);
    let nearest = profile.at(ellipse.nearest(grid));
    let nearest = if nearest > 1e-12 { nearest } else { 1e-12 };
    TOLERANCE * if brightest < nearest { brightest } else { nearest }
}

/// Room for the engine.
pub struct Scratch {
    known: Known,
    kept: Vec<f32>,
}

impl Scratch {
    /// For planes of this many columns.
    pub fn new(columns: usize) -> Scratch {
        Scratch { known: vec![(0, 0.0); columns], kept: vec![0.0; columns] }
    }

    /// For planes of at least this many columns.
    pub fn fit(&mut self, columns: usize) {
        if self.kept.len() < columns {
            self.kept.resize(columns, 0.0);
            self.known.resize(columns, (0, 0.0));
        }
    }
}
