//! The linear oscillator in closed form, x'' = -w^2 x - c x' + A cos(W t + phase): under-, critically and
//! over-damped, on and off resonance.
//!
//! With l_1 and l_2 the roots of z^2 + c z + w^2 and m = i W, what the drive does to an oscillator at rest is
//! the divided difference of z -> e^(z t) at l_1, l_2 and m, times A e^(i phase), its real part.
//! The nodes farthest apart, m and l_2, are divided by last; the difference at l_1 and m is
//! e^(m t) (e^(d t) - 1)/d with d = l_1 - m, which loses nothing where they meet.

use super::Run;
use super::closed::{self, CHUNK, Chunk, Solution};
use super::scalar::Scalar;
use crate::isa::{Isa, kernel};
use crate::math::complex::Complex;
use crate::math::{exp, expm1, sin_cos};
use crate::param::{Param, Prior, Range, Scale, Unit};

/// When it is driven, beside the amplitude, whose unit is that of the acceleration.
pub(super) const DRIVE: &[Param] = &[
    Param::new("drive.angular_frequency", Unit::PerSecond, Range::NOT_NEGATIVE, "W in A cos(W t + phase).")
        .default(1.0)
        .random(Prior::Uniform(0.5, 4.0), Scale::One),
    Param::new("drive.phase", Unit::Degree, Range::ANY, "Phase of the drive at the start.")
        .default(0.0)
        .random(Prior::Uniform(0.0, 360.0), Scale::One),
];

/// A distance from resonance that is none: its square is still a number.
const AT_RESONANCE: f64 = 1e-100;

/// Its parameters, and where it starts.
#[derive(Clone, Copy)]
pub(super) struct Oscillator<T = f64> {
    /// w^2.
    pub(super) stiffness: T,
    /// c.
    pub(super) damping: T,
    /// A.
    pub(super) amplitude: T,
    /// W.
    pub(super) frequency: T,
    pub(super) phase: T,
    pub(super) position: T,
    pub(super) velocity: T,
}

impl<T: Scalar> Oscillator<T> {
    /// x'', of a restoring force that is proportional to `x` or to a function of it.
    pub(super) fn acceleration(&self, x: T, v: T, time: f64) -> T {
        let drive = self.amplitude * (self.frequency.times(time) + self.phase).sine_cosine().1;
        drive - self.stiffness * x - self.damping * v
    }
}

/// What follows from the parameters.
#[derive(Clone, Copy)]
struct Roots {
    oscillator: Oscillator,
    /// Whether it swings.
    swings: bool,
    /// -c/2, or l_1.
    slow: f64,
    /// The imaginary part of l_1, or half of l_1 - l_2.
    split: f64,
    /// d and 1/d.
    beat: Complex,
    over_beat: Complex,
    /// l_2 and 1/(m - l_2).
    far: Complex,
    over_far: Complex,
    /// A e^(i phase).
    drive: Complex,
}

impl Oscillator {
    fn roots(self) -> Roots {
        let (w, half) = (self.stiffness.sqrt(), 0.5 * self.damping);
        let swings = half < w;
        let split = ((w - half).abs() * (w + half)).sqrt();
        let slow = if swings { -half } else { -self.stiffness / (half + split) };
        let (near, far) = if swings {
            (Complex::new(slow, split), Complex::new(slow, -split))
        } else {
            (Complex::new(slow, 0.0), Complex::new(-(half + split), 0.0))
        };
        let middle = Complex::new(0.0, self.frequency);
        let beat = near - middle;
        let beat = if beat.abs() > AT_RESONANCE { beat } else { Complex::new(0.0, AT_RESONANCE) };
        let (sin, cos) = sin_cos(self.phase);
        let drive = Complex::new(cos, sin).times(self.amplitude);
        let over_far = (middle - far).inverse();
        Roots { oscillator: self, swings, slow, split, beat, over_beat: beat.inverse(), far, over_far, drive }
    }

