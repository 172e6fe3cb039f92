//! What stays as it was: energy, momentum, angular momentum; and what fades.

use crate::stage::*;
use lightmill::isa::Isa;
use lightmill::series::n_body::{self, two_body};
use std::f64::consts::TAU;

/// The drift of the energy of an orbit, e = 0.3, over so many periods of so many steps.
fn drift(integrator: usize, periods: f64, steps: f64) -> f64 {
    let period = TAU / 2f64.sqrt();
    let setup = setup(&[integrator, 0], f64::NAN, period / steps, 2);
    let parameters = [0.3, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0];
    follow_one(&two_body::SYSTEM, &setup, &parameters, &[periods * period]).outcome.energy_drift
}

#[test]
fn symplectic_energies_stay_bounded_over_a_hundred_thousand_steps() {
    for (integrator, bound) in [(LEAPFROG, 1e-3), (YOSHIDA4, 3e-5)] {
        let (short, long) = (drift(integrator, 10.0, 100.0), drift(integrator, 1000.0, 100.0));
        assert!(short > 0.0 && long < bound, "{integrator}: {long:.2e}");
        assert!(long < 1.05 * short, "{integrator}: {short:.2e} in 1,000 steps, {long:.2e} in 100,000");
    }
}

#[test]
fn energy_stays_to_rounding_under_gauss_radau() {
    let times = [5.0];
    for count in [2, 7, 16, 40] {
        let setup = setup(&[GAUSS_RADAU, 0, 0], 1e-9, f64::NAN, count);
        let run = follow(Isa::best(), &n_body::SYSTEM, &setup, &[crowd(1, count, &times)]).remove(0);
        assert!(run.outcome.energy_drift < 2e-14, "{count} bodies: {:.2e}", run.outcome.energy_drift);
    }
}

#[test]
fn momenta_stay() {
    let times = [0.0, 1.0, 3.0];
    for (integrator, allowed) in [(GAUSS_RADAU, 1e-13), (DOP853, 1e-8), (LEAPFROG, 1e-13), (YOSHIDA4, 1e-13)]
    {
        for count in [3, 12, 20] {
            // As drawn, where the momentum is not 0.
            let setup = setup(&[integrator, 1, 0], 1e-9, 1e-3, count);
            let start = crowd(2, count, &times);
            let run = follow(Isa::best(), &n_body::SYSTEM, &setup, std::slice::from_ref(&start)).remove(0);
            for name in ["momentum", "angular_momentum"] {
                let seen = see(&n_body::SYSTEM, &setup, &start, &run, name);
                for c in 0..3 {
                    let off = (seen[c] - seen[3 + c]).abs().max((seen[c] - seen[6 + c]).abs());
                    assert!(off < allowed, "{name}, integrator {integrator}, {count} bodies: {off:.2e}");
                }
            }
        }
    }
}

#[test]
fn energies_are_sums_over_bodies_and_pairs() {
    for (count, axes, flat) in [(2, 3, 0), (5, 2, 1), (19, 3, 0)] {
        let times = [0.0, 0.3];
        let mut start = crowd(3, count, &times);
        start.parameters[0] = 2.5;
        let setup = setup(&[GAUSS_RADAU, 1, flat], 1e-9, f64::NAN, count + 1);
        let run = follow(Isa::best(), &n_body::SYSTEM, &setup, std::slice::from_ref(&start)).remove(0);
        for (time, state) in run.states.iter().enumerate() {
            let (x, v) = state.split_at(axes * count);
            let mass = &start.bodies[..count];
            let square = |a: &[f64]| a.iter().map(|a| a * a).sum::<f64>();
            let kinetic: f64 = (0..count).map(|i| 0.5 * mass[i] * square(&v[axes * i..][..axes])).sum();
            let gap = |i: usize, j: usize| {
                (0..axes).map(|c| (x[axes * i + c] - x[axes * j + c]).powi(2)).sum::<f64>()
            };
            let pair = |i: usize, j: usize| -2.5 * mass[i] * mass[j] / (gap(i, j) + 0.05f64.powi(2)).sqrt();
            let potential: f64 =
                (0..count).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| pair(i, j)).sum();
            let seen = |name: &str| see(&n_body::SYSTEM, &setup, &start, &run, name)[time];
            for (name, truth) in [
                ("kinetic_energy", kinetic),
                ("potential_energy", potential),
                ("energy", kinetic + potential),
            ] {
                assert!((seen(name) - truth).abs() < 1e-14 * (kinetic - potential), "{name}: {}", seen(name));
            }
        }
        let positions = see(&n_body::SYSTEM, &setup, &start, &run, "positions");
        assert_eq!(positions[..axes * count], run.states[0][..axes * count]);
        assert!(positions[axes * count..axes * (count + 1)].iter().all(|x| x.is_nan()));
        assert_eq!(positions[0], start.bodies[count], "the state at time 0 is the one drawn");
    }
}

#[test]
fn seen_from_the_centre_of_mass_there_is_no_momentum() {
    let setup = setup(&[GAUSS_RADAU, 0, 0], 1e-9, f64::NAN, 6);
    let start = crowd(4, 6, &[0.0, 1.0]);
    let run = follow(Isa::best(), &n_body::SYSTEM, &setup, std::slice::from_ref(&start)).remove(0);
    for momentum in see(&n_body::SYSTEM, &setup, &start, &run, "momentum") {
        assert!(momentum.abs() < 1e-14, "{momentum}");
    }
}

/// Under an acceleration -c v the momentum fades by exp(-c t), whatever the bodies do to each other.
#[test]
fn damping_takes_the_momentum_exponentially() {
    let times = [0.0, 0.7, 2.0];
    for (integrator, allowed) in [(GAUSS_RADAU, 1e-14), (DOP853, 1e-9), (LEAPFROG, 1e-13), (YOSHIDA4, 1e-13)]
    {
        for count in [4, 17] {
            let setup = setup(&[integrator, 1, 0], 1e-9, 1e-3, count);
            let mut start = crowd(5, count, &times);
            start.parameters[2] = 0.8;
            let run = follow(Isa::best(), &n_body::SYSTEM, &setup, std::slice::from_ref(&start)).remove(0);
            assert!(run.outcome.energy_drift.is_nan());
            let momentum = see(&n_body::SYSTEM, &setup, &start, &run, "momentum");
            for (time, at) in times.iter().zip(momentum.chunks(3)) {
                for (now, first) in at.iter().zip(&momentum) {
                    let off = (now - first * (-0.8 * time).exp()).abs();
                    assert!(off < allowed, "integrator {integrator}, {count} bodies: {off:.2e}");
                }
            }
        }
    }
}

/// Yoshida's steps are of fourth order with damping too: compared with Gauss-Radau.
#[test]
fn damped_even_steps_keep_their_order() {
    for (integrator, order, step) in [(LEAPFROG, 1.9, 0.01), (YOSHIDA4, 3.8, 0.02)] {
        let end = |integrator: usize, step: f64| {
            let mut start = crowd(6, 4, &[2.0]);
            (start.parameters[1], start.parameters[2]) = (0.5, 0.3);
            let setup = setup(&[integrator, 0, 0], 1e-9, step, 4);
            follow(Isa::best(), &n_body::SYSTEM, &setup, &[start]).remove(0).states.remove(0)
        };
        let truth = end(GAUSS_RADAU, f64::NAN);
        let off = |step: f64| {
            let state = end(integrator, step);
            state.iter().zip(&truth).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
        };
        let slope = (off(step) / off(step / 2.0)).log2();
        assert!(slope > order && slope < order + 0.5, "{integrator}: {slope}");
    }
}
