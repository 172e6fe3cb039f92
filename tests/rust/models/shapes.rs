//! Shapes against their signed distances and closed forms.

use crate::draw::{Draw, place, plane, value};
use crate::figure::{Figure, centre};
use lightmill::image::grid::Grid;
use lightmill::image::{Edges, Scratch};
use lightmill::isa::Isa;
use lightmill::param::{Family, Model};
use lightmill::registry::OBJECTS;
use std::f64::consts::PI;

pub fn model(name: &str) -> &'static Model {
    OBJECTS.iter().find(|model| model.name == name).unwrap()
}

fn shapes() -> impl Iterator<Item = &'static Model> {
    OBJECTS.iter().copied().filter(|model| model.family == Family::Shape)
}

fn binary(model: &Model, grid: &Grid, parameters: &[f64]) -> Vec<f32> {
    let mut plane = vec![0.0; grid.pixels()];
    let render = model.render.unwrap();
    render(Isa::best(), grid, Edges::Binary, parameters, &mut plane, &mut Scratch::new(grid));
    plane
}

/// Of intensity 1, so that pixels are fractions.
fn parameters(draw: &mut Draw, model: &Model, grid: &Grid) -> Vec<f64> {
    let mut parameters = draw.parameters(model, grid);
    place(model, &mut parameters, "intensity", 1.0);
    parameters
}

#[test]
fn coverage_is_the_area_inside() {
    let mut draw = Draw::new(21);
    for model in shapes() {
        let mut worst = 0.0_f64;
        for _ in 0..24 {
            let grid = draw.grid(24);
            let parameters = parameters(&mut draw, model, &grid);
            let expected = Figure::new(model, &parameters).coverage(&grid);
            let pixels = plane(model, &grid, &parameters);
            let error = pixels.iter().zip(&expected).map(|(p, e)| (f64::from(*p) - e).abs());
            let error = error.fold(0.0, f64::max);
            worst = worst.max(error);
            assert!(error < 1e-4, "{} {error:.1e} {grid:?} {parameters:?}", model.name);
        }
        println!("{}: {worst:.1e} from the area", model.name);
    }
}

#[test]
fn large_curves_are_as_good() {
    let (mut draw, grid) = (Draw::new(26), Grid::new(12, 15, 1.0).unwrap());
    for (name, width) in [("circle", 0.0), ("ellipse", 0.0), ("arc", 1.0)] {
        let mut worst = 0.0_f64;
        for i in 0..16 {
            let radius = draw.log_uniform(100.0, 1e6);
            // So that the edge passes near the middle of the frame.
            let at = draw.uniform(0.0, 2.0 * PI);
            let (x, y) = (-radius * at.cos() + draw.uniform(-3.0, 3.0), -radius * at.sin());
            let line = if i % 2 == 0 { width } else { draw.uniform(0.5, 5.0) };
            let parameters = match name {
                "circle" => vec![x, y, radius, 1.0, f64::from(i % 2), line],
                "arc" => vec![x, y, radius, at.to_degrees() + 90.0, -180.0, line, 1.0],
                _ => {
                    let (flat, thin) = (radius, radius * draw.log_uniform(1e-5, 1.0));
                    vec![3.0, -thin * f64::from(i % 3) + 1.0, 2.0 * flat, 2.0 * thin, 0.0, 1.0, 1.0, line]
                }
            };
            let model = model(name);
            let expected = Figure::new(model, &parameters).coverage(&grid);
            let pixels = plane(model, &grid, &parameters);
            let error =
                pixels.iter().zip(&expected).map(|(p, e)| (f64::from(*p) - e).abs()).fold(0.0, f64::max);
            worst = worst.max(error);
            assert!(error < 1e-4, "{name} {error:.1e} {parameters:?}");
        }
        println!("{name}: {worst:.1e} from the area where it is large");
    }
}

#[test]
fn binary_takes_the_pixels_whose_centres_are_inside() {
    let mut draw = Draw::new(24);
    for model in shapes() {
        for _ in 0..200 {
            let grid = draw.grid(40);
            let parameters = parameters(&mut draw, model, &grid);
            let figure = Figure::new(model, &parameters);
            for (i, pixel) in binary(model, &grid, &parameters).iter().enumerate() {
                let (x, y) = centre(&grid, i);
                let distance = figure.distance(x, y) / grid.pixel_scale();
                // Corners are rounded to 2^-24 of a pixel.
                if distance.abs() > 1e-6 {
                    let expected = if distance < 0.0 { 1.0 } else { 0.0 };
                    assert_eq!(*pixel, expected, "{} {distance} {grid:?} {parameters:?}", model.name);
                }
            }
        }
    }
}

