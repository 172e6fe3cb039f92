//! What can be seen of bodies.

use super::attraction;
use super::scene::{Scene, sum};
use super::variation;
use crate::isa::Isa;
use crate::param::Unit;
use crate::series::integrate::block::{Block, LANES};
use crate::series::scalar::Scalar;
use crate::series::{Observable, Run, Setup, Shape};

/// A system of bodies.
pub trait Cast {
    /// How many axes there are.
    fn dimensions(setup: &Setup) -> usize;

    /// The bodies of a run as they start; none where the run has not the system's parameters.
    fn scene<T: Scalar>(setup: &Setup, run: &Run<T>) -> Option<Scene<T>>;

    /// What can be seen of them.
    const OBSERVABLES: &'static [Observable] = &[
        Observable {
            name: "positions",
            unit: Unit::Length,
            shape: Shape::Vector,
            summary: "Where each body is.",
            see: |_, setup, run, out| vectors::<Self, _>(setup, run, out, 0),
            vary: |setup, run, out| vectors::<Self, _>(setup, run, out, 0),
        },
        Observable {
            name: "velocities",
            unit: Unit::Velocity,
            shape: Shape::Vector,
            summary: "How each body moves.",
            see: |_, setup, run, out| vectors::<Self, _>(setup, run, out, 1),
            vary: |setup, run, out| vectors::<Self, _>(setup, run, out, 1),
        },
        Observable {
            name: "kinetic_energy",
            unit: Unit::Energy,
            shape: Shape::One,
            summary: "Half the sum of the masses times the squares of the velocities.",
            see: |_, setup, run, out| add_kinetic::<Self, _>(setup, run, zeroed(out)),
            vary: |setup, run, out| add_kinetic::<Self, _>(setup, run, zeroed(out)),
        },
        Observable {
            name: "potential_energy",
            unit: Unit::Energy,
            shape: Shape::One,
            summary: "Of all pairs, softened as their attraction is; below 0.",
            see: |isa, setup, run, out| add_potential::<Self>(isa, setup, run, zeroed(out)),
            vary: |setup, run, out| variation::add_potential::<Self>(setup, run, zeroed(out)),
        },
        Observable {
            name: "energy",
            unit: Unit::Energy,
            shape: Shape::One,
            summary: "The kinetic and the potential energy.",
            see: |isa, setup, run, out| {
                add_kinetic::<Self, _>(setup, run, zeroed(out));
                add_potential::<Self>(isa, setup, run, out);
            },
            vary: |setup, run, out| {
                add_kinetic::<Self, _>(setup, run, zeroed(out));
                variation::add_potential::<Self>(setup, run, out);
            },
        },
        Observable {
            name: "momentum",
            unit: Unit::Momentum,
            shape: Shape::Whole,
            summary: "The sum of the masses times the velocities.",
            see: |_, setup, run, out| momentum::<Self, _>(setup, run, out),
            vary: |setup, run, out| momentum::<Self, _>(setup, run, out),
        },
        Observable {
            name: "angular_momentum",
            unit: Unit::AngularMomentum,
            shape: Shape::Rotation,
            summary: "Of all bodies about the origin; in two dimensions the one about z.",
            see: |_, setup, run, out| rotation::<Self, _>(setup, run, out),
            vary: |setup, run, out| rotation::<Self, _>(setup, run, out),
        },
    ];
}

fn zeroed<T: Scalar>(out: &mut [T]) -> &mut [T] {
    out.fill(T::real(0.0));
    out
}

/// The states of a run: positions and velocities.
pub(super) fn states<'r, T>(run: &'r Run<T>, dimensions: usize) -> impl Iterator<Item = (&'r [T], &'r [T])> {
    let half = run.count * dimensions;
    run.states.chunks_exact(2 * half).map(move |state| state.split_at(half))
}

/// Positions (`part` 0) or velocities (1).
fn vectors<C: Cast + ?Sized, T: Scalar>(setup: &Setup, run: &Run<T>, out: &mut [T], part: usize) {
    let dimensions = C::dimensions(setup);
    for ((x, v), out) in states(run, dimensions).zip(out.chunks_exact_mut(setup.slots * dimensions)) {
        let seen = if part == 0 { x } else { v };
        out[..seen.len()].copy_from_slice(seen);
    }
}

fn add_kinetic<C: Cast + ?Sized, T: Scalar>(setup: &Setup, run: &Run<T>, out: &mut [T]) {
    let Some(scene) = C::scene(setup, run) else { return };
    let dimensions = C::dimensions(setup);
    for ((_, v), out) in states(run, dimensions).zip(out) {
        for (v, mass) in v.chunks_exact(dimensions).zip(&scene.mass) {
            *out = *out + mass.times(0.5) * sum(v.iter().map(|v| *v * *v));
        }
    }
}

/// Eight times side by side.
fn add_potential<C: Cast + ?Sized>(isa: Isa, setup: &Setup, run: &Run, out: &mut [f64]) {
    let Some(scene) = C::scene(setup, run) else { return };
    let dimensions = C::dimensions(setup);
    let half = run.count * dimensions;
    let mut x = vec![Block::ZERO; half];
    for (states, out) in run.states.chunks(LANES * 2 * half).zip(out.chunks_mut(LANES)) {
        for (coordinate, block) in x.iter_mut().enumerate() {
            for (lane, state) in states.chunks_exact(2 * half).enumerate() {
                block.0[lane] = state[coordinate];
            }
        }
        let softening = scene.softening * scene.softening;
        let energies = attraction::potential(isa, dimensions, &scene.mass, softening, &x);
        for (out, energy) in out.iter_mut().zip(energies.0) {
            *out += scene.gravity * energy;
        }
    }
}

fn momentum<C: Cast + ?Sized, T: Scalar>(setup: &Setup, run: &Run<T>, out: &mut [T]) {
    let Some(scene) = C::scene(setup, run) else { return };
    let dimensions = C::dimensions(setup);
    for ((_, v), out) in states(run, dimensions).zip(zeroed(out).chunks_exact_mut(dimensions)) {
        for (v, mass) in v.chunks_exact(dimensions).zip(&scene.mass) {
            for (out, v) in out.iter_mut().zip(v) {
                *out = *out + *mass * *v;
            }
        }
    }
}

fn rotation<C: Cast + ?Sized, T: Scalar>(setup: &Setup, run: &Run<T>, out: &mut [T]) {
    let Some(scene) = C::scene(setup, run) else { return };
    let dimensions = C::dimensions(setup);
    // The planes of rotation: about z, or about x, y and z.
    let planes: &[(usize, usize)] = if dimensions == 2 { &[(0, 1)] } else { &[(1, 2), (2, 0), (0, 1)] };
    for ((x, v), out) in states(run, dimensions).zip(zeroed(out).chunks_exact_mut(planes.len())) {
        let bodies = x.chunks_exact(dimensions).zip(v.chunks_exact(dimensions));
        for ((x, v), mass) in bodies.zip(&scene.mass) {
            for (out, (a, b)) in out.iter_mut().zip(planes) {
                *out = *out + *mass * (x[*a] * v[*b] - x[*b] * v[*a]);
            }
        }
    }
}
