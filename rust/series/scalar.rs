//! Numbers, and numbers with their rates of change: equations written once, for both.

use crate::math::{exp, half_turns, is_odd, rsqrt, sin, sin_cos};
use std::f64::consts::PI;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// A real number that equations are made from.
pub trait Scalar:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self> + Neg<Output = Self>
{
    /// One that does not change.
    fn real(value: f64) -> Self;
    /// The number itself.
    fn value(self) -> f64;
    /// What a function makes of it: its value here, and its slope.
    fn through(self, value: f64, slope: impl FnOnce() -> f64) -> Self;

    /// So many times it.
    #[inline(always)]
    fn times(self, factor: f64) -> Self {
        self * Self::real(factor)
    }

    /// Degrees in radians.
    #[inline(always)]
    fn radians(self) -> Self {
        self.through(self.value().to_radians(), || PI / 180.0)
    }

    /// A phase in degrees, in radians within a turn.
    #[inline(always)]
    fn phase(self) -> Self {
        self.through((self.value() % 360.0).to_radians(), || PI / 180.0)
    }

    /// Radians in degrees.
    #[inline(always)]
    fn degrees(self) -> Self {
        self.through(self.value().to_degrees(), || 180.0 / PI)
    }

    /// Its square root.
    #[inline(always)]
    fn root(self) -> Self {
        let root = self.value().sqrt();
        self.through(root, || 0.5 / root)
    }

    /// e to its power.
    #[inline(always)]
    fn exponential(self) -> Self {
        let power = exp(self.value());
        self.through(power, || power)
    }

    /// One over its square root.
    #[inline(always)]
    fn inverse_root(self) -> Self {
        let inverse = rsqrt(self.value());
        self.through(inverse, || -0.5 * inverse / self.value())
    }

    /// Its sine.
    #[inline(always)]
    fn sine(self) -> Self {
        self.through(sin(self.value()), || sin_cos(self.value()).1)
    }

    /// Its sine and cosine, to rounding at any size.
    #[inline(always)]
    fn sine_cosine(self) -> (Self, Self) {
        let (sin, cos) = sin_cos(self.value());
        (self.through(sin, || cos), self.through(cos, || -sin))
    }

    /// Its sine and cosine as [`Scalar::sine`] has it, in lanes.
    #[inline(always)]
    fn quick_sine_cosine(self) -> (Self, Self) {
        let (turns, sin, cos) = half_turns(self.value());
        let sign = if is_odd(turns) { -1.0 } else { 1.0 };
        let (sin, cos) = (sign * sin, sign * cos);
        (self.through(sin, || cos), self.through(cos, || -sin))
    }
}

impl Scalar for f64 {
    #[inline(always)]
    fn real(value: f64) -> f64 {
        value
    }

    #[inline(always)]
    fn value(self) -> f64 {
        self
    }

    #[inline(always)]
    fn through(self, value: f64, _: impl FnOnce() -> f64) -> f64 {
        value
    }
}

/// A number, and how fast it changes with whatever is asked about: a dual number.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Dual {
    /// The number.
    pub value: f64,
    /// Its rate of change.
    pub rate: f64,
}

impl Dual {
    /// Numbers with their rates.
    pub fn all(values: &[f64], rates: &[f64]) -> Vec<Dual> {
        values.iter().zip(rates).map(|(&value, &rate)| Dual { value, rate }).collect()
    }
}

impl Scalar for Dual {
    fn real(value: f64) -> Dual {
        Dual { value, rate: 0.0 }
    }

    fn value(self) -> f64 {
        self.value
    }

    /// What does not change needs no slope, which may be infinite there.
    fn through(self, value: f64, slope: impl FnOnce() -> f64) -> Dual {
        Dual { value, rate: if self.rate == 0.0 { 0.0 } else { self.rate * slope() } }
    }
}

impl Add for Dual {
    type Output = Dual;
    fn add(self, other: Dual) -> Dual {
        Dual { value: self.value + other.value, rate: self.rate + other.rate }
    }
}

impl Sub for Dual {
    type Output = Dual;
    fn sub(self, other: Dual) -> Dual {
        Dual { value: self.value - other.value, rate: self.rate - other.rate }
    }
}

impl Mul for Dual {
    type Output = Dual;
    fn mul(self, other: Dual) -> Dual {
        Dual { value: self.value * other.value, rate: self.rate * other.value + self.value * other.rate }
    }
}

impl Div for Dual {
    type Output = Dual;
    fn div(self, other: Dual) -> Dual {
        let value = self.value / other.value;
        Dual { value, rate: (self.rate - value * other.rate) / other.value }
    }
}

impl Neg for Dual {
    type Output = Dual;
    fn neg(self) -> Dual {
        Dual { value: -self.value, rate: -self.rate }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A function of every operation there is.
    fn all<T: Scalar>(x: T) -> T {
        let (sin, cos) = (x * x).sine_cosine();
        let (quick, other) = x.times(3.0).quick_sine_cosine();
        let sum = (sin - cos / x).root() + x.inverse_root() * x.sine() - quick * other.exponential();
        (sum.degrees().radians() + x.phase()) / (T::real(2.0) + -x)
    }

    #[test]
    fn rates_are_slopes() {
        let dual = all(Dual { value: 1.3, rate: 2.0 });
        let slope = |h: f64| (all(1.3 + h) - all(1.3 - h)) / (2.0 * h);
        let wanted = (4.0 * slope(1e-4) - slope(2e-4)) / 3.0;
        assert!(
            dual.value == all(1.3) && (dual.rate / (2.0 * wanted) - 1.0).abs() < 1e-9,
            "{dual:?} {wanted}"
        );
    }

    #[test]
    fn what_stands_still_has_no_slope() {
        assert_eq!(Dual::real(0.0).root(), Dual::default());
    }
}
