//! The leapfrog: second order, symplectic, time-reversible.
//!
//! A step is kick (h/2), drift (h), kick (h/2). Damping, an acceleration -c v, is solved exactly on
//! both sides of it: the velocities fade by exp(-c h/2) before and after, which keeps the order and
//! the symmetry (Strang 1968, SIAM J. Numer. Anal. 5, 506).

use super::Motion;
use super::block::{Block, LANES};
use crate::isa::{Isa, kernel};

/// Positions, velocities and the accelerations that belong to the positions.
#[derive(Clone, Debug)]
pub struct State {
    /// Positions.
    pub x: Vec<Block>,
    /// Velocities.
    pub v: Vec<Block>,
    /// Accelerations by everything but damping.
    pub a: Vec<Block>,
}

/// A step of each lane; one of length 0 leaves the lane as it is. `fade` is exp(-c h/2); the
/// potential energy is that at the end.
pub fn step(
    isa: Isa,
    motion: &impl Motion,
    state: &mut State,
    h: &Block,
    fade: &Block,
    potential: Option<&mut Block>,
) {
    let State { x, v, a } = state;
    start(isa, x, v, a, h, fade);
    motion.accelerate(x, a, potential);
    finish(isa, v, a, h, fade);
}

kernel! {
    fn start(x: &mut [Block], v: &mut [Block], a: &[Block], h: &Block, fade: &Block) {
        for ((x, v), a) in x.iter_mut().zip(v).zip(a) {
            for l in 0..LANES {
                v.0[l] = v.0[l] * fade.0[l] + 0.5 * h.0[l] * a.0[l];
                x.0[l] += h.0[l] * v.0[l];
            }
        }
    }
}

kernel! {
    fn finish(v: &mut [Block], a: &[Block], h: &Block, fade: &Block) {
        for (v, a) in v.iter_mut().zip(a) {
            for l in 0..LANES {
                v.0[l] = (v.0[l] + 0.5 * h.0[l] * a.0[l]) * fade.0[l];
            }
        }
    }
}
