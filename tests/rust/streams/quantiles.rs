//! The Poisson quantile against the incomplete gamma function.

#![allow(clippy::disallowed_methods)]

use crate::{key, oracle, scene};
use lightmill::random::{Prior, poisson};

/// Whether C(k - 1) <= U < C(k), as far as `tolerance` (relative, of the nearer tail) can tell.
fn check(mean: f64, bits: u64, tolerance: f64) {
    let k = poisson::quantile(mean, bits);
    let (below, at) = (oracle::poisson(mean, k - 1.0), oracle::poisson(mean, k));
    let right = if bits >> 63 == 0 {
        let u = (bits as f64 + 0.5) / 2f64.powi(64);
        below.0 * (1.0 - tolerance) <= u && u < at.0 * (1.0 + tolerance)
    } else {
        let v = (!bits as f64 + 0.5) / 2f64.powi(64);
        below.1 * (1.0 + tolerance) >= v && v > at.1 * (1.0 - tolerance)
    };
    assert!(right, "mean {mean}, bits {bits}: {k}");
}

/// Random bits, of which every second lie deep in a tail.
fn bits(i: u64) -> u64 {
    let words = scene(i).block(key("bits"), 0);
    let bits = (words[0] as u64) << 32 | words[1] as u64;
    match i % 4 {
        0 => bits >> (words[2] % 64),
        1 => !(bits >> (words[2] % 64)),
        _ => bits,
    }
}

#[test]
fn small_means_are_exact() {
    let means = Prior::log_uniform(1e-6, 100.0).unwrap();
    for i in 0..100_000 {
        check(means.draw(key("small"), scene(i)), bits(i), 2e-12);
    }
}

#[test]
fn large_means_are_exact() {
    let means = Prior::log_uniform(100.0, 1e4).unwrap();
    for i in 0..20_000 {
        // 3e-8 counts times the relative change from one count to the next.
        check(means.draw(key("large"), scene(i)), bits(i), 5e-8);
    }
}

#[test]
fn huge_means_are_exact() {
    for (i, mean) in [1e5, 3e5, 1e6, 1e7, 1e8, 1e9].into_iter().cycle().take(60).enumerate() {
        check(mean + i as f64 * 0.37, bits(i as u64), 2e-8);
    }
}

#[test]
fn the_ends_of_the_unit_interval_have_counts() {
    for mean in [1e-6, 0.5, 8.0, 99.9, 100.0, 1e4] {
        for bits in [0, 1, 1 << 63, (1 << 63) - 1, u64::MAX - 1, u64::MAX] {
            check(mean, bits, 5e-8);
        }
    }
}

#[test]
fn counts_rise_with_the_bits() {
    for mean in [0.3, 7.0, 40.0, 120.0, 1e5] {
        let counts: Vec<f64> = (0..4000u64).map(|i| poisson::quantile(mean, i << 52 | 12345)).collect();
        assert!(counts.windows(2).all(|pair| pair[0] <= pair[1]));
    }
}
