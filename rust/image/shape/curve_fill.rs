//! Filling of ovals and their arcs: ellipses, and all that is at one distance from an ellipse.
//!
//! A convex curve is walked by its outward unit normal, a quarter turn at a time, so that each
//! piece rises or falls steadily in both directions and its ends tell its box. A piece is
//! halved, by the normalised sum of the normals at its ends, until it is flat enough; what is
//! outside the frame is never halved. No angle is computed.

use super::pen::Place;
use super::polygon_fill::{Cover, Point, snapped};
use crate::image::Edges;
use crate::series::scalar::Scalar;

/// A flat piece's chord times its height, in square pixels. Two straight lines that enclose the
/// same area stand for it: they and a parabola part from each other by 0.025 of that product at
/// most, once in each direction.
const FLAT: f64 = 5e-4;
/// Of a shape behind a PSF, whose edge is not seen: a few sides instead of many.
const FLAT_BLURRED: f64 = 4e-3;
/// ...that however small it is have its area within 3e-6: as many halvings of a quarter.
const LEAST_HALVED: u32 = 3;
/// Halvings of a piece: a quarter of the largest circle is then below a pixel.
pub(crate) const HALVINGS: u32 = 56;
/// Semi-axes in pixels: their squares and quotients stay numbers.
const SMALLEST: f64 = 1e-12;
const LARGEST: f64 = 1e12;

/// All points at a distance from an ellipse, outward or (below 0) inward.
#[derive(Clone, Copy, Debug)]
pub struct Oval<S = f64> {
    centre: Place<S>,
    /// The direction of the longer axis.
    cos: S,
    sin: S,
    /// Squares of the semi-axes, the longer one first.
    squares: [S; 2],
    offset: S,
    /// Where the support function of the ellipse is above this, the curve is at its tip: so
    /// far inward the normals of the sharp end cross.
    most: f64,
    tip: S,
}

impl<S: Scalar> Oval<S> {
    /// Of an ellipse with these semi-axes, in pixels, the first one in a direction given by its
    /// cosine and sine; none where nothing is inside.
    pub fn new(
        centre: Place<S>,
        (along, across): (S, S),
        (cos, sin): Place<S>,
        offset: S,
    ) -> Option<Oval<S>> {
        let within = |axis: S| axis.through(axis.value().clamp(SMALLEST, LARGEST), || 1.0);
        let (along, across) = (within(along), within(across));
        let is_across = along.value() < across.value();
        let (a, b, cos, sin) = if is_across { (across, along, -sin, cos) } else { (along, across, cos, sin) };
        if offset.value() <= -b.value() {
            return None;
        }
        let squares = [a * a, b * b];
        let (mut most, mut tip) = (f64::INFINITY, S::real(0.0));
        if offset.value() < 0.0 && a.value() > b.value() {
            let turning = squares[1] / -offset;
            let square = (turning * turning - squares[1]) / (squares[0] - squares[1]);
            most = turning.value();
            if square.value() > 0.0 {
                let u = if square.value() < 1.0 { square.root() } else { S::real(1.0) };
                tip = u * (squares[0] / turning + offset);
            }
        }
        Some(Oval { centre, cos, sin, squares, offset, most, tip })
    }

    /// A circle; none without a radius.
    pub fn circle(centre: Place<S>, radius: S) -> Option<Oval<S>> {
        let none = S::real(0.0);
        let is_there = radius.value() > 0.0;
        is_there.then(|| Oval::new(centre, (radius, radius), (S::real(1.0), none), none)).flatten()
    }

    /// The point with this outward unit normal.
    ///
    /// With h the support function, the ellipse's own point is (a^2 u, b^2 v) / h in the
    /// direction of its axes.
    pub(crate) fn place(&self, normal: Place<S>) -> Place<S> {
        let (u, v) = (normal.0 * self.cos + normal.1 * self.sin, normal.1 * self.cos - normal.0 * self.sin);
        let h = (self.squares[0] * u * u + self.squares[1] * v * v).root();
        let (x, y) = if h.value() > self.most {
            (if u.value() < 0.0 { -self.tip } else { self.tip }, S::real(0.0))
        } else {
            (u * (self.squares[0] / h + self.offset), v * (self.squares[1] / h + self.offset))
        };
        (self.centre.0 + (x * self.cos - y * self.sin), self.centre.1 + (x * self.sin + y * self.cos))
    }

