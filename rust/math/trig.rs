//! Sine and cosine.
//!
//! x = k pi/2 + r with |r| <= pi/4, by Cody and Waite's subtraction of pi/2 in three parts;
//! the polynomials are fdlibm's (`k_sin.c`, `k_cos.c`) and, for f32, Cephes's (`sinf.c`).

use super::exp::{round, round32};

/// pi/2 in parts of 33, 33 and 53 bits (fdlibm, `e_rem_pio2.c`).
const HALF_PI: [f64; 3] = [1.570_796_326_734_125_6, 6.077_100_506_303_966e-11, 2.022_266_248_795_950_6e-21];
/// pi/2 in parts of 8, 11 and 24 bits (Cephes).
const HALF_PI32: [f32; 3] = [1.570_312_5, 4.837_513e-4, 7.549_79e-8];

/// The largest argument of [`sin_cos`]: k stays below 2^20, so that its products are exact.
pub const LARGEST: f64 = 1_647_099.0;
/// The largest argument of [`sin_cos32`].
pub const LARGEST32: f32 = 8192.0;

/// Sine and cosine of radians within 2.5 ulp, for |x| up to [`LARGEST`]; NaN beyond.
#[inline(always)]
pub fn sin_cos(x: f64) -> (f64, f64) {
    let inside = x.abs() <= LARGEST;
    let x = if inside { x } else { 0.0 };
    let k = round(x * std::f64::consts::FRAC_2_PI);
    let r = ((x - k * HALF_PI[0]) - k * HALF_PI[1]) - k * HALF_PI[2];
    let (sin, cos) = turned(k, sin_kernel(r), cos_kernel(r));
    if inside { (sin, cos) } else { (f64::NAN, f64::NAN) }
}

/// Sine and cosine after k quarter turns.
#[inline(always)]
fn turned(k: f64, sin: f64, cos: f64) -> (f64, f64) {
    // k modulo 4, as -2, -1, 0, 1 or 2.
    let quarter = k - 4.0 * round(k * 0.25);
    let odd = (quarter == 1.0) | (quarter == -1.0);
    let s = if odd { cos } else { sin };
    let c = if odd { sin } else { cos };
    let half = (quarter == 2.0) | (quarter == -2.0);
    let s = if half | (quarter == -1.0) { -s } else { s };
    let c = if half | (quarter == 1.0) { -c } else { c };
    (s, c)
}

#[inline(always)]
fn sin_kernel(r: f64) -> f64 {
    let z = r * r;
    let high = 2.755_731_370_707_006_8e-6 + z * (-2.505_076_025_340_686_3e-8 + z * 1.589_690_995_211_55e-10);
    let low = 8.333_333_333_322_49e-3 + z * (-1.984_126_982_985_795e-4 + z * high);
    r + r * z * (-1.666_666_666_666_663_2e-1 + z * low)
}

#[inline(always)]
fn cos_kernel(r: f64) -> f64 {
    let z = r * r;
    let w = z * z;
    let low = 4.166_666_666_666_66e-2 + z * (-1.388_888_888_887_411e-3 + z * 2.480_158_728_947_673e-5);
    let high =
        -2.755_731_435_139_066_3e-7 + z * (2.087_572_321_298_175e-9 + z * -1.135_964_755_778_819_5e-11);
    let half = 0.5 * z;
    let near = 1.0 - half;
    near + (((1.0 - near) - half) + z * (z * low + w * w * high))
}

/// Sine and cosine of radians within 1e-7, for |x| up to [`LARGEST32`]; NaN beyond.
#[inline(always)]
pub fn sin_cos32(x: f32) -> (f32, f32) {
    let inside = x.abs() <= LARGEST32;
    let x = if inside { x } else { 0.0 };
    let k = round32(x * std::f32::consts::FRAC_2_PI);
    let r = ((x - k * HALF_PI32[0]) - k * HALF_PI32[1]) - k * HALF_PI32[2];
    let z = r * r;
    let sin = r + r * z * (-1.666_665_5e-1 + z * (8.332_161e-3 + z * -1.951_529_6e-4));
    let cos = (1.0 - 0.5 * z) + z * z * (4.166_664_6e-2 + z * (-1.388_731_6e-3 + z * 2.443_315_7e-5));
    let quarter = k - 4.0 * round32(k * 0.25);
    let odd = (quarter == 1.0) | (quarter == -1.0);
    let s = if odd { cos } else { sin };
    let c = if odd { sin } else { cos };
    let half = (quarter == 2.0) | (quarter == -2.0);
    let s = if half | (quarter == -1.0) { -s } else { s };
    let c = if half | (quarter == 1.0) { -c } else { c };
    if inside { (s, c) } else { (f32::NAN, f32::NAN) }
}

