//! How fast an expression changes with its inputs: its derivative along a direction, step by step
//! with the value.

use super::evaluate::value;
use super::{Expression, Op, STACK};
use crate::math::{ln, sin_cos, sin_cos_degrees};
use std::f64::consts::{LN_10, PI};

/// Every operation sees three places of the stack.
const ROOM: usize = STACK + 2;

impl Expression {
    /// The rate of the value, where `input` gives value and rate of each of [`Expression::names`],
    /// by number. Where `min`, `max` or `clip` turns a corner, it is that of the value that is taken.
    pub fn slope(&self, input: impl Fn(usize) -> (f64, f64)) -> f64 {
        let (mut values, mut rates) = ([0.0; ROOM], [0.0; ROOM]);
        let mut top = 0;
        for op in &self.code {
            let base = top - op.operands();
            let (x, r) = ([0, 1, 2].map(|i| values[base + i]), [0, 1, 2].map(|i| rates[base + i]));
            (values[base], rates[base]) = match *op {
                Op::Number(number) => (number, 0.0),
                Op::Name(name) => input(name),
                op => (value(op, x), rate(op, x, r)),
            };
            top = base + 1;
        }
        rates[0]
    }
}

/// Of an operation's value, from the values and the rates of its operands.
fn rate(op: Op, [x, y, z]: [f64; 3], [r, s, t]: [f64; 3]) -> f64 {
    match op {
        Op::Add => r + s,
        Op::Subtract => r - s,
        Op::Multiply => r * y + x * s,
        Op::Divide => (r - x / y * s) / y,
        Op::Minimum => [r, s][usize::from(y < x)],
        Op::Maximum => [r, s][usize::from(y > x)],
        Op::Clip => [r, s, t][if x > z || y > z { 2 } else { usize::from(x < y) }],
        Op::Power => of_power([x, y], [r, s]),
        _ => r * chain(op, x),
    }
}

/// The derivative of a function of one operand.
fn chain(op: Op, x: f64) -> f64 {
    let own = value(op, [x, 0.0, 0.0]);
    match op {
        Op::Negate => -1.0,
        Op::Whole(n) => f64::from(n) * value(Op::Whole(n - 1), [x, 0.0, 0.0]),
        Op::SquareRoot => 0.5 / own,
        Op::Exponential => own,
        Op::Logarithm => 1.0 / x,
        Op::Logarithm10 => 1.0 / (x * LN_10),
        Op::Sine => sin_cos(x).1,
        Op::Cosine => -sin_cos(x).0,
        Op::SineDegrees => sin_cos_degrees(x).1 * (PI / 180.0),
        _ => -sin_cos_degrees(x).0 * (PI / 180.0),
    }
}

/// x^y: what does not change needs no logarithm, and may be negative or 0.
fn of_power([x, y]: [f64; 2], [r, s]: [f64; 2]) -> f64 {
    let power = |y: f64| value(Op::Power, [x, y, 0.0]);
    let by_base = if r == 0.0 { 0.0 } else { y * power(y - 1.0) * r };
    by_base + if s == 0.0 { 0.0 } else { ln(x) * power(y) * s }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compared with differences of the value.
    #[test]
    fn it_is_how_fast_the_value_changes() {
        for text in [
            "= 3 * a + b / a - 2",
            "= a ** 3 - b ** -2 + a ** b",
            "= sqrt(a) * exp(-b) + log(a) / log10(a + b)",
            "= sin(a) * cos(b) - sind(40 * a) * cosd(70 * b)",
            "= min(a, b, 3) + max(a, b, 1) * clip(a + b, 0, 9)",
            "= clip(a, 2, 5) + clip(9 * b, 2, 5) * a",
            "= -(a * b) ** 2",
        ] {
            let expression = Expression::parse(text).unwrap();
            let number = |name: usize| usize::from(expression.names()[name].text == "b");
            let (at, rates) = ([1.7, 0.9], [0.3, -1.1]);
            let value = |h: f64| expression.evaluate(|name| at[number(name)] + h * rates[number(name)]);
            let difference = (value(1e-5) - value(-1e-5)) / 2e-5;
            let slope = expression.slope(|name| (at[number(name)], rates[number(name)]));
            assert!((slope - difference).abs() < 1e-8 * (1.0 + slope.abs()), "{text}: {slope} {difference}");
        }
    }

    #[test]
    fn what_stands_still_has_no_rate() {
        let expression = Expression::parse("= (0 - a) ** 3 + 0 ** a + a ** 0.5").unwrap();
        assert_eq!(expression.slope(|_| (4.0, 0.0)), 0.0);
    }
}
