//! The same bits on every instruction set, in any batch, whatever else is asked for.

use crate::follow::{follow, one, setup, times};
use lightmill::isa::Isa;
use lightmill::series::{System, double_pendulum, pendulum, spring};

/// Runs of all kinds: free, damped, driven, turning, resting.
fn pendulums() -> Vec<Vec<f64>> {
    let run = |i: u32| {
        let x = f64::from(i);
        let damping = [0.0, 0.1, 5.0][i as usize % 3];
        let drive = [0.0, 0.0, 0.0, 0.7][i as usize % 4];
        let velocity = [0.0, 30.0, -400.0][i as usize / 3 % 3];
        vec![0.5 + 0.1 * x, 7.3 * x - 130.0, velocity, 9.81, 1.0 + x, damping, drive, 0.1 * x, 11.0 * x]
    };
    (0..37).map(run).chain([vec![1.0, 0.0, 0.0, 9.81, 1.0, 0.0, 0.0, 1.0, 0.0]]).collect()
}

fn springs() -> Vec<Vec<f64>> {
    let run = |p: Vec<f64>| vec![p[0] * 7.0, p[1] / 90.0, p[2] / 90.0, p[4], p[5], p[6], p[7], p[8]];
    pendulums().into_iter().map(run).collect()
}

fn doubles() -> Vec<Vec<f64>> {
    let run = |p: Vec<f64>| vec![p[0], 1.0, p[4], 1.0, p[1], p[8] % 180.0, p[2], p[7], p[3]];
    pendulums().into_iter().map(run).collect()
}

fn bits(states: &[f64]) -> Vec<u64> {
    states.iter().map(|x| x.to_bits()).collect()
}

fn check(system: &System, choices: &[usize], runs: &[Vec<f64>]) {
    let (setup, times) = (setup(choices, 1e-9), times(7.0, 23));
    let all = follow(Isa::BASELINE, system, &setup, runs, &times);
    for isa in Isa::available() {
        for (again, run) in follow(isa, system, &setup, runs, &times).iter().zip(&all) {
            assert_eq!(bits(&again.states), bits(&run.states), "{} {}", system.model.name, isa.name());
            let outcomes = [again.outcome, run.outcome].map(|o| (bits(&[o.energy_drift, o.error]), o.failed));
            assert_eq!(outcomes[0], outcomes[1], "{} {}", system.model.name, isa.name());
        }
    }
    for (run, parameters) in all.iter().zip(runs) {
        assert_eq!(bits(&one(system, &setup, parameters, &times).states), bits(&run.states));
        // Every third time, without those between.
        let fewer: Vec<f64> = times.iter().copied().step_by(3).collect();
        let width = run.states.len() / times.len();
        let expected: Vec<f64> = run.states.chunks(width).step_by(3).flatten().copied().collect();
        assert_eq!(bits(&one(system, &setup, parameters, &fewer).states), bits(&expected));
    }
}

#[test]
fn pendulums_have_the_same_bits() {
    for form in 0..3 {
        for solution in 0..2 {
            check(&pendulum::SYSTEM, &[form, solution], &pendulums());
        }
    }
}

#[test]
fn springs_have_the_same_bits() {
    check(&spring::SYSTEM, &[], &springs());
}

#[test]
fn double_pendulums_have_the_same_bits() {
    check(&double_pendulum::SYSTEM, &[], &doubles());
}

#[test]
fn no_times_are_no_states() {
    for (system, run) in [(&pendulum::SYSTEM, pendulums().remove(1)), (&spring::SYSTEM, springs().remove(1))]
    {
        assert!(one(system, &setup(&[0, 1], 1e-9), &run, &[]).states.is_empty());
    }
}
