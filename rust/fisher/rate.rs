//! How fast light changes with what is asked about: a direction in the space of its parameters.

use crate::image::Shine;
use crate::image::fourier::{Light, Spread};
use crate::image::grid::Grid;
use crate::param::Model;
use crate::plan::{Plan, Psf};

/// Steps of differences, over a parameter's size.
const STEP: f64 = 1.0 / 4096.0;

/// A symmetric matrix: what turns a circle of radius 1 into the light's ellipse, in pixels, or the form
/// q^2 = xx kx^2 + 2 xy kx ky + yy ky^2.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Form {
    pub(super) xx: f64,
    pub(super) xy: f64,
    pub(super) yy: f64,
}

/// How fast a light changes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Rate {
    /// The centre, in pixels.
    pub(super) centre: (f64, f64),
    pub(super) flux: f64,
    pub(super) radius: f64,
    pub(super) shear: (f64, f64),
    /// The index, beta or the obscuration.
    pub(super) shape: f64,
}

/// Five-point differences of `f` about `at`, exact to `STEP`^4 of its fifth derivative; each of the values
/// that it gives.
pub(crate) fn differences<const N: usize>(f: impl Fn(f64) -> [f64; N], at: f64, scale: f64) -> [f64; N] {
    let h = STEP * scale;
    let [a, b, c, d] = [-2.0, -1.0, 1.0, 2.0].map(|i| f(at + i * h));
    std::array::from_fn(|i| ((a[i] - d[i]) - 8.0 * (b[i] - c[i])) / (12.0 * h))
}

/// By how much a parameter is moved: its own size, or that of its unit where it is 0.
pub(crate) fn scale_of(value: f64, unit: f64) -> f64 {
    let size = value.abs();
    if size > unit || (size > 0.0 && unit == 0.0) {
        size
    } else if unit > 0.0 {
        unit
    } else {
        1.0
    }
}

fn shape_of(spread: Spread) -> f64 {
    match spread {
        Spread::Sersic(n) => n,
        Spread::Moffat(beta) => beta,
        Spread::Airy(obscuration) => obscuration,
        Spread::Point | Spread::Gaussian | Spread::Picture(_) => 0.0,
    }
}

impl Rate {
    /// What follows from the rates of the canonical parameters of a model, which `view` makes a light of.
    /// Light is linear in each of them but an obscuration, so that differences of it are exact to rounding.
    pub(super) fn of(
        (model, grid): (&Model, &Grid),
        view: impl Fn(&[f64]) -> Option<Light>,
        parameters: &[f64],
        rates: &[f64],
    ) -> Rate {
        let mut sum = [0.0; 7];
        for (i, rate) in rates.iter().enumerate().filter(|(_, rate)| **rate != 0.0) {
            // What can be negative has no size of its own about 0.
            let free = model.param(model.canonical[i]).is_none_or(|param| param.range.low < 0.0);
            let unit = if free { grid.pixel_scale() } else { 0.0 };
            let fields = |value: f64| {
                let mut moved = parameters.to_vec();
                moved[i] = value;
                view(&moved).map_or([0.0; 7], fields_of)
            };
            let slopes = differences(fields, parameters[i], scale_of(parameters[i], unit));
            sum.iter_mut().zip(slopes).for_each(|(sum, slope)| *sum += slope * rate);
        }
        let [x, y, flux, radius, g1, g2, shape] = sum;
        Rate { centre: (x, y), flux, radius, shear: (g1, g2), shape }
    }

