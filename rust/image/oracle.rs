//! The slow and obvious truth about profiles, for tests and benches: the textbook formula in
//! unsheared coordinates, by nested quadrature in f64, with the platform's own functions.
//!
//! Nothing here is shared with the renderers.
#![allow(clippy::disallowed_methods)]

use std::f64::consts::{LN_2, PI};

/// A surface brightness: textbook formulae of elliptical profiles.
#[derive(Clone, Copy, Debug)]
pub struct Profile {
    centre: (f64, f64),
    shear: (f64, f64),
    /// The scale radius, and the length within which the profile varies.
    radius: f64,
    scale: f64,
    /// Brightness at the centre of a circular profile, and how it falls.
    central: f64,
    form: Form,
}

#[derive(Clone, Copy, Debug)]
enum Form {
    Gaussian,
    Moffat { beta: f64 },
    Sersic { index: f64, b: f64 },
}

impl Profile {
    /// The profile of a model's canonical parameters; none if the model is no profile.
    pub fn new(model: &str, parameters: &[f64]) -> Option<Profile> {
        match (model, parameters) {
            ("gaussian", &[x, y, flux, fwhm, g1, g2]) => {
                let sigma = fwhm / (8.0 * LN_2).sqrt();
                let central = flux / (2.0 * PI * sigma * sigma);
                Some(Profile {
                    centre: (x, y),
                    shear: (g1, g2),
                    radius: sigma,
                    scale: sigma,
                    central,
                    form: Form::Gaussian,
                })
            }
            ("moffat", &[x, y, flux, fwhm, beta, g1, g2]) => {
                let gamma = 0.5 * fwhm / (2.0_f64.powf(1.0 / beta) - 1.0).sqrt();
                let central = flux * (beta - 1.0) / (PI * gamma * gamma);
                let scale = gamma / beta.sqrt();
                Some(Profile {
                    centre: (x, y),
                    shear: (g1, g2),
                    radius: gamma,
                    scale,
                    central,
                    form: Form::Moffat { beta },
                })
            }
            ("sersic", &[x, y, flux, index, radius, g1, g2]) => {
                Some(Profile::sersic((x, y), flux, index, radius, (g1, g2)))
            }
            ("exponential", &[x, y, flux, radius, g1, g2]) => {
                Some(Profile::sersic((x, y), flux, 1.0, radius, (g1, g2)))
            }
            ("de_vaucouleurs", &[x, y, flux, radius, g1, g2]) => {
                Some(Profile::sersic((x, y), flux, 4.0, radius, (g1, g2)))
            }
            _ => None,
        }
    }

    /// The light within R of exp(-b (R/R_e)^(1/n)) is int exp(-v^(1/2n)) dv, up to
    /// v = b^2n (R/R_e)^2, times pi R_e^2 / b^2n.
    fn sersic(centre: (f64, f64), flux: f64, index: f64, radius: f64, shear: (f64, f64)) -> Profile {
        let within = |v: f64| {
            let light = |v: f64| (-v.powf(0.5 / index)).exp();
            let pieces = graded((0.0, v), &[(0.0, 1e-6)]);
            pieces.windows(2).map(|piece| kronrod(&light, (piece[0], piece[1])).0).sum::<f64>()
        };
        let all = within(120.0_f64.powf(2.0 * index));
        let (mut low, mut high) = (0.0, 60.0);
        while high - low > 1e-14 * high {
            let b: f64 = 0.5 * (low + high);
            if within(b.powf(2.0 * index)) < 0.5 * all { low = b } else { high = b }
        }
        let b: f64 = 0.5 * (low + high);
        let central = flux * b.powf(2.0 * index) / (PI * radius * radius * all);
        // Within this radius there is little light, or the profile is flat.
        let scale = radius * if index < 0.6 { 0.3 } else { (1e-6 * all).sqrt() / b.powf(index) };
        let scale = if scale < 0.3 * radius { scale } else { 0.3 * radius };
        Profile { centre, shear, radius, scale, central, form: Form::Sersic { index, b } }
    }

    /// Where a position is before the shear, in units of length.
    fn unsheared(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let (g1, g2) = self.shear;
        let norm = (1.0 - g1 * g1 - g2 * g2).sqrt();
        (((1.0 - g1) * x - g2 * y) / norm, ((1.0 + g1) * y - g2 * x) / norm)
    }

    /// Light per unit of area.
    fn brightness(&self, x: f64, y: f64) -> f64 {
        let (u, v) = self.unsheared((x - self.centre.0, y - self.centre.1));
        let square = (u * u + v * v) / (self.radius * self.radius);
        self.central
            * match self.form {
                Form::Gaussian => (-0.5 * square).exp(),
                Form::Moffat { beta } => (-beta * square.ln_1p()).exp(),
                Form::Sersic { index, b } => (-b * square.powf(0.5 / index)).exp(),
            }
    }

    /// The light in a box, x and y from and to, in units of length.
    pub fn light(&self, x: (f64, f64), y: (f64, f64)) -> f64 {
        // Along y the brightness summed over x turns where the ridge enters and leaves.
        let ridge = self.ridge();
        let mut marks = vec![(self.centre.1, self.scale * 0.05)];
        if ridge.abs() > 1e-12 {
            marks.extend(
                [x.0, x.1].map(|edge| (self.centre.1 + (edge - self.centre.0) / ridge, self.scale * 0.05)),
            );
        }
        let across = |y: f64| self.row(x, y);
        graded(y, &marks).windows(2).map(|piece| adaptive(&across, (piece[0], piece[1]), 6)).sum()
    }

