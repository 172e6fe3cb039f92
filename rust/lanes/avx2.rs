//! For processors with AVX2: two registers.

use super::{Block, Key, LANES, Lanes, Pairs, Split};
use std::arch::x86_64::*;
use std::ops::{Add, Mul, Sub};

#[derive(Clone, Copy)]
pub(crate) struct Avx2(__m256, __m256);

macro_rules! operator {
    ($trait:ident, $name:ident, $instruction:ident) => {
        impl $trait for Avx2 {
            type Output = Avx2;
            #[inline(always)]
            fn $name(self, other: Avx2) -> Avx2 {
                // SAFETY: `Lanes` asks for the instructions.
                unsafe { Avx2($instruction(self.0, other.0), $instruction(self.1, other.1)) }
            }
        }
    };
}
operator!(Add, add, _mm256_add_ps);
operator!(Sub, sub, _mm256_sub_ps);
operator!(Mul, mul, _mm256_mul_ps);

/// Eight lookups. Gathers are slower than loads on most processors that have no AVX-512.
#[inline(always)]
fn look<const SHIFT: u32>(u: __m256, table: &Pairs, key: Key<SHIFT>, top: usize) -> __m256 {
    let table = &table[..=top];
    let mut at = [0_u32; 8];
    // SAFETY: the instructions as above; every index is at most `top`, which is in the table.
    unsafe {
        let bits = _mm256_castps_si256(u);
        let count = _mm256_set1_epi32(SHIFT as i32);
        let j = _mm256_sub_epi32(_mm256_srlv_epi32(bits, count), _mm256_set1_epi32(key.base as i32));
        let j = _mm256_min_epu32(j, _mm256_set1_epi32(top as i32));
        _mm256_storeu_si256(at.as_mut_ptr().cast(), j);
        let part = _mm256_and_si256(bits, _mm256_set1_epi32((1 << SHIFT) - 1));
        let part = _mm256_mul_ps(_mm256_cvtepi32_ps(part), _mm256_set1_ps(1.0 / (1_u32 << SHIFT) as f32));
        let pairs = table.as_ptr().cast::<f64>();
        let mut two = [_mm_setzero_pd(); 4];
        for i in 0..4 {
            let first = _mm_load_sd(pairs.add(at[2 * i] as usize));
            two[i] = _mm_loadh_pd(first, pairs.add(at[2 * i + 1] as usize));
        }
        let low = _mm256_castpd_ps(_mm256_set_m128d(two[2], two[0]));
        let high = _mm256_castpd_ps(_mm256_set_m128d(two[3], two[1]));
        let values = _mm256_shuffle_ps::<0x88>(low, high);
        let rises = _mm256_shuffle_ps::<0xdd>(low, high);
        _mm256_add_ps(values, _mm256_mul_ps(rises, part))
    }
}

/// In the opposite order.
#[inline(always)]
fn reversed(x: __m256) -> __m256 {
    // SAFETY: `Lanes` asks for the instructions.
    unsafe { _mm256_permutevar8x32_ps(x, _mm256_set_epi32(0, 1, 2, 3, 4, 5, 6, 7)) }
}

/// Eight runs of eight as columns.
#[inline(always)]
fn turned(x: [__m256; 8]) -> [__m256; 8] {
    // SAFETY: `Lanes` asks for the instructions.
    unsafe {
        let (mut y, mut z) = (x, x);
        for i in 0..4 {
            y[2 * i] = _mm256_unpacklo_ps(x[2 * i], x[2 * i + 1]);
            y[2 * i + 1] = _mm256_unpackhi_ps(x[2 * i], x[2 * i + 1]);
        }
        for i in 0..2 {
            z[4 * i] = _mm256_shuffle_ps::<0x44>(y[4 * i], y[4 * i + 2]);
            z[4 * i + 1] = _mm256_shuffle_ps::<0xee>(y[4 * i], y[4 * i + 2]);
            z[4 * i + 2] = _mm256_shuffle_ps::<0x44>(y[4 * i + 1], y[4 * i + 3]);
            z[4 * i + 3] = _mm256_shuffle_ps::<0xee>(y[4 * i + 1], y[4 * i + 3]);
        }
        for i in 0..4 {
            y[i] = _mm256_permute2f128_ps::<0x20>(z[i], z[4 + i]);
            y[4 + i] = _mm256_permute2f128_ps::<0x31>(z[i], z[4 + i]);
        }
        y
    }
}

