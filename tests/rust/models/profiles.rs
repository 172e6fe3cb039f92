//! Profiles against quadrature.

use crate::PIXEL;
use crate::draw::{Draw, floor, place, plane};
use lightmill::image::grid::Grid;
use lightmill::image::oracle::Profile;
use lightmill::param::{Family, Model};
use lightmill::registry::{OBJECTS, composite};

/// The promise for the light in the frame, over the truth.
const FLUX: f64 = 1e-3;

fn profiles() -> impl Iterator<Item = &'static &'static Model> {
    OBJECTS.iter().filter(|model| model.family == Family::Profile && model.render.is_some())
}

/// The truth of a box, of an object or of all its parts.
fn truth(model: &Model, parameters: &[f64]) -> impl Fn((f64, f64), (f64, f64)) -> f64 {
    let parts = match composite(model) {
        None => vec![Profile::new(model.name, parameters).unwrap()],
        Some(made) => {
            (made.split)(parameters).iter().map(|part| Profile::new(made.of.name, part).unwrap()).collect()
        }
    };
    move |x, y| parts.iter().map(|part| part.light(x, y)).sum()
}

/// The box of a pixel, in units of length.
fn bounds(grid: &Grid, row: usize, column: usize) -> ((f64, f64), (f64, f64)) {
    let side = |i: usize, n: usize| {
        let low = (i as f64 - 0.5 * n as f64) * grid.pixel_scale();
        (low, low + grid.pixel_scale())
    };
    (side(column, grid.columns()), side(row, grid.rows()))
}

fn brightest(pixels: &[f32]) -> usize {
    (0..pixels.len()).max_by(|a, b| pixels[*a].total_cmp(&pixels[*b])).unwrap()
}

/// The worst error of the brightest pixel, its neighbours and some others.
fn worst_pixel(model: &Model, grid: &Grid, parameters: &[f64], draw: &mut Draw) -> f64 {
    let pixels = plane(model, grid, parameters);
    let truth = truth(model, parameters);
    let peak = brightest(&pixels);
    let last = pixels.len() - 1;
    let near = [peak, (peak + 1).min(last), (peak + grid.columns()).min(last), peak.saturating_sub(1)];
    let others = [0; 4].map(|_| draw.integer(0, last));
    let error = |i: &usize| {
        let (x, y) = bounds(grid, i / grid.columns(), i % grid.columns());
        (f64::from(pixels[*i]) - truth(x, y)).abs()
    };
    let worst = near.iter().chain(&others).map(error).fold(0.0, f64::max);
    worst / f64::from(pixels[peak]).max(floor(model, grid, parameters))
}

#[test]
fn pixels_are_integrals_over_the_whole_range() {
    let mut draw = Draw::new(11);
    for model in profiles() {
        let mut worst = (0.0, Vec::new());
        for _ in 0..150 {
            let grid = draw.grid(64);
            let mut parameters = draw.parameters(model, &grid);
            place(model, &mut parameters, "flux", 1.0);
            let error = worst_pixel(model, &grid, &parameters, &mut draw);
            worst = if error > worst.0 { (error, parameters) } else { worst };
        }
        println!("{}: {:.1e} of the brightest pixel at {:?}", model.name, worst.0, worst.1);
        assert!(worst.0 < PIXEL, "{} {worst:?}", model.name);
    }
}

#[test]
fn every_phase_and_small_size_is_as_good() {
    let mut draw = Draw::new(12);
    for model in profiles() {
        let mut worst = (0.0, Vec::new());
        for i in 0..150 {
            let grid = Grid::new(33, 32, 1.0).unwrap();
            let mut parameters = draw.parameters(model, &grid);
            parameters[0] = [0.0, 0.5, 0.25, draw.uniform(-1.0, 1.0)][i % 4];
            parameters[1] = [0.0, 0.5, draw.uniform(-1.0, 1.0)][i % 3];
            let fwhm = draw.log_uniform(if i % 5 == 0 { 1e-7 } else { 0.1 }, 8.0);
            place(model, &mut parameters, "fwhm", fwhm);
            place(model, &mut parameters, "half_light_radius", fwhm);
            place(model, &mut parameters, "flux", 1.0);
            let error = worst_pixel(model, &grid, &parameters, &mut draw);
            worst = if error > worst.0 { (error, parameters) } else { worst };
        }
        println!("{}: {:.1e} of the brightest pixel at {:?}", model.name, worst.0, worst.1);
        assert!(worst.0 < PIXEL, "{} {worst:?}", model.name);
    }
}

