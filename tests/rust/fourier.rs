//! Profiles through a PSF: identities of physics, and the same profiles drawn in the space of
//! pixels.

#![allow(clippy::disallowed_methods, clippy::unwrap_used)]

#[path = "models/draw.rs"]
#[allow(dead_code)]
mod draw;
#[path = "fourier/quadrature.rs"]
mod quadrature;
#[path = "fourier/radial.rs"]
mod radial;
#[path = "fourier/scenes.rs"]
mod scenes;
#[path = "fourier/truth.rs"]
mod truth;
#[path = "fourier/wide.rs"]
mod wide;

use draw::{Draw, own, plane};
use lightmill::image::fourier::{Fourier, Light, Spread};
use lightmill::image::grid::Grid;
use lightmill::isa::Isa;
use lightmill::param::{Family, Model};
use lightmill::registry::{OBJECTS, PSFS, composite, shine};

/// The lights of an object, one a part.
fn lights(model: &Model, grid: &Grid, parameters: &[f64]) -> Vec<Light> {
    match composite(model) {
        None => vec![light(model, grid, parameters)],
        Some(made) => (made.split)(parameters).iter().map(|part| light(made.of, grid, part)).collect(),
    }
}

fn light(model: &Model, grid: &Grid, parameters: &[f64]) -> Light {
    shine(model).unwrap()(grid, parameters).unwrap()
}

fn find<'a>(models: &[&'a Model], name: &str) -> &'a Model {
    models.iter().find(|model| model.name == name).unwrap()
}

fn through(
    fourier: &mut Fourier,
    isa: Isa,
    grid: &Grid,
    psf: Light,
    lights: &[Light],
    accuracy: f64,
) -> Vec<f32> {
    let mut plane = vec![0.0; grid.pixels()];
    fourier.begin(isa, grid, &[psf], accuracy, f64::INFINITY);
    for light in lights {
        fourier.add(isa, *light);
    }
    fourier.finish(isa, &mut plane);
    plane
}

fn fresh(grid: &Grid, psf: Light, lights: &[Light], accuracy: f64) -> Vec<f32> {
    through(&mut Fourier::default(), Isa::best(), grid, psf, lights, accuracy)
}

/// The worst difference over a peak.
fn worst(pixels: &[f32], expected: &[f32], peak: f64) -> f64 {
    let apart = pixels.iter().zip(expected).map(|(a, b)| f64::from((a - b).abs()));
    apart.fold(0.0, f64::max) / peak
}

fn brightest(pixels: &[f32]) -> f64 {
    pixels.iter().fold(0.0, |most: f64, pixel| most.max(f64::from(pixel.abs())))
}

fn sum(pixels: &[f32]) -> f64 {
    pixels.iter().map(|pixel| f64::from(*pixel)).sum()
}

const FWHM_PER_SIGMA: f64 = 2.354_820_045_030_949;

/// Covariance of a sheared Gaussian, xx, xy, yy: sigma^2 S^2.
fn covariance(fwhm: f64, g1: f64, g2: f64) -> [f64; 3] {
    let square = (fwhm / FWHM_PER_SIGMA).powi(2) / (1.0 - g1 * g1 - g2 * g2);
    let (a, d) = (1.0 + g1, 1.0 - g1);
    [square * (a * a + g2 * g2), square * 2.0 * g2, square * (d * d + g2 * g2)]
}

/// The inverse.
fn shape([xx, xy, yy]: [f64; 3]) -> (f64, f64, f64) {
    let root = (xx * yy - xy * xy).sqrt();
    let length = xx + yy + 2.0 * root;
    (root.sqrt() * FWHM_PER_SIGMA, (xx - yy) / length, 2.0 * xy / length)
}

