//! Geometric shapes: each pixel is `intensity` times the fraction covered.
//!
//! Closed shapes are filled, or an outline alone: a band of `line_width` centred on the edge.
//! A filled one with a line width reaches to the outline's outer edge.

pub mod arc;
pub mod circle;
pub mod crossing_fill;
pub mod curve_fill;
pub mod direction;
pub mod ellipse;
pub mod line;
pub mod outline;
pub mod overlap;
pub(crate) mod pen;
pub mod polygon;
pub mod polygon_fill;
pub mod rectangle;

use crate::image::grid::Grid;
use crate::param::{Kind, Param, Prior, Range, Scale, Unit};
use crate::series::scalar::Scalar;
use pen::Place;

/// The value of a shape.
pub const INTENSITY: Param = Param::new(
    "intensity",
    Unit::Intensity,
    Range::closed(-1e30, 1e30),
    "Value of a pixel that is wholly covered.",
)
.default(1.0)
.random(Prior::Uniform(0.25, 1.0), Scale::One);

/// The width of a line.
const LINE: Param = Param::new("line_width", Unit::Length, Range::NOT_NEGATIVE, "Width of the line.")
    .random(Prior::LogUniform(0.01, 0.08), Scale::Side);

/// What all closed shapes have.
pub const CLOSED: &[Param] = &[
    INTENSITY,
    Param::new("fill", Unit::One, Range::closed(0.0, 1.0), "Whether the inside is filled.")
        .kind(Kind::Flag)
        .default(1.0)
        .random(Prior::Choice(&[1.0, 0.0]), Scale::One),
    Param { summary: "Width of the outline, centred on the edge.", ..LINE.default(0.0) },
];

/// What open ones have.
pub const OPEN: &[Param] = &[LINE, INTENSITY];

/// Coordinates and lengths beyond this stand for it, in pixels.
const FAR: f64 = 1e12;

/// A length in pixels.
fn length<S: Scalar>(grid: &Grid, length: S) -> S {
    let pixels = grid.in_pixels(length.value());
    length.through(if pixels < FAR { pixels } else { FAR }, || 1.0 / grid.pixel_scale())
}

/// A position in pixels from the outer corner of row 0 and column 0.
fn position<S: Scalar>(grid: &Grid, x: S, y: S) -> Place<S> {
    let (column, row) = grid.from_corner(x.value(), y.value());
    let per_length = || 1.0 / grid.pixel_scale();
    (x.through(column.clamp(-FAR, FAR), per_length), y.through(row.clamp(-FAR, FAR), per_length))
}
