//! The geometry of an elliptical profile on a grid of pixels.
//!
//! With (dx, dy) from the centre in pixels, the squared elliptical radius is
//! Q = a dx^2 + 2 b dx dy + d dy^2 = a (dx + r dy)^2 + e dy^2, with r = b/a and e = (ad - b^2)/a.
//! The second form is the one that is computed: both its terms are positive, so nothing
//! cancels along the ridge of a thin ellipse, where the first loses all digits of an f32.

use crate::image::grid::Grid;

/// Sizes and positions are taken no further than this, in pixels; light spread so wide is
/// nothing in any pixel.
const FAR: f64 = 1e15;
/// The smallest scale radius, in pixels: a point.
const POINT: f64 = 1e-24;

/// Where a profile is and how Q grows around it.
#[derive(Clone, Copy, Debug)]
pub struct Ellipse {
    /// Column and row of the centre; whole numbers are centres of pixels.
    pub centre: (f64, f64),
    /// The coefficients of Q.
    pub a: f64,
    /// As `a`.
    pub b: f64,
    /// As `a`.
    pub d: f64,
    /// b / a.
    pub r: f64,
    /// (a d - b^2) / a.
    pub e: f64,
    /// sqrt(a d - b^2), the inverse square of the scale radius.
    pub root: f64,
}

impl Ellipse {
    /// The profile with this position and scale radius, in units of length, and shear.
    ///
    /// None if that is no ellipse: a number that is not finite, no size, a shear of 1 or more.
    /// Q = |S^-1 d|^2 / radius^2, with the area-preserving shear
    /// S = [[1 + g1, g2], [g2, 1 - g1]] / sqrt(1 - g^2) (Bernstein & Jarvis 2002).
    pub fn new(grid: &Grid, position: (f64, f64), radius: f64, shear: (f64, f64)) -> Option<Ellipse> {
        let (column, row) = grid.from_corner(position.0, position.1);
        let within =
            |x: f64, low: f64, high: f64| if x > low { if x < high { x } else { high } } else { low };
        let radius =
            if radius > 0.0 && radius.is_finite() { within(grid.in_pixels(radius), POINT, FAR) } else { 0.0 };
        let (g1, g2) = shear;
        let rest = 1.0 - (g1 * g1 + g2 * g2);
        let possible = column.is_finite() & row.is_finite() & (radius > 0.0) & (rest > 0.0);
        let root = 1.0 / (radius * radius);
        let unit = root / rest;
        let a = unit * ((1.0 - g1) * (1.0 - g1) + g2 * g2);
        let b = unit * (-2.0 * g2);
        let d = unit * ((1.0 + g1) * (1.0 + g1) + g2 * g2);
        let centre = (within(column - 0.5, -FAR, FAR), within(row - 0.5, -FAR, FAR));
        possible.then_some(Ellipse { centre, a, b, d, r: b / a, e: root * (root / a), root })
    }

    /// Whether it is a circle.
    pub fn is_round(&self) -> bool {
        self.a == self.d && self.b == 0.0
    }

    /// The largest root of Q from the centre of a square of one pixel to its border.
    pub fn corner(&self) -> f64 {
        0.5 * (self.a + self.d + 2.0 * self.b.abs()).sqrt()
    }

    /// The mean over a centred pixel of Q^n for n of 1, 2 and 3.
    pub fn moments(&self) -> [f64; 3] {
        let (a, b, d) = (self.a, self.b, self.d);
        [
            (a + d) / 12.0,
            (a * a + d * d) / 80.0 + (2.0 * a * d + 4.0 * b * b) / 144.0,
            (a * a * a + d * d * d) / 448.0 + (a + d) * (3.0 * a * d + 12.0 * b * b) / 960.0,
        ]
    }

    /// The eigenvalues' square roots over `root`'s: how much shorter and longer the axes are
    /// than the circle's.
    pub fn axes(&self) -> [f64; 2] {
        let half = 0.5 * (self.a + self.d);
        let difference = 0.5 * (self.a - self.d);
        let large = half + (difference * difference + self.b * self.b).sqrt();
        let ratio = (self.root / large).sqrt();
        [ratio, 1.0 / ratio]
    }

    /// About the least Q on the grid.
    pub fn nearest(&self, grid: &Grid) -> f64 {
        let low = -0.5 - self.centre.0;
        let high = low + grid.columns() as f64;
        let bottom = -0.5 - self.centre.1;
        if (low <= 0.0) & (high >= 0.0) & (bottom <= 0.0) & (bottom + grid.rows() as f64 >= 0.0) {
            return 0.0;
        }
        let mut least = f64::INFINITY;
        for row in 0..grid.rows() {
            let from = row as f64 + bottom;
            let dy = clamp(0.0, from, from + 1.0);
            let t = clamp(0.0, low + self.r * dy, high + self.r * dy);
            let q = self.a * t * t + self.e * dy * dy;
            least = if q < least { q } else { least };
        }
        least
    }
}

fn clamp(x: f64, low: f64, high: f64) -> f64 {
    if x < low {
        low
    } else if x > high {
        high
    } else {
        x
    }
}
