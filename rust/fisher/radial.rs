//! Radial transforms in f64, with their slopes: F(u), dF/du and dF/dp for u = q^2, q the frequency
//! times the scale radius, and p the index or beta.
//!
//! F and dF/du at the nodes come from Mellin transforms; between nodes F is their cubic, whose slope
//! is the slope that is given. [`PIECES`] nodes to an octave of u + 2^-20. Over p there are rows of
//! nodes in ln p, interpolated by a polynomial through six of them, whose derivative gives dF/dp. F is
//! within 3e-8 of the truth, q dF/dq and p dF/dp within 3e-6 (both worst at n = 0.3).

use super::rate::{differences, scale_of};
use crate::image::fourier::{Coefficients, Spread, invert};
use crate::image::profile::{moffat, sersic};
use crate::image::psf::airy;
use crate::isa::{Isa, kernel};
use crate::math::{exp, ln};
use std::sync::{LazyLock, OnceLock};

/// What is added to u.
pub(super) const OFFSET: f64 = 1.0 / (1 << 20) as f64;
/// The bits of a float beyond those that count the nodes.
const SHIFT: u32 = 52 - 5;
const PIECES: usize = 1 << (52 - SHIFT);
const BASE: u64 = OFFSET.to_bits() >> SHIFT;
const OCTAVES: usize = 44;
/// Nodes of a row: q reaches 4096.
const NODES: usize = PIECES * OCTAVES;
/// How many rows are interpolated.
const ROWS: usize = 6;

fn node(j: usize) -> f64 {
    f64::from_bits((BASE + j as u64) << SHIFT)
}

/// F and dF/du at the nodes.
struct Row(Vec<[f64; 2]>);

impl Row {
    fn of(transform: impl Fn(f64) -> [f64; 2]) -> Row {
        Row((0..NODES).map(|j| transform(node(j) - OFFSET)).collect())
    }

    fn mellin(coefficients: &Coefficients) -> Row {
        let q: Vec<f64> = (1..NODES).map(|j| (node(j) - OFFSET).sqrt()).collect();
        let (mut values, mut slopes) = (vec![0.0; q.len()], vec![0.0; q.len()]);
        invert(Isa::best(), coefficients, &q, &mut values);
        invert(Isa::best(), &coefficients.slope(), &q, &mut slopes);
        let pairs = q.iter().zip(values).zip(slopes);
        let rest: Vec<_> = pairs.map(|((q, value), slope)| [value, slope / (2.0 * q * q)]).collect();
        // The slope at 0 may be infinite; the first piece is a chord.
        let first = [1.0, (rest[0][0] - 1.0) / (node(1) - OFFSET)];
        Row([vec![first], rest].concat())
    }
}

/// Rows at equally spaced values of ln p, each made when it is first needed.
struct Family {
    first: f64,
    step: f64,
    rows: Vec<OnceLock<Row>>,
    make: fn(f64) -> Coefficients,
}

impl Family {
    fn new(first: f64, step: f64, count: usize, make: fn(f64) -> Coefficients) -> Family {
        Family { first, step, rows: (0..count).map(|_| OnceLock::new()).collect(), make }
    }

    /// The rows around a value, and their weights for the value and for the derivative.
    fn around(&self, value: f64) -> [(&Row, f64, f64); ROWS] {
        let place = (value - self.first) / self.step;
        let last = self.rows.len() - ROWS;
        let begin = if place > 2.0 { (place as usize - 2).min(last) } else { 0 };
        let (values, slopes) = lagrange(place - begin as f64);
        std::array::from_fn(|i| {
            let number = begin + i;
            let make = || Row::mellin(&(self.make)(self.first + self.step * number as f64));
            (self.rows[number].get_or_init(make), values[i], slopes[i] / self.step)
        })
    }
}

/// Weights of the polynomial through the values at 0, 1, .. 5, at t, and of its derivative.
fn lagrange(t: f64) -> ([f64; ROWS], [f64; ROWS]) {
    let (mut values, mut slopes) = ([1.0; ROWS], [0.0; ROWS]);
    for i in 0..ROWS {
        for j in (0..ROWS).filter(|j| *j != i) {
            let width = i as f64 - j as f64;
            slopes[i] = (slopes[i] * (t - j as f64) + values[i]) / width;
            values[i] *= (t - j as f64) / width;
        }
    }
    (values, slopes)
}

static GAUSSIAN: LazyLock<Row> = LazyLock::new(|| {
    Row::of(|u| {
        let value = exp(-0.5 * u);
        [value, -0.5 * value]
    })
});
static SERSIC: LazyLock<Family> =
    LazyLock::new(|| Family::new(-1.33, 0.05, 72, |node| sersic::transform(exp(node))));
