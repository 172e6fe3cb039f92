//! A straight line, its ends cut at right angles where it ends.

use super::pen::{Filling, Pen, Place};
use super::{OPEN, length, position};
use crate::image::grid::Grid;
use crate::image::{Edges, Scratch};
use crate::isa::Isa;
use crate::param::{CENTRE, Family, Model, Param, Prior, Range, Scale, Unit};
use crate::series::scalar::Scalar;

const fn end(name: &'static str, summary: &'static str, scale: Scale) -> Param {
    Param::new(name, Unit::Length, Range::ANY, summary).random(Prior::Uniform(-0.3, 0.3), scale)
}

const ENDS: &[Param] = &[
    end("x1", "First end, from `x`.", Scale::Width),
    end("y1", "First end, from `y`.", Scale::Height),
    end("x2", "Second end, from `x`.", Scale::Width),
    end("y2", "Second end, from `y`.", Scale::Height),
];

/// The table.
pub const MODEL: Model = Model {
    name: "line",
    family: Family::Shape,
    summary: "A straight line from one point to another, its ends cut at right angles.",
    params: &[CENTRE, ENDS, OPEN],
    ways: &[],
    canonical: &["x", "y", "x1", "y1", "x2", "y2", "line_width", "intensity"],
    render: Some(add),
};

/// Adds a line to a plane.
pub fn add(
    isa: Isa,
    grid: &Grid,
    edges: Edges,
    parameters: &[f64],
    plane: &mut [f32],
    scratch: &mut Scratch,
) {
    let &[.., intensity] = parameters else { return };
    if parameters.iter().any(|parameter| !parameter.is_finite()) {
        return;
    }
    let cover = scratch.cover(grid);
    outline(grid, parameters, &mut Filling { edges, cover });
    cover.finish(isa, intensity, plane);
}

/// Draws its border.
pub(crate) fn outline<S: Scalar>(grid: &Grid, parameters: &[S], pen: &mut impl Pen<S>) {
    let &[x, y, x1, y1, x2, y2, line_width, _] = parameters else { return };
    let ends = [position(grid, x + x1, y + y1), position(grid, x + x2, y + y2)];
    if let Some(corners) = corners(ends, length(grid, line_width).times(0.5)) {
        pen.polygon(&corners, 1);
    }
}

/// The corners of a line; a point has none.
pub(super) fn corners<S: Scalar>([from, to]: [Place<S>; 2], half: S) -> Option<[Place<S>; 4]> {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = (dx * dx + dy * dy).root();
    let (u, v) = (half * (dy / length), half * (dx / length));
    (length.value() > 0.0).then_some([
        (from.0 + u, from.1 - v),
        (to.0 + u, to.1 - v),
        (to.0 - u, to.1 + v),
        (from.0 - u, from.1 + v),
    ])
}
