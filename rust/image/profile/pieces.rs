//! Polynomials of Q that stand for a profile: see [`super::wings`].
//!
//! Sixteen pieces, two to a doubling of u, have F to the fourth and G to the second degree, from
//! values at Chebyshev's nodes: what is analytic but at u <= 0 leaves 9.9^-k to the degrees from k on.
//! One to a doubling left 5.8^-k, and to G 5e-5 of the peak.

use super::series::LANES;
use crate::lanes::{Block, Split};

/// How many there are.
const PIECES: usize = LANES;
/// What Chebyshev's coefficients of F of the fourth and the third degree may be, over the tolerance.
const LAST: f32 = 1.0;
const LAST_BUT_ONE: f32 = 10.0;
/// Where the leading bits of a float begin that tell halves of octaves.
const HALVES: u32 = 22;
/// The middle of the places in a piece, which go from 1 to 3/2, and one over their distance from it.
pub const MIDDLE: f32 = 1.25;
const PER_HALF: f32 = 4.0;

/// The nodes, cos((2 i + 1) pi/10).
const NODES: [f32; 5] = [0.951_056_5, 0.587_785_25, 0.0, -0.587_785_25, -0.951_056_5];
/// The squares of the first two, and the difference of these.
const SQUARES: [f32; 2] = [0.904_508_5, 0.345_491_5];
const BETWEEN: f32 = 0.559_017;

/// What the mean over a pixel is made of. No closure, as the compiler leaves closures uninlined, and so
/// without vectors: 1.8 us a profile.
pub trait Mean: Copy {
    /// F and G at u.
    fn at(self, u: f32) -> (f32, f32);
}

/// F or G at each of Chebyshev's nodes, of all pieces.
type Nodes = [[f32; PIECES]; 5];

/// The polynomials of one profile, in the lanes' u; so many blocks are those of G.
pub struct Pieces<const BENDS: usize> {
    /// Coefficients of the powers of the place in a piece less [`MIDDLE`], of F and of G.
    pub values: [Block; 5],
    /// As `values`.
    pub bends: [Block; BENDS],
    /// Where they are.
    pub split: Split,
    /// The piece from which on they are as close as is wanted.
    pub close: usize,
}

/// u from which the piece after that of another u goes.
pub fn after(u: f32) -> f32 {
    f32::from_bits(((u.to_bits() >> HALVES) + 1) << HALVES)
}

impl<const BENDS: usize> Pieces<BENDS> {
    /// For u up to `most`, to within about `tolerance` of the lanes' f; `fit` makes the polynomials of G.
    #[inline(always)]
    pub fn new(
        mean: impl Mean,
        fit: impl Fn(&Nodes) -> [Block; BENDS],
        most: f32,
        tolerance: f32,
    ) -> Pieces<BENDS> {
        let shift = HALVES;
        let split = Split { shift, base: (most.to_bits() >> shift) - (PIECES as u32 - 1) };
        let (mut f, mut g) = ([[0.0_f32; PIECES]; 5], [[0.0_f32; PIECES]; 5]);
        let (mut low, mut half) = ([0.0_f32; PIECES], [0.0_f32; PIECES]);
        for k in 0..PIECES {
            low[k] = f32::from_bits((split.base + k as u32) << shift);
            half[k] = 0.5 * (f32::from_bits((split.base + k as u32 + 1) << shift) - low[k]);
        }
        for (i, node) in NODES.iter().enumerate() {
            for k in 0..PIECES {
                (f[i][k], g[i][k]) = mean.at(low[k] + half[k] * (1.0 + node));
            }
        }
        let mut values = powers(&f);
        let mut bends = fit(&g);
        // Chebyshev's coefficients of the highest degrees are these over 8 and 4.
        let (last, last_but_one) = (8.0 * LAST * tolerance, 4.0 * LAST_BUT_ONE * tolerance);
        let close = |(fourth, third): (&f32, &f32)| (fourth.abs() <= last) & (third.abs() <= last_but_one);
        let rough = values[4].0.iter().zip(&values[3].0).rposition(|pair| !close(pair));
        let close = rough.map_or(0, |k| k + 1);
        // From a half of a piece to the place's own unit.
        for blocks in [&mut values[..], &mut bends[..]] {
            let mut scale = 1.0;
            for block in blocks {
                for lane in &mut block.0 {
                    *lane *= scale;
                }
                scale *= PER_HALF;
            }
        }
        Pieces { values, bends, split, close }
    }

    /// u at which a piece begins.
    #[inline(always)]
    pub fn begin(&self, piece: usize) -> f32 {
        let bits = (self.split.base + piece as u32) << self.split.shift;
        if piece < PIECES { f32::from_bits(bits) } else { f32::INFINITY }
    }

    /// Makes the last piece, and with it all that lies beyond, dark.
    pub fn darken(&mut self) {
        for block in self.values.iter_mut().chain(&mut self.bends) {
            block.0[PIECES - 1] = 0.0;
        }
    }
}

/// The polynomial through the values at the nodes.
#[inline(always)]
#[allow(clippy::needless_range_loop)]
fn powers(f: &Nodes) -> [Block; 5] {
    let mut powers = [Block::ZERO; 5];
    for k in 0..PIECES {
        let middle = f[2][k];
        let outer = (0.5 * (f[0][k] + f[4][k]) - middle) * (1.0 / SQUARES[0]);
        let inner = (0.5 * (f[1][k] + f[3][k]) - middle) * (1.0 / SQUARES[1]);
        let (far, near) = ((f[0][k] - f[4][k]) * (0.5 / NODES[0]), (f[1][k] - f[3][k]) * (0.5 / NODES[1]));
        let (fourth, third) = ((outer - inner) * (1.0 / BETWEEN), (far - near) * (1.0 / BETWEEN));
        powers[0].0[k] = middle;
        powers[1].0[k] = far - SQUARES[0] * third;
        powers[2].0[k] = outer - SQUARES[0] * fourth;
        powers[3].0[k] = third;
        powers[4].0[k] = fourth;
    }
    powers
}

/// The parabola closest to the values at the nodes: Chebyshev's series, cut off.
#[inline(always)]
#[allow(clippy::needless_range_loop)]
pub fn parabola(g: &Nodes) -> [Block; 3] {
    let mut powers = [Block::ZERO; 3];
    for k in 0..PIECES {
        let (outer, inner) = (g[0][k] + g[4][k], g[1][k] + g[3][k]);
        let second = 0.4 * (0.809_017 * outer - 0.309_017 * inner - g[2][k]);
        powers[0].0[k] = 0.2 * (outer + inner + g[2][k]) - second;
        powers[1].0[k] = 0.4 * (NODES[0] * (g[0][k] - g[4][k]) + NODES[1] * (g[1][k] - g[3][k]));
        powers[2].0[k] = 2.0 * second;
    }
    powers
}

/// The same to the third degree.
#[inline(always)]
#[allow(clippy::needless_range_loop)]
pub fn cubic(g: &Nodes) -> [Block; 4] {
    let [middle, mut first, second] = parabola(g);
    let mut third = Block::ZERO;
    for k in 0..PIECES {
        let c = 0.4 * (NODES[1] * (g[0][k] - g[4][k]) - NODES[0] * (g[1][k] - g[3][k]));
        first.0[k] -= 3.0 * c;
        third.0[k] = 4.0 * c;
    }
    [middle, first, second, third]
}