/// A Gaussian through a Gaussian is a Gaussian, whose pixels the renderer without a PSF integrates.
#[test]
fn gaussians_through_gaussians_are_gaussians() {
    let (gaussian, psf) = (find(&OBJECTS, "gaussian"), find(PSFS, "gaussian"));
    let mut draw = Draw::new(1);
    let mut most = 0.0_f64;
    for _ in 0..300 {
        let grid = Grid::new(draw.integer(8, 90), draw.integer(8, 90), 0.5).unwrap();
        let (width, height) = (0.5 * grid.columns() as f64, 0.5 * grid.rows() as f64);
        let (x, y) = (draw.uniform(-0.6, 0.6) * width, draw.uniform(-0.6, 0.6) * height);
        let mut one = |low: f64, high: f64, most: f64| {
            let (g, a) = (draw.uniform(0.0, most), draw.uniform(0.0, 6.3));
            (draw.log_uniform(low, high), g * a.cos(), g * a.sin())
        };
        let (object, blur) = (one(0.05, 10.0, 0.8), one(0.25, 4.0, 0.5));
        let (first, second) = (covariance(object.0, object.1, object.2), covariance(blur.0, blur.1, blur.2));
        let (fwhm, g1, g2) = shape([0, 1, 2].map(|i| first[i] + second[i]));
        let expected = plane(gaussian, &grid, &[x, y, 7.0, fwhm, g1, g2]);
        let peak =
            brightest(&plane(gaussian, &Grid::new(1, 1, 0.5).unwrap(), &[0.0, 0.0, 7.0, fwhm, g1, g2]));
        let lights = [light(gaussian, &grid, &[x, y, 7.0, object.0, object.1, object.2])];
        let found = fresh(&grid, light(psf, &grid, &[blur.0, blur.1, blur.2]), &lights, 1e-4);
        let apart = worst(&found, &expected, peak);
        assert!(apart < 1e-4, "{grid:?} {x} {y} {object:?} {blur:?}: {apart:e}");
        assert!((sum(&found) - sum(&expected)).abs() < 1e-3 * 7.0, "{object:?} {blur:?}");
        most = most.max(apart);
    }
    println!("gaussians: {most:.1e} of the peak");
}

/// As the PSF narrows, the picture becomes that of the renderer without one: the same centre,
/// orientation, size and flux.
#[test]
fn a_narrow_psf_changes_little() {
    let grid = Grid::new(48, 57, 0.5).unwrap();
    let psf = light(find(PSFS, "gaussian"), &grid, &[0.15, 0.0, 0.0]);
    for model in OBJECTS.iter().filter(|model| model.family == Family::Profile && model.render.is_some()) {
        let parameters: Vec<f64> = (model.canonical.iter())
            .map(|name| match own(name) {
                "bulge_to_total" => 0.4,
                "x" if *name != "x" => 0.0,
                "x" => 2.3,
                "y" => -1.1,
                "flux" => 5.0,
                "index" => 0.7,
                "beta" => 3.5,
                "fwhm" | "half_light_radius" => 4.0,
                "g1" => 0.25,
                _ => -0.3,
            })
            .collect();
        let expected = plane(model, &grid, &parameters);
        let found = fresh(&grid, psf, &lights(model, &grid, &parameters), 1e-4);
        // A cusp feels the narrowest PSF.
        let limit = match model.name {
            "de_vaucouleurs" => 0.2,
            "exponential" => 0.02,
            _ => 4e-3,
        };
        let apart = worst(&found, &expected, brightest(&expected));
        assert!(apart < limit, "{}: {apart:e}", model.name);
        assert!((sum(&found) - sum(&expected)).abs() < 5e-3, "{}", model.name);
    }
}

/// Lights of every kind, mostly within what a lattice holds.
fn some(draw: &mut Draw, grid: &Grid) -> Light {
    let side = grid.rows().min(grid.columns()) as f64;
    let spread = match draw.integer(0, 3) {
        0 => Spread::Point,
        1 => Spread::Gaussian,
        2 => Spread::Moffat(draw.uniform(1.5, 6.0)),
        _ => Spread::Sersic(draw.log_uniform(0.3, 8.0)),
    };
    let (g, a) = (draw.uniform(0.0, 0.8), draw.uniform(0.0, 6.3));
    Light {
        centre: (
            draw.uniform(-0.2, 1.2) * grid.columns() as f64,
            draw.uniform(-0.2, 1.2) * grid.rows() as f64,
        ),
        flux: draw.uniform(0.5, 2.0),
        radius: draw.log_uniform(0.3, 0.2 * side),
        shear: (g * a.cos(), g * a.sin()),
        spread,
    }
}

fn psf(draw: &mut Draw) -> Light {
    let spread =
        if draw.integer(0, 1) == 0 { Spread::Gaussian } else { Spread::Moffat(draw.uniform(1.5, 6.0)) };
    let radius = draw.log_uniform(0.4, 3.0);
    let shear = (draw.uniform(-0.2, 0.2), draw.uniform(-0.2, 0.2));
    Light { centre: (0.0, 0.0), flux: 1.0, radius, shear, spread }
}

