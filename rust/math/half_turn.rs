//! Sine and cosine over half turns: x = k pi + r with |r| <= pi/2.
//!
//! Longer polynomials than those of [`trig`](super::trig), and nothing to choose between: where a sine
//! alone is wanted, two thirds of the work.

use super::exp::ROUND;
use super::trig::LARGEST;

/// pi in parts of 33, 33 and 53 bits (fdlibm, `e_rem_pio2.c`, times 2).
const PI: [f64; 3] = [3.141_592_653_468_251_2, 1.215_420_101_260_793_2e-10, 4.044_532_497_591_901_2e-21];

/// (sin r - r)/r^3 as a polynomial in r^2, from the lowest power: minimax for |r| <= pi/2 (Remez's
/// algorithm in 50 digits), within 5e-19 of sin r.
const SIN: [f64; 8] = [
    -0.166_666_666_666_666_66,
    0.008_333_333_333_333_24,
    -1.984_126_984_122_165_4e-4,
    2.755_731_921_273_423_4e-6,
    -2.505_210_698_018_103_3e-8,
    1.605_894_353_051_779_8e-10,
    -7.643_057_647_491_696e-13,
    2.721_582_192_699_707_6e-15,
];

/// (cos r - 1 + r^2/2)/r^4, in the same way, within 6e-18 of cos r.
const COS: [f64; 7] = [
    0.041_666_666_666_665_846,
    -0.001_388_888_888_883_057,
    2.480_158_728_588_02e-5,
    -2.755_731_707_743_48e-7,
    2.087_659_303_547_947e-9,
    -1.146_364_669_706_782_7e-11,
    4.616_250_267_399_282e-14,
];

/// k and r of x = k pi + r, with |r| up to pi/2, for |x| up to [`LARGEST`]; k is 2^52 too large by half,
/// so that its lowest bit tells odd from even.
#[inline(always)]
fn reduce(x: f64) -> (f64, f64) {
    let shifted = x * std::f64::consts::FRAC_1_PI + ROUND;
    let k = shifted - ROUND;
    (shifted, ((x - k * PI[0]) - k * PI[1]) - k * PI[2])
}

/// The sign of (-1)^k as the bit of a float's sign.
#[inline(always)]
fn parity(shifted: f64) -> u64 {
    shifted.to_bits() << 63
}

#[inline(always)]
fn sin_polynomial(r: f64) -> f64 {
    let z = r * r;
    let z2 = z * z;
    let low = (SIN[0] + z * SIN[1]) + z2 * (SIN[2] + z * SIN[3]);
    let high = (SIN[4] + z * SIN[5]) + z2 * (SIN[6] + z * SIN[7]);
    r + r * z * (low + z2 * z2 * high)
}

#[inline(always)]
fn cos_polynomial(r: f64) -> f64 {
    let z = r * r;
    let z2 = z * z;
    let low = (COS[0] + z * COS[1]) + z2 * (COS[2] + z * COS[3]);
    let high = (COS[4] + z * COS[5]) + z2 * COS[6];
    (1.0 - 0.5 * z) + z2 * (low + z2 * z2 * high)
}

/// The sine of radians within 4e-16, and where it is small within 8e-16 of itself, for |x| up to [`LARGEST`]; NaN beyond.
#[inline(always)]
pub fn sin(x: f64) -> f64 {
    let (k, r) = reduce(x);
    let value = f64::from_bits(sin_polynomial(r).to_bits() ^ parity(k));
    if x.abs() <= LARGEST { value } else { f64::NAN }
}

/// x in half turns, and what is left: k, sin r and cos r of x = k pi + r with |r| up to pi/2, within
/// 4e-16, for |x| up to [`LARGEST`]; NaN beyond.
#[inline(always)]
pub fn half_turns(x: f64) -> (f64, f64, f64) {
    let (k, r) = reduce(if x.abs() <= LARGEST { x } else { f64::NAN });
    (k - ROUND, sin_polynomial(r), cos_polynomial(r))
}

/// Whether a whole number is odd, up to 2^51.
#[inline(always)]
pub fn is_odd(k: f64) -> bool {
    (k + ROUND).to_bits() & 1 == 1
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;

    fn arguments() -> impl Iterator<Item = f64> {
        let near = (0..1_000_000).map(|i| -20.0 + 40.0 * f64::from(i) / 1e6);
        let far = (0..1_000_000).map(|i| -LARGEST + 2.0 * LARGEST * f64::from(i) / 1e6);
        let multiples = (0..100_000).map(|i| f64::from(i * 5) * std::f64::consts::FRAC_PI_2);
        near.chain(far).chain(multiples)
    }

    #[test]
    fn they_are_as_close_as_stated() {
        let worst = arguments().map(|x| {
            let (k, s, c) = half_turns(x);
            let sign = if k % 2.0 == 0.0 { 1.0 } else { -1.0 };
            let errors = [(sin(x) - x.sin()).abs(), (sign * s - x.sin()).abs(), (sign * c - x.cos()).abs()];
            errors.into_iter().fold(0.0, f64::max)
        });
        let worst = worst.fold(0.0, f64::max);
        println!("half turns: {worst}");
        assert!(worst <= 4e-16);
    }

    #[test]
    fn small_sines_keep_their_digits() {
        for x in [1e-300, -3e-9, 1e-3, 3.2, 314.159_265_358_979_3] {
            let error = (sin(x) / x.sin() - 1.0).abs();
            println!("{x}: {error}");
            assert!(error <= 8e-16, "{x}: {error}");
        }
        assert_eq!(sin(0.0).to_bits(), 0);
    }

    #[test]
    fn beyond_the_largest_is_nan() {
        for x in [2e6, f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
            assert!(sin(x).is_nan() && half_turns(x).1.is_nan(), "{x}");
        }
    }
}
