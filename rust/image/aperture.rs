//! Signal to noise within the ellipse that holds half of a profile's light.
//!
//! `snr_aperture` = sum I / sqrt(sum of the variance B + I/gain), each pixel with the fraction that the
//! ellipse covers. The ellipse is that of the profile itself, before any blur; of several profiles it is the
//! circle that holds half of the light of all.
//!
//! Both sums are integrals of the chords' sums over y, by Gauss and Legendre's rule within every row of
//! pixels and either half of the ellipse. The distance to the tip is t^2, by which chords are smooth up to the
//! tip; where their ends pass from pixel to pixel they have kinks, which is what is left: the ratio is off by
//! some 1e-4 where the ellipse is of a pixel's size and by 1e-5 from three pixels on. Areas of the curve by
//! pixel take 20 to 50 us, those of a polygon of 16 corners, which is off by as much, 2.6; this takes 0.5.

use super::grid::Grid;
use super::measure::Meter;
use crate::isa::kernel;
use crate::math::quadrature::{NODES_4, NODES_8, WEIGHTS_4, WEIGHTS_8};
use crate::math::{moffat_fwhm_per_gamma, pow};
use crate::param::Model;
use crate::param::part::Composite;

/// Ellipses that reach farther up than so many pixels have the smaller rule.
const LARGE: f64 = 6.0;

/// Running sums of a row: of I and of its variance, up to each pixel's left side.
type Sums = [f64; 2];

