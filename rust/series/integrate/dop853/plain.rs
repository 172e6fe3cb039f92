//! The same method for the motion of one run and its rates of change, at a tolerance of its own.
//!
//! Numbers of a state come in two halves, as positions and velocities; each half and the rates of each are
//! measured by the largest that it ever was.

use super::control;
use super::tableau::{ADVANCE, FIFTH, THIRD, TIMES, sum};
use crate::series::scalar::Dual;
use crate::series::variation::Equations;

/// The error of a step over the largest number of its kind: some roundings.
const TOLERANCE: f64 = 1e-13;
/// Positions, velocities, and the rates of both.
const KINDS: usize = 4;

/// The next step, and what is known from those before.
pub struct Step {
    /// How long the next should be.
    pub length: f64,
    /// The slopes k_0 .. k_12, each of the whole state; the first is that at the state.
    slopes: Vec<Vec<Dual>>,
    new: Vec<Dual>,
    /// The largest number of each kind so far.
    sizes: [f64; KINDS],
    refused: bool,
}

impl Step {
    /// At the start, with a first step that is short beside the motion: a hundredth of the time in which a
    /// number changes by the size of its kind.
    pub fn new(start: &[Dual], equations: &impl Equations) -> Step {
        let mut slopes = vec![vec![Dual::default(); start.len()]; ADVANCE + 1];
        equations(0.0, start, &mut slopes[0]);
        let mut sizes = [0.0; KINDS];
        grow(&mut sizes, start);
        let mut rates = [0.0; KINDS];
        grow(&mut rates, &slopes[0]);
        let over = |(size, rate): (&f64, &f64)| if *rate > 0.0 && *size > 0.0 { size / rate } else { 1e300 };
        let least = sizes.iter().zip(&rates).map(over).fold(1e300, |a, b| if b < a { b } else { a });
        let length = if least < 1e300 { 0.01 * least } else { 1e-6 };
        Step { length, slopes, new: start.to_vec(), sizes, refused: false }
    }

    /// Tries a step; the state moves where it is good.
    pub fn attempt(&mut self, time: f64, h: f64, state: &mut [Dual], equations: &impl Equations) -> bool {
        for (row, place) in TIMES.iter().enumerate().take(ADVANCE + 1).skip(1) {
            lead(row, &self.slopes, h, state, &mut self.new);
            equations(time + place * h, &self.new, &mut self.slopes[row]);
        }
        let mut sizes = self.sizes;
        grow(&mut sizes, &self.new);
        let error = self.error(h, &sizes) / TOLERANCE;
        let good = error <= 1.0;
        let wanted = h * control::factor(error, self.refused || !good);
        // A step that was cut short at a time that is asked for is no reason for another.
        self.length = if good && wanted < self.length && h < self.length { self.length } else { wanted };
        self.refused = !good;
        if good {
            self.sizes = sizes;
            state.copy_from_slice(&self.new);
            self.slopes.swap(0, ADVANCE);
        }
        good
    }

    /// The largest error of a kind, relative; NaN where a number is not finite.
    fn error(&self, h: f64, sizes: &[f64; KINDS]) -> f64 {
        let (mut fifth, mut third) = ([0.0; KINDS], [0.0; KINDS]);
        for i in 0..self.new.len() {
            let second = usize::from(2 * i >= self.new.len());
            for (kind, part) in [(second, value as Part), (2 + second, rate)] {
                let k = |j: usize| part(&self.slopes[j][i]);
                let poison = 0.0 * part(&self.new[i]);
                fifth[kind] = larger(fifth[kind], sum::<FIFTH>(k) + poison);
                third[kind] = larger(third[kind], sum::<THIRD>(k) + poison);
            }
        }
        let relative =
            |error: f64, size: f64| if size > 0.0 { (error / size) * (error / size) } else { error };
        let largest = |errors: [f64; KINDS]| {
            (0..KINDS).fold(0.0, |most, kind| larger(most, relative(errors[kind], sizes[kind])))
        };
        control::error(h, largest(fifth), largest(third), 1)
    }
}

type Part = fn(&Dual) -> f64;

fn value(number: &Dual) -> f64 {
    number.value
}

fn rate(number: &Dual) -> f64 {
    number.rate
}

/// The larger in size; what is not a number is larger than any.
fn larger(most: f64, other: f64) -> f64 {
    let size = other.abs();
    if most >= size || most.is_nan() { most } else { size }
}

/// Makes the sizes of kinds those of a state's where they are larger.
fn grow(sizes: &mut [f64; KINDS], state: &[Dual]) {
    for (i, number) in state.iter().enumerate() {
        let second = usize::from(2 * i >= state.len());
        sizes[second] = larger(sizes[second], number.value);
        sizes[2 + second] = larger(sizes[2 + second], number.rate);
    }
}

/// The state that a row of the tableau leads to.
fn lead(row: usize, slopes: &[Vec<Dual>], h: f64, old: &[Dual], new: &mut [Dual]) {
    match row {
        1 => lead_by::<1>(slopes, h, old, new),
        2 => lead_by::<2>(slopes, h, old, new),
        3 => lead_by::<3>(slopes, h, old, new),
        4 => lead_by::<4>(slopes, h, old, new),
        5 => lead_by::<5>(slopes, h, old, new),
        6 => lead_by::<6>(slopes, h, old, new),
        7 => lead_by::<7>(slopes, h, old, new),
        8 => lead_by::<8>(slopes, h, old, new),
        9 => lead_by::<9>(slopes, h, old, new),
        10 => lead_by::<10>(slopes, h, old, new),
        11 => lead_by::<11>(slopes, h, old, new),
        _ => lead_by::<ADVANCE>(slopes, h, old, new),
    }
}

fn lead_by<const ROW: usize>(slopes: &[Vec<Dual>], h: f64, old: &[Dual], new: &mut [Dual]) {
    for (i, (old, new)) in old.iter().zip(new).enumerate() {
        let along = |part: Part| part(old) + h * sum::<ROW>(|j| part(&slopes[j][i]));
        *new = Dual { value: along(value), rate: along(rate) };
    }
}