#[test]
fn every_instruction_set_gives_the_same_bits_whatever_was_drawn_before() {
    let mut draw = Draw::new(2);
    let mut shared: Vec<(Isa, Fourier)> =
        Isa::available().into_iter().map(|isa| (isa, Fourier::default())).collect();
    for _ in 0..60 {
        let grid = Grid::new(draw.integer(1, 70), draw.integer(1, 70), 1.0).unwrap();
        let lights: Vec<Light> = (0..draw.integer(1, 3)).map(|_| some(&mut draw, &grid)).collect();
        let blur = psf(&mut draw);
        let expected = through(&mut Fourier::default(), Isa::BASELINE, &grid, blur, &lights, 1e-3);
        for (isa, fourier) in &mut shared {
            let found = through(fourier, *isa, &grid, blur, &lights, 1e-3);
            let bits = |plane: &[f32]| plane.iter().map(|pixel| pixel.to_bits()).collect::<Vec<_>>();
            assert!(bits(&found) == bits(&expected), "{isa:?} {grid:?} {blur:?} {lights:?}");
        }
    }
}

/// What is asked for is kept, by comparison with ten times the accuracy.
#[test]
fn the_accuracy_is_that_asked_for() {
    let mut draw = Draw::new(3);
    let mut fourier = Fourier::default();
    for accuracy in [1e-3, 1e-4] {
        let (mut most, mut most_flux) = (0.0_f64, 0.0_f64);
        for _ in 0..60 {
            let grid = Grid::new(draw.integer(16, 80), draw.integer(16, 80), 1.0).unwrap();
            let (one, blur) = (some(&mut draw, &grid), psf(&mut draw));
            let best = through(&mut fourier, Isa::best(), &grid, blur, &[one], 1e-5);
            let found = through(&mut fourier, Isa::best(), &grid, blur, &[one], accuracy);
            // The peak, wherever the centre is.
            let middle = Light { centre: (16.3, 16.2), ..one };
            let around = Grid::new(32, 32, 1.0).unwrap();
            let peak = brightest(&through(&mut fourier, Isa::best(), &around, blur, &[middle], 1e-3));
            let (apart, flux) = (worst(&found, &best, peak), (sum(&found) - sum(&best)).abs() / one.flux);
            assert!(
                apart < accuracy && flux < 10.0 * accuracy,
                "{grid:?} {one:?} {blur:?}: {apart:e} {flux:e}"
            );
            (most, most_flux) = (most.max(apart), most_flux.max(flux));
        }
        println!("{accuracy:e}: {most:.1e} of the peak, {most_flux:.1e} of the flux");
    }
}

#[test]
fn light_adds_up_and_negative_flux_takes_it_away() {
    let mut draw = Draw::new(4);
    let grid = Grid::new(40, 31, 1.0).unwrap();
    let blur = psf(&mut draw);
    for _ in 0..20 {
        let (a, b) = (some(&mut draw, &grid), some(&mut draw, &grid));
        let alone = [fresh(&grid, blur, &[a], 1e-4), fresh(&grid, blur, &[b], 1e-4)];
        let both = fresh(&grid, blur, &[a, b], 1e-4);
        let expected: Vec<f32> = alone[0].iter().zip(&alone[1]).map(|(a, b)| a + b).collect();
        assert!(worst(&both, &expected, brightest(&expected)) < 1e-4, "{a:?} {b:?}");
        let none = fresh(&grid, blur, &[a, Light { flux: -a.flux, ..a }], 1e-4);
        assert!(brightest(&none) < 1e-6 * brightest(&alone[0]).max(1e-6), "{a:?}");
    }
}

#[test]
fn whatever_is_legal_gives_numbers() {
    let mut draw = Draw::new(5);
    let grid = Grid::new(12, 9, 1.0).unwrap();
    let mut fourier = Fourier::default();
    for model in OBJECTS.iter().filter(|model| shine(model).is_some()) {
        for _ in 0..60 {
            let parameters = draw.extreme(model);
            let blur = psf(&mut draw);
            let all = lights(model, &grid, &parameters);
            let found = through(&mut fourier, Isa::best(), &grid, blur, &all, 1e-2);
            assert!(found.iter().all(|pixel| pixel.is_finite()), "{} {parameters:?} {blur:?}", model.name);
        }
    }
}

/// What lies far outside leaves nothing; what is no number is not drawn.
#[test]
fn nothing_comes_from_nothing() {
    let grid = Grid::new(20, 20, 1.0).unwrap();
    let blur = psf(&mut Draw::new(6));
    let star = |x: f64, flux: f64| Light {
        centre: (x, 10.0),
        flux,
        radius: 1.0,
        shear: (0.0, 0.0),
        spread: Spread::Point,
    };
    for far in [star(1e6, 1.0), star(f64::NAN, 1.0), star(10.0, f64::INFINITY), star(10.0, 0.0)] {
        assert_eq!(brightest(&fresh(&grid, blur, &[far], 1e-4)), 0.0, "{far:?}");
    }
    assert_eq!(brightest(&fresh(&grid, blur, &[], 1e-4)), 0.0);
}
