//! The pendulum by Taylor's series, its state the angle and a momentum p: m L^2 q' in the Hamiltonian form, q' in
//! the others.
//!
//! With S = sin q, C = cos q and v = q', coefficients follow from S' = v C, C' = -v S, q' = v and p' = F - K S:
//! (k + 1) S_(k+1) = sum over j of v_j C_(k-j), and so on.

use super::{Form, Pendulum};
use crate::isa::kernel;
use crate::math::{half_turns, is_odd, sin};
use crate::series::integrate::taylor::{self, LANES, Lane, Motion, ORDER, Series, Start};
use crate::series::{Run, Setup};

kernel! {
    /// Undamped and undriven.
    pub(super) fn free(setup: &Setup, runs: &mut [&mut Run]) {
        taylor::follow(&mut Swing::<false, false>::new(setup), setup.settings[0], runs);
    }
}

kernel! {
    /// Damped or driven.
    pub(super) fn forced(setup: &Setup, runs: &mut [&mut Run]) {
        taylor::follow(&mut Swing::<true, false>::new(setup), setup.settings[0], runs);
    }
}

kernel! {
    /// With q for sin q.
    pub(super) fn small(setup: &Setup, runs: &mut [&mut Run]) {
        taylor::follow(&mut Swing::<true, true>::new(setup), setup.settings[0], runs);
    }
}

/// One over 1, 2, ...
const INVERSE: [f64; ORDER] = {
    let mut inverse = [1.0; ORDER];
    let mut k = 0;
    while k < ORDER {
        inverse[k] = 1.0 / (k + 1) as f64;
        k += 1;
    }
    inverse
};

/// A step is at most this many times as long as a swing of one radian or a decay to 1/e: sums of powers of -x up
/// to the 16th decay up to x = 7.
const LONGEST: f64 = 5.0;

/// All but the last coefficients.
type Shorter = [Lane; ORDER];

/// Pendulums in lanes, and the coefficients of what acts on them.
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
    velocity: Shorter,
    sin: Shorter,
    cos: Shorter,
    /// What acts beside gravity, on the momentum, and its power.
    force: Shorter,
    power: Shorter,
}

/// The coefficients of one power of the products of a series with two others.
#[inline(always)]
fn products(k: usize, a: &Shorter, b: &Shorter, c: &Shorter) -> (Lane, Lane) {
    let (mut with_b, mut with_c) = ([0.0; LANES], [0.0; LANES]);
    for j in 0..=k {
        let (a, b, c) = (&a[j], &b[k - j], &c[k - j]);
        for lane in 0..LANES {
            with_b[lane] += a[lane] * b[lane];
            with_c[lane] += a[lane] * c[lane];
        }
    }
    (with_b, with_c)
}

/// The coefficient of one power of the product of two series.
#[inline(always)]
fn product(k: usize, a: &Shorter, b: &Shorter) -> Lane {
    let mut sum = [0.0; LANES];
    for j in 0..=k {
        let (a, b) = (&a[j], &b[k - j]);
        for lane in 0..LANES {
            sum[lane] += a[lane] * b[lane];
        }
    }
    sum
}

impl<'a, const FORCED: bool, const SMALL: bool> Swing<'a, FORCED, SMALL> {
    fn new(setup: &'a Setup) -> Self {
        let (zero, none) = ([0.0; LANES], [[0.0; LANES]; ORDER]);
        Swing {
            setup,
            inverse: zero,
            pull: zero,
            damping: zero,
            drive: zero,
            frequency: zero,
            phase: zero,
            velocity: none,
            sin: none,
            cos: none,
            force: none,
            power: none,
        }
    }

    /// The first coefficients of sine and cosine, by those of half the angle: no sign to find.
    #[inline(always)]
    fn turn(&mut self, q: &Lane) {
        for (lane, q) in q.iter().enumerate() {
            let (_, s, c) = half_turns(0.5 * q);
            self.sin[0][lane] = 2.0 * s * c;
            self.cos[0][lane] = 1.0 - 2.0 * s * s;
        }
    }

