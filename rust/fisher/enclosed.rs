//! The light within a radius, as what flows out of pixels is made from it.
//!
//! With E(R) of the light within R, light of density I is the divergence of x h, h = E/(2 pi R^2), and
//! what a change of the index by dn moves is that of x dE/dn/(2 pi R^2). ln h and (dE/dn)/E are
//! tabulated over ln R, where both are smooth, h to all sizes, and interpolated by cubics, to 1e-7.

use crate::image::fourier::Spread;
use crate::image::profile::gaussian::FWHM_PER_SIGMA;
use crate::math::by_index::{sersic_b_by_index, sersic_enclosed};
use crate::math::special::sersic_b;
use crate::math::{cubic, exp, ln, moffat_fwhm_per_gamma};
use std::f64::consts::{LN_2, PI};

/// ln R of the first node; below it all is as there.
const FIRST: f64 = -34.0;
const STEP: f64 = 0.05;
const NODES: usize = 1240;
/// Squares under this take the series of 1 - e^-x.
const SMALL: f64 = 1e-3;

/// h and its derivative by the index or beta, at a scale radius of 1.
#[derive(Default)]
pub(super) struct Enclosed {
    holds: Option<Spread>,
    nodes: Vec<[f64; 2]>,
}

/// 1 - e^-x without cancellation.
fn rest_of_exp(x: f64) -> f64 {
    if x < SMALL { x * (1.0 - x * (0.5 - x * (1.0 / 6.0 - x / 24.0))) } else { 1.0 - exp(-x) }
}

/// ln(1 + x) without cancellation.
fn ln_of_more(x: f64) -> f64 {
    if x < SMALL { x * (1.0 - x * (0.5 - x * (1.0 / 3.0 - x * (0.25 - 0.2 * x)))) } else { ln(1.0 + x) }
}

/// E and dE/dp at ln R.
fn within(spread: Spread) -> Box<dyn Fn(f64) -> (f64, f64)> {
    match spread {
        // These are no profiles.
        Spread::Point | Spread::Airy(_) | Spread::Picture(_) => Box::new(|_| (1.0, 0.0)),
        Spread::Gaussian => Box::new(|ln_r| (rest_of_exp(0.5 * exp(2.0 * ln_r)), 0.0)),
        Spread::Moffat(beta) => {
            // R/gamma falls as gamma grows with beta, the full width being the same.
            let ln_gamma = ln(FWHM_PER_SIGMA / moffat_fwhm_per_gamma(beta));
            let root = exp(LN_2 / beta);
            let growth = -LN_2 / (beta * beta) * root / (root - 1.0);
            Box::new(move |ln_r| {
                let q = exp(2.0 * (ln_r - ln_gamma));
                let power = (beta - 1.0) * ln_of_more(q);
                let turned = ln_of_more(q) + (beta - 1.0) * (q / (1.0 + q)) * growth;
                (rest_of_exp(power), exp(-power) * turned)
            })
        }
        Spread::Sersic(n) => {
            let b = sersic_b(n);
            let by_index = sersic_b_by_index(n, b);
            Box::new(move |ln_r| sersic_enclosed((n, b, by_index), b * exp(ln_r / n)))
        }
    }
}

impl Enclosed {
    /// Makes it that of this spread.
    pub(super) fn set(&mut self, spread: Spread) {
        if self.holds == Some(spread) {
            return;
        }
        self.holds = Some(spread);
        let within = within(spread);
        self.nodes.clear();
        self.nodes.extend((0..NODES).map(|i| {
            let ln_r = FIRST + STEP * i as f64;
            let (all, by_shape) = within(ln_r);
            [ln(all / (2.0 * PI)) - 2.0 * ln_r, by_shape / all]
        }));
    }

    /// h and dh/dp.
    pub(super) fn at(&self, ln_r: f64) -> (f64, f64) {
        let place = (ln_r - FIRST) / STEP;
        let place = if place > 1.0 { place } else { 1.0 };
        let (first, weights) = cubic(place, NODES);
        let mut sum = [0.0; 2];
        for (weight, node) in weights.iter().zip(&self.nodes[first..]) {
            sum = [sum[0] + weight * node[0], sum[1] + weight * node[1]];
        }
        let h = exp(sum[0]);
        (h, h * sum[1])
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::super::brightness::Brightness;
    use super::*;

    fn of(spread: Spread) -> Enclosed {
        let mut enclosed = Enclosed::default();
        enclosed.set(spread);
        enclosed
    }

    /// (R^2 h)' is R I, and d/dp is that of neighbours.
    #[test]
    fn brightness_is_the_divergence_and_shapes_change_it() {
        let gaussian: fn(f64) -> Spread = |_| Spread::Gaussian;
        let spreads = [
            (gaussian, 1.0),
            (Spread::Moffat, 1.3),
            (Spread::Moffat, 4.0),
            (Spread::Sersic, 0.3),
            (Spread::Sersic, 1.0),
            (Spread::Sersic, 4.4),
            (Spread::Sersic, 8.0),
        ];
        for (spread, p) in spreads {
            let h = 1e-4 * p;
            let [below, own, above] = [p - h, p, p + h].map(|p| of(spread(p)));
            let brightness = Brightness::new(spread(p));
            for i in 0..60 {
                let ln_r = -9.0 + 0.2 * f64::from(i);
                let r = ln_r.exp();
                let flow = |ln_r: f64| own.at(ln_r).0 * (2.0 * ln_r).exp();
                let density = (flow(ln_r + 1e-4) - flow(ln_r - 1e-4)) / (2e-4 * r * r);
                let truth = brightness.at(r);
                // Far out, what is left of the light is a difference from 1.
                let floor = own.at(ln_r).0;
                assert!((density - truth).abs() < 1e-4 * (truth + floor), "{p} {r}: {density} {truth}");
                let change = (above.at(ln_r).0 - below.at(ln_r).0) / (2.0 * h);
                assert!((own.at(ln_r).1 - change).abs() < 1e-5 * (floor + change.abs()), "{p} {r}");
            }
        }
    }
}