/// The area of what is wholly in the frame.
fn area(model: &Model, parameters: &[f64]) -> f64 {
    let get = |name: &str| value(model, parameters, name).unwrap();
    let line = get("line_width");
    let filled = |by: f64| match model.name {
        "circle" => PI * (get("radius") + by).max(0.0).powi(2),
        "rectangle" => (get("width") + 2.0 * by).max(0.0) * (get("height") + 2.0 * by).max(0.0),
        "polygon" => {
            let half_turn = PI / get("sides");
            let apothem = (get("radius") * half_turn.cos() + by).max(0.0);
            get("sides") * apothem * apothem * half_turn.tan()
        }
        // Steiner's formula, as long as half the line is within the least radius of curvature.
        _ => {
            let (a, b) = (0.5 * get("width"), 0.5 * get("height"));
            PI * a * b + perimeter(a, b) * by + PI * by * by
        }
    };
    match model.name {
        "line" => line * (get("x2") - get("x1")).hypot(get("y2") - get("y1")),
        "arc" => {
            let radii = [get("radius") + 0.5 * line, (get("radius") - 0.5 * line).max(0.0)];
            get("sweep").abs().to_radians() * 0.5 * (radii[0].powi(2) - radii[1].powi(2))
        }
        _ if get("fill") == 1.0 => filled(0.5 * line),
        _ => filled(0.5 * line) - filled(-0.5 * line),
    }
}

/// By the trapezium rule, which converges fast for what is periodic.
fn perimeter(a: f64, b: f64) -> f64 {
    let step = 2.0 * PI / 5000.0;
    (0..5000).map(|i| step * (a * (step * f64::from(i)).sin()).hypot(b * (step * f64::from(i)).cos())).sum()
}

/// A shape inside a frame of 90 x 80 pixels of 0.5.
fn inside(draw: &mut Draw, model: &Model) -> Vec<f64> {
    let names = model.canonical.iter();
    let drawn = names.map(|name| match *name {
        "x" | "y" => draw.uniform(-2.0, 2.0),
        "width" | "height" => draw.log_uniform(1.0, 14.0),
        "radius" => draw.log_uniform(0.3, 12.0),
        "line_width" => draw.log_uniform(0.001, 0.07),
        "intensity" => 1.0,
        "fill" => draw.choose(&[0.0, 1.0]),
        "sides" => draw.integer(3, 12) as f64,
        "sweep" => draw.uniform(-360.0, 360.0),
        "x1" | "x2" | "y1" | "y2" => draw.uniform(-12.0, 12.0),
        _ => draw.uniform(-400.0, 400.0),
    });
    drawn.collect()
}

#[test]
fn coverage_sums_to_the_area() {
    let mut draw = Draw::new(22);
    let grid = Grid::new(90, 80, 0.5).unwrap();
    for model in shapes() {
        let mut worst = 0.0_f64;
        for _ in 0..200 {
            let parameters = inside(&mut draw, model);
            let sum: f64 = plane(model, &grid, &parameters).iter().map(|pixel| f64::from(*pixel)).sum();
            let error = (sum - area(model, &parameters) / 0.25).abs();
            worst = worst.max(error);
            assert!(error < 1e-3, "{} {parameters:?} {sum} {error}", model.name);
        }
        println!("{}: sums within {worst:.1e} pixels of the area", model.name);
    }
}

#[test]
fn a_shift_moves_the_centroid_by_just_that() {
    let mut draw = Draw::new(25);
    let grid = Grid::new(90, 80, 0.5).unwrap();
    let centroid = |pixels: &[f32]| {
        let sums = pixels.iter().enumerate().fold([0.0; 3], |sums, (i, pixel)| {
            let ((x, y), light) = (centre(&grid, i), f64::from(*pixel));
            [sums[0] + light, sums[1] + light * x, sums[2] + light * y]
        });
        (sums[1] / sums[0], sums[2] / sums[0])
    };
    for model in shapes() {
        for _ in 0..50 {
            // Wide enough that its area within a pixel decides little.
            let mut parameters = inside(&mut draw, model);
            place(model, &mut parameters, "line_width", 1.5);
            place(model, &mut parameters, "radius", 9.0);
            place(model, &mut parameters, "width", 13.0);
            let before = centroid(&plane(model, &grid, &parameters));
            let (dx, dy) = (draw.uniform(-1.0, 1.0), draw.uniform(-1.0, 1.0));
            (parameters[0], parameters[1]) = (parameters[0] + dx, parameters[1] + dy);
            let after = centroid(&plane(model, &grid, &parameters));
            // A pixel knows no more of where its light lies than its centre; over the many
            // pixels of an edge that averages out.
            let error = (after.0 - before.0 - dx).hypot(after.1 - before.1 - dy);
            assert!(error < 0.01, "{} {error} {parameters:?}", model.name);
        }
    }
}

