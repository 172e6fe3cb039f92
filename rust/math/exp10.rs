//! Powers of ten.
//!
//! As [`exp`](super::exp()), after x = k log10 2 + r: no digit of x is lost to a multiplication by ln 10
//! before the power of two is taken off.

use super::exp::{power_of_two, round, tail};
use super::log10::{LOG10_2_HIGH, LOG10_2_LOW};
use std::f64::consts::{LN_10, LOG2_10};

/// 10^x within 1.5 ulp; 0 below -323.6, infinity above 308.25.
#[inline(always)]
pub fn exp10(x: f64) -> f64 {
    let low = if x > -324.0 { x } else { -324.0 };
    let clamped = if low < 309.0 { low } else { 309.0 };
    let k = round(clamped * LOG2_10);
    let r = ((clamped - k * LOG10_2_HIGH) - k * LOG10_2_LOW) * LN_10;
    let half = round(k * 0.5);
    let value = (1.0 + (r + r * r * tail(r))) * power_of_two(half) * power_of_two(k - half);
    if x.is_nan() { f64::NAN } else { value }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;
    use crate::math::log10;
    use crate::math::testing::ulps;

    #[test]
    fn it_is_within_1_5_ulp_of_written_powers() {
        // Parsing rounds correctly, whatever std's own functions do; thousandths need the logarithm.
        let whole = (-307..309).map(|n| ulps(exp10(f64::from(n)), format!("1e{n}").parse::<f64>().unwrap()));
        let worst = whole.fold(0.0, f64::max);
        let between = (0..1_000_000).map(|i| {
            let x = -320.0 + 628.0 * f64::from(i) / 1e6;
            (log10(exp10(x)) - x).abs() / if x.abs() > 1.0 { x.abs() } else { 1.0 }
        });
        let back = between.skip(25_000).fold(0.0, f64::max);
        println!("exp10: {worst} ulp, {back} there and back");
        assert!(worst <= 1.5 && back <= 4e-16);
    }

    #[test]
    fn small_powers_of_ten_are_exact() {
        for n in 0..23 {
            assert_eq!(exp10(f64::from(n)), format!("1e{n}").parse::<f64>().unwrap(), "{n}");
        }
    }

    #[test]
    fn edges() {
        assert_eq!([exp10(0.0), exp10(-0.0), exp10(f64::NEG_INFINITY), exp10(-324.0)], [1.0, 1.0, 0.0, 0.0]);
        assert_eq!([exp10(f64::INFINITY), exp10(308.26)], [f64::INFINITY; 2]);
        assert_eq!(exp10(-323.5), f64::from_bits(1));
        assert_eq!(exp10(-f64::NAN).to_bits(), f64::NAN.to_bits());
    }
}
