//! How light without a PSF changes: what flows over the edges of its pixels.
//!
//! Flux is kept, so that a change of place, size or shape is a flow: the density I changes by -div(I v),
//! with v = x' + A' A^-1 (x - X) for the ellipse A around X, and a pixel by what I v brings over its edges. A
//! change of the index, and the light itself, are divergences too ([`super::enclosed`]). So each edge between
//! two pixels needs a few integrals along it, and the cusp at the centre is never integrated over.

use super::brightness::Brightness;
use super::enclosed::Enclosed;
use super::rate::{Form, Rate};
use crate::image::fourier::{Light, Spread};
use crate::math::ln;
use crate::math::quadrature::{NODES_8, WEIGHTS_8};

/// Pieces of an edge double from its nearest point to the centre on, from this part of the scale radius...
const PIECE: f64 = 0.5;
/// ...or, where there is a cusp, from how near that is, but no less than this.
const NEAREST: f64 = 1e-14;

/// Where the edges are summed; one for each thread.
#[derive(Default)]
pub(super) struct Edges {
    enclosed: Enclosed,
    flows: Vec<[f64; 4]>,
}

/// A light, and how an edge sees it.
struct Figure<'a> {
    /// (u, v) = A^-1 (x - X).
    inverse: Form,
    brightness: Brightness,
    per_area: f64,
    cuspy: bool,
    enclosed: &'a Enclosed,
    /// Whether h and its derivative are needed.
    needs: [bool; 2],
}

impl Edges {
    /// Adds the rates of a light's pixels, in several directions, to as many planes of `frame` columns and
    /// rows, one after the other.
    pub(super) fn add(
        &mut self,
        [columns, rows]: [usize; 2],
        light: &Light,
        directions: &[Rate],
        planes: &mut [f64],
    ) {
        self.enclosed.set(light.spread);
        let (form, _) = Form::ellipse(light, &Rate::default());
        let any = |of: fn(&Rate) -> f64| directions.iter().any(|rate| of(rate) != 0.0);
        let figure = Figure {
            inverse: form.inverse(),
            brightness: Brightness::new(light.spread),
            per_area: 1.0 / (light.radius * light.radius),
            cuspy: matches!(light.spread, Spread::Sersic(n) if n >= 0.75),
            enclosed: &self.enclosed,
            needs: [any(|rate| rate.flux), any(|rate| rate.shape)],
        };
        let velocities: Vec<[f64; 4]> = directions.iter().map(|rate| velocity(light, rate)).collect();
        let pixels = rows * columns;
        for turned in [false, true] {
            let (lines, along) = if turned { (rows, columns) } else { (columns, rows) };
            let (across, foot) = if turned { (light.centre.1, light.centre.0) } else { light.centre };
            for line in 0..=lines {
                let away = line as f64 - across;
                self.flows.clear();
                self.flows.extend((0..along).map(|i| {
                    let from = i as f64 - foot;
                    figure.along(turned, away, (from, from + 1.0))
                }));
                for (n, plane) in planes.chunks_exact_mut(pixels).enumerate() {
                    let (rate, v) = (&directions[n], &velocities[n]);
                    for (i, flow) in self.flows.iter().enumerate() {
                        let out = outflow(turned, away, (light.flux, rate, v), flow);
                        let place =
                            |line: usize| if turned { line * columns + i } else { i * columns + line };
                        if line > 0 {
                            plane[place(line - 1)] += out;
                        }
                        if line < lines {
                            plane[place(line)] -= out;
                        }
                    }
                }
            }
        }
    }
}

/// A' A^-1: xx, xy, yx, yy.
fn velocity(light: &Light, rate: &Rate) -> [f64; 4] {
    let (form, change) = Form::ellipse(light, rate);
    let inverse = form.inverse();
    [
        change.xx * inverse.xx + change.xy * inverse.xy,
        change.xx * inverse.xy + change.xy * inverse.yy,
        change.xy * inverse.xx + change.yy * inverse.xy,
        change.xy * inverse.xy + change.yy * inverse.yy,
    ]
}

/// What an edge across an axis adds to the pixel before it.
fn outflow(
    turned: bool,
    away: f64,
    (flux, rate, [xx, xy, yx, yy]): (f64, &Rate, &[f64; 4]),
    [light, moment, h, by_shape]: &[f64; 4],
) -> f64 {
    let (centre, straight, slanted) = if turned { (rate.centre.1, yy, yx) } else { (rate.centre.0, xx, xy) };
    let flow = (straight * away + centre) * light + slanted * moment;
    rate.flux * away * h + flux * (rate.shape * away * by_shape - flow)
}

