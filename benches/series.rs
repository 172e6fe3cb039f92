//! Time series of one thing: the time for one run of 100 outputs over 10 s, in batches of 512.

#![allow(missing_docs)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use lightmill::isa::Isa;
use lightmill::random::philox;
use lightmill::series::{Outcome, Run, Setup, System, double_pendulum, pendulum, spring};
use std::hint::black_box;

const RUNS: usize = 512;
const POINTS: usize = 100;

/// The words of the choices, and the parameters by what is drawn: a number from 0 to 1 for each.
type Case = (&'static str, &'static System, &'static [usize], fn([f64; 2]) -> Vec<f64>);

fn swing([a, b]: [f64; 2], damping: f64, drive: f64) -> Vec<f64> {
    vec![1.6 + 0.8 * a, 10.0 + 160.0 * b, 0.0, 9.80665, 1.0, damping, drive, 2.0, 0.0]
}

const CASES: [Case; 8] = [
    ("pendulum, closed form", &pendulum::SYSTEM, &[0, 0], |u| swing(u, 0.0, 0.0)),
    ("pendulum, integrated", &pendulum::SYSTEM, &[0, 1], |u| swing(u, 0.0, 0.0)),
    ("pendulum, hamiltonian, integrated", &pendulum::SYSTEM, &[1, 1], |u| swing(u, 0.0, 0.0)),
    ("pendulum, damped", &pendulum::SYSTEM, &[0, 0], |u| swing(u, 0.1, 0.0)),
    ("pendulum, driven", &pendulum::SYSTEM, &[0, 0], |u| swing(u, 0.1, 0.5)),
    ("pendulum, small angles, driven", &pendulum::SYSTEM, &[2, 0], |u| swing(u, 0.1, 0.5)),
    ("spring, damped", &spring::SYSTEM, &[], |[a, b]| vec![1.0 + 9.0 * a, b, 0.0, 1.0, 0.1, 0.0, 1.0, 0.0]),
    ("double pendulum", &double_pendulum::SYSTEM, &[], |[a, b]| {
        vec![1.0, 0.5 + a, 1.0, 1.0, 120.0 * a, 120.0 * b, 0.0, 0.0, 9.80665]
    }),
];

/// From 0 to 1, always the same.
fn number(run: usize, of: u32) -> f64 {
    f64::from(philox::block([5, 7], [run as u32, of, 0, 0])[0]) / 4_294_967_296.0
}

fn groups(criterion: &mut Criterion) {
    let times: Vec<f64> = (0..POINTS).map(|i| 10.0 * i as f64 / (POINTS - 1) as f64).collect();
    let mut group = criterion.benchmark_group("series");
    group.throughput(Throughput::Elements(RUNS as u64));
    for (name, system, choices, parameters) in CASES {
        let setup = Setup { choices: choices.to_vec(), settings: vec![1e-10], slots: 1 };
        let parameters: Vec<Vec<f64>> = (0..RUNS).map(|i| parameters([number(i, 0), number(i, 1)])).collect();
        let width = (system.width)(&setup, 1) * POINTS;
        let mut states = vec![0.0; RUNS * width];
        for isa in Isa::available() {
            group.bench_function(format!("{name}, {}", isa.name()), |bencher| {
                bencher.iter(|| {
                    let states = states.chunks_mut(width);
                    let run = |(parameters, states)| run(parameters, &times, states);
                    let mut runs: Vec<Run> = parameters.iter().zip(states).map(run).collect();
                    (system.follow)(isa, &setup, black_box(&mut runs));
                });
            });
        }
    }
    group.finish();
}

fn run<'a>(parameters: &'a Vec<f64>, times: &'a [f64], states: &'a mut [f64]) -> Run<'a> {
    Run { parameters, bodies: &[], count: 1, times, states, outcome: Outcome::default() }
}

criterion_group!(benches, groups);
criterion_main!(benches);
