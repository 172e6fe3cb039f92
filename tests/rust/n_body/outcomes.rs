//! Runs that fail, and outputs at odd times.

use crate::stage::*;
use lightmill::isa::Isa;
use lightmill::series::{Failure, n_body};

/// Two bodies that fall into each other after a time of pi/2 / sqrt(2 G M / d^3), about 1.11.
const FALL: [[f64; 7]; 2] = [[0.5, -0.5, 0.0, 0.0, 0.0, 0.0, 0.0], [0.5, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0]];

#[test]
fn a_collision_is_marked_and_ends_the_run_alone() {
    let times = [0.0, 0.5, 1.0, 1.5, 2.0];
    for integrator in [GAUSS_RADAU, DOP853] {
        let setup = setup(&[integrator, 0, 0], 1e-9, f64::NAN, 3);
        let run = follow_bodies(&setup, &[1.0, 0.0, 0.0], &FALL, &times);
        assert_eq!(run.outcome.failed, Some(Failure::Collision), "integrator {integrator}");
        for (time, state) in times.iter().zip(&run.states) {
            assert_eq!(state.iter().all(|number| number.is_finite()), *time < 1.11, "at {time}: {state:?}");
            assert!(*time < 1.11 || state.iter().all(|number| number.is_nan()));
        }
        // Beside others, nobody notices.
        let columns = (0..7).flat_map(|p| FALL.map(|body| body[p])).collect();
        let falling =
            Start { parameters: vec![1.0, 0.0, 0.0], bodies: columns, count: 2, times: times.to_vec() };
        let starts = [crowd(1, 3, &times), falling, crowd(2, 3, &times)];
        let together = follow(Isa::best(), &n_body::SYSTEM, &setup, &starts);
        assert_eq!(together[1].bits(), run.bits());
        for i in [0, 2] {
            let alone = follow(Isa::best(), &n_body::SYSTEM, &setup, &starts[i..=i]).remove(0);
            assert_eq!(together[i].bits(), alone.bits());
            assert!(alone.outcome.failed.is_none());
        }
    }
}

#[test]
fn bodies_in_one_place_collide_at_once() {
    for integrator in INTEGRATORS {
        let setup = setup(&[integrator, 0, 0], 1e-9, 0.1, 2);
        let run = follow_bodies(&setup, &[1.0, 0.0, 0.0], &[FALL[0], FALL[0]], &[0.0, 1.0]);
        assert_eq!(run.outcome.failed, Some(Failure::Collision), "integrator {integrator}");
        assert!(run.states[1].iter().all(|number| number.is_nan()));
        let softened = follow_bodies(&setup, &[1.0, 0.1, 0.0], &[FALL[0], FALL[0]], &[0.0, 1.0]);
        assert_eq!(softened.outcome.failed, None, "integrator {integrator}");
    }
}

#[test]
fn a_fall_through_softened_bodies_comes_out_on_the_other_side() {
    let setup = setup(&[GAUSS_RADAU, 0, 0], 1e-9, f64::NAN, 2);
    let run = follow_bodies(&setup, &[1.0, 0.01, 0.0], &FALL, &[1.2]);
    assert_eq!(run.outcome.failed, None);
    assert!(run.states[0][0] > 0.0 && run.outcome.energy_drift < 1e-12, "{:?}", run.outcome);
}

#[test]
fn too_many_even_steps_are_refused() {
    let setup = setup(&[LEAPFROG, 0, 0], f64::NAN, 1e-13, 2);
    let run = follow_bodies(&setup, &[1.0, 0.1, 0.0], &FALL, &[0.0, 1.0]);
    assert_eq!(run.outcome.failed, Some(Failure::TooManySteps));
    assert!(run.states[0][0].is_finite() && run.states[1][0].is_nan());
}

/// Bodies that nothing moves go straight on, whatever the integrator makes of no accelerations at all.
#[test]
fn bodies_without_mass_go_straight() {
    for integrator in INTEGRATORS {
        let setup = setup(&[integrator, 1, 0], 1e-9, 0.1, 2);
        let mut bodies = FALL;
        (bodies[0][0], bodies[1][0]) = (0.0, 0.0);
        (bodies[0][4], bodies[1][5]) = (0.25, -1.0);
        let run = follow_bodies(&setup, &[1.0, 0.0, 0.0], &bodies, &[2.0]);
        assert_eq!(run.outcome.failed, None, "integrator {integrator}");
        let expected = [0.0, 0.0, 0.0, 0.5, -2.0, 0.0, 0.25, 0.0, 0.0, 0.0, -1.0, 0.0];
        for (found, expected) in run.states[0].iter().zip(expected) {
            assert!((found - expected).abs() < 1e-14, "integrator {integrator}: {:?}", run.states[0]);
        }
    }
}

/// A state does not depend on which other times are asked for: to the bit where steps are the
/// integrator's own, and to rounding where the intervals are cut into the same even steps.
#[test]
fn a_state_does_not_depend_on_other_outputs() {
    let (few, many) = ([0.5, 2.0], [0.0, 0.25, 0.5, 1.0, 1.5, 2.0]);
    for integrator in INTEGRATORS {
        for count in [3, 18] {
            let setup = setup(&[integrator, 0, 0], 1e-9, 0.03125, count);
            let run = |times: &[f64]| {
                follow(Isa::best(), &n_body::SYSTEM, &setup, &[crowd(1, count, times)]).remove(0)
            };
            let (few, many) = (run(&few), run(&many));
            assert_eq!(few.states[0], many.states[2], "integrator {integrator}");
            assert_eq!(few.states[1], many.states[5], "integrator {integrator}");
        }
    }
}

#[test]
fn the_step_divides_an_interval_evenly() {
    // 0.3 is ten steps of 0.03, and eleven if they are at most 0.0299.
    let end = |step: f64| {
        let setup = setup(&[LEAPFROG, 0, 0], f64::NAN, step, 3);
        follow(Isa::best(), &n_body::SYSTEM, &setup, &[crowd(1, 3, &[0.3])]).remove(0).states
    };
    assert_eq!(end(0.03), end(0.0305));
    assert_eq!(end(0.0299), end(0.3 / 11.0));
    assert_ne!(end(0.03), end(0.0299));
}
