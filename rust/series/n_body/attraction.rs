//! Softened gravity between all pairs (Plummer 1911): G m (x_j - x_i) / (r^2 + eps^2)^(3/2).
//!
//! Each pair is gone through once and pulls both ways, so the sum of m a is 0 to rounding.
//! Coordinates lie body after body (or block after block); what belongs to no body attracts nothing
//! and is not attracted.

// Loops over lanes and axes run along several arrays at once.
#![allow(clippy::needless_range_loop)]

use crate::isa::kernel;
use crate::math::rsqrt;
use crate::series::integrate::block::{Block, LANES};

/// Bodies that attract each other.
pub struct Masses {
    /// G times the mass of each; 0 where there is none.
    pub pull: Vec<Block>,
    /// 1 where there is a body, else 0.
    pub here: Vec<Block>,
    /// The square of the softening length.
    pub softening: Block,
}

/// The body whose pairs are being gone through, in all lanes.
struct One<const D: usize> {
    x: [Block; D],
    pull: Block,
    here: Block,
    softening: Block,
}

/// The bodies that it meets.
struct Others<'a, const D: usize> {
    x: [&'a Block; D],
    pull: &'a Block,
    here: &'a Block,
}

/// Adds what they do to each other: to `felt` what the one feels, to `theirs` what the others do.
#[inline(always)]
fn meet<const D: usize, const WEIGHED: bool>(
    one: &One<D>,
    others: &Others<D>,
    felt: &mut Felt<D>,
    theirs: &mut [Block; D],
) {
    let Felt { mine, depth } = felt;
    for l in 0..LANES {
        let gap: [f64; D] = std::array::from_fn(|c| others.x[c].0[l] - one.x[c].0[l]);
        let mut square = one.softening.0[l];
        for g in gap {
            square += g * g;
        }
        let inverse = rsqrt(square);
        let met = one.here.0[l] * others.here.0[l] > 0.0;
        let cube = inverse * inverse * inverse;
        let cube = if met { cube } else { 0.0 };
        let (to_me, to_them) = (others.pull.0[l] * cube, one.pull.0[l] * cube);
        for c in 0..D {
            mine[c].0[l] += to_me * gap[c];
            theirs[c].0[l] -= to_them * gap[c];
        }
        if WEIGHED {
            let inverse = if met { inverse } else { 0.0 };
            depth.0[l] += others.pull.0[l] * inverse;
        }
    }
}

/// The sum for a row of pairs: what the one feels, and G times the potential that it is in.
struct Felt<const D: usize> {
    mine: [Block; D],
    depth: Block,
}

impl<const D: usize> Felt<D> {
    const NOTHING: Felt<D> = Felt { mine: [Block::ZERO; D], depth: Block::ZERO };
}

/// A row of blocks.
#[inline(always)]
fn row<const D: usize>(blocks: &[Block], i: usize) -> [&Block; D] {
    std::array::from_fn(|c| &blocks[i * D + c])
}

/// Eight runs side by side: a block is a body of each.
#[inline(always)]
fn runs<const D: usize, const WEIGHED: bool>(masses: &Masses, x: &[Block], a: &mut [Block]) -> Block {
    let n = masses.pull.len();
    let mut potential = Block::ZERO;
    a.fill(Block::ZERO);
    for i in 0..n {
        let (pull, here) = (masses.pull[i], masses.here[i]);
        let one = One::<D> { x: row(x, i).map(|x| *x), pull, here, softening: masses.softening };
        let mut felt = Felt::NOTHING;
        for j in i + 1..n {
            let mut theirs = row::<D>(a, j).map(|a| *a);
            let others = Others { x: row(x, j), pull: &masses.pull[j], here: &masses.here[j] };
            meet::<D, WEIGHED>(&one, &others, &mut felt, &mut theirs);
            a[j * D..][..D].copy_from_slice(&theirs);
        }
        for l in 0..LANES {
            for c in 0..D {
                a[i * D + c].0[l] += felt.mine[c].0[l];
            }
            potential.0[l] -= pull.0[l] * felt.depth.0[l];
        }
    }
    potential
}

/// 1 for the lanes after one.
const AFTER: [[f64; LANES]; LANES] = {
    let mut table = [[0.0; LANES]; LANES];
    let mut lane = 0;
    while lane < LANES {
        let mut l = lane + 1;
        while l < LANES {
            table[lane][l] = 1.0;
            l += 1;
        }
        lane += 1;
    }
    table
};

/// One run: a block is eight of its bodies.
#[inline(always)]
fn bodies<const D: usize, const WEIGHED: bool>(
    masses: &Masses,
    count: usize,
    x: &[Block],
    a: &mut [Block],
) -> Block {
    let n = masses.pull.len();
    let mut potential = 0.0;
    a.fill(Block::ZERO);
    for first in 0..n {
        // The sums of eight rows go into their block together: a vector that is read just after one
        // of its numbers was written waits for it.
        let mut sums = [Block::ZERO; D];
        for lane in 0..LANES.min(count - first * LANES) {
            let pull = masses.pull[first].0[lane];
            let one = One::<D> {
                x: row(x, first).map(|x| Block::splat(x.0[lane])),
                pull: Block::splat(pull),
                here: Block::splat(1.0),
                softening: masses.softening,
            };
            let mut felt = Felt::NOTHING;
            // Those of its own block that come after it, then the blocks that come after that.
            let mut later = masses.here[first];
            for l in 0..LANES {
                later.0[l] *= AFTER[lane][l];
            }
            for j in first..n {
                let mut theirs = row::<D>(a, j).map(|a| *a);
                let here = if j == first { &later } else { &masses.here[j] };
                let others = Others { x: row(x, j), pull: &masses.pull[j], here };
                meet::<D, WEIGHED>(&one, &others, &mut felt, &mut theirs);
                a[j * D..][..D].copy_from_slice(&theirs);
            }
            for c in 0..D {
                sums[c].0[lane] = felt.mine[c].sum();
            }
            if WEIGHED {
                potential -= pull * felt.depth.sum();
            }
        }
        for c in 0..D {
            for l in 0..LANES {
                a[first * D + c].0[l] += sums[c].0[l];
            }
        }
    }
    Block::splat(potential)
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
    /// The same of one run of `count` bodies; the energy is in every lane.
    pub fn attract_bodies(
        dimensions: usize,
        weighed: bool,
        masses: &Masses,
        count: usize,
        x: &[Block],
        a: &mut [Block],
    ) -> Block {
        match (dimensions, weighed) {
            (2, false) => bodies::<2, false>(masses, count, x, a),
            (2, true) => bodies::<2, true>(masses, count, x, a),
            (_, false) => bodies::<3, false>(masses, count, x, a),
            (_, true) => bodies::<3, true>(masses, count, x, a),
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
