//! Pixels where the series does not hold, but a Gauss-Legendre rule of 4 x 4 nodes does.
//!
//! The rule's error is at most `ERROR_4` (a^4 + d^4) times the largest eighth derivative of f in
//! the pixel, along a row or a column. The bound falls with Q, so that whether the rule holds
//! is one comparison: Q at the pixel's centre against [`Rule::reach`].

use super::ellipse::Ellipse;
use super::radial::Radial;
use crate::math::quadrature::{ERROR_4, NODES_4, WEIGHTS_4};

/// The rule for one profile.
pub struct Rule<P> {
    profile: P,
    /// Q at a pixel's centre from which on the rule holds.
    pub reach: f64,
    start: f32,
    a: f32,
    e: f32,
    r: f32,
    light: f64,
}

impl<P: Radial> Rule<P> {
    /// To an error of `tolerance` in the mean of f over a pixel.
    #[inline(always)]
    pub fn new(profile: P, ellipse: &Ellipse, tolerance: f64) -> Rule<P> {
        let Ellipse { a, d, e, r, root, .. } = *ellipse;
        let corner = ellipse.corner();
        let radius = profile.reach(8, ERROR_4 * (a * a * a * a + d * d * d * d) / tolerance);
        let reach = radius.map_or(-1.0, |radius| (radius + corner) * (radius + corner));
        // All nodes are within 0.87 of the corner's distance from the pixel's centre.
        let least = radius.map_or(0.0, |radius| radius + 0.13 * corner);
        let kappa = profile.scale(least * least);
        Rule {
            profile,
            reach,
            start: profile.start(kappa) as f32,
            a: (a / kappa) as f32,
            e: (e / kappa) as f32,
            r: r as f32,
            light: profile.brightness(kappa) * root,
        }
    }

    /// The light, of a unit flux, in a pixel whose centre is `t` columns from the least Q of its
    /// row and `y` rows from the profile's centre.
    #[inline(always)]
    pub fn light(&self, t: f32, y: f32) -> f64 {
        let mut values = [0.0_f32; 16];
        for (i, value) in values.iter_mut().enumerate() {
            let t = t + (ACROSS[i] + self.r * UP[i]);
            let y = y + UP[i];
            *value = WEIGHTS[i] * self.profile.lane(self.a * t * t + (self.e * y * y + self.start)).0;
        }
        let mut four = [0.0_f32; 4];
        for (i, sum) in four.iter_mut().enumerate() {
            *sum = (values[i] + values[i + 4]) + (values[i + 8] + values[i + 12]);
        }
        self.light * f64::from((four[0] + four[1]) + (four[2] + four[3]))
    }
}

const ACROSS: [f32; 16] = nodes(false);
const UP: [f32; 16] = nodes(true);
const WEIGHTS: [f32; 16] = {
    let mut weights = [0.0; 16];
    let mut i = 0;
    while i < 16 {
        weights[i] = (WEIGHTS_4[i % 4] * WEIGHTS_4[i / 4]) as f32;
        i += 1;
    }
    weights
};

const fn nodes(up: bool) -> [f32; 16] {
    let mut nodes = [0.0; 16];
    let mut i = 0;
    while i < 16 {
        nodes[i] = NODES_4[if up { i / 4 } else { i % 4 }] as f32;
        i += 1;
    }
    nodes
}
