//! A rectangle, at any angle about its centre. The corners of its outline are mitred.

use super::direction::{self, DIRECTION_WAYS};
use super::pen::{Filling, Pen, Place, direction};
use super::{CLOSED, length, position};
use crate::image::grid::Grid;
use crate::image::{Edges, Scratch};
use crate::isa::Isa;
use crate::param::{CENTRE, Family, Model, Param, Prior, Range, Scale, Unit};
use crate::series::scalar::Scalar;

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
    let &[_, _, _, _, _, intensity, ..] = parameters else { return };
    if parameters.iter().any(|parameter| !parameter.is_finite()) {
        return;
    }
    let cover = scratch.cover(grid);
    outline(grid, parameters, &mut Filling { edges, cover });
    cover.finish(isa, intensity, plane);
}

/// Draws its border.
pub(crate) fn outline<S: Scalar>(grid: &Grid, parameters: &[S], pen: &mut impl Pen<S>) {
    let &[x, y, width, height, angle, _, fill, line_width] = parameters else { return };
    let (width, height, line) = (length(grid, width), length(grid, height), length(grid, line_width));
    let centre = position(grid, x, y);
    pen.polygon(&corners(centre, width + line, height + line, angle), 1);
    let is_thin = line.value() < width.value() && line.value() < height.value();
    if fill.value() == 0.0 && is_thin {
        pen.polygon(&corners(centre, width - line, height - line, angle), -1);
    }
}

/// The corners, counter-clockwise from the one at the lower end of both sides.
fn corners<S: Scalar>((x, y): Place<S>, width: S, height: S, angle: S) -> [Place<S>; 4] {
    let (cos, sin) = direction(angle);
    let (along, across) = (width.times(0.5), height.times(0.5));
    [(-along, -across), (along, -across), (along, across), (-along, across)]
        .map(|(u, v)| (x + (u * cos - v * sin), y + (u * sin + v * cos)))
}
