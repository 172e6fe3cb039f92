//! A pixel's value depends on its address alone.

use crate::{key, scene};
use lightmill::isa::Isa;
use lightmill::random::{Counter, Prior, normal, poisson};

/// Means of all kinds, in stretches that exercise each way through the lanes.
fn means(count: usize) -> Vec<f32> {
    let stretches = [
        Prior::log_uniform(1e-6, 1e9),
        Prior::log_uniform(1e-3, 1e5),
        Prior::uniform(0.0, 5.0),
        Prior::uniform(1.0, 12.0),
        Prior::uniform(50.0, 200.0),
        Prior::log_uniform(1e4, 1e6),
        Prior::log_uniform(1e8, 1e12),
        Prior::choice(&[0.0, -1.0, -0.0, 8.0, 100.0, 7.999, 3.0], None),
    ];
    let draw = |i: usize| {
        let prior = stretches[i / 160 % stretches.len()].as_ref().unwrap();
        prior.draw(key("means"), scene(i as u64)) as f32
    };
    let mut means: Vec<f32> = (0..count).map(draw).collect();
    for (at, value) in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX].into_iter().enumerate() {
        means[1000 + 700 * at] = value;
    }
    means
}

fn same(one: &[f32], other: &[f32]) {
    for (i, (a, b)) in one.iter().zip(other).enumerate() {
        assert_eq!(a.to_bits(), b.to_bits(), "value {i}: {a} and {b}");
    }
}

#[test]
fn counts_are_those_of_the_definition_on_every_instruction_set() {
    let means = means(400_000);
    for realisation in 0..2 {
        let counter = Counter { scene: 1 << 40 | 5, instance: 2, attempt: realisation, round: 0 };
        let pixel = |(i, mean): (usize, &f32)| poisson::pixel(key("counts"), counter, i as u64, *mean);
        let defined: Vec<f32> = means.iter().enumerate().map(pixel).collect();
        for isa in Isa::available() {
            let mut counts = vec![0.0; means.len()];
            poisson::fill(isa, key("counts"), counter, 0, &means, &mut counts);
            same(&counts, &defined);
        }
    }
}

#[test]
fn normals_are_those_of_the_definition_on_every_instruction_set() {
    let defined: Vec<f32> = (0..200_000).map(|i| normal::pixel(key("normals"), scene(9), i)).collect();
    for isa in Isa::available() {
        let mut out = vec![0.0; defined.len()];
        normal::fill(isa, key("normals"), scene(9), 0, &mut out);
        same(&out, &defined);
    }
}

#[test]
fn runs_of_any_length_from_any_pixel_give_the_same() {
    let means = means(4200);
    let whole = |isa| {
        let (mut z, mut counts) = (vec![0.0; means.len()], means.clone());
        normal::fill(isa, key("runs"), scene(1), 0, &mut z);
        poisson::replace(isa, key("runs"), scene(1), 0, &mut counts);
        (z, counts)
    };
    let (z, counts) = whole(Isa::BASELINE);
    for isa in Isa::available() {
        for first in [0, 1, 31, 63, 64, 65, 200, 1000] {
            for length in [0, 1, 2, 15, 63, 64, 65, 127, 129, 1000, 3000] {
                let run = first..first + length;
                let mut part = vec![0.0; length];
                normal::fill(isa, key("runs"), scene(1), first as u64, &mut part);
                same(&part, &z[run.clone()]);
                let mut part = means[run.clone()].to_vec();
                poisson::replace(isa, key("runs"), scene(1), first as u64, &mut part);
                same(&part, &counts[run]);
            }
        }
    }
}

#[test]
fn adding_is_filling_times_sigma() {
    for isa in Isa::available() {
        let (mut z, mut sum) = (vec![0.0; 1003], vec![2.5f32; 1003]);
        normal::fill(isa, key("add"), scene(3), 7, &mut z);
        normal::add(isa, key("add"), scene(3), 7, 1.7, &mut sum);
        let expected: Vec<f32> = z.iter().map(|z| 2.5 + 1.7f32 * z).collect();
        same(&sum, &expected);
    }
}

#[test]
fn means_that_are_none_have_their_answers() {
    let mut values = [f32::NAN, -1.0, f32::NEG_INFINITY, 0.0, -0.0, f32::INFINITY, 1e12, f32::MAX];
    poisson::replace(Isa::best(), key("odd"), scene(0), 0, &mut values);
    assert!(values[0].to_bits() == f32::NAN.to_bits());
    assert_eq!(values[1..6], [0.0, 0.0, 0.0, 0.0, f32::INFINITY]);
    assert!((values[6] - 1e12).abs() < 1e7 && values[7] == f32::MAX);
}
