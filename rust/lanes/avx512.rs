//! For processors with AVX-512: one register.

use super::{Block, Key, LANES, Lanes, Pairs, Split};
use std::arch::x86_64::*;
use std::ops::{Add, Mul, Sub};

#[derive(Clone, Copy)]
pub(crate) struct Avx512(__m512);

macro_rules! operator {
    ($trait:ident, $name:ident, $instruction:ident) => {
        impl $trait for Avx512 {
            type Output = Avx512;
            #[inline(always)]
            fn $name(self, other: Avx512) -> Avx512 {
                // SAFETY: `Lanes` asks for the instructions.
                Avx512(unsafe { $instruction(self.0, other.0) })
            }
        }
    };
}
operator!(Add, add, _mm512_add_ps);
operator!(Sub, sub, _mm512_sub_ps);
operator!(Mul, mul, _mm512_mul_ps);

impl Lanes for Avx512 {
    type Piece = __m512i;

    #[inline(always)]
    fn splat(value: f32) -> Avx512 {
        // SAFETY: `Lanes` asks for the instructions.
        Avx512(unsafe { _mm512_set1_ps(value) })
    }

    #[inline(always)]
    fn load(from: &[f32; LANES]) -> Avx512 {
        // SAFETY: as above; there are 16 floats.
        Avx512(unsafe { _mm512_loadu_ps(from.as_ptr()) })
    }

    #[inline(always)]
    fn store(self, to: &mut [f32; LANES]) {
        // SAFETY: as above; there is room for 16 floats.
        unsafe { _mm512_storeu_ps(to.as_mut_ptr(), self.0) }
    }

    #[inline(always)]
    fn reversed(self) -> Avx512 {
        // SAFETY: `Lanes` asks for the instructions.
        unsafe {
            let order = _mm512_set_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
            Avx512(_mm512_permutexvar_ps(order, self.0))
        }
    }

    #[inline(always)]
    fn look<const SHIFT: u32>(self, table: &Pairs, key: Key<SHIFT>, top: usize) -> Avx512 {
        let table = &table[..=top];
        // SAFETY: the instructions as above; every index is at most `top`, which is in the table.
        unsafe {
            let bits = _mm512_castps_si512(self.0);
            let count = _mm512_set1_epi32(SHIFT as i32);
            let j = _mm512_sub_epi32(_mm512_srlv_epi32(bits, count), _mm512_set1_epi32(key.base as i32));
            let j = _mm512_min_epu32(j, _mm512_set1_epi32(top as i32));
            let part = _mm512_and_si512(bits, _mm512_set1_epi32((1 << SHIFT) - 1));
            let part = _mm512_mul_ps(_mm512_cvtepi32_ps(part), _mm512_set1_ps(1.0 / (1_u32 << SHIFT) as f32));
            let at = table.as_ptr().cast::<f64>();
            let low = _mm512_i32gather_pd::<8>(_mm512_castsi512_si256(j), at);
            let high = _mm512_i32gather_pd::<8>(_mm512_extracti64x4_epi64::<1>(j), at);
            let (low, high) = (_mm512_castpd_ps(low), _mm512_castpd_ps(high));
            let even = _mm512_set_epi32(30, 28, 26, 24, 22, 20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0);
            let odd = _mm512_set_epi32(31, 29, 27, 25, 23, 21, 19, 17, 15, 13, 11, 9, 7, 5, 3, 1);
            let values = _mm512_permutex2var_ps(low, even, high);
            let rises = _mm512_permutex2var_ps(low, odd, high);
            Avx512(_mm512_add_ps(values, _mm512_mul_ps(rises, part)))
        }
    }

