//! Whole numbers without bias.

/// A number below `count` from 128 random bits: the integer part of count · bits / 2^128.
///
/// Each number's probability is off 1/count by less than 2^-128.
#[inline(always)]
pub fn below(count: u64, bits: u128) -> u64 {
    let count = count as u128;
    let low = (bits & u64::MAX as u128) * count;
    let high = (bits >> 64) * count;
    ((high + (low >> 64)) >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_share_the_range_evenly() {
        for count in [1u64, 2, 3, 7, 1000, 1 << 53, u64::MAX] {
            assert_eq!(below(count, 0), 0);
            assert_eq!(below(count, u128::MAX), count - 1);
            let step = u128::MAX / count as u128;
            for k in [0, 1, count / 2, count - 1].into_iter().filter(|k| *k < count) {
                assert_eq!(below(count, step * k as u128 + step / 2), k);
            }
        }
    }
}
