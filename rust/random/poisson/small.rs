//! Small means in f32 lanes: counting the boundaries below U.
//!
//! # Why it never decides wrongly
//! Let c_j be the computed C(j). A lane decides k only if no c_j lies within [`EPSILON`] of u, so that
//! the exact C(j) and U are in the same order as c_j and u, provided
//! |c_j - C(j)| + |u - U| + rounding of u ± EPSILON < EPSILON. With e = 2^-24, half the last place at 1:
//!
//! * p_0 = exp(-mean) is within 11 e (relative) of the truth ([`exp_negative`]).
//! * p_j = p_(j-1) (mean (1/j)) takes three roundings, so p_j is within (11 + 3 j) e.
//! * Hence the exact sum of the computed p_i is off by at most e sum p_i (11 + 3 i) <= e (11 + 3 mean) <=
//!   35 e.
//! * Each of the j additions rounds a sum below 1 by e / 2 at most.
//! * u is cut to 24 bits, |u - U| <= e / 2 + 2^-33; u ± EPSILON rounds by e / 2 at most.
//!
//! With at most j = 28 steps (see [`STEPS`]) that is below (35 + 14 + 1 + 1) e = 51 e, and second-order
//! terms are of the order of 1e-11. EPSILON is 67 e, 4e-6. Denormal p (tiny means) add less than 1e-44
//! each. All are counted in e, which spares u a multiplication.

use super::OPEN;
use crate::random::stream::CHUNK;

/// Means below this.
pub(crate) const LIMIT: f32 = 8.0;

/// What probabilities are counted in: 1 / e.
const UNIT: f32 = 16_777_216.0;

/// How near a boundary a lane may not decide, in e.
const EPSILON: f32 = 67.0;

/// From this word on a lane does not decide: the search would be long.
const TAIL: u32 = 0xFFF0_0000;

/// Boundaries looked at. U < 1 - 2^-12 where a lane decides, and 1 - C(22) = 1.2e-5 at a mean of 8, so
/// no lane needs more than 23.
pub(crate) const STEPS: usize = 28;

/// Boundaries between two looks at whether all lanes are done.
const STRIDE: usize = 2;

const RECIPROCAL: [f32; STEPS] = {
    let mut table = [0.0; STEPS];
    let mut j = 0;
    while j < STEPS {
        table[j] = 1.0 / (j + 1) as f32;
        j += 1;
    }
    table
};

/// The counts of pixels with means from 0 to [`LIMIT`], [`OPEN`] for those that are not decided; says
/// whether there are any.
#[inline(always)]
pub(crate) fn counts(means: &[f32; CHUNK], words: &[u32; CHUNK], counts: &mut [f32; CHUNK]) -> bool {
    let mut mean = [0f32; CHUNK];
    let mut above = [0f32; CHUNK];
    let mut p = [0f32; CHUNK];
    let mut c = [0f32; CHUNK];
    // The greatest boundary that is counted.
    let mut low = [-UNIT; CHUNK];
    for i in 0..CHUNK {
        // Lanes of the other kind go along; as 0 they take no steps.
        mean[i] = if means[i] < LIMIT { means[i] } else { 0.0 };
        p[i] = exp_negative(mean[i]);
        let u = (words[i] >> 8) as i32 as f32 + (0.5 + EPSILON);
        // A lane of the tail would prolong the search for all; 0 ends it.
        above[i] = if words[i] >= TAIL { 0.0 } else { u };
        c[i] = p[i];
        counts[i] = 0.0;
    }
    for reciprocals in RECIPROCAL.as_chunks::<STRIDE>().0 {
        let mut going = false;
        for i in 0..CHUNK {
            for reciprocal in reciprocals {
                let counted = above[i] >= c[i];
                counts[i] += if counted { 1.0 } else { 0.0 };
                low[i] = if counted { c[i] } else { low[i] };
                p[i] *= mean[i] * reciprocal;
                c[i] += p[i];
            }
            going |= above[i] >= c[i];
        }
        if !going {
            break;
        }
    }
    let mut any = false;
    for i in 0..CHUNK {
        let open = (low[i] > above[i] - 2.0 * EPSILON) | (words[i] >= TAIL);
        counts[i] = if open { OPEN } else { counts[i] };
        any |= open;
    }
    any
}

/// 2^f for |f| <= 1/2 within 1.3 e (relative) of the fit, in e.
const POWER: [f32; 6] = [
    UNIT * 1.000_000_1,
    UNIT * 0.693_146_94,
    UNIT * 0.240_221_2,
    UNIT * 0.055_507_13,
    UNIT * 0.009_675_542,
    UNIT * 0.001_327_647_2,
];

/// exp(-mean) for a mean from 0 to [`LIMIT`], in e, within 11 e (relative): up to 7.4 e by the rounding of
/// t and of its factor, 1.3 e of the fit, 2.3 e of its roundings.
///
/// A second part of ln 2, as `exp32` has it, would cost three more operations for an error of 2 e.
#[inline(always)]
fn exp_negative(mean: f32) -> f32 {
    /// 1.5 * 2^23: adding it rounds to a whole number, held in the low bits.
    const ROUND: f32 = 12_582_912.0;
    let t = mean * -std::f32::consts::LOG2_E;
    let rounded = t + ROUND;
    let f = t - (rounded - ROUND);
    let f2 = f * f;
    let power = (POWER[0] + f * POWER[1]) + f2 * ((POWER[2] + f * POWER[3]) + f2 * (POWER[4] + f * POWER[5]));
    f32::from_bits(power.to_bits().wrapping_add(rounded.to_bits() << 23))
}

/// C(j), of the probabilities that [`counts`] computes.
#[cfg(test)]
pub(crate) fn boundaries(mean: f32) -> [f64; STEPS] {
    let mut p = exp_negative(mean);
    let mut c = p as f64;
    std::array::from_fn(|j| {
        let boundary = c / UNIT as f64;
        p *= mean * RECIPROCAL[j];
        c += p as f64;
        boundary
    })
}