/// Sine and cosine of degrees, within 2 ulp and exact at multiples of 90; NaN unless finite.
pub fn sin_cos_degrees(degrees: f64) -> (f64, f64) {
    if !degrees.is_finite() {
        return (f64::NAN, f64::NAN);
    }
    // The remainder of a division is exact, however large the angle.
    let turn = degrees % 360.0;
    let k = round(turn / 90.0);
    let r = (turn - 90.0 * k) * (std::f64::consts::PI / 180.0);
    let (sin, cos) = turned(k, sin_kernel(r), cos_kernel(r));
    // No negative zeros: they would show in what is drawn from them.
    (sin + 0.0, cos + 0.0)
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;
    use crate::math::testing::{floats, ulps};

    #[test]
    fn f64_is_within_two_ulp_of_std() {
        let near = (0..1_000_000).map(|i| -20.0 + 40.0 * f64::from(i) / 1e6);
        let far = (0..1_000_000).map(|i| -LARGEST + 2.0 * LARGEST * f64::from(i) / 1e6);
        let multiples = (0..100_000).map(|i| f64::from(i * 10) * std::f64::consts::FRAC_PI_2);
        let worst = near.chain(far).chain(multiples).map(|x| {
            let (sin, cos) = sin_cos(x);
            ulps(sin, x.sin()).max(ulps(cos, x.cos()))
        });
        let worst = worst.fold(0.0, f64::max);
        println!("sin_cos: {worst} ulp");
        assert!(worst <= 2.0);
    }

    #[test]
    fn f32_is_within_1e_7() {
        let domain = floats(101).filter(|x| x.abs() <= LARGEST32);
        let worst = domain.map(|x| {
            let (sin, cos) = sin_cos32(x);
            let (s, c) = f64::from(x).sin_cos();
            (f64::from(sin) - s).abs().max((f64::from(cos) - c).abs())
        });
        let worst = worst.fold(0.0, f64::max);
        println!("sin_cos32: {worst}");
        assert!(worst <= 1e-7);
    }

    #[test]
    fn degrees_are_exact_at_quarters() {
        let turns = [(0.0, 1.0), (1.0, 0.0), (0.0, -1.0), (-1.0, 0.0)];
        for quarter in -9_i32..9 {
            let expected = turns[quarter.rem_euclid(4) as usize];
            assert_eq!(sin_cos_degrees(90.0 * f64::from(quarter)), expected);
        }
        assert_eq!(sin_cos_degrees(360.0 * 1_099_511_627_776.0 + 90.0), (1.0, 0.0));
        assert_eq!(sin_cos_degrees(-0.0).0.to_bits(), 0);
        assert!(sin_cos_degrees(f64::INFINITY).0.is_nan());
    }

    #[test]
    fn degrees_are_those_of_radians() {
        for i in -3600..3600 {
            let degrees = f64::from(i) * 0.1237;
            let ((sin, cos), (s, c)) = (sin_cos_degrees(degrees), degrees.to_radians().sin_cos());
            assert!((sin - s).abs() < 2e-15 && (cos - c).abs() < 2e-15, "{degrees}");
        }
    }

    #[test]
    fn beyond_the_largest_is_nan() {
        for x in [2e6, f64::INFINITY, -f64::NAN] {
            assert_eq!(sin_cos(x).0.to_bits(), f64::NAN.to_bits());
        }
        assert_eq!(sin_cos32(1e4).1.to_bits(), f32::NAN.to_bits());
    }
}
