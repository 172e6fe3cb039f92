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
use crate::lanes::{Block, LANES};
use crate::math::sin_cos;
use std::f64::consts::PI;

pub(super) const NODES: usize = 5;
/// All of them, in whole lanes.
const BLOCKS: usize = (NODES * NODES).div_ceil(LANES);

/// What the copies add at the nodes.
#[derive(Default)]
pub(super) struct Wings {
    sides: [usize; 2],
    /// Where all nodes are along each axis, from the frame's corner; the last one fills the lanes.
    places: [[Block; BLOCKS]; 2],
    /// What the copies add there.
    sums: [Block; BLOCKS],
    smooth: Smooth,
    any: bool,
}

impl Wings {
    /// Begins an image of so many columns and rows.
    pub(super) fn clear(&mut self, sides: [usize; 2]) {
        (self.sums, self.any) = ([Block::ZERO; BLOCKS], false);
        if self.sides == sides {
            return;
        }
        self.sides = sides;
        let nodes = sides.map(|side| {
            let cosine = |node: usize| sin_cos(PI * (2 * node + 1) as f64 / (2 * NODES) as f64).1;
            std::array::from_fn(|node| 0.5 * side as f64 * (1.0 + cosine(node)))
        });
        self.smooth.fit(sides, &nodes);
        for (i, nodes) in nodes.iter().enumerate() {
            let place = |n: usize| nodes[[n % NODES, n / NODES][i]] as f32;
            let lane = |n: usize| place(if n < NODES * NODES { n } else { NODES * NODES - 1 });
            self.places[i] = std::array::from_fn(|b| Block(std::array::from_fn(|i| lane(b * LANES + i))));
        }
    }

    /// Notes the copies of an object behind a PSF; without its own brightness those of the PSF alone.
    pub(super) fn add(
        &mut self,
        isa: Isa,
        light: &Light,
        own: Option<Brightness>,
        psf: &[Part],
        axes: [&Axis; 2],
    ) {
        let periods = axes.map(|axis| axis.period as f32);
        let centre = [light.centre.0 as f32, light.centre.1 as f32];
        let mut note = |copy: Copy, flux: f64| {
            copies(isa, &copy, &self.places, centre, periods, flux as f32, &mut self.sums);
        };
        if let Some(brightness) = own {
            let whole = psf.iter().map(|part| part.light.flux).sum::<f64>();
            note(Copy::new(light, brightness), light.flux * whole);
        }
        for (part, smooth) in psf.iter().filter_map(|part| Some((part, part.brightness.smooth()?))) {
            note(Copy::new(&part.light, smooth), light.flux * part.light.flux);
        }
        self.any = true;
    }

    /// All that was noted, ready to be taken off; nothing where no object was.
    pub(super) fn smooth(&mut self, isa: Isa) -> Option<&Smooth> {
        let mut values = [[0.0; NODES]; NODES];
        for (n, value) in values.as_flattened_mut().iter_mut().enumerate() {
            *value = self.sums[n / LANES].0[n % LANES];
        }
        self.any.then(|| self.smooth.of(isa, &values))
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
        let slope = |per_square: f32, period: f32| self.brightness.slope(per_square * (period * period));
        let is_slow = || slope(self.xx, periods[0]) < SLOW || slope(self.yy, periods[1]) < SLOW;
        if self.thin && is_slow() { RINGS } else { 1 }
    }
}

/// How many rings of copies there are of thin light that falls slowly: on the line through copies at an angle along its
/// major axis all have one sign, and of R^-2.2 the second counts 0.2 of the first.
const RINGS: i32 = 4;
const THIN: f64 = 1.5;
const SLOW: f32 = 4.0;

/// Where they are, in periods.
#[inline(always)]
fn around(rings: i32) -> impl Iterator<Item = (i32, i32)> {
    let side = 2 * rings + 1;
    (0..side * side).map(move |n| (n % side - rings, n / side - rings)).filter(|at| *at != (0, 0))
}

/// The share of a copy in the outermost ring: of more than one, those on its sides count by half and at its corners by a
/// quarter, so that what is beyond begins with a sum of nothing (Evjen 1932, Phys. Rev. 39, 675).
fn share(a: i32, b: i32, rings: i32) -> f32 {
    let side = |n: i32| if rings > 1 && n.abs() == rings { 0.5 } else { 1.0 };
    side(a) * side(b) * if (a + b) % 2 == 0 { 1.0 } else { -1.0 }
}

kernel! {
    fn copies(
        copy: &Copy,
        places: &[[Block; BLOCKS]; 2],
        centre: [f32; 2],
        periods: [f32; 2],
        flux: f32,
        sums: &mut [Block; BLOCKS],
    ) {
        let rings = copy.rings(periods);
        for (n, sums) in sums.iter_mut().enumerate() {
            let mut sum = sums.0;
            for (a, b) in around(rings) {
                let (right, down) = (a as f32 * periods[0] - centre[0], b as f32 * periods[1] - centre[1]);
                let (flux, mut u) = (share(a, b, rings) * flux, [0.0; LANES]);
                for (u, (x, y)) in u.iter_mut().zip(places[0][n].0.iter().zip(&places[1][n].0)) {
                    let (x, y) = (x + right, y + down);
                    *u = copy.xx * (x * x) + (copy.twice_xy * (x * y) + copy.yy * (y * y));
                }
                for (sum, light) in sum.iter_mut().zip(copy.brightness.at(&u).0) {
                    *sum += flux * light;
                }
            }
            sums.0 = sum;
        }
    }
}
