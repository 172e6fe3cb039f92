//! The Moffat profile (Moffat 1969, A&A 3, 455): I(R) = F (beta - 1) / (pi gamma^2)
//! (1 + (R / gamma)^2)^-beta.

use super::ellipse::Ellipse;
use super::gaussian::FWHM_PER_SIGMA;
use super::light::{self, FLUX_WAY, LIGHT, MAGNITUDE_WAY};
use super::pixel;
use super::radial::Radial;
use super::shear::{SHAPE, SHAPE_WAYS};
use crate::image::fourier::{Coefficients, Light, Spread};
use crate::image::grid::Grid;
use crate::image::{Edges, Scratch};
use crate::isa::{Isa, kernel};
use crate::math::complex::{Complex, ln_gamma};
use crate::math::pow::InversePower;
use crate::math::{exp, ln, moffat_fwhm_per_gamma, pow, special};
use crate::param::{CENTRE, Family, Model, Param, Prior, Range, Scale, Unit, Way, Ways};
use std::f64::consts::LN_2;

const SIZE: &[Param] = &[
    Param::new("fwhm", Unit::Length, Range::POSITIVE, "Full width at half maximum of the circular profile.")
        .random(Prior::LogUniform(0.03, 0.25), Scale::Side),
    Param::new("gamma", Unit::Length, Range::POSITIVE, "Scale radius of the circular profile.")
        .random(Prior::LogUniform(0.02, 0.2), Scale::Side),
    Param::new("beta", Unit::One, Range::closed(1.1, 100.0), "Exponent: the wings fall as R^(-2 beta).")
        .random(Prior::Uniform(2.0, 5.0), Scale::One),
];

/// The ways of saying a size.
pub const SIZE_WAYS: Ways = Ways {
    of: "size",
    gives: &["fwhm"],
    ways: &[
        Way { written: &["fwhm"], needs: &["fwhm"], convert: |v| [v[0], 0.0] },
        Way {
            written: &["gamma"],
            needs: &["gamma", "beta"],
            convert: |v| [v[0] * moffat_fwhm_per_gamma(v[1]), 0.0],
        },
    ],
    valid: |_| true,
    allowed: "",
};

/// Half of the light is within 1 + Q = 2^(1/(beta - 1)), where I = F (beta - 1) / (pi gamma^2)
/// 2^(-beta/(beta - 1)).
const SURFACE_BRIGHTNESS_WAY: Way = Way {
    written: &["surface_brightness"],
    needs: &["surface_brightness", "fwhm", "beta"],
    convert: |v| {
        let (gamma, falls) = (v[1] / moffat_fwhm_per_gamma(v[2]), v[2] - 1.0);
        [v[0] * (std::f64::consts::PI * (gamma * gamma) / falls * pow(2.0, v[2] / falls)), 0.0]
    },
};

const LIGHT_WAYS: Ways = Ways { ways: &[FLUX_WAY, MAGNITUDE_WAY, SURFACE_BRIGHTNESS_WAY], ..LIGHT };

/// The table.
pub const MODEL: Model = Model {
    name: "moffat",
    family: Family::Profile,
    summary: "An elliptical Moffat profile: a star as the atmosphere shows it.",
    params: &[CENTRE, light::PARAMS, SIZE, SHAPE],
    ways: &[&LIGHT_WAYS, &SIZE_WAYS, &SHAPE_WAYS],
    canonical: &["x", "y", "flux", "fwhm", "beta", "g1", "g2"],
    render: Some(add),
};

/// The radial transform, 2/Gamma(v) (x/2)^v K_v(x) with v = beta - 1 and x = k gamma, at a full width
/// at half maximum of 2.3548: M(z) = 2^(z-1) Gamma(z/2) Gamma(z/2 + v)/Gamma(v) (DLMF 10.43.19).
pub(crate) fn transform(beta: f64) -> Coefficients {
    let v = beta - 1.0;
    let shrink = ln(FWHM_PER_SIGMA / moffat_fwhm_per_gamma(beta));
    let last = special::ln_gamma(v);
    Coefficients::new(|z| {
        let half = z.times(0.5);
        let bessel = ln_gamma(half) + ln_gamma(half + Complex::new(v, 0.0));
        bessel + z.times(LN_2 - shrink) - Complex::new(LN_2 + last, 0.0)
    })
}

