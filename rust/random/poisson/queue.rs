//! Lanes that wait until there are enough of their kind.

use super::quantile::{EXPANSION, by_expansion};
use super::{CHUNK, LANES, Plane, large, quantile, small, stream};
use crate::isa::kernel;

/// Lanes of one kind: pixel, mean and word. Two chunks' worth, since a chunk adds at most half.
struct Dense {
    at: [u32; 2 * CHUNK],
    mean: [f32; 2 * CHUNK],
    word: [u32; 2 * CHUNK],
    length: usize,
}

impl Dense {
    /// Empty; lanes beyond the length hold a mean that the path may compute with.
    #[inline(always)]
    fn new(mean: f32) -> Dense {
        Dense { at: [0; 2 * CHUNK], mean: [mean; 2 * CHUNK], word: [1 << 30; 2 * CHUNK], length: 0 }
    }

    /// Appends the lanes of a chunk that are listed.
    #[inline(always)]
    fn extend(&mut self, at: usize, listed: &[u32], means: &[f32; CHUNK], words: &[u32; CHUNK]) {
        for &i in listed {
            let (lane, end) = (i as usize % CHUNK, self.length % (2 * CHUNK));
            self.at[end] = (at + lane) as u32;
            self.mean[end] = means[lane];
            self.word[end] = words[lane];
            self.length += 1;
        }
    }

    /// The first [`CHUNK`] lanes.
    #[inline(always)]
    fn front(&self) -> ([f32; CHUNK], [u32; CHUNK]) {
        (std::array::from_fn(|i| self.mean[i]), std::array::from_fn(|i| self.word[i]))
    }

    /// Drops the first [`CHUNK`] lanes.
    #[inline(always)]
    fn advance(&mut self) {
        self.at.copy_within(CHUNK.., 0);
        self.mean.copy_within(CHUNK.., 0);
        self.word.copy_within(CHUNK.., 0);
        self.length = self.length.saturating_sub(CHUNK);
    }
}

/// All that waits: the fewer of small and large means of mixed chunks, and lanes for the definition.
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

    /// A chunk of which every lane is small, or every lane large.
    #[inline(always)]
    pub(super) fn chunk(
        &mut self,
        values: &mut [f32],
        at: usize,
        means: &[f32; CHUNK],
        words: &[u32; CHUNK],
        small: bool,
    ) {
        let mut counts = [0f32; CHUNK];
        let mut open = [false; CHUNK];
        let any = if small {
            small::counts(means, words, &mut counts, &mut open)
        } else {
            large::counts(means, words, &mut counts, &mut open)
        };
        values[at..at + CHUNK].copy_from_slice(&counts);
        if any {
            self.settle_open(values, at, means, words, &open);
        }
    }

    /// A chunk of both: it goes the way of the more, the fewer wait.
    #[inline(always)]
    pub(super) fn mixed_chunk(
        &mut self,
        values: &mut [f32],
        at: usize,
        means: &[f32; CHUNK],
        words: &[u32; CHUNK],
    ) -> (bool, [f32; CHUNK]) {
        let smalls: i32 = means.iter().map(|mean| (*mean < small::LIMIT) as i32).sum();
        let mostly_small = smalls > CHUNK as i32 / 2;
        let mut listed = [0u32; CHUNK];
        let mut length = 0;
        for (i, mean) in means.iter().enumerate() {
            // Every lane is written, few stay: no branch to guess.
            listed[length % CHUNK] = i as u32;
            length += ((*mean < small::LIMIT) != mostly_small) as usize;
        }
        let queue = if mostly_small { &mut self.large } else { &mut self.small };
        queue.extend(at, &listed[..length], means, words);
        if self.large.length >= CHUNK {
            self.flush_large(values);
        }
        if self.small.length >= CHUNK {
            self.flush_small(values);
        }
        // Means that the path does not take long with.
        let harmless = if mostly_small { 0.0 } else { small::LIMIT };
        let kept = means.map(|mean| if (mean < small::LIMIT) == mostly_small { mean } else { harmless });
        (mostly_small, kept)
    }

    #[cold]
    #[inline(never)]
    fn settle_open(
        &mut self,
        values: &mut [f32],
        at: usize,
        means: &[f32; CHUNK],
        words: &[u32; CHUNK],
        open: &[bool; CHUNK],
    ) {
        for i in (0..CHUNK).filter(|i| open[*i]) {
            self.define(values, at + i, means[i], words[i]);
        }
    }

    /// A lane for the definition: at once by sums, or later with others by the expansion.
    fn define(&mut self, values: &mut [f32], at: usize, mean: f32, word: u32) {
        if mean >= EXPANSION as f32 && mean < f32::INFINITY {
            self.exact_at[self.exact] = at as u64;
            self.exact_mean[self.exact] = mean;
            self.exact_word[self.exact] = word;
            self.exact += 1;
            if self.exact == LANES {
                self.flush_exact(values);
            }
        } else {
            let pixel = self.plane.number as u64 * CHUNK as u64 + at as u64;
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

    #[inline(always)]
    fn flush_small(&mut self, values: &mut [f32]) {
        let (mut counts, mut open) = ([0f32; CHUNK], [false; CHUNK]);
        let (means, words) = self.small.front();
        let any = small::counts(&means, &words, &mut counts, &mut open);
        let (at, count) = (self.small.at, self.small.length.min(CHUNK));
        self.scatter(values, &at[..count], &counts);
        if any {
            self.scatter_open(values, &at[..count], &means, &words, &open);
        }
        self.small.advance();
    }

    #[inline(always)]
    fn flush_large(&mut self, values: &mut [f32]) {
        let (mut counts, mut open) = ([0f32; CHUNK], [false; CHUNK]);
        let (means, words) = self.large.front();
        let any = large::counts(&means, &words, &mut counts, &mut open);
        let (at, count) = (self.large.at, self.large.length.min(CHUNK));
        self.scatter(values, &at[..count], &counts);
        if any {
            self.scatter_open(values, &at[..count], &means, &words, &open);
        }
        self.large.advance();
    }

    /// Writes counts to their pixels.
    #[inline(always)]
    fn scatter(&self, values: &mut [f32], at: &[u32], counts: &[f32; CHUNK]) {
        for (at, count) in at.iter().zip(counts) {
            values[*at as usize] = *count;
        }
    }

    #[cold]
    #[inline(never)]
    fn scatter_open(
        &mut self,
        values: &mut [f32],
        at: &[u32],
        means: &[f32; CHUNK],
        words: &[u32; CHUNK],
        open: &[bool; CHUNK],
    ) {
        for (i, &at) in at.iter().enumerate().filter(|(i, _)| open[*i]) {
            self.define(values, at as usize, means[i], words[i]);
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
    /// The counts of lanes by the expansion, several times as fast as one by one.
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
