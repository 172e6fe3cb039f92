//! The natural logarithm, after fdlibm (`e_log.c`, Sun Microsystems 1993) and its f32 form
//! in FreeBSD's msun (`e_logf.c`), without branches.
//!
//! x = 2^k m with m in [sqrt(1/2), sqrt(2)); with f = m - 1 and s = f/(2 + f),
//! ln m = f - f^2/2 + s (f^2/2 + R(s^2)).

const LN2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;
const LN2_HIGH32: f32 = 6.931_381e-1;
const LN2_LOW32: f32 = 9.058_001e-6;
/// The bits of sqrt(1/2), cut off, and their distance from the bits of 1.
const ROOT_HALF: u64 = 0x3fe6_a09e_0000_0000;
const TO_ONE: u64 = 0x3ff0_0000_0000_0000 - ROOT_HALF;
pub(super) const ROOT_HALF32: u32 = 0x3f35_04f3;
pub(super) const TO_ONE32: u32 = 0x3f80_0000 - ROOT_HALF32;

/// ln x within 1.5 ulp; minus infinity at 0, NaN below 0.
#[inline(always)]
pub fn ln(x: f64) -> f64 {
    let tiny = x < f64::MIN_POSITIVE;
    let scaled = if tiny { x * 18_014_398_509_481_984.0 } else { x };
    let bits = scaled.to_bits().wrapping_add(TO_ONE);
    // The exponent, as the low bits of 2^52; no instruction set below AVX-512 converts u64.
    let exponent = f64::from_bits((bits >> 52) | 0x4330_0000_0000_0000) - 4_503_599_627_370_496.0;
    let k = exponent - if tiny { 1023.0 + 54.0 } else { 1023.0 };
    let f = f64::from_bits((bits & 0x000f_ffff_ffff_ffff).wrapping_add(ROOT_HALF)) - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    let w = z * z;
    let odd =
        w * (3.999_999_999_940_942e-1 + w * (2.222_219_843_214_978_4e-1 + w * 1.531_383_769_920_937_3e-1));
    let even = z
        * (6.666_666_666_666_735e-1
            + w * (2.857_142_874_366_239e-1
                + w * (1.818_357_216_161_805e-1 + w * 1.479_819_860_511_658_6e-1)));
    let square = 0.5 * f * f;
    let value = k * LN2_HIGH - ((square - (s * (square + (even + odd)) + k * LN2_LOW)) - f);
    let value = if x == f64::INFINITY { f64::INFINITY } else { value };
    let value = if x == 0.0 { f64::NEG_INFINITY } else { value };
    if x >= 0.0 { value } else { f64::NAN }
}

/// ln x within 0.9 ulp (f32); minus infinity at 0, NaN below 0.
#[inline(always)]
pub fn ln32(x: f32) -> f32 {
    let tiny = x < f32::MIN_POSITIVE;
    let scaled = if tiny { x * 33_554_432.0 } else { x };
    let bits = scaled.to_bits().wrapping_add(TO_ONE32);
    let k = (bits >> 23) as i32 as f32 - if tiny { 127.0 + 25.0 } else { 127.0 };
    let f = f32::from_bits((bits & 0x007f_ffff).wrapping_add(ROOT_HALF32)) - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    let w = z * z;
    let odd = w * (4.000_097_2e-1 + w * 2.427_907_9e-1);
    let even = z * (6.666_666e-1 + w * 2.849_878_7e-1);
    let square = 0.5 * f * f;
    let value = k * LN2_HIGH32 - ((square - (s * (square + (even + odd)) + k * LN2_LOW32)) - f);
    let value = if x == f32::INFINITY { f32::INFINITY } else { value };
    let value = if x == 0.0 { f32::NEG_INFINITY } else { value };
    if x >= 0.0 { value } else { f32::NAN }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;
    use crate::math::testing::{floats, ulps, ulps32};

    #[test]
    fn f64_is_within_an_ulp_of_std() {
        let wide = (1..2_000_000_u64).map(|i| f64::from_bits(i * 4_602_678_819));
        let near_one = (0..1_000_000).map(|i| 0.5 + 1.5 * f64::from(i) / 1e6);
        let worst = wide.chain(near_one).map(|x| ulps(ln(x), x.ln())).fold(0.0, f64::max);
        println!("ln: {worst} ulp");
        assert!(worst <= 1.0);
    }

    #[test]
    fn f32_is_within_0_9_ulp_of_its_whole_domain() {
        let domain = floats(101).filter(|x| *x > 0.0);
        let worst = domain.map(|x| ulps32(ln32(x), f64::from(x).ln())).fold(0.0, f64::max);
        println!("ln32: {worst} ulp");
        assert!(worst <= 0.9);
    }

    #[test]
    fn edges() {
        assert_eq!([ln(1.0), ln(f64::INFINITY)], [0.0, f64::INFINITY]);
        assert_eq!([ln(0.0), ln(-0.0)], [f64::NEG_INFINITY; 2]);
        assert!(ulps(ln(f64::from_bits(1)), f64::from_bits(1).ln()) <= 1.0);
        assert!(
            [ln(-1.0), ln(-f64::NAN), ln(f64::NEG_INFINITY)]
                .iter()
                .all(|x| x.to_bits() == f64::NAN.to_bits())
        );
        assert_eq!([ln32(1.0), ln32(f32::INFINITY)], [0.0, f32::INFINITY]);
        assert_eq!([ln32(0.0), ln32(-0.0)], [f32::NEG_INFINITY; 2]);
        assert!([ln32(-1.0), ln32(-f32::NAN)].iter().all(|x| x.to_bits() == f32::NAN.to_bits()));
    }
}
