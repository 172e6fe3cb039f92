//! Lanes that wait until there are enough of their kind.

use super::quantile::{EXPANSION, by_expansion};
use super::{CHUNK, Class, LANES, Plane, classify, large, quantile, small, stream};
use crate::isa::kernel;

/// Lanes that are looked at together where a chunk's means are mixed.
const GROUP: usize = 16;

/// Lanes of one kind: pixel, mean and word.
struct Dense {
    at: [u32; CHUNK + GROUP],
    mean: [f32; CHUNK + GROUP],
    word: [u32; CHUNK + GROUP],
    length: usize,
}

impl Dense {
    #[inline(always)]
    fn new(mean: f32) -> Dense {
        Dense {
            at: [0; CHUNK + GROUP],
            mean: [mean; CHUNK + GROUP],
            word: [1 << 30; CHUNK + GROUP],
            length: 0,
        }
    }

    /// Appends a lane, to stay only if `keep`: no branch to guess.
    #[inline(always)]
    fn push(&mut self, at: u32, mean: f32, word: u32, keep: bool) {
        self.at[self.length] = at;
        self.mean[self.length] = mean;
        self.word[self.length] = word;
        self.length += keep as usize;
    }

    /// The first [`CHUNK`] lanes.
    #[inline(always)]
    fn front(&self) -> ([f32; CHUNK], [u32; CHUNK]) {
        (std::array::from_fn(|i| self.mean[i]), std::array::from_fn(|i| self.word[i]))
    }

    /// Drops the first [`CHUNK`] lanes.
    #[inline(always)]
    fn advance(&mut self) {
        for i in 0..GROUP {
            self.at[i] = self.at[CHUNK + i];
            self.mean[i] = self.mean[CHUNK + i];
            self.word[i] = self.word[CHUNK + i];
        }
        self.length = self.length.saturating_sub(CHUNK);
    }
}

/// All that waits: small and large means of mixed groups, and lanes for the definition.
pub(super) struct Queue {
    plane: Plane,
    small: Dense,
    large: Dense,
    exact_at: [u64; LANES],
    exact_mean: [f32; LANES],
    exact_word: [u32; LANES],
    exact: usize,
}

impl Queue {
    #[inline(always)]
    pub(super) fn new(plane: Plane) -> Queue {
        Queue {
            plane,
            small: Dense::new(0.0),
            large: Dense::new(small::LIMIT),
            exact_at: [0; LANES],
            exact_mean: [EXPANSION as f32; LANES],
            exact_word: [1 << 30; LANES],
            exact: 0,
        }
    }

    /// Writes the counts of N consecutive lanes, and sends those left open to the definition.
    #[inline(always)]
    pub(super) fn settle<const N: usize>(
        &mut self,
        values: &mut [f32],
        at: usize,
        words: &[u32; N],
        (counts, open): ([f32; N], [i32; N]),
    ) {
        if open.iter().sum::<i32>() != 0 {
            self.settle_open(values, at, words, &counts, &open);
        } else {
            values[at..at + N].copy_from_slice(&counts);
        }
    }

    #[cold]
    #[inline(never)]
    fn settle_open(&mut self, values: &mut [f32], at: usize, words: &[u32], counts: &[f32], open: &[i32]) {
        for i in 0..counts.len() {
            if open[i] == 0 {
                values[at + i] = counts[i];
            } else {
                self.define(values, at + i, values[at + i], words[i]);
            }
        }
    }

    /// A lane for the definition: at once by sums, or later with others by the expansion.
    fn define(&mut self, values: &mut [f32], at: usize, mean: f32, word: u32) {
        let pixel = self.plane.number as u64 * CHUNK as u64 + at as u64;
        if mean >= EXPANSION as f32 && mean < f32::INFINITY {
            self.exact_at[self.exact] = at as u64;
            self.exact_mean[self.exact] = mean;
            self.exact_word[self.exact] = word;
            self.exact += 1;
            if self.exact == LANES {
                self.flush_exact(values);
            }
        } else {
            let extension = stream::extension(self.plane.key, self.plane.counter, pixel);
            values[at] = quantile(mean as f64, (word as u64) << 32 | extension as u64) as f32;
        }
    }

