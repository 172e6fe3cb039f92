//! Two bodies on an orbit of a given eccentricity about their centre of mass: without softening and
//! damping an ellipse (Kepler 1609), whose period is 2 pi sqrt(a^3 / (G (m1 + m2))).

use super::observe::Cast;
use super::scene::Scene;
use super::tables::{FORCES, INTEGRATOR, SETTINGS};
use crate::param::{Family, Model, Param, Prior, Range, Scale, Unit};
use crate::series::scalar::Scalar;
use crate::series::{Choice, Run, Setup, System, Word};

const ORBIT: &[Param] = &[
    Param::new(
        "eccentricity",
        Unit::One,
        Range { high_open: true, ..Range::closed(0.0, 1.0) },
        "Of the orbit.",
    )
    .default(0.0)
    .random(Prior::Uniform(0.0, 0.95), Scale::One),
    Param::new("semi_major_axis", Unit::Length, Range::POSITIVE, "Of the orbit of one body about the other.")
        .default(1.0)
        .random(Prior::Uniform(0.5, 2.0), Scale::One),
    mass("mass_1", "Mass of the first body, which starts on the side of -x."),
    mass("mass_2", "Mass of the second, which starts on the side of +x and moves towards +y."),
];

const fn mass(name: &'static str, summary: &'static str) -> Param {
    Param::new(name, Unit::Mass, Range::POSITIVE, summary)
        .default(1.0)
        .random(Prior::LogUniform(0.1, 10.0), Scale::One)
}

/// The table.
pub const MODEL: Model = Model {
    name: "two_body",
    family: Family::System,
    summary: "Two bodies on an orbit of a given eccentricity, in the plane.",
    params: &[ORBIT, FORCES],
    ways: &[],
    canonical: &[
        "eccentricity",
        "semi_major_axis",
        "mass_1",
        "mass_2",
        "gravitational_constant",
        "softening",
        "damping",
    ],
    render: None,
};

const START: Choice = Choice {
    name: "start",
    words: &[
        Word { name: "pericentre", without: &[], summary: "Where the two are nearest." },
        Word { name: "apocentre", without: &[], summary: "Where they are farthest apart." },
    ],
    summary: "Where on the orbit they start.",
};

/// All about it.
pub const SYSTEM: System = System {
    model: &MODEL,
    body: None,
    fixed: 2,
    choices: &[INTEGRATOR, START],
    settings: SETTINGS,
    observables: TwoBody::OBSERVABLES,
    dimensions: TwoBody::dimensions,
    width: |_, bodies| 4 * bodies,
    follow: super::follow::<TwoBody>,
    vary: super::variation::follow::<TwoBody>,
};

/// Two bodies on an orbit.
struct TwoBody;

impl Cast for TwoBody {
    fn dimensions(_: &Setup) -> usize {
        2
    }

    fn scene<T: Scalar>(setup: &Setup, run: &Run<T>) -> Option<Scene<T>> {
        let &[e, a, first, second, gravity, softening, damping] = run.parameters else { return None };
        // Vis viva at the end of the major axis, where e counts from the other end at apocentre.
        let e = if setup.choices[1] == 0 { e } else { -e };
        let (one, total) = (T::real(1.0), first + second);
        let distance = a * (one - e);
        let speed = (gravity * total / a * ((one + e) / (one - e))).root();
        let along = |axis: usize, size: T| {
            let vector =
                |part: T| std::array::from_fn(|c| if c == axis { part * size } else { T::real(0.0) });
            vec![vector(-second / total), vector(first / total)]
        };
        let (x, v) = (along(0, distance), along(1, speed));
        Some(Scene { gravity, softening, damping, mass: vec![first, second], x, v })
    }
}
