//! PSFs that are given as pixels of their own scale.
//!
//! Between its pixels a picture is what an interpolant makes of it, so that its transform is exact: the
//! sum of the pixels, each turned by its place, times the interpolant's own transform. Beyond the
//! pixels' own Nyquist frequency the sum repeats and the interpolant's transform falls.

use super::LAST;
use super::axis::Axis;
use super::cells::{Cells, rotate};
use super::light::{Light, Spread};
use super::table::Row;
use crate::isa::{Isa, kernel};
use crate::lanes::LANES;
use crate::math::sin_cos;
use serde::Deserialize;
use std::f64::consts::PI;

/// The longest side.
pub const MOST_SIDE: usize = 512;
/// Less light than this share of what the pixels have, their signs left aside, is none.
const LEAST_LIGHT: f64 = 1e-6;
/// Rings whose brightest pixel is known.
pub(crate) const RINGS: usize = 16;
/// How far an interpolant reaches beyond a pixel, in the picture's pixels.
const SUPPORT: f64 = 3.0;

/// What is between the pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Interpolation {
    /// Squares.
    Nearest,
    /// Straight lines.
    Linear,
    /// Keys's cubic (1981, IEEE Trans. ASSP 29, 1153).
    Cubic,
    /// The quintic of Bernstein & Gruen (2014, PASP 126, 287), appendix.
    #[default]
    Quintic,
}

impl Interpolation {
    /// Its transform at u cycles a pixel.
    pub fn transform(self, u: f64) -> f64 {
        let x = PI * u;
        if x.abs() < 1e-4 {
            return 1.0;
        }
        let (sin, cos) = sin_cos(x);
        let s = sin / x;
        match self {
            Interpolation::Nearest => s,
            Interpolation::Linear => s * s,
            Interpolation::Cubic => s * s * s * (3.0 * s - 2.0 * cos),
            Interpolation::Quintic => {
                let square = x * x;
                let s4 = (s * s) * (s * s);
                s * s4 * (s * (55.0 - 19.0 * square) + 2.0 * cos * (square - 27.0))
            }
        }
    }
}

/// A picture of a PSF, its light made 1.
pub struct Picture {
    columns: usize,
    /// Row by row.
    pixels: Vec<f32>,
    /// Length of its pixels, in the image's.
    step: f64,
    /// Column and row of its centre.
    centre: (f64, f64),
    interpolation: Interpolation,
    /// Whether its pixels have the image's own response in them already.
    pub(crate) has_pixel: bool,
    /// How far it reaches, in the image's pixels.
    reach: f64,
    /// The brightest pixel from each sixteenth of the reach on, at a reach of 1.
    pub(crate) rings: [f64; RINGS],
    /// The transform at a reach of 1, about: what the axes show of it.
    pub(super) row: Row,
    /// What no frequency along each axis is above, over half a turn of the picture's pixels.
    most: [Vec<f64>; 2],
}

/// What is known of a PSF that is a picture.
pub struct Sight<'a> {
    /// Its rows of pixels.
    pub rows: &'a [Vec<f64>],
    /// Length of its pixels, in the image's.
    pub step: f64,
    /// Column and row of its centre, those of the first pixel's being 0.
    pub centre: (f64, f64),
    /// What is between the pixels.
    pub interpolation: Interpolation,
    /// Whether its pixels have the image's own response in them already.
    pub has_pixel: bool,
}

impl Picture {
    /// From its pixels.
    ///
    /// # Errors
    /// No rectangle of 1 to 512 pixels a side, a pixel that is not finite, no light in all.
    pub fn new(sight: &Sight) -> Result<Picture, String> {
        let flux = checked(sight.rows)?;
        let columns = sight.rows[0].len();
        let exact: Vec<f64> = sight.rows.iter().flatten().map(|value| value / flux).collect();
        let (reach, rings) = rings(&exact, columns, sight);
        Ok(Picture {
            columns,
            pixels: exact.iter().map(|value| *value as f32).collect(),
            step: sight.step,
            centre: sight.centre,
            interpolation: sight.interpolation,
            has_pixel: sight.has_pixel,
            reach,
            rings,
            row: along_axes(&exact, columns, sight, reach),
            most: [most(&exact, columns, 1), most(&exact, 1, columns)],
        })
    }

    /// As a PSF around 0; it is the picture of this number.
    pub fn light(&self, number: usize) -> Light {
        let (spread, radius) = (Spread::Picture(number), self.reach);
        Light { centre: (0.0, 0.0), flux: 1.0, radius, shear: (0.0, 0.0), spread }
    }

    /// Its pixels, row by row.
    pub(crate) fn rows(&self) -> impl ExactSizeIterator<Item = &[f32]> {
        self.pixels.chunks_exact(self.columns)
    }

    /// How many columns there are.
    pub(crate) fn columns(&self) -> usize {
        self.columns
    }

    /// Length of its pixels, in the image's.
    pub(crate) fn step(&self) -> f64 {
        self.step
    }