impl Figure<'_> {
    /// Integrals along an edge so far from the centre, from and to relative to the centre: of I, of I times the
    /// distance along it, of h and of dh/dp.
    fn along(&self, turned: bool, away: f64, (from, to): (f64, f64)) -> [f64; 4] {
        let Form { xx, xy, yy } = self.inverse;
        let (across, along) = if turned { ((xy, yy), (xx, xy)) } else { ((xx, xy), (xy, yy)) };
        // |A^-1 x|^2 = square (s - foot)^2 + nearest^2 for s along the edge.
        let square = along.0 * along.0 + along.1 * along.1;
        let foot = -away * (across.0 * along.0 + across.1 * along.1) / square;
        let nearest = away.abs() * (xx * yy - xy * xy).abs() / square.sqrt();
        let piece = if self.cuspy && nearest < PIECE { nearest.max(NEAREST) } else { PIECE } / square.sqrt();
        let mut sums = [0.0; 4];
        let (mut low, middle) = (from - foot, to - foot);
        while low < middle {
            let high = next(low, piece).min(middle);
            for (node, weight) in NODES_8.iter().zip(WEIGHTS_8) {
                let s = 0.5 * (low + high) + (high - low) * node;
                let values = self.at(square * s * s + nearest * nearest, s + foot);
                sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += weight * (high - low) * value);
            }
            low = high;
        }
        sums
    }

    fn at(&self, square: f64, along: f64) -> [f64; 4] {
        let radius = square.sqrt();
        let light = self.per_area * self.brightness.at(radius);
        let [needs_flux, needs_shape] = self.needs;
        let (h, by_shape) = if needs_flux | needs_shape { self.enclosed.at(ln(radius)) } else { (0.0, 0.0) };
        [light, light * along, self.per_area * h, self.per_area * by_shape]
    }
}

/// The next end of a piece: 0 and plus and minus `piece` times powers of 2.
fn next(low: f64, piece: f64) -> f64 {
    let mut end = piece;
    if low >= 0.0 {
        while end <= low * (1.0 + 1e-12) {
            end *= 2.0;
        }
        return end;
    }
    let before = -low * (1.0 - 1e-12);
    if before <= end {
        return 0.0;
    }
    while 2.0 * end < before {
        end *= 2.0;
    }
    -end
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;
    use crate::image::grid::Grid;
    use crate::image::oracle::Profile;

    #[test]
    fn pieces_double() {
        let mut ends = vec![-5.0];
        while ends[ends.len() - 1] < 3.0 {
            ends.push(next(ends[ends.len() - 1], 0.5));
        }
        assert_eq!(ends, [-5.0, -4.0, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 4.0]);
    }

    /// Against differences of the oracle: nested quadrature of the textbook's formula.
    #[test]
    fn pixels_change_as_the_oracle_says() {
        let grid = Grid::new(4, 5, 1.0).unwrap();
        let cases: [(&str, &[f64]); 6] = [
            ("gaussian", &[0.0, 0.0, 3.0, 2.1, 0.2, -0.3]),
            ("moffat", &[0.3, -0.6, 3.0, 1.3, 2.5, 0.2, -0.3]),
            ("sersic", &[0.0, 0.0, 3.0, 4.0, 1.7, 0.0, 0.0]),
            ("sersic", &[0.2, 0.4, 3.0, 2.3, 1.2, -0.3, 0.4]),
            ("sersic", &[0.4, -0.1, 3.0, 0.6, 2.0, 0.1, 0.2]),
            ("exponential", &[0.5, 0.0, 3.0, 1.1, 0.4, 0.1]),
        ];
        for (name, parameters) in cases {
            let model = crate::registry::OBJECTS.iter().find(|model| model.name == name).unwrap();
            let shine = crate::registry::shine(model).unwrap();
            let light = shine(&grid, parameters).unwrap();
            for c in 0..parameters.len() {
                let mut rates = vec![0.0; parameters.len()];
                rates[c] = 1.0;
                let rate = Rate::of((model, &grid), |values| shine(&grid, values), parameters, &rates);
                let mut plane = vec![0.0; grid.pixels()];
                Edges::default().add([5, 4], &light, &[rate], &mut plane);
                for (i, found) in plane.iter().enumerate() {
                    let (row, column) = (i / 5, i % 5);
                    let (x, y) = (column as f64 - 2.5, row as f64 - 2.0);
                    // About a cusp on an edge differences converge slowly, as h^1.25 for an index of 4.
                    let crossing = c < 2 && parameters[c] == 0.0;
                    let (h, limit) = if crossing { (3e-5, 3e-4) } else { (3e-3, 2e-6) };
                    let at = |step: f64| {
                        let mut moved = parameters.to_vec();
                        moved[c] += step * h;
                        Profile::new(name, &moved).unwrap().light((x, x + 1.0), (y, y + 1.0))
                    };
                    let truth = (at(-2.0) - 8.0 * at(-1.0) + 8.0 * at(1.0) - at(2.0)) / (12.0 * h);
                    assert!((found - truth).abs() < limit, "{name} {c} pixel {i}: {found} {truth}");
                }
            }
        }
    }
}
