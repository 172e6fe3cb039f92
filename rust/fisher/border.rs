//! The border of a shape as it changes: straight pieces whose ends have rates.
//!
//! What a shape covers changes by what flows over its border, so that only the border and its motion count: of a
//! curve the pieces that the renderer behind a PSF draws (`image/shape/curve_fill.rs`), of a polygon that may cross itself
//! those parts of its sides where inside meets outside.

use crate::image::shape::curve_fill::{HALVINGS, Oval, is_flat_blurred};
use crate::image::shape::pen::{Pen, Place, Strokes};
use crate::series::scalar::{Dual, Scalar};

/// Sides are parted no finer, in pixels.
const NEAR: f64 = 1e-9;
/// So far from a side it is looked whether there is inside.
const BESIDE: f64 = 1e-6;

/// A straight piece; what is covered is at its left.
pub(crate) type Piece = [Place<Dual>; 2];

/// Whose side it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Polygon,
    Stroke,
}

/// Takes the border of one shape.
pub(crate) struct Border {
    pieces: Vec<Piece>,
    sides: Vec<(Piece, Of)>,
    /// Beyond these columns and rows a curve is as good as its chord.
    frame: [f64; 2],
}

impl Border {
    /// For a frame of so many columns and rows.
    pub(super) fn new(frame: [f64; 2]) -> Border {
        Border { pieces: vec![], sides: vec![], frame }
    }

    /// All of it.
    pub(super) fn pieces(mut self) -> Vec<Piece> {
        for (i, (side, _)) in self.sides.iter().enumerate() {
            let cuts = self.cuts(i);
            for ends in cuts.windows(2) {
                let part = |t: f64| along(*side, t);
                let middle = part(0.5 * (ends[0] + ends[1]));
                if self.sides[..i].iter().any(|(other, _)| lies_on(middle, *side, *other)) {
                    continue;
                }
                match self.beside(middle, *side) {
                    (true, false) => self.pieces.push([part(ends[0]), part(ends[1])]),
                    (false, true) => self.pieces.push([part(ends[1]), part(ends[0])]),
                    _ => {}
                }
            }
        }
        self.pieces
    }

