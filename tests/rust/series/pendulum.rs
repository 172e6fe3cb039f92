//! Pendulums against mpmath, SciPy and physics.

#![allow(clippy::disallowed_methods)]

use crate::follow::{follow, one, setup, times, worst};
use crate::references::{FORCED, FREE};
use lightmill::isa::Isa;
use lightmill::series::pendulum::SYSTEM;
use lightmill::series::{Failure, Run};

const NEWTONIAN: usize = 0;
const HAMILTONIAN: usize = 1;
const SMALL_ANGLE: usize = 2;
const CLOSED: usize = 0;
const INTEGRATED: usize = 1;

fn parameters(length: f64, angle: f64, velocity: f64) -> Vec<f64> {
    vec![length, angle, velocity, 9.80665, 1.3, 0.0, 0.0, 1.0, 0.0]
}

fn forced(parameters: &[f64]) -> Vec<f64> {
    let &[length, angle, velocity, damping, amplitude, frequency, phase] = parameters else { panic!() };
    vec![length, angle, velocity, 9.80665, 1.3, damping, amplitude, frequency, phase]
}

/// Over 20 periods, at rest at the start, up to 179.9 degrees; swinging up and down; over the top both ways.
#[test]
fn the_closed_form_is_that_of_mpmath() {
    for case in FREE {
        let &[length, angle, velocity] = case.parameters else { panic!() };
        let parameters = parameters(length, angle, velocity);
        let run = one(&SYSTEM, &setup(&[NEWTONIAN, CLOSED], 1e-10), &parameters, &times(case.last, 41));
        let error = worst(&run.states, case.states);
        println!("{:?}: {error:e}", case.parameters);
        assert!(error < 1e-12, "{:?}: {error:e}", case.parameters);
        assert!(run.outcome.energy_drift < 1e-15 && run.outcome.failed.is_none(), "{:?}", run.outcome);
        assert!(error < 4.0 * run.outcome.error, "{error:e} {:?}", run.outcome);
    }
}

/// As above: 20 periods, but for those over the top.
#[test]
fn the_integrator_is_right_up_to_near_the_separatrix() {
    for case in FREE {
        let &[length, angle, velocity] = case.parameters else { panic!() };
        let bound = match angle {
            179.9 => 1e-6,
            179.0 => 1e-8,
            _ => 1e-9,
        };
        for form in [NEWTONIAN, HAMILTONIAN] {
            let parameters = parameters(length, angle, velocity);
            let run = one(&SYSTEM, &setup(&[form, INTEGRATED], 1e-13), &parameters, &times(case.last, 41));
            let error = worst(&run.states, case.states);
            println!("{:?}: {error:e} {:?}", case.parameters, run.outcome);
            assert!(error < bound, "{:?}: {error:e}", case.parameters);
            assert!(run.outcome.energy_drift < 1e-13, "{:?}", run.outcome);
        }
    }
}

/// 100 times over 10 s, from rest at any angle up to 170 degrees: errors grow most near the top. At some of the angles one
/// of the coefficients that choose a step vanishes.
#[test]
fn what_is_tolerated_is_what_is_seen() {
    let runs: Vec<Vec<f64>> = (1..341).map(|i| parameters(2.0, 0.5 * f64::from(i), 0.0)).collect();
    let times = times(10.0, 100);
    let exact = follow(Isa::best(), &SYSTEM, &setup(&[NEWTONIAN, CLOSED], 1e-10), &runs, &times);
    for (tolerance, bound) in [(1e-8, 1e-7), (1e-10, 3e-10), (1e-12, 1e-11)] {
        let setup = setup(&[NEWTONIAN, INTEGRATED], tolerance);
        let found = follow(Isa::best(), &SYSTEM, &setup, &runs, &times);
        let errors = found.iter().zip(&exact).map(|(found, exact)| worst(&found.states, &exact.states));
        let mut errors: Vec<f64> = errors.collect();
        errors.sort_by(f64::total_cmp);
        let (median, largest) = (errors[170], errors[339]);
        println!("{tolerance:e}: median {median:e}, largest {largest:e}");
        assert!(median < 0.3 * tolerance && largest < bound, "{median:e} {largest:e}");
    }
}

