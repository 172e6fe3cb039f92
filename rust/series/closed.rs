//! What solutions in closed form have in common: states of two numbers, many times at once.

use super::{Failure, Outcome, Run};

/// How many times go at once: two of AVX-512's registers.
pub(super) const CHUNK: usize = 16;

/// A number at each time of a chunk.
pub(super) type Chunk = [f64; CHUNK];

/// A solution in closed form.
///
/// A trait and no closure: a closure that is not inlined is compiled for the baseline, whatever its
/// kernel is for.
pub(super) trait Solution {
    /// Position, velocity and the error of the energy at times.
    fn at(&self, times: &Chunk) -> [Chunk; 3];
}

/// Writes the states of all times, the last chunk filled up with its last time; the largest error of the
/// energy comes back.
#[inline(always)]
pub(super) fn trace(solution: &impl Solution, times: &[f64], states: &mut [f64]) -> f64 {
    let mut worst = [0.0; CHUNK];
    for (times, states) in times.chunks(CHUNK).zip(states.chunks_mut(2 * CHUNK)) {
        let mut padded = [times[times.len() - 1]; CHUNK];
        padded[..times.len()].copy_from_slice(times);
        let [position, velocity, error] = solution.at(&padded);
        for i in 0..CHUNK {
            worst[i] = if error[i] > worst[i] { error[i] } else { worst[i] };
        }
        for (i, state) in states.chunks_exact_mut(2).enumerate() {
            (state[0], state[1]) = (position[i], velocity[i]);
        }
    }
    worst.iter().fold(0.0, |largest, x| if *x > largest { *x } else { largest })
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
