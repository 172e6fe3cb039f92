//! Signal to noise within the ellipse that holds half of a profile's light.
//!
//! `snr_aperture` = sum I / sqrt(sum of the variance B + I/gain), each pixel with the fraction that the
//! ellipse covers. The ellipse is that of the profile itself, before any blur.

use super::grid::Grid;
use super::measure::Meter;
use super::shape::curve_fill::Oval;
use super::{Edges, Scratch};
use crate::isa::kernel;
use crate::math::{moffat_fwhm_per_gamma, pow};
use crate::param::Model;

const LANES: usize = 8;

/// Where a profile's canonical parameters stand that tell its ellipse.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Aperture {
    centre: [usize; 2],
    shear: [usize; 2],
    size: Size,
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
    pub(crate) fn of(model: &Model) -> Option<Aperture> {
        let at = |name: &str| model.canonical.iter().position(|canonical| *canonical == name);
        let size = match (at("half_light_radius"), at("fwhm"), at("beta")) {
            (Some(radius), ..) => Size::Radius(radius),
            (None, Some(fwhm), Some(beta)) => Size::Moffat { fwhm, beta },
            (None, Some(fwhm), None) => Size::Gaussian { fwhm },
            (None, None, _) => return None,
        };
        Some(Aperture { centre: [at("x")?, at("y")?], shear: [at("g1")?, at("g2")?], size })
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
        let Some((oval, rows)) = self.oval(grid, parameters) else { return 0.0 };
        let (begin, end) = (rows.0 * grid.columns(), rows.1 * grid.columns());
        plane[begin..end].fill(0.0);
        let cover = scratch.cover(grid);
        cover.oval(Edges::Coverage, &oval, 1);
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

    /// The ellipse, and the rows that it reaches; none where it is no ellipse.
    fn oval(&self, grid: &Grid, parameters: &[f64]) -> Option<(Oval, (usize, usize))> {
        let [g1, g2] = self.shear.map(|at| parameters[at]);
        let [x, y] = self.centre.map(|at| parameters[at]);
        let g = (g1 * g1 + g2 * g2).sqrt();
        let radius = grid.in_pixels(self.radius(parameters));
        if !(g < 1.0 && radius > 0.0 && radius.is_finite()) {
            return None;
        }
        let stretch = ((1.0 + g) / (1.0 - g)).sqrt();
        let centre = grid.from_corner(x, y);
        let reach = radius * stretch;
        // A cast keeps what is outside at the frame's own edges.
        let low = (centre.1 - reach - 1.0) as usize;
        let high = ((centre.1 + reach + 2.0) as usize).min(grid.rows());
        let oval = Oval::new(centre, (reach, radius / stretch), direction(g, g1, g2), 0.0)?;
        Some((oval, (low.min(high), high)))
    }

    /// The half-light radius of the circular profile: of a Gaussian half its FWHM, of a Moffat
    /// profile gamma sqrt(2^(1/(beta - 1)) - 1).
    fn radius(&self, parameters: &[f64]) -> f64 {
        match self.size {
            Size::Radius(radius) => parameters[radius],
            Size::Gaussian { fwhm } => 0.5 * parameters[fwhm],
            Size::Moffat { fwhm, beta } => {
                let beta = parameters[beta];
                parameters[fwhm] / moffat_fwhm_per_gamma(beta) * (pow(2.0, 1.0 / (beta - 1.0)) - 1.0).sqrt()
            }
        }
    }
}

/// Cosine and sine of half the angle whose cosine and sine are g1/g and g2/g.
fn direction(g: f64, g1: f64, g2: f64) -> (f64, f64) {
    if g == 0.0 {
        return (1.0, 0.0);
    }
    // The larger of the two by the root, the other from it, so that none loses its digits.
    let larger = (0.5 * (1.0 + g1.abs() / g)).sqrt();
    let other = 0.5 * (g2 / g) / larger;
    if g1 >= 0.0 { (larger, other) } else { (other, larger) }
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
    fn each_profile_has_its_own_radius() {
        let of = |model: &Model, parameters: &[f64]| Aperture::of(model).unwrap().radius(parameters);
        assert_eq!(of(&sersic::MODEL, &[0.0, 0.0, 1.0, 2.0, 3.5, 0.0, 0.0]), 3.5);
        assert_eq!(of(&gaussian::MODEL, &[0.0, 0.0, 1.0, 4.0, 0.0, 0.0]), 2.0);
        // Half of the light within R: 1 - (1 + R^2/gamma^2)^(1 - beta) = 1/2; of beta 3, gamma = fwhm/1.0196.
        let gamma = 4.0 / (2.0 * (2.0_f64.cbrt() - 1.0).sqrt());
        let found = of(&moffat::MODEL, &[0.0, 0.0, 1.0, 4.0, 3.0, 0.0, 0.0]);
        assert!((found / (gamma * (2.0_f64.sqrt() - 1.0).sqrt()) - 1.0).abs() < 1e-14);
        assert_eq!(Aperture::of(&crate::image::shape::rectangle::MODEL), None);
    }

    #[test]
    #[allow(clippy::disallowed_methods)]
    fn directions_are_half_the_angle_of_the_shear() {
        for degrees in -89..=90 {
            let angle = f64::from(degrees).to_radians();
            let (sin, cos) = (2.0 * angle).sin_cos();
            let found = direction(0.3, 0.3 * cos, 0.3 * sin);
            // An axis has no sense: both signs are the same ellipse.
            let along = found.0 * angle.cos() + found.1 * angle.sin();
            assert!((along.abs() - 1.0).abs() < 1e-12, "{degrees}: {found:?}");
        }
        assert_eq!(direction(0.0, 0.0, 0.0), (1.0, 0.0));
    }

    /// On a flat image the sums are those of the ellipse's area, pi times the squared radius.
    #[test]
    fn a_flat_image_gives_the_area() {
        let grid = Grid::new(40, 50, 0.5).unwrap();
        let meter = Meter { isa: Isa::best(), gain: 2.0, sky: 3.0, spread: 0.25 };
        let (light, mut plane) = (vec![4.0; grid.pixels()], vec![7.0; grid.pixels()]);
        let aperture = Aperture::of(&sersic::MODEL).unwrap();
        let mut scratch = Scratch::new(&grid);
        for (g1, g2) in [(0.0, 0.0), (0.3, 0.1), (-0.2, 0.25), (-0.4, 0.0)] {
            let parameters = [0.7, -0.4, 1.0, 2.0, 3.0, g1, g2];
            let found = aperture.measure((&meter, &grid), &parameters, &light, &mut plane, &mut scratch);
            let area = std::f64::consts::PI * 36.0;
            let wanted = 4.0 * area.sqrt() / (0.25_f64 + 7.0 / 2.0).sqrt();
            assert!((found / wanted - 1.0).abs() < 1e-4, "{g1}, {g2}: {found} {wanted}");
        }
    }
}