    #[inline(always)]
    fn split(self, at: Split) -> (__m512i, Avx512) {
        // SAFETY: the instructions as above.
        unsafe {
            let bits = _mm512_castps_si512(self.0);
            let leading = _mm512_srl_epi32(bits, _mm_cvtsi32_si128(at.shift as i32));
            let piece = _mm512_sub_epi32(leading, _mm512_set1_epi32(at.base as i32));
            let last = _mm512_set1_epi32(LANES as i32 - 1);
            let rest = _mm512_and_si512(bits, _mm512_set1_epi32((1 << at.shift) - 1));
            let place = _mm512_or_si512(rest, _mm512_castps_si512(_mm512_set1_ps(1.0)));
            (_mm512_min_epu32(piece, last), Avx512(_mm512_castsi512_ps(place)))
        }
    }

    #[inline(always)]
    fn pick(piece: __m512i, table: &Block) -> Avx512 {
        // SAFETY: the instructions as above; a block is 16 floats on a cache line.
        unsafe { Avx512(_mm512_permutexvar_ps(piece, _mm512_load_ps(table.0.as_ptr()))) }
    }

    #[inline(always)]
    fn store_pairs(self, rises: Avx512, to: &mut Pairs) {
        let to = to[..LANES].as_mut_ptr().cast::<f32>();
        // SAFETY: the instructions as above; there is room for 16 pairs.
        unsafe {
            let low = _mm512_set_epi32(23, 7, 22, 6, 21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
            let high = _mm512_set_epi32(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8);
            _mm512_storeu_ps(to, _mm512_permutex2var_ps(self.0, low, rises.0));
            _mm512_storeu_ps(to.add(LANES), _mm512_permutex2var_ps(self.0, high, rises.0));
        }
    }

    #[inline(always)]
    fn turn(runs: &[Block; LANES], rows: &mut [Block], stride: usize) {
        let rows = &mut rows[..(LANES - 1) * stride + 1];
        // SAFETY: `Lanes` asks for the instructions.
        unsafe {
            let mut x = [_mm512_setzero_ps(); LANES];
            for i in 0..LANES {
                x[i] = _mm512_load_ps(runs[i].0.as_ptr());
            }
            let mut y = x;
            for i in 0..LANES / 2 {
                y[2 * i] = _mm512_unpacklo_ps(x[2 * i], x[2 * i + 1]);
                y[2 * i + 1] = _mm512_unpackhi_ps(x[2 * i], x[2 * i + 1]);
            }
            for i in 0..LANES / 4 {
                let (a, b) = (_mm512_castps_pd(y[4 * i]), _mm512_castps_pd(y[4 * i + 2]));
                let (c, d) = (_mm512_castps_pd(y[4 * i + 1]), _mm512_castps_pd(y[4 * i + 3]));
                x[4 * i] = _mm512_castpd_ps(_mm512_unpacklo_pd(a, b));
                x[4 * i + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(a, b));
                x[4 * i + 2] = _mm512_castpd_ps(_mm512_unpacklo_pd(c, d));
                x[4 * i + 3] = _mm512_castpd_ps(_mm512_unpackhi_pd(c, d));
            }
            for c in 0..4 {
                let even = _mm512_shuffle_f32x4::<0x88>(x[c], x[4 + c]);
                let even_rest = _mm512_shuffle_f32x4::<0x88>(x[8 + c], x[12 + c]);
                let odd = _mm512_shuffle_f32x4::<0xdd>(x[c], x[4 + c]);
                let odd_rest = _mm512_shuffle_f32x4::<0xdd>(x[8 + c], x[12 + c]);
                y[c] = _mm512_shuffle_f32x4::<0x88>(even, even_rest);
                y[4 + c] = _mm512_shuffle_f32x4::<0x88>(odd, odd_rest);
                y[8 + c] = _mm512_shuffle_f32x4::<0xdd>(even, even_rest);
                y[12 + c] = _mm512_shuffle_f32x4::<0xdd>(odd, odd_rest);
            }
            for i in 0..LANES {
                _mm512_store_ps(rows[i * stride].0.as_mut_ptr(), y[i]);
            }
        }
    }
}
