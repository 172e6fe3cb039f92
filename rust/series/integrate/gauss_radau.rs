//! Gauss-Radau of 15th order with steps of its own choosing: Everhart's RA15 as IAS15 runs it.
//!
//! The acceleration in a step is a polynomial of degree 7, y''(s) = a0 + b0 s + ... + b6 s^7 with s
//! from 0 to 1, which is exact at the nodes of Gauss-Radau quadrature. Its coefficients are found
//! by going through the nodes again and again until they no longer change (Everhart 1985, "An
//! efficient integrator that uses Gauss-Radau spacings"; Rein & Spiegel 2015, MNRAS 446, 1424). The
//! new state is summed with compensation, and the polynomial gives the state at any time within the
//! step.

mod kernels;
mod nodes;

use super::block::{self, Block, LANES};
use super::{Attempt, Motion, Stepper};
use crate::isa::Isa;
use crate::math::pow;
use kernels::Sizes;
use nodes::NODES;

/// What is known of one coordinate.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    /// Position, velocity and acceleration at the start of the step.
    x: Block,
    v: Block,
    a: Block,
    /// What rounding added from the position and the velocity.
    x_lost: Block,
    v_lost: Block,
    /// The coefficients of the acceleration, and its divided differences over the nodes.
    b: [Block; 7],
    g: [Block; 7],
    /// The coefficients as they were predicted.
    e: [Block; 7],
    /// Both as they were in the last step that was good.
    b_last: [Block; 7],
    e_last: [Block; 7],
}

impl Part {
    const START: Part = Part {
        x: Block::ZERO,
        v: Block::ZERO,
        a: Block::ZERO,
        x_lost: Block::ZERO,
        v_lost: Block::ZERO,
        b: [Block::ZERO; 7],
        g: [Block::ZERO; 7],
        e: [Block::ZERO; 7],
        b_last: [Block::ZERO; 7],
        e_last: [Block::ZERO; 7],
    };

    /// One lane, at a start.
    fn enter(&mut self, lane: usize, x: f64, v: f64) {
        for block in [&mut self.a, &mut self.x_lost, &mut self.v_lost] {
            block.0[lane] = 0.0;
        }
        for block in self.b_last.iter_mut().chain(&mut self.e_last) {
            block.0[lane] = 0.0;
        }
        (self.x.0[lane], self.v.0[lane]) = (x, v);
    }
}

/// So often the nodes are gone through at the most; more does not help a step that is too long.
const ROUNDS: usize = 12;
/// A change of the last coefficient, over the largest acceleration, that is rounding.
const SETTLED: f64 = 1e-16;

/// The next step is at most so much longer; one that should have been as much shorter is taken back.
const LEAP: f64 = 4.0;
/// The seventh root of 7!.
const SEVENTH_OF_5040: f64 = 3.380_015_159_141_296_4;

/// Coordinates that move, each lane by its own clock or, where the motion joins them, all by one.
pub struct GaussRadau {
    isa: Isa,
    /// The seventh root of the tolerance.
    root: f64,
    parts: Vec<Part>,
    x: Vec<Block>,
    v: Vec<Block>,
    a: Vec<Block>,
    /// The largest coordinate where the step starts.
    size: Block,
}

/// The largest last coefficient and the largest acceleration at the last node of a step; the
/// largest acceleration at its end and its first two derivatives, in steps.
#[derive(Clone, Copy)]
struct End {
    last: Block,
    acceleration: Block,
    changes: [Block; 3],
}

impl GaussRadau {
    /// So many coordinates, all at 0; `tolerance` is that of the largest last coefficient over the largest
    /// acceleration.
    pub fn new(isa: Isa, coordinates: usize, tolerance: f64) -> GaussRadau {
        let blocks = vec![Block::ZERO; coordinates];
        let root = pow(tolerance, 1.0 / 7.0);
        let parts = vec![Part::START; coordinates];
        GaussRadau { isa, root, parts, x: blocks.clone(), v: blocks.clone(), a: blocks, size: Block::ZERO }
    }

    /// Finds the polynomial of a step. A lane has settled when the last coefficient no longer
    /// changes, or changes no less than before.
    fn settle(&mut self, motion: &impl Motion, h: &Block, on: &Block) -> End {
        let mut going = *on;
        let mut before = Block::splat(f64::INFINITY);
        let mut end = End { last: Block::ZERO, acceleration: Block::ZERO, changes: [Block::ZERO; 3] };
        for round in 0..ROUNDS {
            let sizes = self.round(motion, h, &going);
            for l in 0..LANES {
                if going.0[l] == 0.0 {
                    continue;
                }
                (end.last.0[l], end.acceleration.0[l]) = (sizes.last.0[l], sizes.acceleration.0[l]);
                let change = sizes.change.0[l] / sizes.acceleration.0[l];
                let still = change > SETTLED && (round < 2 || change < before.0[l]);
                (going.0[l], before.0[l]) = (f64::from(u8::from(still)), change);
            }
            if going == Block::ZERO {
                break;
            }
        }
        end.changes = kernels::changes(self.isa, &self.parts);
        end.changes.iter_mut().for_each(|lanes| motion.join(lanes));
        end
    }

