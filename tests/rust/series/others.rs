//! Springs and double pendulums against SciPy and physics.

use crate::follow::{one, setup, times, worst};
use crate::references::{DOUBLES, SPRINGS};
use lightmill::series::{double_pendulum, spring};

/// Free, under-, critically and over-damped; driven, also at resonance and next to it. Mass 2.
#[test]
fn springs_are_those_of_scipy() {
    for case in SPRINGS {
        let &[stiffness, x, v, damping, amplitude, frequency, phase] = case.parameters else { panic!() };
        let parameters = [stiffness, x, v, 2.0, damping, amplitude, frequency, phase];
        let run = one(&spring::SYSTEM, &setup(&[], 0.0), &parameters, &times(case.last, 41));
        let error = worst(&run.states, case.states);
        println!("{:?}: {error:e} {:?}", case.parameters, run.outcome);
        // SciPy's own error at resonance, where the swing grows to 10.
        let bound = if frequency.round() == 3.0 && damping == 0.0 { 1e-12 } else { 5e-14 };
        assert!(error < bound, "{:?}: {error:e}", case.parameters);
        let free = damping == 0.0 && amplitude == 0.0;
        assert!(if free { run.outcome.energy_drift < 1e-15 } else { run.outcome.energy_drift.is_nan() });
    }
}

/// Next to the boundaries between the kinds of motion the solutions meet.
#[test]
fn a_spring_is_continuous_at_critical_damping_and_at_resonance() {
    let states = |damping: f64, frequency: f64| {
        let parameters = [9.0, 1.0, -2.0, 1.0, damping, 0.5, frequency, 20.0];
        one(&spring::SYSTEM, &setup(&[], 0.0), &parameters, &times(6.0, 31)).states
    };
    for (damping, frequency) in [(6.0, 3.0), (6.0, 0.0), (0.0, 3.0)] {
        let exact = states(damping, frequency);
        for step in [1e-13, 1e-9] {
            assert!(worst(&exact, &states(damping + step, frequency)) < 40.0 * step, "{damping} {frequency}");
            assert!(worst(&exact, &states(damping, frequency + step)) < 40.0 * step, "{damping} {frequency}");
            if damping > 0.0 {
                assert!(
                    worst(&exact, &states(damping - step, frequency)) < 40.0 * step,
                    "{damping} {frequency}"
                );
            }
        }
    }
}

/// Small swings for 20 s; chaos for 5 s and 3 s, in which it amplifies an error by less than 100.
#[test]
fn double_pendulums_are_those_of_scipy() {
    for case in DOUBLES {
        let parameters: Vec<f64> = case.parameters.iter().copied().chain([9.80665]).collect();
        for (tolerance, bound) in [(1e-8, 1e-7), (1e-12, 1e-11)] {
            let run =
                one(&double_pendulum::SYSTEM, &setup(&[], tolerance), &parameters, &times(case.last, 41));
            let error = worst(&run.states, case.states);
            println!("{:?}: {error:e} {:?}", case.parameters, run.outcome);
            assert!(error < bound, "{:?}: {error:e}", case.parameters);
            assert!(run.outcome.energy_drift < tolerance, "{:?}", run.outcome);
        }
    }
}

/// A lower bob of next to no mass leaves the upper one a pendulum.
#[test]
fn a_light_lower_bob_changes_nothing() {
    let times = times(10.0, 51);
    let double = [1.5, 0.7, 1.0, 1e-14, 70.0, 20.0, 10.0, 0.0, 9.80665];
    let double = one(&double_pendulum::SYSTEM, &setup(&[], 1e-13), &double, &times);
    let single = [1.5, 70.0, 10.0, 9.80665, 1.0, 0.0, 0.0, 1.0, 0.0];
    let single = one(&lightmill::series::pendulum::SYSTEM, &setup(&[0, 0], 1e-13), &single, &times);
    for (double, single) in double.states.chunks(4).zip(single.states.chunks(2)) {
        assert!((double[0] - single[0]).abs() < 1e-11 && (double[2] - single[1]).abs() < 1e-11);
    }
}
