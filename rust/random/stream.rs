//! Which random words belong to what: keys, slots, counters and pixels.
//!
//! Everything drawn has a slot, named by its path (`galaxy.flux`, `noise.gaussian`). A slot's key
//! and a [`Counter`] address each of its words, so a value is a pure function of seed, catalogue,
//! slot, scene, instance and attempt, and moves with nothing else.
//!
//! # Words of a counter
//! | word | holds |
//! |---|---|
//! | 0 | the block; for parameters round << 16, block |
//! | 1 | attempt << 16, instance |
//! | 2, 3 | scene, low and high half |
//!
//! A parameter is drawn from block 0, or from few. A draw that its own cut refuses is drawn anew
//! by the next *attempt*; a scene that `keep` refuses is drawn anew whole by the next *round*, in
//! which every slot counts its attempts from 0 again. Each has 16 bits of its own, so that no
//! words serve twice and neither takes of the other's 65,535: with one count for both, a slot cut
//! to 1 % of its draws would end after some 655 rounds. Round 0 is that of recipes without `keep`.
//! Noise has one word a pixel, no rounds, and its attempt is the realisation.
//!
//! # Words of the pixels
//! Pixel `p` of a plane (in C order) lies in chunk `j = p / 64`, at `q = p % 64`. Its word is
//! word `q % 2` of block `16 j + q / 2` where `q < 32`, else word `2 + q % 2` of block
//! `16 j + (q - 32) / 2`. Its *extension word*, used where 32 bits do not decide, is the word of the
//! same position in the block `| 0x8000_0000`; hence a plane has at most 2^33 pixels.

use super::philox::{self, LANES};
use sha2::{Digest, Sha256};

/// Pixels that share [`LANES`] blocks.
pub const CHUNK: usize = 4 * LANES;

/// The bit of a block's number that marks extension words.
const EXTENSION: u32 = 0x8000_0000;

const LOW: u64 = 0xFFFF_FFFF;

/// A slot's key: the two key words of Philox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key([u32; 2]);

impl Key {
    /// The first 64 bits, little-endian, of SHA-256 over `lightmill/1`, the seed in decimal, the
    /// catalogue's name and the slot's path, with a zero byte between each two.
    pub fn new(seed: u64, catalogue: &str, path: &str) -> Key {
        let digest = Sha256::digest(format!("lightmill/1\0{seed}\0{catalogue}\0{path}"));
        let word =
            |at: usize| u32::from_le_bytes([digest[at], digest[at + 1], digest[at + 2], digest[at + 3]]);
        Key([word(0), word(4)])
    }

    /// The key words.
    pub fn words(self) -> [u32; 2] {
        self.0
    }
}

/// One thing that is drawn: its path in the recipe, and its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Its key.
    pub key: Key,
    /// Its path, `galaxy.flux`.
    pub path: String,
}

impl Slot {
    /// The slot of this path.
    pub fn new(seed: u64, catalogue: &str, path: impl Into<String>) -> Slot {
        let path = path.into();
        Slot { key: Key::new(seed, catalogue, &path), path }
    }
}

/// Where in a slot's stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counter {
    /// The scene.
    pub scene: u64,
    /// The number of the repeat.
    pub instance: u16,
    /// The number of the redraw within the slot; for noise, the realisation.
    pub attempt: u16,
    /// The number of the scene's redraw; for noise 0.
    pub round: u16,
}

impl Counter {
    /// The counter words of one block.
    #[inline(always)]
    pub fn words(self, block: u32) -> [u32; 4] {
        let first = (self.round as u32) << 16 | block;
        let second = (self.attempt as u32) << 16 | self.instance as u32;
        [first, second, self.scene as u32, (self.scene >> 32) as u32]
    }

    /// The random words of one block.
    #[inline]
    pub fn block(self, key: Key, block: u32) -> [u32; 4] {
        philox::block(key.0, self.words(block))
    }
}

/// Block and word of a pixel.
#[inline(always)]
fn place(pixel: u64) -> (u32, usize) {
    let (chunk, q) = (pixel / CHUNK as u64, pixel as usize % CHUNK);
    let (half, q) = (q / (CHUNK / 2), q % (CHUNK / 2));
    ((chunk as u32).wrapping_mul(LANES as u32).wrapping_add((q / 2) as u32), 2 * half + q % 2)
}

/// The 64 random bits of a pixel: its word, high, and its extension word, low.
#[inline]
pub fn pixel(key: Key, counter: Counter, pixel: u64) -> u64 {
    let (block, word) = place(pixel);
    let high = counter.block(key, block)[word];
    (high as u64) << 32 | extension(key, counter, pixel) as u64
}

/// The extension word of a pixel.
#[inline]
pub fn extension(key: Key, counter: Counter, pixel: u64) -> u32 {
    let (block, word) = place(pixel);
    counter.block(key, block | EXTENSION)[word]
}

/// The words of the [`CHUNK`] pixels of one chunk.
#[inline(always)]
pub(crate) fn chunk(key: Key, counter: Counter, chunk: u32) -> [u32; CHUNK] {
    words(philox::lanes(key.0, blocks(counter, chunk)))
}

