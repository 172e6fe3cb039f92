//! Far from the centre a profile is smooth over many pixels: polynomials of Q.
//!
//! A pixel's mean to the second order is F(Q) + G(Q) S, with S = p^2 + q^2 of the two halves of
//! Q's gradient. Sixteen pieces, each of them over Q from s to 3 s, the next from sqrt(2) s,
//! have F to the seventh and G to the fourth degree, by interpolation at Chebyshev's nodes: what
//! is analytic but at Q <= 0 leaves (2 + sqrt(3))^-k to the degrees from k on. A pixel costs
//! 21 multiplications and additions, where the powers and exponentials of [`super::series`] need
//! 70 and two divisions.
//!
//! The pixels of a square tile share the piece, which is chosen by bounds on their Q.

use super::ellipse::Ellipse;
use super::radial::Radial;
use super::series::{Frame, LANE, LANES, Row};

/// Columns, and rows, of a tile.
pub const TILE: usize = 4;
/// Pieces.
const PIECES: usize = LANES;
/// Pixels that the making of the pieces takes as long as.
pub const WORTH: f64 = 1000.0;
/// A tile without a piece.
const ROUGH: u32 = u32::MAX;
/// From a tile's least u to its largest: 3 over sqrt(2), from piece to piece.
const MOST_RATIO: f32 = 2.12;
/// What the last two of Chebyshev's coefficients of F may be, over the tolerance.
const LAST: f32 = 0.2;
const LAST_BUT_ONE: f32 = 1.0;

/// The positive ones of the eight nodes, cos((2 i + 1) pi/16).
const NODES: [f32; 4] = [0.980_785_3, 0.831_469_6, 0.555_570_2, 0.195_090_32];
/// From values at the nodes to the coefficients of powers (numpy, `cheb2poly` times the discrete
/// cosine transform): of even powers for the halved sums of the values at opposite nodes, of odd
/// ones for their halved differences.
const VALUES: [[f32; 4]; 8] = [
    [-0.049_728_092, 0.167_044_66, -0.374_151_44, 1.256_834_9],
    [-0.050_702_323, 0.200_902_9, -0.673_454_8, 6.442_323],
    [1.539_603_3, -5.103_805_2, 10.760_659_5, -7.196_457_5],
    [1.569_765_9, -6.138_294_4, 19.368_675, -36.887_824],
    [-6.355_975_3, 19.344_682, -25.001_536, 12.012_83],
    [-6.480_496_2, 23.265_651, -45.001_576, 61.575_733],
    [6.122_935, -14.782_072_5, 14.782_072_5, -6.122_935],
    [6.242_890_3, -17.778_247_5, 26.607_028, -31.385_129],
];
/// The same, cut off after Chebyshev's polynomial of the fourth degree.
const BENDS: [[f32; 4]; 5] = [
    [0.141_613_62, -0.294_895_1, 0.087_788_33, 1.065_493_2],
    [-0.756_811_8, 0.708_370_3, 1.748_963, 0.930_900_5],
    [-1.904_547_6, 3.211_110_6, 2.445_743_7, -3.752_306_7],
    [1.662_939_2, -0.390_180_64, -1.961_570_6, -1.111_140_5],
    [2.828_427_1, -2.828_427_1, -2.828_427_1, 2.828_427_1],
];

/// sqrt(2)^k.
const HEIGHTS: [f32; PIECES] = {
    let mut heights = [1.0; PIECES];
    let mut k = 0;
    while k < PIECES {
        heights[k] = (1_u32 << (k / 2)) as f32 * if k % 2 == 1 { std::f32::consts::SQRT_2 } else { 1.0 };
        k += 1;
    }
    heights
};

/// The polynomials of one profile, in the lanes' u.
pub struct Wings {
    /// Plane values; coefficients of the powers of v = u/s - 2.
    values: [[f32; PIECES]; 8],
    bends: [[f32; PIECES]; 5],
    /// 1/s.
    inverse: [f32; PIECES],
    /// u from which on pixels are smooth enough.
    least: f32,
    a: f32,
    b: f32,
    /// The square of a tile's half diagonal, at most.
    diagonal: f32,
}

/// What a band of tiles needs while it is drawn.
#[derive(Default)]
pub struct Room {
    pieces: Vec<[u32; LANES]>,
    tiles: Vec<[f32; LANES]>,
}

impl Room {
    /// For at least this many columns.
    pub fn fit(&mut self, columns: usize) {
        self.pieces.resize(columns.div_ceil(TILE * LANES) + 1, [0; LANES]);
        self.tiles.resize(columns / TILE + 1, [0.0; LANES]);
    }
}

/// The rows of one tile: lanes of their four pixels each.
pub struct Band {
    whole: [f32; LANES],
    rest: [f32; LANES],
    u: [f32; LANES],
    slope: [f32; LANES],
}

