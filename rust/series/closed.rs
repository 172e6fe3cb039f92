//! What solutions in closed form have in common: states of two numbers, many times at once.

use super::{Failure, Outcome, Run};

/// How many times go at once: two of AVX-512's registers.
pub(super) const CHUNK: usize = 16;

/// A number at each time of a chunk.
pub(super) type Chunk = [f64; CHUNK];

/// Writes the states of all times; the last chunk is filled up with its last time.
#[inline(always)]
pub(super) fn each_chunk(times: &[f64], states: &mut [f64], mut at: impl FnMut(&Chunk) -> [Chunk; 2]) {
    for (times, states) in times.chunks(CHUNK).zip(states.chunks_mut(2 * CHUNK)) {
        let mut padded = [times[times.len() - 1]; CHUNK];
        padded[..times.len()].copy_from_slice(times);
        let [position, velocity] = at(&padded);
        for (i, state) in states.chunks_exact_mut(2).enumerate() {
            state.copy_from_slice(&[position[i], velocity[i]]);
        }
    }
}

/// Takes the larger of two, one by one.
#[inline(always)]
pub(super) fn raise(worst: &mut Chunk, chunk: &Chunk) {
    for (worst, x) in worst.iter_mut().zip(chunk) {
        *worst = if *x > *worst { *x } else { *worst };
    }
}

/// The largest of a chunk.
pub(super) fn largest(chunk: &Chunk) -> f64 {
    chunk.iter().fold(0.0, |largest, x| if *x > largest { *x } else { largest })
}

impl Run<'_> {
    /// How it went: rounding alone is at fault, that of the argument of sines and cosines, which grows
    /// at a rate, and of what follows.
    pub(super) fn close(&mut self, rate: f64, energy_drift: f64) {
        let last = self.times.last().map_or(0.0, |time| time * rate.abs());
        let lost = self.states.last().is_some_and(|state| !state.is_finite());
        self.outcome = Outcome {
            energy_drift,
            error: f64::EPSILON * (4.0 + last),
            failed: lost.then_some(Failure::NotFinite),
        };
    }
}
