//! Following runs, without recipes.

use lightmill::isa::Isa;
use lightmill::series::{Outcome, Run, Setup, System};

/// What became of a run.
pub struct Followed {
    pub states: Vec<f64>,
    pub outcome: Outcome,
}

pub fn times(last: f64, points: usize) -> Vec<f64> {
    (0..points).map(|i| last * i as f64 / (points - 1) as f64).collect()
}

pub fn setup(choices: &[usize], tolerance: f64) -> Setup {
    Setup { choices: choices.to_vec(), settings: vec![tolerance], slots: 1 }
}

/// Follows runs of one thing, all at the same times.
pub fn follow(isa: Isa, system: &System, setup: &Setup, runs: &[Vec<f64>], times: &[f64]) -> Vec<Followed> {
    let width = (system.width)(setup, 1);
    let mut states = vec![vec![0.0; width * times.len()]; runs.len()];
    let run = |(parameters, states)| run(parameters, times, states);
    let mut made: Vec<Run> = runs.iter().zip(&mut states).map(run).collect();
    (system.follow)(isa, setup, &mut made);
    let outcomes: Vec<Outcome> = made.iter().map(|run| run.outcome).collect();
    states.into_iter().zip(outcomes).map(|(states, outcome)| Followed { states, outcome }).collect()
}

pub fn run<'a>(parameters: &'a Vec<f64>, times: &'a [f64], states: &'a mut Vec<f64>) -> Run<'a> {
    Run { parameters, bodies: &[], count: 1, times, states, outcome: Outcome::default() }
}

/// One run, by the fastest instructions.
pub fn one(system: &System, setup: &Setup, parameters: &[f64], times: &[f64]) -> Followed {
    follow(Isa::best(), system, setup, &[parameters.to_vec()], times).remove(0)
}

/// The largest difference; NaN where there is one.
pub fn worst(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter()
        .zip(b)
        .map(|(a, b)| (a - b).abs())
        .fold(0.0, |worst, d| if d > worst || d.is_nan() { d } else { worst })
}