impl Band {
    /// Of as many rows.
    #[inline(always)]
    pub fn new(rows: &[Row; TILE]) -> Band {
        let zero = [0.0; LANES];
        let mut band = Band { whole: zero, rest: zero, u: zero, slope: zero };
        for (i, row) in rows.iter().enumerate() {
            for j in 0..TILE {
                let lane = TILE * i + j;
                band.whole[lane] = LANE[j] - row.whole;
                band.rest[lane] = row.rest;
                band.u[lane] = row.u;
                band.slope[lane] = row.slope;
            }
        }
        band
    }
}

impl Wings {
    /// For Q from `least`, beyond which the second order does, to `most`, which no tile goes beyond.
    ///
    /// `tolerance` is that of the lanes' f.
    #[inline(always)]
    pub fn new<P: Radial>(
        profile: P,
        frame: &Frame,
        ellipse: &Ellipse,
        (least, most): (f64, f64),
        tolerance: f64,
    ) -> Wings {
        let u = |q: f64| (frame.start + q * frame.per_kappa) as f32;
        let foot = u(most) * (1.0 / (3.0 * 181.0));
        let (mut values, mut bends, mut inverse) = ([[0.0; PIECES]; 8], [[0.0; PIECES]; 5], [0.0; PIECES]);
        for k in 0..PIECES {
            inverse[k] = 1.0 / (foot * HEIGHTS[k]);
        }
        let (mut sums, mut differences) = ([[[0.0_f32; PIECES]; 4]; 2], [[[0.0_f32; PIECES]; 4]; 2]);
        for (i, node) in NODES.iter().enumerate() {
            for k in 0..PIECES {
                let (f, g) = frame.radial(profile, foot * HEIGHTS[k] * (2.0 + node));
                let (low_f, low_g) = frame.radial(profile, foot * HEIGHTS[k] * (2.0 - node));
                sums[0][i][k] = 0.5 * (f + low_f);
                sums[1][i][k] = 0.5 * (g + low_g);
                differences[0][i][k] = 0.5 * (f - low_f);
                differences[1][i][k] = 0.5 * (g - low_g);
            }
        }
        powers(&VALUES, &sums[0], &differences[0], &mut values);
        powers(&BENDS, &sums[1], &differences[1], &mut bends);
        // Chebyshev's coefficients of the highest degrees are these over 64 and 32.
        let (last, last_but_one) = (64.0 * LAST * tolerance as f32, 32.0 * LAST_BUT_ONE * tolerance as f32);
        let mut from = 0;
        for k in 0..PIECES {
            let smooth = (values[7][k].abs() <= last) & (values[6][k].abs() <= last_but_one);
            from = if smooth { from } else { k + 1 };
        }
        for lanes in values.iter_mut().chain(&mut bends) {
            for lane in lanes {
                *lane *= frame.light;
            }
        }
        let smooth = if from < PIECES { foot * HEIGHTS[from] } else { f32::INFINITY };
        let least = u(least);
        let corner = 3.0 * ellipse.corner();
        Wings {
            values,
            bends,
            inverse,
            least: if least > smooth { least } else { smooth },
            a: frame.a,
            b: frame.b,
            diagonal: (corner * corner * frame.per_kappa) as f32,
        }
    }

    /// The pieces for the tiles from column `first` on.
    ///
    /// Q is convex: over the 3 x 3 pixels' lengths of a tile's centres it is at least that in
    /// the middle less 3 |p| + 3 |q|, and at most as much more and the square of half of the
    /// diagonal.
    #[inline(always)]
    fn choose(&self, middle: &Row, first: usize, pieces: &mut [u32; LANES]) {
        let from = (first as i32 as f32 - middle.whole) + (1.5 - middle.rest);
        for (lane, piece) in pieces.iter_mut().enumerate() {
            let t = from + LANE[lane] * TILE as f32;
            let p = self.a * t;
            let u = p * t + middle.u;
            let reach = 3.0 * (p.abs() + (self.b * t + middle.slope).abs());
            let (low, high) = (u - reach, u + (reach + self.diagonal));
            let rough = (low < self.least) | (high > MOST_RATIO * low);
            let ratio = low * self.inverse[0];
            let number = ((ratio * ratio).to_bits() >> 23) as i32 - 127;
            let number = if number < PIECES as i32 - 1 { number } else { PIECES as i32 - 1 };
            *piece = if rough { ROUGH } else { number as u32 };
        }
    }