    /// Where other sides begin, end or cross on one, as parts of its length.
    fn cuts(&self, i: usize) -> Vec<f64> {
        let side = self.sides[i].0;
        let (from, d) = (value(side[0]), vector(side));
        let square = dot(d, d);
        let mut cuts = vec![0.0, 1.0];
        for (other, _) in self.sides.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, other)| other) {
            let (begin, e) = (value(other[0]), vector(*other));
            let (to_begin, turn) = (minus(begin, from), cross(d, e));
            if turn.abs() > 1e-12 * (square * dot(e, e)).sqrt() {
                let (t, u) = (cross(to_begin, e) / turn, cross(to_begin, d) / turn);
                if (-1e-9..=1.0 + 1e-9).contains(&u) {
                    cuts.push(t);
                }
            } else if cross(to_begin, d).abs() < NEAR * square.sqrt() {
                let first = dot(to_begin, d) / square;
                cuts.extend([first, first + dot(e, d) / square]);
            }
        }
        cuts.retain(|t| (0.0..=1.0).contains(t));
        cuts.sort_unstable_by(f64::total_cmp);
        cuts.dedup_by(|next, kept| (*next - *kept) * square.sqrt() < NEAR);
        cuts
    }

    /// Whether there is inside at the left and at the right of a point of a side.
    fn beside(&self, middle: Place<Dual>, side: Piece) -> (bool, bool) {
        let (d, (x, y)) = (vector(side), value(middle));
        let far = BESIDE / dot(d, d).sqrt();
        let left = (-d.1 * far, d.0 * far);
        (self.is_inside((x + left.0, y + left.1)), self.is_inside((x - left.0, y - left.1)))
    }

    fn is_inside(&self, (x, y): (f64, f64)) -> bool {
        let (mut odd, mut strokes) = (false, 0);
        for (side, of) in &self.sides {
            let ((x0, y0), (x1, y1)) = (value(side[0]), value(side[1]));
            if (y0 <= y) == (y1 <= y) || x0 + (x1 - x0) * ((y - y0) / (y1 - y0)) > x {
                continue;
            }
            match of {
                Of::Polygon => odd = !odd,
                Of::Stroke => strokes += if y1 > y0 { 1 } else { -1 },
            }
        }
        odd || strokes != 0
    }

    fn contour(&mut self, corners: impl Iterator<Item = Place<Dual>> + Clone, of: Of) {
        let Some(mut from) = corners.clone().last() else { return };
        for to in corners {
            if value(from) != value(to) {
                self.sides.push(([from, to], of));
            }
            from = to;
        }
    }

    /// A piece of an oval between two normals, halved until it is as flat as the renderer's.
    fn curve(&mut self, oval: &Oval<Dual>, ends: [[Place<Dual>; 2]; 2], (sign, halvings): (i32, u32)) {
        let [[normal, from], [other, to]] = ends;
        if self.is_beyond(value(from), value(to)) {
            return self.push([from, to], sign);
        }
        let (between, middle) = oval.between(normal, other);
        let half = |a: Dual, b: Dual| (a + b).times(0.5);
        let foot = (half(from.0, to.0), half(from.1, to.1));
        let height = (middle.0 - foot.0, middle.1 - foot.1);
        let (rise, chord) = (value(height), vector([from, to]));
        if halvings > 0 && !is_flat_blurred(rise, chord, halvings) {
            self.curve(oval, [ends[0], [between, middle]], (sign, halvings - 1));
            return self.curve(oval, [[between, middle], ends[1]], (sign, halvings - 1));
        }
        // Two lines whose corner is a third higher than the curve: areas agree.
        let apex = (foot.0 + height.0.times(4.0 / 3.0), foot.1 + height.1.times(4.0 / 3.0));
        self.push([from, apex], sign);
        self.push([apex, to], sign);
    }

    /// Whether all between two ends of a quarter's piece is outside the frame.
    fn is_beyond(&self, from: (f64, f64), to: (f64, f64)) -> bool {
        let beyond = |a: f64, b: f64, end: f64| (a < 0.0 && b < 0.0) || (a > end && b > end);
        beyond(from.0, to.0, self.frame[0]) || beyond(from.1, to.1, self.frame[1])
    }

    fn push(&mut self, [from, to]: Piece, sign: i32) {
        self.pieces.push(if sign > 0 { [from, to] } else { [to, from] });
    }
}

impl Pen<Dual> for Border {
    fn polygon(&mut self, corners: &[Place<Dual>], sign: i32) {
        let sides = corners.iter().zip(corners.iter().cycle().skip(1)).map(|(from, to)| [*from, *to]);
        let area: f64 = sides.clone().map(|[from, to]| cross(value(from), value(to))).sum();
        sides.for_each(|side| self.push(side, if area < 0.0 { -sign } else { sign }));
    }

    fn quarter(&mut self, oval: &Oval<Dual>, from: Place<Dual>, to: Place<Dual>, sign: i32) {
        self.curve(oval, [[from, oval.place(from)], [to, oval.place(to)]], (sign, HALVINGS));
    }

    fn edge(&mut self, from: Place<Dual>, to: Place<Dual>) {
        self.push([from, to], 1);
    }
}

impl Strokes<Dual> for Border {
    fn polygon(&mut self, corners: impl Iterator<Item = Place<Dual>> + Clone) {
        self.contour(corners, Of::Polygon);
    }

    fn stroke(&mut self, corners: &[Place<Dual>]) {
        self.contour(corners.iter().copied(), Of::Stroke);
    }
}

/// Whether a point of a side is one of another side of the same direction.
fn lies_on(middle: Place<Dual>, side: Piece, other: Piece) -> bool {
    let (d, e) = (vector(side), vector(other));
    let to_middle = minus(value(middle), value(other[0]));
    let length = dot(e, e).sqrt();
    let part = dot(to_middle, e) / (length * length);
    (0.0..=1.0).contains(&part)
        && cross(to_middle, e).abs() < NEAR * length
        && cross(d, e).abs() < NEAR * length * dot(d, d).sqrt()
}

