//! A regular polygon, or one of given vertices, about its centre.
//!
//! The corners of an outline are mitred; of given vertices, those sharper than 29 degrees are
//! bevelled. Where sides of given vertices cross, the even-odd rule says what is inside.

use super::outline::{self, MOST_VERTICES, Vertices};
use super::{CLOSED, length, position};
use crate::image::grid::Grid;
use crate::image::{Edges, Scratch};
use crate::isa::Isa;
use crate::math::sin_cos_degrees;
use crate::param::{CENTRE, Family, Kind, Model, Param, Prior, Range, Scale, Unit, Way, Ways};

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
    let &[x, y, sides, radius, angle, intensity, fill, line_width] = parameters else { return };
    if parameters.iter().any(|parameter| !parameter.is_finite()) {
        return;
    }
    let (centre, sides) = (position(grid, x, y), (sides as usize).clamp(3, MOST_VERTICES));
    let (radius, half) = (length(grid, radius), 0.5 * length(grid, line_width));
    // So far beyond a vertex is the tip of its outline.
    let tip = half / sin_cos_degrees(180.0 / sides as f64).1;
    let mut corners = [(0.0, 0.0); MOST_VERTICES];
    let cover = scratch.cover(grid);
    cover.polygon(edges, place(&mut corners[..sides], centre, radius + tip, angle), 1);
    if fill == 0.0 && tip < radius {
        cover.polygon(edges, place(&mut corners[..sides], centre, radius - tip, angle), -1);
    }
    cover.finish(isa, intensity, plane);
}

/// Puts corners on a circle, evenly from an angle on.
fn place(corners: &mut [(f64, f64)], (x, y): (f64, f64), radius: f64, angle: f64) -> &[(f64, f64)] {
    let step = 360.0 / corners.len() as f64;
    for (i, corner) in corners.iter_mut().enumerate() {
        let (sin, cos) = sin_cos_degrees(angle % 360.0 + step * i as f64);
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
    let &[x, y, _, radius, angle, intensity, fill, line_width] = parameters else { return };
    if parameters.iter().any(|parameter| !parameter.is_finite()) {
        return;
    }
    let (sin, cos) = sin_cos_degrees(angle);
    let corners = vertices.placed(position(grid, x, y), length(grid, radius), (cos, sin));
    let style = (fill != 0.0, 0.5 * length(grid, line_width));
    scratch.cover.fit(grid.rows(), grid.columns());
    outline::fill(edges, corners, style, &mut scratch.sweep, &mut scratch.cover);
    scratch.cover.finish(isa, intensity, plane);
}
