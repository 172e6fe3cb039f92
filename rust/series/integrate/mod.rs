//! Integrators, one a file.

pub mod block;
pub mod gauss_radau;
pub mod leapfrog;
pub mod yoshida4;

use block::Block;

/// Something whose accelerations follow from its positions, but for a damping -c v.
pub trait Motion {
    /// Writes the accelerations without damping at these positions and, where it is asked for, the
    /// potential energy.
    fn accelerate(&self, x: &[Block], a: &mut [Block], potential: Option<&mut Block>);

    /// The rate c of the damping of each lane; none where none is damped.
    fn damping(&self) -> Option<&Block>;

    /// Gives lanes that share a clock the largest of their numbers.
    fn join(&self, lanes: &mut Block);
}
