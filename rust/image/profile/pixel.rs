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
//! before it is drawn: the worst deviations that the tests see are 2e-5.
//!
//! Where the second order does, profiles that are costly to evaluate are polynomials of Q instead:
//! [`super::wings`]. Round ones are that nearly everywhere: [`super::disc`].

use super::border::{Border, Known};
use super::cell::Rule;
use super::disc::{self, Disc};
use super::ellipse::Ellipse;
use super::radial::Radial;
use super::series::{Frame, LANES};
use super::wings::{WORTH, Wings};
use crate::image::ahead;
use crate::image::grid::Grid;
use crate::lanes::{Block, Lanes};

/// The largest error of a pixel, over the frame's brightest.
pub const TOLERANCE: f64 = 2e-5;
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
pub(super) fn add<P: Radial, L: Lanes>(
    grid: &Grid,
    profile: P,
    ellipse: Ellipse,
    flux: f64,
    plane: &mut [f32],
    scratch: &mut Scratch,
) {
    let tolerance = tolerance(grid, profile, &ellipse);
    let mut zones = Zones::new(profile, &ellipse, tolerance);
    let frame = Frame::new(profile, &ellipse, if zones.cells > 0.0 { zones.cells } else { 0.0 }, flux);
    let rule = Rule::new(profile, &ellipse, tolerance);
    let disc = disc(grid, profile, &ellipse, &frame, &zones, tolerance, &mut scratch.squares);
    let wings = match &disc {
        Some(disc) => {
            zones.cells = disc.least;
            None
        }
        None => wings(grid, profile, &ellipse, &frame, &zones, tolerance),
    };
    let near = wings.as_ref().map_or(zones.second, |wings| wings.least);
    // The wings' second order, where they begin further out than it is needed.
    zones.second = if zones.second > near { zones.second } else { near };
    let mut border = Border::new(profile, &ellipse, std::mem::take(&mut scratch.known));
    let (columns, per_a) = (grid.columns(), 1.0 / ellipse.a);
    let whole = plane.len();
    for (number, pixels) in plane.chunks_exact_mut(columns).enumerate() {
        ahead::in_next_image(pixels, whole);
        let dy = number as f64 - ellipse.centre.1;
        let (middle, q) = (ellipse.centre.0 - ellipse.r * dy, ellipse.e * dy * dy);
        if q >= zones.edge {
            continue;
        }
        let span = |square: f64| span(middle, (square - q) * per_a, columns);
        let steep = span(zones.cells);
        let kept = &mut scratch.kept[..steep.1 - steep.0];
        kept.copy_from_slice(&pixels[steep.0..steep.1]);
        match (&disc, &wings) {
            (Some(disc), _) => disc.add::<L>(q, dy, &scratch.squares, pixels),
            (None, Some(wings)) => {
                let spans = ([span(zones.edge), span(wings.least)], q < zones.second);
                frame.wing::<P, L>(profile, wings, &frame.row(&ellipse, middle, dy), pixels, spans);
            }
            (None, None) => {
                let spans = [span(zones.edge), span(zones.second), span(zones.fourth)];
                frame.fill(profile, &frame.row(&ellipse, middle, dy), pixels, spans);
            }
        }
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

/// The polynomials of a round profile, where enough pixels are far from the centre.
#[inline(always)]
fn disc<P: Radial>(
    grid: &Grid,
    profile: P,
    ellipse: &Ellipse,
    frame: &Frame,
    zones: &Zones,
    tolerance: f64,
    squares: &mut [Block],
) -> Option<Disc> {
    if !(P::WINGS && ellipse.is_round() && worth(grid, ellipse, zones, zones.cells)) {
        return None;
    }
    let setting = disc::Setting {
        edge: zones.edge,
        fourth: zones.fourth,
        cells: zones.cells,
        most: farthest(grid, ellipse),
        tolerance,
        lanes: of_lanes(profile, frame, tolerance),
        light: frame.light,
        columns: grid.columns(),
    };
    Disc::new(profile, ellipse, &setting, squares)
}

/// The polynomials of any other, likewise.
#[inline(always)]
fn wings<P: Radial>(
    grid: &Grid,
    profile: P,
    ellipse: &Ellipse,
    frame: &Frame,
    zones: &Zones,
    tolerance: f64,
) -> Option<Wings> {
    let least = if zones.fourth > zones.cells { zones.fourth } else { zones.cells };
    if !(P::WINGS && worth(grid, ellipse, zones, least)) {
        return None;
    }
    let least = if least > 0.0 { least } else { 0.0 };
    let edge = zones.edge.sqrt() + LANES as f64 * ellipse.a.sqrt();
    let most = farthest(grid, ellipse);
    let most = if most < edge * edge { most } else { edge * edge };
    Wings::new(profile, frame, ellipse, (least, most), of_lanes(profile, frame, tolerance))
}

/// Whether enough pixels have Q between `least` and the edge.
#[inline(always)]
fn worth(grid: &Grid, ellipse: &Ellipse, zones: &Zones, least: f64) -> bool {
    let area = |square: f64| std::f64::consts::PI * square / ellipse.root;
    let (light, pixels) = (area(zones.edge), grid.pixels() as f64);
    let light = if light < pixels { light } else { pixels };
    light - area(if least > 0.0 { least } else { 0.0 }) > WORTH
}

/// The largest Q in the frame.
#[inline(always)]
fn farthest(grid: &Grid, ellipse: &Ellipse) -> f64 {
    let (bottom, top) = (-ellipse.centre.1, (grid.rows() - 1) as f64 - ellipse.centre.1);
    let (left, right) = (-ellipse.centre.0, (grid.columns() - 1) as f64 - ellipse.centre.0);
    let corners = [(left, bottom), (left, top), (right, bottom), (right, top)];
    corners.iter().fold(0.0, |most, (x, y)| {
        let t = x + ellipse.r * y;
        let q = ellipse.a * t * t + ellipse.e * y * y;
        if q > most { q } else { most }
    })
}

/// The tolerance of the lanes' f.
#[inline(always)]
fn of_lanes<P: Radial>(profile: P, frame: &Frame, tolerance: f64) -> f64 {
    tolerance * profile.density() / profile.brightness(1.0 / frame.per_kappa)
}

/// The columns within sqrt(square) of the middle, and perhaps one more.
#[inline(always)]
pub(super) fn span(middle: f64, square: f64, columns: usize) -> (usize, usize) {
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
    let nearest = ellipse.nearest(grid);
    let nearest = if nearest > 0.0 { profile.at(nearest) } else { 1.0 };
    let nearest = if nearest > 1e-12 { nearest } else { 1e-12 };
    TOLERANCE * if brightest < nearest { brightest } else { nearest }
}

/// Room for the engine.
pub struct Scratch {
    known: Known,
    kept: Vec<f32>,
    squares: Vec<Block>,
}

impl Scratch {
    /// For planes of this many columns.
    pub fn new(columns: usize) -> Scratch {
        let mut scratch = Scratch { known: Vec::new(), kept: Vec::new(), squares: Vec::new() };
        scratch.fit(columns);
        scratch
    }

    /// For planes of at least this many columns.
    pub fn fit(&mut self, columns: usize) {
        if self.kept.len() < columns {
            self.kept.resize(columns, 0.0);
            self.known.resize(columns, (0, 0.0));
            self.squares.resize(columns.div_ceil(LANES), Block::ZERO);
        }
    }
}
