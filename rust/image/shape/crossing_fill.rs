//! Filling of polygons whose sides may cross, by a sweep over strips.
//!
//! A strip reaches from one height to the next at which a side begins or ends or two cross.
//! Within it the sides have one order from left to right; those between inside and outside
//! bound what is covered. Every strip covers between pairs of sides of one height, so that
//! rounding moves a border but never leaves a streak.
//!
//! Sides are those of a polygon, whose inside is where an odd number of them is at the left
//! (the even-odd rule), and of strokes, convex pieces given counter-clockwise, whose inside is
//! that of any of them.

use super::pen::Strokes;
use super::polygon_fill::{Cover, Edge, Point, snapped};
use crate::image::Edges;

/// The lattice of heights.
const UNIT: f64 = 1.0 / 16_777_216.0;
/// Sides nearer than this, in pixels, do not cross: an area that no pixel shows.
const NEAR: f64 = 1e-9;

/// Whose side it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// Of the polygon.
    Polygon,
    /// Of a stroke; up, or down.
    Stroke(i32),
}

#[derive(Clone, Copy, Debug)]
struct Side {
    edge: Edge,
    of: Of,
}

impl Side {
    fn at(&self, y: f64) -> f64 {
        let ((x0, y0), (x1, y1)) = self.edge;
        x0 + (x1 - x0) * ((y - y0) / (y1 - y0))
    }

    /// For the order of the sweep: by lower ends.
    fn key(&self) -> [f64; 4] {
        let ((x0, y0), (x1, y1)) = self.edge;
        [y0, x0, y1, x1]
    }
}

/// The sides of a figure, and those in the strip at hand from left to right.
pub struct Sweep {
    sides: Vec<Side>,
    active: Vec<u16>,
    most: usize,
}

impl Sweep {
    /// Room for this many sides; what is beyond is left out.
    pub(super) fn new(most: usize) -> Sweep {
        Sweep { sides: Vec::with_capacity(most), active: Vec::with_capacity(most), most }
    }

    fn contour(&mut self, corners: impl Iterator<Item = Point> + Clone, stroke: bool) {
        let corners = corners.map(snapped);
        let Some(mut from) = corners.clone().last() else { return };
        for to in corners {
            let up = if to.1 > from.1 { 1 } else { -1 };
            let edge = if up == 1 { (from, to) } else { (to, from) };
            if to.1 != from.1 && self.sides.len() < self.most {
                self.sides.push(Side { edge, of: if stroke { Of::Stroke(up) } else { Of::Polygon } });
            }
            from = to;
        }
    }

    /// Covers the figure, and forgets it.
    pub(super) fn fill(&mut self, edges: Edges, cover: &mut Cover) {
        self.sides.sort_unstable_by(|a, b| {
            let pairs = a.key().into_iter().zip(b.key());
            pairs
                .map(|(a, b)| a.total_cmp(&b))
                .find(|order| order.is_ne())
                .unwrap_or(std::cmp::Ordering::Equal)
        });
        let rows = cover.size().0;
        let (mut y, mut next) = (0.0, 0);
        while y < rows {
            self.active.retain(|side| self.sides[*side as usize].edge.1.1 > y);
            while let Some(side) = self.sides.get(next).filter(|side| side.edge.0.1 <= y) {
                if side.edge.1.1 > y {
                    self.active.push(next as u16);
                }
                next += 1;
            }
            let coming = self.sides.get(next).map_or(rows, |side| side.edge.0.1);
            let coming = if coming < rows { coming } else { rows };
            let top = if self.active.is_empty() { coming } else { self.strip(y, coming) };
            self.cover(edges, (y, top), cover);
            y = top;
        }
        self.sides.clear();
        self.active.clear();
    }

    /// Puts the sides in order; gives the height at which the order ends.
    fn strip(&mut self, y: f64, coming: f64) -> f64 {
        let ends = self.active.iter().map(|side| self.sides[*side as usize].edge.1.1);
        let mut top = ends.fold(coming, |top, end| if end < top { end } else { top });
        let sides = &self.sides;
        let place = |side: u16| (sides[side as usize].at(y), sides[side as usize].at(top));
        for i in 1..self.active.len() {
            let (mut j, moving) = (i, self.active[i]);
            while j > 0 && is_before(place(moving), place(self.active[j - 1])) {
                self.active[j] = self.active[j - 1];
                j -= 1;
            }
            self.active[j] = moving;
        }
        let mut least = top;
        for pair in self.active.windows(2) {
            let (left, right) = (place(pair[0]), place(pair[1]));
            let (below, above) = (right.0 - left.0, right.1 - left.1);
            if below > NEAR && above < -NEAR {
                let crossing = y + (top - y) * (below / (below - above));
                least = if crossing < least { crossing } else { least };
            }
        }
        if least < top {
            let up = (least / UNIT).ceil() * UNIT;
            let up = if up > y { up } else { y + UNIT };
            top = if up < top { up } else { top };
        }
        top
    }

    /// Covers what is inside between two heights.
    fn cover(&self, edges: Edges, heights: (f64, f64), cover: &mut Cover) {
        let (mut odd, mut strokes, mut inside) = (false, 0, false);
        for side in self.active.iter().map(|side| self.sides[*side as usize]) {
            match side.of {
                Of::Polygon => odd = !odd,
                Of::Stroke(up) => strokes += up,
            }
            let then = odd || strokes != 0;
            if then != inside {
                cover.side(edges, side.edge, heights, if then { 1 } else { -1 });
            }
            inside = then;
        }
    }
}

impl Strokes<f64> for Sweep {
    fn polygon(&mut self, corners: impl Iterator<Item = Point> + Clone) {
        self.contour(corners, false);
    }

    fn stroke(&mut self, corners: &[Point]) {
        self.contour(corners.iter().copied(), true);
    }
}

/// Whether a side is at the left of another, by their places at two heights.
fn is_before(one: (f64, f64), other: (f64, f64)) -> bool {
    let below = one.0 - other.0;
    if below.abs() > NEAR { below < 0.0 } else { one.1 < other.1 }
}
