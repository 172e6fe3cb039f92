//! What is seen of a pendulum.

use super::{Form, Pendulum};
use crate::math::sin_cos;
use crate::param::Unit;
use crate::series::{Observable, Run, Setup, Shape};

/// Writes a function of pendulum, angle, angular velocity and time for all times.
#[inline(always)]
fn each(setup: &Setup, run: &Run, out: &mut [f64], see: impl Fn(&Pendulum, f64, f64, f64) -> f64) {
    let Some(pendulum) = Pendulum::new(setup, run) else { return };
    let states = run.states.chunks_exact(2).zip(run.times);
    for (out, (state, time)) in out.iter_mut().zip(states) {
        *out = see(&pendulum, state[0], state[1], *time);
    }
}

impl Pendulum {
    /// m L^2 q'^2 / 2.
    #[inline(always)]
    fn kinetic(&self, v: f64) -> f64 {
        let speed = self.length * v;
        0.5 * self.mass * speed * speed
    }

    /// m g L (1 - cos q), or m g L q^2 / 2 where sin q is q.
    #[inline(always)]
    fn potential(&self, q: f64) -> f64 {
        let half = if self.form == Form::SmallAngle { 0.5 * q } else { sin_cos(0.5 * q).0 };
        2.0 * self.mass * self.gravity * self.length * half * half
    }
}

/// All of them.
pub(super) const ALL: &[Observable] = &[
    Observable {
        name: "x",
        unit: Unit::Metre,
        shape: Shape::One,
        summary: "L sin q, of the bob, from the pivot.",
        see: |_, setup, run, out| each(setup, run, out, |p, q, _, _| p.length * sin_cos(q).0),
    },
    Observable {
        name: "y",
        unit: Unit::Metre,
        shape: Shape::One,
        summary: "-L cos q, of the bob, upwards from the pivot.",
        see: |_, setup, run, out| each(setup, run, out, |p, q, _, _| -p.length * sin_cos(q).1),
    },
    Observable {
        name: "angle",
        unit: Unit::Degree,
        shape: Shape::One,
        summary: "From the lowest point; whole turns count.",
        see: |_, setup, run, out| each(setup, run, out, |_, q, _, _| q.to_degrees()),
    },
    Observable {
        name: "angular_velocity",
        unit: Unit::DegreePerSecond,
        shape: Shape::One,
        summary: "The angle's rate of change.",
        see: |_, setup, run, out| each(setup, run, out, |_, _, v, _| v.to_degrees()),
    },
    Observable {
        name: "energy",
        unit: Unit::Joule,
        shape: Shape::One,
        summary: "Kinetic and potential.",
        see: |_, setup, run, out| each(setup, run, out, |p, q, v, _| p.kinetic(v) + p.potential(q)),
    },
    Observable {
        name: "kinetic_energy",
        unit: Unit::Joule,
        shape: Shape::One,
        summary: "m L^2 q'^2 / 2.",
        see: |_, setup, run, out| each(setup, run, out, |p, _, v, _| p.kinetic(v)),
    },
    Observable {
        name: "potential_energy",
        unit: Unit::Joule,
        shape: Shape::One,
        summary: "m g L (1 - cos q), 0 at the lowest point.",
        see: |_, setup, run, out| each(setup, run, out, |p, q, _, _| p.potential(q)),
    },
    Observable {
        name: "q",
        unit: Unit::Radian,
        shape: Shape::One,
        summary: "The angle.",
        see: |_, setup, run, out| each(setup, run, out, |_, q, _, _| q),
    },
    Observable {
        name: "p",
        unit: Unit::JouleSecond,
        shape: Shape::One,
        summary: "m L^2 q', the momentum that belongs to q.",
        see: |_, setup, run, out| each(setup, run, out, |p, _, v, _| p.inertia() * v),
    },
    Observable {
        name: "dq_dt",
        unit: Unit::RadianPerSecond,
        shape: Shape::One,
        summary: "The rate of change of q.",
        see: |_, setup, run, out| each(setup, run, out, |_, _, v, _| v),
    },
    Observable {
        name: "dp_dt",
        unit: Unit::Joule,
        shape: Shape::One,
        summary: "The rate of change of p: the torque.",
        see: |_, setup, run, out| {
            each(setup, run, out, |p, q, v, time| p.inertia() * p.acceleration(q, v, time));
        },
    },
];
