//! An ellipse, at any angle about its centre.
//!
//! Its outline is the band of all points within half the line's width from the edge, equally
//! wide everywhere; the edges of that band are no ellipses.

use super::curve_fill::Oval;
use super::direction::{self, DIRECTION_WAYS};
use super::pen::{Filling, Pen, direction};
use super::{CLOSED, length, position};
use crate::image::grid::Grid;
use crate::image::{Edges, Scratch};
use crate::isa::Isa;
use crate::param::{CENTRE, Family, Model, Param, Prior, Range, Scale, Unit};
use crate::series::scalar::Scalar;

const SIZE: &[Param] = &[
    Param::new("width", Unit::Length, Range::POSITIVE, "Axis along the direction of `angle`.")
        .random(Prior::Uniform(0.1, 0.5), Scale::Width),
    Param::new("height", Unit::Length, Range::POSITIVE, "Axis across the direction of `angle`.")
        .random(Prior::Uniform(0.1, 0.5), Scale::Height),
];

const DIRECTION: &[Param] = &direction::params("Direction of the width, from +x towards +y.");

/// The table.
pub const MODEL: Model = Model {
    name: "ellipse",
    family: Family::Shape,
    summary: "An ellipse, filled or its outline.",
    params: &[CENTRE, SIZE, DIRECTION, CLOSED],
    ways: &[&DIRECTION_WAYS],
    canonical: &["x", "y", "width", "height", "angle", "intensity", "fill", "line_width"],
    render: Some(add),
};

/// Adds an ellipse to a plane.
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
    let direction = direction(angle);
    let half = length(grid, line_width).times(0.5);
    let axes = (length(grid, width).times(0.5), length(grid, height).times(0.5));
    let oval = |offset: S| Oval::new(position(grid, x, y), axes, direction, offset);
    if let Some(outer) = oval(half) {
        pen.oval(&outer, 1);
    }
    if let Some(inner) = oval(-half).filter(|_| fill.value() == 0.0) {
        pen.oval(&inner, -1);
    }
}