/// Round ones have a way of their own: all that is within some pixels of the centre, and what is far.
#[test]
fn round_profiles_are_as_good_all_around() {
    let mut draw = Draw::new(14);
    let model = OBJECTS.iter().find(|model| model.name == "sersic").unwrap();
    let mut worst = (0.0, Vec::new());
    for i in 0..80 {
        let grid = Grid::new(draw.integer(40, 80), draw.integer(40, 80), 1.0).unwrap();
        let index = [1.0, draw.log_uniform(0.3, 8.0)][i % 2];
        let radius = draw.log_uniform(0.8, 12.0);
        let centre = [draw.uniform(-9.0, 9.0), draw.uniform(-9.0, 9.0)];
        let parameters = [centre[0], centre[1], 1.0, index, radius, 0.0, 0.0];
        let pixels = plane(model, &grid, &parameters);
        let (peak, truth) = (f64::from(pixels[brightest(&pixels)]), truth(model, &parameters));
        for j in 0..30 {
            let reach = [2.5, 4.0, 8.0, 40.0][j % 4];
            let at = |centre: f64, side: usize, shift: f64| {
                (centre + 0.5 * side as f64 + shift).clamp(0.0, side as f64 - 1.0) as usize
            };
            let row = at(centre[1], grid.rows(), draw.uniform(-reach, reach));
            let column = at(centre[0], grid.columns(), draw.uniform(-reach, reach));
            let (x, y) = bounds(&grid, row, column);
            let error = (f64::from(pixels[row * grid.columns() + column]) - truth(x, y)).abs() / peak;
            worst = if error > worst.0 { (error, parameters.to_vec()) } else { worst };
        }
    }
    println!("{:.1e} of the brightest pixel at {:?}", worst.0, worst.1);
    assert!(worst.0 < 3e-5, "{worst:?}");
}

#[test]
fn the_light_in_the_frame_is_the_integral_over_it() {
    let mut draw = Draw::new(13);
    for model in profiles() {
        let mut worst = (0.0, Vec::new());
        for _ in 0..60 {
            let grid = draw.grid(64);
            let parameters = draw.parameters(model, &grid);
            let (width, height) = (grid.columns() as f64, grid.rows() as f64);
            let half = [width, height].map(|side| 0.5 * side * grid.pixel_scale());
            let truth = truth(model, &parameters)((-half[0], half[0]), (-half[1], half[1]));
            let sum: f64 = plane(model, &grid, &parameters).iter().map(|pixel| f64::from(*pixel)).sum();
            let flux = parameters[2];
            let error =
                if truth > 1e-6 * flux { (sum / truth - 1.0).abs() } else { (sum - truth).abs() / flux };
            worst = if error > worst.0 { (error, parameters) } else { worst };
        }
        println!("{}: {:.1e} of the light in the frame at {:?}", model.name, worst.0, worst.1);
        assert!(worst.0 < FLUX, "{} {worst:?}", model.name);
    }
}

#[test]
fn a_big_frame_holds_all_the_flux() {
    let grid = Grid::new(600, 500, 0.2).unwrap();
    for (name, parameters, missing) in [
        ("gaussian", &[1.03, -0.4, 1e3, 3.0, 0.3, 0.4][..], 0.0),
        ("gaussian", &[1.03, -0.4, 1e3, 0.01, 0.6, 0.4], 0.0),
        ("moffat", &[1.03, -0.4, 1e3, 0.5, 4.5, 0.3, 0.4], 0.0),
        ("moffat", &[1.03, -0.4, 1e3, 1e-19, 2.0, 0.3, 0.4], 0.0),
        ("sersic", &[1.03, -0.4, 1e3, 0.3, 2.0, 0.3, 0.4], 0.0),
        ("exponential", &[1.03, -0.4, 1e3, 2.0, 0.3, 0.4], 0.0),
        ("de_vaucouleurs", &[1.03, -0.4, 1e3, 1e-7, 0.3, 0.4], 0.0),
        (
            "bulge_disk",
            &[1.03, -0.4, 1e3, 0.3, 0.1, -0.2, 1.0, 2.0, 0.3, 0.4, -1.0, 0.3, 0.7, 1.0, -0.1, 0.2],
            0.0,
        ),
    ] {
        let model = OBJECTS.iter().find(|model| model.name == name).unwrap();
        let sum: f64 = plane(model, &grid, parameters).iter().map(|pixel| f64::from(*pixel)).sum();
        assert!((sum / 1e3 - 1.0 + missing).abs() < 1e-5, "{name} {parameters:?} {sum}");
    }
}

#[test]
fn a_point_is_in_its_pixel() {
    let grid = Grid::new(7, 9, 1.0).unwrap();
    for model in profiles() {
        let mut parameters = Draw::new(1).parameters(model, &grid);
        place(model, &mut parameters, "fwhm", 1e-300);
        place(model, &mut parameters, "half_light_radius", 1e-300);
        place(model, &mut parameters, "beta", 2.5);
        place(model, &mut parameters, "flux", 3.0);
        composite(model).into_iter().flat_map(|made| made.parts).for_each(|part| {
            for axis in ["x", "y"] {
                place(model, &mut parameters, &format!("{part}.{axis}"), 0.0);
            }
        });
        (parameters[0], parameters[1]) = (1.3, -2.2);
        let pixels = plane(model, &grid, &parameters);
        assert!((pixels[9 + 5] - 3.0).abs() < 1e-5, "{} {}", model.name, pixels[9 + 5]);
        assert!(pixels.iter().sum::<f32>() - 3.0 < 1e-5, "{}", model.name);
    }
}
