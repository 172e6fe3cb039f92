//! One pixel of a Sersic profile behind a PSF, by quadrature in the plane: no transform at all.
//!
//! The pixel is the integral over the profile, in its own round coordinates, of what the PSF puts into the pixel
//! from there. In ln rho and in the angle the trapezoidal rule converges exponentially.

use super::radial::{gamma, half_light};
use lightmill::image::fourier::{Light, Spread};
use std::f64::consts::PI;

const FWHM_PER_SIGMA: f64 = 2.354_820_045_030_949;
/// Step of ln rho, angles for a pixel of radius, and as far as it is followed, in pixels.
const STEP: f64 = 0.05;
const ANGLES: f64 = 8.0;
const FURTHEST: f64 = 300.0;
/// Light within this radius, in half-light radii, is none.
const NEAREST: f64 = 1e-8;
/// Gauss's rule of five points over a pixel.
const NODES: [(f64, f64); 5] = [
    (-0.453_089_922_969_331_99, 0.118_463_442_528_094_54),
    (-0.269_234_655_052_841_54, 0.239_314_335_249_683_23),
    (0.0, 0.284_444_444_444_444_44),
    (0.269_234_655_052_841_54, 0.239_314_335_249_683_23),
    (0.453_089_922_969_331_99, 0.118_463_442_528_094_54),
];

/// The PSF's brightness.
fn brightness(psf: &Light) -> impl Fn(f64, f64) -> f64 {
    let ((g1, g2), radius) = (psf.shear, psf.radius);
    let norm = radius * (1.0 - g1 * g1 - g2 * g2).sqrt();
    let spread = psf.spread;
    let central = match spread {
        Spread::Moffat(beta) => {
            let gamma = 0.5 * FWHM_PER_SIGMA / (2.0_f64.powf(1.0 / beta) - 1.0).sqrt();
            ((beta - 1.0) / (PI * gamma * gamma), gamma * gamma)
        }
        _ => (0.5 / PI, 1.0),
    };
    move |x: f64, y: f64| {
        let (u, v) = (((1.0 - g1) * x - g2 * y) / norm, ((1.0 + g1) * y - g2 * x) / norm);
        let square = u * u + v * v;
        let fall = match spread {
            Spread::Moffat(beta) => (1.0 + square / central.1).powf(-beta),
            _ => (-0.5 * square).exp(),
        };
        central.0 * fall / (radius * radius)
    }
}

/// The light in the pixel of this column and row.
pub fn pixel(object: &Light, psf: &Light, [column, row]: [usize; 2]) -> f64 {
    let Spread::Sersic(n) = object.spread else { panic!("a Sersic profile is integrated") };
    let (b, (g1, g2)) = (half_light(n), object.shear);
    let density = b.powf(2.0 * n) / (2.0 * PI * n * gamma(2.0 * n));
    let scale = object.radius / (1.0 - g1 * g1 - g2 * g2).sqrt();
    let bright = brightness(psf);
    let place = (column as f64 + 0.5 - object.centre.0, row as f64 + 0.5 - object.centre.1);
    let into_pixel = |x: f64, y: f64| {
        let across = |dy: f64| NODES.iter().map(|(dx, w)| w * bright(x + dx, y + dy)).sum::<f64>();
        NODES.iter().map(|(dy, w)| w * across(*dy)).sum::<f64>()
    };
    let ring = |rho: f64| {
        let count = 48 + (ANGLES * rho * object.radius) as usize;
        let at = |i: usize| {
            let angle = 2.0 * PI * i as f64 / count as f64;
            let (u, v) = (rho * angle.cos(), rho * angle.sin());
            into_pixel(
                place.0 - scale * ((1.0 + g1) * u + g2 * v),
                place.1 - scale * (g2 * u + (1.0 - g1) * v),
            )
        };
        (0..count).map(at).sum::<f64>() * 2.0 * PI / count as f64
    };
    let (first, last) = (NEAREST.ln(), (FURTHEST / object.radius).ln());
    let radii = (0..((last - first) / STEP) as usize).map(|i| (first + STEP * i as f64).exp());
    radii.map(|rho| density * (-b * rho.powf(1.0 / n)).exp() * rho * rho * STEP * ring(rho)).sum()
}