    /// Column and row of its centre.
    pub(crate) fn centre(&self) -> (f64, f64) {
        self.centre
    }

    /// What is between its pixels.
    pub(crate) fn interpolation(&self) -> Interpolation {
        self.interpolation
    }

    /// The last frequencies along each axis that are above a level.
    pub(crate) fn ends(&self, level: f64) -> [f64; 2] {
        [0, 1].map(|axis| {
            let most = &self.most[axis];
            let half = most.len() - 1;
            let step = PI / (self.step * half as f64);
            let count = (LAST / step) as usize;
            let is_lit = |n: &usize| {
                let (turn, rest) = (n / half, n % half);
                let at = if turn % 2 == 0 { rest } else { half - rest };
                let near =
                    if most[at] > most[(at + 1).min(half)] { most[at] } else { most[(at + 1).min(half)] };
                near * self.interpolation.transform(0.5 * *n as f64 / half as f64).abs() > level
            };
            let last = (0..=count).rev().find(is_lit).unwrap_or(0);
            // A step further, since it was looked at in steps.
            let k = step * (last + 2) as f64;
            if k < LAST { k } else { LAST }
        })
    }

    /// Its transform on a lattice.
    pub(super) fn tabulate(
        &self,
        isa: Isa,
        axes: [&Axis; 2],
        ends: [usize; 2],
        work: &mut Work,
        cells: &mut Cells,
    ) {
        cells.fit(ends);
        let rows = self.pixels.len() / self.columns;
        let counts = [ends[0].next_multiple_of(LANES), cells.stride];
        work.turns[0].set(self.columns, axes[0], self.step, self.centre.0, counts[0]);
        work.turns[1].set(rows, axes[1], self.step, self.centre.1, counts[1]);
        for (response, (axis, count)) in work.responses.iter_mut().zip(axes.into_iter().zip(counts)) {
            response.clear();
            let transform = |m: usize| {
                let k = f64::from(axis.frequency(m));
                self.interpolation.transform(k * self.step / (2.0 * PI)) as f32
            };
            response.extend((0..count).map(transform));
        }
        along_rows(isa, &self.pixels, self.columns, work);
        along_columns(isa, work, cells);
    }
}

/// The light, if there is any and nothing else is wrong.
fn checked(rows: &[Vec<f64>]) -> Result<f64, String> {
    let columns = rows.first().map_or(0, Vec::len);
    if rows.iter().any(|row| row.len() != columns) {
        return Err("its rows are not of one length".into());
    }
    if !(1..=MOST_SIDE).contains(&rows.len()) || !(1..=MOST_SIDE).contains(&columns) {
        return Err(format!(
            "{} x {columns} pixels are not allowed; 1 to {MOST_SIDE} a side are",
            rows.len()
        ));
    }
    if let Some(i) = rows.iter().flatten().position(|value| !value.is_finite()) {
        let (row, column) = (i / columns, i % columns);
        return Err(format!("the pixel of row {row} and column {column} is {}", rows[row][column]));
    }
    let (flux, all) =
        rows.iter().flatten().fold((0.0, 0.0), |(sum, all), value| (sum + value, all + value.abs()));
    if !(flux > LEAST_LIGHT * all && f64::is_finite(all)) {
        return Err(format!("its pixels sum to {flux}; a psf has light, above 0 in all"));
    }
    Ok(flux)
}

/// How far a picture reaches, and its brightest pixels from each ring on, at a reach of 1.
fn rings(exact: &[f64], columns: usize, sight: &Sight) -> (f64, [f64; RINGS]) {
    let distance = |i: usize| {
        let (x, y) = ((i % columns) as f64 - sight.centre.0, (i / columns) as f64 - sight.centre.1);
        (x * x + y * y).sqrt()
    };
    let furthest = (0..exact.len()).map(distance).fold(0.0, |most, r| if r > most { r } else { most });
    let reach = (furthest + SUPPORT) * sight.step;
    let mut rings = [0.0; RINGS];
    for (i, value) in exact.iter().enumerate() {
        // A pixel's light is also that of the ring before it.
        let last = ((distance(i) + 1.0) * sight.step / reach * RINGS as f64) as usize;
        let brightness = value.abs() / (sight.step * sight.step) * (reach * reach);
        for ring in &mut rings[..=last.min(RINGS - 1)] {
            *ring = if brightness > *ring { brightness } else { *ring };
        }
    }
    (reach, rings)
}

/// The mean of the transform's sizes along both axes, by q = k times the reach.
fn along_axes(exact: &[f64], columns: usize, sight: &Sight, reach: f64) -> Row {
    let rows = exact.len() / columns;
    let (mut across, mut along) = (vec![0.0; columns], vec![0.0; rows]);
    for (i, value) in exact.iter().enumerate() {
        across[i % columns] += value;
        along[i / columns] += value;
    }
    Row::of(|square| {
        let k = square.sqrt() / reach;
        if k > LAST {
            return 0.0;
        }
        let size = |line: &[f64]| turned(line.iter().copied(), k * sight.step);
        let response = sight.interpolation.transform(k * sight.step / (2.0 * PI)).abs();
        0.5 * (size(&across) + size(&along)) * response
    })
}

