//! Yoshida's fourth order: three leapfrog steps, the middle one backwards (Yoshida 1990, Phys.
//! Lett. A 150, 262).

use super::Motion;
use super::block::Block;
use super::leapfrog::{self, State};
use crate::isa::Isa;

/// 1/(2 - 2^(1/3)): the first and the last of the three steps, in the whole one.
pub const OUTER: f64 = 1.351_207_191_959_657_6;
/// -2^(1/3)/(2 - 2^(1/3)): the middle one.
pub const INNER: f64 = -1.702_414_383_919_315_3;

/// A step of each lane; `fades` are exp(-c w h/2) for the weights w of the outer steps and of the
/// inner one.
pub fn step(
    isa: Isa,
    motion: &impl Motion,
    state: &mut State,
    h: &Block,
    fades: &[Block; 2],
    potential: Option<&mut Block>,
) {
    let [outer, inner] = [h.map(|h| OUTER * h), h.map(|h| INNER * h)];
    leapfrog::step(isa, motion, state, &outer, &fades[0], None);
    leapfrog::step(isa, motion, state, &inner, &fades[1], None);
    leapfrog::step(isa, motion, state, &outer, &fades[0], potential);
}
