//! Fourth cosine and sine transforms of many sequences side by side, one in each lane.
//!
//! C[k] = sum of x[n] cos(pi (2n + 1)(2k + 1)/(4H)) by one complex transform of length H/2 (Wang
//! 1984, IEEE Trans. ASSP 32, 803): v[n] = (x[2n] + i x[H-1-2n]) e^(-i (4n + 1) t), t = pi/(4H);
//! y = DFT(v) e^(-4 i k t); C[2k] = Re y[k], C[H-1-2k] = -Im y[k]. The sine transform is the
//! cosine transform of the reversed sequence with the sign of every other output changed.
//! The DFT is Stockham's (Van Loan 1992, sect. 1.7), first radix 4 ([`butterfly`](super::butterfly)); the turns
//! before go with its first stage, those after with its last.

use super::butterfly::{Turn, Wave, dft2, dft3, dft4, dft5, dft6, dft8, turned};
use crate::lanes::{Block, Lanes};
use crate::math::sin_cos;
use std::f64::consts::PI;

/// A complex number in each lane, in memory.
#[derive(Clone, Copy)]
pub(super) struct Pair {
    re: Block,
    im: Block,
}

impl Pair {
    pub(super) const ZERO: Pair = Pair { re: Block::ZERO, im: Block::ZERO };

    #[inline(always)]
    fn load<L: Lanes>(&self) -> Wave<L> {
        Wave { re: L::load(&self.re.0), im: L::load(&self.im.0) }
    }

    #[inline(always)]
    fn store<L: Lanes>(&mut self, wave: Wave<L>) {
        wave.re.store(&mut self.re.0);
        wave.im.store(&mut self.im.0);
    }
}

fn turn(angle: f64) -> Turn {
    let (sin, cos) = sin_cos(angle);
    (cos as f32, -sin as f32)
}

struct Stage {
    radix: usize,
    /// Butterflies of one twiddle.
    stride: usize,
    /// For each p the turns of outputs 1 .. radix - 1.
    twiddles: Vec<Turn>,
}

/// The plan of one length.
pub(super) struct Dct {
    half: usize,
    before: Vec<Turn>,
    after: Vec<Turn>,
    /// The first, of radix 4, the last, whose twiddles are 1, and what is between.
    stages: Vec<Stage>,
}

impl Dct {
    /// For H = `half` = 8 times 2^a 3^b 5^c, at least 16.
    pub(super) fn new(half: usize) -> Dct {
        let length = half / 2;
        let t = PI / (4.0 * half as f64);
        let turns = |begin: usize| (0..length).map(|n| turn((4 * n + begin) as f64 * t)).collect();
        Dct { half, before: turns(1), after: turns(0), stages: stages(length) }
    }

    /// The room for complex numbers that a transform needs, twice.
    pub(super) fn room(&self) -> usize {
        self.half / 2
    }
}

/// Large radices first, since each stage is a way through the memory.
fn stages(length: usize) -> Vec<Stage> {
    let (mut n, mut stride, mut stages) = (length, 1, vec![]);
    while n > 1 {
        let fits = |radix: &usize| n.is_multiple_of(*radix);
        let radix = if stride == 1 { 4 } else { [8, 6, 5, 4, 3, 2].into_iter().find(fits).unwrap_or(n) };
        let of = |p: usize| (1..radix).map(move |k| turn(2.0 * PI * (p * k) as f64 / n as f64));
        stages.push(Stage { radix, stride, twiddles: (0..n / radix).flat_map(of).collect() });
        n /= radix;
        stride *= radix;
    }
    stages
}

/// Where a transform reads its inputs.
pub(super) trait Source<L> {
    fn input(&self, n: usize) -> L;
}

#[inline(always)]
fn first<L: Lanes>(plan: &Dct, sine: bool, source: &impl Source<L>, to: &mut [Pair]) {
    let (half, apart) = (plan.half, plan.half / 8);
    for (p, (to, twiddles)) in to.chunks_exact_mut(4).zip(plan.stages[0].twiddles.chunks_exact(3)).enumerate()
    {
        let mut x = [Wave::<L>::zero(); 4];
        for (j, x) in x.iter_mut().enumerate() {
            let n = p + j * apart;
            let (a, b) = (source.input(2 * n), source.input(half - 1 - 2 * n));
            let wave = if sine { Wave { re: b, im: a } } else { Wave { re: a, im: b } };
            *x = turned(wave, plan.before[n]);
        }
        let out = dft4(x);
        to[0].store(out[0]);
        for k in 1..4 {
            to[k].store(turned(out[k], twiddles[k - 1]));
        }
    }
}

