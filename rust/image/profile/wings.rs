//! Far from the centre a profile is smooth over many pixels: polynomials of Q.
//!
//! A pixel's mean to the second order is F(Q) + G(Q) S, with S = p^2 + q^2 of the two halves of
//! Q's gradient. Both are polynomials by [`super::pieces`], at some 40 multiplications and
//! additions a pixel, where the powers and exponentials of [`super::series`] need some 65
//! operations and two divisions. The pixels of a square tile share the piece, which bounds on their Q choose.

use super::ellipse::Ellipse;
use super::pieces::{PIECES, Pieces};
use super::radial::Radial;
use super::series::{Frame, LANE, LANES, Row};

/// Columns, and rows, of a tile.
pub const TILE: usize = 4;
/// Fewer pixels are left to the series: the making of the pieces takes as long as some hundreds.
pub const WORTH: f64 = 1000.0;
/// A tile without a piece.
const ROUGH: u32 = u32::MAX;
/// From a tile's least u to its largest: 3 over sqrt(2), from piece to piece.
const MOST_RATIO: f32 = 2.12;
/// The polynomials of one profile, and where they hold.
pub struct Wings {
    pieces: Pieces,
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
            for (j, column) in LANE[..TILE].iter().enumerate() {
                let lane = TILE * i + j;
                band.whole[lane] = column - row.whole;
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
        let pieces = Pieces::new(profile, frame, foot, tolerance as f32);
        let least = u(least);
        let corner = 3.0 * ellipse.corner();
        Wings {
            least: if least > pieces.smooth { least } else { pieces.smooth },
            pieces,
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
            // Under the first piece, by a rounding, it is -1, which is ROUGH too.
            let ratio = low * self.pieces.inverse[0];
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
        let (inverse, mut values) = (self.pieces.inverse[piece], [0.0_f32; LANES]);
        let f = |power: usize| self.pieces.values[power][piece];
        let g = |power: usize| self.pieces.bends[power][piece];
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
