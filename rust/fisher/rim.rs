//! Shapes behind a PSF, in the space of frequencies: what their border encloses, and what flows over it.
//!
//! A straight piece of the border with the middle m, the half vector h and s = k h turns light by e^(-i k m). It encloses,
//! at its left, (i/kx) dy e^(-i k m) sin(s)/s, and where the flow over it, of the motion across it times its length, is
//! a + b t, t from -1 to 1 along it, it brings e^(-i k m) (a sin(s)/s - i b j(s)), j(s) = (sin(s)/s - cos(s))/s. No kx of
//! the lattice is 0.

use super::border::{Border, Piece};
use crate::image::fourier::Side;
use crate::isa::{Isa, kernel};
use crate::math::sin_cos;
use crate::plan::{Entry, Plan};
use crate::series::scalar::Dual;

/// Below this angle both functions are their series, within 3e-12.
const NEAR: f64 = 0.05;

/// A piece of a border, from the frame's middle.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Bar {
    middle: [f64; 2],
    half: [f64; 2],
    /// Its height, where it encloses anything: what is left of the frame is moved to its border.
    rise: f64,
}

/// The border of one shape, and how it changes in several directions.
#[derive(Default)]
pub(super) struct Rim {
    bars: Vec<Bar>,
    /// Mean flow over each bar and half of what it grows by, of one direction after the other.
    flows: Vec<[f64; 2]>,
    directions: usize,
}

impl Rim {
    /// Of a shape whose parameters change at these rates, as far as so many pixels around the frame.
    pub(super) fn new(
        plan: &Plan,
        entry: &Entry,
        margin: usize,
        parameters: &[f64],
        rates: &[&[f64]],
    ) -> Rim {
        let grid = plan.grid.widened(margin);
        let frame = [grid.columns() as f64, grid.rows() as f64];
        let trace = |rates: &&[f64]| {
            let mut border = Border::new(frame);
            entry.outline(&grid, &Dual::all(parameters, rates), &mut border);
            border.pieces()
        };
        let all: Vec<Vec<Piece>> = rates.iter().map(trace).collect();
        let mut rim = Rim { directions: rates.len(), ..Rim::default() };
        let Some(first) = all.first() else { return rim };
        let middle = [plan.grid.columns(), plan.grid.rows()].map(|side| (side.div_ceil(2) + margin) as f64);
        for (i, piece) in first.iter().enumerate() {
            let flows: Vec<[f64; 2]> = all.iter().map(|pieces| flow(&pieces[i])).collect();
            rim.push(place(piece), &flows, frame, middle);
        }
        rim
    }

    /// Adds a piece, within the frame: flows as far as they are in it, and what it encloses.
    fn push(&mut self, ends: [[f64; 2]; 2], flows: &[[f64; 2]], frame: [f64; 2], middle: [f64; 2]) {
        let [from, to] = ends;
        let bar = |[from, to]: [[f64; 2]; 2], rise: f64| Bar {
            middle: [0, 1].map(|i| 0.5 * (from[i] + to[i]) - middle[i]),
            half: [0, 1].map(|i| 0.5 * (to[i] - from[i])),
            rise,
        };
        let (low, high) = within(ends, frame);
        if (low, high) == (0.0, 1.0) {
            self.bars.push(bar(ends, to[1] - from[1]));
            return self.flows.extend(flows);
        }
        if low < high {
            let at = |t: f64| [0, 1].map(|i| from[i] + (to[i] - from[i]) * t);
            self.bars.push(bar([at(low), at(high)], 0.0));
            let (share, centre) = (high - low, low + high - 1.0);
            self.flows.extend(flows.iter().map(|[a, b]| [share * (a + b * centre), share * share * b]));
        }
        let (below, above, sign) = if to[1] > from[1] { (from, to, 1.0) } else { (to, from, -1.0) };
        let bottom = if below[1] > 0.0 { below[1] } else { 0.0 };
        let top = if above[1] < frame[1] { above[1] } else { frame[1] };
        if bottom < top {
            let side = Side { low: below.into(), high: above.into(), sign };
            side.between(bottom, top).clipped(frame[0], 0.0, |side| {
                let ends = [side.low.into(), side.high.into()];
                self.bars.push(bar(ends, sign * (side.high.1 - side.low.1)));
                self.flows.extend(flows.iter().map(|_| [0.0; 2]));
            });
        }
    }

