//! How bodies move with what their start and forces change with.

use super::fixed;
use super::observe::{Cast, states};
use super::scene::{Scene, sum};
use super::tables::LEAPFROG;
use crate::series::integrate::yoshida4::{INNER, OUTER};
use crate::series::scalar::{Dual, Scalar};
use crate::series::{Failure, Run, Setup, variation};
use std::array::from_fn;

/// Varies a run.
pub fn follow<C: Cast>(setup: &Setup, run: &mut Run<Dual>) {
    let Some(scene) = C::scene(setup, run) else { return };
    if C::dimensions(setup) == 2 {
        move_all::<2>(setup, &scene, run)
    } else {
        move_all::<3>(setup, &scene, run)
    }
}

/// By the equations of motion or, where a recipe asks for even steps, by these.
fn move_all<const D: usize>(setup: &Setup, scene: &Scene<Dual>, run: &mut Run<Dual>) {
    let flat = |vectors: &[[Dual; 3]]| vectors.iter().flat_map(|v| v[..D].to_vec()).collect::<Vec<_>>();
    let start = [flat(&scene.x), flat(&scene.v)].concat();
    let half = start.len() / 2;
    let bodies = Bodies::<D>::new(scene);
    let (integrator, step) = (setup.choices[0], setup.settings[1]);
    let weights = if integrator == LEAPFROG { &[1.0][..] } else { &[OUTER, INNER, OUTER] };
    if integrator >= LEAPFROG {
        let mut a = vec![Dual::default(); half];
        bodies.attract(&start[..half], &mut a);
        return variation::write(run, &start, |span, state| bodies.leap(span, step, weights, state, &mut a));
    }
    variation::follow(run, &start, |_, state, slope| {
        let ((x, v), (rates, a)) = (state.split_at(half), slope.split_at_mut(half));
        rates.copy_from_slice(v);
        bodies.attract(x, a);
        a.iter_mut().zip(v).for_each(|(a, v)| *a = *a - bodies.damping * *v);
    });
}

/// What acts on bodies.
struct Bodies<const D: usize> {
    /// G times each mass.
    pull: Vec<Dual>,
    /// The square of the softening length.
    softening: Dual,
    damping: Dual,
}

impl<const D: usize> Bodies<D> {
    fn new(scene: &Scene<Dual>) -> Self {
        let pull = scene.mass.iter().map(|mass| scene.gravity * *mass).collect();
        Bodies { pull, softening: scene.softening * scene.softening, damping: scene.damping }
    }

    /// Writes the accelerations without damping.
    fn attract(&self, x: &[Dual], a: &mut [Dual]) {
        let pull = &self.pull;
        a.fill(Dual::default());
        for i in 0..pull.len() {
            for j in i + 1..pull.len() {
                let (gap, inverse) = part::<D>(vector(x, i), vector(x, j), self.softening);
                let cube = inverse * inverse * inverse;
                for c in 0..D {
                    a[i * D + c] = a[i * D + c] + pull[j] * cube * gap[c];
                    a[j * D + c] = a[j * D + c] - pull[i] * cube * gap[c];
                }
            }
        }
    }

    /// Goes on in even steps, each made of leapfrog steps of these parts of it.
    fn leap(
        &self,
        [time, next]: [f64; 2],
        step: f64,
        weights: &[f64],
        state: &mut [Dual],
        a: &mut [Dual],
    ) -> Result<(), Failure> {
        let steps = fixed::even(next - time, step);
        if steps > fixed::STEPS {
            return Err(Failure::TooManySteps);
        }
        let (x, v) = state.split_at_mut(a.len());
        for weight in (0..steps as u64).flat_map(|_| weights) {
            let h = weight * ((next - time) / steps);
            let fade = self.damping.times(-0.5 * h).exponential();
            for ((x, v), a) in x.iter_mut().zip(&mut *v).zip(&*a) {
                *v = *v * fade + a.times(0.5 * h);
                *x = *x + v.times(h);
            }
            self.attract(x, a);
            v.iter_mut().zip(&*a).for_each(|(v, a)| *v = (*v + a.times(0.5 * h)) * fade);
        }
        Ok(())
    }
}

/// How far one body is from another, and one over their softened distance; `softening` is its length's square.
/// The lanes of `attraction.rs` have their own: with this function for both, 100 bodies took 7 times as long.
fn part<const D: usize>(from: [Dual; D], to: [Dual; D], softening: Dual) -> ([Dual; D], Dual) {
    let gap: [Dual; D] = from_fn(|c| to[c] - from[c]);
    let square = gap.iter().fold(softening, |square, g| square + *g * *g);
    (gap, square.inverse_root())
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
    let apart = |i: usize, j: usize| part::<D>(vector(x, i), vector(x, j), softening).1;
    let with = |i: usize| sum((i + 1..mass.len()).map(move |j| mass[i] * mass[j] * apart(i, j)));
    sum((0..mass.len()).map(with))
}
