//! The peak against a sum over the plane of frequencies.

use super::*;
use crate::image::fourier::psf::Psf;
use crate::random::{Counter, Key, Prior};
use std::f64::consts::PI;

const FWHM_PER_SIGMA: f64 = 2.354_82;

/// Rays in half of the plane, frequencies in each octave, and octaves.
const RAYS: usize = 1024;
const STEPS: usize = 8;
const OCTAVES: usize = 16;

/// What the pixel shows whose middle is so far from the light's.
fn brightness((light, table): (&Light, &Table), psf: &Part, (x, y): (f64, f64)) -> f64 {
    let square = |of: &Light, kx: f64, ky: f64| {
        let (xx, xy, yy) = of.sheared();
        of.radius * of.radius * (xx * kx * kx + 2.0 * xy * kx * ky + yy * ky * ky)
    };
    let response = |k: f64| (0.5 * k).sin() / (0.5 * k);
    let step = LN_2 / STEPS as f64;
    let mut sum = 0.0;
    for (sin, cos) in (0..RAYS).map(|ray| (PI * (ray as f64 + 0.5) / RAYS as f64).sin_cos()) {
        for n in 0..STEPS * OCTAVES {
            let k = psf.last() * (-step * (n as f64 + 0.5)).exp();
            let (kx, ky) = (k * cos, k * sin);
            let value =
                table.at_square(square(light, kx, ky)) * psf.table.at_square(square(&psf.light, kx, ky));
            sum += value * response(kx) * response(ky) * (kx * x + ky * y).cos() * k * k;
        }
    }
    sum * step / (2.0 * PI * RAYS as f64)
}

/// Over the brightest pixel, of galaxies behind Moffat PSFs of any shape; the caution that is taken is 0.75.
#[test]
fn the_peak_is_not_far_above_the_brightest_pixel() {
    let (isa, key, mut psf, mut table) =
        (Isa::best(), Key::new(1, "spectrum", "all"), Psf::default(), Table::new());
    let (mut least, mut most) = (f64::INFINITY, 0.0_f64);
    for scene in 0..60 {
        let mut number = 0;
        let mut draw = |low: f64, high: f64| {
            number += 1;
            let counter = Counter { scene, instance: number, ..Counter::default() };
            Prior::uniform(low, high).expect("a distribution").draw(key, counter)
        };
        let mut light = |least: f64, most: f64, spread: Spread| {
            let (g, angle) = (draw(0.0, 0.8), draw(0.0, 2.0 * PI));
            let centre = (7.0 + draw(0.0, 1.0), 9.0 + draw(0.0, 1.0));
            let radius = draw(least.ln(), most.ln()).exp() * ((1.0 - g) / (1.0 + g)).sqrt();
            Light { centre, flux: 1.0, radius, shear: (g * angle.cos(), g * angle.sin()), spread }
        };
        let index = 0.5 * 16.0_f64.powf((scene as f64 + 0.5) / 60.0);
        let object = light(0.5, 20.0, Spread::Sersic(index));
        let blur = light(0.25, 20.0 / FWHM_PER_SIGMA, Spread::Moffat(1.2 + (scene % 7) as f64));
        psf.set(isa, &[blur], 1e-5, &[]);
        object.spread.tabulate(isa, &mut table, f64::INFINITY);
        let part = &psf.parts()[0];
        let off = (object.centre.0 - 7.5, object.centre.1 - 9.5);
        let over =
            Spectrum::new(isa, (&object, &table), part).centre() / brightness((&object, &table), part, off);
        (least, most) = (least.min(over), most.max(over));
    }
    println!("{least} {most}");
    assert!(least > 0.4 && most < 1.2, "{least} {most}");
}