/// The profile as it goes through a PSF.
pub fn shine(grid: &Grid, parameters: &[f64]) -> Option<Light> {
    let &[x, y, flux, fwhm, beta, g1, g2] = parameters else { return None };
    Some(Light::new(grid, (x, y), flux, fwhm / FWHM_PER_SIGMA, (g1, g2), Spread::Moffat(beta)))
}

/// Adds a Moffat profile to a plane.
pub fn add(isa: Isa, grid: &Grid, _: Edges, parameters: &[f64], plane: &mut [f32], scratch: &mut Scratch) {
    let &[x, y, flux, fwhm, beta, g1, g2] = parameters else { return };
    let gamma = fwhm / moffat_fwhm_per_gamma(beta);
    let Some(ellipse) = Ellipse::new(grid, (x, y), gamma, (g1, g2)) else { return };
    if !(flux.is_finite() & beta.is_finite() & (beta > 1.0)) {
        return;
    }
    scratch.profile.fit(grid.columns());
    kernel(
        isa,
        grid,
        Moffat { beta, power: InversePower::new(beta) },
        ellipse,
        flux,
        plane,
        &mut scratch.profile,
    );
}

kernel! {
    fn kernel<L>(grid: &Grid, moffat: Moffat, ellipse: Ellipse, flux: f64, plane: &mut [f32], scratch: &mut pixel::Scratch) {
        pixel::add::<_, L>(grid, moffat, ellipse, flux, plane, scratch);
    }
}

/// f(Q) = (1 + Q)^-beta.
#[derive(Clone, Copy)]
struct Moffat {
    beta: f64,
    power: InversePower,
}

impl Moffat {
    /// x (x + 1) .. (x + n - 1).
    fn rising(x: f64, n: i32) -> f64 {
        (0..n).map(|i| x + f64::from(i)).product()
    }
}

impl Radial for Moffat {
    fn coefficients(self) -> [f64; 4] {
        [1, 2, 3, 4].map(|k| Moffat::rising(self.beta, k) * if k % 2 == 0 { 1.0 } else { -1.0 })
    }

    fn density(self) -> f64 {
        (self.beta - 1.0) * std::f64::consts::FRAC_1_PI
    }

    fn at(self, q: f64) -> f64 {
        pow(1.0 + q, -self.beta)
    }

    fn scale(self, q: f64) -> f64 {
        1.0 + q
    }

    fn start(self, kappa: f64) -> f64 {
        1.0 / kappa
    }

    #[inline(always)]
    fn lane(self, u: f32) -> (f32, f32) {
        (self.power.at(u), 1.0 / u)
    }

    /// Along a line Q = Q0 + 2 B s + s^2 with B^2 <= Q0, so f = f0 (1 + 2 g x + x^2)^-beta with
    /// x = s sqrt(w) and |g| < 1: the generating function of the Gegenbauer polynomials C_n,
    /// which are largest at 1, where n! C_n = 2 beta (2 beta + 1) .. (2 beta + n - 1)
    /// (DLMF 18.12.4, 18.14.4). The derivative is at most that times w^(n/2) f.
    fn reach(self, n: i32, k: f64) -> Option<f64> {
        let largest = k * Moffat::rising(2.0 * self.beta, n);
        let radius = || (pow(largest, 1.0 / (self.beta + 0.5 * f64::from(n))) - 1.0).sqrt();
        (largest > 1.0).then(radius)
    }

    #[inline(always)]
    fn enclosed(self, q: f64) -> f64 {
        1.0 - exp((1.0 - self.beta) * ln(1.0 + q))
    }

    fn smooth(self) -> f64 {
        if self.beta > 2.0 { 2.0 / self.beta } else { 1.0 }
    }

    /// Outside the radius sqrt(Q) is (1 + Q)^(1 - beta) of the light.
    fn edge(self) -> f64 {
        (pow(1e-9, 1.0 / (1.0 - self.beta)) - 1.0).sqrt()
    }
}
