//! Signal to noise within the ellipse that holds half of a profile's light.
//!
//! `snr_aperture` = sum I / sqrt(sum of the variance B + I/gain), each pixel with the fraction that the
//! ellipse covers. The ellipse is that of the profile itself, before any blur; of several profiles it is the
//! circle that holds half of the light of all. It is drawn as a polygon of
//! 16 corners and the ellipse's area, which runs within 1.3 % of its radius from it, now outside, now
//! inside, so that the ratio is off by some 1e-4. The curve itself takes 20 to 50 us, more than the profile.

use super::grid::Grid;
use super::measure::Meter;
use super::{Edges, Scratch};
use crate::isa::kernel;
use crate::math::{moffat_fwhm_per_gamma, pow, sin_cos_degrees};
use crate::param::Model;
use crate::param::part::Composite;

const LANES: usize = 8;
const CORNERS: usize = 16;

/// A polygon, in pixels.
type Corners = [(f64, f64); CORNERS];

/// Where a profile's canonical parameters stand that tell its ellipse.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Aperture {
    outline: Outline,
    /// A regular polygon of the unit circle's area.
    circle: Corners,
}

/// Where the parameters of the ellipse stand, or what tells the circle.
#[derive(Clone, Copy, Debug)]
enum Outline {
    Ellipse { centre: [usize; 2], shear: [usize; 2], size: Size },
    Circle(fn(&[f64]) -> [f64; 3]),
}

/// What tells the half-light radius of the circular profile.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Size {
    Radius(usize),
    Gaussian { fwhm: usize },
    Moffat { fwhm: usize, beta: usize },
}

impl Aperture {
    /// That of a model; none where half of its light has no ellipse.
    pub(crate) fn of(model: &Model, composite: Option<&Composite>) -> Option<Aperture> {
        let turn = 360.0 / CORNERS as f64;
        let area = 0.5 * CORNERS as f64 * sin_cos_degrees(turn).0;
        let radius = (std::f64::consts::PI / area).sqrt();
        let circle = std::array::from_fn(|i| sin_cos_degrees(i as f64 * turn))
            .map(|(sin, cos)| (radius * cos, radius * sin));
        let outline = match composite {
            Some(composite) => Outline::Circle(composite.half_light),
            None => Outline::of(model)?,
        };
        Some(Aperture { outline, circle })
    }

    /// The ratio for a noiseless image, with `plane` as room for what the ellipse covers.
    pub(crate) fn measure(
        &self,
        (meter, grid): (&Meter, &Grid),
        parameters: &[f64],
        light: &[f32],
        plane: &mut [f32],
        scratch: &mut Scratch,
    ) -> f64 {
        let Some((corners, rows)) = self.polygon(grid, parameters) else { return 0.0 };
        let (begin, end) = (rows.0 * grid.columns(), rows.1 * grid.columns());
        plane[begin..end].fill(0.0);
        let cover = scratch.cover(grid);
        cover.polygon(Edges::Coverage, &corners, 1);
        cover.finish(meter.isa, 1.0, plane);
        let mut sums = [0.0; 2];
        let noise = [meter.sky, 1.0 / meter.gain, meter.spread];
        gather(meter.isa, &light[begin..end], &plane[begin..end], noise, &mut sums);
        let [signal, variance] = sums;
        match (signal == 0.0, variance > 0.0) {
            (true, _) => 0.0,
            (false, true) => signal / variance.sqrt(),
            (false, false) => f64::INFINITY,
        }
    }

    /// The corners in pixels, and the rows that they reach; none where it is no ellipse.
    fn polygon(&self, grid: &Grid, parameters: &[f64]) -> Option<(Corners, (usize, usize))> {
        let ([x, y], [g1, g2], radius) = self.outline.at(parameters);
        let rest = 1.0 - (g1 * g1 + g2 * g2);
        let radius = grid.in_pixels(radius);
        if !(rest > 0.0 && radius > 0.0 && radius.is_finite()) {
            return None;
        }
        let ((column, row), size) = (grid.from_corner(x, y), radius / rest.sqrt());
        let corners = self.circle.map(|(u, v)| {
            (column + size * ((1.0 + g1) * u + g2 * v), row + size * (g2 * u + (1.0 - g1) * v))
        });
        let (low, high) = corners.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), (_, y)| {
            (if *y < low { *y } else { low }, if *y > high { *y } else { high })
        });
        // A cast keeps what is outside at the frame's own edges; a row more, for rounded corners.
        let end = ((high + 2.0) as usize).min(grid.rows());
        Some((corners, (((low - 1.0) as usize).min(end), end)))
    }
}

impl Outline {
    fn of(model: &Model) -> Option<Outline> {
        let at = |name: &str| model.canonical.iter().position(|canonical| *canonical == name);
        let size = match (at("half_light_radius"), at("fwhm"), at("beta")) {
            (Some(radius), ..) => Size::Radius(radius),
            (None, Some(fwhm), Some(beta)) => Size::Moffat { fwhm, beta },
            (None, Some(fwhm), None) => Size::Gaussian { fwhm },
            (None, None, _) => return None,
        };
        Some(Outline::Ellipse { centre: [at("x")?, at("y")?], shear: [at("g1")?, at("g2")?], size })
    }