/// The size of the sum of values, each turned by an angle more than the one before.
fn turned(values: impl Iterator<Item = f64>, angle: f64) -> f64 {
    let (step_sin, step_cos) = sin_cos(angle);
    let (mut cos, mut sin, mut re, mut im) = (1.0, 0.0, 0.0, 0.0);
    for value in values {
        (re, im) = (re + value * cos, im + value * sin);
        (cos, sin) = (cos * step_cos - sin * step_sin, sin * step_cos + cos * step_sin);
    }
    (re * re + im * im).sqrt()
}

/// What the transform is at most, at frequencies along one axis from 0 to half a turn a pixel: the sum of
/// the sizes of the lines' own.
fn most(exact: &[f64], columns: usize, rows: usize) -> Vec<f64> {
    // One of the two is the picture's number of columns and the other 1: steps within a line, and between
    // lines.
    let (within, between) = if rows == 1 { (1, columns) } else { (rows, 1) };
    let lines = if rows == 1 { exact.len() / columns } else { rows };
    let length = exact.len() / lines;
    (0..=length)
        .map(|n| {
            let angle = PI * n as f64 / length as f64;
            let line = |first: usize| (0..length).map(move |i| exact[first * between + i * within]);
            (0..lines).map(|first| turned(line(first), angle)).sum()
        })
        .collect()
}

/// Where a transform is worked out.
#[derive(Default)]
pub(super) struct Work {
    turns: [Lines; 2],
    responses: [Vec<f32>; 2],
    /// Of each row of the picture, by frequency along x: real and imaginary parts.
    middle: [Vec<f32>; 2],
}

/// Cosine and sine of k times each pixel's place: a line for each pixel.
#[derive(Default)]
struct Lines {
    cos: Vec<f32>,
    sin: Vec<f32>,
    count: usize,
}

impl Lines {
    fn set(&mut self, pixels: usize, axis: &Axis, step: f64, centre: f64, count: usize) {
        self.count = count;
        self.cos.resize(pixels * count, 0.0);
        self.sin.resize(pixels * count, 0.0);
        for i in 0..pixels {
            let (cos, sin) = (&mut self.cos[i * count..], &mut self.sin[i * count..]);
            rotate((i as f64 - centre) * step, axis.period, count, |n, c, s| {
                (cos[n], sin[n]) = (c as f32, s as f32);
            });
        }
    }
}

kernel! {
    /// Each row of the picture, summed over its columns.
    fn along_rows(pixels: &[f32], columns: usize, work: &mut Work) {
        let lines = &work.turns[0];
        let [re, im] = &mut work.middle;
        let size = pixels.len() / columns * lines.count;
        re.clear();
        im.clear();
        re.resize(size, 0.0);
        im.resize(size, 0.0);
        let rows = re.chunks_exact_mut(lines.count).zip(im.chunks_exact_mut(lines.count));
        for ((re, im), row) in rows.zip(pixels.chunks_exact(columns)) {
            let turns = lines.cos.chunks_exact(lines.count).zip(lines.sin.chunks_exact(lines.count));
            for (value, (cos, sin)) in row.iter().zip(turns) {
                for (((re, im), cos), sin) in re.iter_mut().zip(&mut *im).zip(cos).zip(sin) {
                    *re += value * cos;
                    *im -= value * sin;
                }
            }
        }
    }
}

kernel! {
    /// What the rows of the picture make, summed, at both signs of ky.
    fn along_columns(work: &Work, cells: &mut Cells) {
        let (lines, count) = (&work.turns[1], work.turns[0].count);
        let [re, im] = &work.middle;
        let stride = cells.stride;
        for m in 0..cells.rows {
            for from in (0..stride).step_by(LANES) {
                let [mut ac, mut bs, mut bc, mut a_s] = [[0.0_f32; LANES]; 4];
                for j in 0..re.len() / count {
                    let (a, b) = (re[j * count + m], im[j * count + m]);
                    let cos = &lines.cos[j * stride + from..][..LANES];
                    let sin = &lines.sin[j * stride + from..][..LANES];
                    for i in 0..LANES {
                        ac[i] += a * cos[i];
                        bs[i] += b * sin[i];
                        bc[i] += b * cos[i];
                        a_s[i] += a * sin[i];
                    }
                }
                let response = &work.responses[1][from..from + LANES];
                let own = work.responses[0][m];
                for (side, sign) in [1.0_f32, -1.0].into_iter().enumerate() {
                    let [re, im] = cells.row(side, m);
                    let (re, im) = (&mut re[from..from + LANES], &mut im[from..from + LANES]);
                    for i in 0..LANES {
                        let factor = own * response[i];
                        re[i] = (ac[i] + sign * bs[i]) * factor;
                        im[i] = (bc[i] - sign * a_s[i]) * factor;
                    }
                }
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests;
