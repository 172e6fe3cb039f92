//! Softened gravity between all pairs (Plummer 1911): G m (x_j - x_i) / (r^2 + eps^2)^(3/2).
//!
//! Each pair is gone through once and pulls both ways, so the sum of m a is 0 to rounding.
//! Coordinates lie body after body (or block after block); what belongs to no body attracts nothing
//! and is not attracted.

// Loops over lanes and axes run along several arrays at once.
#![allow(clippy::needless_range_loop)]

mod crowd;

use crate::isa::kernel;
use crate::math::{inverse_cube, rsqrt};
use crate::series::integrate::block::{Block, LANES};
use crowd::crowd;
use std::ops::Range;

/// Bodies that attract each other.
pub struct Masses {
    /// G times the mass of each; 0 where there is none.
    pub pull: Vec<Block>,
    /// 1 where there is a body, else 0.
    pub here: Vec<Block>,
    /// How many blocks there are before the first in which a body is missing.
    pub full: usize,
    /// The square of the softening length.
    pub softening: Block,
}

/// The body whose pairs are being gone through, in all lanes.
#[derive(Clone, Copy)]
struct One<const D: usize> {
    x: [Block; D],
    pull: Block,
    here: Block,
    softening: Block,
}

impl<const D: usize> One<D> {
    #[inline(always)]
    fn new(masses: &Masses, block: usize, x: &[[Block; D]]) -> One<D> {
        let (pull, here) = (masses.pull[block], masses.here[block]);
        One { x: x[block], pull, here, softening: masses.softening }
    }
}

/// The bodies that it meets.
struct Others<'a, const D: usize> {
    x: &'a [Block; D],
    pull: &'a Block,
    here: &'a Block,
}

/// The sums for a row of pairs: what the one feels, and G times the potential that it is in.
#[derive(Clone, Copy)]
struct Felt<const D: usize> {
    mine: [Block; D],
    depth: Block,
}

impl<const D: usize> Felt<D> {
    const NOTHING: Felt<D> = Felt { mine: [Block::ZERO; D], depth: Block::ZERO };
}

/// Adds what they do to each other: to `felt` what the one feels, to `theirs` what the others do.
/// Where all are there no one need be `MASKED`.
#[inline(always)]
fn meet<const D: usize, const WEIGHED: bool, const MASKED: bool>(
    one: &One<D>,
    others: &Others<D>,
    felt: &mut Felt<D>,
    theirs: &mut [Block; D],
) {
    let Felt { mine, depth } = felt;
    for l in 0..LANES {
        let (mut gap, mut square) = ([0.0; D], one.softening.0[l]);
        for c in 0..D {
            gap[c] = others.x[c].0[l] - one.x[c].0[l];
            square += gap[c] * gap[c];
        }
        let met = !MASKED || one.here.0[l] * others.here.0[l] > 0.0;
        let cube = inverse_cube(square);
        let cube = if met { cube } else { 0.0 };
        let (to_me, to_them) = (others.pull.0[l] * cube, one.pull.0[l] * cube);
        for c in 0..D {
            mine[c].0[l] += to_me * gap[c];
            theirs[c].0[l] -= to_them * gap[c];
        }
        if WEIGHED {
            depth.0[l] += to_me * square;
        }
    }
}

/// Lets each of some bodies meet those of a range of blocks.
#[inline(always)]
fn pass<const D: usize, const ROWS: usize, const WEIGHED: bool, const MASKED: bool>(
    ones: &[One<D>; ROWS],
    mut felt: [Felt<D>; ROWS],
    range: Range<usize>,
    masses: &Masses,
    x: &[[Block; D]],
    a: &mut [[Block; D]],
) -> [Felt<D>; ROWS] {
    let masses = masses.pull[range.clone()].iter().zip(&masses.here[range.clone()]);
    for ((a, x), (pull, here)) in a[range.clone()].iter_mut().zip(&x[range]).zip(masses) {
        let mut theirs = *a;
        let others = Others { x, pull, here };
        for r in 0..ROWS {
            meet::<D, WEIGHED, MASKED>(&ones[r], &others, &mut felt[r], &mut theirs);
        }
        *a = theirs;
    }
    felt
}

