//! An Airy PSF: that of a telescope in space, limited by diffraction, its round pupil in part
//! hidden by a round obstacle in the middle.
//!
//! The transform is the pupil's autocorrelation (Goodman, Introduction to Fourier Optics, sect. 6.4;
//! O'Neill 1956, JOSA 46, 285), 0 from the frequency 2 pi/(lambda/D) on.

use super::FWHM;
use crate::image::fourier::{Light, Row, Spread};
use crate::image::grid::Grid;
use crate::image::profile::shear::{SHAPE, SHAPE_WAYS};
use crate::math::complex::Complex;
use crate::param::{Family, Model, Param, Prior, Range, Scale, Unit, Way, Ways};
use std::f64::consts::{FRAC_1_PI, FRAC_PI_4, PI};

const OBSCURATION: Range = Range { low: 0.0, high: 1.0, low_open: false, high_open: true };

const SIZE: &[Param] = &[
    FWHM,
    Param::new(
        "lam_over_diam",
        Unit::Length,
        Range::POSITIVE,
        "Wavelength over the pupil's diameter, an angle.",
    )
    .random(Prior::LogUniform(0.03, 0.08), Scale::Side),
    Param::new("obscuration", Unit::One, OBSCURATION, "Diameter of the obstacle over that of the pupil.")
        .default(0.0)
        .random(Prior::Uniform(0.0, 0.4), Scale::One),
];

const SIZE_WAYS: Ways = Ways {
    of: "size",
    gives: &["fwhm"],
    ways: &[
        Way { written: &["fwhm"], needs: &["fwhm"], convert: |v| [v[0], 0.0] },
        Way {
            written: &["lam_over_diam"],
            needs: &["lam_over_diam", "obscuration"],
            convert: |v| [v[0] * fwhm(v[1]), 0.0],
        },
    ],
    valid: |_| true,
    allowed: "",
};

/// The table.
pub const MODEL: Model = Model {
    name: "airy",
    family: Family::Psf,
    summary: "An Airy PSF: diffraction at a round pupil with a central obscuration.",
    params: &[SIZE, SHAPE],
    ways: &[&SIZE_WAYS, &SHAPE_WAYS],
    canonical: &["fwhm", "obscuration", "g1", "g2"],
    render: None,
};

/// Where the transform ends at a scale radius of 1: the table's first node is at a ten thousandth of
/// that, where the transform has its cusp.
pub(crate) const END: f64 = 32.0;
/// The scale radius, over lambda/D.
const RADIUS: f64 = END / (2.0 * PI);
/// The narrowest ring that is computed.
const NARROWEST: f64 = 1.0 - 1e-6;

/// The PSF as light.
pub fn shine(grid: &Grid, parameters: &[f64]) -> Option<Light> {
    let &[width, obscuration, g1, g2] = parameters else { return None };
    let radius = RADIUS * width / fwhm(obscuration);
    Some(Light::new(grid, (0.0, 0.0), 1.0, radius, (g1, g2), Spread::Airy(within(obscuration))))
}

fn within(obscuration: f64) -> f64 {
    if obscuration < NARROWEST { obscuration } else { NARROWEST }
}

/// The transform at a scale radius of 1.
pub(crate) fn row(obscuration: f64) -> Row {
    Row::of(|square| transform(square.sqrt() * (1.0 / END), obscuration))
}

/// The same at the square of a frequency.
pub(crate) fn at(square: f64, obscuration: f64) -> f64 {
    transform(square.sqrt() * (1.0 / END), obscuration.abs())
}

/// The autocorrelation of a ring of radius 1, shifted by `nu` diameters.
fn transform(nu: f64, obscuration: f64) -> f64 {
    if nu >= 1.0 {
        return 0.0;
    }
    let e = obscuration;
    let common = lens(1.0, 1.0, 2.0 * nu) - 2.0 * lens(1.0, e, 2.0 * nu) + lens(e, e, 2.0 * nu);
    common * FRAC_1_PI / (1.0 - e * e)
}

/// The area that two circles, the larger one first, have in common.
fn lens(large: f64, small: f64, distance: f64) -> f64 {
    if distance >= large + small {
        return 0.0;
    }
    if distance <= large - small {
        return PI * small * small;
    }
    let d = distance;
    let sector = |r: f64, other: f64| r * r * arc_cosine((d * d + r * r - other * other) / (2.0 * d * r));
    let kite = (large + small - d) * (d + small - large) * (d - small + large) * (d + large + small);
    sector(small, large) + sector(large, small) - 0.5 * if kite > 0.0 { kite.sqrt() } else { 0.0 }
}

/// tan(a/2) = root of (1 - x)/(1 + x).
fn arc_cosine(x: f64) -> f64 {
    let root = |square: f64| if square > 0.0 { square.sqrt() } else { 0.0 };
    2.0 * Complex::new(root(1.0 + x), root(1.0 - x)).ln().im
}

