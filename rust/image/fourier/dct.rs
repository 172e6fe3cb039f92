//! Fourth cosine and sine transforms of many sequences side by side, one in each lane.
//!
//! C[k] = sum of x[n] cos(pi (2n + 1)(2k + 1)/(4H)) by one complex transform of length H/2 (Wang
//! 1984, IEEE Trans. ASSP 32, 803): v[n] = (x[2n] + i x[H-1-2n]) e^(-i (4n + 1) t), t = pi/(4H);
//! y = DFT(v) e^(-4 i k t); C[2k] = Re y[k], C[H-1-2k] = -Im y[k]. The sine transform is the
//! cosine transform of the reversed sequence with the sign of every other output changed.
//! The DFT is Stockham's, of radices 4, 2, 3 and 5 (Van Loan 1992, sect. 1.7 and 2).

use super::fill::LANES;
use crate::math::sin_cos;
use std::f64::consts::PI;

pub(super) type Lane = [f32; LANES];

/// Complex numbers in lanes.
#[derive(Clone, Copy)]
pub(super) struct Wave {
    re: Lane,
    im: Lane,
}

impl Wave {
    pub(super) const ZERO: Wave = Wave { re: [0.0; LANES], im: [0.0; LANES] };
}

/// A turn e^(-i angle).
type Turn = (f32, f32);

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
    stages: Vec<Stage>,
}

