//! Runs side by side in lanes, or the bodies of one.
//!
//! Runs of few bodies take a lane each. From [`CROWD`] bodies on a run has all lanes for itself,
//! eight bodies at a time: its numbers fit the cache, and it does not wait for seven others. Which
//! it is depends on the run alone.

use super::attraction::{self, Masses};
use super::scene::Scene;
use crate::isa::Isa;
use crate::series::integrate::Motion;
use crate::series::integrate::block::{Block, LANES};

/// So many bodies are a run on its own.
pub const CROWD: usize = 16;

/// Up to eight runs of few bodies, or one of many.
pub struct Cohort {
    isa: Isa,
    dimensions: usize,
    /// Whether there is but one run, of many bodies.
    crowd: bool,
    masses: Masses,
    damping: Block,
    damped: bool,
}

impl Cohort {
    /// For runs of at most so many bodies.
    pub fn new(isa: Isa, dimensions: usize, bodies: usize) -> Cohort {
        let crowd = bodies >= CROWD;
        let blocks = if crowd { bodies.div_ceil(LANES) } else { bodies };
        let (pull, here) = (vec![Block::ZERO; blocks], vec![Block::ZERO; blocks]);
        let masses = Masses { pull, here, full: 0, softening: Block::ZERO };
        Cohort { isa, dimensions, crowd, masses, damping: Block::ZERO, damped: false }
    }

    /// How many runs it holds.
    pub fn seats(&self) -> usize {
        if self.crowd { 1 } else { LANES }
    }

    /// How many axes there are.
    pub fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// The rate of the damping of each lane.
    pub fn rate(&self) -> &Block {
        &self.damping
    }

    /// How many coordinates it has.
    pub fn coordinates(&self) -> usize {
        self.masses.pull.len() * self.dimensions
    }

    /// Where a body of the run on a seat is: its block and its lane.
    pub fn place(&self, seat: usize, body: usize) -> (usize, usize) {
        if self.crowd { (body / LANES, body % LANES) } else { (body, seat) }
    }

    /// Gives a seat to a run; `enter` is told each coordinate, lane, position and velocity.
    pub fn enter(&mut self, seat: usize, scene: &Scene, mut enter: impl FnMut(usize, usize, f64, f64)) {
        let lanes = if self.crowd { 0..LANES } else { seat..seat + 1 };
        self.masses.softening.0[lanes.clone()].fill(scene.softening * scene.softening);
        self.damping.0[lanes].fill(scene.damping);
        self.damped |= scene.damping > 0.0;
        let room = if self.crowd { self.masses.pull.len() * LANES } else { self.masses.pull.len() };
        for body in 0..room {
            let (block, lane) = self.place(seat, body);
            let mass = scene.mass.get(body);
            self.masses.pull[block].0[lane] = mass.map_or(0.0, |mass| scene.gravity * mass);
            self.masses.here[block].0[lane] = if mass.is_some() { 1.0 } else { 0.0 };
            for c in 0..self.dimensions {
                let of = |vectors: &[[f64; 3]]| vectors.get(body).map_or(0.0, |vector| vector[c]);
                enter(block * self.dimensions + c, lane, of(&scene.x), of(&scene.v));
            }
        }
        self.count_full();
    }

    /// Finds the first block in which a body is missing.
    fn count_full(&mut self) {
        let lacks = |here: &Block| here.0.contains(&0.0);
        self.masses.full = self.masses.here.iter().position(lacks).unwrap_or(self.masses.here.len());
    }

    /// Leaves out what is beyond so many bodies a run.
    pub fn shrink(&mut self, bodies: usize) {
        if !self.crowd {
            self.masses.pull.truncate(bodies);
            self.masses.here.truncate(bodies);
            self.count_full();
        }
    }

    /// G times the kinetic energy of each run, in its lanes.
    pub fn kinetic(&self, v: &[Block]) -> Block {
        let energy = attraction::kinetic(self.isa, self.dimensions, &self.masses, v);
        if self.crowd { Block::splat(energy.sum()) } else { energy }
    }

    /// Writes the state of the run on a seat: all positions, then all velocities.
    pub fn write(&self, seat: usize, bodies: usize, x: &[Block], v: &[Block], out: &mut [f64]) {
        let (positions, velocities) = out.split_at_mut(bodies * self.dimensions);
        for body in 0..bodies {
            let (block, lane) = self.place(seat, body);
            for c in 0..self.dimensions {
                let coordinate = block * self.dimensions + c;
                positions[body * self.dimensions + c] = x[coordinate].0[lane];
                velocities[body * self.dimensions + c] = v[coordinate].0[lane];
            }
        }
    }
}

impl Motion for Cohort {
    fn accelerate(&self, x: &[Block], a: &mut [Block], potential: Option<&mut Block>) {
        let (isa, dimensions, weighed) = (self.isa, self.dimensions, potential.is_some());
        let attract = if self.crowd { attraction::attract_crowd } else { attraction::attract_runs };
        let energy = attract(isa, dimensions, weighed, &self.masses, x, a);
        if let Some(potential) = potential {
            *potential = energy;
        }
    }

    fn damping(&self) -> Option<&Block> {
        self.damped.then_some(&self.damping)
    }

    fn join(&self, lanes: &mut Block) {
        if self.crowd {
            *lanes = Block::splat(lanes.largest());
        }
    }
}
