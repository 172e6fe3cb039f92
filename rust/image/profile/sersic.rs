//! The Sersic profile (Sersic 1963; Ciotti & Bertin 1999, A&A 352, 447): I(R) = F b^2n /
//! (2 pi n Gamma(2n) R_e^2) exp(-b (R/R_e)^(1/n)), with half of the light within R_e.

use super::ellipse::Ellipse;
use super::light::{self, FLUX_WAY, LIGHT, MAGNITUDE_WAY};
use super::pixel;
use super::shear::{SHAPE, SHAPE_WAYS};
use super::stretched::Stretched;
use crate::image::fourier::{Coefficients, Light, Spread};
use crate::image::grid::Grid;
use crate::image::{Edges, Scratch};
use crate::isa::{Isa, kernel};
use crate::math::complex::{Complex, ln_gamma};
use crate::math::special::{self, SersicShape};
use crate::math::{exp, ln};
use crate::param::{CENTRE, Family, Model, Param, Prior, Range, Scale, Unit, Way, Ways};
use std::f64::consts::LN_2;

/// The half-light radius, said in two ways.
pub const SIZE: &[Param] = &[
    Param::new(
        "half_light_radius",
        Unit::Length,
        Range::POSITIVE,
        "Radius of half of the light of the circular profile, before the shear.",
    )
    .random(Prior::LogUniform(0.02, 0.15), Scale::Side),
    Param::new(
        "semi_major_half_light_radius",
        Unit::Length,
        Range::POSITIVE,
        "Semi-major axis of the ellipse that holds half of the light.",
    )
    .random(Prior::LogUniform(0.03, 0.2), Scale::Side),
];

/// The ways of saying a size; the shape's come before them, as g1 and g2 are needed.
pub const SIZE_WAYS: Ways = Ways {
    of: "size",
    gives: &["half_light_radius"],
    ways: &[
        Way { written: &["half_light_radius"], needs: &["half_light_radius"], convert: |v| [v[0], 0.0] },
        Way {
            written: &["semi_major_half_light_radius"],
            needs: &["semi_major_half_light_radius", "g1", "g2"],
            convert: |v| [v[0] * root_of_axis_ratio(v[1], v[2]), 0.0],
        },
    ],
    valid: |_| true,
    allowed: "",
};

/// The index alone.
pub const INDEX: &[Param] = &[Param::new(
    "index",
    Unit::One,
    Range::closed(0.3, 8.0),
    "Sersic index n: 0.5 a Gaussian, 1 an exponential, 4 de Vaucouleurs's.",
)
.random(Prior::LogUniform(0.5, 6.0), Scale::One)];

const SURFACE_BRIGHTNESS_WAY: Way = Way {
    written: &["surface_brightness"],
    needs: &["surface_brightness", "index", "half_light_radius"],
    convert: |v| [v[0] * per_brightness(v[1], v[2]), 0.0],
};

/// The ways of saying the light.
pub const LIGHT_WAYS: Ways = Ways { ways: &[FLUX_WAY, MAGNITUDE_WAY, SURFACE_BRIGHTNESS_WAY], ..LIGHT };

/// The table.
pub const MODEL: Model = Model {
    name: "sersic",
    family: Family::Profile,
    summary: "An elliptical Sersic profile: a galaxy, a bulge, a disk.",
    params: &[CENTRE, light::PARAMS, INDEX, SIZE, SHAPE],
    ways: &[&LIGHT_WAYS, &SHAPE_WAYS, &SIZE_WAYS],
    canonical: &["x", "y", "flux", "index", "half_light_radius", "g1", "g2"],
    render: Some(add),
};

/// sqrt(q) of q = (1 - g)/(1 + g).
fn root_of_axis_ratio(g1: f64, g2: f64) -> f64 {
    let g = (g1 * g1 + g2 * g2).sqrt();
    ((1.0 - g) / (1.0 + g)).sqrt()
}

/// Flux over surface brightness at the half-light radius, where it is exp(-b) of the central one.
pub(super) fn per_brightness(index: f64, radius: f64) -> f64 {
    let SersicShape { b, density } = SersicShape::new(index);
    radius * radius * (exp(b) / density)
}

/// The radial transform at a half-light radius of 1: M(z) = 2^(z-1) Gamma(z/2)/Gamma(1 - z/2)
/// Gamma(n (2 - z)) b^(n z)/Gamma(2n), the product of the Mellin transforms of J_0 (DLMF 10.22.43)
/// and of the profile, whose is a gamma function.
pub(crate) fn transform(n: f64) -> Coefficients {
    let ln_b = ln(special::sersic_b(n));
    let last = special::ln_gamma(2.0 * n);
    Coefficients::new(|z| {
        let half = z.times(0.5);
        let bessel = ln_gamma(half) - ln_gamma(Complex::new(1.0, 0.0) - half);
        let profile = ln_gamma((Complex::new(2.0, 0.0) - z).times(n));
        bessel + profile + z.times(n * ln_b + LN_2) - Complex::new(LN_2 + last, 0.0)
    })
}

