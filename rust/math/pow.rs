//! Powers of a number that is not negative.

use super::{exp, exp32, ln, ln32};

/// x^y for x >= 0, as exp(y ln x): within 2 + 2 |y ln x| ulp. NaN for x < 0 or any NaN; 1 for
/// y = 0 or x = 1.
#[inline(always)]
pub fn pow(x: f64, y: f64) -> f64 {
    let value = exp(y * ln(x));
    let one = ((y == 0.0) & (x >= 0.0)) | ((x == 1.0) & !y.is_nan());
    if one { 1.0 } else { value }
}

/// x^y for x >= 0, as exp(y ln x): within 2 + 2 |y ln x| ulp (f32). NaN for x < 0 or any
/// NaN; 1 for y = 0 or x = 1.
#[inline(always)]
pub fn pow32(x: f32, y: f32) -> f32 {
    let value = exp32(y * ln32(x));
    let one = ((y == 0.0) & (x >= 0.0)) | ((x == 1.0) & !y.is_nan());
    if one { 1.0 } else { value }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;
    use crate::math::testing::{ulps, ulps32};

    #[test]
    fn errors_grow_with_the_exponent_as_stated() {
        let (mut worst, mut worst32) = (0.0_f64, 0.0_f64);
        for i in 1..300_000 {
            let (x, y) = (f64::from(i).sqrt() * 0.01, f64::from(i % 613) * 0.13 - 40.0);
            let size = (y * x.ln()).abs();
            worst = worst.max(ulps(pow(x, y), x.powf(y)) / (2.0 + 2.0 * size));
            let (x32, y32) = (x as f32, y as f32);
            let exact = f64::from(x32).powf(f64::from(y32));
            worst32 = worst32.max(ulps32(pow32(x32, y32), exact) / (2.0 + 2.0 * size));
        }
        println!("pow: {worst}, pow32: {worst32} of what is stated");
        assert!(worst <= 1.0 && worst32 <= 1.0);
    }

    #[test]
    fn edges() {
        let inf = f64::INFINITY;
        assert_eq!([pow(0.0, 2.0), pow(0.0, 0.0), pow(0.0, -1.0)], [0.0, 1.0, inf]);
        assert_eq!([pow(inf, 2.0), pow(inf, -2.0), pow(inf, 0.0), pow(1.0, inf)], [inf, 0.0, 1.0, 1.0]);
        for (x, y) in [(-1.0, 2.0), (f64::NAN, 0.0), (1.0, f64::NAN), (-1.0, 0.0)] {
            assert_eq!(pow(x, y).to_bits(), f64::NAN.to_bits());
            assert_eq!(pow32(x as f32, y as f32).to_bits(), f32::NAN.to_bits());
        }
        assert_eq!([pow32(0.0, 2.0), pow32(0.0, 0.0), pow32(2.0, -200.0)], [0.0, 1.0, 0.0]);
    }
}