    /// The coefficients of the drive.
    #[inline(always)]
    fn push(&mut self, times: &Lane) {
        let (mut sin, mut cos) = ([0.0; LANES], [0.0; LANES]);
        for lane in 0..LANES {
            let (turns, s, c) = half_turns(self.frequency[lane] * times[lane] + self.phase[lane]);
            let drive = if is_odd(turns) { -self.drive[lane] } else { self.drive[lane] };
            (sin[lane], cos[lane]) = (drive * s, drive * c);
        }
        for (force, inverse) in self.force.iter_mut().zip(&INVERSE) {
            *force = cos;
            for lane in 0..LANES {
                let turn = self.frequency[lane] * inverse;
                (sin[lane], cos[lane]) = (turn * cos[lane], -(turn * sin[lane]));
            }
        }
    }

    /// The next coefficients of angle and momentum.
    #[inline(always)]
    fn raise(&mut self, k: usize, q: &mut Series, p: &mut Series) {
        for lane in 0..LANES {
            let velocity = self.inverse[lane] * p[k][lane];
            let sin = if SMALL { q[k][lane] } else { self.sin[k][lane] };
            let mut rate = -(self.pull[lane] * sin);
            if FORCED {
                let force = self.force[k][lane] - self.damping[lane] * p[k][lane];
                self.force[k][lane] = force;
                rate += force;
            }
            self.velocity[k][lane] = velocity;
            q[k + 1][lane] = velocity * INVERSE[k];
            p[k + 1][lane] = rate * INVERSE[k];
        }
    }

    /// The next coefficients of sine and cosine.
    #[inline(always)]
    fn bend(&mut self, k: usize) {
        let (cos, sin) = products(k, &self.velocity, &self.cos, &self.sin);
        for lane in 0..LANES {
            self.sin[k + 1][lane] = cos[lane] * INVERSE[k];
            self.cos[k + 1][lane] = -(sin[lane] * INVERSE[k]);
        }
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
    fn begin(&mut self, lane: usize, run: &Run) -> Start<2> {
        let Some(pendulum) = Pendulum::new(self.setup, run) else {
            return Start { state: [f64::NAN; 2], scale: [1.0; 2], longest: 1.0 };
        };
        let inertia = if pendulum.form == Form::Hamiltonian { pendulum.inertia() } else { 1.0 };
        self.inverse[lane] = 1.0 / inertia;
        self.pull[lane] = inertia * pendulum.stiffness();
        self.damping[lane] = pendulum.damping;
        self.drive[lane] = inertia * pendulum.amplitude;
        (self.frequency[lane], self.phase[lane]) = (pendulum.frequency, pendulum.phase);
        let [angle, velocity] = size(&pendulum);
        Start {
            state: [pendulum.angle(), inertia * pendulum.velocity],
            scale: [angle, inertia * velocity],
            longest: LONGEST / (pendulum.stiffness().sqrt() + pendulum.damping),
        }
    }

    #[inline(always)]
    fn expand(&mut self, times: &Lane, [q, p]: &mut [Series; 2]) {
        if !SMALL {
            self.turn(&q[0]);
        }
        if FORCED {
            self.push(times);
        }
        for k in 0..ORDER {
            self.raise(k, q, p);
            if !SMALL && k + 1 < ORDER {
                self.bend(k);
            }
            if FORCED {
                self.power[k] = product(k, &self.velocity, &self.force);
            }
        }
    }

    #[inline(always)]
    fn work(&self, steps: &Lane) -> Lane {
        let mut sums = [0.0; LANES];
        if FORCED {
            for k in (0..ORDER).rev() {
                for lane in 0..LANES {
                    sums[lane] = steps[lane] * (INVERSE[k] * self.power[k][lane] + sums[lane]);
                }
            }
        }
        sums
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
