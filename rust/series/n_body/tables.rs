//! What the systems of bodies share: parameters, choices, settings.

use crate::param::{Param, Prior, Range, Scale, Unit};
use crate::series::{Choice, Word};

const GRAVITY: Param = Param::new(
    "gravitational_constant",
    Unit::Attraction,
    Range::POSITIVE,
    "G, in the units of the masses, lengths and times.",
)
.default(1.0)
.random(Prior::Uniform(0.5, 2.0), Scale::One);

const SOFTENING: Param = Param::new(
    "softening",
    Unit::Length,
    Range::NOT_NEGATIVE,
    "Plummer's softening length: bodies at a distance r attract as if at sqrt(r^2 + softening^2).",
)
.default(0.0)
.random(Prior::LogUniform(0.001, 0.1), Scale::One);

const DAMPING: Param =
    Param::new("damping", Unit::Rate, Range::NOT_NEGATIVE, "c in the acceleration -c times the velocity.")
        .default(0.0)
        .random(Prior::LogUniform(0.001, 0.1), Scale::One);

/// What acts on the bodies.
pub const FORCES: &[Param] = &[GRAVITY, SOFTENING, DAMPING];

const fn coordinate(name: &'static str, summary: &'static str) -> Param {
    Param::new(name, Unit::Length, Range::ANY, summary).random(Prior::Uniform(-1.0, 1.0), Scale::One)
}

const fn velocity(name: &'static str, summary: &'static str) -> Param {
    Param::new(name, Unit::Velocity, Range::ANY, summary).random(Prior::Uniform(-0.5, 0.5), Scale::One)
}

/// What a body starts with.
pub const BODY: &[Param] = &[
    Param::new("mass", Unit::Mass, Range::NOT_NEGATIVE, "Its mass; one of mass 0 attracts nothing.")
        .random(Prior::LogUniform(0.1, 10.0), Scale::One),
    coordinate("x", "Where it starts, along x."),
    coordinate("y", "Where it starts, along y."),
    coordinate("z", "Where it starts, along z."),
    velocity("vx", "Its velocity at the start, along x."),
    velocity("vy", "Its velocity at the start, along y."),
    velocity("vz", "Its velocity at the start, along z."),
];

/// The numbers of the integrators' words; those from [`LEAPFROG`] on go in even steps.
pub const DOP853: usize = 1;
pub const LEAPFROG: usize = 2;
pub const YOSHIDA4: usize = 3;

/// How the motion is found.
pub const INTEGRATOR: Choice = Choice {
    name: "integrator",
    words: &[
        Word {
            name: "gauss_radau",
            without: &["step"],
            summary: "Adaptive, 15th order: to rounding, through close encounters.",
        },
        Word { name: "dop853", without: &["step"], summary: "Adaptive, 8th order: for loose tolerances." },
        Word { name: "leapfrog", without: &["tolerance"], summary: "Even steps, 2nd order, symplectic." },
        Word { name: "yoshida4", without: &["tolerance"], summary: "Even steps, 4th order, symplectic." },
    ],
    summary: "How the motion is found.",
};

const TOLERANCE: Param = Param::new(
    "tolerance",
    Unit::One,
    Range::closed(1e-14, 1e-2),
    "Of gauss_radau the last coefficient of the acceleration in a step, over the acceleration; of dop853 the \
     relative error of a step.",
)
.default(1e-9)
.random(Prior::LogUniform(1e-11, 1e-7), Scale::One);

const STEP: Param = Param::new(
    "step",
    Unit::Time,
    Range::POSITIVE,
    "The longest step: every interval between outputs is so many even steps that none is longer.",
)
.random(Prior::LogUniform(0.001, 0.01), Scale::One);

/// Numbers that hold for a whole recipe.
pub const SETTINGS: &[Param] = &[TOLERANCE, STEP];
