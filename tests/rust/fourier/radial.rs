//! Radial transforms in f64, by integrals along curves on which nothing oscillates.

use lightmill::image::fourier::Spread;
use std::f64::consts::{LN_2, PI};

/// Tables are over ln q from here on, in steps; a sixth-order interpolation is within 1e-9 then.
const FIRST: f64 = -14.0;
const STEP: f64 = 0.0125;
const COUNT: usize = 1920;
/// Of the sums that are integrals: they converge exponentially.
const FINE: f64 = 0.05;
const FWHM_PER_SIGMA: f64 = 2.354_820_045_030_949;
/// Pieces of the straight lines that stand for an Airy PSF's transform.
const PIECES: usize = 100_000;
const EULER: f64 = 0.577_215_664_901_532_9;

/// A transform by the square of q, k times the scale radius.
pub enum Radial {
    Point,
    Gaussian,
    /// By ln q.
    Table(Vec<f64>),
    /// By q/32, which is 1 where the transform ends.
    Airy(Vec<f64>),
}

impl Radial {
    pub fn new(spread: Spread) -> Radial {
        match spread {
            Spread::Gaussian => Radial::Gaussian,
            Spread::Moffat(beta) => Radial::Table(moffat(beta)),
            Spread::Sersic(n) => Radial::Table(sersic(n)),
            Spread::Airy(obscuration) => Radial::Airy(airy(obscuration)),
            Spread::Point | Spread::Picture(_) => Radial::Point,
        }
    }

    pub fn at(&self, square: f64) -> f64 {
        match self {
            Radial::Point => 1.0,
            Radial::Gaussian => (-0.5 * square).exp(),
            Radial::Table(values) => between(values, (0.5 * square.ln() - FIRST) / STEP),
            Radial::Airy(values) => {
                let place = square.sqrt() / 32.0 * PIECES as f64;
                let below = place as usize;
                if below >= PIECES {
                    return 0.0;
                }
                values[below] + (place - below as f64) * (values[below + 1] - values[below])
            }
        }
    }
}

/// Lagrange's polynomial through six values.
fn between(values: &[f64], place: f64) -> f64 {
    if place < 2.0 {
        return 1.0;
    }
    let below = place as usize;
    if below + 3 >= values.len() {
        return 0.0;
    }
    let t = place - below as f64;
    let [a, b, c, d, e, f] = [t + 2.0, t + 1.0, t, t - 1.0, t - 2.0, t - 3.0];
    let v = &values[below - 2..below + 4];
    (v[5] * a * b * c * d * e - v[0] * b * c * d * e * f) / 120.0
        + (v[1] * a * c * d * e * f - v[4] * a * b * c * d * f) / 24.0
        + (v[3] * a * b * c * e * f - v[2] * a * b * d * e * f) / 12.0
}

pub fn gamma(a: f64) -> f64 {
    let (first, last) = ((-40.0 / a).min(-4.0), 7.0);
    let count = ((last - first) / FINE) as usize;
    (0..count).map(|i| first + FINE * i as f64).map(|s| FINE * (a * s - s.exp()).exp()).sum()
}

/// The b of which half of Gamma(2n) is below: by the series of the incomplete function.
pub fn half_light(n: f64) -> f64 {
    let (a, whole) = (2.0 * n, gamma(2.0 * n));
    let below = |x: f64| {
        let (mut term, mut sum) = (1.0 / a, 0.0);
        for k in 1..400 {
            sum += term;
            term *= x / (a + f64::from(k));
        }
        x.powf(a) * (-x).exp() * sum / whole
    };
    let (mut low, mut high) = (0.0, 40.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if below(middle) < 0.5 { low = middle } else { high = middle }
    }
    low
}

/// K_0(u e^(i phase)), for a phase within a quarter of a turn: the integral over s of exp(-w cosh s).
fn bessel(u: f64, phase: f64) -> (f64, f64) {
    let (re, im) = (u * phase.cos(), u * phase.sin());
    if u < 1e-3 {
        let (log, square) = (-(0.5 * u).ln() - EULER, (0.25 * (re * re - im * im), 0.5 * re * im));
        return (
            log * (1.0 + square.0) + phase * square.1 + square.0,
            log * square.1 - phase * (1.0 + square.0) + square.1,
        );
    }
    let count = if re < 45.0 { ((90.0 / re).ln() / FINE) as usize + 1 } else { 0 };
    let terms = (0..count).map(|i| {
        let cosh = (FINE * i as f64).cosh();
        let size = (-re * cosh).exp() * if i == 0 { 0.5 * FINE } else { FINE };
        (size * (im * cosh).cos(), -size * (im * cosh).sin())
    });
    terms.fold((0.0, 0.0), |sum, term| (sum.0 + term.0, sum.1 + term.1))
}

