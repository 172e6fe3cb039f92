//! The Poisson quantile in f64, which defines every count.

use crate::math::exp;
use crate::random::normal;

/// From this mean on [`by_expansion`] serves, below it [`by_sum`].
pub(crate) const EXPANSION: f64 = 100.0;

/// The count k with C(k - 1) <= U < C(k), U = (bits + 1/2) / 2^64, C the distribution function of a
/// Poisson variable of this mean.
///
/// A mean of 0 or below gives 0, NaN gives NaN, infinity gives infinity. Up to 1e9 the boundaries C(k)
/// are those of the exact distribution to a relative error of the nearer tail of 1e-13 (means below
/// 100) or 3e-8 times the change from one count to the next (from 100 on). Beyond, the same expansion
/// goes on, with counts as fine as f64 has them.
pub fn quantile(mean: f64, bits: u64) -> f64 {
    if mean >= EXPANSION {
        if mean == f64::INFINITY { mean } else { by_expansion(mean, bits) }
    } else if mean > 0.0 {
        by_sum(mean, bits)
    } else if mean <= 0.0 {
        0.0
    } else {
        f64::NAN
    }
}

/// By adding up probabilities, from the end that is nearer, so that tails keep their precision.
fn by_sum(mean: f64, bits: u64) -> f64 {
    const UNIT: f64 = 1.0 / 18_446_744_073_709_551_616.0;
    let upper = bits >> 63 != 0;
    let end = (normal::unsigned(if upper { !bits } else { bits }) + 0.5) * UNIT;
    if upper { from_above(mean, end) } else { from_below(mean, end) }
}

/// The least k with C(k) > u.
fn from_below(mean: f64, u: f64) -> f64 {
    let mut k = 0.0;
    let mut p = exp(-mean);
    let mut sum = p;
    while sum <= u {
        k += 1.0;
        p *= mean / k;
        sum += p;
    }
    k
}

/// The greatest k with 1 - C(k - 1) >= v: up to where terms no longer count, then down.
fn from_above(mean: f64, v: f64) -> f64 {
    let mut k = 0.0;
    let mut p = exp(-mean);
    // Beyond the mean terms fall; what lies beyond one of 1e-17 v adds less than 1e-15 v.
    while k <= mean || p > 1e-17 * v {
        k += 1.0;
        p *= mean / k;
    }
    let mut sum = p;
    while sum < v && k > 0.0 {
        p *= k / mean;
        k -= 1.0;
        sum += p;
    }
    k
}

/// The count by Temme's uniform inversion of the incomplete gamma function (1992, Mathematics of
/// Computation 58, 755, doi:10.2307/2153214): with z the normal quantile and s = z / sqrt(mean),
///
/// x = mean + sqrt(mean) z (1 + s (1/6 + s A(s))) + B(s) + C(s)/mean + D(s)/mean^2 + E(s)/mean^3,
///
/// and the count is the whole part of x. A and B are Chebyshev fits of Temme's functions on |s| <=
/// 0.95; C, D, E least squares against numerical inversion for means of 100 to 3000 and |z| < 9.3. x is
/// off by 1.2e-8 at most for |z| < 6, 3e-8 at |z| = 9. Without branches, for lanes.
#[inline(always)]
pub(crate) fn by_expansion(mean: f64, bits: u64) -> f64 {
    let offset = offset(mean, normal::quantile(bits));
    // Whole and broken part apart, so that no digits are lost at 1e9.
    let whole = floor(mean);
    floor((mean - whole) + offset) + whole
}

/// x - mean for the normal quantile z.
#[inline(always)]
pub(crate) fn offset(mean: f64, z: f64) -> f64 {
    let root = mean.sqrt();
    let s = z / root;
    let inverse = 1.0 / mean;
    let lower = polynomial(&C, s) + inverse * (polynomial(&D, s) + inverse * polynomial(&E, s));
    root * z * (1.0 + s * (1.0 / 6.0 + s * polynomial(&A, s))) + (polynomial(&B, s) + inverse * lower)
}

/// By Horner's rule.
#[inline(always)]
fn polynomial<const N: usize>(coefficients: &[f64; N], s: f64) -> f64 {
    let mut sum = coefficients[N - 1];
    for power in (0..N - 1).rev() {
        sum = sum * s + coefficients[power];
    }
    sum
}

/// The whole number at or below x (std's is a call on SSE2).
#[inline(always)]
fn floor(x: f64) -> f64 {
    /// 1.5 * 2^52: adding it rounds to a whole number.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    let near = (x + ROUND) - ROUND;
    let below = near - if near > x { 1.0 } else { 0.0 };
    let magnitude = if x < 0.0 { -x } else { x };
    if magnitude < 2_251_799_813_685_248.0 { below } else { x }
}

/// ((r - 1) / s - 1 - s / 6) / s^2, where r ln r - r + 1 = s^2 / 2.
const A: [f64; 25] = [
    -0.013888888888889554,
    0.0037037037036555466,
    -0.001331018518277762,
    0.0005584950083779409,
    -0.00025805134473153057,
    0.00012737587196258256,
    -6.598016144598978e-5,
    3.546156803140297e-5,
    -1.9621261778933112e-5,
    1.1086537464128533e-5,
    -6.384611442549033e-6,
    3.891868214302612e-6,
    -2.385898278011909e-6,
    9.198330136986343e-7,
    -3.7575162845290305e-7,
    1.474605614328753e-6,
    -1.2367601367409662e-6,
    -1.2549088515414108e-6,
    1.1636360369152594e-6,
    1.4705612328579734e-6,
    -1.2101528757875506e-6,
    -7.638057057486098e-7,
    6.063101922386651e-7,
    2.28661591768294e-7,
    -1.692697594717932e-7,
];
/// ln(s sqrt(r) / (r - 1)) / ln r.
const B: [f64; 21] = [
    0.33333333333407006,
    -0.027777777733281477,
    0.008641975115495004,
    -0.003523666077106132,
    0.001653447493311119,
    -0.0008459227220357192,
    0.0004586318077850723,
    -0.0002601449340949087,
    0.00015229127237387848,
    -8.516628075434912e-5,
    4.8926182596717185e-5,
    -5.086380850558254e-5,
    3.894049453465131e-5,
    2.2403778646070403e-5,
    -2.5427743962573996e-5,
    -5.111912743167495e-5,
    4.352703796433573e-5,
    3.106252604063727e-5,
    -2.5760075200803755e-5,
    -1.2327361536120319e-5,
    9.331895599962587e-6,
];
/// Of 1 / lambda.
const C: [f64; 11] = [
    -0.01975276439120407,
    0.01726674751785923,
    -0.012733231133698343,
    0.008808101121088601,
    -0.006013334902768187,
    0.005754602112698759,
    -0.004657233269004913,
    -0.0011754457343383178,
    0.0017224011463868388,
    0.004317500801021346,
    -0.00349401451545278,
];
/// Of 1 / lambda^2.
const D: [f64; 8] = [
    -0.0006541723909183766,
    0.0017123830909088473,
    -0.0028009322604248357,
    0.0035160453108188214,
    -0.0024768481773360853,
    0.004841366420592287,
    -0.005184924851239558,
    0.0017077825358083893,
];
/// Of 1 / lambda^3.
const E: [f64; 4] = [0.00371048028764709, 0.01033034708333256, 0.0012489704611251416, -0.067652338633912];