/// Where a profile's canonical parameters stand that tell its ellipse.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Aperture {
    outline: Outline,
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
        let outline = match composite {
            Some(composite) => Outline::Circle(composite.half_light),
            None => Outline::of(model)?,
        };
        Some(Aperture { outline })
    }

    /// The ratio for a noiseless image, with room for running sums.
    pub(crate) fn measure(
        &self,
        (meter, grid): (&Meter, &Grid),
        parameters: &[f64],
        light: &[f32],
        room: &mut Vec<[f64; 2]>,
    ) -> f64 {
        let Some(oval) = self.oval(grid, parameters) else { return 0.0 };
        room.resize(grid.columns() + 1, [0.0; 2]);
        let noise = [meter.sky, 1.0 / meter.gain, meter.spread];
        let mut sums = [0.0; 2];
        gather(meter.isa, &oval, light, noise, room, &mut sums);
        let [signal, variance] = sums;
        match (signal == 0.0, variance > 0.0) {
            (true, _) => 0.0,
            (false, true) => signal / variance.sqrt(),
            (false, false) => f64::INFINITY,
        }
    }

    /// The ellipse in pixels; none where it is no ellipse.
    fn oval(&self, grid: &Grid, parameters: &[f64]) -> Option<Oval> {
        let ([x, y], [g1, g2], radius) = self.outline.at(parameters);
        let rest = 1.0 - (g1 * g1 + g2 * g2);
        let radius = grid.in_pixels(radius);
        if !(rest > 0.0 && radius > 0.0 && radius.is_finite()) {
            return None;
        }
        // The unit circle's (u, v) is at (1 + g1) u + g2 v, g2 u + (1 - g1) v times the radius over
        // sqrt(1 - g^2).
        let height = (g2 * g2 + (1.0 - g1) * (1.0 - g1)).sqrt();
        Some(Oval {
            centre: grid.from_corner(x, y),
            top: radius * height / rest.sqrt(),
            lean: 2.0 * g2 / (height * height),
            width: rest / (height * height),
        })
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

/// An ellipse: at a distance d above its centre its chord's middle is `lean` d to the right, and
/// half of the chord is `width` sqrt(top^2 - d^2).
struct Oval {
    centre: (f64, f64),
    top: f64,
    lean: f64,
    width: f64,
}

impl Oval {
    /// Adds what lies in one row of pixels, in the upper half or, for a `side` of -1, in the lower.
    #[inline(always)]
    fn add<const N: usize>(
        &self,
        (row, side): (usize, f64),
        rule: (&[f64; N], &[f64; N]),
        (light, noise): (&[f32], [f64; 3]),
        room: &mut [[f64; 2]],
        sums: &mut Sums,
    ) {
        let (one, other) = (side * (row as f64 - self.centre.1), side * (row as f64 + 1.0 - self.centre.1));
        let (near, far) = if one < other { (one, other) } else { (other, one) };
        let (near, far) = (if near > 0.0 { near } else { 0.0 }, if far < self.top { far } else { self.top });
        if near >= far {
            return;
        }
        let (from, to) = ((self.top - far).sqrt(), (self.top - near).sqrt());
        let (mut left, mut right, mut weight) = ([0.0; N], [0.0; N], [0.0; N]);
        let within =
            |x: f64| if x > 0.0 { if x < light.len() as f64 { x } else { light.len() as f64 } } else { 0.0 };
        for i in 0..N {
            let t = 0.5 * (from + to) + (to - from) * rule.0[i];
            let middle = self.centre.0 + self.lean * (side * (self.top - t * t));
            let half = self.width * (t * (2.0 * self.top - t * t).sqrt());
            (left[i], right[i]) = (within(middle - half), within(middle + half));
            weight[i] = (to - from) * rule.1[i] * (2.0 * t);
        }
        let low = left.iter().fold(light.len() as f64, |low, x| if *x < low { *x } else { low }) as usize;
        let high = right.iter().fold(0.0, |high, x| if *x > high { *x } else { high }) as usize;
        run(&light[low..(high + 1).min(light.len())], noise, &mut room[low..]);
        for i in 0..N {
            let (begin, end) = (at(left[i], room), at(right[i], room));
            sums[0] += weight[i] * (end[0] - begin[0]);
            sums[1] += weight[i] * (end[1] - begin[1]);
        }
    }
}

/// Fills in the running sums of a run of pixels.
#[inline(always)]
fn run(light: &[f32], [sky, per_gain, spread]: [f64; 3], room: &mut [[f64; 2]]) {
    let mut sums = [0.0; 2];
    room[0] = sums;
    for (&value, room) in light.iter().zip(&mut room[1..]) {
        let mean = f64::from(value) + sky;
        sums = [
            sums[0] + f64::from(value),
            sums[1] + ((if mean > 0.0 { mean } else { 0.0 }) * per_gain + spread),
        ];
        *room = sums;
    }
}

/// The running sums at a position.
#[inline(always)]
fn at(x: f64, room: &[[f64; 2]]) -> Sums {
    let pixel = x as i32;
    let part = x - f64::from(pixel);
    let pixel = pixel as usize;
    let [before, after] = [room[pixel], room[if pixel + 1 < room.len() { pixel + 1 } else { pixel }]];
    [before[0] + part * (after[0] - before[0]), before[1] + part * (after[1] - before[1])]
}

kernel! {
    /// Sums of I and of its variance within an ellipse.
    fn gather(oval: &Oval, light: &[f32], noise: [f64; 3], room: &mut [[f64; 2]], sums: &mut Sums) {
        let columns = room.len() - 1;
        let rows = light.len() / columns;
        // A cast keeps what is outside at the frame's own edges.
        let (low, high) = ((oval.centre.1 - oval.top) as usize, (oval.centre.1 + oval.top) as usize);
        for row in low..high.saturating_add(1).min(rows) {
            let pixels = &light[row * columns..(row + 1) * columns];
            for side in [-1.0, 1.0] {
                if oval.top > LARGE {
                    oval.add((row, side), (&NODES_4, &WEIGHTS_4), (pixels, noise), room, sums);
                } else {
                    oval.add((row, side), (&NODES_8, &WEIGHTS_8), (pixels, noise), room, sums);
                }
            }
        }
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
        let (light, mut room) = (vec![4.0; grid.pixels()], Vec::new());
        let aperture = Aperture::of(&sersic::MODEL, None).unwrap();
        for (g1, g2) in [(0.0, 0.0), (0.3, 0.1), (-0.2, 0.25), (-0.4, 0.0)] {
            let parameters = [0.7, -0.4, 1.0, 2.0, 3.0, g1, g2];
            let found = aperture.measure((&meter, &grid), &parameters, &light, &mut room);
            let area = std::f64::consts::PI * 36.0;
            let wanted = 4.0 * area.sqrt() / (0.25_f64 + 7.0 / 2.0).sqrt();
            assert!((found / wanted - 1.0).abs() < 1e-6, "{g1}, {g2}: {found} {wanted}");
        }
    }
}
