//! What is seen of a double pendulum.

use super::Double;
use crate::math::sin_cos;
use crate::param::Unit;
use crate::series::{Observable, Run, Shape};

/// Writes a function of the double pendulum and its state for all times.
#[inline(always)]
fn each(run: &Run, out: &mut [f64], see: impl Fn(&Double, [f64; 4]) -> f64) {
    let Some((double, _)) = Double::new(run) else { return };
    for (out, state) in out.iter_mut().zip(run.states.chunks_exact(4)) {
        *out = see(&double, [state[0], state[1], state[2], state[3]]);
    }
}

/// All of them.
pub(super) const ALL: &[Observable] = &[
    Observable {
        name: "x1",
        unit: Unit::Metre,
        shape: Shape::One,
        summary: "l_1 sin q_1, of the upper bob, from the pivot.",
        see: |_, _, run, out| each(run, out, |d, s| d.lengths[0] * sin_cos(s[0]).0),
    },
    Observable {
        name: "y1",
        unit: Unit::Metre,
        shape: Shape::One,
        summary: "-l_1 cos q_1, of the upper bob, upwards from the pivot.",
        see: |_, _, run, out| each(run, out, |d, s| -d.lengths[0] * sin_cos(s[0]).1),
    },
    Observable {
        name: "x2",
        unit: Unit::Metre,
        shape: Shape::One,
        summary: "x_1 + l_2 sin q_2, of the lower bob, from the pivot.",
        see: |_, _, run, out| {
            each(run, out, |d, s| d.lengths[0] * sin_cos(s[0]).0 + d.lengths[1] * sin_cos(s[1]).0)
        },
    },
    Observable {
        name: "y2",
        unit: Unit::Metre,
        shape: Shape::One,
        summary: "y_1 - l_2 cos q_2, of the lower bob, upwards from the pivot.",
        see: |_, _, run, out| {
            each(run, out, |d, s| -d.lengths[0] * sin_cos(s[0]).1 - d.lengths[1] * sin_cos(s[1]).1)
        },
    },
    Observable {
        name: "angle1",
        unit: Unit::Degree,
        shape: Shape::One,
        summary: "Of the upper rod; whole turns count.",
        see: |_, _, run, out| each(run, out, |_, s| s[0].to_degrees()),
    },
    Observable {
        name: "angle2",
        unit: Unit::Degree,
        shape: Shape::One,
        summary: "Of the lower rod; whole turns count.",
        see: |_, _, run, out| each(run, out, |_, s| s[1].to_degrees()),
    },
    Observable {
        name: "angular_velocity1",
        unit: Unit::DegreePerSecond,
        shape: Shape::One,
        summary: "The rate of change of angle1.",
        see: |_, _, run, out| each(run, out, |_, s| s[2].to_degrees()),
    },
    Observable {
        name: "angular_velocity2",
        unit: Unit::DegreePerSecond,
        shape: Shape::One,
        summary: "The rate of change of angle2.",
        see: |_, _, run, out| each(run, out, |_, s| s[3].to_degrees()),
    },
    Observable {
        name: "energy",
        unit: Unit::Joule,
        shape: Shape::One,
        summary: "Kinetic and potential.",
        see: |_, _, run, out| each(run, out, |d, s| d.kinetic(s) + d.potential(s)),
    },
    Observable {
        name: "kinetic_energy",
        unit: Unit::Joule,
        shape: Shape::One,
        summary: "Of both bobs.",
        see: |_, _, run, out| each(run, out, Double::kinetic),
    },
    Observable {
        name: "potential_energy",
        unit: Unit::Joule,
        shape: Shape::One,
        summary: "Of both bobs, 0 where both hang straight down.",
        see: |_, _, run, out| each(run, out, Double::potential),
    },
];
