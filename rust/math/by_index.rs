//! Derivatives of gamma functions by their first argument.

use super::special::{gamma_p, gamma_q, ln_gamma};
use super::{exp, ln};

/// Coefficients of the asymptotic series of psi, B_2k/(2k) (DLMF 5.11.2).
const SERIES: [f64; 7] =
    [1.0 / 12.0, -1.0 / 120.0, 1.0 / 252.0, -1.0 / 240.0, 1.0 / 132.0, -691.0 / 32_760.0, 1.0 / 12.0];
/// From here on it is good to 1e-16.
const SERIES_FROM: f64 = 12.0;
/// x beyond a by so much leave less than 1e-40.
const FAR: f64 = 130.0;
const MOST_TERMS: usize = 1000;

/// psi(x) = d ln Gamma/dx for x > 0, within 1e-14 of 1 + |psi|.
pub fn digamma(x: f64) -> f64 {
    let (mut shifted, mut sum) = (x, 0.0);
    while shifted < SERIES_FROM {
        sum -= 1.0 / shifted;
        shifted += 1.0;
    }
    let square = 1.0 / (shifted * shifted);
    let tail = SERIES.iter().rev().fold(0.0, |tail, c| tail * square + c) * square;
    sum + (ln(shifted) - 0.5 / shifted - tail)
}

/// dP(a, x)/da of the regularised lower incomplete gamma function, for a from 0.1 to 20, within 1e-13.
///
/// P is the sum over k of x^(a+k) e^-x/Gamma(a+k+1) (DLMF 8.7.1); the derivative has ln x - psi(a+k+1)
/// beside each term.
pub fn gamma_p_by_a(a: f64, x: f64) -> f64 {
    if x <= 0.0 || x > a + FAR {
        return 0.0;
    }
    let mut term = exp(a * ln(x) - x - ln_gamma(a + 1.0));
    let (mut psi, mut sum, ln_x) = (digamma(a + 1.0), 0.0, ln(x));
    for k in 1..MOST_TERMS {
        sum += term * (ln_x - psi);
        let next = a + k as f64;
        term *= x / next;
        psi += 1.0 / next;
        if next > x && term < 1e-18 {
            break;
        }
    }
    sum
}

/// How the radius that holds half of a Sersic profile's light, in b, changes with the index: db/dn.
pub fn sersic_b_by_index(n: f64, b: f64) -> f64 {
    // P(2n, b) stays, and dP/db = b^(2n-1) e^-b/Gamma(2n).
    let slope = exp((2.0 * n - 1.0) * ln(b) - b - ln_gamma(2.0 * n));
    -2.0 * gamma_p_by_a(2.0 * n, b) / slope
}

/// What of a Sersic profile's light is within b (R/R_e)^(1/n) = x, and how that changes with the index at
/// a radius.
pub fn sersic_enclosed((n, b, by_index): (f64, f64, f64), x: f64) -> (f64, f64) {
    let within = if x < 2.0 * n + 1.0 { gamma_p(2.0 * n, x) } else { 1.0 - gamma_q(2.0 * n, x) };
    let slope = exp(2.0 * n * ln(x) - x - ln_gamma(2.0 * n));
    (within, 2.0 * gamma_p_by_a(2.0 * n, x) + slope * (by_index / b - ln(x / b) / n))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::special::sersic_b;

    #[test]
    fn digamma_at_known_points() {
        const EULER: f64 = 0.577_215_664_901_532_9;
        for (x, truth) in [
            (1.0, -EULER),
            (0.5, -EULER - 2.0 * std::f64::consts::LN_2),
            (2.0, 1.0 - EULER),
            (20.0, 2.970_523_992_242_149),
        ] {
            assert!((digamma(x) - truth).abs() < 1e-14 * (1.0 + truth.abs()), "{x}: {}", digamma(x));
        }
    }

    #[test]
    fn they_are_what_differences_give() {
        let five = |f: &dyn Fn(f64) -> f64, at: f64, h: f64| {
            ((f(at - 2.0 * h) - f(at + 2.0 * h)) - 8.0 * (f(at - h) - f(at + h))) / (12.0 * h)
        };
        for a in [0.6, 1.0, 2.5, 8.0, 16.0] {
            for x in [1e-6, 0.01, 0.3, 1.7, 8.0, 30.0, 90.0] {
                let difference = five(&|a| gamma_p(a, x), a, 1e-3 * a);
                assert!((gamma_p_by_a(a, x) - difference).abs() < 1e-10, "{a} {x}");
            }
        }
        for n in [0.3, 0.5, 1.0, 2.7, 4.0, 8.0] {
            let b = sersic_b(n);
            let by_index = sersic_b_by_index(n, b);
            let difference = five(&sersic_b, n, 1e-3 * n);
            assert!((by_index - difference).abs() < 1e-9, "{n}: {by_index} {difference}");
            for radius in [1e-5, 0.1, 0.8, 3.0, 20.0] {
                let x = |n: f64| sersic_b(n) * crate::math::pow(radius, 1.0 / n);
                let within = |n: f64| gamma_p(2.0 * n, x(n));
                let (value, slope) = sersic_enclosed((n, b, by_index), x(n));
                assert!((value - within(n)).abs() < 1e-13);
                assert!((slope - five(&within, n, 1e-3 * n)).abs() < 1e-9, "{n} {radius}: {slope}");
            }
        }
    }
}
