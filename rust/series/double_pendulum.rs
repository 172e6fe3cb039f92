//! The double pendulum: a bob on a massless rod that hangs from another's bob; q_1 and q_2 are the angles
//! of the rods from the lowest point.

mod motion;
mod observe;

use super::pendulum::TOLERANCE;
use super::{Run, Setup, System};
use crate::isa::Isa;
use crate::math::sin;
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
};

/// One double pendulum, in SI units and radians.
#[derive(Clone, Copy, Default)]
struct Double {
    lengths: [f64; 2],
    masses: [f64; 2],
    gravity: f64,
}

impl Double {
    /// That of a run, and its state at the start: both angles, both angular velocities.
    fn new(run: &Run) -> Option<(Double, [f64; 4])> {
        let &[l1, l2, m1, m2, q1, q2, v1, v2, gravity] = run.parameters else { return None };
        let double = Double { lengths: [l1, l2], masses: [m1, m2], gravity };
        Some((double, [q1, q2, v1, v2].map(f64::to_radians)))
    }

    /// Half the mass of both times the square of the upper bob's speed, and the rest of the lower one's.
    #[inline(always)]
    fn kinetic(&self, [q1, q2, v1, v2]: [f64; 4]) -> f64 {
        let ([l1, l2], [m1, m2]) = (self.lengths, self.masses);
        let (upper, lower) = (l1 * v1, l2 * v2);
        // cos d = 1 - 2 sin^2(d/2)
        let half = sin(0.5 * (q1 - q2));
        let cross = upper * lower * (1.0 - 2.0 * half * half);
        0.5 * (m1 + m2) * upper * upper + 0.5 * m2 * lower * lower + m2 * cross
    }

    /// 0 where both hang straight down.
    #[inline(always)]
    fn potential(&self, [q1, q2, ..]: [f64; 4]) -> f64 {
        let ([l1, l2], [m1, m2]) = (self.lengths, self.masses);
        let (half1, half2) = (sin(0.5 * q1), sin(0.5 * q2));
        2.0 * self.gravity * ((m1 + m2) * l1 * half1 * half1 + m2 * l2 * half2 * half2)
    }
}
