//! Large means in f32 lanes: Temme's expansion, as in [`super::quantile()`], in single precision.

use super::OPEN;
use super::small::LIMIT;
use crate::random::normal;
use crate::random::stream::CHUNK;

/// How near a boundary a lane may not decide: EPSILON[0] sqrt(mean) + EPSILON[1] + EPSILON[2] / mean^4.
pub(crate) const EPSILON: [f32; 3] = [1.6e-5, 8e-6, 2.6];

/// Of sz s, in ascending powers of s.
const A: [f32; 8] = [
    0.16666472,
    -0.013898362,
    0.0036803796,
    -0.0011926435,
    0.0006242353,
    -0.00049575564,
    0.00017174405,
    -5.6008703e-5,
];
/// Of 1.
const B: [f32; 6] = [0.33332196, -0.027626604, 0.009146091, -0.0051458306, 0.0007840369, 0.0013647602];
/// Of 1 / lambda.
const C: [f32; 4] = [-0.01964445, 0.016733237, -0.018081067, 0.015031643];

/// x - mean - 1/2, x being what has the count as its whole part, for a mean from 8 on and |z| <= 3.5.
#[inline(always)]
fn offset(root: f32, inverse: f32, z: f32) -> f32 {
    let s = z * inverse;
    let spread = root * z;
    let s2 = s * s;
    let s4 = s2 * s2;
    let a = (A[0] + A[1] * s) + s2 * (A[2] + A[3] * s) + s4 * ((A[4] + A[5] * s) + s2 * (A[6] + A[7] * s));
    let b = (B[0] - 0.5 + B[1] * s) + s2 * (B[2] + B[3] * s) + s4 * (B[4] + B[5] * s);
    let c = (C[0] + C[1] * s) + s2 * (C[2] + C[3] * s);
    spread + (spread * s * a + (b + c * (inverse * inverse)))
}

/// x - 1/2 without the whole part of the mean, that whole part, and how far x may be from the middle between two
/// boundaries.
#[inline(always)]
fn place(mean: f32, z: f32) -> (f32, f32, f32) {
    let root = mean.sqrt();
    let inverse = 1.0 / root;
    // SAFETY: means are at most 1e9.
    let whole = unsafe { mean.to_int_unchecked::<i32>() } as f32;
    let fourth = (inverse * inverse) * (inverse * inverse);
    let reach = (0.5 - EPSILON[1]) - EPSILON[0] * root - EPSILON[2] * (fourth * fourth);
    ((mean - whole) + offset(root, inverse, z), whole, reach)
}

/// x without the whole part of the mean, and how near a boundary it may not decide.
#[cfg(test)]
pub(crate) fn nearness(mean: f32, z: f32) -> (f64, f64) {
    let (x, _, reach) = place(mean, z);
    (x as f64 + 0.5, 0.5 - reach as f64)
}

/// The counts of pixels with means from 8 to 1e9, [`OPEN`] for those that are not decided; says whether
/// there are any.
#[inline(always)]
pub(crate) fn counts(means: &[f32; CHUNK], words: &[u32; CHUNK], counts: &mut [f32; CHUNK]) -> bool {
    /// 1.5 * 2^23: adding it rounds to a whole number.
    const ROUND: f32 = 12_582_912.0;
    let mut any = false;
    for i in 0..CHUNK {
        // Lanes of the other kind go along; as 8 they have a defined number.
        let mean = if means[i] > LIMIT { means[i] } else { LIMIT };
        let (z, tail) = normal::central(words[i]);
        // |z| <= 4.9, so that |x| is below 2e5.
        let (x, whole, reach) = place(mean, z);
        let step = (x + ROUND) - ROUND;
        let off = x - step;
        let off = if off < 0.0 { -off } else { off };
        let decided = (off < reach) & !tail;
        // Both are whole, and the sum rounds once.
        counts[i] = if decided { whole + step } else { OPEN };
        any |= !decided;
    }
    any
}
