//! Parameter draws: distributions, cuts, columns, and what is refused.

use crate::{draws, key, oracle, scene};
use lightmill::error::Error;
use lightmill::isa::Isa;
use lightmill::param::Range;
use lightmill::random::{Counter, Cut, Prior, Slot};

const ANY: Cut = Cut::range(Range::ANY);

fn slot(path: &str) -> Slot {
    Slot { key: key(path), path: path.into() }
}

fn column(prior: &Prior, name: &str, count: usize) -> Vec<f64> {
    let mut out = vec![0.0; count];
    prior.draw_column(Isa::best(), &slot(name), scene(0), &ANY, &mut out, (1, 0)).unwrap();
    out
}

/// Chi-square on 1,000 bins and Kolmogorov-Smirnov of draws whose distribution function is given.
fn check(name: &str, prior: Prior, cdf: impl Fn(f64) -> f64) {
    let count = draws() / 4;
    let mut bins = vec![0f64; 1000];
    for value in column(&prior, name, count) {
        bins[((cdf(value) * 1000.0) as usize).min(999)] += 1.0;
    }
    let expected = count as f64 / 1000.0;
    let p = oracle::chi_square(&bins, &[expected; 1000]);
    assert!(p > 1e-4, "{name}: chi-square p = {p}");
    let (mut sum, mut worst) = (0.0, 0f64);
    for bin in bins {
        sum += bin - expected;
        worst = worst.max(sum.abs() / (count as f64).sqrt());
    }
    assert!(worst < 2.2, "{name}: sqrt(n) D = {worst}");
}

#[test]
fn uniform_is_uniform() {
    check("uniform", Prior::uniform(-2.0, 6.0).unwrap(), |x| (x + 2.0) / 8.0);
}

#[test]
fn log_uniform_is_uniform_in_the_logarithm() {
    check("log_uniform", Prior::log_uniform(1e-3, 1e5).unwrap(), |x| (x.log10() + 3.0) / 8.0);
}

#[test]
fn normal_is_normal() {
    check("normal", Prior::normal(5.0, 0.1).unwrap(), |x| oracle::normal((x - 5.0) / 0.1).0);
}

/// Chi-square of whole numbers from `first` on.
fn check_counts(name: &str, prior: Prior, first: f64, shares: &[f64]) {
    let count = draws() / 4;
    let mut seen = vec![0f64; shares.len()];
    for value in column(&prior, name, count) {
        seen[(value - first) as usize] += 1.0;
    }
    let expected: Vec<f64> = shares.iter().map(|share| share * count as f64).collect();
    let p = oracle::chi_square(&seen, &expected);
    assert!(p > 1e-4, "{name}: p = {p}");
}

#[test]
fn integers_are_equally_likely_and_both_ends_come() {
    check_counts("integers", Prior::integers(-3.0, 9.0).unwrap(), -3.0, &[1.0 / 13.0; 13]);
}

#[test]
fn choices_come_as_their_weights() {
    let prior = Prior::choice(&[0.0, 1.0, 2.0, 3.0], Some(&[1.0, 2.0, 4.0, 3.0])).unwrap();
    check_counts("choice", prior, 0.0, &[0.1, 0.2, 0.4, 0.3]);
}

#[test]
fn poisson_is_poisson() {
    for mean in [0.7, 7.0, 150.0] {
        let shares: Vec<f64> = (0..300)
            .map(|k| oracle::poisson(mean, k as f64).0 - oracle::poisson(mean, k as f64 - 1.0).0)
            .collect();
        check_counts(&format!("poisson {mean}"), Prior::poisson(mean).unwrap(), 0.0, &shares);
    }
}

fn all() -> Vec<Prior> {
    [
        Prior::constant(4.25),
        Prior::uniform(1.0, 2.0),
        Prior::log_uniform(0.1, 10.0),
        Prior::normal(1.0, 2.0),
        Prior::integers(-5.0, 5.0),
        Prior::choice(&[1.5, 2.5, 3.5], None),
        Prior::poisson(3.0),
    ]
    .map(Result::unwrap)
    .to_vec()
}

