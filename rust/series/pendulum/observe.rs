//! What is seen of a pendulum.

use super::{Form, Pendulum};
use crate::series::scalar::Scalar;
use crate::series::{Observable, Run, Setup, one};

/// Writes a function of pendulum, angle, angular velocity and time for all times.
#[inline(always)]
fn each<T: Scalar>(setup: &Setup, run: &Run<T>, out: &mut [T], see: impl Fn(&Pendulum<T>, T, T, f64) -> T) {
    let Some(pendulum) = Pendulum::new(setup, run) else { return };
    let states = run.states.chunks_exact(2).zip(run.times);
    for (out, (state, time)) in out.iter_mut().zip(states) {
        *out = see(&pendulum, state[0], state[1], *time);
    }
}

impl<T: Scalar> Pendulum<T> {
    /// m L^2 q'^2 / 2.
    #[inline(always)]
    fn kinetic(&self, v: T) -> T {
        let speed = self.length * v;
        self.mass.times(0.5) * speed * speed
    }

    /// m g L (1 - cos q), or m g L q^2 / 2 where sin q is q.
    #[inline(always)]
    fn potential(&self, q: T) -> T {
        let half = if self.form == Form::SmallAngle { q.times(0.5) } else { q.times(0.5).sine_cosine().0 };
        self.mass.times(2.0) * self.gravity * self.length * half * half
    }
}

/// All of them.
pub(super) const ALL: &[Observable] = &[
    one!("x", Metre, "L sin q, of the bob, from the pivot.", |p, q, _, _| p.length * q.sine_cosine().0),
    one!("y", Metre, "-L cos q, of the bob, upwards from the pivot.", |p, q, _, _| -p.length
        * q.sine_cosine().1),
    one!("angle", Degree, "From the lowest point; whole turns count.", |_, q, _, _| q.degrees()),
    one!("angular_velocity", DegreePerSecond, "The angle's rate of change.", |_, _, v, _| v.degrees()),
    one!("energy", Joule, "Kinetic and potential.", |p, q, v, _| p.kinetic(v) + p.potential(q)),
    one!("kinetic_energy", Joule, "m L^2 q'^2 / 2.", |p, _, v, _| p.kinetic(v)),
    one!("potential_energy", Joule, "m g L (1 - cos q), 0 at the lowest point.", |p, q, _, _| p.potential(q)),
    one!("q", Radian, "The angle.", |_, q, _, _| q),
    one!("p", JouleSecond, "m L^2 q', the momentum that belongs to q.", |p, _, v, _| p.inertia() * v),
    one!("dq_dt", RadianPerSecond, "The rate of change of q.", |_, _, v, _| v),
    one!("dp_dt", Joule, "The rate of change of p: the torque.", |p, q, v, time| p.inertia()
        * p.acceleration(q, v, time)),
];