/// Pieces and places of eight.
#[inline(always)]
fn split(u: __m256, at: Split) -> (__m256i, __m256) {
    // SAFETY: `Lanes` asks for the instructions.
    unsafe {
        let bits = _mm256_castps_si256(u);
        let leading = _mm256_srl_epi32(bits, _mm_cvtsi32_si128(at.shift as i32));
        let piece = _mm256_sub_epi32(leading, _mm256_set1_epi32(at.base as i32));
        let last = _mm256_set1_epi32(LANES as i32 - 1);
        let rest = _mm256_and_si256(bits, _mm256_set1_epi32((1 << at.shift) - 1));
        let place = _mm256_or_si256(rest, _mm256_castps_si256(_mm256_set1_ps(1.0)));
        (_mm256_min_epu32(piece, last), _mm256_castsi256_ps(place))
    }
}

/// Entries of both halves of a table, by the numbers' last three bits and by their fourth.
#[inline(always)]
fn pick(piece: __m256i, low: __m256, high: __m256) -> __m256 {
    // SAFETY: as above.
    unsafe {
        let (low, high) = (_mm256_permutevar8x32_ps(low, piece), _mm256_permutevar8x32_ps(high, piece));
        _mm256_blendv_ps(low, high, _mm256_castsi256_ps(_mm256_slli_epi32::<28>(piece)))
    }
}

impl Lanes for Avx2 {
    type Piece = (__m256i, __m256i);

    #[inline(always)]
    fn splat(value: f32) -> Avx2 {
        // SAFETY: `Lanes` asks for the instructions.
        unsafe { Avx2(_mm256_set1_ps(value), _mm256_set1_ps(value)) }
    }

    #[inline(always)]
    fn load(from: &[f32; LANES]) -> Avx2 {
        // SAFETY: as above; there are 16 floats.
        unsafe { Avx2(_mm256_loadu_ps(from.as_ptr()), _mm256_loadu_ps(from.as_ptr().add(8))) }
    }

    #[inline(always)]
    fn store(self, to: &mut [f32; LANES]) {
        // SAFETY: as above; there is room for 16 floats.
        unsafe {
            _mm256_storeu_ps(to.as_mut_ptr(), self.0);
            _mm256_storeu_ps(to.as_mut_ptr().add(8), self.1);
        }
    }

    #[inline(always)]
    fn reversed(self) -> Avx2 {
        Avx2(reversed(self.1), reversed(self.0))
    }

    #[inline(always)]
    fn look<const SHIFT: u32>(self, table: &Pairs, key: Key<SHIFT>, top: usize) -> Avx2 {
        Avx2(look(self.0, table, key, top), look(self.1, table, key, top))
    }

    #[inline(always)]
    fn split(self, at: Split) -> ((__m256i, __m256i), Avx2) {
        let (first, second) = (split(self.0, at), split(self.1, at));
        ((first.0, second.0), Avx2(first.1, second.1))
    }

    #[inline(always)]
    fn pick(piece: (__m256i, __m256i), table: &Block) -> Avx2 {
        let Avx2(low, high) = Avx2::load(&table.0);
        Avx2(pick(piece.0, low, high), pick(piece.1, low, high))
    }

    #[inline(always)]
    fn store_pairs(self, rises: Avx2, to: &mut Pairs) {
        let to = to[..LANES].as_mut_ptr().cast::<f32>();
        for (half, (x, y)) in [(self.0, rises.0), (self.1, rises.1)].into_iter().enumerate() {
            // SAFETY: the instructions as above; there is room for 16 pairs.
            unsafe {
                let (low, high) = (_mm256_unpacklo_ps(x, y), _mm256_unpackhi_ps(x, y));
                let to = to.add(half * LANES);
                _mm256_storeu_ps(to, _mm256_permute2f128_ps::<0x20>(low, high));
                _mm256_storeu_ps(to.add(LANES / 2), _mm256_permute2f128_ps::<0x31>(low, high));
            }
        }
    }

    #[inline(always)]
    fn turn(runs: &[Block; LANES], rows: &mut [Block], stride: usize) {
        let rows = &mut rows[..(LANES - 1) * stride + 1];
        for (from, to) in [(0, 0), (0, 8), (8, 0), (8, 8)] {
            // SAFETY: the instructions as above; half a block is 8 floats.
            unsafe {
                let mut x = [_mm256_setzero_ps(); 8];
                for i in 0..8 {
                    x[i] = _mm256_load_ps(runs[from + i].0.as_ptr().add(to));
                }
                let y = turned(x);
                for i in 0..8 {
                    _mm256_store_ps(rows[(to + i) * stride].0.as_mut_ptr().add(from), y[i]);
                }
            }
        }
    }
}
