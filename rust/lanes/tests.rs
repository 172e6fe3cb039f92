use super::*;
use crate::isa::{Isa, kernel};

const SHIFT: u32 = 16;

kernel! {
    /// All operations, one after the other.
    fn all<L>(a: &Block, b: &Block, table: &Pairs, top: usize, pairs: &mut Pairs, out: &mut [Block]) {
        let (x, y) = (L::load(&a.0), L::load(&b.0));
        let key = Key::<SHIFT> { base: 1.0_f32.to_bits() >> SHIFT };
        let found = [x + y, x - y, x * y, x.reversed(), x + x, L::splat(a.0[3]), L::zero()];
        for (out, found) in out.iter_mut().zip(found) {
            found.store(&mut out.0);
        }
        (x * x).look(table, key, top).store(&mut out[7].0);
        let mut runs = [*a; LANES];
        for (i, run) in runs.iter_mut().enumerate() {
            (x * L::splat(i as f32) + y).store(&mut run.0);
        }
        x.store_pairs(y, &mut pairs[..]);
        L::turn(&runs, &mut out[8..], 2);
    }
}

kernel! {
    /// Entries of a table, each lane's own.
    fn picked<L>(x: &Block, table: &Block, at: Split, out: &mut [Block; 2]) {
        let (piece, place) = L::load(&x.0).split(at);
        L::pick(piece, table).store(&mut out[0].0);
        place.store(&mut out[1].0);
    }
}

#[test]
#[allow(clippy::disallowed_methods)]
fn lanes_pick_their_own() {
    let table = Block(std::array::from_fn(|i| 100.0 + i as f32));
    let x = Block(std::array::from_fn(|i| 0.26 * 1.45_f32.powi(i as i32)));
    for shift in [22, 23] {
        let at = Split { shift, base: 0.25_f32.to_bits() >> shift };
        for isa in Isa::available() {
            let mut out = [Block::ZERO; 2];
            picked(isa, &x, &table, at, &mut out);
            for (i, x) in x.0.into_iter().enumerate() {
                let octave = (4.0 * x).log2().floor();
                let mantissa = 4.0 * x / octave.exp2();
                let (steps, place) = match shift {
                    23 => (octave, mantissa),
                    _ if mantissa < 1.5 => (2.0 * octave, mantissa),
                    _ => (2.0 * octave + 1.0, mantissa - 0.5),
                };
                let expected = [100.0 + steps.min(15.0), place];
                assert_eq!([out[0].0[i], out[1].0[i]], expected, "{isa:?} {shift} {x}");
            }
        }
    }
}

/// What each means, and that all types give the same bits.
#[test]
fn lanes_do_what_they_say() {
    let a = Block(std::array::from_fn(|i| [1.7, -3.25, 9.9, -0.3][i % 4] * (1.0 + i as f32)));
    let b = Block(std::array::from_fn(|i| 0.37 * i as f32 - 2.0));
    let table: Vec<[f32; 2]> = (0..2000).map(|j| [j as f32, 0.5]).collect();
    let run = |isa: Isa, top: usize| {
        let mut out = vec![Block::ZERO; 8 + 2 * LANES];
        let mut pairs = [[0.0; 2]; LANES];
        all(isa, &a, &b, &table, top, &mut pairs, &mut out);
        assert_eq!(pairs, std::array::from_fn(|i| [a.0[i], b.0[i]]), "{isa:?}");
        out.iter().map(|block| block.0).collect::<Vec<_>>()
    };
    let plain = run(Isa::BASELINE, 300);
    for isa in Isa::available() {
        assert_eq!(run(isa, 300), plain, "{isa:?}");
    }
    for i in 0..LANES {
        let (x, y) = (a.0[i], b.0[i]);
        assert_eq!([plain[0][i], plain[1][i], plain[2][i]], [x + y, x - y, x * y]);
        assert_eq!([plain[3][i], plain[4][i]], [a.0[15 - i], x + x]);
        assert_eq!([plain[5][i], plain[6][i]], [a.0[3], 0.0]);
        for (j, found) in plain[8 + 2 * i].iter().enumerate() {
            assert_eq!(*found, x * j as f32 + y);
        }
        // 128 entries to an octave: linear in the mantissa, constant beyond the top.
        let square = x * x;
        let octave = (square.to_bits() >> 23) as f32 - 127.0;
        let mantissa = f32::from_bits((square.to_bits() & 0x7f_ffff) | 1.0_f32.to_bits());
        let place = 128.0 * (octave + mantissa - 1.0);
        if octave >= 0.0 && place < 300.0 {
            assert!((plain[7][i] - (place.floor() + 0.5 * (place - place.floor()))).abs() < 1e-3, "{x}");
        } else {
            assert!(plain[7][i] >= 300.0, "{x}");
        }
    }
}
