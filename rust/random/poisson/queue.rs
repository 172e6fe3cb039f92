//! Lanes that wait until there are enough of their kind.

use super::quantile::{EXPANSION, by_expansion};
use super::{CHUNK, LANES, Plane, large, quantile, small, stream};
use crate::isa::kernel;

/// Lanes that go together.
const GROUP: usize = 16;

/// Groups with lanes of one kind, and where they are. Lanes of the other kind go along, and nothing is done with what
/// comes of them: light is smooth, so that few groups of a galaxy have both, and to pick lanes one by one took two
/// fifths of all time with AVX-512. With AVX2 the two are even; with SSE2 a galaxy is too, but means that change from
/// pixel to pixel, on both sides of 8, take up to half as long again.
struct Waiting {
    at: [usize; CHUNK / GROUP],
    means: [f32; CHUNK],
    words: [u32; CHUNK],
    length: usize,
}

impl Waiting {
    #[inline(always)]
    fn new() -> Waiting {
        Waiting { at: [0; CHUNK / GROUP], means: [0.0; CHUNK], words: [1 << 30; CHUNK], length: 0 }
    }

    /// Appends a group; says whether the chunk is full then.
    #[inline(always)]
    fn push(&mut self, at: usize, means: &[f32; GROUP], words: &[u32; GROUP]) -> bool {
        let place = self.length % (CHUNK / GROUP);
        self.at[place] = at;
        self.means.as_chunks_mut::<GROUP>().0[place] = *means;
        self.words.as_chunks_mut::<GROUP>().0[place] = *words;
        self.length = place + 1;
        self.length == CHUNK / GROUP
    }
}

/// All that waits: groups with small and with large means of mixed chunks, and lanes for the definition.
pub(super) struct Queue {
    plane: Plane,
    small: Waiting,
    large: Waiting,
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
            small: Waiting::new(),
            large: Waiting::new(),
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
            let at = std::array::from_fn(|group| at + group * GROUP);
            self.settle(values, &at, means, words, &open);
        }
    }

    /// A chunk of both: its groups wait.
    #[inline(always)]
    pub(super) fn mixed_chunk(
        &mut self,
        values: &mut [f32],
        at: usize,
        means: &[f32; CHUNK],
        words: &[u32; CHUNK],
    ) {
        let groups = means.as_chunks::<GROUP>().0.iter().zip(words.as_chunks::<GROUP>().0);
        for (group, (means, words)) in groups.enumerate() {
            let (mut small, mut large) = (false, false);
            for mean in means {
                small |= *mean < small::LIMIT;
                large |= *mean >= small::LIMIT;
            }
            let at = at + group * GROUP;
            if small && self.small.push(at, means, words) {
                self.flush_small(values);
            }
            if large && self.large.push(at, means, words) {
                self.flush_large(values);
            }
        }
    }

    #[inline(always)]
    fn flush_small(&mut self, values: &mut [f32]) {
        let (mut counts, mut open) = ([0f32; CHUNK], [false; CHUNK]);
        let mut means = self.small.means;
        // As 0 a large mean takes no steps.
        means.iter_mut().for_each(|mean| *mean = if *mean < small::LIMIT { *mean } else { 0.0 });
        let any = small::counts(&means, &self.small.words, &mut counts, &mut open);
        put(values, &self.small, &counts, |mean| mean < small::LIMIT);
        if any {
            self.settle_waiting(values, &open, true);
        }
        self.small.length = 0;
    }

    #[inline(always)]
    fn flush_large(&mut self, values: &mut [f32]) {
        let (mut counts, mut open) = ([0f32; CHUNK], [false; CHUNK]);
        let any = large::counts(&self.large.means, &self.large.words, &mut counts, &mut open);
        put(values, &self.large, &counts, |mean| mean >= small::LIMIT);
        if any {
            self.settle_waiting(values, &open, false);
        }
        self.large.length = 0;
    }

    /// Settles the lanes of one kind that are open.
    #[cold]
    #[inline(never)]
    fn settle_waiting(&mut self, values: &mut [f32], open: &[bool; CHUNK], small: bool) {
        let Waiting { at, means, words, length } = if small { &self.small } else { &self.large };
        let (at, means, words, length) = (*at, *means, *words, *length);
        let mine = |i: usize| open[i] & ((means[i] < small::LIMIT) == small) & (i < length * GROUP);
        self.settle(values, &at, &means, &words, &std::array::from_fn(mine));
    }

    /// Settles the lanes of a chunk that are open.
    #[cold]
    #[inline(never)]
    fn settle(
        &mut self,
        values: &mut [f32],
        at: &[usize; CHUNK / GROUP],
        means: &[f32; CHUNK],
        words: &[u32; CHUNK],
        open: &[bool; CHUNK],
    ) {
        for i in (0..CHUNK).filter(|i| open[*i]) {
            self.define(values, at[i / GROUP] + i % GROUP, means[i], words[i]);
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

/// Writes counts to those pixels of the groups that are of the kind.
#[inline(always)]
fn put(values: &mut [f32], waiting: &Waiting, counts: &[f32; CHUNK], kind: impl Fn(f32) -> bool) {
    let groups = waiting.means.as_chunks::<GROUP>().0.iter().zip(counts.as_chunks::<GROUP>().0);
    for (at, (means, counts)) in waiting.at[..waiting.length].iter().zip(groups) {
        if let Some(values) = values[*at..].first_chunk_mut::<GROUP>() {
            for i in 0..GROUP {
                // By bits: a choice of floats was made lane by lane, by branches.
                let mask = (kind(means[i]) as u32).wrapping_neg();
                values[i] = f32::from_bits(counts[i].to_bits() & mask | values[i].to_bits() & !mask);
            }
        }
    }
}

kernel! {
    /// The counts of lanes by the expansion, in f64 lanes.
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
