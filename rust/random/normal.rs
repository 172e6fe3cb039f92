//! Standard normal numbers by inversion: one word a pixel, and an extension word in the tails.
//!
//! # Definition
//! A pixel's word `w` stands for the uniform number (w + 1/2) / 2^32. Folded onto the nearer end it is
//! y / 2, y = (m + 1/2) / 2^31 with the 31 bits m of `w`, or of `!w` in the upper half. From m = 2^20
//! on, z = ±(1 - y) P(g) / Q(g) in f32, g = sqrt(y (2 - y)): the square root turns the logarithmic
//! singularity into something that a rational function follows (P of degree 5, Q of degree 4; relative
//! error 3e-7 of the fit, |dz| < 2e-6 with rounding). Nearer to the ends, where |z| > 3.487, z is
//! [`quantile`] of the pixel's 64 bits, rounded to f32; |z| reaches 9.2. So a value belongs to its
//! pixel, whatever the lanes and the instruction set.

use super::philox;
use super::stream::{self, CHUNK, Counter, Key};
use crate::isa::kernel;

mod quantile;

pub use quantile::quantile;
pub(crate) use quantile::unsigned;

/// Below this m the extension word is used: one pixel in 2,048.
pub(crate) const TAIL: u32 = 1 << 20;

/// P and Q in ascending powers of g.
const P: [f32; 6] = [4.846_857, 499.990_94, 6_842.679, 15_627.091, 1_032.908_7, -115.516_17];
const Q: [f32; 5] = [1.0, 134.770_22, 2_474.477_5, 9_353.415, 7_099.401];

/// Between the y of the last tail and of the first that is none.
const Y: f32 = TAIL as f32 / (1u32 << 31) as f32;

/// The 31 bits that say how far a word is from the nearer end.
#[inline(always)]
pub(crate) fn fold(word: u32) -> u32 {
    word ^ ((word as i32) >> 31) as u32
}

/// The normal number of a word, and whether `fold(word) < TAIL`: then the number has no meaning.
#[inline(always)]
pub(crate) fn central(word: u32) -> (f32, bool) {
    let y = nearer(word);
    let v = y * (2.0 - y);
    (signed(word, y, quotient(v, v.sqrt())), y < Y)
}

/// y.
#[inline(always)]
fn nearer(word: u32) -> f32 {
    (fold(word) as i32 as f32 + 0.5) * (1.0 / (1u32 << 31) as f32)
}

/// P / Q at g, the root of v.
#[inline(always)]
fn quotient(v: f32, g: f32) -> f32 {
    let g4 = v * v;
    let p = (P[0] + P[1] * g) + v * (P[2] + P[3] * g) + g4 * (P[4] + P[5] * g);
    let q = (Q[0] + Q[1] * g) + v * (Q[2] + Q[3] * g) + g4 * Q[4];
    p / q
}

/// z from the quotient.
#[inline(always)]
fn signed(word: u32, y: f32, quotient: f32) -> f32 {
    let z = (1.0 - y) * quotient;
    f32::from_bits(z.to_bits() | (!word & 0x8000_0000))
}

/// The normal number of a pixel, by the definition.
pub fn pixel(key: Key, counter: Counter, pixel: u64) -> f32 {
    let bits = stream::pixel(key, counter, pixel);
    let word = (bits >> 32) as u32;
    let (z, tail) = central(word);
    if tail { quantile(bits) as f32 } else { z }
}

/// Numbers of a chunk on a cache line: with that the compiler keeps all that it spills on lines.
#[repr(align(64))]
struct Aligned([f32; CHUNK]);

/// The words of two chunks, of which `turn` says which is the first.
struct Words {
    of: [[u32; CHUNK]; 2],
    turn: usize,
}

