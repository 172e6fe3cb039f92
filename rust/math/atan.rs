//! The arc tangent of a quotient, after fdlibm (`s_atan.c`, Sun Microsystems 1993), without branches.

/// (x - atan x)/x^3 as a polynomial in x^2, for |x| < 7/16.
const SERIES: [f64; 11] = [
    3.333_333_333_333_293_18e-1,
    -1.999_999_999_987_648_3e-1,
    1.428_571_427_250_346_6e-1,
    -1.111_111_040_546_235_6e-1,
    9.090_887_133_436_507e-2,
    -7.691_876_205_044_83e-2,
    6.661_073_137_387_531e-2,
    -5.833_570_133_790_573_5e-2,
    4.976_877_994_615_932e-2,
    -3.653_157_274_421_691_6e-2,
    1.628_582_011_536_578_2e-2,
];
/// pi/4 = [`FRAC_PI_4`](std::f64::consts::FRAC_PI_4) + this.
const QUARTER_LOW: f64 = 3.061_616_997_868_383e-17;
/// tan(pi/8), about.
const EIGHTH: f64 = 0.414_213_562_373_095_05;

/// atan(y/x) within 2 ulp, for 0 <= |y| <= x, x above 0.
///
/// Above an eighth turn it is pi/4 + atan((y - x)/(y + x)), so that there is one division in all.
#[inline(always)]
pub fn atan_quotient(y: f64, x: f64) -> f64 {
    let size = y.abs();
    let steep = size > EIGHTH * x;
    let above = if steep { size - x } else { size };
    let below = if steep { size + x } else { x };
    let t = above / below;
    let z = t * t;
    let w = z * z;
    let s = &SERIES;
    let even = z * (s[0] + w * (s[2] + w * (s[4] + w * (s[6] + w * (s[8] + w * s[10])))));
    let odd = w * (s[1] + w * (s[3] + w * (s[5] + w * (s[7] + w * s[9]))));
    let small = t * (even + odd);
    let value = if steep { std::f64::consts::FRAC_PI_4 - ((small - QUARTER_LOW) - t) } else { t - small };
    if y < 0.0 { -value } else { value }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;
    use crate::math::testing::ulps;

    #[test]
    fn it_is_within_two_ulp_of_std() {
        let worst = (0..1_000_001).map(|i| {
            let y = -1.0 + f64::from(i) / 5e5;
            ulps(atan_quotient(3.0 * y, 3.0), y.atan())
        });
        let worst = worst.fold(0.0, f64::max);
        println!("atan_quotient: {worst} ulp");
        assert!(worst <= 2.0);
    }

    #[test]
    fn edges() {
        assert_eq!(atan_quotient(0.0, 1.0), 0.0);
        assert_eq!(atan_quotient(2.0, 2.0), std::f64::consts::FRAC_PI_4);
        assert_eq!(atan_quotient(-2.0, 2.0), -std::f64::consts::FRAC_PI_4);
        assert_eq!(atan_quotient(1e-300, 1.0), 1e-300);
        assert!(atan_quotient(f64::NAN, 1.0).is_nan());
    }
}
