//! The double pendulum by DOP853.

use super::Double;
use crate::isa::kernel;
use crate::series::Run;
use crate::series::integrate::dop853::{self, LANES, Motion, Start};
use std::f64::consts::PI;

kernel! {
    /// Moves double pendulums.
    pub(super) fn follow(tolerance: f64, runs: &mut [&mut Run]) {
        dop853::follow(&mut Doubles::default(), tolerance, runs);
    }
}

type Lane = [f64; LANES];

/// Double pendulums in lanes.
#[derive(Default)]
struct Doubles {
    length1: Lane,
    length2: Lane,
    mass1: Lane,
    mass2: Lane,
    gravity: Lane,
}

impl Doubles {
    #[inline(always)]
    fn at(&self, lane: usize) -> Double {
        Double {
            lengths: [self.length1[lane], self.length2[lane]],
            masses: [self.mass1[lane], self.mass2[lane]],
            gravity: self.gravity[lane],
        }
    }
}

/// What the energy allows each rod if it had it alone: the angle as for a small swing, no larger than half a
/// turn, and the angular velocity.
fn size(double: &Double, state: [f64; 4]) -> [f64; 4] {
    let energy = double.kinetic(state) + double.potential(state);
    let ([l1, l2], [m1, m2]) = (double.lengths, double.masses);
    let size = |mass: f64, length: f64| {
        let angle = (2.0 * energy / (mass * double.gravity * length)).sqrt();
        let angle = if angle > 0.0 { angle } else { 1.0 };
        (if angle < PI { angle } else { PI }, angle * (double.gravity / length).sqrt())
    };
    let (upper, lower) = (size(m1 + m2, l1), size(m2, l2));
    [upper.0, lower.0, upper.1, lower.1]
}

impl Motion<4> for Doubles {
    fn begin(&mut self, lane: usize, run: &Run) -> Start<4> {
        let Some((double, state)) = Double::new(run) else {
            return Start { state: [f64::NAN; 4], scale: [1.0; 4] };
        };
        [self.length1[lane], self.length2[lane]] = double.lengths;
        [self.mass1[lane], self.mass2[lane]] = double.masses;
        self.gravity[lane] = double.gravity;
        Start { state, scale: size(&double, state) }
    }

    #[inline(always)]
    fn rate(&self, lane: usize, _: f64, state: [f64; 4]) -> [f64; 4] {
        self.at(lane).rate(state)
    }

    #[inline(always)]
    fn energy(&self, lane: usize, state: [f64; 4]) -> f64 {
        let double = self.at(lane);
        double.kinetic(state) + double.potential(state)
    }

    #[inline(always)]
    fn give(&self, _: usize, state: [f64; 4]) -> [f64; 4] {
        state
    }
}
