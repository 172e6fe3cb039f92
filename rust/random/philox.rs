//! Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw (2011),
//! "Parallel random numbers: as easy as 1, 2, 3", SC '11, doi:10.1145/2063384.2063405.

/// What a key's words grow by each round (the golden ratio, the square root of three less one).
const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];
const MULTIPLIER: [u64; 2] = [0xD251_1F53, 0xCD9E_8D57];
pub(crate) const ROUNDS: usize = 10;
const LOW: u64 = 0xFFFF_FFFF;

/// Blocks that [`lanes`] makes at once.
pub const LANES: usize = 16;

/// One word of [`LANES`] blocks, in the low 32 bits; the high ones hold anything.
///
/// With 32-bit lanes and widened products LLVM widens, narrows and shuffles each round; 64-bit lanes
/// need one multiplication and two xors a product, and no shuffle at all. Eight lanes are not
/// vectorised on SSE2, 32 spill there.
pub type Lanes = [u64; LANES];

/// The four words of one block.
#[inline]
pub fn block(key: [u32; 2], counter: [u32; 4]) -> [u32; 4] {
    let [mut c0, mut c1, mut c2, mut c3] = counter;
    let [mut k0, mut k1] = key;
    for _ in 0..ROUNDS {
        let p0 = c0 as u64 * MULTIPLIER[0];
        let p1 = c2 as u64 * MULTIPLIER[1];
        (c0, c2) = ((p1 >> 32) as u32 ^ c1 ^ k0, (p0 >> 32) as u32 ^ c3 ^ k1);
        (c1, c3) = (p1 as u32, p0 as u32);
        k0 = k0.wrapping_add(WEYL[0]);
        k1 = k1.wrapping_add(WEYL[1]);
    }
    [c0, c1, c2, c3]
}

/// The four words of each of [`LANES`] blocks, whose counters are given word by word.
#[inline(always)]
pub fn lanes(key: [u32; 2], counter: [Lanes; 4]) -> [Lanes; 4] {
    rounds::<ROUNDS>(key, counter).1
}

/// Some of the rounds: the key of the next one, and the words so far.
#[inline(always)]
pub(crate) fn rounds<const N: usize>(key: [u32; 2], counter: [Lanes; 4]) -> ([u32; 2], [Lanes; 4]) {
    let [mut c0, mut c1, mut c2, mut c3] = counter;
    let [mut k0, mut k1] = key;
    for _ in 0..N {
        for i in 0..LANES {
            let p0 = (c0[i] & LOW) * MULTIPLIER[0];
            let p1 = (c2[i] & LOW) * MULTIPLIER[1];
            c0[i] = (p1 >> 32) ^ c1[i] ^ k0 as u64;
            c2[i] = (p0 >> 32) ^ c3[i] ^ k1 as u64;
            c1[i] = p1;
            c3[i] = p0;
        }
        k0 = k0.wrapping_add(WEYL[0]);
        k1 = k1.wrapping_add(WEYL[1]);
    }
    ([k0, k1], [c0, c1, c2, c3])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `kat_vectors` of Random123 1.14: philox4x32 with 10 rounds; counter, key, result.
    const KNOWN: [([u32; 4], [u32; 2], [u32; 4]); 3] = [
        ([0; 4], [0; 2], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
        ([u32::MAX; 4], [u32::MAX; 2], [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
        (
            [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
            [0xa409_3822, 0x299f_31d0],
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1],
        ),
    ];

    #[test]
    fn a_block_gives_the_authors_known_answers() {
        for (counter, key, answer) in KNOWN {
            assert_eq!(block(key, counter), answer);
        }
    }

    #[test]
    fn lanes_give_the_blocks() {
        for (counter, key, _) in KNOWN {
            let of =
                |i: usize| std::array::from_fn(|word| counter[word].wrapping_add((i * (word + 1)) as u32));
            let many = lanes(key, std::array::from_fn(|word| std::array::from_fn(|i| of(i)[word] as u64)));
            for i in 0..LANES {
                assert_eq!(many.map(|word| word[i] as u32), block(key, of(i)));
            }
        }
    }
}
