//! The same method for coordinates in blocks, of which there may be any number.
//!
//! The error of a step is its largest over all coordinates, in the largest position and the largest
//! velocity.

use super::control;
use super::tableau::{ADVANCE, DENSE, FIFTH, THIRD, sum};
use crate::isa::{Isa, kernel};
use crate::series::integrate::block::{self, Block, LANES, grow};
use crate::series::integrate::{Attempt, Motion, Stepper};
use std::array::from_fn;

/// The slopes by which the end of a step and its interpolant are found.
const SLOPES: usize = 16;

/// What is known of one coordinate: its position and its velocity.
#[derive(Clone, Copy)]
struct Part {
    old: [Block; 2],
    new: [Block; 2],
    slopes: [[Block; SLOPES]; 2],
    dense: [[Block; 4]; 2],
}

impl Part {
    const START: Part = Part {
        old: [Block::ZERO; 2],
        new: [Block::ZERO; 2],
        slopes: [[Block::ZERO; SLOPES]; 2],
        dense: [[Block::ZERO; 4]; 2],
    };
}

/// Coordinates that move, each lane by its own clock or, where the motion joins them, all by one.
pub struct Dop853 {
    isa: Isa,
    tolerance: f64,
    parts: Vec<Part>,
    x: Vec<Block>,
    v: Vec<Block>,
    a: Vec<Block>,
}

impl Dop853 {
    /// So many coordinates, all at 0; `tolerance` is that of a step's relative error.
    pub fn new(isa: Isa, coordinates: usize, tolerance: f64) -> Dop853 {
        let blocks = vec![Block::ZERO; coordinates];
        let parts = vec![Part::START; coordinates];
        Dop853 { isa, tolerance, parts, x: blocks.clone(), v: blocks.clone(), a: blocks }
    }

    /// Finds the slopes at the state that was given out.
    fn slope(&mut self, motion: &impl Motion, row: usize, potential: Option<&mut Block>) {
        motion.accelerate(&self.x, &mut self.a, potential);
        if let Some(rate) = motion.damping() {
            block::damp(self.isa, rate, &self.v, &mut self.a);
        }
        for ((part, v), a) in self.parts.iter_mut().zip(&self.v).zip(&self.a) {
            (part.slopes[0][row], part.slopes[1][row]) = (*v, *a);
        }
    }

    /// Goes where a row of the tableau leads, and finds the slopes there.
    fn stage(&mut self, motion: &impl Motion, row: usize, h: &Block) {
        lead(self.isa, row, &self.parts, h, &mut self.x, &mut self.v);
        self.slope(motion, row, None);
    }
}

impl Stepper for Dop853 {
    fn enter(&mut self, coordinate: usize, lane: usize, x: f64, v: f64) {
        let part = &mut self.parts[coordinate];
        (part.old[0].0[lane], part.old[1].0[lane]) = (x, v);
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
            (*x, *v) = (part.old[0], part.old[1]);
        }
        self.slope(motion, 0, Some(&mut potential));
        potential
    }

    fn attempt(&mut self, motion: &impl Motion, h: &Block, _: &Block, _: &Block) -> Attempt {
        for row in 1..ADVANCE {
            self.stage(motion, row, h);
        }
        lead(self.isa, ADVANCE, &self.parts, h, &mut self.x, &mut self.v);
        for ((part, x), v) in self.parts.iter_mut().zip(&self.x).zip(&self.v) {
            part.new = [*x, *v];
        }
        let mut sizes = measure(self.isa, &self.parts);
        sizes.iter_mut().flatten().for_each(|lanes| motion.join(lanes));
        let mut attempt = Attempt { good: Block::ZERO, factor: Block::ZERO, error: Block::ZERO };
        for l in 0..LANES {
            let over = error(&sizes, l, h.0[l]) / self.tolerance;
            let good = over <= 1.0;
            attempt.good.0[l] = if good { 1.0 } else { 0.0 };
            attempt.factor.0[l] = control::factor(over, !good);
            attempt.error.0[l] = over * self.tolerance;
        }
        attempt
    }

    fn prepare(&mut self, motion: &impl Motion, h: &Block) {
        for row in ADVANCE..SLOPES {
            self.stage(motion, row, h);
        }
        interpolate(self.isa, &mut self.parts, h);
    }

    fn at(&mut self, s: &Block, h: &Block) {
        between(self.isa, &self.parts, s, h, &mut self.x, &mut self.v);
    }

    fn advance(&mut self, _: &Block, keep: &Block) {
        for part in &mut self.parts {
            for (old, new) in part.old.iter_mut().zip(&part.new) {
                *old = Block(from_fn(|l| if keep.0[l] > 0.0 { new.0[l] } else { old.0[l] }));
            }
        }
    }

    fn state(&self) -> (&[Block], &[Block]) {
        (&self.x, &self.v)
    }
}