impl Dct {
    /// For H = `half`, which is even, and H/2 = 2^a 3^b 5^c.
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

fn stages(length: usize) -> Vec<Stage> {
    let (mut n, mut stride, mut stages) = (length, 1, vec![]);
    while n > 1 {
        let radix = [4, 2, 3, 5].into_iter().find(|radix| n % radix == 0).unwrap_or(n);
        let of = |p: usize| (1..radix).map(move |k| turn(2.0 * PI * (p * k) as f64 / n as f64));
        stages.push(Stage { radix, stride, twiddles: (0..n / radix).flat_map(of).collect() });
        n /= radix;
        stride *= radix;
    }
    stages
}

#[inline(always)]
fn each(f: impl Fn(usize) -> (f32, f32)) -> Wave {
    let mut wave = Wave::ZERO;
    for i in 0..LANES {
        (wave.re[i], wave.im[i]) = f(i);
    }
    wave
}

#[inline(always)]
fn add(a: Wave, b: Wave) -> Wave {
    each(|i| (a.re[i] + b.re[i], a.im[i] + b.im[i]))
}

#[inline(always)]
fn sub(a: Wave, b: Wave) -> Wave {
    each(|i| (a.re[i] - b.re[i], a.im[i] - b.im[i]))
}

#[inline(always)]
fn turned(a: Wave, (re, im): Turn) -> Wave {
    each(|i| (a.re[i] * re - a.im[i] * im, a.re[i] * im + a.im[i] * re))
}

/// a + c b.
#[inline(always)]
fn plus(a: Wave, c: f32, b: Wave) -> Wave {
    each(|i| (a.re[i] + c * b.re[i], a.im[i] + c * b.im[i]))
}

/// -i c a.
#[inline(always)]
fn quarter(c: f32, a: Wave) -> Wave {
    each(|i| (c * a.im[i], -c * a.re[i]))
}

const SIN_60: f32 = 0.866_025_4;
const COS_72: f32 = 0.309_017;
const COS_144: f32 = -0.809_017;
const SIN_72: f32 = 0.951_056_5;
const SIN_144: f32 = 0.587_785_25;

#[inline(always)]
fn dft2(x: [Wave; 2]) -> [Wave; 2] {
    [add(x[0], x[1]), sub(x[0], x[1])]
}

#[inline(always)]
fn dft3(x: [Wave; 3]) -> [Wave; 3] {
    let (sum, difference) = (add(x[1], x[2]), quarter(SIN_60, sub(x[1], x[2])));
    let middle = plus(x[0], -0.5, sum);
    [add(x[0], sum), add(middle, difference), sub(middle, difference)]
}

#[inline(always)]
fn dft4(x: [Wave; 4]) -> [Wave; 4] {
    let (even, odd) = (add(x[0], x[2]), add(x[1], x[3]));
    let (even_rest, odd_rest) = (sub(x[0], x[2]), quarter(1.0, sub(x[1], x[3])));
    [add(even, odd), add(even_rest, odd_rest), sub(even, odd), sub(even_rest, odd_rest)]
}

#[inline(always)]
fn dft5(x: [Wave; 5]) -> [Wave; 5] {
    let (a, b) = (add(x[1], x[4]), add(x[2], x[3]));
    let (c, d) = (sub(x[1], x[4]), sub(x[2], x[3]));
    let near = plus(plus(x[0], COS_72, a), COS_144, b);
    let far = plus(plus(x[0], COS_144, a), COS_72, b);
    let near_turned = add(quarter(SIN_72, c), quarter(SIN_144, d));
    let far_turned = sub(quarter(SIN_144, c), quarter(SIN_72, d));
    [
        add(x[0], add(a, b)),
        add(near, near_turned),
        add(far, far_turned),
        sub(far, far_turned),
        sub(near, near_turned),
    ]
}

#[inline(always)]
fn stage<const R: usize>(
    stage: &Stage,
    from: &[Wave],
    to: &mut [Wave],
    dft: impl Fn([Wave; R]) -> [Wave; R],
) {
    let stride = stage.stride;
    let apart = from.len() / R;
    for (p, twiddles) in stage.twiddles.chunks_exact(R - 1).enumerate() {
        for q in 0..stride {
            let at = q + stride * p;
            let out = dft(std::array::from_fn(|j| from[at + j * apart]));
            let base = q + stride * R * p;
            to[base] = out[0];
            for k in 1..R {
                to[base + k * stride] = turned(out[k], twiddles[k - 1]);
            }
        }
    }
}

/// The first `keep` outputs of the cosine or, where `sine`, the sine transform of the lanes that
/// `load` gives.
#[inline(always)]
pub(super) fn transform(
    plan: &Dct,
    sine: bool,
    load: impl Fn(usize) -> Lane,
    work: (&mut [Wave], &mut [Wave]),
    out: &mut [Lane],
) {
    let (half, length) = (plan.half, plan.half / 2);
    let (mut from, mut to) = (&mut work.0[..length], &mut work.1[..length]);
    for (n, (wave, angle)) in from.iter_mut().zip(&plan.before).enumerate() {
        let (a, b) = (2 * n, half - 1 - 2 * n);
        let (first, second) = if sine { (b, a) } else { (a, b) };
        *wave = turned(Wave { re: load(first), im: load(second) }, *angle);
    }
    for plan in &plan.stages {
        match plan.radix {
            2 => stage(plan, from, to, dft2),
            3 => stage(plan, from, to, dft3),
            4 => stage(plan, from, to, dft4),
            _ => stage(plan, from, to, dft5),
        }
        (from, to) = (to, from);
    }
    let keep = out.len();
    for (k, (wave, angle)) in from.iter().zip(&plan.after).enumerate() {
        let (even, odd) = (2 * k, half - 1 - 2 * k);
        if (even >= keep) & (odd >= keep) {
            continue;
        }
        let y = turned(*wave, *angle);
        if even < keep {
            out[even] = y.re;
        }
        if odd < keep {
            // An odd output of the cosine transform is -Im y, and the sine transform changes its sign.
            out[odd] = if sine { y.im } else { y.im.map(|im| -im) };
        }
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;

    /// Every radix and several of their products, against the sums.
    #[test]
    fn transforms_are_their_sums() {
        for half in [8, 10, 12, 18, 30, 32, 50, 54, 64, 90, 128, 250, 384] {
            let plan = Dct::new(half);
            let value = |n: usize, lane: usize| ((7 * n + 3 * lane + n * n) % 11) as f32 - 5.0;
            let load = |n: usize| std::array::from_fn(|lane| value(n, lane));
            let mut work = [vec![Wave::ZERO; plan.room()], vec![Wave::ZERO; plan.room()]];
            for sine in [false, true] {
                let mut out = vec![[0.0; LANES]; half - 3];
                let [first, second] = &mut work;
                transform(&plan, sine, load, (first, second), &mut out);
                for (k, lanes) in out.iter().enumerate() {
                    for (lane, found) in lanes.iter().enumerate() {
                        let term = |n: usize| {
                            let angle = PI * ((2 * n + 1) * (2 * k + 1)) as f64 / (4 * half) as f64;
                            f64::from(value(n, lane)) * if sine { angle.sin() } else { angle.cos() }
                        };
                        let sum: f64 = (0..half).map(term).sum();
                        let error = (f64::from(*found) - sum).abs();
                        assert!(error < 3e-6 * half as f64, "{half} {sine} {k} {lane}: {found} {sum}");
                    }
                }
            }
        }
    }
}
