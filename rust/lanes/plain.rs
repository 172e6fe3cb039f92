//! For processors of which nothing is known.

use super::{Block, Key, LANES, Lanes, Pairs, Split};
use std::ops::{Add, Mul, Sub};

#[derive(Clone, Copy)]
pub(crate) struct Plain([f32; LANES]);

macro_rules! operator {
    ($trait:ident, $name:ident, $sign:tt) => {
        impl $trait for Plain {
            type Output = Plain;
            #[inline(always)]
            fn $name(mut self, other: Plain) -> Plain {
                for i in 0..LANES {
                    self.0[i] $sign other.0[i];
                }
                self
            }
        }
    };
}
operator!(Add, add, +=);
operator!(Sub, sub, -=);
operator!(Mul, mul, *=);

impl Lanes for Plain {
    type Piece = [u32; LANES];

    #[inline(always)]
    fn splat(value: f32) -> Plain {
        Plain([value; LANES])
    }

    #[inline(always)]
    fn load(from: &[f32; LANES]) -> Plain {
        Plain(*from)
    }

    #[inline(always)]
    fn store(self, to: &mut [f32; LANES]) {
        *to = self.0;
    }

    #[inline(always)]
    fn reversed(mut self) -> Plain {
        self.0.reverse();
        self
    }

    #[inline(always)]
    fn look<const SHIFT: u32>(self, table: &Pairs, key: Key<SHIFT>, top: usize) -> Plain {
        let table = &table[..=top];
        let (mut values, mut rises) = ([0.0; LANES], [0.0; LANES]);
        for i in 0..LANES {
            let j = (self.0[i].to_bits() >> SHIFT).wrapping_sub(key.base) as usize;
            [values[i], rises[i]] = table[if j < top { j } else { top }];
        }
        for i in 0..LANES {
            let part = (self.0[i].to_bits() & ((1 << SHIFT) - 1)) as i32 as f32;
            values[i] += rises[i] * (part * (1.0 / (1_u32 << SHIFT) as f32));
        }
        Plain(values)
    }

    #[inline(always)]
    fn split(mut self, at: Split) -> ([u32; LANES], Plain) {
        let mut pieces = [0; LANES];
        for (lane, found) in self.0.iter_mut().zip(&mut pieces) {
            let bits = lane.to_bits();
            let piece = (bits >> at.shift).wrapping_sub(at.base);
            *found = if piece < LANES as u32 { piece } else { LANES as u32 - 1 };
            *lane = f32::from_bits((bits & ((1 << at.shift) - 1)) | 1.0_f32.to_bits());
        }
        (pieces, self)
    }

    #[inline(always)]
    fn pick(piece: [u32; LANES], table: &Block) -> Plain {
        let mut values = [0.0; LANES];
        for i in 0..LANES {
            values[i] = table.0[piece[i] as usize % LANES];
        }
        Plain(values)
    }

    #[inline(always)]
    fn store_pairs(self, rises: Plain, to: &mut Pairs) {
        for (to, (value, rise)) in to.iter_mut().zip(self.0.into_iter().zip(rises.0)) {
            *to = [value, rise];
        }
    }

    #[inline(always)]
    fn turn(runs: &[Block; LANES], rows: &mut [Block], stride: usize) {
        for i in 0..LANES {
            let row = &mut rows[i * stride].0;
            for j in 0..LANES {
                row[j] = runs[j].0[i];
            }
        }
    }
}
