//! Far from the centre a profile is smooth over many pixels: polynomials of Q.
//!
//! A pixel's mean to the second order is F(Q) + G(Q) S, with S = p^2 + q^2 of the two halves of
//! Q's gradient. Both are polynomials by [`super::pieces`], whose coefficients each lane picks from
//! registers by the leading bits of its Q. F is some 25 operations a pixel and F + G S some 37, where
//! the powers, roots and exponentials of [`super::series`] need 40 to 75 and some of them divisions.

use super::ellipse::Ellipse;
use super::pieces::{MIDDLE, Mean, Pieces, parabola};
use super::radial::Radial;
use super::series::{Frame, LANE, LANES, Row};
use crate::lanes::Lanes;

/// Fewer pixels are left to the series: the making of the pieces takes as long as some hundreds.
pub const WORTH: f64 = 500.0;
/// Squared sizes whose powers an f32 holds.
pub const USUAL: std::ops::Range<f64> = 1e-12..1e12;

/// The polynomials of one profile, and where they hold.
pub struct Wings {
    pieces: Pieces<3>,
    /// Q from which on pixels are smooth enough.
    pub least: f64,
    a: f32,
    b: f32,
    light: f32,
}

impl Wings {
    /// For Q from `least`, beyond which the second order does, to `most`. None where it is out of all
    /// proportion.
    ///
    /// `tolerance` is that of the lanes' f.
    #[inline(always)]
    pub fn new<P: Radial>(
        profile: P,
        frame: &Frame,
        ellipse: &Ellipse,
        (least, most): (f64, f64),
        tolerance: f64,
    ) -> Option<Wings> {
        if !(USUAL.contains(&ellipse.a) && USUAL.contains(&ellipse.d)) {
            return None;
        }
        let u = |q: f64| (frame.start + q * frame.per_kappa) as f32;
        let pieces = Pieces::new(Bent { profile, frame }, parabola, u(most), tolerance as f32);
        // Never from the first on, below which a rounding would lead.
        let smooth = pieces.begin(if pieces.close > 1 { pieces.close } else { 1 });
        let smooth = (f64::from(smooth) - frame.start) / frame.per_kappa;
        let least = if least > smooth { least } else { smooth };
        Some(Wings { least, pieces, a: frame.a, b: frame.b, light: frame.light })
    }

    /// Adds the chunks `from..to` of a row, by the midpoint or, `BENT`, by the second order.
    #[inline(always)]
    pub fn run<L: Lanes, const BENT: bool>(&self, row: &Row, pixels: &mut [f32], (from, to): (usize, usize)) {
        let end = (to * LANES).min(pixels.len());
        let mut column = from * LANES;
        // Counted in f32, as in the series.
        let mut first = column as i32 as f32 - row.whole;
        while column + LANES <= end {
            let values = self.chunk::<L, BENT>(row, first);
            if let Some(pixels) = pixels[column..].first_chunk_mut::<LANES>() {
                (L::load(pixels) + values).store(pixels);
            }
            column += LANES;
            first += LANES as f32;
        }
        if column < end {
            let mut values = [0.0; LANES];
            self.chunk::<L, BENT>(row, first).store(&mut values);
            for (pixel, value) in pixels[column..end].iter_mut().zip(values) {
                *pixel += value;
            }
        }
    }

    #[inline(always)]
    fn chunk<L: Lanes, const BENT: bool>(&self, row: &Row, first: f32) -> L {
        let t = (L::splat(first) + L::load(&LANE)) - L::splat(row.rest);
        let p = L::splat(self.a) * t;
        let (piece, place) = (p * t + L::splat(row.u)).split(self.pieces.split);
        let v = place - L::splat(MIDDLE);
        let f = |power: usize| L::pick(piece, &self.pieces.values[power]);
        let square = v * v;
        let value = ((f(0) + v * f(1)) + square * (f(2) + v * f(3))) + (square * square) * f(4);
        let light = L::splat(self.light);
        if !BENT {
            return light * value;
        }
        let q = L::splat(self.b) * t + L::splat(row.slope);
        let g = |power: usize| L::pick(piece, &self.pieces.bends[power]);
        let bend = (g(0) + v * g(1)) + square * g(2);
        light * (value + bend * (p * p + q * q))
    }
}

/// A profile to the second order.
#[derive(Clone, Copy)]
struct Bent<'a, P> {
    profile: P,
    frame: &'a Frame,
}

impl<P: Radial> Mean for Bent<'_, P> {
    #[inline(always)]
    fn at(self, u: f32) -> (f32, f32) {
        self.frame.radial(self.profile, u)
    }
}
