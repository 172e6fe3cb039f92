//! Moments, chi-square and Kolmogorov-Smirnov tests of the pixels' samplers.

use crate::{draws, key, oracle, scene};
use lightmill::isa::Isa;
use lightmill::random::{normal, poisson};

/// Draws at a time: a plane.
const PLANE: usize = 1 << 16;

/// A true hypothesis fails once in 10,000 keys; keys are fixed.
const LEAST_P: f64 = 1e-4;

/// Hands out planes of normal numbers.
fn normals(name: &str, mut take: impl FnMut(&[f32])) -> f64 {
    let mut z = vec![0.0; PLANE];
    let planes = draws().div_ceil(PLANE);
    for plane in 0..planes {
        normal::fill(Isa::best(), key(name), scene(plane as u64), 0, &mut z);
        take(&z);
    }
    (planes * PLANE) as f64
}

#[test]
fn normals_are_normal() {
    /// Bins of 1/64 from -8 to 8.
    const BINS: usize = 1024;
    let edge = |i: usize| i as f64 / 64.0 - 8.0;
    let mut seen = vec![0u32; BINS];
    let mut sums = [0f64; 4];
    let n = normals("normal", |z| {
        for z in z {
            let z = *z as f64;
            seen[((z + 8.0) * 64.0) as usize] += 1;
            let square = z * z;
            sums = [sums[0] + z, sums[1] + square, sums[2] + z * square, sums[3] + square * square];
        }
    });
    let seen: Vec<f64> = seen.into_iter().map(f64::from).collect();
    let expected: Vec<f64> = (0..BINS)
        .map(|i| {
            let (low, high) = (oracle::normal(edge(i)), oracle::normal(edge(i + 1)));
            n * if i < BINS / 2 { high.0 - low.0 } else { low.1 - high.1 }
        })
        .collect();
    let p = oracle::chi_square(&seen, &expected);
    assert!(p > LEAST_P, "chi-square: p = {p}");
    // Kolmogorov-Smirnov on the bins' edges; 2.2 is exceeded once in 8,000 keys.
    let (mut sum, mut worst) = (0.0, 0f64);
    for (seen, expected) in seen.iter().zip(&expected) {
        sum += seen - expected;
        worst = worst.max(sum.abs() / n.sqrt());
    }
    assert!(worst < 2.2, "sqrt(n) D = {worst}");
    // Moments 1 to 4 are 0, 1, 0, 3; the variances of z, z^2, z^3, z^4 are 1, 2, 15, 96.
    for (sum, (mean, variance)) in sums.into_iter().zip([(0.0, 1.0), (1.0, 2.0), (0.0, 15.0), (3.0, 96.0)]) {
        let deviation = (sum / n - mean) / f64::sqrt(variance / n);
        assert!(deviation.abs() < 4.0, "a moment is {deviation} standard errors from {mean}");
    }
}

#[test]
fn tails_are_normal() {
    // What lies beyond 3.5 comes from extension words; 5 is where 24 bits would end.
    let limits = [3.4f32, 3.5, 4.0, 4.5, 5.0, 5.5];
    let mut seen = [0f64; 6];
    let mut most = 0f32;
    let n = normals("tails", |z| {
        for z in z.iter().map(|z| z.abs()).filter(|z| *z > limits[0]) {
            most = most.max(z);
            for (seen, limit) in seen.iter_mut().zip(limits) {
                *seen += (z > limit) as i32 as f64;
            }
        }
    });
    for (seen, limit) in seen.into_iter().zip(limits) {
        let expected = n * 2.0 * oracle::normal(limit as f64).1;
        assert!((seen - expected).abs() < 4.0 * expected.sqrt() + 2.0, "{limit}: {seen} for {expected}");
    }
    assert!(most > 4.9, "{most}");
}

