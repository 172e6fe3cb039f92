//! What is done with every coordinate, in lanes.

// Loops over lanes and coefficients run along several arrays at once.
#![allow(clippy::needless_range_loop)]

use super::Part;
use super::nodes::{PER_GAP, TO_DIFFERENCES, TO_POWERS};
use crate::isa::kernel;
use crate::series::integrate::block::{Block, LANES, grow};

/// Position at s, of the state at the start and the coefficients b.
#[inline(always)]
fn position(part: &Part, l: usize, s: f64, h: f64) -> f64 {
    let b = |k: usize| part.b[k].0[l];
    let sum = b(4) * (1.0 / 42.0) + s * (b(5) * (1.0 / 56.0) + s * (b(6) * (1.0 / 72.0)));
    let sum = b(2) * (1.0 / 20.0) + s * (b(3) * (1.0 / 30.0) + s * sum);
    let sum = b(0) * (1.0 / 6.0) + s * (b(1) * (1.0 / 12.0) + s * sum);
    let bend = s * h * (0.5 * part.a.0[l] + s * sum);
    part.x.0[l] + (s * h * (part.v.0[l] + bend) - part.x_lost.0[l])
}

/// Velocity at s.
#[inline(always)]
fn velocity(part: &Part, l: usize, s: f64, h: f64) -> f64 {
    let b = |k: usize| part.b[k].0[l];
    let sum = b(4) * (1.0 / 6.0) + s * (b(5) * (1.0 / 7.0) + s * (b(6) * (1.0 / 8.0)));
    let sum = b(2) * (1.0 / 4.0) + s * (b(3) * (1.0 / 5.0) + s * sum);
    let sum = b(0) * (1.0 / 2.0) + s * (b(1) * (1.0 / 3.0) + s * sum);
    part.v.0[l] + (s * h * (part.a.0[l] + s * sum) - part.v_lost.0[l])
}

kernel! {
    /// Positions at a time of each lane, in parts of its step.
    pub fn positions(parts: &[Part], s: &Block, h: &Block, x: &mut [Block]) {
        for (part, x) in parts.iter().zip(x) {
            for l in 0..LANES {
                x.0[l] = position(part, l, s.0[l], h.0[l]);
            }
        }
    }
}

kernel! {
    /// Velocities, likewise.
    pub fn velocities(parts: &[Part], s: &Block, h: &Block, v: &mut [Block]) {
        for (part, v) in parts.iter().zip(v) {
            for l in 0..LANES {
                v.0[l] = velocity(part, l, s.0[l], h.0[l]);
            }
        }
    }
}

kernel! {
    /// The coefficients for a step `q` times as long as the last good one, whose polynomial goes
    /// on, with what it was wrong by the last time.
    pub fn predict(parts: &mut [Part], q: &Block) {
        for part in parts {
            for l in 0..LANES {
                let b: [f64; 7] = std::array::from_fn(|k| part.b_last[k].0[l]);
                let q1 = q.0[l];
                let q2 = q1 * q1;
                let q3 = q1 * q2;
                let q4 = q2 * q2;
                let e = [
                    q1 * (((b[0] + 2.0 * b[1]) + (3.0 * b[2] + 4.0 * b[3])) + ((5.0 * b[4] + 6.0 * b[5]) + 7.0 * b[6])),
                    q2 * ((b[1] + 3.0 * b[2]) + (6.0 * b[3] + 10.0 * b[4]) + (15.0 * b[5] + 21.0 * b[6])),
                    q3 * ((b[2] + 4.0 * b[3]) + (10.0 * b[4] + 20.0 * b[5]) + 35.0 * b[6]),
                    q4 * ((b[3] + 5.0 * b[4]) + (15.0 * b[5] + 35.0 * b[6])),
                    q2 * q3 * (b[4] + (6.0 * b[5] + 21.0 * b[6])),
                    q3 * q3 * (b[5] + 7.0 * b[6]),
                    q3 * q4 * b[6],
                ];
                for k in 0..7 {
                    part.e[k].0[l] = e[k];
                    part.b[k].0[l] = e[k] + (b[k] - part.e_last[k].0[l]);
                }
            }
            for k in 0..7 {
                let mut g = [0.0; LANES];
                for j in k..7 {
                    for l in 0..LANES {
                        g[l] += TO_DIFFERENCES[j][k] * part.b[j].0[l];
                    }
                }
                part.g[k] = Block(g);
            }
        }
    }
}

/// Takes the acceleration at node N into the coefficients of lanes that are `going`; the changes of
/// the last one.
#[inline(always)]
fn correct_at<const N: usize>(part: &mut Part, a: &Block, going: &Block) -> Block {
    let mut changes = Block::ZERO;
    for l in 0..LANES {
        let mut g = (a.0[l] - part.a.0[l]) * PER_GAP[N][0];
        for m in 1..N {
            g = (g - part.g[m - 1].0[l]) * PER_GAP[N][m];
        }
        let old = part.g[N - 1].0[l];
        let new = if going.0[l] > 0.0 { g } else { old };
        part.g[N - 1].0[l] = new;
        let change = new - old;
        for k in 0..N - 1 {
            part.b[k].0[l] += TO_POWERS[N - 1][k] * change;
        }
        part.b[N - 1].0[l] += change;
        changes.0[l] = change;
    }
    changes
}