    /// Moves it; its states are x and x'.
    pub(super) fn follow(self, isa: Isa, run: &mut Run) {
        let drift = trace(isa, &self.roots(), run.times, run.states);
        let free = self.damping == 0.0 && self.amplitude == 0.0;
        let fastest = if self.amplitude == 0.0 { 0.0 } else { self.frequency };
        run.close(self.stiffness.sqrt() + 0.5 * self.damping + fastest, if free { drift } else { f64::NAN });
    }
}

/// What an oscillator does from its start, and the response to a push.
struct Own {
    position: f64,
    velocity: f64,
    push: f64,
}

impl Roots {
    #[inline(always)]
    fn own_swinging(&self, time: f64) -> Own {
        let o = &self.oscillator;
        let fade = exp(self.slow * time);
        let (sin, cos) = sin_cos(self.split * time);
        let (push, even) = (fade * (sin / self.split), fade * cos);
        Own {
            position: o.position * (even - self.slow * push) + o.velocity * push,
            velocity: o.velocity * (even + self.slow * push) - o.stiffness * o.position * push,
            push,
        }
    }

    #[inline(always)]
    fn own_creeping(&self, time: f64) -> Own {
        let o = &self.oscillator;
        let fade = exp(self.slow * time);
        let width = 2.0 * self.split * time;
        let lost = expm1(-width);
        let push = fade * time * if width > 0.0 { -lost / width } else { 1.0 };
        let start = o.velocity - self.slow * o.position;
        let position = o.position * fade + start * push;
        Own { position, velocity: self.slow * position + start * fade * (1.0 + lost), push }
    }

    /// Position and velocity that the drive adds.
    #[inline(always)]
    fn driven(&self, time: f64, push: f64) -> (f64, f64) {
        let d = self.beat;
        let (half_sin, half_cos) = sin_cos(0.5 * d.im * time);
        let fade = expm1(d.re * time);
        let twice = 2.0 * half_sin;
        let grown =
            Complex::new(fade * (1.0 - twice * half_sin) - twice * half_sin, (1.0 + fade) * twice * half_cos);
        let (sin, cos) = sin_cos(self.oscillator.frequency * time);
        let near = Complex::new(cos, sin) * grown * self.over_beat;
        let response = (near - Complex::new(push, 0.0)) * self.over_far;
        let rate = self.far * response + near;
        ((self.drive * response).re, (self.drive * rate).re)
    }

    /// The energy over half the mass.
    #[inline(always)]
    fn energy(&self, x: f64, v: f64) -> f64 {
        v * v + self.oscillator.stiffness * x * x
    }
}

/// Of one of the four kinds.
struct Kind<'a, const SWINGS: bool, const DRIVEN: bool>(&'a Roots);

impl<const SWINGS: bool, const DRIVEN: bool> Solution for Kind<'_, SWINGS, DRIVEN> {
    #[inline(always)]
    fn at(&self, times: &Chunk) -> [Chunk; 3] {
        let roots = self.0;
        let energy = roots.energy(roots.oscillator.position, roots.oscillator.velocity);
        let mut states = [[0.0; CHUNK]; 3];
        for i in 0..CHUNK {
            let own = if SWINGS { roots.own_swinging(times[i]) } else { roots.own_creeping(times[i]) };
            let (x, v) = if DRIVEN { roots.driven(times[i], own.push) } else { (0.0, 0.0) };
            let (x, v) = (own.position + x, own.velocity + v);
            (states[0][i], states[1][i], states[2][i]) = (x, v, (roots.energy(x, v) - energy).abs());
        }
        states
    }
}

kernel! {
    /// Writes where it is at all times; the largest change of the energy over the energy comes back.
    fn trace(roots: &Roots, times: &[f64], states: &mut [f64]) -> f64 {
        let worst = match (roots.swings, roots.oscillator.amplitude != 0.0) {
            (true, false) => closed::trace(&Kind::<true, false>(roots), times, states),
            (true, true) => closed::trace(&Kind::<true, true>(roots), times, states),
            (false, false) => closed::trace(&Kind::<false, false>(roots), times, states),
            (false, true) => closed::trace(&Kind::<false, true>(roots), times, states),
        };
        let energy = roots.energy(roots.oscillator.position, roots.oscillator.velocity);
        if energy > 0.0 { worst / energy } else { 0.0 }
    }
}