/// The profile as it goes through a PSF.
pub fn shine(grid: &Grid, parameters: &[f64]) -> Option<Light> {
    let &[x, y, flux, index, radius, g1, g2] = parameters else { return None };
    shine_index(grid, index, &[x, y, flux, radius, g1, g2])
}

/// The same for an index and the other parameters.
pub(super) fn shine_index(grid: &Grid, index: f64, parameters: &[f64; 6]) -> Option<Light> {
    let [x, y, flux, radius, g1, g2] = *parameters;
    Some(Light::new(grid, (x, y), flux, radius, (g1, g2), Spread::Sersic(index)))
}

/// Adds a Sersic profile to a plane.
pub fn add(isa: Isa, grid: &Grid, _: Edges, parameters: &[f64], plane: &mut [f32], scratch: &mut Scratch) {
    let &[x, y, flux, index, radius, g1, g2] = parameters else { return };
    add_index(isa, grid, index, &[x, y, flux, radius, g1, g2], plane, scratch);
}

/// The same for an index and the other parameters.
pub(super) fn add_index(
    isa: Isa,
    grid: &Grid,
    index: f64,
    parameters: &[f64; 6],
    plane: &mut [f32],
    scratch: &mut Scratch,
) {
    let [x, y, flux, radius, g1, g2] = *parameters;
    if !(index + parameters.iter().sum::<f64>()).is_finite() {
        return;
    }
    // A millionth of a millionth of a pixel is a point, and its Q still fits an f32.
    let least = 1e-12 * grid.pixel_scale();
    let radius = if radius > least { radius } else { least };
    let Some(ellipse) = Ellipse::new(grid, (x, y), radius, (g1, g2)) else { return };
    scratch.profile.fit(grid.columns());
    if index == 1.0 {
        exponential(isa, grid, ellipse, flux, plane, &mut scratch.profile);
    } else {
        any_index(isa, grid, index, ellipse, flux, plane, &mut scratch.profile);
    }
}

kernel! {
    fn exponential<L>(grid: &Grid, ellipse: Ellipse, flux: f64, plane: &mut [f32], scratch: &mut pixel::Scratch) {
        let profile = Stretched::<true>::new(1.0, &ellipse, grid);
        pixel::add::<_, L>(grid, &profile, ellipse, flux, plane, scratch);
    }
}

kernel! {
    fn any_index<L>(grid: &Grid, index: f64, ellipse: Ellipse, flux: f64, plane: &mut [f32], scratch: &mut pixel::Scratch) {
        let profile = Stretched::<false>::new(index, &ellipse, grid);
        pixel::add::<_, L>(grid, &profile, ellipse, flux, plane, scratch);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::profile::{de_vaucouleurs, exponential};

    fn plane(add: crate::image::Render, parameters: &[f64]) -> Vec<f32> {
        let grid = Grid::new(20, 24, 0.5).unwrap();
        let mut plane = vec![0.0; grid.pixels()];
        add(Isa::best(), &grid, Edges::Coverage, parameters, &mut plane, &mut Scratch::new(&grid));
        plane
    }

    #[test]
    fn special_cases_are_special_cases() {
        let general = |index: f64| plane(add, &[0.3, -0.1, 10.0, index, 1.2, 0.3, -0.2]);
        let special = [0.3, -0.1, 10.0, 1.2, 0.3, -0.2];
        assert_eq!(plane(exponential::add, &special), general(1.0));
        assert_eq!(plane(de_vaucouleurs::add, &special), general(4.0));
    }

    /// The exponential has a kernel of its own, without the polynomials of others.
    #[test]
    fn the_index_is_continuous_at_one() {
        let at = |index: f64| plane(add, &[0.3, -0.1, 1.0, index, 1.2, 0.3, -0.2]);
        let (below, one) = (at(1.0 - 1e-9), at(1.0));
        let worst = below.iter().zip(&one).fold(0.0_f32, |worst, (a, b)| worst.max((a - b).abs()));
        assert!(worst < 4e-6 * one.iter().fold(0.0, |most: f32, pixel| most.max(*pixel)), "{worst}");
    }

    #[test]
    fn an_index_of_a_half_is_a_gaussian() {
        let half_light = 1.2;
        // Half of a Gaussian's light is within half of its full width at half maximum.
        let gaussian =
            plane(crate::image::profile::gaussian::add, &[0.3, -0.1, 1.0, 2.0 * half_light, 0.3, -0.2]);
        let sersic = plane(add, &[0.3, -0.1, 1.0, 0.5, half_light, 0.3, -0.2]);
        let worst = sersic.iter().zip(&gaussian).fold(0.0_f32, |worst, (a, b)| worst.max((a - b).abs()));
        assert!(worst < 1e-5 * gaussian.iter().fold(0.0, |most: f32, pixel| most.max(*pixel)), "{worst}");
    }

    #[test]
    fn the_semi_major_axis_is_longer_than_the_circle() {
        let way = &SIZE_WAYS.ways[1];
        // An axis ratio of 1/4: g = 0.6; the geometric mean of the axes is half of the major.
        assert!(((way.convert)(&[3.0, 0.36, -0.48])[0] - 1.5).abs() < 1e-15);
        assert_eq!((way.convert)(&[3.0, 0.0, 0.0])[0], 3.0);
    }
}
