//! A mass on a spring, damped and driven, in closed form: x'' = -(k/m) x - c x' + A cos(W t + phase).

use super::oscillator::{DRIVE, Oscillator};
use super::{Observable, Run, Setup, Shape, System};
use crate::isa::Isa;
use crate::param::{Family, Model, Param, Prior, Range, Scale, Unit};

const PARAMS: &[Param] = &[
    Param::new("stiffness", Unit::NewtonPerMetre, Range::POSITIVE, "Force of the spring over its extension.")
        .random(Prior::LogUniform(1.0, 30.0), Scale::One),
    Param::new("position", Unit::Metre, Range::ANY, "From where the spring is at rest, at the start.")
        .random(Prior::Uniform(-1.0, 1.0), Scale::One),
    Param::new("velocity", Unit::MetrePerSecond, Range::ANY, "At the start.")
        .default(0.0)
        .random(Prior::Uniform(-1.0, 1.0), Scale::One),
    Param::new("mass", Unit::Kilogram, Range::POSITIVE, "What hangs on the spring.")
        .default(1.0)
        .random(Prior::Uniform(0.5, 2.0), Scale::One),
    Param::new("damping", Unit::PerSecond, Range::NOT_NEGATIVE, "c in x'' = -(k/m) x - c x'.")
        .default(0.0)
        .random(Prior::LogUniform(0.01, 0.5), Scale::One),
    Param::new(
        "drive.amplitude",
        Unit::MetrePerSecondSquared,
        Range::ANY,
        "A in x'' = .. + A cos(W t + phase).",
    )
    .default(0.0)
    .random(Prior::Uniform(0.0, 2.0), Scale::One),
];

/// The table.
pub const MODEL: Model = Model {
    name: "spring",
    family: Family::System,
    summary: "A mass on a linear spring, damped and driven if asked for; exact.",
    params: &[PARAMS, DRIVE],
    ways: &[],
    canonical: &[
        "stiffness",
        "position",
        "velocity",
        "mass",
        "damping",
        "drive.amplitude",
        "drive.angular_frequency",
        "drive.phase",
    ],
    render: None,
};

/// All about it.
pub const SYSTEM: System = System {
    model: &MODEL,
    body: None,
    fixed: 1,
    choices: &[],
    settings: &[],
    observables: OBSERVABLES,
    dimensions: |_| 1,
    width: |_, _| 2,
    follow,
};

const OBSERVABLES: &[Observable] = &[
    Observable {
        name: "position",
        unit: Unit::Metre,
        shape: Shape::One,
        summary: "From where the spring is at rest.",
        see: |_, _, run, out| each(run, out, |_, x, _| x),
    },
    Observable {
        name: "velocity",
        unit: Unit::MetrePerSecond,
        shape: Shape::One,
        summary: "The position's rate of change.",
        see: |_, _, run, out| each(run, out, |_, _, v| v),
    },
    Observable {
        name: "energy",
        unit: Unit::Joule,
        shape: Shape::One,
        summary: "Kinetic and potential.",
        see: |_, _, run, out| each(run, out, |[k, m], x, v| 0.5 * m * v * v + 0.5 * k * x * x),
    },
    Observable {
        name: "kinetic_energy",
        unit: Unit::Joule,
        shape: Shape::One,
        summary: "m x'^2 / 2.",
        see: |_, _, run, out| each(run, out, |[_, m], _, v| 0.5 * m * v * v),
    },
    Observable {
        name: "potential_energy",
        unit: Unit::Joule,
        shape: Shape::One,
        summary: "k x^2 / 2.",
        see: |_, _, run, out| each(run, out, |[k, _], x, _| 0.5 * k * x * x),
    },
];

/// Writes a function of stiffness and mass, position and velocity for all times.
#[inline(always)]
fn each(run: &Run, out: &mut [f64], see: impl Fn([f64; 2], f64, f64) -> f64) {
    let &[stiffness, _, _, mass, ..] = run.parameters else { return };
    for (out, state) in out.iter_mut().zip(run.states.chunks_exact(2)) {
        *out = see([stiffness, mass], state[0], state[1]);
    }
}

fn follow(isa: Isa, _: &Setup, runs: &mut [Run]) {
    for run in runs {
        let &[stiffness, position, velocity, mass, damping, amplitude, frequency, phase] = run.parameters
        else {
            continue;
        };
        let (stiffness, phase) = (stiffness / mass, (phase % 360.0).to_radians());
        let oscillator = Oscillator { stiffness, damping, amplitude, frequency, phase, position, velocity };
        oscillator.follow(isa, run);
    }
}
