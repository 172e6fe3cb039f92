//! The Gaussian profile: I(R) = F / (2 pi sigma^2) exp(-R^2 / (2 sigma^2)).

use super::ellipse::Ellipse;
use super::light::{self, FLUX_WAY, LIGHT, MAGNITUDE_WAY};
use super::pixel;
use super::radial::Radial;
use super::shear::{SHAPE, SHAPE_WAYS};
use crate::image::fourier::{Light, Spread};
use crate::image::grid::Grid;
use crate::image::{Edges, Scratch};
use crate::isa::{Isa, kernel};
use crate::math::pow::exp2_32;
use crate::math::{exp, ln};
use crate::param::{CENTRE, Family, Model, Param, Prior, Range, Scale, Unit, Way, Ways};

/// Full width at half maximum over sigma, 2 sqrt(2 ln 2).
pub const FWHM_PER_SIGMA: f64 = 2.354_820_045_030_949_3;

const SIZE: &[Param] = &[
    Param::new("fwhm", Unit::Length, Range::POSITIVE, "Full width at half maximum of the circular profile.")
        .random(Prior::LogUniform(0.03, 0.25), Scale::Side),
    Param::new("sigma", Unit::Length, Range::POSITIVE, "Standard deviation of the circular profile.")
        .random(Prior::LogUniform(0.0125, 0.1), Scale::Side),
];

/// The ways of saying a size.
pub const SIZE_WAYS: Ways = Ways {
    of: "size",
    gives: &["fwhm"],
    ways: &[
        Way { written: &["fwhm"], needs: &["fwhm"], convert: |v| [v[0], 0.0] },
        Way { written: &["sigma"], needs: &["sigma"], convert: |v| [v[0] * FWHM_PER_SIGMA, 0.0] },
    ],
    valid: |_| true,
    allowed: "",
};

/// Half of the light is within half of the full width, where it is half as bright as the centre:
/// I = F / (4 pi sigma^2).
const SURFACE_BRIGHTNESS_WAY: Way = Way {
    written: &["surface_brightness"],
    needs: &["surface_brightness", "fwhm"],
    convert: |v| {
        let sigma = v[1] / FWHM_PER_SIGMA;
        [v[0] * (4.0 * std::f64::consts::PI * (sigma * sigma)), 0.0]
    },
};

const LIGHT_WAYS: Ways = Ways { ways: &[FLUX_WAY, MAGNITUDE_WAY, SURFACE_BRIGHTNESS_WAY], ..LIGHT };

/// The table.
pub const MODEL: Model = Model {
    name: "gaussian",
    family: Family::Profile,
    summary: "An elliptical Gaussian.",
    params: &[CENTRE, light::PARAMS, SIZE, SHAPE],
    ways: &[&LIGHT_WAYS, &SIZE_WAYS, &SHAPE_WAYS],
    canonical: &["x", "y", "flux", "fwhm", "g1", "g2"],
    render: Some(add),
};

/// The profile as it goes through a PSF.
pub fn shine(grid: &Grid, parameters: &[f64]) -> Option<Light> {
    let &[x, y, flux, fwhm, g1, g2] = parameters else { return None };
    Some(Light::new(grid, (x, y), flux, fwhm / FWHM_PER_SIGMA, (g1, g2), Spread::Gaussian))
}

/// Adds a Gaussian to a plane.
pub fn add(isa: Isa, grid: &Grid, _: Edges, parameters: &[f64], plane: &mut [f32], scratch: &mut Scratch) {
    let &[x, y, flux, fwhm, g1, g2] = parameters else { return };
    // So small, it is a point; and the squares of its coefficients still fit an f32.
    let least = 1e-8 * grid.pixel_scale();
    let fwhm = if fwhm < least { least } else { fwhm };
    let radius = fwhm * (std::f64::consts::SQRT_2 / FWHM_PER_SIGMA);
    let Some(ellipse) = Ellipse::new(grid, (x, y), radius, (g1, g2)) else { return };
    if !(flux.is_finite() & fwhm.is_finite()) {
        return;
    }
    scratch.profile.fit(grid.columns());
    kernel(isa, grid, Gaussian, ellipse, flux, plane, &mut scratch.profile);
}

kernel! {
    fn kernel<L>(grid: &Grid, gaussian: Gaussian, ellipse: Ellipse, flux: f64, plane: &mut [f32], scratch: &mut pixel::Scratch) {
        pixel::add::<_, L>(grid, gaussian, ellipse, flux, plane, scratch);
    }
}

/// f(Q) = exp(-Q), Q = R^2 / (2 sigma^2).
#[derive(Clone, Copy)]
struct Gaussian;

/// Where f falls under 1e-9 of its peak, and the light outside under 1e-9 of the flux.
const EDGE: f64 = 20.723_265_836_946_41;

impl Radial for Gaussian {
    fn coefficients(self) -> [f64; 4] {
        [-1.0, 1.0, -1.0, 1.0]
    }

    fn density(self) -> f64 {
        std::f64::consts::FRAC_1_PI
    }

    fn at(self, q: f64) -> f64 {
        exp(-q)
    }

    fn scale(self, _: f64) -> f64 {
        1.0
    }

    fn start(self, _: f64) -> f64 {
        0.0
    }

    /// Nothing beyond the edge, where the corrections' products may overflow.
    #[inline(always)]
    fn lane(self, q: f32) -> (f32, f32) {
        let inside = q < EDGE as f32;
        let f = exp2_32(-std::f32::consts::LOG2_E * q);
        if inside { (f, 1.0) } else { (0.0, 0.0) }
    }

    /// Along a line f = f0 exp(-2 g s - s^2) with g^2 <= Q: the generating function of the
    /// Hermite polynomials, |H_n(g)| <= 1.0865 sqrt(2^n n!) exp(g^2/2) (Cramer's inequality,
    /// DLMF 18.14.9). The derivative is at most 1.0865 sqrt(2^n n!) exp(-Q/2).
    fn reach(self, n: i32, k: f64) -> Option<f64> {
        let factor: f64 = (1..=n).map(|i| 2.0 * f64::from(i)).product();
        let largest = 1.0865 * k * factor.sqrt();
        (largest > 1.0).then(|| (2.0 * ln(largest)).sqrt())
    }

    #[inline(always)]
    fn enclosed(self, q: f64) -> f64 {
        1.0 - exp(-q)
    }

    fn smooth(self) -> f64 {
        2.0
    }

    fn edge(self) -> f64 {
        EDGE.sqrt()
    }
}