/// At most 120 degrees, for 30 s: what is tolerated in a step is what is seen.
#[test]
fn damped_and_driven_pendulums_are_those_of_scipy() {
    for case in FORCED {
        for (tolerance, bound) in [(1e-8, 1e-7), (1e-12, 2e-12)] {
            let setup = setup(&[NEWTONIAN, CLOSED], tolerance);
            let run = one(&SYSTEM, &setup, &forced(case.parameters), &times(case.last, 41));
            let error = worst(&run.states, case.states);
            println!("{:?}: {error:e} {:?}", case.parameters, run.outcome);
            assert!(error < bound, "{:?}: {error:e}", case.parameters);
            // Against the work that friction and drive have done.
            assert!(run.outcome.energy_drift < 30.0 * tolerance, "{:?}", run.outcome);
        }
    }
}

#[test]
fn small_angles_in_closed_form_are_those_integrated() {
    for case in FORCED {
        let (parameters, times) = (forced(case.parameters), times(case.last, 41));
        let closed = one(&SYSTEM, &setup(&[SMALL_ANGLE, CLOSED], 1e-10), &parameters, &times);
        let integrated = one(&SYSTEM, &setup(&[SMALL_ANGLE, INTEGRATED], 1e-13), &parameters, &times);
        let error = worst(&closed.states, &integrated.states);
        println!("{:?}: {error:e}", case.parameters);
        assert!(error < 1e-12, "{:?}: {error:e}", case.parameters);
    }
}

/// Where rounding is not amplified: steps differ in their last digits, so more could not be asked.
#[test]
fn newtonian_and_hamiltonian_agree_to_rounding() {
    for angle in [1.0, 30.0, 90.0, 135.0] {
        let (parameters, times) = (parameters(1.7, angle, 20.0), times(20.0, 101));
        let states = |form| one(&SYSTEM, &setup(&[form, INTEGRATED], 1e-12), &parameters, &times).states;
        let difference = worst(&states(NEWTONIAN), &states(HAMILTONIAN));
        println!("{angle}: {difference:e}");
        assert!(difference < 1e-13 * angle, "{angle}: {difference:e}");
        let states = |form| one(&SYSTEM, &setup(&[form, CLOSED], 1e-12), &parameters, &times).states;
        assert_eq!(states(NEWTONIAN), states(HAMILTONIAN));
    }
}

/// DeepBench's Hamiltonian has omega^2 = g L^3 and ignores the angle at the start.
#[test]
fn small_swings_have_the_frequency_of_the_textbook() {
    for length in [0.5, 2.0, 10.0_f64] {
        let omega = (9.80665 / length).sqrt();
        let times = times(10.0, 201);
        for form in [NEWTONIAN, HAMILTONIAN, SMALL_ANGLE] {
            for (solution, angle) in [(CLOSED, 0.01), (INTEGRATED, 0.01), (CLOSED, 0.02)] {
                let parameters = parameters(length, angle, 0.0);
                let run = one(&SYSTEM, &setup(&[form, solution], 1e-12), &parameters, &times);
                let start = angle.to_radians();
                for (time, state) in times.iter().zip(run.states.chunks(2)) {
                    // A swing of 0.02 degrees is slower by 8e-9, for up to 44 radians.
                    assert!(
                        (state[0] - start * (omega * time).cos()).abs() < 5e-7 * start,
                        "{length} {time}"
                    );
                }
                assert!((run.states[0] - start).abs() <= 2e-16 * start);
            }
        }
    }
}

#[test]
fn what_rests_stays() {
    let times = times(100.0, 11);
    for angle in [0.0, 180.0, -180.0] {
        for form in [NEWTONIAN, SMALL_ANGLE] {
            let run = one(&SYSTEM, &setup(&[form, CLOSED], 1e-10), &parameters(1.0, angle, 0.0), &times);
            if form == NEWTONIAN || angle == 0.0 {
                assert!(run.states.chunks(2).all(|s| s == [f64::to_radians(angle), 0.0]), "{angle}");
            }
        }
    }
    let run = one(&SYSTEM, &setup(&[NEWTONIAN, INTEGRATED], 1e-10), &parameters(1.0, 0.0, 0.0), &times);
    assert!(run.states.iter().all(|x| *x == 0.0) && run.outcome.energy_drift == 0.0);
}

/// 2 sqrt(g/L) at the bottom is just enough: tan(q/4 + pi/4) = e^(w t) (DLMF 22.10.9 ff.).
#[test]
fn the_separatrix_itself() {
    let w = 9.80665_f64.sqrt();
    let times = times(4.0, 41);
    for velocity in [2.0 * w, -2.0 * w] {
        let run = one(
            &SYSTEM,
            &setup(&[NEWTONIAN, CLOSED], 1e-10),
            &parameters(1.0, 0.0, velocity.to_degrees()),
            &times,
        );
        for (time, state) in times.iter().zip(run.states.chunks(2)) {
            let angle = (4.0 * (w * time).exp().atan() - std::f64::consts::PI) * velocity.signum();
            // The error of the velocity's conversion, 1e-16, grows as e^(w t).
            assert!(
                (state[0] - angle).abs() < 1e-15 * (w * time).exp() + 1e-14,
                "{time}: {} {angle}",
                state[0]
            );
        }
    }
}

