//! A mass on a spring, damped and driven, in closed form: x'' = -(k/m) x - c x' + A cos(W t + phase).

use super::oscillator::{DRIVE, Oscillator};
use super::scalar::{Dual, Scalar};
use super::{Observable, Run, Setup, System, one, variation};
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
    vary,
};

const OBSERVABLES: &[Observable] = &[
    one!("position", Metre, "From where the spring is at rest.", |_, x, _| x),
    one!("velocity", MetrePerSecond, "The position's rate of change.", |_, _, v| v),
    one!("energy", Joule, "Kinetic and potential.", |[k, m], x, v| half(m, v) + half(k, x)),
    one!("kinetic_energy", Joule, "m x'^2 / 2.", |[_, m], _, v| half(m, v)),
    one!("potential_energy", Joule, "k x^2 / 2.", |[k, _], x, _| half(k, x)),
];

/// a b^2 / 2.
#[inline(always)]
fn half<T: Scalar>(a: T, b: T) -> T {
    a.times(0.5) * b * b
}

/// Writes a function of stiffness and mass, position and velocity for all times.
#[inline(always)]
fn each<T: Scalar>(_: &Setup, run: &Run<T>, out: &mut [T], see: impl Fn([T; 2], T, T) -> T) {
    let &[stiffness, _, _, mass, ..] = run.parameters else { return };
    for (out, state) in out.iter_mut().zip(run.states.chunks_exact(2)) {
        *out = see([stiffness, mass], state[0], state[1]);
    }
}

impl<T: Scalar> Oscillator<T> {
    /// The spring of a run.
    fn spring(run: &Run<T>) -> Option<Oscillator<T>> {
        let &[stiffness, position, velocity, mass, damping, amplitude, frequency, phase] = run.parameters
        else {
            return None;
        };
        let (stiffness, phase) = (stiffness / mass, phase.phase());
        Some(Oscillator { stiffness, damping, amplitude, frequency, phase, position, velocity })
    }
}

fn follow(isa: Isa, _: &Setup, runs: &mut [Run]) {
    for run in runs {
        if let Some(oscillator) = Oscillator::spring(run) {
            oscillator.follow(isa, run);
        }
    }
}

fn vary(_: &Setup, run: &mut Run<Dual>) {
    let Some(oscillator) = Oscillator::spring(run) else { return };
    let start = [oscillator.position, oscillator.velocity];
    variation::follow(run, &start, |time, state, slope| {
        slope[0] = state[1];
        slope[1] = oscillator.acceleration(state[0], state[1], time);
    });
}
