//! The pendulum: a bob on a massless rod, q its angle from the lowest point,
//! q'' = -(g/L) sin q - c q' + A cos(Omega t + phase).

mod observe;

use super::{Choice, Run, Setup, System, Word};
use crate::isa::Isa;
use crate::math::sin_cos;
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
    Param::new("drive.angular_frequency", Unit::PerSecond, Range::NOT_NEGATIVE, "W in A cos(W t + phase).")
        .default(1.0)
        .random(Prior::Uniform(0.5, 4.0), Scale::One),
    Param::new("drive.phase", Unit::Degree, Range::ANY, "Phase of the drive at the start.")
        .default(0.0)
        .random(Prior::Uniform(0.0, 360.0), Scale::One),
];

/// The table.
pub const MODEL: Model = Model {
    name: "pendulum",
    family: Family::System,
    summary: "A bob on a rod, at any angle; damped and driven if asked for.",
    params: &[PARAMS],
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

const TOLERANCE: Param =
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
};

/// Which equations a run obeys.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Newtonian,
    Hamiltonian,
    SmallAngle,
}

/// One pendulum, in SI units and radians.
#[derive(Clone, Copy)]
struct Pendulum {
    form: Form,
    length: f64,
    angle: f64,
    velocity: f64,
    gravity: f64,
    mass: f64,
    damping: f64,
    amplitude: f64,
    frequency: f64,
    phase: f64,
}

impl Pendulum {
    /// That of a run.
    fn new(setup: &Setup, run: &Run) -> Option<Pendulum> {
        let form = [Form::Newtonian, Form::Hamiltonian, Form::SmallAngle][setup.choices[0]];
        let &[length, angle, velocity, gravity, mass, damping, amplitude, frequency, phase] = run.parameters
        else {
            return None;
        };
        Some(Pendulum {
            form,
            length,
            angle: angle.to_radians(),
            velocity: velocity.to_radians(),
            gravity,
            mass,
            damping,
            amplitude,
            frequency,
            phase: (phase % 360.0).to_radians(),
        })
    }

    /// (g/L) sin q, or its small-angle form.
    fn pull(&self, q: f64) -> f64 {
        self.gravity / self.length * if self.form == Form::SmallAngle { q } else { sin_cos(q).0 }
    }

    /// q''.
    fn acceleration(&self, q: f64, v: f64, time: f64) -> f64 {
        let drive = self.amplitude * sin_cos(self.frequency * time + self.phase).1;
        drive - self.pull(q) - self.damping * v
    }
}

fn follow(_: Isa, setup: &Setup, runs: &mut [Run]) {
    for run in runs {
        if let Some(pendulum) = Pendulum::new(setup, run) {
            step_through(&pendulum, run);
        }
    }
}

/// The classical Runge-Kutta method, a thousand steps from time to time.
fn step_through(pendulum: &Pendulum, run: &mut Run) {
    let (mut time, mut q, mut v) = (0.0, pendulum.angle, pendulum.velocity);
    for (next, state) in run.times.iter().zip(run.states.chunks_exact_mut(2)) {
        let h = (next - time) / 1000.0;
        for _ in 0..1000 {
            let a1 = pendulum.acceleration(q, v, time);
            let (v2, t2) = (v + 0.5 * h * a1, time + 0.5 * h);
            let a2 = pendulum.acceleration(q + 0.5 * h * v, v2, t2);
            let v3 = v + 0.5 * h * a2;
            let a3 = pendulum.acceleration(q + 0.5 * h * v2, v3, t2);
            let v4 = v + h * a3;
            let a4 = pendulum.acceleration(q + h * v3, v4, time + h);
            q += h / 6.0 * (v + 2.0 * (v2 + v3) + v4);
            v += h / 6.0 * (a1 + 2.0 * (a2 + a3) + a4);
            time += h;
        }
        time = *next;
        state.copy_from_slice(&[q, v]);
    }
}
