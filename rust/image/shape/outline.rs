//! Polygons of given vertices, which may cross themselves, and their outlines.

use super::crossing_fill::Sweep;
use super::line;
use super::pen::{Place, Strokes};
use super::polygon_fill::Point;
use crate::series::scalar::Scalar;

/// The most vertices of a polygon.
pub const MOST_VERTICES: usize = 100;
/// Sides of a polygon, and of a stroke and a corner for each of them.
const MOST_SIDES: usize = MOST_VERTICES * 9;
/// A corner whose tip is further than this from the vertex, in half widths of the line, is
/// bevelled, as by SVG's default: corners sharper than 29 degrees.
const LIMIT: f64 = 4.0;

impl Sweep {
    /// Room for a polygon and its outline.
    pub(crate) fn of_outline() -> Sweep {
        Sweep::new(MOST_SIDES)
    }
}

/// The vertices of a polygon, relative to its centre and at angle 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Vertices {
    points: Vec<Point>,
    /// The distance of the furthest.
    reach: f64,
}

impl Vertices {
    /// A polygon.
    ///
    /// # Errors
    /// Too few or too many vertices, numbers that are not finite, or all vertices in one place.
    pub fn new(points: &[[f64; 2]]) -> Result<Vertices, String> {
        if !(3..=MOST_VERTICES).contains(&points.len()) {
            return Err(format!("{} vertices are not allowed; 3 to {MOST_VERTICES} are", points.len()));
        }
        if points.iter().flatten().any(|coordinate| !coordinate.is_finite()) {
            return Err("a vertex is not finite; each is two finite numbers".into());
        }
        let square = |[x, y]: &[f64; 2]| x * x + y * y;
        let reach = points.iter().map(square).fold(0.0, f64::max).sqrt();
        if !(reach > 0.0 && reach.is_finite()) {
            return Err(format!("the furthest vertex is {reach} from x, y; it must be above 0 and a number"));
        }
        Ok(Vertices { points: points.iter().map(|[x, y]| (*x, *y)).collect(), reach })
    }

    /// How many there are, and the distance of the furthest.
    pub fn size(&self) -> (usize, f64) {
        (self.points.len(), self.reach)
    }

    /// The vertices with the furthest at a distance, turned and moved.
    pub(super) fn placed<S: Scalar>(
        &self,
        (x, y): Place<S>,
        radius: S,
        (cos, sin): Place<S>,
    ) -> impl Iterator<Item = Place<S>> + Clone {
        let scale = radius / S::real(self.reach);
        self.points.iter().map(move |&(u, v)| {
            let (u, v) = (scale.times(u), scale.times(v));
            (x + (u * cos - v * sin), y + (u * sin + v * cos))
        })
    }
}

/// Draws a polygon, whose inside is by the even-odd rule, and a band of twice the half width along its edge.
pub(super) fn draw<S: Scalar>(
    corners: impl Iterator<Item = Place<S>> + Clone,
    (fill, half): (bool, S),
    strokes: &mut impl Strokes<S>,
) {
    if fill {
        strokes.polygon(corners.clone());
    }
    if half.value() > 0.0 {
        stroke(strokes, corners, half);
    }
}

/// The band as a rectangle for each side and a piece for the outer side of each corner.
fn stroke<S: Scalar>(strokes: &mut impl Strokes<S>, corners: impl Iterator<Item = Place<S>>, half: S) {
    let (corners, count) = distinct(corners);
    for i in 0..count {
        let [from, at, to] = [i + count - 1, i, i + 1].map(|i| corners[i % count]);
        if let Some(rectangle) = line::corners([at, to], half) {
            strokes.stroke(&rectangle);
        }
        join(strokes, [from, at, to], half);
    }
}

/// The corners without those that repeat the one before.
fn distinct<S: Scalar>(corners: impl Iterator<Item = Place<S>>) -> ([Place<S>; MOST_VERTICES], usize) {
    let (mut found, mut count) = ([(S::real(0.0), S::real(0.0)); MOST_VERTICES], 0);
    let same = |a: Place<S>, b: Place<S>| (a.0.value(), a.1.value()) == (b.0.value(), b.1.value());
    for corner in corners.take(MOST_VERTICES) {
        if count == 0 || !same(found[count - 1], corner) {
            found[count] = corner;
            count += 1;
        }
    }
    while count > 1 && same(found[0], found[count - 1]) {
        count -= 1;
    }
    (found, count)
}

/// Fills the gap at the outer side of a corner, to its tip or straight across.
fn join<S: Scalar>(strokes: &mut impl Strokes<S>, [from, at, to]: [Place<S>; 3], half: S) {
    let (Some(one), Some(other)) = (direction(from, at), direction(at, to)) else { return };
    let turn = one.0 * other.1 - one.1 * other.0;
    let is_left = turn.value() > 0.0;
    // The outer side is at the right of a turn to the left; the piece is counter-clockwise.
    let (first, last) = if is_left { (one, other) } else { (other, one) };
    let side = if is_left { half } else { -half };
    let [u, v] = [first, last].map(|(x, y)| (side * y, -side * x));
    let both = S::real(1.0) + one.0 * other.0 + one.1 * other.1;
    let beyond = |by: Place<S>| (at.0 + by.0, at.1 + by.1);
    if both.value() * (LIMIT * LIMIT) < 2.0 {
        strokes.stroke(&[at, beyond(u), beyond(v)]);
    } else {
        let tip = ((u.0 + v.0) / both, (u.1 + v.1) / both);
        strokes.stroke(&[at, beyond(u), beyond(tip), beyond(v)]);
    }
}

/// The unit vector from one point to another, if they are two.
fn direction<S: Scalar>(from: Place<S>, to: Place<S>) -> Option<Place<S>> {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = (dx * dx + dy * dy).root();
    (length.value() > 0.0).then_some((dx / length, dy / length))
}