static MOFFAT: LazyLock<Family> =
    LazyLock::new(|| Family::new(-2.46, 0.08, 92, |node| moffat::transform(1.0 + exp(node))));

/// F, dF/du and dF/dp.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Sample {
    pub(super) value: f64,
    pub(super) slope: f64,
    pub(super) shape: f64,
}

/// One transform, ready to be looked up.
pub(super) struct Radial {
    holds: Option<Spread>,
    /// From each node on the coefficients of two cubics, of F and of dF/dp.
    pieces: Vec<[f64; 8]>,
    /// F and dF/du, and their derivatives by p, at the nodes.
    nodes: Vec<[f64; 4]>,
}

impl Default for Radial {
    fn default() -> Radial {
        Radial { holds: None, pieces: vec![[0.0; 8]; NODES], nodes: vec![[0.0; 4]; NODES] }
    }
}

impl Radial {
    /// Makes it that of this spread.
    pub(super) fn set(&mut self, isa: Isa, spread: Spread) {
        if self.holds == Some(spread) {
            return;
        }
        self.holds = Some(spread);
        self.nodes.fill([0.0; 4]);
        match spread {
            // A picture has no radial transform; a point stands for it.
            Spread::Point | Spread::Picture(_) => self.nodes.fill([1.0, 0.0, 0.0, 0.0]),
            Spread::Airy(obscuration) => self.diffract(obscuration),
            Spread::Gaussian => self.blend(isa, &[(&GAUSSIAN, 1.0, 0.0)], 0.0),
            Spread::Sersic(n) => self.blend(isa, &SERSIC.around(ln(n)), 1.0 / n),
            Spread::Moffat(beta) => self.blend(isa, &MOFFAT.around(ln(beta - 1.0)), 1.0 / (beta - 1.0)),
        }
        cubics(isa, &self.nodes, &mut self.pieces);
    }

    /// Adds weighted rows; `inner` is the derivative of what they are spaced in.
    fn blend(&mut self, isa: Isa, rows: &[(&Row, f64, f64)], inner: f64) {
        for (row, value, slope) in rows {
            add_row(isa, &row.0, [*value, slope * inner], &mut self.nodes);
        }
    }

    /// The transform of diffraction has a closed form, and five-point differences of it are exact to 1e-9.
    fn diffract(&mut self, obscuration: f64) {
        let slope = |u: f64, e: f64| differences(|u| [airy::at(u, e)], u, u)[0];
        for (j, out) in self.nodes.iter_mut().enumerate().skip(1) {
            let u = node(j) - OFFSET;
            let both = |e: f64| [airy::at(u, e), slope(u, e)];
            let [shape, bend] = differences(both, obscuration, scale_of(obscuration, 0.0));
            *out = [airy::at(u, obscuration), slope(u, obscuration), shape, bend];
        }
        let chord = |i: usize, from: f64| (self.nodes[1][i] - from) / (node(1) - OFFSET);
        self.nodes[0] = [1.0, chord(0, 1.0), 0.0, chord(2, 0.0)];
    }

    /// At u.
    #[inline(always)]
    pub(super) fn at(&self, u: f64) -> Sample {
        let bits = (u + OFFSET).to_bits();
        let j = ((bits >> SHIFT) - BASE) as usize;
        let Some(c) = self.pieces.get(j) else { return Sample::default() };
        let t = (u + OFFSET) - f64::from_bits(bits >> SHIFT << SHIFT);
        Sample {
            value: c[0] + t * (c[1] + t * (c[2] + t * c[3])),
            slope: c[1] + t * (2.0 * c[2] + t * (3.0 * c[3])),
            shape: c[4] + t * (c[5] + t * (c[6] + t * c[7])),
        }
    }

    /// Beyond this q all is under `least`.
    pub(super) fn reach(&self, least: f64) -> f64 {
        let last = self.nodes.iter().rposition(|node| node[0].abs() >= least).unwrap_or(0);
        if last + 1 < NODES { (node(last + 1) - OFFSET).sqrt() } else { f64::INFINITY }
    }
}

kernel! {
    fn add_row(row: &[[f64; 2]], weights: [f64; 2], nodes: &mut [[f64; 4]]) {
        for (node, [value, slope]) in nodes.iter_mut().zip(row) {
            node[0] += weights[0] * value;
            node[1] += weights[0] * slope;
            node[2] += weights[1] * value;
            node[3] += weights[1] * slope;
        }
    }
}

