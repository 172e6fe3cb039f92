//! Splits (train, validation, test, ...) in exact proportion.
//!
//! Scenes come in blocks of 1,000. In each, a permutation made from the split's key and the block's
//! number gives every scene a rank, and the ranks are dealt out in the order of the splits. So a
//! scene's split is a function of its number, and every block holds the same numbers of each.

use super::integers;
use super::stream::{Counter, Key};
use super::uniform;

/// Scenes in a block.
pub const BLOCK: usize = 1000;

/// How many of each block's scenes belong to which split.
#[derive(Clone, Debug, PartialEq)]
pub struct Splits {
    key: Key,
    /// The rank where each split ends.
    ends: Vec<u16>,
}

impl Splits {
    /// Splits of these fractions, rounded to whole thousandths.
    ///
    /// # Errors
    /// No fraction, one that is not above 0, one that gets none of 1,000 scenes, or a sum that is not
    /// within 1e-9 of 1.
    pub fn new(key: Key, fractions: &[f64]) -> Result<Splits, String> {
        if let Some(fraction) = fractions.iter().find(|fraction| !(**fraction > 0.0)) {
            return Err(format!("splits: the fraction {fraction}; fractions must be above 0"));
        }
        let total: f64 = fractions.iter().sum();
        if !((total - 1.0).abs() <= 1e-9) {
            return Err(format!("splits: the fractions sum to {total}; they must sum to 1"));
        }
        let mut sum = 0.0;
        let mut ends = Vec::with_capacity(fractions.len());
        for fraction in fractions {
            sum += fraction;
            let end = (sum * BLOCK as f64 + 0.5) as u16;
            if end == ends.last().copied().unwrap_or(0) {
                return Err(format!("splits: the fraction {fraction} is less than one scene in {BLOCK}"));
            }
            ends.push(end);
        }
        Ok(Splits { key, ends })
    }

    /// The splits of a block's scenes, in their order.
    pub fn deal(&self, block: u64) -> Dealt {
        let ranks = permutation(self.key, block);
        let split = |rank: u16| self.ends.partition_point(|end| *end <= rank) as u16;
        Dealt { block, splits: ranks.map(split) }
    }

    /// The split of one scene.
    pub fn of(&self, scene: u64) -> u16 {
        self.deal(scene / BLOCK as u64).splits[(scene % BLOCK as u64) as usize]
    }

    /// The split of a scene, from the block dealt last where it is that scene's (10 us a block
    /// otherwise).
    pub fn of_cached(&self, scene: u64, last: &mut Option<Dealt>) -> u16 {
        let block = scene / BLOCK as u64;
        let dealt = match last.take() {
            Some(dealt) if dealt.block == block => dealt,
            _ => self.deal(block),
        };
        let split = dealt.splits[(scene % BLOCK as u64) as usize];
        *last = Some(dealt);
        split
    }
}

/// The splits of one block's scenes.
#[derive(Clone, Debug, PartialEq)]
pub struct Dealt {
    block: u64,
    splits: [u16; BLOCK],
}

impl Dealt {
    /// The split of the scene at this place of the block, from 0 to 999 (taken modulo 1,000).
    pub fn split(&self, place: usize) -> u16 {
        self.splits[place % BLOCK]
    }
}

/// A permutation of 0..1000 by Fisher and Yates's shuffle, exchange `i` by the words of block `i` of the
/// block's own stream, off even chances by less than 2^-128 an exchange.
fn permutation(key: Key, block: u64) -> [u16; BLOCK] {
    let mut ranks = std::array::from_fn(|i| i as u16);
    let counter = Counter { scene: block, ..Counter::default() };
    for i in (1..BLOCK).rev() {
        let other = integers::below(i as u64 + 1, uniform::wide(counter.block(key, i as u32)));
        ranks.swap(i, other as usize);
    }
    ranks
}
