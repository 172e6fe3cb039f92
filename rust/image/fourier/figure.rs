//! Shapes through a PSF: the transform of what their edges enclose.
//!
//! What is at the right of an edge of height h, with the middle (x, y) and the half vector (u, v), has
//! the transform h/(i kx) e^(-i(kx x + ky y)) sinc(kx u + ky v), where sinc t = sin t/t; of the edges of a
//! figure the sum of them, each with its sign, is exact. No kx of the lattice is 0.

use super::axis::Axis;
use super::cells::{Cells, rotate};
use crate::isa::{Isa, kernel};

/// Below this angle sinc is its series.
const NEAR: f32 = 0.05;

/// An edge, its lower end first, in pixels from the frame's outer corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Side {
    /// The lower end.
    pub low: (f64, f64),
    /// The upper end.
    pub high: (f64, f64),
    /// 1 where it covers what is at its right, -1 where it uncovers that.
    pub sign: f64,
}

impl Side {
    fn at(&self, y: f64) -> (f64, f64) {
        let along = (y - self.low.1) / (self.high.1 - self.low.1);
        (self.low.0 + (self.high.0 - self.low.0) * along, y)
    }

    /// The part between two heights.
    pub(crate) fn between(&self, low: f64, high: f64) -> Side {
        Side { low: self.at(low), high: self.at(high), ..*self }
    }

    /// Its parts within, and on the borders of, the columns from 0 to `end`, moved by `shift`.
    pub(crate) fn clipped(&self, end: f64, shift: f64, mut act: impl FnMut(Side)) {
        let height = |x: f64| {
            let along = (x - self.low.0) / (self.high.0 - self.low.0);
            if along > 0.0 && along < 1.0 {
                self.low.1 + (self.high.1 - self.low.1) * along
            } else {
                self.high.1
            }
        };
        let (one, other) = (height(0.0), height(end));
        let (first, second) = if one < other { (one, other) } else { (other, one) };
        let mut from = self.low.1;
        for to in [first, second, self.high.1] {
            if to > from {
                let Side { low, high, sign } = self.between(from, to);
                let inside = |(x, y): (f64, f64)| {
                    let x = if x > 0.0 { x } else { 0.0 };
                    (if x < end { x } else { end } - shift, y - shift)
                };
                act(Side { low: inside(low), high: inside(high), sign });
                from = to;
            }
        }
    }
}

/// A figure: its edges, among others', and how bright it is.
pub(super) struct Figure {
    pub(super) sides: std::ops::Range<usize>,
    pub(super) intensity: f64,
}

/// The corners of the box around some sides.
pub(super) fn bounds(sides: &[Side]) -> [[f64; 2]; 2] {
    let mut bounds = [[f64::INFINITY, f64::NEG_INFINITY]; 2];
    for (x, y) in sides.iter().flat_map(|side| [side.low, side.high]) {
        for ([low, high], at) in bounds.iter_mut().zip([x, y]) {
            *low = if at < *low { at } else { *low };
            *high = if at > *high { at } else { *high };
        }
    }
    bounds
}

/// Cosine and sine along an axis.
#[derive(Default)]
struct Turns {
    cos: Vec<f32>,
    sin: Vec<f32>,
}

impl Turns {
    fn set(&mut self, x: f64, axis: &Axis, count: usize) {
        self.cos.resize(count, 0.0);
        self.sin.resize(count, 0.0);
        rotate(x, axis.period, count, |n, cos, sin| {
            (self.cos[n], self.sin[n]) = (cos as f32, sin as f32);
        });
    }
}

/// Where a transform is worked out: for the middle of an edge and for its half, along each axis.
#[derive(Default)]
pub(super) struct Work {
    middle: [Turns; 2],
    half: [Turns; 2],
    /// Frequencies along y.
    k: Vec<f32>,
}

/// The transform of a figure about a place.
pub(super) fn transform(
    isa: Isa,
    axes: [&Axis; 2],
    sides: &[Side],
    (x, y): (f64, f64),
    work: &mut Work,
    cells: &mut Cells,
) {
    cells.values.iter_mut().flatten().for_each(|values| values.fill(0.0));
    let counts = [cells.rows, cells.stride];
    work.k.clear();
    work.k.extend((0..cells.stride).map(|l| axes[1].frequency(l)));
    for side in sides {
        let middle = [0.5 * (side.low.0 + side.high.0) - x, 0.5 * (side.low.1 + side.high.1) - y];
        let half = [0.5 * (side.high.0 - side.low.0), 0.5 * (side.high.1 - side.low.1)];
        for i in [0, 1] {
            work.middle[i].set(middle[i], axes[i], counts[i]);
            work.half[i].set(half[i], axes[i], counts[i]);
        }
        let weight = side.sign * 2.0 * half[1];
        add(isa, axes[0], weight as f32, half.map(|half| half as f32), work, cells);
    }
}

