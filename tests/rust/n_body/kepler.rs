//! Two bodies against Kepler's equation, three against their own period.

use crate::stage::*;
use lightmill::series::n_body::{figure_eight, two_body};
use std::f64::consts::{PI, TAU};

/// The second body as seen from the first, in semi-major axes, at a mean anomaly from pericentre.
fn kepler(e: f64, mean: f64) -> [f64; 2] {
    let mean = mean.rem_euclid(TAU);
    let mut anomaly = if e > 0.8 { PI } else { mean };
    for _ in 0..60 {
        anomaly -= (anomaly - e * anomaly.sin() - mean) / (1.0 - e * anomaly.cos());
    }
    [anomaly.cos() - e, (1.0 - e * e).sqrt() * anomaly.sin()]
}

/// The largest error, in semi-major axes, of an orbit over ten periods.
fn worst(integrator: usize, start: usize, e: f64, tolerance: f64, step: f64) -> f64 {
    let (a, first, second, gravity): (f64, f64, f64, f64) = (1.3, 0.7, 1.1, 2.0);
    let period = TAU * (a * a * a / (gravity * (first + second))).sqrt();
    let times: Vec<f64> = (0..=200).map(|i| f64::from(i) * period / 20.0).collect();
    let setup = setup(&[integrator, start], tolerance, step * period, 2);
    let run = follow_one(&two_body::SYSTEM, &setup, &[e, a, first, second, gravity, 0.0, 0.0], &times);
    assert!(run.outcome.failed.is_none());
    let off = |time: &f64, state: &Vec<f64>| {
        // From apocentre the orbit is half a period ahead.
        let [x, y] = kepler(e, TAU * time / period + PI * start as f64);
        let way = if start == 0 { 1.0 } else { -1.0 };
        let (dx, dy) = (state[2] - state[0], state[3] - state[1]);
        // The bodies start on the x axis with the second at +x, where Kepler's apocentre is at -x.
        (way * dx / a - x).hypot(way * dy / a - y)
    };
    times.iter().zip(&run.states).map(|(time, state)| off(time, state)).fold(0.0, f64::max)
}

#[test]
fn kepler_orbits_by_gauss_radau() {
    for e in [0.0, 0.3, 0.6, 0.9, 0.95] {
        for start in [0, 1] {
            let worst = worst(GAUSS_RADAU, start, e, 1e-9, f64::NAN);
            assert!(worst < 1e-11, "e = {e}, start {start}: {worst:.2e} of the semi-major axis");
        }
    }
}

#[test]
fn kepler_orbits_by_dop853() {
    for e in [0.0, 0.6, 0.95] {
        let worst = worst(DOP853, 0, e, 1e-14, f64::NAN);
        assert!(worst < 1e-9, "e = {e}: {worst:.2e} of the semi-major axis");
    }
}

#[test]
fn a_looser_tolerance_is_felt() {
    for (integrator, loose) in [(GAUSS_RADAU, 1e-3), (DOP853, 1e-7)] {
        let (loose, tight) = (worst(integrator, 0, 0.6, loose, 0.0), worst(integrator, 0, 0.6, 1e-11, 0.0));
        assert!(loose > 20.0 * tight, "{integrator}: {loose:.2e} and {tight:.2e}");
    }
}

/// The order is the slope of the error over the step, where it is neither coarse nor rounding.
#[test]
fn even_steps_have_their_order() {
    for (integrator, order, steps) in [(LEAPFROG, 1.9, 1000.0), (YOSHIDA4, 3.8, 20.0)] {
        let errors =
            [1.0, 2.0, 4.0].map(|finer| worst(integrator, 0, 0.3, 0.0, 1.0 / (20.0 * steps * finer)));
        for pair in errors.windows(2) {
            let slope = (pair[0] / pair[1]).log2();
            assert!(slope > order && slope < order + 0.3, "{integrator}: {slope} from {errors:?}");
            assert!(pair[0] < 1e-3 && pair[1] > 1e-11, "{errors:?}");
        }
    }
}

#[test]
fn the_figure_eight_closes() {
    for (size, mass, gravity) in [(1.0_f64, 1.0, 1.0), (1.7, 0.4, 3.0)] {
        let period = figure_eight::PERIOD * (size * size * size / (gravity * mass)).sqrt();
        let speed = (gravity * mass / size).sqrt();
        for (integrator, tolerance, allowed) in [(GAUSS_RADAU, 1e-9, 1e-13), (DOP853, 1e-13, 1e-10)] {
            let setup = setup(&[integrator], tolerance, f64::NAN, 3);
            let parameters = [size, mass, gravity, 0.0, 0.0];
            let times = [0.0, period / 3.0, period];
            let run = follow_one(&figure_eight::SYSTEM, &setup, &parameters, &times);
            let unit = |i: usize| if i < 6 { size } else { speed };
            let off =
                |i: usize, j: usize, time: usize| (run.states[time][i] - run.states[0][j]).abs() / unit(i);
            let closed = (0..12).map(|i| off(i, i, 2)).fold(0.0, f64::max);
            assert!(closed < allowed, "integrator {integrator}: off by {closed:.2e} after a period");
            // A third of the period earlier each body is where another was.
            let next = |i: usize, by: usize| 6 * (i / 6) + (i + 2 * by) % 6;
            let turned = |by: usize| (0..12).map(|i| off(i, next(i, by), 1)).fold(0.0, f64::max);
            assert!(turned(1).min(turned(2)) < allowed, "{:.2e} {:.2e}", turned(1), turned(2));
        }
    }
}
