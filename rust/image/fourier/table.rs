//! Tables of radial transforms F(q), q = k times the scale radius.
//!
//! They are linear in u = q^2 + 2^-10 between nodes that the leading bits of u as an f32 count:
//! [`PIECES`] to an octave, so that finding a node takes no logarithm. The nodes are moved by half
//! of the chord's greatest error, which is then 3e-6 at most (a Gaussian's, near q = 1.4).
//! Families that depend on one more parameter have such a row of values at each of some nodes of
//! it, made when it is first asked for, and are interpolated between four rows.

use super::mellin::{self, Coefficients};
use crate::isa::{Isa, kernel};
use crate::lanes::{Key, LANES, Lanes};
use crate::math::cubic;
use std::sync::OnceLock;

/// What is added to q^2: below it the table is linear in q^2.
pub(super) const OFFSET: f32 = 1.0 / 1024.0;
/// The bits of a float beyond those that count the nodes.
const SHIFT: u32 = 16;
const PIECES: usize = 1 << (23 - SHIFT);
const BASE: u32 = OFFSET.to_bits() >> SHIFT;
const OCTAVES: usize = 42;
/// Nodes of a whole row; q reaches 2^16.
const NODES: usize = PIECES * OCTAVES;
/// A table's entries: a power of two, so that a masked index needs no check.
pub(super) const ENTRIES: usize = 8192;
/// Values under this end a row.
const NOTHING: f64 = 1e-7;

/// Value and rise to the next node.
pub(super) type Entries = [[f32; 2]; ENTRIES];

/// Values at the nodes, until they are nothing.
pub(crate) struct Row(Vec<f32>);

fn node(j: usize) -> f64 {
    f64::from(f32::from_bits((BASE + j as u32) << SHIFT))
}

/// The node below q.
fn index(q: f64) -> usize {
    let u = (q * q + f64::from(OFFSET)) as f32;
    (((u.to_bits() >> SHIFT) - BASE) as usize).min(NODES)
}

impl Row {
    /// From the transform as a function of q^2.
    pub(crate) fn of(transform: impl Fn(f64) -> f64) -> Row {
        Row::from((0..NODES).map(|j| transform(node(j) - f64::from(OFFSET))).collect())
    }

    /// From the Mellin transform.
    pub(crate) fn mellin(coefficients: &Coefficients) -> Row {
        let q: Vec<f64> = (1..NODES).map(|j| (node(j) - f64::from(OFFSET)).sqrt()).collect();
        let mut values = vec![1.0; NODES];
        mellin::invert(Isa::best(), coefficients, &q, &mut values[1..]);
        Row::from(values)
    }

    fn from(exact: Vec<f64>) -> Row {
        let live = exact.iter().rposition(|value| value.abs() > NOTHING).map_or(0, |last| last + 1);
        // The spacing doubles where an octave begins: the node before it tells the curvature there.
        let bend = |j: usize| match if j.is_multiple_of(PIECES) { j.max(1) - 1 } else { j } {
            0 => 0.0,
            j => exact[j + 1] - 2.0 * exact[j] + exact[j - 1],
        };
        let end = live.min(NODES - 1);
        Row((0..end).map(|j| (exact[j] - bend(j) / 16.0) as f32).collect())
    }

    fn at(&self, j: usize) -> f32 {
        self.0.get(j).copied().unwrap_or(0.0)
    }
}

/// Rows at equally spaced values of a parameter.
pub(crate) struct Family {
    first: f64,
    step: f64,
    rows: Vec<OnceLock<Row>>,
    make: fn(f64) -> Coefficients,
}

impl Family {
    /// With nodes at `first + i step`; rows are made as they are needed.
    pub(crate) fn new(first: f64, step: f64, count: usize, make: fn(f64) -> Coefficients) -> Family {
        Family { first, step, rows: (0..count).map(|_| OnceLock::new()).collect(), make }
    }

    fn row(&self, i: usize) -> &Row {
        self.rows[i].get_or_init(|| Row::mellin(&(self.make)(self.first + self.step * i as f64)))
    }

    /// The four rows around a value and their weights: Lagrange's cubic.
    pub(crate) fn around(&self, value: f64) -> [(&Row, f32); 4] {
        let (first, weights) = cubic((value - self.first) / self.step, self.rows.len());
        [0, 1, 2, 3].map(|n| (self.row(first + n), weights[n] as f32))
    }
}

/// One transform, ready to be looked up.
pub(super) struct Table {
    pub(super) entries: Box<Entries>,
    /// From here on it is nothing.
    pub(super) top: usize,
    /// Its q over that of the transform: more than 1 for what falls at once.
    pub(super) stretch: f64,
    /// Of a transform that falls and rises again: the most that it is from each node on.
    beyond: Vec<f32>,
    /// How many entries there would be for all q, and for how many it was made.
    whole: usize,
    made: usize,
    /// The last two entries as they were before all that follows was cut off.
    uncut: [[f32; 2]; 2],
}

impl Table {
    pub(super) fn new() -> Table {
        Table {
            entries: Box::new([[0.0; 2]; ENTRIES]),
            top: 0,
            stretch: 1.0,
            beyond: vec![],
            whole: 0,
            made: 0,
            uncut: [[0.0; 2]; 2],
        }
    }

    /// A point's: 1 everywhere.
    pub(super) fn point(&mut self) {
        self.entries[0] = [1.0, 0.0];
        (self.top, self.stretch) = (0, 1.0);
        (self.whole, self.made) = (0, 0);
        self.beyond.clear();
    }