/// Full width at half maximum over lambda/D.
///
/// The amplitude at x = pi R/(lambda/D) is the sum over k of (-u)^k/(k! (k + 1)!) times 1 + e^2 + ... +
/// e^(2k), with u = x^2/4; it falls steadily to the root of 1/2, between 0.3 and 0.7 in u, and Newton's
/// steps from the lower end converge.
pub fn fwhm(obscuration: f64) -> f64 {
    let square = obscuration * obscuration;
    let mut u = 0.3;
    for _ in 0..8 {
        let (mut value, mut slope) = (0.0, 0.0);
        let (mut term, mut power, mut ring) = (1.0, 1.0, 1.0);
        for k in 0..16_u32 {
            let k = f64::from(k);
            value += term * ring;
            slope += k * term * ring;
            term *= -u / ((k + 1.0) * (k + 2.0));
            power *= square;
            ring += power;
        }
        u -= (value - std::f64::consts::FRAC_1_SQRT_2) / (slope / u);
    }
    4.0 * FRAC_1_PI * u.sqrt()
}

/// Brightness at the centre and, times the cube of the radius, what it stays under, at a scale radius
/// and a flux of 1.
///
/// The amplitude at x is 2 (J1(x) - e J1(e x))/(x (1 - e^2)) and |J1(x)| is under the root of 2/(pi x).
pub(crate) fn brightness(obscuration: f64) -> (f64, f64) {
    let (lit, both) = (1.0 - obscuration * obscuration, 1.0 + obscuration.sqrt());
    let peak = FRAC_PI_4 * lit * (RADIUS * RADIUS);
    (peak, 2.0 * both * both / (lit * RADIUS) * (FRAC_1_PI * FRAC_1_PI * FRAC_1_PI))
}

/// The mean of the rings far away, over what they stay under.
///
/// There the squared amplitude is (1 + e + cos 2x + e cos 2ex - 2 sqrt e (cos (1 + e)x + cos (1 - e)x))/(pi x) but for
/// phases, times what the bound has too.
pub(crate) fn mean(obscuration: f32) -> f32 {
    let both = 1.0 + obscuration.sqrt();
    (1.0 + obscuration) / (2.0 * both * both)
}

/// The waves about that mean: shares of all of them, and frequencies over the last.
pub(crate) fn waves(obscuration: f64) -> [(f64, f64); 4] {
    let (e, root) = (obscuration, obscuration.sqrt());
    let whole = 1.0 + e + 4.0 * root;
    [(1.0, 1.0), (e, e), (2.0 * root, 0.5 * (1.0 + e)), (2.0 * root, 0.5 * (1.0 - e))]
        .map(|(share, at)| (share / whole, at))
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;

    /// 1.028 993 969 962 188 lambda/D without an obstacle; Bessel's J0 has its root of 1/2 at 1.125 68.
    #[test]
    fn widths_at_half_maximum() {
        assert!((fwhm(0.0) - 1.028_993_969_962_188).abs() < 1e-14, "{}", fwhm(0.0));
        let ring = 2.0 * FRAC_1_PI * 1.126_278_8;
        assert!((fwhm(1.0) - ring).abs() < 1e-3, "{} {ring}", fwhm(1.0));
        assert!(fwhm(0.3) < fwhm(0.0) && fwhm(0.3) > fwhm(0.6));
    }

    #[test]
    fn the_transform_is_one_at_zero_and_that_of_the_full_pupil_in_closed_form() {
        for e in [0.0, 0.1, 0.33, 0.9, NARROWEST] {
            assert!((transform(0.0, e) - 1.0).abs() < 1e-9, "{e}: {}", transform(0.0, e));
            assert!(transform(1.0, e) == 0.0);
        }
        for nu in [1e-5, 0.01, 0.3, 0.7, 0.999_f64] {
            let truth = 2.0 * FRAC_1_PI * (nu.acos() - nu * (1.0 - nu * nu).sqrt());
            assert!((transform(nu, 0.0) - truth).abs() < 1e-12, "{nu}: {}", transform(nu, 0.0) - truth);
        }
    }

    /// The light is 1: twice pi times the integral of the transform over frequency is the centre's
    /// brightness.
    #[test]
    fn the_centre_is_as_bright_as_said() {
        for e in [0.0, 0.2, 0.5, 0.9] {
            let steps = 20_000;
            let sum: f64 = (0..steps)
                .map(|i| {
                    let nu = (f64::from(i) + 0.5) / f64::from(steps);
                    nu * transform(nu, e)
                })
                .sum();
            let centre = END * END * sum / f64::from(steps) / (2.0 * PI);
            let (peak, _) = brightness(e);
            assert!((centre / peak - 1.0).abs() < 1e-5, "{e}: {centre} {peak}");
        }
    }
}
