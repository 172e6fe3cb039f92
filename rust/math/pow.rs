//! Powers of a number that is not negative.

use super::exp::ROUND32;
use super::ln::{ROOT_HALF32, TO_ONE32};
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

/// 2^e for e from -125 to 127, within 3e-7 of itself; below, the value at -125.
///
/// A third of the operations of [`exp32`]: no fading into denormals, and a polynomial of
/// degree 5 (minimax, relative error 8e-8, with the constant set to 1).
#[inline(always)]
pub fn exp2_32(e: f32) -> f32 {
    let e = if e > -125.0 { e } else { -125.0 };
    let shifted = e + ROUND32;
    let r = e - (shifted - ROUND32);
    let r2 = r * r;
    // Estrin's order: loops over this wait for each other's results, not for the units.
    let low = 1.0 + r * 6.931_469_4e-1;
    let middle = 2.402_212e-1 + r * 5.550_713e-2;
    let high = 9.675_541e-3 + r * 1.327_647_1e-3;
    let value = low + r2 * (middle + r2 * high);
    f32::from_bits(value.to_bits().wrapping_add(shifted.to_bits() << 23))
}

/// Those of log2((1 + s)/(1 - s)) = s (c0 + s^2 (c1 + c2 s^2)), minimax to a relative error of
/// 1.2e-7.
pub const LOG2_SERIES: [f64; 3] = [2.885_390_520_1, 0.961_588_323_1, 0.595_780_730_2];

/// k and s of u = 2^k (1 + s)/(1 - s), for finite u >= 1e-38; under that any below 2^-125.
#[inline(always)]
pub fn split32(u: f32) -> (f32, f32) {
    let bits = u.to_bits().wrapping_add(TO_ONE32);
    let k = (bits >> 23) as i32 as f32 - 127.0;
    let m = f32::from_bits((bits & 0x007f_ffff).wrapping_add(ROOT_HALF32));
    (k, (m - 1.0) / (m + 1.0))
}

/// log2 u for finite u >= 1e-38, within 1.5e-7 (1 + |log2 u|).
#[inline(always)]
pub fn log2_32(u: f32) -> f32 {
    let (k, s) = split32(u);
    let z = s * s;
    let [c0, c1, c2] = LOG2_SERIES.map(|c| c as f32);
    k + (s * c0 + (s * z) * (c1 + z * c2))
}

/// u^-beta for one beta above 0.
#[derive(Clone, Copy, Debug)]
pub struct InversePower {
    minus_beta: f32,
    /// [`LOG2_SERIES`] times -beta.
    series: [f32; 3],
}

impl InversePower {
    /// For one exponent.
    pub fn new(beta: f64) -> InversePower {
        InversePower { minus_beta: -beta as f32, series: LOG2_SERIES.map(|c| (-beta * c) as f32) }
    }

    /// u^-beta for finite u >= 1, within (1 + beta ln u) 3e-7 of itself, or 2^-125 where it is
    /// below that. Under u = 1 it may be any number.
    #[inline(always)]
    pub fn at(self, u: f32) -> f32 {
        let (k, s) = split32(u);
        let z = s * s;
        let near = k * self.minus_beta + s * self.series[0];
        exp2_32(near + (s * z) * (self.series[1] + z * self.series[2]))
    }
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
    fn the_short_forms_are_as_close_as_stated() {
        let worst = (0..2_000_000).map(|i| {
            let e = -124.999 + 251.0 * (i as f32) / 2e6;
            (f64::from(exp2_32(e)) / f64::from(e).exp2() - 1.0).abs()
        });
        let worst = worst.fold(0.0, f64::max);
        println!("exp2_32: {worst}");
        assert!(worst <= 3e-7);
        let mut worst = 0.0_f64;
        for i in 1..1_000_000 {
            let (u, beta) = (1.0 + (i as f32) * (i as f32) * 1e-7, 1.1 + (i % 997) as f32 * 0.1);
            let size = f64::from(beta) * f64::from(u).ln();
            if size < 86.0 {
                let ratio = f64::from(InversePower::new(f64::from(beta)).at(u)) / (-size).exp();
                worst = worst.max((ratio - 1.0).abs() / (1.0 + size));
            }
        }
        println!("InversePower: {worst}");
        assert!(worst <= 3e-7);
        assert_eq!(
            [exp2_32(-1e30), exp2_32(f32::NEG_INFINITY), InversePower::new(100.0).at(1e30)],
            [2.0_f32.powi(-125); 3]
        );
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
