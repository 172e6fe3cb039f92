//! The engine's transforms by themselves, for oracles and benches.

use super::dct::{Dct, Pair, Source, transform};
use crate::isa::{Isa, kernel};
use crate::lanes::{Block, LANES, Lanes};

/// Sixteen cosine or sine transforms of the fourth kind, side by side.
pub struct Transforms {
    dct: Dct,
    work: [Vec<Pair>; 2],
    input: Vec<Block>,
    output: Vec<Block>,
}

struct Rows<'a>(&'a [Block]);

impl<L: Lanes> Source<L> for Rows<'_> {
    #[inline(always)]
    fn input(&self, n: usize) -> L {
        L::load(&self.0[n].0)
    }
}

kernel! {
    fn run<L>(dct: &Dct, sine: bool, input: &[Block], work: &mut [Vec<Pair>; 2], output: &mut [Block]) {
        transform::<L>(dct, sine, &Rows(input), work, output);
    }
}

impl Transforms {
    /// Of this length: 8 times 2^a 3^b 5^c, from 16 on; otherwise none.
    pub fn new(length: usize) -> Option<Transforms> {
        let mut rest = length / 8;
        for prime in [2, 3, 5] {
            while rest > 0 && rest.is_multiple_of(prime) {
                rest /= prime;
            }
        }
        if length < 16 || !length.is_multiple_of(8) || rest != 1 {
            return None;
        }
        let dct = Dct::new(length);
        let work = [0, 1].map(|_| vec![Pair::ZERO; dct.room()]);
        Some(Transforms { dct, work, input: vec![Block::ZERO; length], output: vec![Block::ZERO; length] })
    }

    /// Sets the n-th input of all sixteen.
    pub fn set(&mut self, n: usize, values: [f32; LANES]) {
        self.input[n] = Block(values);
    }

    /// The k-th output of all sixteen.
    pub fn get(&self, k: usize) -> [f32; LANES] {
        self.output[k].0
    }

    /// C[k] = sum of x[n] cos(pi (2n + 1)(2k + 1)/(4 length)), or with sines.
    pub fn run(&mut self, isa: Isa, sine: bool) {
        run(isa, &self.dct, sine, &self.input, &mut self.work, &mut self.output);
    }
}
