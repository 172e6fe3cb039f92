//! Bodies under softened gravity.

mod adaptive;
mod attraction;
mod cohort;
pub mod figure_eight;
mod fixed;
mod ledger;
mod observe;
#[cfg(test)]
mod orders;
mod scene;
mod tables;
pub mod two_body;
mod variation;

use super::{Choice, Run, Setup, System, Word};
use crate::isa::Isa;
use crate::param::{Family, Model};
use crate::series::integrate::dop853::blocks::Dop853;
use crate::series::integrate::gauss_radau::GaussRadau;
use crate::series::scalar::Scalar;
use cohort::{CROWD, Cohort};
use fixed::Rule;
use observe::Cast;
use scene::Scene;

/// The table.
pub const MODEL: Model = Model {
    name: "n_body",
    family: Family::System,
    summary: "Bodies that attract each other, softened and damped if asked for.",
    params: &[tables::FORCES],
    ways: &[],
    canonical: &["gravitational_constant", "softening", "damping"],
    render: None,
};

/// The table of a body.
pub const BODY: Model = Model {
    name: "body",
    family: Family::Body,
    summary: "One of the bodies.",
    params: &[tables::BODY],
    ways: &[],
    canonical: &["mass", "x", "y", "z", "vx", "vy", "vz"],
    render: None,
};

const FRAME: Choice = Choice {
    name: "frame",
    words: &[
        Word {
            name: "centre_of_mass",
            without: &[],
            summary: "The centre of mass is the origin, and rests.",
        },
        Word { name: "as_drawn", without: &[], summary: "Positions and velocities stand as they are drawn." },
    ],
    summary: "What positions and velocities are seen from.",
};

const DIMENSIONS: Choice = Choice {
    name: "dimensions",
    words: &[
        Word { name: "3", without: &[], summary: "In space." },
        Word { name: "2", without: &["z", "vz"], summary: "In the plane." },
    ],
    summary: "How many axes there are.",
};

/// All about it.
pub const SYSTEM: System = System {
    model: &MODEL,
    body: Some(&BODY),
    fixed: 0,
    choices: &[tables::INTEGRATOR, FRAME, DIMENSIONS],
    settings: tables::SETTINGS,
    observables: NBody::OBSERVABLES,
    dimensions: NBody::dimensions,
    width: |setup, bodies| 2 * NBody::dimensions(setup) * bodies,
    follow: follow::<NBody>,
    vary: variation::follow::<NBody>,
};

/// Bodies as a recipe has them.
struct NBody;

impl Cast for NBody {
    fn dimensions(setup: &Setup) -> usize {
        if setup.choices[2] == 0 { 3 } else { 2 }
    }

    fn scene<T: Scalar>(setup: &Setup, run: &Run<T>) -> Option<Scene<T>> {
        let &[gravity, softening, damping] = run.parameters else { return None };
        let column = |p: usize| &run.bodies[p * run.count..(p + 1) * run.count];
        let vectors = |p: usize| (0..run.count).map(|i| std::array::from_fn(|c| column(p + c)[i])).collect();
        let (mass, x, v) = (column(0).to_vec(), vectors(1), vectors(4));
        let scene = Scene { gravity, softening, damping, mass, x, v };
        Some(if setup.choices[1] == 0 { scene.centred() } else { scene })
    }
}

/// Moves runs of a system of bodies.
fn follow<C: Cast>(isa: Isa, setup: &Setup, runs: &mut [Run]) {
    let dimensions = C::dimensions(setup);
    let mut scenes: Vec<_> = runs.iter_mut().filter_map(|run| Some((C::scene(setup, run)?, run))).collect();
    scenes.sort_by_key(|(scene, _)| std::cmp::Reverse(scene.mass.len()));
    let (integrator, tolerance, step) = (setup.choices[0], setup.settings[0], setup.settings[1]);
    while !scenes.is_empty() {
        let bodies = scenes[0].0.mass.len();
        let cohort = Cohort::new(isa, dimensions, bodies);
        // Even steps are in step: eight runs go together. Others take a seat as one gets free.
        let alone = bodies >= CROWD || integrator >= tables::LEAPFROG;
        let together = if alone { cohort.seats() } else { scenes.len() };
        let later = scenes.split_off(together.min(scenes.len()));
        let coordinates = cohort.coordinates();
        match integrator {
            tables::LEAPFROG => fixed::follow(isa, Rule::Leapfrog, step, cohort, scenes),
            tables::YOSHIDA4 => fixed::follow(isa, Rule::Yoshida4, step, cohort, scenes),
            tables::DOP853 => adaptive::follow(Dop853::new(isa, coordinates, tolerance), cohort, scenes),
            _ => adaptive::follow(GaussRadau::new(isa, coordinates, tolerance), cohort, scenes),
        }
        scenes = later;
    }
}
