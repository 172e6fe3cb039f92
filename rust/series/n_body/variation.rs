//! How bodies move with what their start and forces change with.

use super::attraction::part;
use super::observe::{Cast, states};
use super::scene::{Scene, sum};
use crate::series::scalar::Dual;
use crate::series::{Run, Setup, variation};
use std::array::from_fn;

/// Varies a run.
pub fn follow<C: Cast>(setup: &Setup, run: &mut Run<Dual>) {
    let Some(scene) = C::scene(setup, run) else { return };
    if C::dimensions(setup) == 2 { move_all::<2>(&scene, run) } else { move_all::<3>(&scene, run) }
}

fn move_all<const D: usize>(scene: &Scene<Dual>, run: &mut Run<Dual>) {
    let half = scene.mass.len() * D;
    let flat = |vectors: &[[Dual; 3]]| vectors.iter().flat_map(|v| v[..D].to_vec()).collect::<Vec<_>>();
    let start = [flat(&scene.x), flat(&scene.v)].concat();
    let softening = scene.softening * scene.softening;
    let pull: Vec<Dual> = scene.mass.iter().map(|mass| scene.gravity * *mass).collect();
    variation::follow(run, &start, |_, state, slope| {
        let ((x, v), (rates, a)) = (state.split_at(half), slope.split_at_mut(half));
        rates.copy_from_slice(v);
        a.iter_mut().zip(v).for_each(|(a, v)| *a = -scene.damping * *v);
        for i in 0..pull.len() {
            for j in i + 1..pull.len() {
                let (gap, inverse) = part::<_, D>(vector(x, i), vector(x, j), softening);
                let cube = inverse * inverse * inverse;
                for c in 0..D {
                    a[i * D + c] = a[i * D + c] + pull[j] * cube * gap[c];
                    a[j * D + c] = a[j * D + c] - pull[i] * cube * gap[c];
                }
            }
        }
    });
}

fn vector<const D: usize>(x: &[Dual], i: usize) -> [Dual; D] {
    from_fn(|c| x[i * D + c])
}

/// Adds the potential energy.
pub fn add_potential<C: Cast + ?Sized>(setup: &Setup, run: &Run<Dual>, out: &mut [Dual]) {
    let Some(scene) = C::scene(setup, run) else { return };
    for ((x, _), out) in states(run, C::dimensions(setup)).zip(out) {
        let depth = if C::dimensions(setup) == 2 { depth::<2>(&scene, x) } else { depth::<3>(&scene, x) };
        *out = *out - scene.gravity * depth;
    }
}

/// The sum over pairs of the product of the masses over the softened distance.
fn depth<const D: usize>(scene: &Scene<Dual>, x: &[Dual]) -> Dual {
    let (mass, softening) = (&scene.mass, scene.softening * scene.softening);
    let apart = |i: usize, j: usize| part::<_, D>(vector(x, i), vector(x, j), softening).1;
    let with = |i: usize| sum((i + 1..mass.len()).map(move |j| mass[i] * mass[j] * apart(i, j)));
    sum((0..mass.len()).map(with))
}