/// The normal numbers of a chunk; goes on to the words of the next one.
///
/// Roots and quotients wait for the divider, and the rounds of the generator for their own products:
/// together they take a sixth less time with AVX-512 and AVX2. One after the other, as the code would be
/// simpler, the processor did not see from one to the other.
#[inline(always)]
fn chunk(key: Key, counter: Counter, number: u32, words: &mut Words, z: &mut [f32; CHUNK]) {
    const HALF: usize = philox::ROUNDS / 2;
    let (mut y, mut v, mut g) = ([0f32; CHUNK], [0f32; CHUNK], [0f32; CHUNK]);
    let mut tails = false;
    let now = words.of[words.turn % 2];
    for i in 0..CHUNK {
        y[i] = nearer(now[i]);
        v[i] = y[i] * (2.0 - y[i]);
        g[i] = v[i].sqrt();
        tails |= y[i] < Y;
    }
    let (next_key, next) =
        philox::rounds::<HALF>(key.words(), stream::blocks(counter, number.wrapping_add(1)));
    for i in 0..CHUNK {
        z[i] = quotient(v[i], g[i]);
    }
    let (_, next) = philox::rounds::<{ philox::ROUNDS - HALF }>(next_key, next);
    for i in 0..CHUNK {
        z[i] = signed(now[i], y[i], z[i]);
    }
    words.turn += 1;
    words.of[words.turn % 2] = stream::words(next);
    if tails {
        mend(key, counter, number, words, z);
    }
}

/// Puts in the tails of a chunk; the next one's words are there already.
///
/// That they come along keeps the compiler from making them only after this, when nothing waits any more.
#[cold]
#[inline(never)]
fn mend(key: Key, counter: Counter, number: u32, words: &Words, z: &mut [f32; CHUNK]) {
    let words = words.of[(words.turn + 1) % 2];
    for (at, words) in words.as_chunks::<16>().0.iter().enumerate() {
        // The sign bits as one: to look at each word took longer than to work out the tail.
        if words.iter().fold(0, |signs, word| signs | fold(*word).wrapping_sub(TAIL)) >> 31 == 0 {
            continue;
        }
        for i in (0..16).filter(|i| fold(words[*i]) < TAIL) {
            let extension =
                stream::extension(key, counter, number as u64 * CHUNK as u64 + (16 * at + i) as u64);
            z[16 * at + i] = quantile((words[i] as u64) << 32 | extension as u64) as f32;
        }
    }
}

/// Hands each value and its normal number to `put`, from pixel `first` on.
#[inline(always)]
fn each(key: Key, counter: Counter, first: u64, out: &mut [f32], put: impl Fn(&mut f32, f32)) {
    let mut number = (first / CHUNK as u64) as u32;
    let skipped = (first % CHUNK as u64) as usize;
    let head = if skipped == 0 { 0 } else { (CHUNK - skipped).min(out.len()) };
    let (head, rest) = out.split_at_mut(head);
    let (whole, tail) = rest.as_chunks_mut::<CHUNK>();
    let Aligned(z) = &mut Aligned([0.0; CHUNK]);
    let mut words = Words { of: [stream::chunk(key, counter, number); 2], turn: 0 };
    let mut next = |z: &mut _| {
        chunk(key, counter, number, &mut words, z);
        number = number.wrapping_add(1);
    };
    if !head.is_empty() {
        next(z);
        head.iter_mut().zip(&z[skipped..]).for_each(|(value, z)| put(value, *z));
    }
    for values in whole {
        next(z);
        for i in 0..CHUNK {
            put(&mut values[i], z[i]);
        }
    }
    if !tail.is_empty() {
        next(z);
        tail.iter_mut().zip(&*z).for_each(|(value, z)| put(value, *z));
    }
}

kernel! {
    /// The normal numbers of the pixels from `first` on.
    pub fn fill(key: Key, counter: Counter, first: u64, out: &mut [f32]) {
        each(key, counter, first, out, |value, z| *value = z);
    }
}

kernel! {
    /// Adds `sigma` times the normal numbers of the pixels from `first` on.
    pub fn add(key: Key, counter: Counter, first: u64, sigma: f32, out: &mut [f32]) {
        each(key, counter, first, out, |value, z| *value += sigma * z);
    }
}