kernel! {
    /// The cubics that have the values and slopes of both ends; the last node ends in nothing.
    fn cubics(nodes: &[[f64; 4]], pieces: &mut [[f64; 8]]) {
        for (j, piece) in pieces.iter_mut().enumerate() {
            let Some(next) = nodes.get(j + 1) else {
                piece.copy_from_slice(&[nodes[j][0], 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
                continue;
            };
            let per = 1.0 / (node(j + 1) - node(j));
            for (half, (from, to)) in nodes[j].chunks_exact(2).zip(next.chunks_exact(2)).enumerate() {
                let rise = (to[0] - from[0]) * per;
                let second = (3.0 * rise - 2.0 * from[1] - to[1]) * per;
                let third = (from[1] + to[1] - 2.0 * rise) * (per * per);
                piece[4 * half..][..4].copy_from_slice(&[from[0], from[1], second, third]);
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;

    fn table(spread: Spread) -> Radial {
        let mut radial = Radial::default();
        radial.set(Isa::best(), spread);
        radial
    }

    /// F at q by the Mellin transform of that very p.
    fn exact(coefficients: &Coefficients, q: f64) -> f64 {
        let mut value = [0.0];
        invert(Isa::best(), coefficients, &[q], &mut value);
        value[0]
    }

    /// The worst of F, q dF/dq and p dF/dp against exact transforms and their five-point differences.
    fn worst(make: fn(f64) -> Coefficients, spread: fn(f64) -> Spread, p: f64, inner: f64) -> [f64; 3] {
        let radial = table(spread(p));
        let h = 1e-3;
        let around = [-2.0, -1.0, 1.0, 2.0].map(|i| make(p + i * h * inner));
        let middle = make(p);
        let difference = |[a, b, c, d]: [f64; 4]| (a - 8.0 * b + 8.0 * c - d) / (12.0 * h);
        let mut worst = [0.0_f64; 3];
        for i in 0..260 {
            let q = 0.003 * 1.045_f64.powi(i);
            let found = radial.at(q * q);
            let by_q = difference([-2.0, -1.0, 1.0, 2.0].map(|i| exact(&middle, q * (1.0 + i * h))));
            let by_p = difference([0, 1, 2, 3].map(|i| exact(&around[i], q)));
            let errors = [
                found.value - exact(&middle, q),
                2.0 * q * q * found.slope - by_q,
                found.shape * inner - by_p,
            ];
            for (worst, error) in worst.iter_mut().zip(errors) {
                *worst = worst.max(error.abs());
            }
        }
        worst
    }

    #[test]
    fn transforms_and_their_slopes_are_as_exact_as_stated() {
        for n in [0.3, 0.37, 0.5, 1.0, 2.63, 4.0, 7.3, 8.0] {
            let [value, slope, shape] = worst(sersic::transform, Spread::Sersic, n, n);
            println!("n {n}: {value:.1e} {slope:.1e} {shape:.1e}");
            assert!(value < 3e-8 && slope < 3e-6 && shape < 3e-6, "n {n}: {value:e} {slope:e} {shape:e}");
        }
        for beta in [1.1, 1.25, 2.0, 2.7, 4.765, 20.0, 100.0] {
            let [value, slope, shape] = worst(moffat::transform, Spread::Moffat, beta, beta - 1.0);
            println!("beta {beta}: {value:.1e} {slope:.1e} {shape:.1e}");
            assert!(value < 3e-8 && slope < 3e-6 && shape < 3e-6, "{beta}: {value:e} {slope:e} {shape:e}");
        }
    }

    #[test]
    fn a_gaussian_and_a_point_are_what_they_are() {
        let (gaussian, point) = (table(Spread::Gaussian), table(Spread::Point));
        for u in [0.0, 1e-3, 0.7, 3.3, 40.0] {
            let (found, truth) = (gaussian.at(u), (-0.5 * u).exp());
            assert!((found.value - truth).abs() < 1e-9 && (found.slope + 0.5 * truth).abs() < 1e-7, "{u}");
            assert_eq!(point.at(u), Sample { value: 1.0, slope: 0.0, shape: 0.0 });
        }
        assert!((gaussian.reach(1e-8) - (16.0 * std::f64::consts::LN_10).sqrt()).abs() < 0.2);
        assert_eq!(point.reach(1e-8), f64::INFINITY);
    }

    #[test]
    fn every_instruction_set_gives_the_same_bits() {
        let all = |isa: Isa| {
            let mut radial = Radial::default();
            radial.set(isa, Spread::Sersic(2.3));
            radial.pieces
        };
        let wanted = all(Isa::BASELINE);
        assert!(Isa::available().into_iter().all(|isa| all(isa) == wanted));
    }
}