    /// Those of the parts of a PSF, whose fluxes are their shares of the light, from the rates of a whole
    /// record.
    pub(super) fn of_psf(plan: &Plan, psf: &Psf, record: &[f64], rates: &[f64]) -> Vec<Rate> {
        let weight =
            |values: &[f64], offset: Option<usize>, alone: f64| offset.map_or(alone, |at| values[at]);
        let weights = || psf.forms().map(|(_, offset)| offset);
        let all: f64 = weights().map(|offset| weight(record, offset, 1.0)).sum();
        let change: f64 = weights().map(|offset| weight(rates, offset, 0.0)).sum();
        let part = |(form, offset): (Option<(&'static Model, Shine, usize)>, Option<usize>)| {
            let own = form.map_or_else(Rate::default, |(model, shine, first)| {
                let columns = first..first + model.canonical.len();
                let view = |values: &[f64]| shine(&plan.grid, values);
                Rate::of((model, &plan.grid), view, &record[columns.clone()], &rates[columns])
            });
            let share = weight(record, offset, 1.0) / all;
            Rate { flux: (weight(rates, offset, 0.0) - share * change) / all, ..own }
        };
        psf.forms().map(part).collect()
    }

    /// Whether nothing changes.
    pub(super) fn is_zero(&self) -> bool {
        *self == Rate::default()
    }
}

fn fields_of(light: Light) -> [f64; 7] {
    let (x, y) = light.centre;
    let (g1, g2) = light.shear;
    [x, y, light.flux, light.radius, g1, g2, shape_of(light.spread)]
}

impl Form {
    /// The ellipse of a light, r S with the area-preserving shear S = [[1 + g1, g2], [g2, 1 - g1]]/
    /// sqrt(1 - g^2) (Bernstein & Jarvis 2002), and its rate.
    pub(super) fn ellipse(light: &Light, rate: &Rate) -> (Form, Form) {
        let (g1, g2) = light.shear;
        let (d1, d2) = rate.shear;
        let rest = 1.0 - (g1 * g1 + g2 * g2);
        let size = light.radius / rest.sqrt();
        let form = Form { xx: size * (1.0 + g1), xy: size * g2, yy: size * (1.0 - g1) };
        let growth = rate.radius / light.radius + (g1 * d1 + g2 * d2) / rest;
        let change = Form {
            xx: growth * form.xx + size * d1,
            xy: growth * form.xy + size * d2,
            yy: growth * form.yy - size * d1,
        };
        (form, change)
    }

    /// Its square A^2, and that one's rate A' A + A A'.
    pub(super) fn square((form, rate): (Form, Form)) -> (Form, Form) {
        let Form { xx, xy, yy } = form;
        let square = Form { xx: xx * xx + xy * xy, xy: xy * (xx + yy), yy: yy * yy + xy * xy };
        let change = Form {
            xx: 2.0 * (xx * rate.xx + xy * rate.xy),
            xy: rate.xy * (xx + yy) + xy * (rate.xx + rate.yy),
            yy: 2.0 * (yy * rate.yy + xy * rate.xy),
        };
        (square, change)
    }

    /// The inverse.
    pub(super) fn inverse(self) -> Form {
        let determinant = self.xx * self.yy - self.xy * self.xy;
        Form { xx: self.yy / determinant, xy: -self.xy / determinant, yy: self.xx / determinant }
    }

    /// x^T A y.
    pub(super) fn of(self, x: f64, y: f64) -> f64 {
        self.xx * x * x + 2.0 * self.xy * x * y + self.yy * y * y
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::profile::sersic;

    #[test]
    fn light_changes_as_its_parameters_do() {
        let grid = Grid::new(20, 30, 0.25).unwrap();
        let parameters = [0.0, -1.3, 1e5, 2.5, 0.7, 0.0, 0.2];
        let rates = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0];
        let view = |values: &[f64]| sersic::shine(&grid, values);
        let rate = Rate::of((&sersic::MODEL, &grid), view, &parameters, &rates);
        let found =
            [rate.centre.0, rate.centre.1, rate.flux, rate.shape, rate.radius, rate.shear.0, rate.shear.1];
        for (found, wanted) in found.iter().zip([4.0, 8.0, 3.0, 4.0, 20.0, 6.0, 7.0]) {
            assert!((found - wanted).abs() < 1e-10, "{rate:?}");
        }
        assert!(Rate::of((&sersic::MODEL, &grid), view, &parameters, &[0.0; 7]).is_zero());
    }

    #[test]
    fn ellipses_and_their_squares_change_as_stated() {
        let light = |h: f64| Light {
            centre: (0.0, 0.0),
            flux: 1.0,
            radius: 2.0 + 0.7 * h,
            shear: (0.3 - 0.2 * h, -0.4 + 0.5 * h),
            spread: Spread::Gaussian,
        };
        let rate = Rate { radius: 0.7, shear: (-0.2, 0.5), ..Rate::default() };
        let forms = |light: &Light| {
            let (form, change) = Form::ellipse(light, &rate);
            let (square, by) = Form::square((form, change));
            [form, square, change, by].map(|form| [form.xx, form.xy, form.yy])
        };
        let (before, middle, after) = (forms(&light(-1e-5)), forms(&light(0.0)), forms(&light(1e-5)));
        for i in 0..2 {
            for j in 0..3 {
                let difference = (after[i][j] - before[i][j]) / 2e-5;
                assert!((difference - middle[i + 2][j]).abs() < 1e-8, "{i} {j}");
            }
        }
        // Of area pi r^2.
        let (form, _) = Form::ellipse(&light(0.0), &rate);
        assert!((form.xx * form.yy - form.xy * form.xy - 4.0).abs() < 1e-14);
    }
}
