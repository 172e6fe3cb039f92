//! Exact Poisson counts by inversion of one 64-bit uniform number a pixel.
//!
//! # Definition
//! With w a pixel's word and e its extension word, U = (2^32 w + e + 1/2) / 2^64. The count is the k
//! with C(k - 1) <= U < C(k), C the distribution function for the pixel's mean, the f32 taken exactly;
//! it is [`quantile`], rounded to f32. A mean of 0 or below gives 0, NaN gives NaN, infinity gives
//! infinity.
//!
//! # How it is fast
//! Two paths in f32 lanes, [`small`] for means below 8 and [`large`], look at w alone and decide where
//! they are provably, or by a dense scan, clear of a boundary. They leave 0.03-0.4 % of the pixels (means
//! below 1e4) to the definition. Thresholds, lanes and grouping therefore change speed only. Where a
//! chunk's means lie on both sides of 8, groups of 8 lanes wait for each path until they fill a chunk.

use super::philox::LANES;
use super::stream::{self, CHUNK, Counter, Key};
use crate::isa::{Isa, kernel};

mod large;
mod quantile;
mod queue;
#[cfg(test)]
mod scan;
mod small;

pub use quantile::quantile;
use queue::Queue;

/// Means up to this go through the lanes.
const MOST: f32 = 1e9;

/// What lanes say of a pixel that they do not decide.
const OPEN: f32 = -1.0;

/// From this mean on f32 decides less than half of the lanes.
const EXACT: f32 = 2e8;

/// The count of a pixel, by the definition.
pub fn pixel(key: Key, counter: Counter, pixel: u64, mean: f32) -> f32 {
    quantile(mean as f64, stream::pixel(key, counter, pixel)) as f32
}

/// Replaces each mean by a count, for the pixels from `first` on.
pub fn replace(isa: Isa, key: Key, counter: Counter, first: u64, values: &mut [f32]) {
    let skipped = (first % CHUNK as u64) as usize;
    let head = if skipped == 0 { 0 } else { (CHUNK - skipped).min(values.len()) };
    let (head, rest) = values.split_at_mut(head);
    let plane = Plane { isa, key, counter, number: (first / CHUNK as u64) as u32 };
    plane.part(skipped, head);
    let plane = plane.after(!head.is_empty() as usize);
    let (whole, tail) = rest.as_chunks_mut::<CHUNK>();
    let chunks = whole.len();
    whole_chunks(isa, plane, whole.as_flattened_mut());
    plane.after(chunks).part(0, tail);
}

/// The counts of the pixels from `first` on, with these means. The shorter of the two ends it.
pub fn fill(isa: Isa, key: Key, counter: Counter, first: u64, means: &[f32], counts: &mut [f32]) {
    let length = means.len().min(counts.len());
    counts[..length].copy_from_slice(&means[..length]);
    replace(isa, key, counter, first, &mut counts[..length]);
}

/// The chunks of a plane from `number` on.
#[derive(Clone, Copy)]
struct Plane {
    isa: Isa,
    key: Key,
    counter: Counter,
    number: u32,
}

impl Plane {
    /// From some chunks later on.
    fn after(self, chunks: usize) -> Plane {
        Plane { number: self.number.wrapping_add(chunks as u32), ..self }
    }

    /// Some pixels of the first chunk, from pixel `skipped` on.
    fn part(self, skipped: usize, values: &mut [f32]) {
        if !values.is_empty() {
            let mut chunk = [0.0; CHUNK];
            chunk[skipped..skipped + values.len()].copy_from_slice(values);
            whole_chunks(self.isa, self, &mut chunk);
            values.copy_from_slice(&chunk[skipped..skipped + values.len()]);
        }
    }
}

kernel! {
    /// Replaces means by counts; the length is a multiple of [`CHUNK`].
    fn whole_chunks(plane: Plane, values: &mut [f32]) {
        let mut queue = Queue::new(plane);
        for at in (0..values.len()).step_by(CHUNK) {
            let words = stream::chunk(plane.key, plane.counter, plane.number.wrapping_add((at / CHUNK) as u32));
            let mut means = [0f32; CHUNK];
            means.copy_from_slice(&values[at..at + CHUNK]);
            match classify(&mut means) {
                Class::Small => queue.chunk(values, at, &means, &words, true),
                Class::Large => queue.chunk(values, at, &means, &words, false),
                Class::Mixed => queue.mixed_chunk(values, at, &means, &words),
                Class::Exact => queue.exact_chunk(values, at, &words),
            }
        }
        queue.finish(values);
    }
}

/// What a chunk's means allow.
#[derive(Clone, Copy, PartialEq)]
enum Class {
    Small,
    Large,
    Mixed,
    /// The definition serves all: a mean is NaN or beyond the lanes, or all are so large that lanes
    /// decide little.
    Exact,
}

/// The class of some means; puts 0 for those below 0.
#[inline(always)]
fn classify(means: &mut [f32; CHUNK]) -> Class {
    let (mut small, mut large, mut odd) = (false, false, false);
    for mean in means.iter() {
        // Bits of numbers from 0 on compare as the numbers do; NaN and negative ones lie beyond.
        let bits = mean.to_bits();
        odd |= bits > MOST.to_bits();
        small |= *mean < small::LIMIT;
        large |= *mean >= small::LIMIT;
    }
    match (odd, small, large) {
        (true, ..) => classify_odd(means),
        (_, true, false) => Class::Small,
        (_, true, true) => Class::Mixed,
        _ if means[0] < EXACT => Class::Large,
        _ if means.iter().all(|mean| *mean >= EXACT) => Class::Exact,
        _ => Class::Large,
    }
}

#[cold]
#[inline(never)]
fn classify_odd(means: &mut [f32; CHUNK]) -> Class {
    if means.iter().any(|mean| mean.is_nan() || *mean > MOST) {
        return Class::Exact;
    }
    *means = means.map(|mean| if mean > 0.0 { mean } else { 0.0 });
    match means.iter().filter(|mean| **mean < small::LIMIT).count() {
        0 => Class::Large,
        CHUNK => Class::Small,
        _ => Class::Mixed,
    }
}
