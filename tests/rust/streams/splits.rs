//! Splits are exact in each block, and random within it.

use crate::{key, oracle};
use lightmill::random::Splits;
use lightmill::random::split::BLOCK;

#[test]
fn every_block_is_dealt_in_exact_proportion() {
    let splits = Splits::new(key("splits"), &[0.6, 0.2, 0.15, 0.05]).unwrap();
    for block in [0, 1, 2, 1 << 40] {
        let mut seen = [0; 4];
        for scene in 0..BLOCK as u64 {
            seen[splits.of_cached(block * BLOCK as u64 + scene, &mut None) as usize] += 1;
        }
        assert_eq!(seen, [600, 200, 150, 50]);
    }
}

#[test]
fn a_cached_deal_is_the_deal() {
    let splits = Splits::new(key("splits"), &[0.5, 0.5]).unwrap();
    let mut last = None;
    for scene in (0..5000).step_by(7).chain([3, 4999, 0, u64::MAX]) {
        assert_eq!(splits.of_cached(scene, &mut last), splits.of(scene));
    }
}

#[test]
fn every_place_of_a_block_gets_every_split() {
    let splits = Splits::new(key("places"), &[0.5, 0.5]).unwrap();
    let blocks = 2000;
    let (mut first, mut both) = (vec![0f64; BLOCK], 0f64);
    for block in 0..blocks {
        let dealt = splits.deal(block);
        let split = |at: usize| dealt.split(at) == 0;
        (0..BLOCK).for_each(|at| first[at] += split(at) as i32 as f64);
        both += (0..BLOCK - 1).filter(|at| split(*at) && split(at + 1)).count() as f64;
    }
    // Chi-square of how often each place got the first split, with a binomial's variance.
    let expected = blocks as f64 / 2.0;
    let sum: f64 = first.iter().map(|seen| (seen - expected).powi(2) / (expected / 2.0)).sum();
    let p = oracle::gamma(BLOCK as f64 / 2.0, sum / 2.0).1;
    assert!(p > 1e-4 && p < 1.0 - 1e-4, "p = {p}");
    // Neighbours share it as often as two of 1,000 without replacement, 500 * 499 / (1000 * 999).
    let pairs = (blocks as usize * (BLOCK - 1)) as f64;
    assert!((both / pairs - 0.5 * 499.0 / 999.0).abs() < 4.0 * (0.1875 / pairs).sqrt());
}

#[test]
fn splits_that_do_not_add_up_are_refused() {
    let refused: [(&[f64], &str); 6] = [
        (&[], "sum to"),
        (&[0.5, 0.4], "0.9"),
        (&[1.0, 0.0], "above 0"),
        (&[1.5, -0.5], "-0.5"),
        (&[0.9999, 0.0001], "0.0001"),
        (&[f64::NAN, 1.0], "NaN"),
    ];
    for (fractions, part) in refused {
        let message = Splits::new(key("bad"), fractions).unwrap_err();
        assert!(message.contains(part), "{message} lacks {part}");
    }
}