    /// Adds the tiles of columns `from..to` that are smooth; the columns of the others come back.
    ///
    /// `middle` is the line through the middle of the tiles, and `pixels` their rows.
    #[inline(always)]
    pub fn add(
        &self,
        band: &Band,
        middle: &Row,
        pixels: &mut [f32],
        (from, to): (usize, usize),
        room: &mut Room,
    ) -> (usize, usize) {
        let Room { pieces, tiles } = room;
        let columns = pixels.len() / TILE;
        let (first, end) = (from / TILE, to.div_ceil(TILE));
        let whole = end.min(columns / TILE);
        for (i, pieces) in pieces[..(end - first).div_ceil(LANES)].iter_mut().enumerate() {
            self.choose(middle, (first + i * LANES) * TILE, pieces);
        }
        let pieces = &pieces.as_flattened()[..end - first];
        let is_rough = |piece: &u32| *piece == ROUGH;
        // What is left beyond the last whole tile goes with the rough ones.
        let last = if end > whole { Some(end - first - 1) } else { pieces.iter().rposition(is_rough) };
        let near = match (pieces.iter().position(is_rough), last) {
            (low, Some(high)) => {
                let low = first + low.unwrap_or(high);
                // To whole chunks of the series.
                let width = ((first + high + 1 - low) * TILE).next_multiple_of(LANES);
                (low * TILE, (low * TILE + width).min(columns))
            }
            _ => (first * TILE, first * TILE),
        };
        let (one, rest) = pixels.split_at_mut(columns);
        let (two, rest) = rest.split_at_mut(columns);
        let (three, four) = rest.split_at_mut(columns);
        let mut rows = [one, two, three, four].map(|row| row.as_chunks_mut::<TILE>().0);
        let left = near.0 / TILE;
        let right = near.1.div_ceil(TILE);
        for (from, to) in [(first, left), (right, whole)] {
            if from < to {
                self.draw(band, &mut rows, from, (&pieces[from - first..to - first], tiles));
            }
        }
        near
    }

    /// Adds tiles from the number `first` on.
    ///
    /// All are made before the first is added: next to sums of four the compiler makes vectors
    /// of four of the arithmetic too.
    #[inline(always)]
    fn draw(
        &self,
        band: &Band,
        rows: &mut [&mut [[f32; TILE]]; TILE],
        first: usize,
        (pieces, tiles): (&[u32], &mut [[f32; LANES]]),
    ) {
        let mut column = (first * TILE) as i32 as f32;
        for (piece, tile) in pieces.iter().zip(&mut *tiles) {
            *tile = self.tile(band, column, *piece as usize % PIECES);
            column += TILE as f32;
        }
        for (i, row) in rows.iter_mut().enumerate() {
            for (pixels, tile) in row[first..first + pieces.len()].iter_mut().zip(&*tiles) {
                let [a, b, c, d] = *pixels;
                let j = TILE * i;
                *pixels = [a + tile[j], b + tile[j + 1], c + tile[j + 2], d + tile[j + 3]];
            }
        }
    }

    #[inline(always)]
    fn tile(&self, band: &Band, first: f32, piece: usize) -> [f32; LANES] {
        let (inverse, mut values) = (self.inverse[piece], [0.0_f32; LANES]);
        let f = |power: usize| self.values[power][piece];
        let g = |power: usize| self.bends[power][piece];
        for (lane, value) in values.iter_mut().enumerate() {
            let t = (first + band.whole[lane]) - band.rest[lane];
            let p = self.a * t;
            let q = self.b * t + band.slope[lane];
            let v = (p * t + band.u[lane]) * inverse - 2.0;
            let square = v * v;
            let even = (f(0) + square * f(2)) + (square * square) * (f(4) + square * f(6));
            let odd = (f(1) + square * f(3)) + (square * square) * (f(5) + square * f(7));
            let bend = (g(0) + square * (g(2) + square * g(4))) + v * (g(1) + square * g(3));
            *value = (even + v * odd) + bend * (p * p + q * q);
        }
        values
    }
}

/// Coefficients of powers from the halved sums and differences at opposite nodes.
///
/// Sums are taken from the innermost on, which keeps what is common to all of them out of the
/// rounding of the higher powers.
#[inline(always)]
fn powers(
    matrix: &[[f32; 4]],
    sums: &[[f32; PIECES]; 4],
    differences: &[[f32; PIECES]; 4],
    into: &mut [[f32; PIECES]],
) {
    for (power, (row, into)) in matrix.iter().zip(into).enumerate() {
        for (k, into) in into.iter_mut().enumerate() {
            let d = differences;
            *into = if power % 2 == 1 {
                (row[0] * d[0][k] + row[1] * d[1][k]) + (row[2] * d[2][k] + row[3] * d[3][k])
            } else {
                let inner = sums[3][k];
                let rest = (row[0] * (sums[0][k] - inner) + row[1] * (sums[1][k] - inner))
                    + row[2] * (sums[2][k] - inner);
                if power == 0 { inner + rest } else { rest }
            };
        }
    }
}
