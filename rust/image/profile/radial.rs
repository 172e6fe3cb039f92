//! What the pixel engine asks of a profile: a function f of the squared elliptical radius Q,
//! with f(0) = 1.

use super::border::{Side, Waiting};
use super::ellipse::Ellipse;

/// A radial function whose derivatives are multiples of itself:
/// f^(k)(Q) = c_k w(Q)^k f(Q), as Gaussians (w = 1) and Moffats (w = 1/(1 + Q)) have.
///
/// Lanes take u = start + Q/kappa and give f over f(kappa - 1) and w times kappa, so that an f32
/// holds them for sizes from a point upwards.
pub trait Radial: Copy {
    /// Whether [`super::wings`] and [`super::disc`] are quicker than the lanes; their u is Q itself.
    const WINGS: bool = false;

    /// c_1 to c_4.
    fn coefficients(self) -> [f64; 4];

    /// Total light over f(0) for the circular profile of scale radius 1, inverted.
    fn density(self) -> f64;

    /// f at Q.
    fn at(self, q: f64) -> f64;

    /// kappa for work at Q and beyond.
    fn scale(self, q: f64) -> f64;

    /// u at Q = 0.
    fn start(self, kappa: f64) -> f64;

    /// f and w at u.
    fn lane(self, u: f32) -> (f32, f32);

    /// f at u, and its first six derivatives times u^k over f, of a profile with [`Radial::WINGS`].
    #[inline(always)]
    fn curves(self, u: f32) -> (f32, [f32; 6]) {
        (self.lane(u).0, [0.0; 6])
    }

    /// As [`Radial::lane`], and what c_1 to c_4 are to be multiplied by at u: ones, but for a
    /// profile whose derivatives are other multiples of itself at every Q.
    #[inline(always)]
    fn bends(self, u: f32) -> (f32, f32, [f32; 4]) {
        let (f, w) = self.lane(u);
        (f, w, [1.0; 4])
    }

    /// The light per area, of a unit flux at the scale radius 1, that the lanes' f is over.
    #[inline(always)]
    fn brightness(self, kappa: f64) -> f64 {
        self.density() * self.at(kappa - 1.0)
    }

    /// The light of the brightest pixel there can be, in units of f(0) times a pixel's area.
    ///
    /// It is that of a profile of even brightness over its effective widths.
    #[inline(always)]
    fn brightest(self, ellipse: &Ellipse) -> f64 {
        let width = 1.0 / (self.density() * ellipse.root).sqrt();
        ellipse.axes().iter().fold(1.0, |light, axis| {
            let share = width * axis;
            light * if share < 1.0 { share } else { 1.0 }
        })
    }

    /// The integral of E(Q)/Q along a side of a pixel.
    #[inline(always)]
    fn along(self, side: Side, waiting: &mut Waiting) -> f64 {
        side.halved(self, waiting)
    }

    /// The radius sqrt(Q) beyond which `k` times the n-th derivative of f along any straight
    /// line is below 1, or None where it is so everywhere.
    ///
    /// The derivative is by the distance in units of the line's own sqrt(Q). It may be a
    /// bound, and must fall with the radius.
    fn reach(self, n: i32, k: f64) -> Option<f64>;

    /// The fraction of the light within sqrt(Q).
    fn enclosed(self, q: f64) -> f64;

    /// c such that along any straight line the enclosed light over Q varies over lengths of
    /// sqrt(Q + c): the square of how far f's nearest singularity is, or of how wide f is, if
    /// that is less.
    fn smooth(self) -> f64;

    /// The radius beyond which nothing is drawn.
    fn edge(self) -> f64;
}
