//! Numbers that are moved side by side.

use crate::isa::kernel;

/// How many.
pub const LANES: usize = 8;

/// One number of each of eight runs, or of each of eight bodies of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C, align(64))]
pub struct Block(pub [f64; LANES]);

impl Block {
    /// All 0.
    pub const ZERO: Block = Block([0.0; LANES]);

    /// All the same.
    #[inline(always)]
    pub const fn splat(value: f64) -> Block {
        Block([value; LANES])
    }

    /// Each of them through a function.
    #[inline(always)]
    pub fn map(self, f: impl Fn(f64) -> f64) -> Block {
        Block(self.0.map(f))
    }

    /// Their sum, in an order that is always the same.
    #[inline(always)]
    pub fn sum(self) -> f64 {
        let [a, b, c, d, e, f, g, h] = self.0;
        ((a + b) + (c + d)) + ((e + f) + (g + h))
    }

    /// The [`Block::sum`] of each of eight.
    #[inline(always)]
    pub fn sums(of: &[Block; LANES]) -> Block {
        let [a, b, c, d, e, f, g, h] = of;
        pairs(&pairs(&pairs(a, b), &pairs(c, d)), &pairs(&pairs(e, f), &pairs(g, h)))
    }

    /// The largest; NaN if there is one.
    pub fn largest(self) -> f64 {
        self.0
            .into_iter()
            .fold(f64::NEG_INFINITY, |most, each| if each > most || each.is_nan() { each } else { most })
    }
}

/// The sums of neighbours in one block, then in another.
#[inline(always)]
fn pairs(first: &Block, second: &Block) -> Block {
    const HALF: usize = LANES / 2;
    let mut sums = Block::ZERO;
    for l in 0..HALF {
        sums.0[l] = first.0[2 * l] + first.0[2 * l + 1];
        sums.0[l + HALF] = second.0[2 * l] + second.0[2 * l + 1];
    }
    sums
}

/// Makes each the larger of itself and another's size.
#[inline(always)]
pub fn grow(most: &mut Block, each: &Block) {
    for l in 0..LANES {
        let size = each.0[l].abs();
        most.0[l] = if size > most.0[l] { size } else { most.0[l] };
    }
}

kernel! {
    /// The largest size in each lane.
    pub fn largest(blocks: &[Block]) -> Block {
        let mut most = Block::ZERO;
        for block in blocks {
            grow(&mut most, block);
        }
        most
    }
}

kernel! {
    /// Takes the damping -c v into accelerations.
    pub fn damp(rate: &Block, v: &[Block], a: &mut [Block]) {
        for (v, a) in v.iter().zip(a) {
            for l in 0..LANES {
                a.0[l] -= rate.0[l] * v.0[l];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_eight_are_those_of_each() {
        let number = |l: usize, i: usize| 1.0 / (1.0 + (l * LANES + i) as f64);
        let blocks: [Block; LANES] = std::array::from_fn(|l| Block(std::array::from_fn(|i| number(l, i))));
        assert_eq!(Block::sums(&blocks).0, blocks.map(Block::sum));
    }
}