#[test]
fn a_column_is_its_draws_one_by_one() {
    let cut = Cut { range: Range::ANY, min: Some(1.2), max: None };
    let slot = slot("column");
    for prior in all().into_iter().chain([Prior::integers(2.0, 2.0).unwrap()]) {
        for isa in Isa::available() {
            for (start, rows) in [(0, 0), (0, 1), (5, 15), ((1 << 32) - 3, 100)] {
                let first = Counter { scene: start, instance: 3, attempt: 0, round: 0 };
                let mut out = vec![-7.0; rows * 3];
                let redraws = prior.draw_column(isa, &slot, first, &cut, &mut out, (3, 1)).unwrap();
                let mut attempts = 0;
                for (i, record) in out.chunks(3).enumerate() {
                    let counter = Counter { scene: start + i as u64, ..first };
                    let (value, attempt) = prior.draw_within(&slot, counter, &cut).unwrap();
                    assert_eq!(record, [-7.0, value, -7.0]);
                    assert!(cut.contains(value));
                    attempts += attempt as u64;
                }
                assert_eq!(redraws, attempts);
            }
        }
    }
}

#[test]
fn a_cut_keeps_the_first_draw_that_is_legal() {
    let (slot, prior) = (slot("cut"), Prior::normal(0.0, 1.0).unwrap());
    let cut = Cut { range: Range::POSITIVE, min: None, max: Some(0.5) };
    for k in 0..1000 {
        let (value, attempt) = prior.draw_within(&slot, scene(k), &cut).unwrap();
        let draw = |attempt| prior.draw(slot.key, Counter { attempt, ..scene(k) });
        assert!((0..attempt).all(|earlier| !cut.contains(draw(earlier))));
        assert_eq!(value, draw(attempt));
    }
}

#[test]
fn what_is_never_legal_ends_with_the_slot_and_the_range() {
    let cut = Cut { range: Range::POSITIVE, min: None, max: None };
    let error = Prior::uniform(-2.0, -1.0).unwrap().draw_within(&slot("galaxy.flux"), scene(12), &cut);
    let Err(Error::Rejected(message)) = error else { panic!("{error:?}") };
    for part in ["galaxy.flux", "65535 draws", "scene 12", "above 0"] {
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn draws_stay_within_their_bounds() {
    for prior in all() {
        let (low, high) = prior.bounds();
        for value in column(&prior, "bounds", 10_000) {
            assert!((low..=high).contains(&value));
        }
        assert_eq!(prior.single().is_some(), low == high);
    }
}

#[test]
fn impossible_distributions_are_refused() {
    let nan = f64::NAN;
    let refused = [
        (Prior::constant(nan), "NaN"),
        (Prior::uniform(2.0, 1.0), "[2, 1]"),
        (Prior::uniform(nan, 1.0), "finite"),
        (Prior::uniform(-1e308, 1e308), "too far apart"),
        (Prior::log_uniform(0.0, 1.0), "above 0"),
        (Prior::log_uniform(-1.0, 1.0), "above 0"),
        (Prior::normal(0.0, -1.0), "-1"),
        (Prior::normal(f64::INFINITY, 1.0), "finite"),
        (Prior::integers(0.5, 3.0), "0.5"),
        (Prior::integers(0.0, 1e17), "2^53"),
        (Prior::integers(3.0, 1.0), "[3, 1]"),
        (Prior::choice(&[], None), "at least one"),
        (Prior::poisson(-1.0), "-1"),
        (Prior::poisson(2e9), "1e9"),
        (Prior::poisson(nan), "NaN"),
    ];
    for (prior, part) in refused {
        let message = prior.unwrap_err();
        assert!(message.contains(part), "{message} lacks {part}");
    }
}
