//! The pendulum by DOP853, its state the angle and a momentum: m L^2 q' in the Hamiltonian form, q' in the
//! others.

use super::{Form, Pendulum};
use crate::isa::kernel;
use crate::math::{half_turns, is_odd, sin};
use crate::series::integrate::dop853::{self, LANES, Motion, Start};
use crate::series::{Run, Setup};

kernel! {
    /// Undamped and undriven.
    pub(super) fn free(setup: &Setup, runs: &mut [&mut Run]) {
        dop853::follow(&mut Swing::<false, false>::new(setup), setup.settings[0], runs);
    }
}

kernel! {
    /// Damped or driven.
    pub(super) fn forced(setup: &Setup, runs: &mut [&mut Run]) {
        dop853::follow(&mut Swing::<true, false>::new(setup), setup.settings[0], runs);
    }
}

kernel! {
    /// With q for sin q.
    pub(super) fn small(setup: &Setup, runs: &mut [&mut Run]) {
        dop853::follow(&mut Swing::<true, true>::new(setup), setup.settings[0], runs);
    }
}

type Lane = [f64; LANES];

/// Pendulums in lanes.
struct Swing<'a, const FORCED: bool, const SMALL: bool> {
    setup: &'a Setup,
    /// q' over the momentum.
    inverse: Lane,
    /// m g L, or g/L.
    pull: Lane,
    damping: Lane,
    /// The amplitude of the momentum's rate of change.
    drive: Lane,
    frequency: Lane,
    phase: Lane,
}

impl<'a, const FORCED: bool, const SMALL: bool> Swing<'a, FORCED, SMALL> {
    fn new(setup: &'a Setup) -> Self {
        let zero = [0.0; LANES];
        Swing { setup, inverse: zero, pull: zero, damping: zero, drive: zero, frequency: zero, phase: zero }
    }

    /// What acts beside gravity, on the momentum.
    #[inline(always)]
    fn force(&self, lane: usize, time: f64, momentum: f64) -> f64 {
        let (turns, _, cos) = half_turns(self.frequency[lane] * time + self.phase[lane]);
        let drive = if is_odd(turns) { -self.drive[lane] } else { self.drive[lane] };
        drive * cos - self.damping[lane] * momentum
    }
}

/// The size of the motion: the angle to which the energy at the start swings it as a small one would, and
/// what the drive adds; the angle is no larger than half a turn.
fn size(pendulum: &Pendulum) -> [f64; 2] {
    let stiffness = pendulum.stiffness();
    let start =
        if pendulum.form == Form::SmallAngle { pendulum.angle() } else { 2.0 * sin(0.5 * pendulum.angle()) };
    let energy = start * start + pendulum.velocity * pendulum.velocity / stiffness;
    let driven = pendulum.amplitude.abs() / (stiffness + pendulum.frequency * pendulum.frequency);
    let sum = energy.sqrt() + driven;
    let angle = if sum > 0.0 { sum } else { 1.0 };
    let velocity = angle * stiffness.sqrt();
    [if angle < std::f64::consts::PI { angle } else { std::f64::consts::PI }, velocity]
}

impl<const FORCED: bool, const SMALL: bool> Motion<2> for Swing<'_, FORCED, SMALL> {
    const FORCED: bool = FORCED;

    fn begin(&mut self, lane: usize, run: &Run) -> Start<2> {
        let Some(pendulum) = Pendulum::new(self.setup, run) else {
            return Start { state: [f64::NAN; 2], scale: [1.0; 2] };
        };
        let inertia = if pendulum.form == Form::Hamiltonian { pendulum.inertia() } else { 1.0 };
        self.inverse[lane] = 1.0 / inertia;
        self.pull[lane] = inertia * pendulum.stiffness();
        self.damping[lane] = pendulum.damping;
        self.drive[lane] = inertia * pendulum.amplitude;
        (self.frequency[lane], self.phase[lane]) = (pendulum.frequency, pendulum.phase);
        let [angle, velocity] = size(&pendulum);
        Start { state: [pendulum.angle(), inertia * pendulum.velocity], scale: [angle, inertia * velocity] }
    }

    #[inline(always)]
    fn rate(&self, lane: usize, time: f64, [q, p]: [f64; 2]) -> [f64; 2] {
        let pull = self.pull[lane] * if SMALL { q } else { sin(q) };
        let force = if FORCED { self.force(lane, time, p) } else { 0.0 };
        [self.inverse[lane] * p, force - pull]
    }

    #[inline(always)]
    fn power(&self, lane: usize, time: f64, [_, p]: [f64; 2]) -> f64 {
        self.inverse[lane] * p * self.force(lane, time, p)
    }

    #[inline(always)]
    fn energy(&self, lane: usize, [q, p]: [f64; 2]) -> f64 {
        let half = if SMALL { 0.5 * q } else { sin(0.5 * q) };
        0.5 * self.inverse[lane] * p * p + 2.0 * self.pull[lane] * half * half
    }

    #[inline(always)]
    fn give(&self, lane: usize, [q, p]: [f64; 2]) -> [f64; 2] {
        [q, self.inverse[lane] * p]
    }
}
