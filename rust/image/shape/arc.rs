//! An arc: a band of `line_width` centred on the radius, its ends cut straight along the radii.

use super::curve_fill::Oval;
use super::pen::{Filling, Pen, Place, direction};
use super::{OPEN, length, position};
use crate::image::grid::Grid;
use crate::image::{Edges, Scratch};
use crate::isa::Isa;
use crate::param::{CENTRE, Family, Model, Param, Prior, Range, Scale, Unit};
use crate::series::scalar::Scalar;

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
    let &[.., line_width, intensity] = parameters else { return };
    if parameters.iter().any(|parameter| !parameter.is_finite()) || line_width == 0.0 {
        return;
    }
    let cover = scratch.cover(grid);
    outline(grid, parameters, &mut Filling { edges, cover });
    cover.finish(isa, intensity, plane);
}

/// Draws its border.
pub(crate) fn outline<S: Scalar>(grid: &Grid, parameters: &[S], pen: &mut impl Pen<S>) {
    let &[x, y, radius, start, sweep, line_width, _] = parameters else { return };
    let (radius, half) = (length(grid, radius), length(grid, line_width).times(0.5));
    let centre = position(grid, x, y);
    let (outer, inner) = (Oval::circle(centre, radius + half), Oval::circle(centre, radius - half));
    let normals = Normals::new(start, sweep);
    for (oval, sign) in [(&outer, 1), (&inner, -1)] {
        let Some(oval) = oval else { continue };
        for ends in normals.list().windows(2) {
            pen.quarter(oval, ends[0], ends[1], sign);
        }
    }
    if let Some(outer) = outer {
        let inside = |normal| inner.as_ref().map_or(centre, |inner| inner.place(normal));
        let [first, last] = normals.ends();
        pen.edge(outer.place(last), inside(last));
        pen.edge(inside(first), outer.place(first));
    }
}

/// The directions that part an arc at the quarters, counter-clockwise.
struct Normals<S> {
    all: [Place<S>; 6],
    count: usize,
}

impl<S: Scalar> Normals<S> {
    fn new(start: S, sweep: S) -> Normals<S> {
        let back = sweep.value() < 0.0;
        let first = if back { start + sweep } else { start };
        let first = first.through(first.value() % 360.0, || 1.0);
        let first = if first.value() < 0.0 { first + S::real(360.0) } else { first };
        let last = first + if back { -sweep } else { sweep };
        let mut normals = Normals { all: [direction(first); 6], count: 1 };
        for quarter in (1..9).map(|quarter| 90.0 * f64::from(quarter)) {
            if quarter > first.value() && quarter < last.value() {
                normals.push(direction(S::real(quarter)));
            }
        }
        // Where the end is the start, both ends are drawn and cancel, though they may part.
        let is_whole = sweep.value().abs() == 360.0;
        normals.push(direction(if is_whole { last.through(first.value(), || 1.0) } else { last }));
        normals
    }

    /// At most four quarters lie strictly within a turn.
    fn push(&mut self, normal: Place<S>) {
        if let Some(place) = self.all.get_mut(self.count) {
            *place = normal;
            self.count += 1;
        }
    }

    fn list(&self) -> &[Place<S>] {
        &self.all[..self.count]
    }

    fn ends(&self) -> [Place<S>; 2] {
        [self.all[0], self.all[self.count - 1]]
    }
}
