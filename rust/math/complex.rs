//! Complex numbers, as far as Mellin transforms need them.

use super::{exp, ln, sin_cos};
use std::ops::{Add, Mul, Sub};

/// A complex number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Complex {
    /// The real part.
    pub re: f64,
    /// The imaginary part.
    pub im: f64,
}

impl Complex {
    /// re + i im.
    pub const fn new(re: f64, im: f64) -> Complex {
        Complex { re, im }
    }

    /// This many times itself.
    pub fn times(self, factor: f64) -> Complex {
        Complex::new(factor * self.re, factor * self.im)
    }

    /// The absolute value.
    pub fn abs(self) -> f64 {
        (self.re * self.re + self.im * self.im).sqrt()
    }

    /// 1/z.
    pub fn inverse(self) -> Complex {
        let square = self.re * self.re + self.im * self.im;
        Complex::new(self.re / square, -self.im / square)
    }

    /// e^z; the imaginary part is up to a million.
    pub fn exp(self) -> Complex {
        let (sin, cos) = sin_cos(self.im);
        Complex::new(cos, sin).times(exp(self.re))
    }

    /// The principal root of a number whose real part is not negative.
    fn root(self) -> Complex {
        let re = (0.5 * (self.abs() + self.re)).sqrt();
        Complex::new(re, 0.5 * self.im / re)
    }

    /// The principal logarithm of a number whose real part is above 0, within a few ulp.
    ///
    /// The root halves the angle; the series of the arc tangent then takes it from pi/32 on.
    pub fn ln(self) -> Complex {
        let part = self.root().root().root().root();
        let tangent = part.im / part.re;
        let square = tangent * tangent;
        let series = (0..11).rev().fold(0.0, |sum, k| 1.0 / f64::from(2 * k + 1) - square * sum);
        Complex::new(ln(self.abs()), 16.0 * tangent * series)
    }
}

impl Add for Complex {
    type Output = Complex;
    fn add(self, other: Complex) -> Complex {
        Complex::new(self.re + other.re, self.im + other.im)
    }
}

impl Sub for Complex {
    type Output = Complex;
    fn sub(self, other: Complex) -> Complex {
        Complex::new(self.re - other.re, self.im - other.im)
    }
}

impl Mul for Complex {
    type Output = Complex;
    fn mul(self, other: Complex) -> Complex {
        Complex::new(self.re * other.re - self.im * other.im, self.re * other.im + self.im * other.re)
    }
}

/// Coefficients of Stirling's series, B_2k / (2k (2k - 1)) (DLMF 5.11.1).
const STIRLING: [f64; 6] =
    [1.0 / 12.0, -1.0 / 360.0, 1.0 / 1260.0, -1.0 / 1680.0, 1.0 / 1188.0, -691.0 / 360_360.0];
/// From here on the series is good to 1e-15.
const STIRLING_FROM: f64 = 12.0;
/// ln(2 pi) / 2.
const HALF_LN_TWO_PI: f64 = 0.918_938_533_204_672_8;

/// A logarithm of Gamma(z) for a real part above 0, within 1e-13 (1 + |z|); its imaginary part
/// is right up to whole turns.
pub fn ln_gamma(z: Complex) -> Complex {
    let (mut shifted, mut product) = (z, Complex::new(0.0, 0.0));
    while shifted.re < STIRLING_FROM {
        product = product + shifted.ln();
        shifted.re += 1.0;
    }
    let inverse = shifted.inverse();
    let square = inverse * inverse;
    let zero = Complex::new(0.0, 0.0);
    let tail = STIRLING.iter().rev().fold(zero, |sum, c| sum * square + Complex::new(*c, 0.0)) * inverse;
    let half = Complex::new(0.5, 0.0);
    (shifted - half) * shifted.ln() - shifted + Complex::new(HALF_LN_TWO_PI, 0.0) + tail - product
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;

    #[test]
    fn the_logarithm_is_that_of_its_exponential() {
        for (re, im) in [(1.0, 0.0), (0.3, 0.3), (1e-3, 5.0), (7.0, -120.0), (0.5, -1e-9)] {
            let ln = Complex::new(re, im).ln();
            assert!((ln.im - f64::atan2(im, re)).abs() < 1e-15 * (1.0 + ln.im.abs()) * 4.0, "{re} {im}");
            let back = ln.exp();
            assert!((back - Complex::new(re, im)).abs() < 1e-14 * Complex::new(re, im).abs(), "{re} {im}");
        }
    }

    /// |Gamma(1/2 + it)|^2 = pi / cosh(pi t) (DLMF 5.4.4), and values of mpmath's `gamma`.
    #[test]
    fn gamma_is_as_close_as_stated() {
        for t in [0.0, 0.3, 2.0, 11.0, 60.0_f64] {
            let ln = ln_gamma(Complex::new(0.5, t)).re;
            let truth = 0.5 * (std::f64::consts::PI.ln() - (std::f64::consts::PI * t).cosh().ln());
            assert!((ln - truth).abs() < 1e-13 * (1.0 + t), "{t}: {ln} {truth}");
        }
        let value = ln_gamma(Complex::new(1.0, 1.0)).exp();
        let truth = Complex::new(0.498_015_668_118_356_04, -0.154_949_828_301_810_69);
        assert!((value - truth).abs() < 1e-14, "{value:?}");
        let value = ln_gamma(Complex::new(3.0, 5.0)).exp();
        let again = ln_gamma(Complex::new(2.0, 5.0)).exp() * Complex::new(2.0, 5.0);
        assert!((value - again).abs() < 1e-13 * value.abs());
    }
}