kernel! {
    /// Adds what is at the right of an edge.
    fn add(axis: &Axis, weight: f32, half: [f32; 2], work: &Work, cells: &mut Cells) {
        let (stride, ky) = (cells.stride, &work.k[..cells.stride]);
        let (cos_b, sin_b) = (&work.middle[1].cos[..stride], &work.middle[1].sin[..stride]);
        let (cos_v, sin_v) = (&work.half[1].cos[..stride], &work.half[1].sin[..stride]);
        let [[plus_re, plus_im], [minus_re, minus_im]] = &mut cells.values;
        let plus = plus_re.chunks_exact_mut(stride).zip(plus_im.chunks_exact_mut(stride));
        let minus = minus_re.chunks_exact_mut(stride).zip(minus_im.chunks_exact_mut(stride));
        for (m, ((pr, pi), (mr, mi))) in plus.zip(minus).enumerate() {
            let kx = axis.frequency(m);
            let (w, u) = (weight / kx, kx * half[0]);
            let (cos_a, sin_a) = (w * work.middle[0].cos[m], w * work.middle[0].sin[m]);
            let (cos_u, sin_u) = (work.half[0].cos[m], work.half[0].sin[m]);
            for l in 0..stride {
                let v = ky[l] * half[1];
                let (x, y) = (sin_u * cos_v[l], cos_u * sin_v[l]);
                let (plus, minus) = (sinc(u + v, x + y), sinc(u - v, x - y));
                let (cc, ss) = (cos_a * cos_b[l], sin_a * sin_b[l]);
                let (sc, cs) = (sin_a * cos_b[l], cos_a * sin_b[l]);
                pr[l] -= plus * (sc + cs);
                pi[l] -= plus * (cc - ss);
                mr[l] -= minus * (sc - cs);
                mi[l] -= minus * (cc + ss);
            }
        }
    }
}

/// sin t/t, from both.
#[inline(always)]
fn sinc(t: f32, sin: f32) -> f32 {
    let near = t.abs() < NEAR;
    let quotient = sin / if near { 1.0 } else { t };
    if near { 1.0 - t * t * (1.0 / 6.0) } else { quotient }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;
    use crate::image::fourier::axis::{axis, shortest};

    /// A square's transform is the product of two sincs, turned by its place.
    #[test]
    fn a_square_has_the_transform_of_a_square() {
        let (low, high) = ((3.0, 7.5), (10.5, 9.0));
        let upright = |x: f64, sign: f64| Side { low: (x, low.1), high: (x, high.1), sign };
        let axes = [axis(shortest(64.0)), axis(shortest(48.0))];
        let (mut work, mut cells) = (Work::default(), Cells::default());
        cells.fit([40, 32]);
        let sides = [upright(low.0, 1.0), upright(high.0, -1.0)];
        transform(Isa::best(), axes, &sides, (8.0, 8.0), &mut work, &mut cells);
        let bar = |k: f64, length: f64| (0.5 * k * length).sin() / (0.5 * k);
        for m in 0..40 {
            for l in 0..32 {
                let (kx, ky) = (f64::from(axes[0].frequency(m)), f64::from(axes[1].frequency(l)));
                for (side, sign) in [1.0, -1.0].into_iter().enumerate() {
                    let size = bar(kx, high.0 - low.0) * bar(ky, high.1 - low.1);
                    let angle =
                        kx * (0.5 * (low.0 + high.0) - 8.0) + sign * ky * (0.5 * (low.1 + high.1) - 8.0);
                    let [re, im] = cells.row(side, m);
                    assert!((f64::from(re[l]) - size * angle.cos()).abs() < 2e-5, "{m} {l} {side}");
                    assert!((f64::from(im[l]) + size * angle.sin()).abs() < 2e-5, "{m} {l} {side}");
                }
            }
        }
    }

    #[test]
    fn sides_are_clipped_where_they_leave() {
        let side = Side { low: (-4.0, 0.0), high: (12.0, 8.0), sign: -1.0 };
        let mut parts = vec![];
        side.clipped(8.0, 1.0, |part| parts.push(part));
        let part = |low, high| Side { low, high, sign: -1.0 };
        let wanted =
            [part((-1.0, -1.0), (-1.0, 1.0)), part((-1.0, 1.0), (7.0, 5.0)), part((7.0, 5.0), (7.0, 7.0))];
        assert_eq!(parts, wanted);
        assert_eq!(bounds(&parts), [[-1.0, 7.0], [-1.0, 7.0]]);
    }
}