#[test]
fn the_tail_is_uniform_in_probability() {
    // Pixels beyond 3.487: their probability, by the oracle, over that of the whole tail.
    let mut bins = [0f64; 32];
    normals("tail", |z| {
        for z in z.iter().filter(|z| z.abs() > 3.49) {
            let share = oracle::normal(z.abs() as f64).1 / oracle::normal(3.49f32 as f64).1;
            bins[((share * 16.0) as usize).min(15) + if *z > 0.0 { 16 } else { 0 }] += 1.0;
        }
    });
    let p = oracle::chi_square(&bins, &[bins.iter().sum::<f64>() / 32.0; 32]);
    assert!(p > LEAST_P, "{p}: {bins:?}");
}

/// Chi-square, mean and variance of counts of one mean.
fn check_poisson(mean: f32, n: usize) {
    let planes = n.div_ceil(PLANE);
    let n = (planes * PLANE) as f64;
    let exact = mean as f64;
    let first = (exact - 9.0 * exact.sqrt() - 2.0).max(0.0).floor();
    let mut seen = vec![0f64; (2.0 * 9.5 * exact.sqrt() + 60.0) as usize];
    let (mut sum, mut squares) = (0.0, 0.0);
    let mut counts = vec![0f32; PLANE];
    for plane in 0..planes {
        counts.fill(mean);
        poisson::replace(Isa::best(), key(&format!("mean {mean}")), scene(plane as u64), 0, &mut counts);
        for count in &counts {
            seen[(*count as f64 - first) as usize] += 1.0;
            let off = *count as f64 - exact;
            sum += off;
            squares += off * off;
        }
    }
    let cdf: Vec<(f64, f64)> =
        (0..=seen.len()).map(|i| oracle::poisson(exact, first + i as f64 - 1.0)).collect();
    let share =
        |pair: &[(f64, f64)]| n * if pair[0].0 < 0.5 { pair[1].0 - pair[0].0 } else { pair[0].1 - pair[1].1 };
    let expected: Vec<f64> = cdf.windows(2).map(share).collect();
    let p = oracle::chi_square(&seen, &expected);
    assert!(p > LEAST_P, "mean {mean}: chi-square p = {p}");
    let deviation = sum / n / (exact / n).sqrt();
    assert!(deviation.abs() < 4.0, "mean {mean}: off by {deviation} standard errors");
    let spread = (squares / n - exact) / (exact * (1.0 + 2.0 * exact) / n).sqrt();
    assert!(spread.abs() < 4.0, "mean {mean}: variance off by {spread} standard errors");
}

#[test]
fn counts_are_poisson() {
    let means = [1e-3, 0.03, 0.3, 1.0, 2.5, 5.0, 7.9, 8.0, 12.0, 30.0, 99.0, 101.0, 1e3, 1e4];
    for mean in means {
        check_poisson(mean, draws() / means.len());
    }
}

#[test]
fn counts_of_huge_means_have_their_moments() {
    let mut counts = vec![0f32; PLANE];
    for mean in [1e5f32, 1e6, 1e7, 1e8, 1e9] {
        let (mut squares, mut bins) = (0.0, [0f64; 64]);
        let planes = (draws() / 100).div_ceil(PLANE);
        for plane in 0..planes {
            counts.fill(mean);
            poisson::replace(Isa::best(), key(&format!("mean {mean}")), scene(plane as u64), 0, &mut counts);
            for (i, count) in counts.iter().enumerate() {
                let root = (mean as f64).sqrt();
                let z = (*count as f64 - mean as f64) / root;
                squares += z * z;
                // Anywhere within the count, or within what f32 rounds to it, without its skewness
                // (Cornish and Fisher).
                let step = (f32::from_bits(count.to_bits() + 1) - count).max(1.0) as f64;
                let within = 0.5 + step * ((i as f64 * 0.618_033_988_749_894_9).fract() - 0.5);
                let z = z + (within - (z * z - 1.0) / 6.0) / root;
                bins[(oracle::normal(z).0 * 64.0) as usize] += 1.0;
            }
        }
        let n = (planes * PLANE) as f64;
        assert!(((squares / n - 1.0) / (2.0 / n).sqrt()).abs() < 4.0, "mean {mean}: {}", squares / n);
        let p = oracle::chi_square(&bins, &[n / 64.0; 64]);
        assert!(p > LEAST_P, "mean {mean}: p = {p}");
    }
}
