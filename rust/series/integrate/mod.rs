//! Integrators of ordinary differential equations, one a file.

pub mod block;
pub mod clock;
pub mod dop853;
pub mod gauss_radau;
pub mod leapfrog;
pub mod taylor;
pub mod yoshida4;

use block::Block;

/// More steps than this and a run is given up: its numbers ask for the impossible.
pub const MOST_STEPS: u32 = 1_000_000;

/// Coordinates in blocks whose accelerations follow from their positions, but for a damping -c v.
pub trait Motion {
    /// Writes the accelerations without damping at these positions and, where it is asked for, the
    /// potential energy.
    fn accelerate(&self, x: &[Block], a: &mut [Block], potential: Option<&mut Block>);

    /// The rate c of the damping of each lane; none where none is damped.
    fn damping(&self) -> Option<&Block>;

    /// Gives lanes that share a clock the largest of their numbers.
    fn join(&self, lanes: &mut Block);
}

/// An integrator of a [`Motion`] in steps of its own choosing, each lane by its own clock.
pub trait Stepper {
    /// Lets one coordinate of a lane start anew.
    fn enter(&mut self, coordinate: usize, lane: usize, x: f64, v: f64);

    /// Leaves out all but the first coordinates.
    fn shrink(&mut self, coordinates: usize);

    /// Finds the accelerations where the step starts, and gives the state there out; the potential energy.
    fn begin(&mut self, motion: &impl Motion) -> Block;

    /// Tries a step of length `h` in the lanes that are `on`; `q` is that length over the last good
    /// one's, 0 for none.
    fn attempt(&mut self, motion: &impl Motion, h: &Block, q: &Block, on: &Block) -> Attempt;

    /// Readies [`Stepper::at`] for a step.
    fn prepare(&mut self, motion: &impl Motion, h: &Block);

    /// Gives out the state at the places `s`, from 0 to 1, in the steps of length `h`.
    fn at(&mut self, s: &Block, h: &Block);

    /// Goes to the end of the step of length `h` in the lanes that `keep` it.
    fn advance(&mut self, h: &Block, keep: &Block);

    /// The positions and velocities that were given out last.
    fn state(&self) -> (&[Block], &[Block]);
}

/// What an attempt at a step came to, in each lane.
#[derive(Clone, Copy, Debug)]
pub struct Attempt {
    /// 1 where the step is good enough.
    pub good: Block,
    /// The next step over this one; where this is not good, this one anew over itself.
    pub factor: Block,
    /// The estimate of its error, relative.
    pub error: Block,
}