    /// Least and greatest place along an axis, from the frame's middle.
    pub(super) fn bounds(&self, axis: usize) -> [f64; 2] {
        self.bars.iter().fold([0.0; 2], |[low, high], bar| {
            let (a, b) = (bar.middle[axis] - bar.half[axis], bar.middle[axis] + bar.half[axis]);
            let (least, most) = if a < b { (a, b) } else { (b, a) };
            [if least < low { least } else { low }, if most > high { most } else { high }]
        })
    }

    /// Its area and its length.
    pub(super) fn size(&self) -> [f64; 2] {
        self.bars.iter().fold([0.0; 2], |[area, length], bar| {
            let [u, v] = bar.half;
            [area + bar.middle[0] * bar.rise, length + 2.0 * (u * u + v * v).sqrt()]
        })
    }
}

fn place([from, to]: &Piece) -> [[f64; 2]; 2] {
    [[from.0.value, from.1.value], [to.0.value, to.1.value]]
}

/// What flows outward over a piece: the mean, and half of what it grows by from end to end.
fn flow([from, to]: &Piece) -> [f64; 2] {
    let (dx, dy) = (to.0.value - from.0.value, to.1.value - from.1.value);
    let [first, last] = [from, to].map(|(x, y)| x.rate * dy - y.rate * dx);
    [0.5 * (first + last), 0.5 * (last - first)]
}

/// The part of a line that is in the frame (Liang & Barsky 1984).
fn within([from, to]: [[f64; 2]; 2], frame: [f64; 2]) -> (f64, f64) {
    let (mut low, mut high) = (0.0, 1.0);
    for i in [0, 1] {
        let way = to[i] - from[i];
        for (way, room) in [(-way, from[i]), (way, frame[i] - from[i])] {
            if way > 0.0 && room / way < high {
                high = room / way;
            } else if way < 0.0 && room / way > low {
                low = room / way;
            } else if way == 0.0 && room < 0.0 {
                return (1.0, 0.0);
            }
        }
    }
    (low, high)
}

/// Real and imaginary parts at ky and at -ky.
pub(super) type Parts = [[Vec<f64>; 2]; 2];

/// Where a rim's transform and its rates are worked out, row by row; one for each thread.
#[derive(Default)]
pub(super) struct Waves {
    /// Cosine and sine of ky times the middle and the half vector of each bar: a line for each.
    lines: [Vec<f64>; 4],
    ky: Vec<f64>,
    /// What one bar makes of a flow, and of one that grows.
    even: Parts,
    growing: Parts,
    /// What the rim encloses.
    pub(super) value: Parts,
    /// What flows over it, by direction.
    pub(super) moved: Vec<Parts>,
}

impl Waves {
    /// For the rows of a lattice with these ky.
    pub(super) fn set(&mut self, rim: &Rim, ky: &[f64]) {
        self.ky.clear();
        self.ky.extend_from_slice(ky);
        self.lines.iter_mut().for_each(Vec::clear);
        for bar in &rim.bars {
            for k in ky {
                let (middle, half) = (sin_cos(k * bar.middle[1]), sin_cos(k * bar.half[1]));
                let values = [middle.1, middle.0, half.1, half.0];
                self.lines.iter_mut().zip(values).for_each(|(line, value)| line.push(value));
            }
        }
        self.moved.resize_with(rim.directions.max(self.moved.len()), Parts::default);
    }