macro_rules! between {
    ($stage:ident, $from:ident, $to:ident, $radix:literal, $dft:ident) => {
        for (p, twiddles) in $stage.twiddles.chunks_exact($radix - 1).enumerate() {
            let apart = $from.len() / $radix;
            for q in 0..$stage.stride {
                let at = q + $stage.stride * p;
                let mut x = [Wave::<L>::zero(); $radix];
                for j in 0..$radix {
                    x[j] = $from[at + j * apart].load();
                }
                let out = $dft(x);
                let base = q + $stage.stride * $radix * p;
                $to[base].store(out[0]);
                for k in 1..$radix {
                    $to[base + k * $stage.stride].store(turned(out[k], twiddles[k - 1]));
                }
            }
        }
    };
}

macro_rules! last {
    ($plan:ident, $sine:ident, $from:ident, $out:ident, $radix:literal, $dft:ident) => {{
        let (stride, keep) = ($from.len() / $radix, $out.len());
        for q in 0..stride {
            let mut x = [Wave::<L>::zero(); $radix];
            for j in 0..$radix {
                x[j] = $from[q + j * stride].load();
            }
            let y = $dft(x);
            for k in 0..$radix {
                let at = q + k * stride;
                let (even, odd) = (2 * at, $plan.half - 1 - 2 * at);
                let y = turned(y[k], $plan.after[at]);
                if even < keep {
                    y.re.store(&mut $out[even].0);
                }
                if odd < keep {
                    // An odd output of the cosine transform is -Im y, and the sine transform changes its sign.
                    let odd_output = if $sine { y.im } else { L::zero() - y.im };
                    odd_output.store(&mut $out[odd].0);
                }
            }
        }
    }};
}

/// The first outputs of the cosine or, where `sine`, the sine transform of the lanes that the source
/// gives.
#[inline(always)]
pub(super) fn transform<L: Lanes>(
    plan: &Dct,
    sine: bool,
    source: &impl Source<L>,
    work: &mut [Vec<Pair>; 2],
    out: &mut [Block],
) {
    let length = plan.half / 2;
    let [a, b] = work;
    let (mut from, mut to) = (&mut a[..length], &mut b[..length]);
    first(plan, sine, source, from);
    let [_, middle @ .., end] = &plan.stages[..] else { return };
    for stage in middle {
        match stage.radix {
            2 => between!(stage, from, to, 2, dft2),
            3 => between!(stage, from, to, 3, dft3),
            4 => between!(stage, from, to, 4, dft4),
            5 => between!(stage, from, to, 5, dft5),
            6 => between!(stage, from, to, 6, dft6),
            _ => between!(stage, from, to, 8, dft8),
        }
        (from, to) = (to, from);
    }
    match end.radix {
        2 => last!(plan, sine, from, out, 2, dft2),
        3 => last!(plan, sine, from, out, 3, dft3),
        4 => last!(plan, sine, from, out, 4, dft4),
        5 => last!(plan, sine, from, out, 5, dft5),
        6 => last!(plan, sine, from, out, 6, dft6),
        _ => last!(plan, sine, from, out, 8, dft8),
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;
    use crate::isa::{Isa, kernel};
    use crate::lanes::LANES;

    fn value(n: usize, lane: usize) -> f32 {
        ((7 * n + 3 * lane + n * n) % 11) as f32 - 5.0
    }

    struct Values;

    impl<L: Lanes> Source<L> for Values {
        #[inline(always)]
        fn input(&self, n: usize) -> L {
            L::load(&std::array::from_fn(|lane| value(n, lane)))
        }
    }

    kernel! {
        fn transform_all<L>(plan: &Dct, sine: bool, work: &mut [Vec<Pair>; 2], out: &mut [Block]) {
            transform::<L>(plan, sine, &Values, work, out);
        }
    }

    /// Every radix and several of their products, against the sums.
    #[test]
    fn transforms_are_their_sums() {
        for half in [16, 24, 32, 40, 48, 64, 72, 120, 128, 200, 216, 384] {
            let plan = Dct::new(half);
            let mut work = [0, 1].map(|_| vec![Pair::ZERO; plan.room()]);
            for sine in [false, true] {
                let mut out = vec![Block::ZERO; half - 3];
                transform_all(Isa::best(), &plan, sine, &mut work, &mut out);
                for (k, lanes) in out.iter().enumerate() {
                    for lane in [0, 5, LANES - 1] {
                        let term = |n: usize| {
                            let angle = PI * ((2 * n + 1) * (2 * k + 1)) as f64 / (4 * half) as f64;
                            f64::from(value(n, lane)) * if sine { angle.sin() } else { angle.cos() }
                        };
                        let sum: f64 = (0..half).map(term).sum();
                        let error = (f64::from(lanes.0[lane]) - sum).abs();
                        assert!(error < 3e-6 * half as f64, "{half} {sine} {k} {lane}: {sum}");
                    }
                }
            }
        }
    }
}
