//! Light in pixels where the profile is steep: a quadtree of Gauss-Legendre rules.
//!
//! A cell of side h = 2^-level is integrated by the 4 x 4 rule if the rule's error bound,
//! `ERROR_4` h^8 (a^4 + d^4) times the largest eighth derivative in it, is within the tolerance,
//! and split in four if not. Both are one comparison, Q at its centre against the level's
//! reach, because the bound falls with Q. Cells shrink towards the centre until the rule
//! holds at the centre itself, at about a third of the minor scale radius, so the tree ends.

use super::ellipse::Ellipse;
use super::radial::Radial;
use crate::math::exp::power_of_two;
use crate::math::quadrature::{ERROR_4, NODES_4, WEIGHTS_4};

/// The deepest level: cells a hundredth of the smallest minor axis of an `Ellipse`.
const DEEPEST: usize = 100;
/// Errors of a pixel's cells add up; most are far below their bound.
const SHARE: f64 = 0.125;

/// What all cells of one size share.
#[derive(Clone, Copy)]
struct Level {
    side: f64,
    per_side: f64,
    /// Q at a cell's centre from which on the rule holds.
    reach: f64,
    /// 1 / kappa.
    s: f32,
    /// The coefficients for lengths in sides, over kappa.
    a: f32,
    e: f32,
    /// Light of the cell where f is kappa^-beta throughout.
    light: f32,
}

/// Levels that the present profile has needed, and cells that wait.
pub struct Cells {
    levels: Vec<Level>,
    waiting: Vec<(f64, f64, usize)>,
}

impl Cells {
    /// With room for every profile.
    pub fn new() -> Cells {
        Cells { levels: Vec::with_capacity(DEEPEST + 1), waiting: Vec::with_capacity(3 * DEEPEST + 4) }
    }

    /// Forgets the last profile.
    #[inline(always)]
    pub fn clear(&mut self) {
        self.levels.clear();
    }
}

impl Default for Cells {
    fn default() -> Cells {
        Cells::new()
    }
}

/// What to integrate.
#[derive(Clone, Copy)]
pub struct Task<P> {
    /// The radial function.
    pub profile: P,
    /// Where and how it lies.
    pub ellipse: Ellipse,
    /// The error allowed a pixel, in units of f(0).
    pub tolerance: f64,
}

impl<P: Radial> Task<P> {
    #[inline(always)]
    fn level(&self, number: usize) -> Level {
        let side = power_of_two(-(number as f64));
        let area = side * side;
        let (a, d) = (self.ellipse.a * area, self.ellipse.d * area);
        let corner = side * self.ellipse.corner();
        let eighth = ERROR_4 * (a * a * a * a + d * d * d * d) * area;
        let radius = self.profile.reach(8, eighth / (SHARE * self.tolerance));
        let reach = match radius {
            Some(radius) if number < DEEPEST => (radius + corner) * (radius + corner),
            _ => -1.0,
        };
        // All nodes are within 0.87 of the corner's distance from the cell's centre.
        let least = radius.map_or(0.0, |radius| radius + 0.13 * corner);
        let kappa = self.profile.scale(least * least);
        let light = self.profile.density() * self.ellipse.root * area * self.profile.at(kappa - 1.0);
        Level {
            side,
            per_side: 1.0 / side,
            reach,
            s: (1.0 / kappa) as f32,
            a: (a / kappa) as f32,
            e: (self.ellipse.e * area / kappa) as f32,
            light: light as f32,
        }
    }

    /// The light, of a unit flux, in the pixel whose centre is (x, y) from the profile's.
    #[inline(always)]
    pub fn pixel(&self, cells: &mut Cells, x: f64, y: f64) -> f64 {
        let Ellipse { a, e, r, .. } = self.ellipse;
        let mut sums = [0.0_f32; 16];
        cells.waiting.clear();
        cells.waiting.push((x, y, 0));
        while let Some((x, y, number)) = cells.waiting.pop() {
            if cells.levels.len() == number {
                let level = self.level(number);
                cells.levels.push(level);
            }
            let level = cells.levels[number];
            let t = x + r * y;
            if a * t * t + e * y * y >= level.reach {
                self.rule(&level, (t * level.per_side) as f32, (y * level.per_side) as f32, &mut sums);
            } else {
                let quarter = 0.25 * level.side;
                for (right, up) in
                    [(-quarter, -quarter), (quarter, -quarter), (-quarter, quarter), (quarter, quarter)]
                {
                    cells.waiting.push((x + right, y + up, number + 1));
                }
            }
        }
        weighted(&sums)
    }

    /// Adds a cell's light, node by node, without the rule's weights.
    #[inline(always)]
    fn rule(&self, level: &Level, t: f32, y: f32, sums: &mut [f32; 16]) {
        let r = self.ellipse.r as f32;
        let mut values = [0.0_f32; 16];
        for (i, value) in values.iter_mut().enumerate() {
            let t = t + (ACROSS[i] + r * UP[i]);
            let y = y + UP[i];
            *value = self.profile.lane(level.s, level.a * t * t + level.e * y * y).0;
        }
        for (sum, value) in sums.iter_mut().zip(values) {
            *sum += level.light * value;
        }
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

/// The weighted sum, in a fixed order.
#[inline(always)]
fn weighted(sums: &[f32; 16]) -> f64 {
    let mut four = [0.0_f32; 4];
    for (i, sum) in four.iter_mut().enumerate() {
        *sum = (sums[i] * WEIGHTS[i] + sums[i + 4] * WEIGHTS[i + 4])
            + (sums[i + 8] * WEIGHTS[i + 8] + sums[i + 12] * WEIGHTS[i + 12]);
    }
    f64::from((four[0] + four[1]) + (four[2] + four[3]))
}