#[test]
fn inside_is_one_and_outside_is_nothing() {
    let mut draw = Draw::new(23);
    for model in shapes() {
        for _ in 0..200 {
            let grid = draw.grid(60);
            let mut parameters = draw.parameters(model, &grid);
            place(model, &mut parameters, "intensity", 0.7);
            let figure = Figure::new(model, &parameters);
            for (i, pixel) in plane(model, &grid, &parameters).iter().enumerate() {
                let (x, y) = centre(&grid, i);
                let distance = figure.distance(x, y) / grid.pixel_scale();
                // A pixel's corner is 0.71 from its centre.
                if distance.abs() > 0.72 {
                    let expected = if distance < 0.0 { 0.7 } else { 0.0 };
                    assert_eq!(*pixel, expected, "{} {distance} {parameters:?}", model.name);
                }
            }
        }
    }
}

#[test]
fn tiles_share_no_pixel_and_lose_none() {
    let (grid, rectangle) = (Grid::new(24, 24, 1.0).unwrap(), model("rectangle"));
    // At 0 and 90 degrees the borders pass through the centres of pixels.
    for angle in [0.0, 90.0, 180.0, 270.0, 45.0, 30.0, 12.3] {
        let (sin, cos) = f64::to_radians(angle).sin_cos();
        for (width, height) in [(3.0, 5.0), (2.5, 1.5), (0.5, 7.0)] {
            for edges in [Edges::Binary, Edges::Coverage] {
                let mut plane = vec![0.0_f32; grid.pixels()];
                for i in -50..50 {
                    for j in -30..30 {
                        let (u, v) = (width * f64::from(i) + 0.5, height * f64::from(j) + 0.5);
                        let place = [u * cos - v * sin, u * sin + v * cos];
                        let tile = [place[0], place[1], width, height, angle, 1.0, 1.0, 0.0];
                        let render = rectangle.render.unwrap();
                        render(Isa::best(), &grid, edges, &tile, &mut plane, &mut Scratch::new(&grid));
                    }
                }
                let tolerance = if edges == Edges::Binary { 0.0 } else { 2e-6 };
                let worst = plane.iter().fold(0.0_f32, |worst, pixel| worst.max((pixel - 1.0).abs()));
                assert!(worst <= tolerance, "{edges:?} {angle} {width} {height}: {worst}");
            }
        }
    }
}

/// A disc and the ring around it, and the two halves of a ring.
#[test]
fn parts_of_a_disc_share_no_pixel_and_lose_none() {
    let grid = Grid::new(30, 31, 1.0).unwrap();
    for edges in [Edges::Binary, Edges::Coverage] {
        let draw = |name: &str, parameters: &[f64], plane: &mut [f32]| {
            let render = model(name).render.unwrap();
            render(Isa::best(), &grid, edges, parameters, plane, &mut Scratch::new(&grid));
        };
        for (x, start) in [(0.5, 90.0), (0.0, 0.0), (0.3, 17.0), (0.5, 233.0)] {
            let (mut whole, mut parts) = (vec![0.0; grid.pixels()], vec![0.0; grid.pixels()]);
            draw("circle", &[x, 0.5, 12.0, 1.0, 1.0, 0.0], &mut whole);
            draw("circle", &[x, 0.5, 6.0, 1.0, 1.0, 0.0], &mut parts);
            for (from, sweep) in [(start, 100.0), (start + 100.0, 200.0), (start, -60.0)] {
                draw("arc", &[x, 0.5, 9.0, from, sweep, 6.0, 1.0], &mut parts);
            }
            let worst = whole.iter().zip(&parts).fold(0.0_f32, |w, (a, b)| w.max((a - b).abs()));
            assert!(
                worst <= if edges == Edges::Binary { 0.0 } else { 5e-5 },
                "{edges:?} {x} {start} {worst}"
            );
        }
    }
}