/// The error of a step in one lane: the largest of the position's and the velocity's, each relative.
fn error(sizes: &[[Block; 3]; 2], l: usize, h: f64) -> f64 {
    let relative = |part: &[Block; 3], kind: usize| {
        let size = part[2].0[l];
        let over = if size > 0.0 { part[kind].0[l] / size } else { 0.0 * part[kind].0[l] };
        over * over
    };
    let larger = |kind: usize| {
        let (x, v) = (relative(&sizes[0], kind), relative(&sizes[1], kind));
        // What is not a number is larger than any.
        if x <= v || v.is_nan() { v } else { x }
    };
    control::error(h, larger(0), larger(1), 1)
}

#[inline(always)]
fn lead_by<const ROW: usize>(parts: &[Part], h: &Block, x: &mut [Block], v: &mut [Block]) {
    for ((part, x), v) in parts.iter().zip(x).zip(v) {
        for l in 0..LANES {
            let along = |i: usize| part.old[i].0[l] + h.0[l] * sum::<ROW>(|j| part.slopes[i][j].0[l]);
            (x.0[l], v.0[l]) = (along(0), along(1));
        }
    }
}

kernel! {
    /// The state that a row of the tableau leads to.
    fn lead(row: usize, parts: &[Part], h: &Block, x: &mut [Block], v: &mut [Block]) {
        match row {
            1 => lead_by::<1>(parts, h, x, v),
            2 => lead_by::<2>(parts, h, x, v),
            3 => lead_by::<3>(parts, h, x, v),
            4 => lead_by::<4>(parts, h, x, v),
            5 => lead_by::<5>(parts, h, x, v),
            6 => lead_by::<6>(parts, h, x, v),
            7 => lead_by::<7>(parts, h, x, v),
            8 => lead_by::<8>(parts, h, x, v),
            9 => lead_by::<9>(parts, h, x, v),
            10 => lead_by::<10>(parts, h, x, v),
            11 => lead_by::<11>(parts, h, x, v),
            13 => lead_by::<13>(parts, h, x, v),
            14 => lead_by::<14>(parts, h, x, v),
            15 => lead_by::<15>(parts, h, x, v),
            _ => lead_by::<ADVANCE>(parts, h, x, v),
        }
    }
}

kernel! {
    /// Of the positions and of the velocities: the largest errors over the step's length by the two
    /// formulae, and the largest of themselves; NaN where one is not finite.
    fn measure(parts: &[Part]) -> [[Block; 3]; 2] {
        let mut sizes = [[Block::ZERO; 3]; 2];
        let mut poison = Block::ZERO;
        for part in parts {
            for (i, sizes) in sizes.iter_mut().enumerate() {
                let (mut fifth, mut third) = (Block::ZERO, Block::ZERO);
                for l in 0..LANES {
                    fifth.0[l] = sum::<FIFTH>(|j| part.slopes[i][j].0[l]);
                    third.0[l] = sum::<THIRD>(|j| part.slopes[i][j].0[l]);
                    poison.0[l] += 0.0 * part.new[i].0[l];
                }
                grow(&mut sizes[0], &fifth);
                grow(&mut sizes[1], &third);
                grow(&mut sizes[2], &part.old[i]);
                grow(&mut sizes[2], &part.new[i]);
            }
        }
        for l in 0..LANES {
            sizes[0][0].0[l] += poison.0[l];
        }
        sizes
    }
}

kernel! {
    /// The upper coefficients of the interpolant.
    fn interpolate(parts: &mut [Part], h: &Block) {
        for part in parts {
            for i in 0..2 {
                for l in 0..LANES {
                    let k = |j: usize| part.slopes[i][j].0[l];
                    let (a, b) = (sum::<DENSE>(k), sum::<{ DENSE + 1 }>(k));
                    let (c, d) = (sum::<{ DENSE + 2 }>(k), sum::<{ DENSE + 3 }>(k));
                    part.dense[i][0].0[l] = h.0[l] * a;
                    part.dense[i][1].0[l] = h.0[l] * b;
                    part.dense[i][2].0[l] = h.0[l] * c;
                    part.dense[i][3].0[l] = h.0[l] * d;
                }
            }
        }
    }
}

kernel! {
    /// The interpolant at a place of each lane in its step.
    fn between(parts: &[Part], s: &Block, h: &Block, x: &mut [Block], v: &mut [Block]) {
        for ((part, x), v) in parts.iter().zip(x).zip(v) {
            for l in 0..LANES {
                (x.0[l], v.0[l]) = (inside(part, 0, l, s.0[l], h.0[l]), inside(part, 1, l, s.0[l], h.0[l]));
            }
        }
    }
}

#[inline(always)]
fn inside(part: &Part, i: usize, l: usize, s: f64, h: f64) -> f64 {
    let r = 1.0 - s;
    let rise = part.new[i].0[l] - part.old[i].0[l];
    let (first, last) = (h * part.slopes[i][0].0[l], h * part.slopes[i][ADVANCE].0[l]);
    let dense = |j: usize| part.dense[i][j].0[l];
    let sum = dense(0) + s * (dense(1) + r * (dense(2) + s * dense(3)));
    part.old[i].0[l] + s * (rise + r * ((first - rise) + s * ((2.0 * rise - (first + last)) + r * sum)))
}
