//! A rectangle, at any angle about its centre. The corners of its outline are mitred.

use super::direction::{self, DIRECTION_WAYS};
use super::{CLOSED, length, position};
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

/// The table.
pub const MODEL: Model = Model {
    name: "rectangle",
    family: Family::Shape,
    summary: "A rectangle, filled or its outline, turned about its centre.",
    params: &[CENTRE, SIZE, DIRECTION, CLOSED],
    ways: &[&DIRECTION_WAYS],
    canonical: &["x", "y", "width", "height", "angle", "intensity", "fill", "line_width"],
    render: Some(add),
};

/// Adds a rectangle to a plane.
pub fn add(
    isa: Isa,
    grid: &Grid,
    edges: Edges,
    parameters: &[f64],
    plane: &mut [f32],
    scratch: &mut Scratch,
) {
    let &[x, y, width, height, angle, intensity, fill, line_width] = parameters else { return };
    if parameters.iter().any(|parameter| !parameter.is_finite()) {
        return;
    }
    let (width, height, line) = (length(grid, width), length(grid, height), length(grid, line_width));
    let centre = position(grid, x, y);
    let cover = scratch.cover(grid);
    cover.polygon(edges, &corners(centre, width + line, height + line, angle), 1);
    if fill == 0.0 && line < width && line < height {
        cover.polygon(edges, &corners(centre, width - line, height - line, angle), -1);
    }
    cover.finish(isa, intensity, plane);
}

/// The corners, counter-clockwise from the one at the lower end of both sides.
fn corners((x, y): (f64, f64), width: f64, height: f64, angle: f64) -> [(f64, f64); 4] {
    let (sin, cos) = sin_cos_degrees(angle);
    let (along, across) = (0.5 * width, 0.5 * height);
    [(-along, -across), (along, -across), (along, across), (-along, across)]
        .map(|(u, v)| (x + (u * cos - v * sin), y + (u * sin + v * cos)))
}