/// The place at a part of a piece's length.
fn along([from, to]: Piece, t: f64) -> Place<Dual> {
    (from.0 + (to.0 - from.0).times(t), from.1 + (to.1 - from.1).times(t))
}

fn value((x, y): Place<Dual>) -> (f64, f64) {
    (x.value, y.value)
}

fn minus(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    (a.0 - b.0, a.1 - b.1)
}

fn vector([from, to]: Piece) -> (f64, f64) {
    minus(value(to), value(from))
}

fn dot(a: (f64, f64), b: (f64, f64)) -> f64 {
    a.0 * b.0 + a.1 * b.1
}

fn cross(a: (f64, f64), b: (f64, f64)) -> f64 {
    a.0 * b.1 - a.1 * b.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn corners(corners: &[(f64, f64)]) -> Vec<Place<Dual>> {
        corners.iter().map(|&(x, y)| (Dual { value: x, rate: x }, Dual { value: y, rate: y })).collect()
    }

    /// The area, and its rate as the shape grows from the origin: twice as much.
    fn area(pieces: &[Piece]) -> [f64; 2] {
        pieces.iter().fold([0.0; 2], |[area, rate], [from, to]| {
            let (dx, dy) = vector([*from, *to]);
            let flow = |(x, y): Place<Dual>| x.rate * dy - y.rate * dx;
            let own = 0.5 * cross(value(*from), value(*to));
            [area + own, rate + 0.5 * (flow(*from) + flow(*to))]
        })
    }

    fn assert_area(border: Border, wanted: f64) {
        let [area, rate] = area(&border.pieces());
        assert!((area - wanted).abs() < 1e-12 && (rate - 2.0 * wanted).abs() < 1e-12, "{area} {rate}");
    }

    #[test]
    fn polygons_are_drawn_with_their_inside_at_the_left() {
        let mut border = Border::new([20.0; 2]);
        let outer = corners(&[(0.0, 0.0), (0.0, 6.0), (6.0, 6.0), (6.0, 0.0)]);
        let inner = corners(&[(1.0, 1.0), (3.0, 1.0), (3.0, 2.0), (1.0, 2.0)]);
        Pen::polygon(&mut border, &outer, 1);
        Pen::polygon(&mut border, &inner, -1);
        assert_area(border, 34.0);
    }

    #[test]
    fn an_oval_has_its_area() {
        for radius in [1e-3, 0.5, 7.0] {
            let mut border = Border::new([20.0; 2]);
            let size = Dual { value: radius, rate: radius };
            let oval = Oval::circle((Dual::real(9.0), Dual::real(9.0)), size).unwrap();
            border.oval(&oval, 1);
            let [area, rate] = area(&border.pieces());
            let truth = std::f64::consts::PI * radius * radius;
            // The place costs digits.
            assert!((area / truth - 1.0).abs() < 4e-6 && (rate / area - 2.0).abs() < 1e-7, "{radius}");
        }
    }

    /// A bow tie, whose halves are both inside; a square that is wound twice, which is outside; strokes that overlap,
    /// share a side, and one that is there twice.
    #[test]
    fn sides_that_cross_and_coincide_are_parted() {
        let polygon = |list: &[(f64, f64)]| {
            let mut border = Border::new([20.0; 2]);
            Strokes::polygon(&mut border, corners(list).into_iter());
            border
        };
        assert_area(polygon(&[(0.0, 0.0), (4.0, 4.0), (4.0, 0.0), (0.0, 4.0)]), 8.0);
        let square = [(0.0, 0.0), (3.0, 0.0), (3.0, 3.0), (0.0, 3.0)];
        assert_area(polygon(&[square, square].concat()), 0.0);
        let mut border = polygon(&square);
        for list in [
            [(2.0, 1.0), (5.0, 1.0), (5.0, 2.0), (2.0, 2.0)],
            [(2.0, 1.0), (5.0, 1.0), (5.0, 2.0), (2.0, 2.0)],
            [(5.0, 1.0), (6.0, 1.0), (6.0, 2.0), (5.0, 2.0)],
        ] {
            border.stroke(&corners(&list));
        }
        assert_area(border, 12.0);
    }
}
