//! The double pendulum: a bob on a massless rod that hangs from another's bob; q_1 and q_2 are the angles
//! of the rods from the lowest point.

mod motion;
mod observe;

use super::pendulum::TOLERANCE;
use super::scalar::{Dual, Scalar};
use super::{Run, Setup, System, variation};
use crate::isa::Isa;
use crate::param::{Family, Model, Param, Prior, Range, Scale, Unit};

const fn length(name: &'static str, summary: &'static str) -> Param {
    Param::new(name, Unit::Metre, Range::POSITIVE, summary)
        .default(1.0)
        .random(Prior::Uniform(0.5, 2.0), Scale::One)
}

const fn mass(name: &'static str, summary: &'static str) -> Param {
    Param::new(name, Unit::Kilogram, Range::POSITIVE, summary)
        .default(1.0)
        .random(Prior::Uniform(0.5, 2.0), Scale::One)
}

const fn angle(name: &'static str, summary: &'static str) -> Param {
    Param::new(name, Unit::Degree, Range::closed(-180.0, 180.0), summary)
        .random(Prior::Uniform(-170.0, 170.0), Scale::One)
}

const fn velocity(name: &'static str, summary: &'static str) -> Param {
    Param::new(name, Unit::DegreePerSecond, Range::ANY, summary)
        .default(0.0)
        .random(Prior::Uniform(-90.0, 90.0), Scale::One)
}

const PARAMS: &[Param] = &[
    length("length1", "From the pivot to the upper bob."),
    length("length2", "From the upper to the lower bob."),
    mass("mass1", "Mass of the upper bob."),
    mass("mass2", "Mass of the lower bob."),
    angle("angle1", "Of the upper rod, from the lowest point, at the start."),
    angle("angle2", "Of the lower rod, from straight down, at the start."),
    velocity("angular_velocity1", "Of the upper rod, at the start."),
    velocity("angular_velocity2", "Of the lower rod, at the start."),
    Param::new("gravity", Unit::MetrePerSecondSquared, Range::POSITIVE, "Acceleration of free fall.")
        .default(9.80665)
        .random(Prior::Uniform(1.6, 25.0), Scale::One),
];

/// The table.
pub const MODEL: Model = Model {
    name: "double_pendulum",
    family: Family::System,
    summary: "A pendulum that hangs from another's bob: chaotic at large angles.",
    params: &[PARAMS],
    ways: &[],
    canonical: &[
        "length1",
        "length2",
        "mass1",
        "mass2",
        "angle1",
        "angle2",
        "angular_velocity1",
        "angular_velocity2",
        "gravity",
    ],
    render: None,
};

/// All about it.
pub const SYSTEM: System = System {
    model: &MODEL,
    body: None,
    fixed: 1,
    choices: &[],
    settings: &[TOLERANCE],
    observables: observe::ALL,
    dimensions: |_| 1,
    width: |_, _| 4,
    follow: |isa: Isa, setup: &Setup, runs: &mut [Run]| {
        motion::follow(isa, setup.settings[0], &mut runs.iter_mut().collect::<Vec<_>>());
    },
    vary: |_, run: &mut Run<Dual>| {
        let Some((double, start)) = Double::new(run) else { return };
        variation::follow(run, &start, |_, state, slope| {
            slope.copy_from_slice(&double.rate([state[0], state[1], state[2], state[3]]));
        });
    },
};

/// One double pendulum, in SI units and radians.
#[derive(Clone, Copy, Default)]
struct Double<T = f64> {
    lengths: [T; 2],
    masses: [T; 2],
    gravity: T,
}

impl<T: Scalar> Double<T> {
    /// That of a run, and its state at the start: both angles, both angular velocities.
    fn new(run: &Run<T>) -> Option<(Double<T>, [T; 4])> {
        let &[l1, l2, m1, m2, q1, q2, v1, v2, gravity] = run.parameters else { return None };
        let double = Double { lengths: [l1, l2], masses: [m1, m2], gravity };
        Some((double, [q1, q2, v1, v2].map(T::radians)))
    }

    /// The rate of change of a state, from Lagrange's equations, solved for the accelerations;
    /// d = q_1 - q_2.
    #[inline(always)]
    fn rate(&self, [q1, q2, v1, v2]: [T; 4]) -> [T; 4] {
        let Double { lengths: [l1, l2], masses: [m1, m2], gravity: g } = *self;
        let (s, c) = (q1 - q2).quick_sine_cosine();
        let (pull1, pull2) = (g * q1.sine(), g * q2.sine());
        let (upper, lower) = (l1 * v1 * v1, l2 * v2 * v2);
        let whole = m1 + m2 * s * s;
        let a1 = m2 * (pull2 * c - s * (upper * c + lower)) - (m1 + m2) * pull1;
        let a2 = (m1 + m2) * (upper * s + pull1 * c - pull2) + m2 * lower * s * c;
        [v1, v2, a1 / (l1 * whole), a2 / (l2 * whole)]
    }

    /// Half the mass of both times the square of the upper bob's speed, and the rest of the lower one's.
    #[inline(always)]
    fn kinetic(&self, [q1, q2, v1, v2]: [T; 4]) -> T {
        let ([l1, l2], [m1, m2]) = (self.lengths, self.masses);
        let (upper, lower) = (l1 * v1, l2 * v2);
        // cos d = 1 - 2 sin^2(d/2)
        let half = (q1 - q2).times(0.5).sine();
        let cross = upper * lower * (T::real(1.0) - half.times(2.0) * half);
        (m1 + m2).times(0.5) * upper * upper + m2.times(0.5) * lower * lower + m2 * cross
    }

    /// 0 where both hang straight down.
    #[inline(always)]
    fn potential(&self, [q1, q2, ..]: [T; 4]) -> T {
        let ([l1, l2], [m1, m2]) = (self.lengths, self.masses);
        let (half1, half2) = (q1.times(0.5).sine(), q2.times(0.5).sine());
        self.gravity.times(2.0) * ((m1 + m2) * l1 * half1 * half1 + m2 * l2 * half2 * half2)
    }
}
