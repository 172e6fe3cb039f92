//! Light that is smooth in the frame, by the symmetries that the lattice's kernels have.
//!
//! A polynomial in t = x over half a side, along each axis, x from where the kernels are symmetric. Its even and odd
//! powers make the same four sums of one (|x|, |y|) as the transforms (the module `inverse`), so that it is taken off
//! those: to take it off the pixels was four times the work, and one more way through the image.

use super::wings::NODES;
use crate::isa::{Isa, kernel};
use crate::lanes::{Block, LANES, Lanes};

/// Powers of t, for pixels or blocks of them from the middle outwards.
type Powers<T> = Vec<[T; NODES]>;

/// The polynomial through values at nodes.
#[derive(Default)]
pub(super) struct Smooth {
    /// What each node counts for each power of t, along each axis.
    shares: [[[f32; NODES]; NODES]; 2],
    columns: Powers<Block>,
    rows: Powers<f32>,
    /// For each power along y what the even powers along x make, and what the odd ones do, for blocks of |x|.
    lines: Vec<[[Block; 2]; NODES]>,
}

/// Lagrange's polynomial of a node, by powers.
fn lagrange(nodes: &[f64; NODES], node: usize) -> [f32; NODES] {
    let mut powers = [0.0; NODES];
    powers[0] = 1.0;
    for (_, other) in nodes.iter().enumerate().filter(|(other, _)| *other != node) {
        let whole = nodes[node] - other;
        for n in (0..NODES).rev() {
            let lower = if n > 0 { powers[n - 1] } else { 0.0 };
            powers[n] = (lower - other * powers[n]) / whole;
        }
    }
    powers.map(|power| power as f32)
}

impl Smooth {
    /// For a frame of so many columns and rows, and nodes along both that are counted from its corner.
    pub(super) fn fit(&mut self, sides: [usize; 2], nodes: &[[f64; NODES]; 2]) {
        for (i, side) in sides.into_iter().enumerate() {
            let (middle, half) = (side.div_ceil(2) as f64, 0.5 * side as f64);
            let nodes = nodes[i].map(|node| (node - middle) / half);
            self.shares[i] = std::array::from_fn(|node| lagrange(&nodes, node));
        }
        let powers = |i: usize, pixel: usize| {
            let t = (2 * pixel + 1) as f64 / sides[i] as f64;
            let square = t * t;
            [1.0, t, square, square * t, square * square].map(|power| power as f32)
        };
        let block = |b: usize| {
            let lanes: [[f32; NODES]; LANES] = std::array::from_fn(|lane| powers(0, b * LANES + lane));
            std::array::from_fn(|n| Block(lanes.map(|powers| powers[n])))
        };
        self.columns = (0..sides[0].div_ceil(2).div_ceil(LANES)).map(block).collect();
        self.rows = (0..sides[1].div_ceil(2)).map(|row| powers(1, row)).collect();
        self.lines.resize(self.columns.len(), [[Block::ZERO; 2]; NODES]);
    }

    /// Becomes the one through these values: a line of them for each node along y.
    pub(super) fn of(&mut self, isa: Isa, values: &[[f32; NODES]; NODES]) -> &Smooth {
        sum_columns(isa, self, values);
        self
    }

    /// Takes it off the sums cos cos, sin sin, cos sin and sin cos of a row, for a block of |x|.
    #[inline(always)]
    pub(super) fn take_off<L: Lanes>(&self, row: usize, block: usize, [cc, ss, cs, sc]: [L; 4]) -> [L; 4] {
        let (t, lines) = (&self.rows[row], &self.lines[block]);
        let (mut even, mut odd) = ([L::zero(); 2], [L::zero(); 2]);
        for x in 0..2 {
            let higher = term::<L>(t[2], &lines[2][x]) + term(t[4], &lines[4][x]);
            even[x] = L::load(&lines[0][x].0) + higher;
            odd[x] = term::<L>(t[1], &lines[1][x]) + term(t[3], &lines[3][x]);
        }
        [cc - even[0], ss - odd[1], cs - odd[0], sc - even[1]]
    }
}

/// A function of its own: the compiler leaves closures over lanes as calls.
#[inline(always)]
fn term<L: Lanes>(factor: f32, lanes: &Block) -> L {
    L::splat(factor) * L::load(&lanes.0)
}

kernel! {
    fn sum_columns<L>(smooth: &mut Smooth, values: &[[f32; NODES]; NODES]) {
        // For each node along y, by powers along x; then by powers along both.
        let (mut along, mut both) = ([[0.0; NODES]; NODES], [[0.0; NODES]; NODES]);
        for (along, values) in along.iter_mut().zip(values) {
            for (value, shares) in values.iter().zip(&smooth.shares[0]) {
                for (along, share) in along.iter_mut().zip(shares) {
                    *along += value * share;
                }
            }
        }
        for (along, shares) in along.iter().zip(&smooth.shares[1]) {
            for (both, share) in both.iter_mut().zip(shares) {
                for (both, along) in both.iter_mut().zip(along) {
                    *both += share * along;
                }
            }
        }
        for (lines, columns) in smooth.lines.iter_mut().zip(&smooth.columns) {
            for (line, both) in lines.iter_mut().zip(&both) {
                let higher = term::<L>(both[2], &columns[2]) + term(both[4], &columns[4]);
                (L::splat(both[0]) + higher).store(&mut line[0].0);
                (term::<L>(both[1], &columns[1]) + term(both[3], &columns[3])).store(&mut line[1].0);
            }
        }
    }
}
