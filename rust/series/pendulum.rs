//! The pendulum: a bob on a massless rod, q its angle from the lowest point,
//! q'' = -(g/L) sin q - c q' + A cos(Omega t + phase).

mod elliptic;
mod observe;
mod swing;

use super::oscillator::{DRIVE, Oscillator};
use super::scalar::{Dual, Scalar};
use super::{Choice, Run, Setup, System, Word, variation};
use crate::isa::Isa;
use crate::param::{Family, Model, Param, Prior, Range, Scale, Unit};

const PARAMS: &[Param] = &[
    Param::new("length", Unit::Metre, Range::POSITIVE, "From the pivot to the bob.")
        .random(Prior::Uniform(0.5, 3.0), Scale::One),
    Param::new("angle", Unit::Degree, Range::closed(-180.0, 180.0), "From the lowest point, at the start.")
        .random(Prior::Uniform(-170.0, 170.0), Scale::One),
    Param::new("angular_velocity", Unit::DegreePerSecond, Range::ANY, "Angular velocity at the start.")
        .default(0.0)
        .random(Prior::Uniform(-90.0, 90.0), Scale::One),
    Param::new("gravity", Unit::MetrePerSecondSquared, Range::POSITIVE, "Acceleration of free fall.")
        .default(9.80665)
        .random(Prior::Uniform(1.6, 25.0), Scale::One),
    Param::new("mass", Unit::Kilogram, Range::POSITIVE, "Mass of the bob.")
        .default(1.0)
        .random(Prior::Uniform(0.5, 2.0), Scale::One),
    Param::new("damping", Unit::PerSecond, Range::NOT_NEGATIVE, "c in q'' = -(g/L) sin q - c q'.")
        .default(0.0)
        .random(Prior::LogUniform(0.01, 0.5), Scale::One),
    Param::new("drive.amplitude", Unit::PerSecondSquared, Range::ANY, "A in q'' = ... + A cos(W t + phase).")
        .default(0.0)
        .random(Prior::Uniform(0.0, 2.0), Scale::One),
];

/// The table.
pub const MODEL: Model = Model {
    name: "pendulum",
    family: Family::System,
    summary: "A bob on a rod, at any angle; damped and driven if asked for.",
    params: &[PARAMS, DRIVE],
    ways: &[],
    canonical: &[
        "length",
        "angle",
        "angular_velocity",
        "gravity",
        "mass",
        "damping",
        "drive.amplitude",
        "drive.angular_frequency",
        "drive.phase",
    ],
    render: None,
};

const FORM: Choice = Choice {
    name: "form",
    words: &[
        Word { name: "newtonian", without: &[], summary: "The equation of motion, at any angle." },
        Word {
            name: "hamiltonian",
            without: &["damping", "drive.amplitude", "drive.angular_frequency", "drive.phase"],
            summary: "Hamilton's equations of the angle and its momentum.",
        },
        Word { name: "small_angle", without: &[], summary: "sin q replaced by q." },
    ],
    summary: "Which equations.",
};

const SOLUTION: Choice = Choice {
    name: "solution",
    words: &[
        Word { name: "closed_form", without: &[], summary: "The exact solution, where there is one." },
        Word { name: "integrated", without: &[], summary: "The integrator's, always." },
    ],
    summary: "How the motion is found.",
};

/// How exact an adaptive integrator is.
pub(super) const TOLERANCE: Param =
    Param::new("tolerance", Unit::One, Range::closed(1e-14, 1e-2), "Relative error of a step.")
        .default(1e-10)
        .random(Prior::LogUniform(1e-12, 1e-6), Scale::One);

/// All about it.
pub const SYSTEM: System = System {
    model: &MODEL,
    body: None,
    fixed: 1,
    choices: &[FORM, SOLUTION],
    settings: &[TOLERANCE],
    observables: observe::ALL,
    dimensions: |_| 1,
    width: |_, _| 2,
    follow,
    vary,
};

/// Which equations a run obeys.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Newtonian,
    Hamiltonian,
    SmallAngle,
}

/// One pendulum, in SI units; angles in radians but for the one at the start.
#[derive(Clone, Copy)]
struct Pendulum<T = f64> {
    form: Form,
    length: T,
    degrees: T,
    velocity: T,
    gravity: T,
    mass: T,
    damping: T,
    amplitude: T,
    frequency: T,
    phase: T,
}

impl<T: Scalar> Pendulum<T> {
    /// That of a run.
    fn new(setup: &Setup, run: &Run<T>) -> Option<Pendulum<T>> {
        let form = match setup.choices.first() {
            Some(0) => Form::Newtonian,
            Some(1) => Form::Hamiltonian,
            _ => Form::SmallAngle,
        };
        let &[length, degrees, velocity, gravity, mass, damping, amplitude, frequency, phase] =
            run.parameters
        else {
            return None;
        };
        let (velocity, phase) = (velocity.radians(), phase.phase());
        Some(Pendulum {
            form,
            length,
            degrees,
            velocity,
            gravity,
            mass,
            damping,
            amplitude,
            frequency,
            phase,
        })
    }

    /// q at the start.
    fn angle(&self) -> T {
        self.degrees.radians()
    }

    /// g/L, the square of the angular frequency of small oscillations.
    fn stiffness(&self) -> T {
        self.gravity / self.length
    }

    /// m L^2, the moment of inertia.
    fn inertia(&self) -> T {
        self.mass * self.length * self.length
    }

    /// q''.
    fn acceleration(&self, q: T, v: T, time: f64) -> T {
        let lever = if self.form == Form::SmallAngle { q } else { q.sine() };
        self.oscillator().acceleration(lever, v, time)
    }

    fn oscillator(&self) -> Oscillator<T> {
        Oscillator {
            stiffness: self.stiffness(),
            damping: self.damping,
            amplitude: self.amplitude,
            frequency: self.frequency,
            phase: self.phase,
            position: self.angle(),
            velocity: self.velocity,
        }
    }
}

impl Pendulum {
    /// Whether its energy is that of the start.
    fn is_free(&self) -> bool {
        self.damping == 0.0 && self.amplitude == 0.0
    }
}

/// The closed form where there is one and it is not declined, the integrator's solution elsewhere.
fn follow(isa: Isa, setup: &Setup, runs: &mut [Run]) {
    let closed = setup.choices.get(1) == Some(&0);
    let mut integrated: [Vec<&mut Run>; 3] = Default::default();
    for run in runs {
        let Some(pendulum) = Pendulum::new(setup, run) else { continue };
        match pendulum.form {
            Form::SmallAngle if closed => pendulum.oscillator().follow(isa, run),
            Form::SmallAngle => integrated[2].push(run),
            _ if closed && pendulum.is_free() => elliptic::follow(isa, &pendulum, run),
            _ => integrated[usize::from(!pendulum.is_free())].push(run),
        }
    }
    let [free, forced, small] = &mut integrated;
    swing::free(isa, setup, free);
    swing::forced(isa, setup, forced);
    swing::small(isa, setup, small);
}

/// By the equation of motion, which all forms and solutions have in common.
fn vary(setup: &Setup, run: &mut Run<Dual>) {
    let Some(pendulum) = Pendulum::new(setup, run) else { return };
    let start = [pendulum.angle(), pendulum.velocity];
    variation::follow(run, &start, |time, state, slope| {
        slope[0] = state[1];
        slope[1] = pendulum.acceleration(state[0], state[1], time);
    });
}
