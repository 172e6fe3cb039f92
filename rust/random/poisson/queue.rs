//! Lanes that wait until there are enough of their kind.

use super::quantile::{EXPANSION, by_expansion};
use super::{CHUNK, LANES, OPEN, Plane, large, quantile, small, stream};
use crate::isa::kernel;

/// Lanes that go together.
const GROUP: usize = 8;

/// Groups that fill a chunk.
const TOGETHER: usize = CHUNK / GROUP;

/// Groups that wait at most: a chunk's come at once, when almost as many wait.
const ROOM: usize = 2 * TOGETHER;

/// Groups with lanes of one kind, and where they are. Lanes of the other kind go along, and nothing is done with what
/// comes of them: light is smooth, so that few groups of a galaxy have both, and to pick lanes one by one took two
/// fifths of all time with AVX-512. Groups of 16 leave more lanes to go along, which took 3 % longer with AVX-512 and
/// AVX2 and 6 % with SSE2; to append groups of 4 takes longer than they spare.
///
/// On a cache line, for with that the compiler keeps all that it spills on lines: 3-5 % with AVX-512 and AVX2.
#[repr(C, align(64))]
struct Waiting {
    means: [[f32; GROUP]; ROOM],
    words: [[u32; GROUP]; ROOM],
    at: [usize; ROOM],
    length: usize,
}

impl Waiting {
    #[inline(always)]
    fn new() -> Waiting {
        Waiting { at: [0; ROOM], means: [[0.0; GROUP]; ROOM], words: [[1 << 30; GROUP]; ROOM], length: 0 }
    }

    /// Appends a group if it is wanted, without a branch.
    #[inline(always)]
    fn push(&mut self, at: usize, means: &[f32; GROUP], words: &[u32; GROUP], wanted: bool) {
        let place = self.length % ROOM;
        self.at[place] = at;
        self.means[place] = *means;
        self.words[place] = *words;
        self.length += wanted as usize;
    }

    /// The lanes that go together next.
    #[inline(always)]
    fn first(&self) -> Option<(&[f32; CHUNK], &[u32; CHUNK])> {
        Some((self.means.as_flattened().first_chunk()?, self.words.as_flattened().first_chunk()?))
    }

    /// Takes them off.
    #[inline(always)]
    fn drop_first(&mut self) {
        self.at.copy_within(TOGETHER.., 0);
        self.means.copy_within(TOGETHER.., 0);
        self.words.copy_within(TOGETHER.., 0);
        self.length = self.length.saturating_sub(TOGETHER);
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
        let any = if small {
            small::counts(means, words, &mut counts)
        } else {
            large::counts(means, words, &mut counts)
        };
        values[at..at + CHUNK].copy_from_slice(&counts);
        if any {
            self.settle(values, at, means, words, &counts);
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
        let mut flags = [0u8; CHUNK];
        for i in 0..CHUNK {
            flags[i] = (means[i] < small::LIMIT) as u8;
        }
        let groups = means.as_chunks::<GROUP>().0.iter().zip(words.as_chunks::<GROUP>().0);
        for (group, (means, words)) in groups.enumerate() {
            let flags = u64::from_ne_bytes(flags.as_chunks::<GROUP>().0[group]);
            let (small, large) = (flags != 0, flags != u64::from_ne_bytes([1; GROUP]));
            let at = at + group * GROUP;
            self.small.push(at, means, words, small);
            self.large.push(at, means, words, large);
        }
        if self.small.length >= TOGETHER {
            self.flush_small(values);
        }
        if self.large.length >= TOGETHER {
            self.flush_large(values);
        }
    }

    #[inline(always)]
    fn flush_small(&mut self, values: &mut [f32]) {
        let Some((means, words)) = self.small.first() else { return };
        let mut counts = [0f32; CHUNK];
        let any = small::counts(means, words, &mut counts);
        put(values, &self.small, means, &counts, |mean| mean < small::LIMIT);
        if any {
            self.settle_waiting(values, &counts, true);
        }
        self.small.drop_first();
    }

    #[inline(always)]
    fn flush_large(&mut self, values: &mut [f32]) {
        let Some((means, words)) = self.large.first() else { return };
        let mut counts = [0f32; CHUNK];
        let any = large::counts(means, words, &mut counts);
        put(values, &self.large, means, &counts, |mean| mean >= small::LIMIT);
        if any {
            self.settle_waiting(values, &counts, false);
        }
        self.large.drop_first();
    }

    /// Settles the lanes of one kind that are open.
    #[cold]
    #[inline(never)]
    fn settle_waiting(&mut self, values: &mut [f32], counts: &[f32; CHUNK], small: bool) {
        let waiting = if small { &self.small } else { &self.large };
        let Waiting { at, means, words, length } = *waiting;
        for i in open(counts).take_while(|i| *i < GROUP * length) {
            let (group, lane) = (i / GROUP, i % GROUP);
            if (means[group][lane] < small::LIMIT) == small {
                self.define(values, at[group] + lane, means[group][lane], words[group][lane]);
            }
        }
    }

    /// Settles the lanes of a chunk that are open.
    #[cold]
    #[inline(never)]
    fn settle(
        &mut self,
        values: &mut [f32],
        at: usize,
        means: &[f32; CHUNK],
        words: &[u32; CHUNK],
        counts: &[f32; CHUNK],
    ) {
        for i in open(counts) {
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

/// The lanes that are open.
fn open(counts: &[f32; CHUNK]) -> impl Iterator<Item = usize> {
    // The sign bits of a group as one: few groups have such a lane.
    let signs = |group: &[f32; GROUP]| group.iter().fold(0, |signs, count| signs | count.to_bits()) >> 31;
    let groups = counts.as_chunks::<GROUP>().0.iter().enumerate();
    let some = groups.filter(move |(_, group)| signs(group) != 0);
    some.flat_map(|(at, group)| (0..GROUP).filter(|i| group[*i] == OPEN).map(move |i| GROUP * at + i))
}

/// Writes counts to those pixels of the first groups that are of the kind.
#[inline(always)]
fn put(
    values: &mut [f32],
    waiting: &Waiting,
    means: &[f32; CHUNK],
    counts: &[f32; CHUNK],
    kind: impl Fn(f32) -> bool,
) {
    let groups = means.as_chunks::<GROUP>().0.iter().zip(counts.as_chunks::<GROUP>().0);
    for (at, (means, counts)) in waiting.at[..waiting.length.min(ROOM)].iter().zip(groups) {
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
