//! Neighbours have nothing to do with each other.

use crate::{draws, key};
use lightmill::isa::Isa;
use lightmill::random::{Counter, Key, Prior, Slot, normal, poisson};
use lightmill::{param::Range, random::Cut};

const PLANE: usize = 1 << 12;

/// Normal numbers of some planes, next to each other.
fn normals(key: Key, counters: impl Iterator<Item = Counter>) -> Vec<f32> {
    let mut all = Vec::new();
    for counter in counters {
        let start = all.len();
        all.resize(start + PLANE, 0.0);
        normal::fill(Isa::best(), key, counter, 0, &mut all[start..]);
    }
    all
}

/// Counts of mean 5, standardised.
fn counts(key: Key, counters: impl Iterator<Item = Counter>) -> Vec<f32> {
    let mut all = Vec::new();
    for counter in counters {
        let mut plane = vec![5.0; PLANE];
        poisson::replace(Isa::best(), key, counter, 0, &mut plane);
        all.extend(plane.iter().map(|count| (count - 5.0) / 5f32.sqrt()));
    }
    all
}

/// Neither the numbers nor their squares are correlated, to four and a half standard errors.
fn unrelated(name: &str, one: &[f32], other: &[f32]) {
    let n = one.len().min(other.len()) as f64;
    let (mut plain, mut squares, mut spread) = (0.0, 0.0, 0.0);
    for (a, b) in one.iter().zip(other) {
        let (a, b) = (*a as f64, *b as f64);
        plain += a * b;
        let square = (a * a - 1.0) * (b * b - 1.0);
        squares += square;
        spread += square * square;
    }
    let scores = [plain / n.sqrt(), squares / spread.sqrt()];
    assert!(scores.iter().all(|score| score.abs() < 4.5), "{name}: {scores:?} standard errors");
}

fn planes() -> u64 {
    (draws() / 10 / PLANE).max(4) as u64
}

#[test]
fn pixels_scenes_instances_attempts_and_slots_are_unrelated() {
    let scenes = |instance, attempt, first| {
        (0..planes()).map(move |i| Counter { scene: first + i, instance, attempt, round: 0 })
    };
    let base = normals(key("a"), scenes(0, 0, 0));
    let poisson = counts(key("a"), scenes(0, 0, 0));
    for lag in [1, 2, 16, 31, 32, 33, 63, 64, 128, PLANE] {
        unrelated(&format!("lag {lag}"), &base, &base[lag..]);
        unrelated(&format!("counts, lag {lag}"), &poisson, &poisson[lag..]);
    }
    unrelated("scene + 2^32", &base, &normals(key("a"), scenes(0, 0, 1 << 32)));
    unrelated("instance", &base, &normals(key("a"), scenes(1, 0, 0)));
    unrelated("attempt", &base, &normals(key("a"), scenes(0, 1, 0)));
    unrelated("slot", &base, &normals(key("b"), scenes(0, 0, 0)));
    unrelated("seed", &base, &normals(Key::new(20261123, "tests", "a"), scenes(0, 0, 0)));
    unrelated("catalogue", &base, &normals(Key::new(20261122, "test", "a"), scenes(0, 0, 0)));
    unrelated("counts of the next slot", &poisson, &counts(key("b"), scenes(0, 0, 0)));
}

#[test]
fn draws_of_neighbouring_scenes_instances_and_slots_are_unrelated() {
    let prior = Prior::normal(0.0, 1.0).unwrap();
    let column = |path: &str, instance, attempt| {
        let slot = Slot { key: key(path), path: path.into() };
        let mut out = vec![0.0; draws() / 10];
        let first = Counter { scene: 0, instance, attempt, round: 0 };
        prior.draw_column(Isa::best(), &slot, first, &Cut::range(Range::ANY), &mut out, (1, 0)).unwrap();
        out.into_iter().map(|value| value as f32).collect::<Vec<f32>>()
    };
    let base = column("x", 0, 0);
    for lag in [1, 2, 15, 16, 17, 1000] {
        unrelated(&format!("scene, lag {lag}"), &base, &base[lag..]);
    }
    unrelated("instance", &base, &column("x", 1, 0));
    unrelated("attempt", &base, &column("x", 0, 1));
    unrelated("slot", &base, &column("y", 0, 0));
}
