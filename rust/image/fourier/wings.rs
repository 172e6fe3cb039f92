//! The wings of copies, taken off the image.
//!
//! Far from its centre, convolved light is about f + p, the unconvolved brightnesses of object and PSF. The
//! sum of both over the eight nearest copies is smooth in the frame: a polynomial through 5 x 5 Chebyshev
//! nodes. Its error is under a hundredth of the copies' light where that falls as a power of the distance,
//! with copies at least 0.9 sides from the frame's middle, and under a twelfth where it falls exponentially
//! (2 I_5(x)/e^x, for a fall by e^x in half of the frame).

use super::axis::Axis;
use super::brightness::Brightness;
use super::light::Light;
use super::psf::Part;
use super::smooth::Smooth;
use crate::isa::{Isa, kernel};
use crate::lanes::LANES;
use crate::math::sin_cos;
use std::f64::consts::PI;

pub(super) const NODES: usize = 5;
/// All of them, in whole lanes.
const ROOM: usize = (NODES * NODES).next_multiple_of(LANES);

/// What the copies add at the nodes.
#[derive(Default)]
pub(super) struct Wings {
    sides: [usize; 2],
    /// The nodes along each axis, from the frame's corner.
    nodes: [[f64; NODES]; 2],
    /// A line of them for each node along y.
    values: [[f32; NODES]; NODES],
    smooth: Smooth,
    any: bool,
}

impl Wings {
    /// Begins an image of so many columns and rows.
    pub(super) fn clear(&mut self, sides: [usize; 2]) {
        (self.values, self.any) = ([[0.0; NODES]; NODES], false);
        if self.sides == sides {
            return;
        }
        self.sides = sides;
        self.nodes = sides.map(|side| {
            let cosine = |node: usize| sin_cos(PI * (2 * node + 1) as f64 / (2 * NODES) as f64).1;
            std::array::from_fn(|node| 0.5 * side as f64 * (1.0 + cosine(node)))
        });
        self.smooth.fit(sides, &self.nodes);
    }

    /// Notes the copies of an object behind a PSF.
    pub(super) fn add(&mut self, isa: Isa, light: &Light, psf: &[Part], axes: [&Axis; 2]) {
        let mut places = [[0.0; ROOM]; 2];
        for (n, value) in (0..NODES * NODES).map(|n| (n, [n % NODES, n / NODES])) {
            let centre = [light.centre.0, light.centre.1];
            for i in [0, 1] {
                places[i][n] = (self.nodes[i][value[i]] - centre[i]) as f32;
            }
        }
        let periods = axes.map(|axis| axis.period as f32);
        let whole = psf.iter().map(|part| part.light.flux).sum::<f64>();
        let own = Copy::new(light, Brightness::new(light));
        copies(isa, &own, &places, periods, (light.flux * whole) as f32, &mut self.values);
        for (part, smooth) in psf.iter().filter_map(|part| Some((part, part.brightness.smooth()?))) {
            let flux = (light.flux * part.light.flux) as f32;
            let wing = Copy::new(&part.light, smooth);
            copies(isa, &wing, &places, periods, flux, &mut self.values);
        }
        self.any = true;
    }

    /// All that was noted, ready to be taken off; nothing where no object was.
    pub(super) fn smooth(&mut self, isa: Isa) -> Option<&Smooth> {
        self.any.then(|| self.smooth.of(isa, &self.values))
    }
}

/// One light: u = xx x^2 + 2 xy x y + yy y^2.
struct Copy {
    brightness: Brightness,
    xx: f32,
    twice_xy: f32,
    yy: f32,
    /// Whether it is much longer than wide.
    thin: bool,
}

impl Copy {
    fn new(light: &Light, brightness: Brightness) -> Copy {
        let ((xx, xy, yy), square) = (light.sheared(), light.radius * light.radius);
        Copy {
            brightness,
            xx: (yy / square) as f32,
            twice_xy: (-2.0 * xy / square) as f32,
            yy: (xx / square) as f32,
            thin: light.elongation() > THIN,
        }
    }

    /// How many rings of copies are taken off.
    #[inline(always)]
    fn rings(&self, periods: [f32; 2]) -> i32 {
        let slope = |u: f32| self.brightness.at(&[u; LANES]).1[0];
        let is_slow = || {
            slope(self.xx * periods[0] * periods[0]) < SLOW || slope(self.yy * periods[1] * periods[1]) < SLOW
        };
        if self.thin && is_slow() { RINGS } else { 1 }
    }
}

/// How many rings of copies there are of thin light that falls slowly: on the line through copies at an angle along its
/// major axis all have one sign, and of R^-2.2 the second counts 0.2 of the first.
const RINGS: i32 = 4;
const THIN: f64 = 1.5;
const SLOW: f32 = 4.0;

/// The share of a copy in the outermost ring: of more than one, those on its sides count by half and at its corners by a
/// quarter, so that what is beyond begins with a sum of nothing (Evjen 1932, Phys. Rev. 39, 675).
fn share(a: i32, b: i32, rings: i32) -> f32 {
    let side = |n: i32| if rings > 1 && n.abs() == rings { 0.5 } else { 1.0 };
    side(a) * side(b) * if (a + b) % 2 == 0 { 1.0 } else { -1.0 }
}

kernel! {
    fn copies(
        copy: &Copy,
        places: &[[f32; ROOM]; 2],
        periods: [f32; 2],
        flux: f32,
        values: &mut [[f32; NODES]; NODES],
    ) {
        let rings = copy.rings(periods);
        let side = 2 * rings + 1;
        for (a, b) in (0..side * side).map(|n| (n % side - rings, n / side - rings)).filter(|at| *at != (0, 0)) {
            let (right, down) = (a as f32 * periods[0], b as f32 * periods[1]);
            let flux = share(a, b, rings) * flux;
            for (n, values) in values.as_flattened_mut().chunks_mut(LANES).enumerate() {
                let mut u = [0.0; LANES];
                for i in 0..LANES {
                    let (x, y) = (places[0][n * LANES + i] + right, places[1][n * LANES + i] + down);
                    u[i] = copy.xx * (x * x) + (copy.twice_xy * (x * y) + copy.yy * (y * y));
                }
                let light = copy.brightness.at(&u).0;
                for (value, light) in values.iter_mut().zip(light) {
                    *value += flux * light;
                }
            }
        }
    }
}