    /// All bars at one kx and the first of the ky.
    pub(super) fn row(&mut self, isa: Isa, rim: &Rim, kx: f64, count: usize) {
        let Waves { lines, ky, even, growing, value, moved } = self;
        for parts in [&mut *even, growing, value].into_iter().chain(&mut moved[..rim.directions]) {
            for part in parts.iter_mut().flatten() {
                part.clear();
                part.resize(count, 0.0);
            }
        }
        let stride = ky.len();
        for (n, bar) in rim.bars.iter().enumerate() {
            let lines = lines.each_ref().map(|line| &line[n * stride..][..count]);
            wave(isa, kx, &ky[..count], bar, lines, even, growing);
            if bar.rise != 0.0 {
                enclose(isa, bar.rise / kx, even, value);
            }
            let flows = &rim.flows[n * rim.directions..][..rim.directions];
            for (flow, moved) in flows.iter().zip(&mut *moved).filter(|(flow, _)| **flow != [0.0; 2]) {
                bring(isa, *flow, [even, growing], moved);
            }
        }
    }
}

kernel! {
    /// The waves of one bar.
    fn wave(kx: f64, ky: &[f64], bar: &Bar, lines: [&[f64]; 4], even: &mut Parts, growing: &mut Parts) {
        let count = ky.len();
        let [cos_b, sin_b, cos_v, sin_v] = lines.map(|line| &line[..count]);
        let (sin_a, cos_a) = sin_cos(kx * bar.middle[0]);
        let (sin_u, cos_u) = sin_cos(kx * bar.half[0]);
        for (side, sign) in [1.0, -1.0].into_iter().enumerate() {
            let [re, im] = even[side].each_mut().map(|part| &mut part[..count]);
            let [growing_re, growing_im] = growing[side].each_mut().map(|part| &mut part[..count]);
            for i in 0..count {
                let (sin_b, sin_v) = (sign * sin_b[i], sign * sin_v[i]);
                let s = kx * bar.half[0] + sign * ky[i] * bar.half[1];
                let (sin, cos) = (sin_u * cos_v[i] + cos_u * sin_v, cos_u * cos_v[i] - sin_u * sin_v);
                let (flat, steep) = both(s, sin, cos);
                let (turn, other) = (cos_a * cos_b[i] - sin_a * sin_b, sin_a * cos_b[i] + cos_a * sin_b);
                (re[i], im[i]) = (turn * flat, -other * flat);
                (growing_re[i], growing_im[i]) = (-other * steep, -turn * steep);
            }
        }
    }
}

/// sin(s)/s and j(s), from all three.
#[inline(always)]
fn both(s: f64, sin: f64, cos: f64) -> (f64, f64) {
    let near = s.abs() < NEAR;
    let per = 1.0 / if near { 1.0 } else { s };
    let (square, flat) = (s * s, sin * per);
    let steep = (flat - cos) * per;
    // Both ways are taken, so that lanes need not part.
    let (near_flat, near_steep) = (
        1.0 - square * (1.0 / 6.0 - square * (1.0 / 120.0)),
        s * (1.0 / 3.0 - square * (1.0 / 30.0 - square * (1.0 / 840.0))),
    );
    (if near { near_flat } else { flat }, if near { near_steep } else { steep })
}

kernel! {
    /// Adds what a bar encloses: i times it, and a factor.
    fn enclose(factor: f64, even: &Parts, value: &mut Parts) {
        for (from, to) in even.iter().zip(value) {
            let [re, im] = to;
            for (((x, y), a), b) in re.iter_mut().zip(im).zip(&from[0]).zip(&from[1]) {
                (*x, *y) = (*x - factor * b, *y + factor * a);
            }
        }
    }
}

