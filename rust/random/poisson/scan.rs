//! How far the lanes are from the truth, against how near a boundary they dare to decide.
//!
//! For large means a lane's x is off by at most (error of z) dx/dz + (error of the expansion at that z),
//! both with all rounding. The first depends on the word alone, the second on mean and z; each is scanned
//! against f64 (below a mean of 100: against numerical inversion of the incomplete gamma function), and
//! together they must stay below the distance that [`large`] keeps. Small means have a bound, see
//! [`small`], whose parts are scanned here. `LIGHTMILL_DRAWS` (default 1e7) sets how densely.

#![allow(clippy::disallowed_methods)]

use super::{large, quantile, small};
use crate::random::normal;

#[allow(dead_code)]
#[path = "../../../tests/rust/streams/oracle.rs"]
mod oracle;

fn density() -> f64 {
    std::env::var("LIGHTMILL_DRAWS").map_or(1.0, |text| text.parse::<f64>().expect("a number") / 1e7)
}

/// The largest |z| where the lanes decide.
const Z: f64 = 3.4875;

/// Error of z over all words where lanes decide, whatever the extension word.
const Z_ERROR: f64 = 2.2e-6;

#[test]
fn z_is_near_enough() {
    // 2^31 words are distinct but for the sign; 1e9 (`LIGHTMILL_DRAWS=1e9`) are all of them.
    let step = ((200.0 / density()) as usize).max(1);
    let mut worst = 0f64;
    for word in (normal::TAIL..1 << 31).step_by(step).chain(normal::TAIL..normal::TAIL + 100_000) {
        let z = normal::central(word).0 as f64;
        assert_eq!(normal::central(!word).0 as f64, -z);
        for extension in [0, u32::MAX as u64] {
            worst = worst.max((z - normal::quantile((word as u64) << 32 | extension)).abs());
        }
    }
    println!("z: {worst:e}");
    assert!(worst < Z_ERROR && normal::quantile((normal::TAIL as u64) << 32) > -Z);
}

/// x with Q(x, mean) = Phi(z), by the secant method from a start nearby.
fn inverse(mean: f64, z: f64, start: f64) -> f64 {
    let (p, q) = oracle::normal(z);
    // The nearer tail keeps its digits.
    let miss = |x: f64| {
        let (above, below) = oracle::gamma(x, mean);
        if z < 0.0 { (below / p).ln() } else { (q / above).ln() }
    };
    let (mut a, mut b) = (start, start + 1e-3);
    let (mut at_a, mut at_b) = (miss(a), miss(b));
    for _ in 0..20 {
        let next = b - at_b * (b - a) / (at_b - at_a);
        (a, at_a) = (b, at_b);
        (b, at_b) = (next, miss(next));
        if (b - a).abs() < 1e-10 {
            break;
        }
    }
    b
}

/// The worst share of the kept distance that errors use up, over means and z.
fn worst_share(means: impl Iterator<Item = f32>, zs: usize, exact: impl Fn(f64, f64, f64) -> f64) -> f64 {
    let mut worst = (0.0, 0.0, 0.0);
    for mean in means {
        for i in 0..zs {
            let z = (Z * (2.0 * (i as f64 + 0.37) / zs as f64 - 1.0)) as f32;
            let (x, epsilon) = large::nearness(mean, z);
            let step = 1e-3f32;
            let slope = (large::nearness(mean, z + step).0 - x).abs() / step as f64;
            // The exact x too without the whole part of the mean, which costs digits.
            let whole = (mean as i32) as f64;
            let truth = exact(mean as f64, z as f64, x + whole) - whole;
            let share = ((x - truth).abs() + 1.1 * slope * Z_ERROR) / epsilon;
            if share > worst.0 {
                worst = (share, mean as f64, z as f64);
            }
        }
    }
    println!("share of the kept distance used: {worst:?}");
    worst.0
}

#[test]
fn means_below_100_keep_their_distance() {
    let count = (600.0 * density().sqrt()) as usize;
    let means = (0..count).map(|i| (8.0 * (100f64 / 8.0).powf(i as f64 / count as f64)) as f32);
    assert!(worst_share(means, 300, inverse) < 0.6);
}

#[test]
fn means_from_100_keep_their_distance() {
    let count = (20_000.0 * density().sqrt()) as usize;
    let means = (0..count).map(|i| (100.0 * 1e7f64.powf(i as f64 / count as f64)) as f32);
    assert!(worst_share(means, 300, |mean, z, _| mean + quantile::offset(mean, z)) < 0.6);
}

#[test]
fn the_expansion_is_the_inverse() {
    let mut worst = 0f64;
    for i in 0..400 {
        let mean = 100.0 * 1e2f64.powf(i as f64 / 400.0);
        for z in (-92..=92).map(|z| z as f64 / 10.0) {
            let x = mean + quantile::offset(mean, z);
            worst = worst.max((x - inverse(mean, z, x)).abs());
        }
    }
    println!("expansion: {worst:e}");
    assert!(worst < 4e-8);
}

#[test]
fn small_means_keep_their_distance() {
    // Lanes with u on a boundary in f64 must not decide; beyond twice the kept distance they must.
    let steps = (300_000.0 * density()) as usize;
    let mut worst = 0f64;
    for i in 0..steps {
        let mean = if i % 2 == 0 {
            8.0 * i as f64 / steps as f64
        } else {
            1e-7 * 8e7f64.powf(i as f64 / steps as f64)
        } as f32;
        let (mut p, mut c) = ((-mean as f64).exp(), 0.0);
        for (j, boundary) in small::boundaries(mean).into_iter().enumerate() {
            p *= if j == 0 { 1.0 } else { mean as f64 / j as f64 };
            c += p;
            worst = worst.max((boundary - c).abs());
        }
    }
    println!("boundaries: {worst:e}");
    // The bound derived in `small`, of which 35 e are the probabilities'.
    assert!(worst < 35.0 / 16_777_216.0);
}

#[test]
fn small_means_need_no_more_steps() {
    assert!(oracle::poisson(8.0, (small::STEPS - 1) as f64).1 < 1e-6);
}
