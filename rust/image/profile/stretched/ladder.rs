//! The derivatives of a stretched exponential, and how large they are by radius.

use super::{LANES, Stretched};
use crate::math::ln;
use crate::math::pow::log2_32;
use std::f32::consts::LOG2_E;

/// Radii at which the derivatives' sizes are known, two to a doubling: from half a pixel to
/// 100 pixels.
const RUNGS: usize = LANES;
/// The orders of the derivatives that the engine asks for.
const ORDERS: [i32; 4] = [2, 4, 6, 8];

/// log2 of the size of derivatives of the orders, times R^order/R0^order.
pub(super) type Ladder = [[f32; RUNGS]; 4];

const RUNG: [f32; RUNGS] = {
    let mut rung = [0.0; RUNGS];
    let mut i = 0;
    while i < RUNGS {
        rung[i] = i as f32;
        i += 1;
    }
    rung
};

/// 2^(i/2).
const HEIGHTS: [f32; RUNGS] = {
    let mut heights = [1.0; RUNGS];
    let mut i = 0;
    while i < RUNGS {
        heights[i] = (1_u32 << (i / 2)) as f32 * if i % 2 == 1 { std::f32::consts::SQRT_2 } else { 1.0 };
        i += 1;
    }
    heights
};

impl<const HALF: bool> Stretched<HALF> {
    /// Fills the ladder.
    ///
    /// Where f falls as R^-g, g = X/n, the n-th derivative along any line is at most
    /// g (g + 1) .. (g + n - 1) f/R^n (Gegenbauer polynomials at 1, DLMF 18.14.4).
    #[inline(always)]
    pub(super) fn climb(&mut self) {
        let foot = (self.foot * self.foot) as f32;
        let (mut x, mut product) = ([0.0_f32; RUNGS], [1.0_f32; RUNGS]);
        for i in 0..RUNGS {
            x[i] = self.exponent(foot * HEIGHTS[i] * HEIGHTS[i]);
        }
        for (order, sizes) in ORDERS.iter().zip(&mut self.ladder) {
            let last = *order as f32;
            for i in 0..RUNGS {
                let g = 2.0 * self.p32 * x[i];
                product[i] = product[i] * (g + (last - 2.0)) * (g + (last - 1.0));
                sizes[i] = (log2_32(product[i]) - x[i] * LOG2_E) - last * (0.5 * RUNG[i]);
            }
        }
    }

    /// As [`crate::image::profile::radial::Radial::reach`].
    #[inline(always)]
    pub(super) fn beyond(&self, n: i32, k: f64) -> Option<f64> {
        let order = ORDERS.iter().position(|order| *order == n)?;
        let sizes = &self.ladder[order];
        let foot = self.foot * self.foot;
        // What the midpoint leaves out has one sign everywhere, so that its sum grows with the frame.
        let k = if n == 2 { 4.0 * k } else { k };
        let least = -(ln(k) * std::f64::consts::LOG2_E) as f32 + 0.5 * n as f32 * log2_32(foot as f32);
        let shortest = 0.5 * self.foot;
        let Some(last) = sizes.iter().rposition(|size| *size > least) else {
            // The centre itself has no series.
            return (n > 4).then_some(shortest);
        };
        let height = match sizes.get(last + 1) {
            Some(next) => 1.0 + 0.415 * (sizes[last] - least) / (sizes[last] - next),
            None => 1e15,
        };
        let radius = self.foot * f64::from(HEIGHTS[last] * height) - self.margin;
        Some(if radius > shortest { radius } else { shortest })
    }
}

/// The polynomial P_k of y = p X in the k-th derivative f P_k/Q^k: P_k+1 = p y P_k' - (k + y) P_k.
#[inline(always)]
pub(super) fn derivative(p: f64, order: usize) -> [f32; 6] {
    let mut powers = [0.0; 6];
    powers[0] = -1.0;
    for k in 1..order {
        for j in (0..6).rev() {
            let lower = if j > 0 { powers[j - 1] } else { 0.0 };
            powers[j] = (p * (j + 1) as i32 as f64 - k as i32 as f64) * powers[j] - lower;
        }
    }
    powers.map(|c| c as f32)
}