kernel! {
    /// Adds what flows over a bar.
    fn bring(flow: [f64; 2], waves: [&Parts; 2], moved: &mut Parts) {
        let from = waves[0].iter().flatten().zip(waves[1].iter().flatten());
        for ((even, growing), to) in from.zip(moved.iter_mut().flatten()) {
            for ((to, even), growing) in to.iter_mut().zip(even).zip(growing) {
                *to += flow[0] * even + flow[1] * growing;
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;
    use crate::series::scalar::Scalar;

    /// A box around (2, 3) that moves along x and grows along y, drawn counter-clockwise from its lower end.
    fn rim([width, height]: [f64; 2], frame: [f64; 2]) -> Rim {
        let corner = |u: f64, v: f64| {
            let moves = Dual { value: 2.0 + u * width, rate: 1.0 };
            let grows = Dual { value: 3.0 + v * height, rate: v };
            [moves, grows, Dual::real(2.0 + u * width), Dual { value: 3.0 + v * height, rate: v }]
        };
        let corners = [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)].map(|(u, v)| corner(u, v));
        let mut rim = Rim { directions: 2, ..Rim::default() };
        for i in 0..4 {
            let (from, to) = (corners[i], corners[(i + 1) % 4]);
            let along_x = [(from[0], Dual::real(from[1].value)), (to[0], Dual::real(to[1].value))];
            let along_y = [(from[2], from[3]), (to[2], to[3])];
            rim.push(place(&along_x), &[flow(&along_x), flow(&along_y)], frame, [0.0; 2]);
        }
        rim
    }

    fn rows(rim: &Rim, kx: f64, ky: &[f64]) -> Waves {
        let mut waves = Waves::default();
        waves.set(rim, ky);
        waves.row(Isa::best(), rim, kx, ky.len());
        waves
    }

    /// The transform is the product of two sincs, turned by the place; moving it turns it further, and its height's rate
    /// is that of a sinc.
    #[test]
    fn a_box_and_its_rates_are_as_in_closed_form() {
        let ([width, height], ky) = ([4.0, 5.0], [1e-3, 0.02, 0.7, 3.1]);
        let rim = rim([width, height], [20.0; 2]);
        assert!((rim.size()[0] - 20.0).abs() < 1e-12 && (rim.size()[1] - 18.0).abs() < 1e-12);
        for kx in [1e-3, 0.3, 2.2] {
            let waves = rows(&rim, kx, &ky);
            for (side, sign) in [1.0, -1.0].into_iter().enumerate() {
                for (l, ky) in ky.iter().map(|ky| sign * ky).enumerate() {
                    let bar = |k: f64, length: f64| (0.5 * k * length).sin() / (0.5 * k);
                    let (cos, sin) = ((2.0 * kx + 3.0 * ky).cos(), (2.0 * kx + 3.0 * ky).sin());
                    let value = bar(kx, width) * bar(ky, height);
                    let grown = bar(kx, width) * (0.5 * ky * height).cos();
                    let wanted = [
                        [value * cos, -value * sin],
                        [-kx * value * sin, -kx * value * cos],
                        [grown * cos, -grown * sin],
                    ];
                    let found = [&waves.value, &waves.moved[0], &waves.moved[1]];
                    for (found, wanted) in found.iter().zip(wanted) {
                        for part in [0, 1] {
                            let error = found[side][part][l] - wanted[part];
                            assert!(error.abs() < 1e-10, "{kx} {ky} {part}: {error}");
                        }
                    }
                }
            }
        }
    }

    /// What is left of the frame is moved to its border, and what flows there is not seen.
    #[test]
    fn what_is_outside_counts_as_its_part_within() {
        let (cut, whole) = (rim([40.0, 5.0], [4.0, 20.0]), rim([4.0, 5.0], [20.0; 2]));
        let (cut, whole) = (rows(&cut, 0.3, &[0.7]), rows(&whole, 0.3, &[0.7]));
        for (a, b) in cut.value.iter().flatten().zip(whole.value.iter().flatten()) {
            assert!((a[0] - b[0]).abs() < 1e-12);
        }
        assert!(cut.moved[0].iter().flatten().all(|part| part[0].abs() < 1e-12));
        for (a, b) in cut.moved[1].iter().flatten().zip(whole.moved[1].iter().flatten()) {
            assert!((a[0] - b[0]).abs() < 1e-12);
        }
    }
}