    /// Half the way between two normals, and the point there.
    pub(crate) fn between(&self, a: Place<S>, b: Place<S>) -> (Place<S>, Place<S>) {
        let (x, y) = (a.0 + b.0, a.1 + b.1);
        let length = (x * x + y * y).root();
        let normal = (x / length, y / length);
        (normal, self.place(normal))
    }
}

impl Oval {
    /// The same on the lattice of corners.
    pub(super) fn at(&self, normal: Point) -> Point {
        snapped(self.place(normal))
    }
}

/// A normal and its point.
type End = (Point, Point);

impl Cover {
    /// A piece of an oval's edge, counter-clockwise between two normals of one quarter.
    pub(super) fn quarter(&mut self, edges: Edges, oval: &Oval, from: Point, to: Point, sign: i32) {
        self.piece(edges, oval, [(from, oval.at(from)), (to, oval.at(to))], (sign, HALVINGS));
    }

    fn piece(&mut self, edges: Edges, oval: &Oval, ends: [End; 2], (sign, halvings): (i32, u32)) {
        let [(_, from), (_, to)] = ends;
        let (low, high) = ordered(from.1, to.1);
        let (left, right) = ordered(from.0, to.0);
        let (rows, columns) = self.size();
        let beyond = left >= columns;
        if high <= 0.0 || low >= rows || (beyond && !self.is_tracing()) {
            return;
        }
        if right <= 0.0 || low == high || beyond {
            return self.edge(edges, from, to, sign);
        }
        match edges {
            Edges::Coverage => self.cover_piece(oval, ends, (sign, halvings)),
            Edges::Binary => self.cross_piece(oval, ends, (sign, halvings)),
        }
    }

    fn halve(
        &mut self,
        edges: Edges,
        oval: &Oval,
        ends: [End; 2],
        middle: End,
        (sign, halvings): (i32, u32),
    ) {
        self.piece(edges, oval, [ends[0], middle], (sign, halvings - 1));
        self.piece(edges, oval, [middle, ends[1]], (sign, halvings - 1));
    }

    /// By two lines whose corner is a third higher than the curve, so that areas agree.
    fn cover_piece(&mut self, oval: &Oval, ends: [End; 2], state: (i32, u32)) {
        let [(_, from), (_, to)] = ends;
        let middle = between(oval, ends);
        let foot = (0.5 * (from.0 + to.0), 0.5 * (from.1 + to.1));
        let height = (middle.1.0 - foot.0, middle.1.1 - foot.1);
        let chord = (to.0 - from.0, to.1 - from.1);
        let is_flat = if self.is_tracing() {
            is_flat_blurred(height, chord, state.1)
        } else {
            square(height) * square(chord) <= FLAT * FLAT
        };
        if state.1 > 0 && !is_flat {
            return self.halve(Edges::Coverage, oval, ends, middle, state);
        }
        let apex = snapped((foot.0 + height.0 * (4.0 / 3.0), foot.1 + height.1 * (4.0 / 3.0)));
        self.edge(Edges::Coverage, from, apex, state.0);
        self.edge(Edges::Coverage, apex, to, state.0);
    }

    /// Halves until no centre of a pixel is in the piece's box.
    fn cross_piece(&mut self, oval: &Oval, ends: [End; 2], state: (i32, u32)) {
        let [(_, from), (_, to)] = ends;
        let (low, high) = ordered(from.1, to.1);
        let rows = self.centres((low, high));
        if rows.is_empty() {
            return;
        }
        if state.1 > 0 && Cover::first_centre(from.0) != Cover::first_centre(to.0) {
            return self.halve(Edges::Binary, oval, ends, between(oval, ends), state);
        }
        let sign = if to.1 > from.1 { -state.0 } else { state.0 };
        for row in rows {
            self.switch(row, from.0, sign);
        }
    }
}

/// Half the way.
fn between(oval: &Oval, [(a, _), (b, _)]: [End; 2]) -> End {
    let (normal, point) = oval.between(a, b);
    (normal, snapped(point))
}

/// Whether a piece that may be halved so often is flat enough for a shape behind a PSF.
pub(crate) fn is_flat_blurred(height: Point, chord: Point, halvings: u32) -> bool {
    halvings + LEAST_HALVED <= HALVINGS && square(height) * square(chord) <= FLAT_BLURRED * FLAT_BLURRED
}

fn square((x, y): Point) -> f64 {
    x * x + y * y
}

fn ordered(a: f64, b: f64) -> (f64, f64) {
    if a < b { (a, b) } else { (b, a) }
}
