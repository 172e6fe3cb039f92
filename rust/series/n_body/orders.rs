//! The orders of the integrators that choose their steps, shown by steps of one length.

use super::cohort::Cohort;
use super::scene::Scene;
use crate::isa::Isa;
use crate::series::integrate::Stepper;
use crate::series::integrate::block::Block;
use crate::series::integrate::dop853::blocks::Dop853;
use crate::series::integrate::gauss_radau::GaussRadau;
use std::f64::consts::TAU;

/// An orbit of eccentricity 0.5 from somewhere between its apsides.
fn orbit() -> Scene {
    let half = |x: f64, y: f64| vec![[-0.5 * x, -0.5 * y, 0.0], [0.5 * x, 0.5 * y, 0.0]];
    let (x, v) = (half(1.0, 0.3), half(0.3, 0.75));
    Scene { gravity: 1.0, softening: 0.0, damping: 0.0, mass: vec![0.5, 0.5], x, v }
}

/// Its period, by the energy.
fn period() -> f64 {
    let axis = 1.0 / (2.0 / 1.09_f64.sqrt() - (0.09 + 0.5625));
    TAU * axis * axis.sqrt()
}

/// How far the bodies are from where they began after so many periods of so many even steps.
fn off<S: Stepper>(make: impl Fn(Isa, usize) -> S, steps: usize, periods: usize) -> f64 {
    let isa = Isa::best();
    let mut cohort = Cohort::new(isa, 2, 2);
    let mut stepper = make(isa, cohort.coordinates());
    cohort.enter(0, &orbit(), |coordinate, lane, x, v| stepper.enter(coordinate, lane, x, v));
    let h = Block::splat(period() / steps as f64);
    let mut on = Block::ZERO;
    on.0[0] = 1.0;
    for step in 0..periods * steps {
        stepper.begin(&cohort);
        stepper.attempt(&cohort, &h, &Block::splat(if step == 0 { 0.0 } else { 1.0 }), &on);
        stepper.advance(&h, &on);
    }
    stepper.begin(&cohort);
    let (x, _) = stepper.state();
    let start = orbit().x;
    (0..4).map(|i| (x[i].0[0] - start[i / 2][i % 2]).abs()).fold(0.0, f64::max)
}

/// The order: the slope of the error from so many steps a period to twice as many.
#[allow(clippy::disallowed_methods)]
fn order<S: Stepper>(make: impl Fn(Isa, usize) -> S, steps: usize, periods: usize) -> f64 {
    let (coarse, fine) = (off(&make, steps, periods), off(&make, 2 * steps, periods));
    assert!(coarse < 1e-3 && fine > 1e-11, "{coarse:.2e} and {fine:.2e} are not errors by the step");
    (coarse / fine).log2()
}

/// In one period its error falls from 1e-3 to rounding before the steps are short enough for an
/// order to show; in 300 it grows into sight.
#[test]
fn gauss_radau_is_of_fifteenth_order() {
    for steps in [32, 36] {
        let order = order(|isa, coordinates| GaussRadau::new(isa, coordinates, 1e-9), steps, 300);
        assert!((14.0..16.0).contains(&order), "{order} from {steps} steps a period");
    }
}

#[test]
fn dop853_is_of_eighth_order() {
    for steps in [24, 32, 64] {
        let order = order(|isa, coordinates| Dop853::new(isa, coordinates, 1e-9), steps, 1);
        assert!((7.5..9.0).contains(&order), "{order} from {steps} steps a period");
    }
}
