//! An arc: a band of `line_width` centred on the radius, its ends cut straight along the radii.

use super::curve_fill::Oval;
use super::{OPEN, length, position};
use crate::image::grid::Grid;
use crate::image::{Edges, Scratch};
use crate::isa::Isa;
use crate::math::sin_cos_degrees;
use crate::param::{CENTRE, Family, Model, Param, Prior, Range, Scale, Unit};

const SWEEP: Range = Range::closed(-360.0, 360.0);

const SIZE: &[Param] = &[
    Param::new("radius", Unit::Length, Range::POSITIVE, "Radius of the middle of the band.")
        .random(Prior::Uniform(0.1, 0.35), Scale::Side),
    Param::new("start", Unit::Degree, Range::ANY, "Direction of the first end, from +x towards +y.")
        .random(Prior::Uniform(0.0, 360.0), Scale::One),
    Param::new("sweep", Unit::Degree, SWEEP, "Angle from the first end to the other, towards +y.")
        .random(Prior::Uniform(30.0, 300.0), Scale::One),
];

/// The table.
pub const MODEL: Model = Model {
    name: "arc",
    family: Family::Shape,
    summary: "An arc of a circle, its ends cut along the radii.",
    params: &[CENTRE, SIZE, OPEN],
    ways: &[],
    canonical: &["x", "y", "radius", "start", "sweep", "line_width", "intensity"],
    render: Some(add),
};

/// Adds an arc to a plane.
pub fn add(
    isa: Isa,
    grid: &Grid,
    edges: Edges,
    parameters: &[f64],
    plane: &mut [f32],
    scratch: &mut Scratch,
) {
    let &[x, y, radius, start, sweep, line_width, intensity] = parameters else { return };
    if parameters.iter().any(|parameter| !parameter.is_finite()) || line_width == 0.0 {
        return;
    }
    let (radius, half) = (length(grid, radius), 0.5 * length(grid, line_width));
    let centre = position(grid, x, y);
    let (outer, inner) = (Oval::circle(centre, radius + half), Oval::circle(centre, radius - half));
    let normals = Normals::new(start, sweep);
    let cover = scratch.cover(grid);
    for (oval, sign) in [(&outer, 1), (&inner, -1)] {
        let Some(oval) = oval else { continue };
        for ends in normals.list().windows(2) {
            cover.quarter(edges, oval, ends[0], ends[1], sign);
        }
    }
    if let (Some(outer), false) = (outer, normals.whole) {
        let inside =
            |normal| inner.as_ref().map_or(super::polygon_fill::snapped(centre), |inner| inner.at(normal));
        let [first, last] = normals.ends();
        cover.edge(edges, outer.at(last), inside(last), 1);
        cover.edge(edges, inside(first), outer.at(first), 1);
    }
    cover.finish(isa, intensity, plane);
}

/// The directions that part an arc at the quarters, counter-clockwise.
struct Normals {
    all: [(f64, f64); 6],
    count: usize,
    /// Whether the end is the start.
    whole: bool,
}

impl Normals {
    fn new(start: f64, sweep: f64) -> Normals {
        let first = if sweep < 0.0 { start + sweep } else { start } % 360.0;
        let first = if first < 0.0 { first + 360.0 } else { first };
        let last = first + sweep.abs();
        let mut normals = Normals { all: [direction(first); 6], count: 1, whole: sweep.abs() == 360.0 };
        for quarter in (1..9).map(|quarter| 90.0 * f64::from(quarter)) {
            if quarter > first && quarter < last {
                normals.push(direction(quarter));
            }
        }
        let end = if normals.whole { normals.all[0] } else { direction(last) };
        normals.push(end);
        normals
    }

    /// At most four quarters lie strictly within a turn.
    fn push(&mut self, normal: (f64, f64)) {
        if let Some(place) = self.all.get_mut(self.count) {
            *place = normal;
            self.count += 1;
        }
    }

    fn list(&self) -> &[(f64, f64)] {
        &self.all[..self.count]
    }

    fn ends(&self) -> [(f64, f64); 2] {
        [self.all[0], self.all[self.count - 1]]
    }
}

fn direction(degrees: f64) -> (f64, f64) {
    let (sin, cos) = sin_cos_degrees(degrees);
    (cos, sin)
}
