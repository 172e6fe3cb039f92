//! Bodies: batches of runs, by the time for one run.

#![allow(missing_docs)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use lightmill::isa::Isa;
use lightmill::random::philox;
use lightmill::series::{Outcome, Run, Setup, n_body};
use std::hint::black_box;

/// How many bodies, which integrator, its tolerance, its step, the outputs, the last of them, and how many runs.
type Case = (&'static str, usize, usize, f64, f64, usize, f64, usize);

const CASES: [Case; 5] = [
    ("3 bodies to t = 10, gauss_radau", 3, 0, 1e-9, f64::NAN, 1, 10.0, 64),
    ("3 bodies to t = 10, 201 outputs, gauss_radau", 3, 0, 1e-9, f64::NAN, 201, 10.0, 64),
    ("3 bodies to t = 10, dop853", 3, 1, 1e-9, f64::NAN, 1, 10.0, 64),
    ("100 bodies, 100 steps, leapfrog", 100, 2, f64::NAN, 1e-3, 1, 0.1, 4),
    ("8 bodies, 1000 steps, leapfrog", 8, 2, f64::NAN, 1e-3, 1, 1.0, 64),
];

/// Uniform from -1 to 1, always the same.
fn number(run: usize, of: usize) -> f64 {
    let word = philox::block([5, 7], [run as u32, of as u32, 0, 0])[0];
    f64::from(word) / f64::from(1u32 << 31) - 1.0
}

/// Masses of 1/n in a ball about as large as 1, at rest but for a slow turn.
fn bodies(run: usize, count: usize) -> Vec<f64> {
    let of = |p: usize, i: usize| match p {
        0 => 1.0 / count as f64,
        1..4 => number(run, 3 * i + p - 1),
        _ => 0.4 * number(run, 3 * (count + i) + p - 4),
    };
    (0..7).flat_map(|p| (0..count).map(move |i| of(p, i))).collect()
}

fn groups(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("n_body");
    for (name, count, integrator, tolerance, step, outputs, last, runs) in CASES {
        let setup = Setup { choices: vec![integrator, 0, 0], settings: vec![tolerance, step], slots: count };
        let parameters = [1.0, 0.02, 0.0];
        let times: Vec<f64> = (1..=outputs).map(|i| last * i as f64 / outputs as f64).collect();
        let starts: Vec<_> = (0..runs).map(|run| bodies(run, count)).collect();
        let mut states = vec![vec![0.0; 6 * count * times.len()]; runs];
        group.throughput(Throughput::Elements(runs as u64));
        for isa in Isa::available() {
            group.bench_function(format!("{name}, {}", isa.name()), |bencher| {
                bencher.iter(|| {
                    let runs = starts.iter().zip(&mut states).map(|(bodies, states)| Run {
                        parameters: &parameters,
                        bodies,
                        count,
                        times: &times,
                        states,
                        outcome: Outcome::default(),
                    });
                    let mut runs: Vec<Run> = runs.collect();
                    (n_body::SYSTEM.follow)(isa, &setup, black_box(&mut runs));
                });
            });
        }
    }
    group.finish();
}

criterion_group!(benches, groups);
criterion_main!(benches);
