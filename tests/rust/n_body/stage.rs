//! Runs of systems of bodies, as the tests ask for them.

use lightmill::isa::Isa;
use lightmill::series::{Outcome, Run, Setup, System};

/// The words of `integrator`, by their numbers.
pub const GAUSS_RADAU: usize = 0;
pub const DOP853: usize = 1;
pub const LEAPFROG: usize = 2;
pub const YOSHIDA4: usize = 3;

/// What holds for all runs.
pub fn setup(choices: &[usize], tolerance: f64, step: f64, slots: usize) -> Setup {
    Setup { choices: choices.to_vec(), settings: vec![tolerance, step], slots }
}

/// A run that was followed.
#[derive(Clone, Debug, PartialEq)]
pub struct Followed {
    pub states: Vec<Vec<f64>>,
    pub outcome: Outcome,
}

/// What a run starts from: the system's parameters and the bodies'.
#[derive(Clone, Debug)]
pub struct Start {
    pub parameters: Vec<f64>,
    pub bodies: Vec<f64>,
    pub count: usize,
    pub times: Vec<f64>,
}

/// Follows many runs together.
pub fn follow(isa: Isa, system: &System, setup: &Setup, starts: &[Start]) -> Vec<Followed> {
    let width = |start: &Start| (system.width)(setup, start.count);
    let mut states: Vec<Vec<f64>> = starts.iter().map(|s| vec![0.0; width(s) * s.times.len()]).collect();
    let runs = starts.iter().zip(&mut states).map(|(start, states)| Run {
        parameters: &start.parameters,
        bodies: &start.bodies,
        count: start.count,
        times: &start.times,
        states,
        outcome: Outcome::default(),
    });
    let mut runs: Vec<Run> = runs.collect();
    (system.follow)(isa, setup, &mut runs);
    let outcomes: Vec<Outcome> = runs.iter().map(|run| run.outcome).collect();
    let followed = starts.iter().zip(&states).zip(outcomes);
    let chunks = |start: &Start, all: &Vec<f64>| all.chunks(width(start)).map(<[f64]>::to_vec).collect();
    followed.map(|((start, all), outcome)| Followed { states: chunks(start, all), outcome }).collect()
}

/// Follows one.
pub fn follow_one(system: &System, setup: &Setup, parameters: &[f64], times: &[f64]) -> Followed {
    let (parameters, times) = (parameters.to_vec(), times.to_vec());
    let start = Start { parameters, bodies: vec![], count: system.fixed, times };
    follow(Isa::best(), system, setup, &[start]).remove(0)
}