    /// By how much the brightest x changes with y.
    fn ridge(&self) -> f64 {
        let ((ux, vx), (uy, vy)) = (self.unsheared((1.0, 0.0)), self.unsheared((0.0, 1.0)));
        -(ux * uy + vx * vy) / (ux * ux + vx * vx)
    }

    /// The light in a line of a box, per unit of y.
    fn row(&self, x: (f64, f64), y: f64) -> f64 {
        let foot = self.centre.0 + self.ridge() * (y - self.centre.1);
        let (u, v) = self.unsheared((foot - self.centre.0, y - self.centre.1));
        let (along, across) = self.unsheared((1.0, 0.0));
        let width = (u * u + v * v + self.scale * self.scale).sqrt() / along.hypot(across);
        let line = |x: f64| self.brightness(x, y);
        graded(x, &[(foot, width)]).windows(2).map(|piece| kronrod(&line, (piece[0], piece[1])).0).sum()
    }
}

/// Points from low to high, dense about each mark: its least distance, doubled and doubled.
fn graded((low, high): (f64, f64), marks: &[(f64, f64)]) -> Vec<f64> {
    let mut points = vec![low, high];
    for &(mark, least) in marks {
        points.push(mark);
        let mut distance = least;
        while distance < 2.0 * (high - low) + (mark - low).abs() {
            points.extend([mark - distance, mark + distance]);
            distance *= 2.0;
        }
    }
    points.retain(|point| (low..=high).contains(point));
    points.sort_by(f64::total_cmp);
    points
}

/// The integral over an interval, halved at most `depth` times.
fn adaptive(f: &impl Fn(f64) -> f64, (low, high): (f64, f64), depth: u32) -> f64 {
    let (value, error) = kronrod(f, (low, high));
    if depth == 0 || error <= 1e-9 * value.abs() {
        return value;
    }
    let middle = 0.5 * (low + high);
    adaptive(f, (low, middle), depth - 1) + adaptive(f, (middle, high), depth - 1)
}

/// Gauss-Kronrod's rule of 15 points and its distance from Gauss's of 7 (QUADPACK's `qk15`).
fn kronrod(f: &impl Fn(f64) -> f64, (low, high): (f64, f64)) -> (f64, f64) {
    let (middle, half) = (0.5 * (low + high), 0.5 * (high - low));
    let centre = f(middle);
    let (mut fine, mut coarse) = (KRONROD[7].1 * centre, GAUSS[3] * centre);
    for (i, (node, weight)) in KRONROD[..7].iter().enumerate() {
        let pair = f(middle - half * node) + f(middle + half * node);
        fine += weight * pair;
        coarse += if i % 2 == 1 { GAUSS[i / 2] * pair } else { 0.0 };
    }
    (half * fine, half * (fine - coarse).abs())
}

const KRONROD: [(f64, f64); 8] = [
    (0.991_455_371_120_812_6, 0.022_935_322_010_529_224),
    (0.949_107_912_342_758_5, 0.063_092_092_629_978_55),
    (0.864_864_423_359_769_1, 0.104_790_010_322_250_18),
    (0.741_531_185_599_394_4, 0.140_653_259_715_525_92),
    (0.586_087_235_467_691_1, 0.169_004_726_639_267_9),
    (0.405_845_151_377_397_2, 0.190_350_578_064_785_4),
    (0.207_784_955_007_898_47, 0.204_432_940_075_298_9),
    (0.0, 0.209_482_141_084_727_82),
];

const GAUSS: [f64; 4] =
    [0.129_484_966_168_869_7, 0.279_705_391_489_276_64, 0.381_830_050_505_118_9, 0.417_959_183_673_469_4];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_the_light_is_the_flux() {
        let everywhere = (-1e7, 1e7);
        for (model, parameters) in [
            ("gaussian", &[0.3, 0.1, 2.0, 1.0, 0.3, -0.2][..]),
            ("moffat", &[0.3, 0.1, 2.0, 1.0, 2.5, 0.3, -0.2]),
            ("sersic", &[0.3, 0.1, 2.0, 0.4, 1.0, 0.3, -0.2]),
            ("sersic", &[0.3, 0.1, 2.0, 2.5, 1.0, 0.3, -0.2]),
        ] {
            let light = Profile::new(model, parameters).unwrap().light(everywhere, everywhere);
            assert!((light / 2.0 - 1.0).abs() < 1e-8, "{model} {light}");
        }
    }

    #[test]
    fn a_circular_gaussian_is_a_product() {
        // erf(1/(2 sqrt 2)) and erf(3/(2 sqrt 2)): sigma 1, boxes (-1/2, 1/2) and (-1/2, 3/2).
        let sigma = Profile::new("gaussian", &[0.0, 0.0, 1.0, (8.0 * LN_2).sqrt(), 0.0, 0.0]).unwrap();
        let (half, more) = (0.382_924_922_548_026, 0.866_385_597_462_284);
        let light = sigma.light((-0.5, 0.5), (-0.5, 1.5));
        assert!((light - half * 0.5 * (half + more)).abs() < 1e-12, "{light}");
    }
}