    /// Goes through the nodes once.
    fn round(&mut self, motion: &impl Motion, h: &Block, going: &Block) -> Sizes {
        let GaussRadau { isa, parts, x, v, a, .. } = self;
        for (node, place) in NODES.iter().enumerate().skip(1) {
            let s = Block::splat(*place);
            kernels::positions(*isa, parts, &s, h, x);
            motion.accelerate(x, a, None);
            if let Some(rate) = motion.damping() {
                kernels::velocities(*isa, parts, &s, h, v);
                block::damp(*isa, rate, v, a);
            }
            if node < 7 {
                kernels::correct(*isa, node, parts, a, going);
            }
        }
        let mut sizes = kernels::correct_last(*isa, parts, a, going);
        for lanes in [&mut sizes.change, &mut sizes.last, &mut sizes.acceleration] {
            motion.join(lanes);
        }
        sizes
    }

    /// How good a step is in one lane, the next over this one, and its error.
    ///
    /// A step is a part of the time in which the acceleration changes, by its derivatives at the
    /// end of the last step (Pham, Rein & Spiegel 2024, Open J. Astrophys. 7, 1); or, where that is
    /// longer, such that the last coefficient is `tolerance` of the acceleration (Rein & Spiegel
    /// 2015). The first takes half as many steps where bodies meet; the second goes on where all
    /// accelerations vanish for a moment. Each is the largest over all coordinates. The error is
    /// that of the first term that the quadrature lacks, of degree 15 where the last coefficient's
    /// is 7, and of one rounding of the state.
    fn judge(&self, end: &End, l: usize, h: f64) -> (bool, f64, f64) {
        let (last, acceleration, size) = (end.last.0[l], end.acceleration.0[l], self.size.0[l]);
        let [bend, jerk, snap] = end.changes.map(|lanes| lanes.0[l]);
        let off = if acceleration > 0.0 { last / acceleration } else { 0.0 * acceleration };
        let seventh = pow(off, 1.0 / 7.0);
        let by_last = self.root / seventh;
        let by_change =
            SEVENTH_OF_5040 * self.root * (2.0 * bend * bend / (jerk * jerk + bend * snap)).sqrt();
        let factor = if by_change > by_last { by_change } else { by_last };
        if factor >= 1.0 / LEAP {
            let bend = if size > 0.0 { h * h * acceleration / size } else { 0.0 };
            let factor = if factor < LEAP { factor } else { LEAP };
            return (true, factor, f64::EPSILON + off * off * seventh * bend);
        }
        // Where it is no number the state went out of bounds on the way.
        (false, if factor > 0.0 { factor } else { 0.1 / LEAP }, 0.0)
    }
}

impl Stepper for GaussRadau {
    fn enter(&mut self, coordinate: usize, lane: usize, x: f64, v: f64) {
        self.parts[coordinate].enter(lane, x, v);
    }

    fn shrink(&mut self, coordinates: usize) {
        self.parts.truncate(coordinates);
        for blocks in [&mut self.x, &mut self.v, &mut self.a] {
            blocks.truncate(coordinates);
        }
    }

    fn begin(&mut self, motion: &impl Motion) -> Block {
        let mut potential = Block::ZERO;
        for ((part, x), v) in self.parts.iter().zip(&mut self.x).zip(&mut self.v) {
            (*x, *v) = (part.x, part.v);
        }
        motion.accelerate(&self.x, &mut self.a, Some(&mut potential));
        if let Some(rate) = motion.damping() {
            block::damp(self.isa, rate, &self.v, &mut self.a);
        }
        for (part, a) in self.parts.iter_mut().zip(&self.a) {
            part.a = *a;
        }
        self.size = block::largest(self.isa, &self.x);
        motion.join(&mut self.size);
        potential
    }

    fn attempt(&mut self, motion: &impl Motion, h: &Block, q: &Block, on: &Block) -> Attempt {
        kernels::predict(self.isa, &mut self.parts, q);
        let end = self.settle(motion, h, on);
        let mut attempt = Attempt { good: Block::ZERO, factor: Block::ZERO, error: Block::ZERO };
        for l in 0..LANES {
            let (good, factor, error) = self.judge(&end, l, h.0[l]);
            attempt.good.0[l] = if good { 1.0 } else { 0.0 };
            (attempt.factor.0[l], attempt.error.0[l]) = (factor, error);
        }
        attempt
    }

    fn prepare(&mut self, _: &impl Motion, _: &Block) {}

    fn at(&mut self, s: &Block, h: &Block) {
        kernels::positions(self.isa, &self.parts, s, h, &mut self.x);
        kernels::velocities(self.isa, &self.parts, s, h, &mut self.v);
    }

    fn advance(&mut self, h: &Block, keep: &Block) {
        kernels::advance(self.isa, &mut self.parts, h, keep);
    }

    fn state(&self) -> (&[Block], &[Block]) {
        (&self.x, &self.v)
    }
}
