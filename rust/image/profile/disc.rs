//! Round profiles: polynomials of Q = r^2/R_e^2 for all pixels but the steepest.
//!
//! The series of [`super::pixel`] is symmetric in x^2 and y^2. Of a round profile all of it follows from
//! their sum, that is from Q, but for multiples of their product: to the sixth order a pixel's mean is
//! F(Q) + G(Q) x^2 y^2. With k_n = Q^n f^(n)/f, v = 1/r^2 and z = x^2 y^2 it is f times
//!   1 + v (k_1 + k_2)/6 + v^2 (7 k_2 + 14 k_3 + 3 k_4)/360 + v^3 (9 k_3 + 27 k_4 + 11 k_5 + k_6)/5040
//!     + z v^4 (k_4/90 + v (5 k_5 + k_6)/1260).
//! So the polynomials of [`super::pieces`] do for what lies beyond the reach of the eighth order, two pixels
//! from the centre of an exponential, where [`super::wings`] begin at seven.
//!
//! Every row has the chunks of the widest: where loops end at another place in each row, the processor guesses
//! wrong, which took a sixth of the time.

use super::ellipse::Ellipse;
use super::pieces::{self, MIDDLE, Mean, Pieces, cubic};
use super::radial::Radial;
use super::series::{LANE, LANES};
use super::wings::USUAL;
use crate::lanes::{Block, Lanes};

/// The mean of r^8 over a pixel about the origin, over 8!.
const EIGHTH: f64 = 3.293_7e-3 / 40_320.0;
/// What the last coefficients may be over [`super::wings`]'s: what they leave out is a fifth of the tolerance.
const CLOSE: f32 = 2.0;
/// Pixels that may go to [`super::cell`] for the sake of this: the other way takes longer by about as many.
const SPARED: f64 = 30.0;

/// The polynomials of one profile, and where they hold.
pub struct Disc {
    pieces: Pieces<4>,
    /// Q from which on pixels are smooth enough.
    pub least: f64,
    /// Q from which on the fourth order is nothing, and G with it.
    pub flat: f64,
    light: f32,
    per_a: f32,
    chunks: (usize, usize),
}

/// What [`super::pixel`] knows of a profile and its frame.
pub struct Setting {
    /// The zones' squared radii.
    pub edge: f64,
    pub fourth: f64,
    pub cells: f64,
    /// The largest Q in the frame.
    pub most: f64,
    /// The tolerance, and that of the lanes' f.
    pub tolerance: f64,
    pub lanes: f64,
    /// The plane's values for a lane of 1.
    pub light: f32,
    pub columns: usize,
}

impl Disc {
    /// None where the polynomials do not reach far enough in. `squares` gets a t^2 of the columns with light.
    #[inline(always)]
    pub fn new<P: Radial>(
        profile: P,
        ellipse: &Ellipse,
        set: &Setting,
        squares: &mut [Block],
    ) -> Option<Disc> {
        let a = ellipse.a;
        if !USUAL.contains(&a) {
            return None;
        }
        let per_pixel = a as f32;
        let after = pieces::after(set.edge as f32);
        let dark = set.most as f32 >= after;
        let top = if dark { after } else { set.most as f32 };
        let mut pieces = Pieces::new(Round { profile, a: per_pixel }, cubic, top, CLOSE * set.lanes as f32);
        if dark {
            pieces.darken();
        }
        let reach = profile.reach(8, EIGHTH * (a * a) * (a * a) / set.tolerance);
        let inner = reach.map_or(0.0, |radius| (radius + ellipse.corner()) * (radius + ellipse.corner()));
        // So much that no rounding leads below the first.
        let smooth = f64::from(pieces.begin(pieces.close)) * (1.0 + 1e-5);
        let least = if inner > smooth { inner } else { smooth };
        let more = least - if set.cells > 0.0 { set.cells } else { 0.0 };
        if std::f64::consts::PI / a * more >= SPARED {
            return None;
        }
        let chunks = column_chunks(ellipse, set.edge, set.columns);
        fill_squares(ellipse.centre.0, per_pixel, &mut squares[chunks.0..chunks.1], chunks.0);
        let per_a = (1.0 / a) as f32;
        Some(Disc { pieces, least, flat: set.fourth, light: set.light, per_a, chunks })
    }