/// 1/Gamma(2n) times the integral of x^(2n - 1) e^-x J_0(q (x/b)^n), J_0 the real part of H_0 = 2/(i pi)
/// K_0(-i z): on x = z e^(i a) with n a up to a quarter of a turn K_0 falls.
fn sersic(n: f64) -> Vec<f64> {
    let angle = (0.45 * PI).min(0.5 * PI / n);
    let (step, low, high) = (STEP / n, -20.0 / n, (60.0 / angle.cos() + 12.0 * n).ln());
    let (scale, log_b) = (step * 2.0 / PI / gamma(2.0 * n), half_light(n).ln());
    let weights: Vec<(f64, f64)> = (0..((high - low) / step) as usize)
        .map(|i| {
            let log = low + step * i as f64;
            let size = scale * (2.0 * n * log - log.exp() * angle.cos()).exp();
            // Times -i.
            let turn = 2.0 * n * angle - log.exp() * angle.sin() - 0.5 * PI;
            (size * turn.cos(), size * turn.sin())
        })
        .collect();
    let first = FIRST + n * (low - log_b);
    let functions: Vec<(f64, f64)> = (0..COUNT + weights.len())
        .map(|s| bessel((first + STEP * s as f64).exp(), n * angle - 0.5 * PI))
        .collect();
    let at = |j: usize| weights.iter().zip(&functions[j..]).map(|(w, f)| w.0 * f.0 - w.1 * f.1).sum();
    (0..COUNT).map(at).collect()
}

/// 2/Gamma(v) (x/2)^v K_v(x), v = beta - 1 and x = k gamma: the integral over t of exp(v t - x cosh t).
fn moffat(beta: f64) -> Vec<f64> {
    let (order, root) = (beta - 1.0, (2.0_f64.powf(1.0 / beta) - 1.0).sqrt());
    let (per_q, scale) = (0.5 * FWHM_PER_SIGMA / root, FINE / gamma(order));
    let at = |j: usize| {
        let x = per_q * (FIRST + STEP * j as f64).exp();
        let half = ((120.0 / x).ln().max(0.0) / FINE) as i32;
        let log = |t: f64| order * (t + (0.5 * x).ln()) - x * t.cosh();
        (-half..=half).map(|i| scale * log(FINE * f64::from(i)).exp()).sum()
    };
    (0..COUNT).map(at).collect()
}

/// The part of two circles that they share.
fn common(a: f64, b: f64, distance: f64) -> f64 {
    if distance >= a + b {
        return 0.0;
    }
    if distance <= (a - b).abs() {
        let least = a.min(b);
        return PI * least * least;
    }
    let segment = |r: f64, other: f64| {
        let x = (distance * distance + r * r - other * other) / (2.0 * distance);
        r * r * (x / r).clamp(-1.0, 1.0).acos() - x * (r * r - x * x).max(0.0).sqrt()
    };
    segment(a, b) + segment(b, a)
}

fn airy(e: f64) -> Vec<f64> {
    let at = |i: usize| {
        let d = 2.0 * i as f64 / PIECES as f64;
        (common(1.0, 1.0, d) - 2.0 * common(1.0, e, d) + common(e, e, d)) / (PI * (1.0 - e * e))
    };
    (0..=PIECES).map(at).collect()
}

#[test]
fn transforms_known_in_closed_form() {
    let gamma = |beta: f64| 0.5 * FWHM_PER_SIGMA / (2.0_f64.powf(1.0 / beta) - 1.0).sqrt();
    let b = half_light(1.0);
    assert!((b - 1.678_346_990_016_660_7).abs() < 1e-12);
    let known: [(Spread, &dyn Fn(f64) -> f64); 5] = [
        (Spread::Sersic(0.5), &|q| (-q * q / (4.0 * LN_2)).exp()),
        (Spread::Sersic(1.0), &|q| (1.0 + (q / b).powi(2)).powf(-1.5)),
        (Spread::Moffat(1.5), &|q| (-q * gamma(1.5)).exp()),
        (Spread::Moffat(2.5), &|q| (1.0 + q * gamma(2.5)) * (-q * gamma(2.5)).exp()),
        (Spread::Airy(0.0), &|q| {
            let nu = (q / 32.0).min(1.0);
            2.0 / PI * (nu.acos() - nu * (1.0 - nu * nu).sqrt())
        }),
    ];
    for (spread, truth) in known {
        let transform = Radial::new(spread);
        for i in 0..900 {
            let q = 1e-4 * 1.013_f64.powi(i);
            let apart = transform.at(q * q) - truth(q);
            assert!(apart.abs() < 2e-9, "{spread:?} {q}: {apart:e}");
        }
    }
    // Of n = 8, by the same integral in Python's terms (`sersic` of `tests/python/convolved.py`).
    let steep = Radial::new(Spread::Sersic(8.0));
    for (q, truth) in [(0.1, 0.895_767_480_405_807_7), (10.0, 0.149_345_346_945_087_14)] {
        assert!((steep.at(q * q) - truth).abs() < 1e-9, "{q}: {}", steep.at(q * q));
    }
}
