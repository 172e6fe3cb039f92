//! Sixteen floats that go through arithmetic together, in the registers of each instruction set.
//!
//! The compiler makes good vector code of plain arrays in short loops, but not of lookups, transposes
//! and long runs of butterflies: there a galaxy took three times as long. Every operation here is exact
//! or rounds once, so that all types give the same bits.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod plain;

#[cfg(target_arch = "x86_64")]
pub(crate) use avx2::Avx2;
#[cfg(target_arch = "x86_64")]
pub(crate) use avx512::Avx512;
pub(crate) use plain::Plain;

use std::ops::{Add, Mul, Sub};

/// How many they are.
pub(crate) const LANES: usize = 16;

/// A run of them in memory, on a cache line.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C, align(64))]
pub(crate) struct Block(pub(crate) [f32; LANES]);

impl Block {
    pub(crate) const ZERO: Block = Block([0.0; LANES]);
}

/// Entries of a table that is looked up by the leading bits of a float: a value, and the rise to the
/// next one.
pub(crate) type Pairs = [[f32; 2]];

/// Where the leading bits of a float begin, and what is taken off them.
#[derive(Clone, Copy)]
pub(crate) struct Key<const SHIFT: u32> {
    pub(crate) base: u32,
}

/// Where the leading bits of a float begin, and those of the first piece of a table of 16.
#[derive(Clone, Copy)]
pub(crate) struct Split {
    pub(crate) shift: u32,
    pub(crate) base: u32,
}

/// Sixteen floats.
///
/// # Safety
/// A type stands for instructions: only `kernel!` names one, where the processor has them.
pub(crate) trait Lanes: Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> {
    /// Numbers of entries of tables of 16.
    type Piece: Copy;

    fn splat(value: f32) -> Self;
    fn load(from: &[f32; LANES]) -> Self;
    fn store(self, to: &mut [f32; LANES]);
    /// In the opposite order.
    fn reversed(self) -> Self;
    /// Value plus rise times the part of the way to the next entry, for positive floats; all beyond `top`
    /// have its entry. The table must be longer than `top`.
    fn look<const SHIFT: u32>(self, table: &Pairs, key: Key<SHIFT>, top: usize) -> Self;
    /// Which pieces positive floats are in, those beyond the last one in that, and how far: from 1 on.
    fn split(self, at: Split) -> (Self::Piece, Self);
    /// Each lane's own entry of a table.
    fn pick(piece: Self::Piece, table: &Block) -> Self;
    /// Writes these as the values and the others as the rises of 16 entries.
    fn store_pairs(self, rises: Self, to: &mut Pairs);
    /// Writes 16 runs as 16 columns: the first float of each into the first row, and so on.
    fn turn(runs: &[Block; LANES], rows: &mut [Block], stride: usize);

    #[inline(always)]
    fn zero() -> Self {
        Self::splat(0.0)
    }
}

#[cfg(test)]
mod tests;
