//! Three equal masses that follow each other along a figure of eight.
//!
//! The orbit was found by Moore (1993, Phys. Rev. Lett. 70, 3675) and proved by Chenciner &
//! Montgomery (2000, Annals of Mathematics 152, 881), who print eight digits of Simó's. These were
//! found anew by Taylor series with 40 digits, from the symmetry that the orbit has a twelfth of
//! its period later: it then closes to 5e-35.

use super::observe::Cast;
use super::scene::Scene;
use super::tables::{FORCES, INTEGRATOR, SETTINGS};
use crate::param::{Family, Model, Param, Prior, Range, Scale, Unit};
use crate::series::scalar::Scalar;
use crate::series::{Run, Setup, System};

/// Where the first body is, at distance 1 of the origin; the second is opposite, the third there.
const PLACE: [f64; 2] = [0.970_004_356_697_333_439_943_496_9, -0.243_087_531_535_848_861_715_739_8];
/// The velocity of the third; that of the others is half of it, reversed.
const VELOCITY: [f64; 2] = [-0.932_407_371_441_052_301_548_231_8, -0.864_731_460_921_005_956_374_659_1];
/// The period, where the gravitational constant, the masses and the size are 1.
pub const PERIOD: f64 = 6.325_913_982_926_211_677_589;

const SIZES: &[Param] = &[
    Param::new(
        "size",
        Unit::Length,
        Range::POSITIVE,
        "How far the outer two bodies start from the middle one.",
    )
    .default(1.0)
    .random(Prior::Uniform(0.5, 2.0), Scale::One),
    Param::new("mass", Unit::Mass, Range::POSITIVE, "Mass of each body.")
        .default(1.0)
        .random(Prior::LogUniform(0.1, 10.0), Scale::One),
];

/// The table.
pub const MODEL: Model = Model {
    name: "figure_eight",
    family: Family::System,
    summary: "Three equal masses on a figure of eight.",
    params: &[SIZES, FORCES],
    ways: &[],
    canonical: &["size", "mass", "gravitational_constant", "softening", "damping"],
    render: None,
};

/// All about it.
pub const SYSTEM: System = System {
    model: &MODEL,
    body: None,
    fixed: 3,
    choices: &[INTEGRATOR],
    settings: SETTINGS,
    observables: FigureEight::OBSERVABLES,
    dimensions: FigureEight::dimensions,
    width: |_, bodies| 4 * bodies,
    follow: super::follow::<FigureEight>,
    vary: super::variation::follow::<FigureEight>,
};

/// The three.
struct FigureEight;

impl Cast for FigureEight {
    fn dimensions(_: &Setup) -> usize {
        2
    }

    fn scene<T: Scalar>(_: &Setup, run: &Run<T>) -> Option<Scene<T>> {
        let &[size, mass, gravity, softening, damping] = run.parameters else { return None };
        let (speed, zero) = ((gravity * mass / size).root(), T::real(0.0));
        let vector = |of: [f64; 2], factor: T| [factor.times(of[0]), factor.times(of[1]), zero];
        let x = vec![vector(PLACE, size), vector(PLACE, -size), [zero; 3]];
        let slow = vector(VELOCITY, speed.times(-0.5));
        let v = vec![slow, slow, vector(VELOCITY, speed)];
        Some(Scene { gravity, softening, damping, mass: vec![mass; 3], x, v })
    }
}
