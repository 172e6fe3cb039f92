//! A circle.

use super::curve_fill::Oval;
use super::{CLOSED, length, position};
use crate::image::grid::Grid;
use crate::image::{Edges, Scratch};
use crate::isa::Isa;
use crate::param::{CENTRE, Family, Model, Param, Prior, Range, Scale, Unit};

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
    let &[x, y, radius, intensity, fill, line_width] = parameters else { return };
    if parameters.iter().any(|parameter| !parameter.is_finite()) {
        return;
    }
    let (radius, half) = (length(grid, radius), 0.5 * length(grid, line_width));
    let centre = position(grid, x, y);
    let cover = scratch.cover(grid);
    if let Some(outer) = Oval::circle(centre, radius + half) {
        cover.oval(edges, &outer, 1);
    }
    if let Some(inner) = Oval::circle(centre, radius - half).filter(|_| fill == 0.0) {
        cover.oval(edges, &inner, -1);
    }
    cover.finish(isa, intensity, plane);
}