    /// The sum of weighted rows, for q up to this.
    pub(super) fn blend(&mut self, isa: Isa, rows: &[(&Row, f32)], q: f64) {
        self.stretch = 1.0;
        let live = rows.iter().map(|(row, _)| row.0.len()).max().unwrap_or(0);
        self.top = live.min(index(q) + 2);
        (self.whole, self.made) = (live, self.top);
        let common = rows.iter().map(|(row, _)| row.0.len()).min().unwrap_or(0).min(self.top);
        match rows {
            [(row, weight)] => {
                let nothing = &row.0[..common];
                mix(isa, [nothing; 4], [*weight, 0.0, 0.0, 0.0], &mut self.entries[..common]);
            }
            [a, b, c, d] => {
                let rows = [a, b, c, d].map(|(row, _)| &row.0[..common]);
                mix(isa, rows, [a.1, b.1, c.1, d.1], &mut self.entries[..common]);
            }
            _ => {}
        }
        for j in common..self.top {
            self.entries[j][0] = rows.iter().map(|(row, weight)| row.at(j) * weight).sum();
        }
        self.entries[self.top] = [0.0; 2];
        // Whole lanes had the next value at hand.
        for j in (common.saturating_sub(1) / LANES * LANES)..self.top {
            self.entries[j][1] = self.entries[j + 1][0] - self.entries[j][0];
        }
        self.beyond.clear();
    }

    /// Ends it where it would if it were made for q up to this; false where it was made for less.
    pub(super) fn end_at(&mut self, q: f64) -> bool {
        let top = self.whole.min(index(q * self.stretch) + 2);
        if top > self.made || top == self.top {
            return top == self.top;
        }
        if self.top < self.made {
            self.entries[self.top - 1..=self.top].copy_from_slice(&self.uncut);
        }
        self.top = top;
        if top < self.made {
            self.uncut.copy_from_slice(&self.entries[top - 1..=top]);
            self.entries[top - 1][1] = 0.0 - self.entries[top - 1][0];
            self.entries[top] = [0.0; 2];
        }
        if self.rises() {
            self.note_rises();
        }
        true
    }

    /// Notes how far it rises again.
    pub(super) fn note_rises(&mut self) {
        self.beyond.resize(self.top + 1, 0.0);
        let mut most = 0.0;
        for (beyond, [value, _]) in self.beyond.iter_mut().zip(&self.entries[..=self.top]).rev() {
            most = if value.abs() > most { value.abs() } else { most };
            *beyond = most;
        }
    }

    /// Whether it falls and rises again.
    #[inline(always)]
    pub(super) fn rises(&self) -> bool {
        !self.beyond.is_empty()
    }

    /// The most that |F| is from here on, by u; that of F itself where it only falls.
    #[inline(always)]
    pub(super) fn beyond(&self, u: f32) -> f32 {
        let j = (((u.to_bits() >> SHIFT) - BASE) as usize).min(self.top);
        self.beyond.get(j).copied().unwrap_or(self.entries[j][0])
    }

    /// The same, by q.
    pub(super) fn most_from(&self, q: f64) -> f64 {
        f64::from(self.beyond(self.square(q * q) as f32 + OFFSET))
    }

    /// F(q).
    pub(super) fn at(&self, q: f64) -> f64 {
        self.at_square(q * q)
    }

    /// The square of the table's q.
    pub(super) fn square(&self, square: f64) -> f64 {
        square * (self.stretch * self.stretch)
    }

    /// F, by q^2.
    pub(super) fn at_square(&self, square: f64) -> f64 {
        let u = self.square(square) as f32 + OFFSET;
        let [value, rise] = self.entries[(((u.to_bits() >> SHIFT) - BASE) as usize).min(self.top)];
        f64::from(value + rise * part(u.to_bits()))
    }

    /// F for lanes of u.
    #[inline(always)]
    pub(super) fn look<L: Lanes>(&self, u: L) -> L {
        u.look(&self.entries[..], Key::<SHIFT> { base: BASE }, self.top)
    }

    /// Beyond this q all is under `least`.
    pub(super) fn reach(&self, least: f32) -> f64 {
        let last = self.entries[..self.top].iter().rposition(|entry| entry[0].abs() >= least);
        (node(last.map_or(1, |last| last + 1)) - f64::from(OFFSET)).sqrt() / self.stretch
    }
}

kernel! {
    /// Sums of rows, and the rises of all whole lanes that have a next value.
    fn mix<L>(rows: [&[f32]; 4], weights: [f32; 4], entries: &mut [[f32; 2]]) {
        let whole = entries.len().saturating_sub(1) / LANES;
        for (n, entries) in entries.chunks_exact_mut(LANES).take(whole).enumerate() {
            let value = sum::<L>(rows, weights, n * LANES);
            let next = sum::<L>(rows, weights, n * LANES + 1);
            value.store_pairs(next - value, entries);
        }
        for j in whole * LANES..entries.len() {
            let [a, b, c, d] = [0, 1, 2, 3].map(|i| weights[i] * rows[i][j]);
            entries[j][0] = (a + b) + (c + d);
        }
    }
}

#[inline(always)]
fn sum<L: Lanes>(rows: [&[f32]; 4], weights: [f32; 4], from: usize) -> L {
    let mut terms = [L::zero(); 4];
    for i in 0..4 {
        if let Ok(row) = rows[i][from..from + LANES].try_into() {
            terms[i] = L::splat(weights[i]) * L::load(row);
        }
    }
    (terms[0] + terms[1]) + (terms[2] + terms[3])
}

/// How far a float is between its nodes, from 0 to 1.
#[inline(always)]
fn part(bits: u32) -> f32 {
    (bits & ((1 << SHIFT) - 1)) as i32 as f32 * (1.0 / (1_u32 << SHIFT) as f32)
}
