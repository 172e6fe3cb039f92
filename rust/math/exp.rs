//! The exponential function.
//!
//! x = k ln 2 + r with |r| <= ln(2)/2; k comes out of adding 1.5 * 2^52 (or 2^23), whose last
//! bit is worth 1, and the powers of two are made by writing their exponent's bits. The
//! scaling is done in two halves, so that results fade into denormals with one rounding.

/// 1.5 * 2^52: adding it rounds to a whole number, held in the low bits.
pub(super) const ROUND: f64 = 6_755_399_441_055_744.0;
pub(super) const ROUND32: f32 = 12_582_912.0;

/// ln 2 in two parts, the first of 32 bits (fdlibm, `e_exp.c`).
const LN2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;
/// The same in 10 and 24 bits (Cephes, `expf.c`).
const LN2_HIGH32: f32 = 0.693_359_4;
const LN2_LOW32: f32 = -2.121_944_4e-4;

/// 2^k for a whole k from -1022 to 1023.
#[inline(always)]
pub(crate) fn power_of_two(k: f64) -> f64 {
    f64::from_bits((k + ROUND).to_bits().wrapping_add(1023) << 52)
}

/// 2^k for a whole k from -126 to 127.
#[inline(always)]
pub(crate) fn power_of_two32(k: f32) -> f32 {
    f32::from_bits((k + ROUND32).to_bits().wrapping_add(127) << 23)
}

/// The nearest whole number, ties to even, of |x| < 2^51.
#[inline(always)]
pub(crate) fn round(x: f64) -> f64 {
    (x + ROUND) - ROUND
}

/// The nearest whole number, ties to even, of |x| < 2^22.
#[inline(always)]
pub(crate) fn round32(x: f32) -> f32 {
    (x + ROUND32) - ROUND32
}

/// e^x within 1.5 ulp; 0 below -745.14, infinity above 709.78.
#[inline(always)]
pub fn exp(x: f64) -> f64 {
    let low = if x > -746.0 { x } else { -746.0 };
    let clamped = if low < 710.0 { low } else { 710.0 };
    let k = round(clamped * std::f64::consts::LOG2_E);
    let r = (clamped - k * LN2_HIGH) - k * LN2_LOW;
    let half = round(k * 0.5);
    let value = (1.0 + (r + r * r * tail(r))) * power_of_two(half) * power_of_two(k - half);
    if x.is_nan() { f64::NAN } else { value }
}

/// e^x - 1 within 2.5 ulp; -1 below -50, infinity above 709.78.
#[inline(always)]
pub fn expm1(x: f64) -> f64 {
    let low = if x > -50.0 { x } else { -50.0 };
    let clamped = if low < 710.0 { low } else { 710.0 };
    let k = round(clamped * std::f64::consts::LOG2_E);
    let r = (clamped - k * LN2_HIGH) - k * LN2_LOW;
    // 2^1024 is no number, half of it is.
    let power = power_of_two(k - 1.0);
    let value = 2.0 * ((r + r * r * tail(r)) * power + (power - 0.5));
    if x.is_nan() { f64::NAN } else { value }
}

/// (e^r - 1 - r) / r^2 by the Taylor series to r^13/13!, whose remainder is 4e-18 at ln(2)/2.
#[inline(always)]
pub(super) fn tail(r: f64) -> f64 {
    let r2 = r * r;
    let r4 = r2 * r2;
    let a = (1.0 / 2.0 + r * (1.0 / 6.0)) + r2 * (1.0 / 24.0 + r * (1.0 / 120.0));
    let b = (1.0 / 720.0 + r * (1.0 / 5040.0)) + r2 * (1.0 / 40_320.0 + r * (1.0 / 362_880.0));
    let c = (1.0 / 3_628_800.0 + r * (1.0 / 39_916_800.0))
        + r2 * (1.0 / 479_001_600.0 + r * (1.0 / 6_227_020_800.0));
    a + r4 * (b + r4 * c)
}

/// e^x within 1.01 ulp (f32); 0 below -103.98, infinity above 88.73.
///
/// Coefficients: Cephes, `expf.c` (Moshier).
#[inline(always)]
pub fn exp32(x: f32) -> f32 {
    let low = if x > -105.0 { x } else { -105.0 };
    let clamped = if low < 89.0 { low } else { 89.0 };
    let k = round32(clamped * std::f32::consts::LOG2_E);
    let r = (clamped - k * LN2_HIGH32) - k * LN2_LOW32;
    let half = round32(k * 0.5);
    let r2 = r * r;
    let tail = (0.5 + r * 1.666_666_5e-1)
        + r2 * ((4.166_579_6e-2 + r * 8.333_452e-3) + r2 * (1.398_2e-3 + r * 1.987_569_1e-4));
    let value = (1.0 + (r + r2 * tail)) * power_of_two32(half) * power_of_two32(k - half);
    if x.is_nan() { f32::NAN } else { value }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;
    use crate::math::testing::{floats, ulps, ulps32};

    #[test]
    fn f64_is_within_an_ulp_of_std() {
        let worst = (0..2_000_001).map(|i| {
            let x = -745.0 + 1454.7 * f64::from(i) / 2e6;
            ulps(exp(x), x.exp())
        });
        let worst = worst.fold(0.0, f64::max);
        println!("exp: {worst} ulp");
        assert!(worst <= 1.0);
    }

    #[test]
    fn f32_is_within_1_01_ulp_of_its_whole_domain() {
        let worst = floats(101).map(|x| ulps32(exp32(x), f64::from(x).exp())).fold(0.0, f64::max);
        println!("exp32: {worst} ulp");
        assert!(worst <= 1.01);
    }

    #[test]
    fn expm1_is_within_2_5_ulp_of_std() {
        let near = (0..1_000_000).map(|i| -1.5 + 3.0 * f64::from(i) / 1e6);
        let far = (0..1_000_000).map(|i| -50.0 + 759.7 * f64::from(i) / 1e6);
        let tiny = (0..300).map(|i| f64::exp(-f64::from(i)));
        let worst = near.chain(far).chain(tiny).map(|x| ulps(expm1(x), x.exp_m1())).fold(0.0, f64::max);
        println!("expm1: {worst} ulp");
        assert!(worst <= 2.5);
        assert_eq!([expm1(0.0), expm1(f64::NEG_INFINITY), expm1(f64::INFINITY)], [0.0, -1.0, f64::INFINITY]);
        assert!(expm1(f64::NAN).is_nan());
    }

    #[test]
    fn edges() {
        assert_eq!([exp(0.0), exp(-0.0), exp(f64::NEG_INFINITY), exp(-746.0)], [1.0, 1.0, 0.0, 0.0]);
        assert_eq!([exp(f64::INFINITY), exp(709.79)], [f64::INFINITY; 2]);
        assert_eq!(exp(-745.0), f64::from_bits(1));
        assert_eq!(exp(-f64::NAN).to_bits(), f64::NAN.to_bits());
        assert_eq!([exp32(0.0), exp32(f32::NEG_INFINITY), exp32(-104.0)], [1.0, 0.0, 0.0]);
        assert_eq!([exp32(f32::INFINITY), exp32(88.73)], [f32::INFINITY; 2]);
        assert_eq!(exp32(-103.2), f32::from_bits(1));
        assert_eq!(exp32(-f32::NAN).to_bits(), f32::NAN.to_bits());
    }
}