/// The counters of a chunk's blocks, where the rounds are made apart.
#[inline(always)]
pub(crate) fn blocks(counter: Counter, chunk: u32) -> [philox::Lanes; 4] {
    let first = chunk.wrapping_mul(LANES as u32);
    let [_, second, low, high] = counter.words(0);
    let blocks = std::array::from_fn(|i| first.wrapping_add(i as u32) as u64);
    [blocks, [second as u64; LANES], [low as u64; LANES], [high as u64; LANES]]
}

/// The words of a chunk from those of its blocks.
#[inline(always)]
pub(crate) fn words([c0, c1, c2, c3]: [philox::Lanes; 4]) -> [u32; CHUNK] {
    let mut pairs = [0u64; CHUNK / 2];
    for i in 0..LANES {
        pairs[i] = c0[i] & LOW | c1[i] << 32;
        pairs[LANES + i] = c2[i] & LOW | c3[i] << 32;
    }
    if cfg!(target_endian = "big") {
        pairs = pairs.map(|pair| pair.rotate_left(32));
    }
    // SAFETY: both are plain integers of one size. Word by word, LLVM stores 16 bytes at a time, and the
    // wider loads that follow wait for them: a tenth of the time of a normal number.
    unsafe { std::mem::transmute::<[u64; CHUNK / 2], [u32; CHUNK]>(pairs) }
}

/// The extension words of [`LANES`] pixels.
#[inline(always)]
pub(crate) fn extensions(key: Key, counter: Counter, pixels: &[u64; LANES]) -> [u32; LANES] {
    let [_, second, low, high] = counter.words(0);
    let blocks = pixels.map(|pixel| (place(pixel).0 | EXTENSION) as u64);
    let words =
        philox::lanes(key.0, [blocks, [second as u64; LANES], [low as u64; LANES], [high as u64; LANES]]);
    std::array::from_fn(|i| words[place(pixels[i]).1][i] as u32)
}

/// The random words of block 0 of [`LANES`] consecutive scenes, word by word.
#[inline(always)]
pub(crate) fn scenes(key: Key, first: Counter) -> [[u32; 4]; LANES] {
    let [block, second, ..] = first.words(0);
    let scenes: [u64; LANES] = std::array::from_fn(|i| first.scene.wrapping_add(i as u64));
    let words = philox::lanes(
        key.0,
        [[block as u64; LANES], [second as u64; LANES], scenes, scenes.map(|scene| scene >> 32)],
    );
    std::array::from_fn(|i| words.map(|word| word[i] as u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    const COUNTER: Counter = Counter { scene: 0x1_2345_6789_ABCD, instance: 3, attempt: 7, round: 0 };

    #[test]
    fn a_key_is_the_digest_of_its_four_parts() {
        // printf 'lightmill/1\0007\0sky\0galaxy.flux' | sha256sum begins with these bytes.
        assert_eq!(Key::new(7, "sky", "galaxy.flux").words(), [0xCB94_9995, 0x6463_C836]);
    }

    #[test]
    fn a_counter_says_block_attempt_instance_scene() {
        assert_eq!(COUNTER.words(9), [9, 0x0007_0003, 0x6789_ABCD, 0x0001_2345]);
    }

    #[test]
    fn a_round_has_blocks_of_its_own() {
        let round = Counter { round: 0xFFFE, ..COUNTER };
        assert_eq!(round.words(1), [0xFFFE_0001, 0x0007_0003, 0x6789_ABCD, 0x0001_2345]);
    }

    #[test]
    fn a_chunk_holds_the_words_of_its_pixels() {
        let key = Key::new(1, "", "noise");
        for number in [0, 1, 77] {
            let words = chunk(key, COUNTER, number);
            for q in 0..CHUNK as u64 {
                let pixel = pixel(key, COUNTER, number as u64 * CHUNK as u64 + q);
                assert_eq!(words[q as usize], (pixel >> 32) as u32);
            }
        }
    }

    #[test]
    fn the_map_is_the_documented_one() {
        assert_eq!(
            [0, 1, 2, 31, 32, 33, 63, 64].map(place),
            [(0, 0), (0, 1), (1, 0), (15, 1), (0, 2), (0, 3), (15, 3), (16, 0)]
        );
    }

    #[test]
    fn extension_words_are_those_of_the_marked_blocks() {
        let key = Key::new(1, "", "noise");
        let pixels = std::array::from_fn(|i| (i * i * 37) as u64);
        let many = extensions(key, COUNTER, &pixels);
        for (i, &at) in pixels.iter().enumerate() {
            let (block, word) = place(at);
            assert_eq!(many[i], COUNTER.block(key, block | 0x8000_0000)[word]);
            assert_eq!(many[i], extension(key, COUNTER, at));
        }
    }

    #[test]
    fn scenes_follow_each_other_across_the_halves() {
        let key = Key::new(1, "", "x");
        let first = Counter { scene: 0xFFFF_FFF8, round: 5, ..COUNTER };
        for (i, words) in scenes(key, first).into_iter().enumerate() {
            let counter = Counter { scene: first.scene + i as u64, ..first };
            assert_eq!(words, counter.block(key, 0));
        }
    }
}
