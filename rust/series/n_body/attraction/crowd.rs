//! One run of many bodies: a block is eight of them.
//!
//! Arrays are filled by loops: `map` and `from_fn` are not always inlined, and then have no vectors, which took a
//! fifth of the time.

// Loops over lanes and axes run along several arrays at once.
#![allow(clippy::needless_range_loop)]

use super::{Felt, Masses, One, Others, meet, meet_from};
use crate::series::integrate::block::{Block, LANES};

/// How many bodies meet a block together: it is read and written once for all, and one is worked on
/// while another waits. With four there are too few registers.
const ROWS: usize = 2;

/// 1 for the first half of the lanes.
const HALF: Block = Block([1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]);

/// Turns a block by so many lanes.
#[inline(always)]
fn turned<const BY: usize>(block: &Block) -> Block {
    let mut turned = Block::ZERO;
    for l in 0..LANES {
        turned.0[l] = block.0[(l + BY) % LANES];
    }
    turned
}

/// Lets the bodies of a block meet those so many lanes on, who are `here`.
#[inline(always)]
fn meet_turned<const D: usize, const WEIGHED: bool, const BY: usize>(
    one: &One<D>,
    here: &Block,
    mut felt: Felt<D>,
) -> Felt<D> {
    let mut x = one.x;
    for x in &mut x {
        *x = turned::<BY>(x);
    }
    let (pull, here) = (turned::<BY>(&one.pull), turned::<BY>(here));
    let others = Others { x: &x, pull: &pull, here: &here };
    let mut theirs = [Block::ZERO; D];
    meet::<D, WEIGHED, true>(one, &others, &mut felt, &mut theirs);
    for c in 0..D {
        for l in 0..LANES {
            felt.mine[c].0[(l + BY) % LANES] += theirs[c].0[l];
        }
    }
    felt
}

/// Lets the bodies of a block meet each other: those one lane on, two, .., half the lanes, where each
/// pair comes twice.
#[inline(always)]
fn meet_own<const D: usize, const WEIGHED: bool>(
    masses: &Masses,
    block: usize,
    x: &[[Block; D]],
    a: &mut [[Block; D]],
) -> Block {
    let one = One::new(masses, block, x);
    let here = one.here;
    let felt = meet_turned::<D, WEIGHED, 1>(&one, &here, Felt::NOTHING);
    let felt = meet_turned::<D, WEIGHED, 2>(&one, &here, felt);
    let felt = meet_turned::<D, WEIGHED, 3>(&one, &here, felt);
    let mut half = one;
    for l in 0..LANES {
        half.here.0[l] *= HALF.0[l];
    }
    let felt = meet_turned::<D, WEIGHED, 4>(&half, &here, felt);
    for c in 0..D {
        for l in 0..LANES {
            a[block][c].0[l] += felt.mine[c].0[l];
        }
    }
    felt.depth
}

/// Lets the bodies of a block meet those of all blocks after it.
#[inline(always)]
fn meet_others<const D: usize, const WEIGHED: bool>(
    masses: &Masses,
    block: usize,
    x: &[[Block; D]],
    a: &mut [[Block; D]],
) -> Block {
    let (mut mine, mut depth) = ([[Block::ZERO; LANES]; D], [Block::ZERO; LANES]);
    for first in (0..LANES).step_by(ROWS) {
        let mut ones = [One::new(masses, block, x); ROWS];
        for (lane, one) in (first..).zip(&mut ones) {
            one.x.iter_mut().for_each(|x| *x = Block::splat(x.0[lane]));
            one.pull = Block::splat(one.pull.0[lane]);
            one.here = Block::splat(one.here.0[lane]);
        }
        let felt = meet_from::<D, ROWS, WEIGHED>(block + 1, &ones, masses, x, a);
        for (lane, felt) in (first..).zip(&felt) {
            for c in 0..D {
                mine[c][lane] = felt.mine[c];
            }
            depth[lane] = felt.depth;
        }
    }
    for c in 0..D {
        let mine = Block::sums(&mine[c]);
        for l in 0..LANES {
            a[block][c].0[l] += mine.0[l];
        }
    }
    Block::sums(&depth)
}

/// The accelerations, and G times the potential energy in every lane where it is to be weighed.
#[inline(always)]
pub(super) fn crowd<const D: usize, const WEIGHED: bool>(
    masses: &Masses,
    x: &[Block],
    a: &mut [Block],
) -> Block {
    let ((x, _), (a, _)) = (x.as_chunks::<D>(), a.as_chunks_mut::<D>());
    let mut potential = Block::ZERO;
    a.fill([Block::ZERO; D]);
    for block in 0..x.len() {
        let own = meet_own::<D, WEIGHED>(masses, block, x, a);
        let others = meet_others::<D, WEIGHED>(masses, block, x, a);
        for l in 0..LANES {
            potential.0[l] -= masses.pull[block].0[l] * (own.0[l] + others.0[l]);
        }
    }
    Block::splat(potential.sum())
}