    /// Adds the row whose least Q is `q`, `dy` above the centre.
    #[inline(always)]
    pub fn add<L: Lanes>(&self, q: f64, dy: f64, squares: &[Block], pixels: &mut [f32]) {
        if q < self.flat {
            self.run::<L, true>(q as f32, (dy * dy) as f32 * self.per_a, squares, pixels);
        } else {
            self.run::<L, false>(q as f32, 0.0, squares, pixels);
        }
    }

    #[inline(always)]
    fn run<L: Lanes, const BENT: bool>(&self, q: f32, across: f32, squares: &[Block], pixels: &mut [f32]) {
        let (from, to) = self.chunks;
        let (whole, rest) = pixels[from * LANES..].as_chunks_mut::<LANES>();
        for (pixels, square) in whole.iter_mut().zip(&squares[from..to]) {
            (L::load(pixels) + self.chunk::<L, BENT>(q, across, square)).store(pixels);
        }
        if whole.len() < to - from {
            let mut values = [0.0; LANES];
            self.chunk::<L, BENT>(q, across, &squares[to - 1]).store(&mut values);
            for (pixel, value) in rest.iter_mut().zip(values) {
                *pixel += value;
            }
        }
    }

    #[inline(always)]
    fn chunk<L: Lanes, const BENT: bool>(&self, q: f32, across: f32, square: &Block) -> L {
        let square = L::load(&square.0);
        let (piece, place) = (square + L::splat(q)).split(self.pieces.split);
        let v = place - L::splat(MIDDLE);
        let f = |power: usize| L::pick(piece, &self.pieces.values[power]);
        let v2 = v * v;
        let value = ((f(0) + v * f(1)) + v2 * (f(2) + v * f(3))) + (v2 * v2) * f(4);
        if !BENT {
            return L::splat(self.light) * value;
        }
        let g = |power: usize| L::pick(piece, &self.pieces.bends[power]);
        let bend = (g(0) + v * g(1)) + v2 * (g(2) + v * g(3));
        L::splat(self.light) * (value + bend * (square * L::splat(across)))
    }
}

/// A profile on pixels of this a.
#[derive(Clone, Copy)]
struct Round<P> {
    profile: P,
    a: f32,
}

impl<P: Radial> Mean for Round<P> {
    #[inline(always)]
    fn at(self, q: f32) -> (f32, f32) {
        let (f, [k1, k2, k3, k4, k5, k6]) = self.profile.curves(q);
        let v = self.a / q;
        let second = (k1 + k2) * (1.0 / 6.0);
        let fourth = (7.0 * k2 + (14.0 * k3 + 3.0 * k4)) * (1.0 / 360.0);
        let sixth = ((9.0 * k3 + 27.0 * k4) + (11.0 * k5 + k6)) * (1.0 / 5040.0);
        let across = k4 * (1.0 / 90.0) + v * ((5.0 * k5 + k6) * (1.0 / 1260.0));
        let square = v * v;
        (f + f * (v * (second + v * (fourth + v * sixth))), f * (square * square * across))
    }
}

/// The chunks that have light in the widest row.
fn column_chunks(ellipse: &Ellipse, edge: f64, columns: usize) -> (usize, usize) {
    let (from, to) = super::pixel::span(ellipse.centre.0, edge / ellipse.a, columns);
    (from / LANES, to.div_ceil(LANES))
}

/// a t^2 of the columns from the chunk `first` on.
#[inline(always)]
fn fill_squares(centre: f64, a: f32, squares: &mut [Block], first: usize) {
    let mut column = (first * LANES) as f64 - centre;
    for square in squares {
        for (lane, square) in LANE.iter().zip(&mut square.0) {
            let t = column as f32 + lane;
            *square = a * t * t;
        }
        column += LANES as f64;
    }
}
