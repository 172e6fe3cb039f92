//! Small means in f32 lanes: counting the boundaries below U.
//!
//! # Why it never decides wrongly
//! Let c_j be the computed C(j). A lane decides k only if no c_j lies within [`EPSILON`] of u, so that
//! the exact C(j) and U are in the same order as c_j and u, provided
//! |c_j - C(j)| + |u - U| + rounding of u ± EPSILON < EPSILON. With e = 2^-24, half the last place at 1:
//!
//! * p_0 = exp(-mean) is within 2 e (relative) of the truth ([`exp_negative`]).
//! * p_j = p_(j-1) (mean (1/j)) takes three roundings, so p_j is within (2 + 3 j) e.
//! * Hence the exact sum of the computed p_i is off by at most e sum p_i (2 + 3 i) <= e (2 + 3 mean) <=
//!   26 e.
//! * Each of the j additions rounds a sum below 1 by e / 2 at most.
//! * u is cut to 24 bits, |u - U| <= e / 2 + 2^-33; u ± EPSILON rounds by e / 2 at most.
//!
//! With at most j = 28 steps (see [`STEPS`]) that is below (26 + 14 + 1 + 1) e = 42 e = 2.5e-6, and
//! second-order terms are of the order of 1e-11. EPSILON is 4e-6. Denormal p (tiny means) add less than
//! 1e-44 each.

use crate::math::exp::{power_of_two32, round32};
use crate::random::stream::CHUNK;

/// Means below this.
pub(crate) const LIMIT: f32 = 8.0;

/// How near a boundary a lane may not decide.
const EPSILON: f32 = 4e-6;

/// From this word on a lane does not decide: the search would be long.
const TAIL: u32 = 0xFFF0_0000;

/// Boundaries looked at. U < 1 - 2^-12 where a lane decides, and 1 - C(22) = 1.2e-5 at a mean of 8, so
/// no lane needs more than 23.
pub(crate) const STEPS: usize = 28;

/// Boundaries between two looks at whether all lanes are done.
const STRIDE: usize = 4;

const RECIPROCAL: [f32; STEPS] = {
    let mut table = [0.0; STEPS];
    let mut j = 0;
    while j < STEPS {
        table[j] = 1.0 / (j + 1) as f32;
        j += 1;
    }
    table
};

/// The counts of pixels with means from 0 to [`LIMIT`]; marks those that are not decided, and says
/// whether there are any.
#[inline(always)]
pub(crate) fn counts(
    means: &[f32; CHUNK],
    words: &[u32; CHUNK],
    counts: &mut [f32; CHUNK],
    open: &mut [bool; CHUNK],
) -> bool {
    let mut above = [0f32; CHUNK];
    let mut p = [0f32; CHUNK];
    let mut c = [0f32; CHUNK];
    // The greatest boundary that is counted.
    let mut low = [-1f32; CHUNK];
    for i in 0..CHUNK {
        let u = (words[i] >> 8) as i32 as f32 * (1.0 / 16_777_216.0) + (1.0 / 33_554_432.0 + EPSILON);
        // A lane of the tail would prolong the search for all; 0 ends it.
        above[i] = if words[i] >= TAIL { 0.0 } else { u };
        p[i] = exp_negative(means[i]);
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
                p[i] *= means[i] * reciprocal;
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
        open[i] = (low[i] > above[i] - 2.0 * EPSILON) | (words[i] >= TAIL);
        any |= open[i];
    }
    any
}

/// exp(-mean) for a mean from 0 to [`LIMIT`], within 2^-23 (relative): `exp32` without its care for what
/// lies outside.
#[inline(always)]
fn exp_negative(mean: f32) -> f32 {
    let k = round32(mean * -std::f32::consts::LOG2_E);
    // ln 2 in 10 and 24 bits (Cephes, `expf.c`), as the coefficients below.
    let r = (-mean - k * 0.693_359_4) - k * -2.121_944_4e-4;
    let r2 = r * r;
    let tail = (0.5 + r * 1.666_666_5e-1)
        + r2 * ((4.166_579_6e-2 + r * 8.333_452e-3) + r2 * (1.398_2e-3 + r * 1.987_569_1e-4));
    (1.0 + (r + r2 * tail)) * power_of_two32(k)
}

/// The computed C(j), as [`counts`] computes it.
#[cfg(test)]
pub(crate) fn boundaries(mean: f32) -> [f32; STEPS] {
    let mut p = exp_negative(mean);
    let mut c = p;
    std::array::from_fn(|j| {
        let boundary = c;
        p *= mean * RECIPROCAL[j];
        c += p;
        boundary
    })
}
