//! Two bodies against Kepler's equation, three against their own period.

use crate::stage::*;
use lightmill::series::n_body::{figure_eight, two_body};
use std::f64::consts::TAU;

/// The second body as seen from the first, after so many radians of mean anomaly from pericentre.
fn kepler(e: f64, mean: f64) -> [f64; 2] {
    let mean = mean.rem_euclid(TAU);
    let mut anomaly = if e > 0.8 { std::f64::consts::PI } else { mean };
    for _ in 0..60 {
        anomaly -= (anomaly - e * anomaly.sin() - mean) / (1.0 - e * anomaly.cos());
    }
    [anomaly.cos() - e, (1.0 - e * e).sqrt() * anomaly.sin()]
}

#[test]
fn kepler_orbits_by_gauss_radau() {
    for e in [0.0, 0.3, 0.6, 0.9, 0.95] {
        let period = TAU / 2f64.sqrt();
        let times: Vec<f64> = (0..=200).map(|i| f64::from(i) * period / 20.0).collect();
        let run = follow_one(
            &two_body::SYSTEM,
            &setup(&[GAUSS_RADAU, 0], 1e-9, f64::NAN, 2),
            &[e, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0],
            &times,
        );
        let mut worst: f64 = 0.0;
        for (time, state) in times.iter().zip(&run.states) {
            let [x, y] = kepler(e, time * 2f64.sqrt());
            worst = worst.max((state[2] - state[0] - x).hypot(state[3] - state[1] - y));
        }
        println!("e {e}: {worst:.2e}, {:?}", run.outcome);
        assert!(worst < 1e-9, "e = {e}: {worst:.2e} of the semi-major axis");
    }
}

#[test]
fn the_figure_eight_closes() {
    let period = figure_eight::PERIOD;
    for times in [vec![period], vec![0.0, period / 3.0, period / 2.0, period]] {
        let run = follow_one(
            &figure_eight::SYSTEM,
            &setup(&[GAUSS_RADAU], 1e-9, f64::NAN, 3),
            &[1.0, 1.0, 1.0, 0.0, 0.0],
            &times,
        );
        println!("{:?} {:?}", run.states.last(), run.outcome);
    }
}
