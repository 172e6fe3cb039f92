//! Slow, obvious distribution functions: incomplete gamma by series and continued fraction.

#![allow(clippy::disallowed_methods, dead_code)]

use std::f64::consts::{PI, SQRT_2};

/// x^a e^-x / Gamma(a + 1), by Stirling's series at a + 20 or from a = 20 on directly.
fn density(a: f64, x: f64) -> f64 {
    if a < 20.0 {
        // x^20 Gamma(a + 1) / Gamma(a + 21) is the quotient of the two densities.
        return density(a + 20.0, x) * (1..=20).map(|i| (a + i as f64) / x).product::<f64>();
    }
    let t = (x - a) / a;
    let log = if t.abs() < 0.5 { t.ln_1p() } else { (x / a).ln() };
    let w = 1.0 / (a * a);
    let stirling = (1.0 / 12.0 - w * (1.0 / 360.0 - w * (1.0 / 1260.0 - w / 1680.0))) / a;
    (-a * (t - log) - stirling).exp() / (2.0 * PI * a).sqrt()
}

/// The regularised incomplete gamma functions P and Q of (a, x), each with its own relative precision
/// where it is the smaller.
pub fn gamma(a: f64, x: f64) -> (f64, f64) {
    if x < a + 1.0 {
        let (mut term, mut sum, mut n) = (1.0, 1.0, a);
        while term > sum * 1e-18 {
            n += 1.0;
            term *= x / n;
            sum += term;
        }
        let p = sum * density(a, x);
        return (p, 1.0 - p);
    }
    // The continued fraction by Lentz's method.
    let (mut b, mut c) = (x + 1.0 - a, 1e300);
    let mut d = 1.0 / b;
    let mut h = d;
    for i in 1..10_000_000 {
        let i = i as f64;
        let an = -i * (i - a);
        b += 2.0;
        d = 1.0 / (an * d + b);
        c = b + an / c;
        h *= d * c;
        if (d * c - 1.0).abs() < 1e-16 {
            break;
        }
    }
    let q = h * a * density(a, x);
    (1.0 - q, q)
}

/// Of a Poisson variable: P(X <= k) and P(X > k).
pub fn poisson(mean: f64, k: f64) -> (f64, f64) {
    if k < 0.0 {
        return (0.0, 1.0);
    }
    let (p, q) = gamma(k + 1.0, mean);
    (q, p)
}

/// Of a normal variable: P(Z <= z) and P(Z > z).
pub fn normal(z: f64) -> (f64, f64) {
    if z.abs() < 1e-4 {
        let p = 0.5 + z / (2.0 * PI).sqrt();
        return (p, 1.0 - p);
    }
    let (p, q) = gamma(0.5, (z / SQRT_2).powi(2));
    if z < 0.0 { (0.5 * q, 0.5 + 0.5 * p) } else { (0.5 + 0.5 * p, 0.5 * q) }
}

/// The probability that chi-square of these counts is larger by chance. Bins are joined until 25 are
/// expected in each.
pub fn chi_square(observed: &[f64], expected: &[f64]) -> f64 {
    let mut bins = vec![(0.0, 0.0)];
    let mut left: f64 = expected.iter().sum();
    for (o, e) in observed.iter().zip(expected) {
        let (observed, expected) = bins[bins.len() - 1];
        let last = bins.len() - 1;
        bins[last] = (observed + o, expected + e);
        left -= e;
        if bins[last].1 >= 25.0 && left >= 25.0 {
            bins.push((0.0, 0.0));
        }
    }
    let sum: f64 = bins.iter().map(|(o, e)| (o - e).powi(2) / e).sum();
    if bins.len() < 2 { 1.0 } else { gamma(0.5 * (bins.len() - 1) as f64, 0.5 * sum).1 }
}

#[test]
fn the_oracle_knows_what_mpmath_knows() {
    let near = |value: f64, truth: f64| assert!((value / truth - 1.0).abs() < 2e-13, "{value} for {truth}");
    near(gamma(0.5, 0.1).0, 0.345279153981423);
    near(gamma(0.5, 20.0).1, 2.539628589470865e-10);
    near(gamma(3.0, 1.0).0, 0.08030139707139419);
    near(gamma(3.0, 12.5).1, 0.00034145459689170825);
    near(gamma(50.0, 20.0).0, 1.245892607971938e-08);
    near(gamma(50.0, 90.0).1, 1.6494985017178249e-06);
    near(gamma(10000.0, 9600.0).0, 2.547031418384642e-05);
    near(gamma(10000.0, 10500.0).1, 4.2758724550596475e-07);
    near(normal(-7.5).0, 3.1908916729108963e-14);
    near(normal(1.5).0, 0.9331927987311419);
}
