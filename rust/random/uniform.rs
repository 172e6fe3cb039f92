//! Uniform numbers from the words of one block.

/// The first 64 bits of a block: word 0 is the high half.
#[inline(always)]
pub fn bits(words: [u32; 4]) -> u64 {
    (words[0] as u64) << 32 | words[1] as u64
}

/// All 128 bits of a block, [`bits`] being the high half.
#[inline(always)]
pub fn wide(words: [u32; 4]) -> u128 {
    (bits(words) as u128) << 64 | (words[2] as u128) << 32 | words[3] as u128
}

/// A uniform number in (0, 1) from 64 bits: (floor(bits / 2^12) + 1/2) / 2^52.
///
/// Every value is exact in f64, neither end occurs, and the map is symmetric about 1/2. With 53
/// bits the last value would round to 1.
#[inline(always)]
pub fn unit(bits: u64) -> f64 {
    ((bits >> 12) as i64 as f64 + 0.5) * (1.0 / (1u64 << 52) as f64)
}

/// A uniform number between two others.
#[inline(always)]
pub fn between(low: f64, high: f64, bits: u64) -> f64 {
    let value = low + (high - low) * unit(bits);
    // The rounded width can be half a unit too wide.
    if value > high { high } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_are_out_and_the_map_is_symmetric() {
        assert_eq!(unit(0), 0.5f64 / 4503599627370496.0);
        assert_eq!(1.0 - unit(u64::MAX), unit(0));
        assert!(unit(u64::MAX) < 1.0);
        for bits in [1, 1 << 12, 1 << 40, 0x0123_4567_89AB_CDEF] {
            assert_eq!(unit(!bits), 1.0 - unit(bits));
        }
    }

    #[test]
    fn a_value_never_leaves_its_interval() {
        for (low, high) in [(0.0, 1.0), (-1e300, 1e300), (1.0, 1.0 + f64::EPSILON), (0.1, 0.3), (5.0, 5.0)] {
            for bits in [0, 1 << 63, u64::MAX] {
                let value = between(low, high, bits);
                assert!((low..=high).contains(&value), "{low} {high} {value}");
            }
        }
    }

    #[test]
    fn the_first_word_is_the_high_half() {
        assert_eq!(bits([1, 2, 3, 4]), 0x1_0000_0002);
        assert_eq!(wide([1, 2, 3, 4]), 0x1_0000_0002_0000_0003_0000_0004);
    }
}
