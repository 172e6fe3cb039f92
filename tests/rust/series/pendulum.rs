//! Pendulums against mpmath and SciPy.

use crate::follow::{one, setup, times, worst};
use crate::references::{FORCED, FREE};
use lightmill::series::pendulum::SYSTEM;

pub const CLOSED: usize = 0;
pub const INTEGRATED: usize = 1;

fn parameters(length: f64, angle: f64, velocity: f64) -> Vec<f64> {
    vec![length, angle, velocity, 9.80665, 1.3, 0.0, 0.0, 1.0, 0.0]
}

#[test]
fn the_closed_form_is_that_of_mpmath() {
    for case in FREE {
        let &[length, angle, velocity] = case.parameters else { panic!() };
        let run = one(
            &SYSTEM,
            &setup(&[0, CLOSED], 1e-10),
            &parameters(length, angle, velocity),
            &times(case.last, 41),
        );
        let d = worst(&run.states, case.states);
        println!("{:?}: {d:e} {:?}", case.parameters, run.outcome);
        for tol in [1e-8, 1e-10, 1e-12, 1e-13] {
            for form in [0] {
                let run = one(
                    &SYSTEM,
                    &setup(&[form, INTEGRATED], tol),
                    &parameters(length, angle, velocity),
                    &times(case.last, 41),
                );
                let d = worst(&run.states, case.states);
                println!("    {tol:e}: {d:e} {:?}", run.outcome);
            }
        }
    }
}

#[test]
fn damped_and_driven() {
    for case in FORCED {
        let &[length, angle, velocity, c, a, f, p] = case.parameters else { panic!() };
        let run = one(
            &SYSTEM,
            &setup(&[0, CLOSED], 1e-12),
            &[length, angle, velocity, 9.80665, 1.3, c, a, f, p],
            &times(case.last, 41),
        );
        let d = worst(&run.states, case.states);
        println!("{:?}: {d:e} {:?}", case.parameters, run.outcome);
    }
}
#[test]
fn others() {
    use crate::references::{DOUBLES, SPRINGS};
    use lightmill::series::{double_pendulum, spring};
    for case in SPRINGS {
        let &[k, x, v, c, a, f, p] = case.parameters else { panic!() };
        let run =
            one(&spring::SYSTEM, &setup(&[], 1e-12), &[k, x, v, 2.0, c, a, f, p], &times(case.last, 41));
        let d = worst(&run.states, case.states);
        println!("{:?}: {d:e} {:?}", case.parameters, run.outcome);
    }
    for case in DOUBLES {
        for tol in [1e-10, 1e-12, 1e-13, 1e-14] {
            let mut p = case.parameters.to_vec();
            p.push(9.80665);
            let run = one(&double_pendulum::SYSTEM, &setup(&[], tol), &p, &times(case.last, 41));
            let d = worst(&run.states, case.states);
            println!("{:?}: {d:e} {:?}", case.parameters, run.outcome);
        }
    }
}
