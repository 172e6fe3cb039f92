//! Small means in f32 lanes: counting the boundaries below U.
//!
//! # Why it never decides wrongly
//! Let c_j be the computed C(j). A lane decides k only if no c_j lies within [`EPSILON`] of u, so that
//! the exact C(j) and U are in the same order as c_j and u, provided
//! |c_j - C(j)| + |u - U| + rounding of u ± EPSILON < EPSILON. With e = 2^-24, half the last place at 1:
//!
//! * p_0 = exp(-mean) is within 2 e (relative) of the truth ([`exp32`]).
//! * p_j = p_(j-1) (mean (1/j)) takes three roundings, so p_j is within (2 + 3 j) e.
//! * Hence the exact sum of the computed p_i is off by at most e sum p_i (2 + 3 i) <= e (2 + 3 mean) <=
//!   26 e.
//! * Each of the j additions rounds a sum below 1 by e / 2 at most.
//! * u is cut to 24 bits, |u - U| <= e / 2 + 2^-33; u ± EPSILON rounds by e / 2 at most.
//!
//! With at most j = 28 steps (see [`STEPS`]) that is below (26 + 14 + 1 + 1) e = 42 e = 2.5e-6, and
//! second-order terms are of the order of 1e-11. EPSILON is 4e-6. Denormal p (tiny means) add less than
//! 1e-44 each.

use crate::math::exp32;

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

/// The counts of N pixels with means from 0 to [`LIMIT`], and 1 where they are not decided.
#[inline(always)]
pub(crate) fn counts<const N: usize>(means: &[f32; N], words: &[u32; N]) -> ([f32; N], [i32; N]) {
    let mut above = [0f32; N];
    let mut below = [0f32; N];
    let mut p = [0f32; N];
    let mut c = [0f32; N];
    for i in 0..N {
        let u = (words[i] >> 8) as i32 as f32 * (1.0 / 16_777_216.0) + 1.0 / 33_554_432.0;
        // A lane of the tail would prolong the search for all; 0 ends it.
        let u = if words[i] >= TAIL { 0.0 } else { u };
        above[i] = u + EPSILON;
        below[i] = u - EPSILON;
        p[i] = exp32(-means[i]);
        c[i] = p[i];
    }
    let mut most = [0i32; N];
    let mut least = [0i32; N];
    for reciprocals in RECIPROCAL.as_chunks::<STRIDE>().0 {
        let mut going = 0;
        for i in 0..N {
            for reciprocal in reciprocals {
                most[i] += (above[i] >= c[i]) as i32;
                least[i] += (below[i] >= c[i]) as i32;
                p[i] *= means[i] * reciprocal;
                c[i] += p[i];
            }
            going += (above[i] >= c[i]) as i32;
        }
        if going == 0 {
            break;
        }
    }
    let counts = std::array::from_fn(|i| most[i] as f32);
    (counts, std::array::from_fn(|i| ((most[i] != least[i]) | (words[i] >= TAIL)) as i32))
}

/// The computed C(j), as [`counts`] computes it.
#[cfg(test)]
pub(crate) fn boundaries(mean: f32) -> [f32; STEPS] {
    let mut p = exp32(-mean);
    let mut c = p;
    std::array::from_fn(|j| {
        let boundary = c;
        p *= mean * RECIPROCAL[j];
        c += p;
        boundary
    })
}