#[inline(always)]
fn correct_all<const N: usize>(parts: &mut [Part], a: &[Block], going: &Block) {
    for (part, a) in parts.iter_mut().zip(a) {
        correct_at::<N>(part, a, going);
    }
}

kernel! {
    /// Takes the accelerations at one of the nodes 1 to 6 into the coefficients.
    pub fn correct(node: usize, parts: &mut [Part], a: &[Block], going: &Block) {
        match node {
            1 => correct_all::<1>(parts, a, going),
            2 => correct_all::<2>(parts, a, going),
            3 => correct_all::<3>(parts, a, going),
            4 => correct_all::<4>(parts, a, going),
            5 => correct_all::<5>(parts, a, going),
            _ => correct_all::<6>(parts, a, going),
        }
    }
}

/// The largest sizes over all coordinates, in each lane; NaN where an acceleration is not finite.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// Of the changes of the last coefficient.
    pub change: Block,
    /// Of the last coefficient.
    pub last: Block,
    /// Of the acceleration.
    pub acceleration: Block,
}

kernel! {
    /// As [`correct`] at node 7, the last.
    pub fn correct_last(parts: &mut [Part], a: &[Block], going: &Block) -> Sizes {
        let mut sizes = Sizes { change: Block::ZERO, last: Block::ZERO, acceleration: Block::ZERO };
        let mut poison = [0.0; LANES];
        for (part, a) in parts.iter_mut().zip(a) {
            let changes = correct_at::<7>(part, a, going);
            grow(&mut sizes.change, &changes);
            grow(&mut sizes.last, &part.b[6]);
            grow(&mut sizes.acceleration, a);
            for l in 0..LANES {
                poison[l] += 0.0 * a.0[l];
            }
        }
        for l in 0..LANES {
            sizes.acceleration.0[l] += poison[l];
        }
        sizes
    }
}

kernel! {
    /// The largest acceleration at the end of a step and its first two derivatives, in steps.
    pub fn changes(parts: &[Part]) -> [Block; 3] {
        let mut most = [Block::ZERO; 3];
        for part in parts {
            let mut each = [Block::ZERO; 3];
            for l in 0..LANES {
                let b = |k: usize| part.b[k].0[l];
                let (low, high) = ((b(0) + b(1)) + (b(2) + b(3)), (b(4) + b(5)) + b(6));
                each[0].0[l] = part.a.0[l] + (low + high);
                let (low, high) = (b(0) + 2.0 * b(1) + (3.0 * b(2) + 4.0 * b(3)), 5.0 * b(4) + 6.0 * b(5));
                each[1].0[l] = low + (high + 7.0 * b(6));
                let (low, high) = (2.0 * b(1) + 6.0 * b(2) + 12.0 * b(3), 20.0 * b(4) + 30.0 * b(5));
                each[2].0[l] = low + (high + 42.0 * b(6));
            }
            for (most, each) in most.iter_mut().zip(&each) {
                grow(most, each);
            }
        }
        most
    }
}

/// `sum + term`, with what rounding took from the sum so far, and from this.
#[inline(always)]
fn compensated(sum: f64, lost: f64, term: f64) -> (f64, f64) {
    let term = term - lost;
    let new = sum + term;
    (new, (new - sum) - term)
}

kernel! {
    /// Goes to the end of the step in the lanes that `keep` it.
    pub fn advance(parts: &mut [Part], h: &Block, keep: &Block) {
        for part in parts {
            for l in 0..LANES {
                let b: [f64; 7] = std::array::from_fn(|k| part.b[k].0[l]);
                let (a, h, kept) = (part.a.0[l], h.0[l], keep.0[l] > 0.0);
                let speed = a + (b[0] * (1.0 / 2.0) + (b[1] * (1.0 / 3.0) + (b[2] * (1.0 / 4.0)
                    + (b[3] * (1.0 / 5.0) + (b[4] * (1.0 / 6.0) + (b[5] * (1.0 / 7.0) + b[6] * (1.0 / 8.0)))))));
                let bend = 0.5 * a + (b[0] * (1.0 / 6.0) + (b[1] * (1.0 / 12.0) + (b[2] * (1.0 / 20.0)
                    + (b[3] * (1.0 / 30.0) + (b[4] * (1.0 / 42.0) + (b[5] * (1.0 / 56.0) + b[6] * (1.0 / 72.0)))))));
                let (x, x_lost) = compensated(part.x.0[l], part.x_lost.0[l], h * (part.v.0[l] + h * bend));
                let (v, v_lost) = compensated(part.v.0[l], part.v_lost.0[l], h * speed);
                part.x.0[l] = if kept { x } else { part.x.0[l] };
                part.x_lost.0[l] = if kept { x_lost } else { part.x_lost.0[l] };
                part.v.0[l] = if kept { v } else { part.v.0[l] };
                part.v_lost.0[l] = if kept { v_lost } else { part.v_lost.0[l] };
            }
            for k in 0..7 {
                for l in 0..LANES {
                    let kept = keep.0[l] > 0.0;
                    part.b_last[k].0[l] = if kept { part.b[k].0[l] } else { part.b_last[k].0[l] };
                    part.e_last[k].0[l] = if kept { part.e[k].0[l] } else { part.e_last[k].0[l] };
                }
            }
        }
    }
}
