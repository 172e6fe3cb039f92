//! Gauss-Radau of 15th order with steps of its own choosing: Everhart's RA15 as IAS15 runs it.
//!
//! The acceleration in a step is a polynomial of degree 7, y''(s) = a0 + b0 s + ... + b6 s^7 with s from 0 to 1,
//! which is exact at the nodes of Gauss-Radau quadrature. Its coefficients are found by going through the nodes
//! again and again until they no longer change (Everhart 1985, "An efficient integrator that uses Gauss-Radau
//! spacings"; Rein & Spiegel 2015, MNRAS 446, 1424, whose equations are cited below). The new state is summed with
//! compensation, and the polynomial gives the state at any time within the step.

pub mod clock;
mod kernels;
mod nodes;

use super::Motion;
use super::block::{Block, LANES};
use crate::isa::Isa;
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

/// What an attempt at a step was like, in each lane.
#[derive(Clone, Copy, Debug)]
pub struct Attempt {
    /// The largest last coefficient.
    pub last: Block,
    /// The largest acceleration at the last node; NaN where one was not finite.
    pub acceleration: Block,
}

/// Coordinates that move, each lane by its own clock or, where the motion joins them, all by one.
pub struct GaussRadau {
    isa: Isa,
    parts: Vec<Part>,
    /// Where the last call of [`GaussRadau::at`] put the positions.
    pub x: Vec<Block>,
    /// And the velocities.
    pub v: Vec<Block>,
    a: Vec<Block>,
}

impl GaussRadau {
    /// So many coordinates, all at 0.
    pub fn new(isa: Isa, coordinates: usize) -> GaussRadau {
        let blocks = vec![Block::ZERO; coordinates];
        GaussRadau {
            isa,
            parts: vec![Part::START; coordinates],
            x: blocks.clone(),
            v: blocks.clone(),
            a: blocks,
        }
    }

    /// Lets one coordinate of a lane start anew.
    pub fn enter(&mut self, coordinate: usize, lane: usize, x: f64, v: f64) {
        self.parts[coordinate].enter(lane, x, v);
    }

    /// Leaves out all but the first coordinates.
    pub fn shrink(&mut self, coordinates: usize) {
        self.parts.truncate(coordinates);
        for blocks in [&mut self.x, &mut self.v, &mut self.a] {
            blocks.truncate(coordinates);
        }
    }

    /// The size of the largest coordinate where the step starts, in each lane.
    pub fn size(&self) -> Block {
        kernels::size(self.isa, &self.parts)
    }

    /// Finds the accelerations where the step starts, and puts the state there into `x` and `v`; the potential
    /// energy.
    pub fn begin(&mut self, motion: &impl Motion) -> Block {
        let mut potential = Block::ZERO;
        for ((part, x), v) in self.parts.iter().zip(&mut self.x).zip(&mut self.v) {
            (*x, *v) = (part.x, part.v);
        }
        motion.accelerate(&self.x, &mut self.a, Some(&mut potential));
        if let Some(rate) = motion.damping() {
            kernels::damp(self.isa, rate, &self.v, &mut self.a);
        }
        for (part, a) in self.parts.iter_mut().zip(&self.a) {
            part.a = *a;
        }
        potential
    }

    /// Finds the polynomial of a step of length `h` in the lanes that are `on`; `q` is that length over the last
    /// good one's, or 0. A lane has settled when the last coefficient no longer changes, or changes no less than
    /// before (Rein & Spiegel, section 2.2).
    pub fn attempt(&mut self, motion: &impl Motion, h: &Block, q: &Block, on: &Block) -> Attempt {
        kernels::predict(self.isa, &mut self.parts, q);
        let mut going = *on;
        let mut before = Block::splat(f64::INFINITY);
        let mut attempt = Attempt { last: Block::ZERO, acceleration: Block::ZERO };
        for round in 0..ROUNDS {
            let sizes = self.round(motion, h, &going);
            for l in 0..LANES {
                if going.0[l] == 0.0 {
                    continue;
                }
                (attempt.last.0[l], attempt.acceleration.0[l]) = (sizes.last.0[l], sizes.acceleration.0[l]);
                let change = sizes.change.0[l] / sizes.acceleration.0[l];
                let still = change > SETTLED && (round < 2 || change < before.0[l]);
                (going.0[l], before.0[l]) = (f64::from(u8::from(still)), change);
            }
            if going == Block::ZERO {
                break;
            }
        }
        attempt
    }

    /// Goes through the nodes once.
    fn round(&mut self, motion: &impl Motion, h: &Block, going: &Block) -> Sizes {
        let GaussRadau { isa, parts, x, v, a } = self;
        for node in 1..8 {
            let s = Block::splat(NODES[node]);
            kernels::positions(*isa, parts, &s, h, x);
            motion.accelerate(x, a, None);
            if let Some(rate) = motion.damping() {
                kernels::velocities(*isa, parts, &s, h, v);
                kernels::damp(*isa, rate, v, a);
            }
            if node < 7 {
                kernels::correct(*isa, node, parts, a, going);
            }
        }
        let mut sizes = kernels::correct_last(*isa, parts, a, going);
        motion.join(&mut sizes.change);
        motion.join(&mut sizes.last);
        motion.join(&mut sizes.acceleration);
        sizes
    }

    /// Goes to the end of the step of length `h` in the lanes that `keep` it.
    pub fn advance(&mut self, h: &Block, keep: &Block) {
        kernels::advance(self.isa, &mut self.parts, h, keep);
    }

    /// Positions and velocities at the places `s`, from 0 to 1, in the steps.
    pub fn at(&mut self, s: &Block, h: &Block) {
        kernels::positions(self.isa, &self.parts, s, h, &mut self.x);
        kernels::velocities(self.isa, &self.parts, s, h, &mut self.v);
    }
}
