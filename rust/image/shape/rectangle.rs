//! A filled rectangle, at any angle about its centre.

use super::direction::{self, DIRECTION_WAYS};
use crate::image::grid::Grid;
use crate::image::{Edges, Scratch};
use crate::isa::Isa;
use crate::math::sin_cos_degrees;
use crate::param::{CENTRE, Family, Model, Param, Prior, Range, Scale, Unit};

const SIZE: &[Param] = &[
    Param::new("width", Unit::Length, Range::POSITIVE, "Side along the direction of `angle`.")
        .random(Prior::Uniform(0.1, 0.5), Scale::Width),
    Param::new("height", Unit::Length, Range::POSITIVE, "Side across the direction of `angle`.")
        .random(Prior::Uniform(0.1, 0.5), Scale::Height),
];

const DIRECTION: &[Param] = &direction::params("Direction of the width, from +x towards +y.");

const INTENSITY: &[Param] = &[Param::new(
    "intensity",
    Unit::Intensity,
    Range::closed(-1e30, 1e30),
    "Value of a pixel that is wholly covered.",
)
.default(1.0)
.random(Prior::Uniform(0.25, 1.0), Scale::One)];

/// The table.
pub const MODEL: Model = Model {
    name: "rectangle",
    family: Family::Shape,
    summary: "A filled rectangle, turned about its centre.",
    params: &[CENTRE, SIZE, DIRECTION, INTENSITY],
    ways: &[&DIRECTION_WAYS],
    canonical: &["x", "y", "width", "height", "angle", "intensity"],
    render: Some(add),
};

/// Adds a filled rectangle to a plane.
pub fn add(
    isa: Isa,
    grid: &Grid,
    edges: Edges,
    parameters: &[f64],
    plane: &mut [f32],
    scratch: &mut Scratch,
) {
    let &[x, y, width, height, angle, intensity] = parameters else { return };
    if parameters.iter().any(|parameter| !parameter.is_finite()) {
        return;
    }
    let corners = corners(grid.from_corner(x, y), grid.in_pixels(width), grid.in_pixels(height), angle);
    scratch.cover.fit(grid.rows(), grid.columns());
    scratch.cover.add(isa, edges, &corners, intensity, plane);
}

/// The corners, counter-clockwise from the one at the lower end of both sides.
fn corners((x, y): (f64, f64), width: f64, height: f64, angle: f64) -> [(f64, f64); 4] {
    let (sin, cos) = sin_cos_degrees(angle);
    let (along, across) = (0.5 * width, 0.5 * height);
    [(-along, -across), (along, -across), (along, across), (-along, across)]
        .map(|(u, v)| (x + (u * cos - v * sin), y + (u * sin + v * cos)))
}
