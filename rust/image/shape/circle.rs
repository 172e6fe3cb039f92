//! A circle.

use super::curve_fill::Oval;
use super::pen::{Filling, Pen};
use super::{CLOSED, length, position};
use crate::image::grid::Grid;
use crate::image::{Edges, Scratch};
use crate::isa::Isa;
use crate::param::{CENTRE, Family, Model, Param, Prior, Range, Scale, Unit};
use crate::series::scalar::Scalar;

const SIZE: &[Param] = &[Param::new("radius", Unit::Length, Range::POSITIVE, "Radius.")
    .random(Prior::Uniform(0.05, 0.25), Scale::Side)];

/// The table.
pub const MODEL: Model = Model {
    name: "circle",
    family: Family::Shape,
    summary: "A circle, filled or its outline.",
    params: &[CENTRE, SIZE, CLOSED],
    ways: &[],
    canonical: &["x", "y", "radius", "intensity", "fill", "line_width"],
    render: Some(add),
};

/// Adds a circle to a plane.
pub fn add(
    isa: Isa,
    grid: &Grid,
    edges: Edges,
    parameters: &[f64],
    plane: &mut [f32],
    scratch: &mut Scratch,
) {
    let &[_, _, _, intensity, ..] = parameters else { return };
    if parameters.iter().any(|parameter| !parameter.is_finite()) {
        return;
    }
    let cover = scratch.cover(grid);
    outline(grid, parameters, &mut Filling { edges, cover });
    cover.finish(isa, intensity, plane);
}

/// Draws its border.
pub(crate) fn outline<S: Scalar>(grid: &Grid, parameters: &[S], pen: &mut impl Pen<S>) {
    let &[x, y, radius, _, fill, line_width] = parameters else { return };
    let (radius, half) = (length(grid, radius), length(grid, line_width).times(0.5));
    let centre = position(grid, x, y);
    if let Some(outer) = Oval::circle(centre, radius + half) {
        pen.oval(&outer, 1);
    }
    if let Some(inner) = Oval::circle(centre, radius - half).filter(|_| fill.value() == 0.0) {
        pen.oval(&inner, -1);
    }
}
