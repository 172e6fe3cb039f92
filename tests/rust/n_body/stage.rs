//! Runs of systems of bodies, as the tests ask for them.

use lightmill::isa::Isa;
use lightmill::random::philox;
use lightmill::series::{Outcome, Run, Setup, System, n_body};

/// The words of `integrator`, by their numbers.
pub const GAUSS_RADAU: usize = 0;
pub const DOP853: usize = 1;
pub const LEAPFROG: usize = 2;
pub const YOSHIDA4: usize = 3;
/// All of them.
pub const INTEGRATORS: [usize; 4] = [GAUSS_RADAU, DOP853, LEAPFROG, YOSHIDA4];

/// What holds for all runs: the words, the tolerance, the step and the most bodies.
pub fn setup(choices: &[usize], tolerance: f64, step: f64, slots: usize) -> Setup {
    Setup { choices: choices.to_vec(), settings: vec![tolerance, step], slots }
}

/// A run that was followed.
#[derive(Clone, Debug)]
pub struct Followed {
    pub states: Vec<Vec<f64>>,
    pub outcome: Outcome,
}

impl Followed {
    /// All its bits.
    pub fn bits(&self) -> Vec<u64> {
        let outcome = [self.outcome.energy_drift, self.outcome.error];
        self.states.iter().flatten().chain(&outcome).map(|number| number.to_bits()).collect()
    }
}

/// What a run starts from.
#[derive(Clone, Debug)]
pub struct Start {
    pub parameters: Vec<f64>,
    pub bodies: Vec<f64>,
    pub count: usize,
    pub times: Vec<f64>,
}

impl Start {
    /// As the core takes it.
    pub fn run<'a>(&'a self, states: &'a mut [f64]) -> Run<'a> {
        let Start { parameters, bodies, count, times } = self;
        Run { parameters, bodies, count: *count, times, states, outcome: Outcome::default() }
    }
}

/// Follows many runs together.
pub fn follow(isa: Isa, system: &System, setup: &Setup, starts: &[Start]) -> Vec<Followed> {
    let width = |start: &Start| (system.width)(setup, start.count);
    let mut states: Vec<Vec<f64>> = starts.iter().map(|s| vec![0.0; width(s) * s.times.len()]).collect();
    let mut runs: Vec<Run> =
        starts.iter().zip(&mut states).map(|(start, states)| start.run(states)).collect();
    (system.follow)(isa, setup, &mut runs);
    let outcomes: Vec<Outcome> = runs.iter().map(|run| run.outcome).collect();
    let chunks = |start: &Start, all: &Vec<f64>| all.chunks(width(start)).map(<[f64]>::to_vec).collect();
    let followed = starts.iter().zip(&states).zip(outcomes);
    followed.map(|((start, all), outcome)| Followed { states: chunks(start, all), outcome }).collect()
}

/// Follows one run of a system of a fixed number of bodies.
pub fn follow_one(system: &System, setup: &Setup, parameters: &[f64], times: &[f64]) -> Followed {
    let start =
        Start { parameters: parameters.to_vec(), bodies: vec![], count: system.fixed, times: times.to_vec() };
    follow(Isa::best(), system, setup, &[start]).remove(0)
}

/// Follows one run of `n_body`, in three dimensions from the centre of mass; a body is a mass, a
/// position, a velocity.
pub fn follow_bodies(setup: &Setup, parameters: &[f64], bodies: &[[f64; 7]], times: &[f64]) -> Followed {
    let columns = (0..7).flat_map(|p| bodies.iter().map(move |body| body[p])).collect();
    let (parameters, times) = (parameters.to_vec(), times.to_vec());
    let start = Start { parameters, bodies: columns, count: bodies.len(), times };
    follow(Isa::best(), &n_body::SYSTEM, setup, &[start]).remove(0)
}

/// What is seen of a run of bodies, by the observable's name.
pub fn see(system: &System, setup: &Setup, start: &Start, followed: &Followed, name: &str) -> Vec<f64> {
    let observable =
        system.observables.iter().find(|observable| observable.name == name).expect("a known observable");
    let axes = observable.shape.axes(setup.slots, (system.dimensions)(setup));
    let mut out = vec![f64::NAN; start.times.len() * axes.iter().product::<usize>()];
    let mut states = followed.states.concat();
    (observable.see)(Isa::best(), setup, &start.run(&mut states), &mut out);
    out
}

/// Uniform from -1 to 1, always the same.
pub fn number(run: usize, of: usize) -> f64 {
    let word = philox::block([5, 7], [run as u32, of as u32, 0, 0])[0];
    f64::from(word) / 2f64.powi(31) - 1.0
}

/// Bodies of masses around 1/n in a cube of side 2, slow, softened by 0.05.
pub fn crowd(run: usize, count: usize, times: &[f64]) -> Start {
    let of = |p: usize, i: usize| match p {
        0 => (1.5 + number(run, 7 * i)) / count as f64,
        1..4 => number(run, 7 * i + p),
        _ => 0.4 * number(run, 7 * i + p),
    };
    let bodies = (0..7).flat_map(|p| (0..count).map(move |i| of(p, i))).collect();
    Start { parameters: vec![1.0, 0.05, 0.0], bodies, count, times: times.to_vec() }
}