    /// Settles the lanes that wait for the expansion.
    fn flush_exact(&mut self, values: &mut [f32]) {
        let counts = expand(self.plane.isa, self.plane, &self.exact_at, &self.exact_mean, &self.exact_word);
        for i in 0..self.exact {
            values[self.exact_at[i] as usize] = counts[i];
        }
        self.exact = 0;
    }

    /// A chunk of which every lane goes to the definition.
    #[cold]
    #[inline(never)]
    pub(super) fn exact_chunk(&mut self, values: &mut [f32], at: usize, words: &[u32; CHUNK]) {
        for i in 0..CHUNK {
            self.define(values, at + i, values[at + i], words[i]);
        }
    }

    /// A chunk with means on both sides: group by group, and lane by lane where a group has both.
    #[inline(always)]
    pub(super) fn mixed_chunk(
        &mut self,
        values: &mut [f32],
        at: usize,
        means: &[f32; CHUNK],
        words: &[u32; CHUNK],
    ) {
        let (means, words) = (means.as_chunks::<GROUP>().0, words.as_chunks::<GROUP>().0);
        for (group, (means, words)) in means.iter().zip(words).enumerate() {
            let at = at + group * GROUP;
            match classify(means) {
                Class::Small => self.settle(values, at, words, small::counts(means, words)),
                Class::Large => self.settle(values, at, words, large::counts(means, words)),
                _ => self.sort(values, at, means, words),
            }
        }
    }

    /// Puts each lane of a group into its queue.
    #[inline(always)]
    fn sort(&mut self, values: &mut [f32], at: usize, means: &[f32; GROUP], words: &[u32; GROUP]) {
        for i in 0..GROUP {
            let is_small = means[i] < small::LIMIT;
            self.small.push((at + i) as u32, means[i], words[i], is_small);
            self.large.push((at + i) as u32, means[i], words[i], !is_small);
        }
        if self.small.length >= CHUNK {
            self.flush_small(values);
        }
        if self.large.length >= CHUNK {
            self.flush_large(values);
        }
    }

    #[inline(always)]
    fn flush_small(&mut self, values: &mut [f32]) {
        let (means, words) = self.small.front();
        let settled = small::counts(&means, &words);
        let (at, count) = (self.small.at, self.small.length.min(CHUNK));
        self.scatter(values, &at[..count], &words, settled);
        self.small.advance();
    }

    #[inline(always)]
    fn flush_large(&mut self, values: &mut [f32]) {
        let (means, words) = self.large.front();
        let settled = large::counts(&means, &words);
        let (at, count) = (self.large.at, self.large.length.min(CHUNK));
        self.scatter(values, &at[..count], &words, settled);
        self.large.advance();
    }

    /// Writes counts to their pixels.
    #[inline(always)]
    fn scatter(
        &mut self,
        values: &mut [f32],
        at: &[u32],
        words: &[u32; CHUNK],
        (counts, open): ([f32; CHUNK], [i32; CHUNK]),
    ) {
        for (i, &at) in at.iter().enumerate() {
            let at = at as usize;
            if open[i] == 0 {
                values[at] = counts[i];
            } else {
                self.define(values, at, values[at], words[i]);
            }
        }
    }

    /// Settles all that waits.
    #[inline(always)]
    pub(super) fn finish(&mut self, values: &mut [f32]) {
        if self.small.length > 0 {
            self.flush_small(values);
        }
        if self.large.length > 0 {
            self.flush_large(values);
        }
        if self.exact > 0 {
            self.flush_exact(values);
        }
    }
}

kernel! {
    /// The counts of lanes by the expansion: 5 times as fast as one by one.
    fn expand(plane: Plane, at: &[u64; LANES], means: &[f32; LANES], words: &[u32; LANES]) -> [f32; LANES] {
        let start = plane.number as u64 * CHUNK as u64;
        let extensions = stream::extensions(plane.key, plane.counter, &at.map(|at| start + at));
        let mut counts = [0f32; LANES];
        for i in 0..LANES {
            let bits = (words[i] as u64) << 32 | extensions[i] as u64;
            counts[i] = by_expansion(means[i] as f64, bits) as f32;
        }
        counts
    }
}