/// Lets each of some bodies meet those of all blocks from one on.
#[inline(always)]
fn meet_from<const D: usize, const ROWS: usize, const WEIGHED: bool>(
    next: usize,
    ones: &[One<D>; ROWS],
    masses: &Masses,
    x: &[[Block; D]],
    a: &mut [[Block; D]],
) -> [Felt<D>; ROWS] {
    let full = if masses.full > next { masses.full } else { next };
    let felt = pass::<D, ROWS, WEIGHED, false>(ones, [Felt::NOTHING; ROWS], next..full, masses, x, a);
    pass::<D, ROWS, WEIGHED, true>(ones, felt, full..x.len(), masses, x, a)
}

/// Eight runs side by side: a block is a body of each.
#[inline(always)]
fn runs<const D: usize, const WEIGHED: bool>(masses: &Masses, x: &[Block], a: &mut [Block]) -> Block {
    let ((x, _), (a, _)) = (x.as_chunks::<D>(), a.as_chunks_mut::<D>());
    let mut potential = Block::ZERO;
    a.fill([Block::ZERO; D]);
    for i in 0..x.len() {
        let one = One::new(masses, i, x);
        let [felt] = meet_from::<D, 1, WEIGHED>(i + 1, &[one], masses, x, a);
        for l in 0..LANES {
            for c in 0..D {
                a[i][c].0[l] += felt.mine[c].0[l];
            }
            potential.0[l] -= one.pull.0[l] * felt.depth.0[l];
        }
    }
    potential
}

kernel! {
    /// The accelerations of eight runs in so many dimensions, and G times their potential energies
    /// where they are to be `weighed`.
    pub fn attract_runs(dimensions: usize, weighed: bool, masses: &Masses, x: &[Block], a: &mut [Block]) -> Block {
        match (dimensions, weighed) {
            (2, false) => runs::<2, false>(masses, x, a),
            (2, true) => runs::<2, true>(masses, x, a),
            (_, false) => runs::<3, false>(masses, x, a),
            (_, true) => runs::<3, true>(masses, x, a),
        }
    }
}

kernel! {
    /// The same of one run of many bodies; the energy is in every lane.
    pub fn attract_crowd(dimensions: usize, weighed: bool, masses: &Masses, x: &[Block], a: &mut [Block]) -> Block {
        match (dimensions, weighed) {
            (2, false) => crowd::<2, false>(masses, x, a),
            (2, true) => crowd::<2, true>(masses, x, a),
            (_, false) => crowd::<3, false>(masses, x, a),
            (_, true) => crowd::<3, true>(masses, x, a),
        }
    }
}

kernel! {
    /// G times the kinetic energies, in lanes.
    pub fn kinetic(dimensions: usize, masses: &Masses, v: &[Block]) -> Block {
        let mut sum = Block::ZERO;
        for (v, pull) in v.chunks_exact(dimensions).zip(&masses.pull) {
            for v in v {
                for l in 0..LANES {
                    sum.0[l] += 0.5 * pull.0[l] * (v.0[l] * v.0[l]);
                }
            }
        }
        sum
    }
}

kernel! {
    /// The potential energies of bodies at eight times, for a gravitational constant of 1.
    pub fn potential(dimensions: usize, mass: &[f64], softening: f64, x: &[Block]) -> Block {
        let mut sum = Block::ZERO;
        for i in 0..mass.len() {
            let mine = &x[i * dimensions..][..dimensions];
            for (theirs, other) in x.chunks_exact(dimensions).zip(mass).skip(i + 1) {
                let mut square = [softening; LANES];
                for (mine, theirs) in mine.iter().zip(theirs) {
                    for l in 0..LANES {
                        let gap = theirs.0[l] - mine.0[l];
                        square[l] += gap * gap;
                    }
                }
                let pair = mass[i] * other;
                for l in 0..LANES {
                    sum.0[l] -= pair * rsqrt(square[l]);
                }
            }
        }
        sum
    }
}
