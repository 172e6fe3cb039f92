//! PSFs that are given as pixels of their own scale.
//!
//! Between its pixels a picture is what an interpolant makes of it, so that its transform is exact: the
//! sum of the pixels, each turned by its place, times the interpolant's own transform. Beyond the
//! pixels' own Nyquist frequency the sum repeats and the interpolant's transform falls.

use super::LAST;
use super::axis::Axis;
use super::cells::{Cells, rotate};
use super::fill::LANES;
use super::table::Row;
use crate::isa::{Isa, kernel};
use crate::math::sin_cos;
use serde::Deserialize;
use std::f64::consts::PI;

/// The longest side.
pub const MOST_SIDE: usize = 512;
/// Steps of frequency, in radians per pixel, in which the end of a transform is looked for.
const STEP: f64 = 0.02;
/// Rings whose brightest pixel is known.
pub(super) const RINGS: usize = 16;
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
    /// Whether the image's pixel is to be added: the picture does not have it.
    pub(super) pixel: bool,
    /// The transform along each axis, about: what the light over the other axis makes.
    pub(super) row: Row,
    pub(super) rings: [f64; RINGS],
    /// What no frequency is brighter than, along each axis and at multiples of `STEP`.
    most: [Vec<f32>; 2],
}

impl Picture {
    /// From rows of pixels, `step` of the image's pixels long, around a column and a row.
    ///
    /// # Errors
    /// No rectangle of 1 to 512 pixels a side, a pixel that is not finite, or no light in all.
    pub fn new(
        rows: &[Vec<f64>],
        step: f64,
        centre: (f64, f64),
        interpolation: Interpolation,
        pixel: bool,
    ) -> Result<Picture, String> {
        let columns = rows.first().map_or(0, Vec::len);
        if rows.iter().any(|row| row.len() != columns) {
            return Err("its rows are not of one length".into());
        }
        if !(1..=MOST_SIDE).contains(&rows.len()) || !(1..=MOST_SIDE).contains(&columns) {
            let size = format!("{} by {columns} pixels", rows.len());
            return Err(format!("{size} are not allowed; 1 to {MOST_SIDE} a side are"));
        }
        if let Some(i) = rows.iter().flatten().position(|value| !value.is_finite()) {
            let (row, column) = (i / columns, i % columns);
            return Err(format!("the pixel of row {row} and column {column} is {}", rows[row][column]));
        }
        let flux: f64 = rows.iter().flatten().sum();
        let all: f64 = rows.iter().flatten().map(|value| value.abs()).sum();
        if !(flux > 1e-6 * all && flux.is_finite()) {
            return Err(format!("its pixels sum to {flux}; a psf has light, above 0 in all"));
        }
        let exact: Vec<f64> = rows.iter().flatten().map(|value| value / flux).collect();
        let pixels: Vec<f32> = exact.iter().map(|value| *value as f32).collect();
        let line = Line { exact: &exact, columns, step, interpolation };
        let most = [line.most([columns, 1]), line.most([rows.len(), columns])];
        let rings = line.rings(centre);
        let row = line.row(centre);
        Ok(Picture { columns, pixels, step, centre, interpolation, pixel, row, rings, most })
    }
}