    /// Centre, shear and half-light radius.
    fn at(&self, parameters: &[f64]) -> ([f64; 2], [f64; 2], f64) {
        match self {
            Outline::Circle(half_light) => {
                let [x, y, radius] = half_light(parameters);
                ([x, y], [0.0; 2], radius)
            }
            Outline::Ellipse { centre, shear, size } => {
                (centre.map(|at| parameters[at]), shear.map(|at| parameters[at]), size.radius(parameters))
            }
        }
    }
}

impl Size {
    /// The half-light radius of the circular profile: of a Gaussian half its FWHM, of a Moffat
    /// profile gamma sqrt(2^(1/(beta - 1)) - 1).
    fn radius(self, parameters: &[f64]) -> f64 {
        match self {
            Size::Radius(radius) => parameters[radius],
            Size::Gaussian { fwhm } => 0.5 * parameters[fwhm],
            Size::Moffat { fwhm, beta } => {
                let beta = parameters[beta];
                parameters[fwhm] / moffat_fwhm_per_gamma(beta) * (pow(2.0, 1.0 / (beta - 1.0)) - 1.0).sqrt()
            }
        }
    }
}

kernel! {
    /// Sums of I and of its variance, each pixel by its weight.
    fn gather(light: &[f32], weights: &[f32], noise: [f64; 3], sums: &mut [f64; 2]) {
        let [sky, per_gain, spread] = noise;
        let (mut signal, mut variance) = ([0f64; LANES], [0f64; LANES]);
        let each = |value: f32| {
            let value = f64::from(value);
            let mean = value + sky;
            (value, (if mean > 0.0 { mean } else { 0.0 }) * per_gain + spread)
        };
        let ((blocks, rest), (weight_blocks, weight_rest)) =
            (light.as_chunks::<LANES>(), weights.as_chunks::<LANES>());
        for (block, weights) in blocks.iter().zip(weight_blocks) {
            for lane in 0..LANES {
                let (value, noise) = each(block[lane]);
                signal[lane] += f64::from(weights[lane]) * value;
                variance[lane] += f64::from(weights[lane]) * noise;
            }
        }
        for (i, (&value, &weight)) in rest.iter().zip(weight_rest).enumerate() {
            let (value, noise) = each(value);
            signal[i % LANES] += f64::from(weight) * value;
            variance[i % LANES] += f64::from(weight) * noise;
        }
        let total = |lanes: [f64; LANES]| lanes.iter().fold(0.0, |sum, lane| sum + lane);
        *sums = [total(signal), total(variance)];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::profile::{gaussian, moffat, sersic};
    use crate::isa::Isa;

    #[test]
    #[allow(clippy::disallowed_methods)]
    fn each_profile_has_its_own_radius() {
        let of = |model: &Model, parameters: &[f64]| Outline::of(model).unwrap().at(parameters).2;
        assert_eq!(of(&sersic::MODEL, &[0.0, 0.0, 1.0, 2.0, 3.5, 0.0, 0.0]), 3.5);
        assert_eq!(of(&gaussian::MODEL, &[0.0, 0.0, 1.0, 4.0, 0.0, 0.0]), 2.0);
        // Half of the light within R: 1 - (1 + R^2/gamma^2)^(1 - beta) = 1/2; of beta 3, gamma = fwhm/1.0196.
        let gamma = 4.0 / (2.0 * (2.0_f64.cbrt() - 1.0).sqrt());
        let found = of(&moffat::MODEL, &[0.0, 0.0, 1.0, 4.0, 3.0, 0.0, 0.0]);
        assert!((found / (gamma * (2.0_f64.sqrt() - 1.0).sqrt()) - 1.0).abs() < 1e-14);
        assert!(Outline::of(&crate::image::shape::rectangle::MODEL).is_none());
    }

    /// On a flat image the sums are those of the ellipse's area, pi times the squared radius.
    #[test]
    fn a_flat_image_gives_the_area() {
        let grid = Grid::new(40, 50, 0.5).unwrap();
        let meter = Meter { isa: Isa::best(), gain: 2.0, sky: 3.0, spread: 0.25 };
        let (light, mut plane) = (vec![4.0; grid.pixels()], vec![7.0; grid.pixels()]);
        let aperture = Aperture::of(&sersic::MODEL, None).unwrap();
        let mut scratch = Scratch::new(&grid);
        for (g1, g2) in [(0.0, 0.0), (0.3, 0.1), (-0.2, 0.25), (-0.4, 0.0)] {
            let parameters = [0.7, -0.4, 1.0, 2.0, 3.0, g1, g2];
            let found = aperture.measure((&meter, &grid), &parameters, &light, &mut plane, &mut scratch);
            let area = std::f64::consts::PI * 36.0;
            let wanted = 4.0 * area.sqrt() / (0.25_f64 + 7.0 / 2.0).sqrt();
            assert!((found / wanted - 1.0).abs() < 1e-6, "{g1}, {g2}: {found} {wanted}");
        }
    }
}
