//! What takes the border of a shape, as it is said once, in numbers or in numbers with their rates of change.

use super::curve_fill::Oval;
use super::polygon_fill::Cover;
use crate::image::Edges;
use crate::math::sin_cos_degrees;
use crate::series::scalar::Scalar;
use std::f64::consts::PI;

/// A place in pixels from the outer corner of row 0 and column 0, or a vector.
pub(crate) type Place<S> = (S, S);

/// Takes borders. What is at the left of an edge is covered, or with a sign of -1 uncovered.
pub(crate) trait Pen<S: Scalar> {
    /// The inside of a simple polygon, given in either direction.
    fn polygon(&mut self, corners: &[Place<S>], sign: i32);
    /// A piece of an oval's edge, counter-clockwise between two normals of one quarter.
    fn quarter(&mut self, oval: &Oval<S>, from: Place<S>, to: Place<S>, sign: i32);
    /// A straight edge.
    fn edge(&mut self, from: Place<S>, to: Place<S>);

    /// The inside of an oval.
    fn oval(&mut self, oval: &Oval<S>, sign: i32) {
        let axes = [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)].map(|(u, v)| (S::real(u), S::real(v)));
        for (i, &from) in axes.iter().enumerate() {
            self.quarter(oval, from, axes[(i + 1) % 4], sign);
        }
    }
}

/// Takes polygons that may cross themselves.
pub(crate) trait Strokes<S: Scalar> {
    /// A polygon, whose inside is by the even-odd rule.
    fn polygon(&mut self, corners: impl Iterator<Item = Place<S>> + Clone);
    /// A convex stroke, counter-clockwise.
    fn stroke(&mut self, corners: &[Place<S>]);
}

/// Covers pixels.
pub(super) struct Filling<'a> {
    pub(super) edges: Edges,
    pub(super) cover: &'a mut Cover,
}

impl Pen<f64> for Filling<'_> {
    fn polygon(&mut self, corners: &[Place<f64>], sign: i32) {
        self.cover.polygon(self.edges, corners, sign);
    }

    fn quarter(&mut self, oval: &Oval<f64>, from: Place<f64>, to: Place<f64>, sign: i32) {
        self.cover.quarter(self.edges, oval, from, to, sign);
    }

    fn edge(&mut self, from: Place<f64>, to: Place<f64>) {
        self.cover.edge(self.edges, super::polygon_fill::snapped(from), super::polygon_fill::snapped(to), 1);
    }
}

/// Cosine and sine of an angle in degrees.
pub(super) fn direction<S: Scalar>(angle: S) -> Place<S> {
    let (sin, cos) = sin_cos_degrees(angle.value());
    (angle.through(cos, || -sin * (PI / 180.0)), angle.through(sin, || cos * (PI / 180.0)))
}
