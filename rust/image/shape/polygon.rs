//! A regular polygon, or one of given vertices, about its centre.
//!
//! The corners of an outline are mitred; of given vertices, those sharper than 29 degrees are
//! bevelled. Where sides of given vertices cross, the even-odd rule says what is inside.

use super::outline::{self, MOST_VERTICES, Vertices};
use super::pen::{Filling, Pen, Place, Strokes, direction};
use super::{CLOSED, length, position};
use crate::image::grid::Grid;
use crate::image::{Edges, Scratch};
use crate::isa::Isa;
use crate::math::sin_cos_degrees;
use crate::param::{CENTRE, Family, Kind, Model, Param, Prior, Range, Scale, Unit, Way, Ways};
use crate::series::scalar::Scalar;

const SIDES: Range = Range::closed(3.0, MOST_VERTICES as f64);

const SIZE: &[Param] = &[
    Param::new("sides", Unit::One, SIDES, "Number of sides.")
        .kind(Kind::Integer)
        .random(Prior::Integers(3.0, 8.0), Scale::One),
    Param::new("radius", Unit::Length, Range::POSITIVE, "Distance of the vertices from the centre.")
        .random(Prior::Uniform(0.1, 0.3), Scale::Side),
    Param::new("vertices", Unit::Length, Range::ANY, "Vertices [[x, y], ...] relative to x and y.")
        .kind(Kind::Points),
    Param::new("angle", Unit::Degree, Range::ANY, "Direction of the first vertex, from +x towards +y.")
        .default(0.0)
        .random(Prior::Uniform(0.0, 360.0), Scale::One),
];

const OUTLINE: Ways = Ways {
    of: "outline",
    gives: &["sides", "radius"],
    ways: &[
        Way { written: &["sides", "radius"], needs: &["sides", "radius"], convert: |v| [v[0], v[1]] },
        Way { written: &["vertices"], needs: &["sides", "radius"], convert: |v| [v[0], v[1]] },
    ],
    valid: |_| true,
    allowed: "",
};

/// The table.
pub const MODEL: Model = Model {
    name: "polygon",
    family: Family::Shape,
    summary: "A regular polygon, or one of given vertices, filled or its outline.",
    params: &[CENTRE, SIZE, CLOSED],
    ways: &[&OUTLINE],
    canonical: &["x", "y", "sides", "radius", "angle", "intensity", "fill", "line_width"],
    render: Some(add),
};

/// Adds a regular polygon to a plane.
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
    let &[x, y, sides, radius, angle, _, fill, line_width] = parameters else { return };
    let (centre, sides) = (position(grid, x, y), (sides.value() as usize).clamp(3, MOST_VERTICES));
    let (radius, half) = (length(grid, radius), length(grid, line_width).times(0.5));
    // So far beyond a vertex is the tip of its outline.
    let tip = half / S::real(sin_cos_degrees(180.0 / sides as f64).1);
    let mut corners = [centre; MOST_VERTICES];
    pen.polygon(place(&mut corners[..sides], centre, radius + tip, angle), 1);
    if fill.value() == 0.0 && tip.value() < radius.value() {
        pen.polygon(place(&mut corners[..sides], centre, radius - tip, angle), -1);
    }
}

/// Puts corners on a circle, evenly from an angle on.
fn place<S: Scalar>(corners: &mut [Place<S>], (x, y): Place<S>, radius: S, angle: S) -> &[Place<S>] {
    let step = 360.0 / corners.len() as f64;
    for (i, corner) in corners.iter_mut().enumerate() {
        let (cos, sin) = direction(angle.through(angle.value() % 360.0 + step * i as f64, || 1.0));
        *corner = (x + radius * cos, y + radius * sin);
    }
    corners
}

/// Adds a polygon of given vertices, the furthest of them at `radius`, to a plane.
pub(crate) fn add_vertices(
    isa: Isa,
    grid: &Grid,
    edges: Edges,
    vertices: &Vertices,
    parameters: &[f64],
    plane: &mut [f32],
    scratch: &mut Scratch,
) {
    let &[_, _, _, _, _, intensity, ..] = parameters else { return };
    if parameters.iter().any(|parameter| !parameter.is_finite()) {
        return;
    }
    let Scratch { sweep, cover, .. } = scratch;
    cover.fit(grid.rows(), grid.columns());
    outline_vertices(grid, vertices, parameters, sweep);
    sweep.fill(edges, cover);
    cover.finish(isa, intensity, plane);
}

/// Draws the border of one of given vertices.
pub(crate) fn outline_vertices<S: Scalar>(
    grid: &Grid,
    vertices: &Vertices,
    parameters: &[S],
    strokes: &mut impl Strokes<S>,
) {
    let &[x, y, _, radius, angle, _, fill, line_width] = parameters else { return };
    let corners = vertices.placed(position(grid, x, y), length(grid, radius), direction(angle));
    outline::draw(corners, (fill.value() != 0.0, length(grid, line_width).times(0.5)), strokes);
}