/// What cannot go on is said, and its states are none from there on; its neighbours do not notice.
#[test]
fn failures_are_marked_and_end_nothing() {
    let (good, last) = (parameters(1.0, 30.0, 0.0), times(10.0, 11));
    let setup = setup(&[NEWTONIAN, INTEGRATED], 1e-10);
    // Turning so fast that ten seconds take 1e301 steps, or that the first slope overflows.
    let (fast, faster) = (parameters(1.0, 30.0, 1e300), parameters(1e-308, 30.0, 0.0));
    let stiff = parameters(1e-9, 90.0, 0.0);
    let runs = [good.clone(), fast, faster, stiff, good.clone()];
    let followed = follow(Isa::best(), &SYSTEM, &setup, &runs, &last);
    let failures: Vec<Option<Failure>> = followed.iter().map(|run| run.outcome.failed).collect();
    assert_eq!((failures[0], failures[4]), (None, None));
    assert!(failures[1].is_some() && failures[2].is_some() && failures[3].is_some(), "{failures:?}");
    assert_eq!(failures[3], Some(Failure::TooManySteps));
    assert!(followed[3].states[0].is_finite());
    for run in &followed[1..4] {
        assert!(run.states.last().is_some_and(|x| x.is_nan()), "{failures:?}");
    }
    assert_eq!(followed[0].states, one(&SYSTEM, &setup, &good, &last).states);
    assert_eq!(followed[0].states, followed[4].states);
}

/// A sine is known up to 1.6e6 radians.
#[test]
fn a_closed_form_fails_where_its_sines_do() {
    let setup = setup(&[NEWTONIAN, CLOSED], 1e-10);
    let run = one(&SYSTEM, &setup, &parameters(1.0, 30.0, 0.0), &[0.0, 1.0, 1e7]);
    assert_eq!(run.outcome.failed, Some(Failure::NotFinite));
    assert!(run.states[2].is_finite() && run.states[4].is_nan());
}

/// Each observable from the state, for a pendulum that is damped and driven.
#[test]
fn observables_are_those_of_the_state() {
    let (length, mass, g) = (1.5_f64, 1.3, 9.80665);
    let parameters = forced(&[length, 100.0, -40.0, 0.3, 1.0, 2.0, 40.0]);
    let times = times(3.0, 7);
    let setup = setup(&[NEWTONIAN, CLOSED], 1e-10);
    let mut states = vec![0.0; 14];
    let mut runs = [crate::follow::run(&parameters, &times, &mut states)];
    (SYSTEM.follow)(Isa::best(), &setup, &mut runs);
    let [run] = &runs;
    let seen = |name: &str| see(run, &setup, name);
    let inertia = mass * length * length;
    for (i, (state, time)) in run.states.chunks(2).zip(&times).enumerate() {
        let (q, v) = (state[0], state[1]);
        let (kinetic, potential) = (0.5 * inertia * v * v, mass * g * length * (1.0 - q.cos()));
        let torque =
            -mass * g * length * q.sin() + inertia * (-0.3 * v + (2.0 * time + 40.0_f64.to_radians()).cos());
        let expected = [
            ("x", length * q.sin()),
            ("y", -length * q.cos()),
            ("angle", q.to_degrees()),
            ("angular_velocity", v.to_degrees()),
            ("kinetic_energy", kinetic),
            ("potential_energy", potential),
            ("energy", kinetic + potential),
            ("q", q),
            ("p", inertia * v),
            ("dq_dt", v),
            ("dp_dt", torque),
        ];
        assert_eq!(expected.len(), SYSTEM.observables.len());
        for (name, value) in expected {
            assert!(
                (seen(name)[i] - value).abs() < 1e-13 * (1.0 + value.abs()),
                "{name}: {} {value}",
                seen(name)[i]
            );
        }
    }
}

fn see(run: &Run, setup: &lightmill::series::Setup, name: &str) -> Vec<f64> {
    let observable = SYSTEM.observables.iter().find(|observable| observable.name == name);
    let observable = observable.expect("it is in the table");
    let mut out = vec![f64::NAN; run.times.len()];
    (observable.see)(Isa::best(), setup, run, &mut out);
    out
}
