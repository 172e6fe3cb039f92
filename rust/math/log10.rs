//! The decimal logarithm, after fdlibm (`e_log10.c`, Sun Microsystems 1993).
//!
//! x = 2^k m, m in [1, 2) for k >= 0 and in [1/2, 1) otherwise, so that nothing cancels:
//! log10 x = k log10 2 + ln m / ln 10. Dividing ln 1000 by ln 10 would give less than 3.

use super::ln;

pub(super) const LOG10_2_HIGH: f64 = 3.010_299_956_636_117_7e-1;
pub(super) const LOG10_2_LOW: f64 = 3.694_239_077_158_931e-13;
const INVERSE_LN_10: f64 = std::f64::consts::LOG10_E;

/// log10 x within 2 ulp, exact for 10^0 to 10^22; minus infinity at 0, NaN below 0.
#[inline(always)]
pub fn log10(x: f64) -> f64 {
    let tiny = x < f64::MIN_POSITIVE;
    let bits = (if tiny { x * 18_014_398_509_481_984.0 } else { x }).to_bits();
    let exponent = f64::from_bits((bits >> 52) | 0x4330_0000_0000_0000) - 4_503_599_627_370_496.0;
    let k = exponent - if tiny { 1023.0 + 54.0 } else { 1023.0 };
    let below_one = k < 0.0;
    let scale = if below_one { 0x3fe0_0000_0000_0000 } else { 0x3ff0_0000_0000_0000 };
    let m = f64::from_bits((bits & 0x000f_ffff_ffff_ffff) | scale);
    let y = if below_one { k + 1.0 } else { k };
    let value = (y * LOG10_2_LOW + INVERSE_LN_10 * ln(m)) + y * LOG10_2_HIGH;
    let value = if x == f64::INFINITY { f64::INFINITY } else { value };
    let value = if x == 0.0 { f64::NEG_INFINITY } else { value };
    if x >= 0.0 { value } else { f64::NAN }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;
    use crate::math::testing::ulps;

    #[test]
    fn it_is_within_two_ulp_of_std() {
        let wide = (1..1_000_000_u64).map(|i| f64::from_bits(i * 9_205_357_638));
        let near_one = (0..1_000_000).map(|i| 0.5 + 1.5 * f64::from(i) / 1e6);
        let worst = wide.chain(near_one).map(|x| ulps(log10(x), x.log10())).fold(0.0, f64::max);
        println!("log10: {worst} ulp");
        assert!(worst <= 2.0);
    }

    #[test]
    fn powers_of_ten_are_exact() {
        for n in 0..23 {
            assert_eq!(log10(format!("1e{n}").parse().unwrap()), f64::from(n));
        }
    }

    #[test]
    fn edges() {
        assert_eq!([log10(0.0), log10(-0.0)], [f64::NEG_INFINITY; 2]);
        assert_eq!(log10(f64::INFINITY), f64::INFINITY);
        assert!([log10(-1.0), log10(f64::NAN)].iter().all(|x| x.to_bits() == f64::NAN.to_bits()));
    }
}
