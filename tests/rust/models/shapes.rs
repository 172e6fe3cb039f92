//! Shapes against counting.

use crate::draw::{Draw, plane};
use lightmill::image::grid::Grid;
use lightmill::image::shape::polygon_fill::Cover;
use lightmill::image::{Edges, Scratch};
use lightmill::isa::Isa;
use lightmill::param::Model;
use lightmill::registry::OBJECTS;

fn rectangle() -> &'static Model {
    OBJECTS.iter().find(|model| model.name == "rectangle").unwrap()
}

fn binary(grid: &Grid, parameters: &[f64]) -> Vec<f32> {
    let mut plane = vec![0.0; grid.pixels()];
    let render = rectangle().render.unwrap();
    render(Isa::best(), grid, Edges::Binary, parameters, &mut plane, &mut Scratch::new(grid));
    plane
}

/// Whether a point, in units of length, is inside; by the distances from the two middle lines.
fn contains(parameters: &[f64], x: f64, y: f64) -> bool {
    let (sin, cos) = parameters[4].to_radians().sin_cos();
    let (dx, dy) = (x - parameters[0], y - parameters[1]);
    (dx * cos + dy * sin).abs() <= 0.5 * parameters[2] && (dy * cos - dx * sin).abs() <= 0.5 * parameters[3]
}

#[test]
fn coverage_is_the_fraction_of_points_inside() {
    let mut draw = Draw::new(21);
    let mut worst = 0.0_f64;
    for _ in 0..40 {
        let grid = draw.grid(20);
        let mut parameters = draw.parameters(rectangle(), &grid);
        parameters[5] = 1.0;
        let pixels = plane(rectangle(), &grid, &parameters);
        for (i, pixel) in pixels.iter().enumerate() {
            let (row, column) = ((i / grid.columns()) as f64, (i % grid.columns()) as f64);
            let corner = [column - 0.5 * grid.columns() as f64, row - 0.5 * grid.rows() as f64];
            let at = |i: usize| (i as f64 + 0.5) / 64.0;
            let points = (0..64 * 64).filter(|p| {
                let (x, y) = (corner[0] + at(p % 64), corner[1] + at(p / 64));
                contains(&parameters, x * grid.pixel_scale(), y * grid.pixel_scale())
            });
            let counted = points.count();
            let fraction = counted as f64 / 4096.0;
            worst = worst.max((f64::from(*pixel) - fraction).abs());
            let all_or_none = counted == 0 && *pixel > 1e-3 || counted == 4096 && *pixel < 0.999;
            assert!(!all_or_none, "{parameters:?} {pixel} {counted}");
        }
    }
    println!("rectangle: {worst:.1e} from 64 x 64 points");
    // Two long sides, each with a point of 64 in doubt along its length, and corners.
    assert!(worst < 0.03);
}

#[test]
fn coverage_sums_to_the_area() {
    let mut draw = Draw::new(22);
    for _ in 0..300 {
        let grid = Grid::new(90, 80, 0.5).unwrap();
        let mut parameters = draw.parameters(rectangle(), &grid);
        (parameters[0], parameters[1]) = (draw.uniform(-2.0, 2.0), draw.uniform(-2.0, 2.0));
        parameters[2] = draw.log_uniform(0.001, 20.0);
        parameters[3] = draw.log_uniform(0.001, 20.0);
        parameters[5] = 1.0;
        let sum: f64 = plane(rectangle(), &grid, &parameters).iter().map(|pixel| f64::from(*pixel)).sum();
        let area = parameters[2] * parameters[3] / 0.25;
        assert!((sum - area).abs() < 2e-5, "{parameters:?} {sum} {area}");
    }
}

#[test]
fn inside_is_one_and_outside_is_nothing() {
    let mut draw = Draw::new(23);
    for _ in 0..300 {
        let grid = draw.grid(60);
        let mut parameters = draw.parameters(rectangle(), &grid);
        parameters[5] = 0.7;
        let pixels = plane(rectangle(), &grid, &parameters);
        for (i, pixel) in pixels.iter().enumerate() {
            let (row, column) = ((i / grid.columns()) as f64, (i % grid.columns()) as f64);
            let x = (column + 0.5 - 0.5 * grid.columns() as f64) * grid.pixel_scale();
            let y = (row + 0.5 - 0.5 * grid.rows() as f64) * grid.pixel_scale();
            let grown = |by: f64| {
                let mut other = parameters.clone();
                (other[2], other[3]) = (other[2] + by, other[3] + by);
                contains(&other, x, y) && other[2] > 0.0 && other[3] > 0.0
            };
            // A pixel's corner is 0.71 from its centre.
            if grown(-1.42 * grid.pixel_scale()) {
                assert_eq!(*pixel, 0.7, "{parameters:?}");
            } else if !grown(1.42 * grid.pixel_scale()) {
                assert_eq!(*pixel, 0.0, "{parameters:?}");
            }
        }
    }
}

#[test]
fn binary_takes_the_pixels_whose_centres_are_inside() {
    let mut draw = Draw::new(24);
    for _ in 0..300 {
        let grid = draw.grid(40);
        let mut parameters = draw.parameters(rectangle(), &grid);
        parameters[5] = 2.0;
        for (i, pixel) in binary(&grid, &parameters).iter().enumerate() {
            let (row, column) = ((i / grid.columns()) as f64, (i % grid.columns()) as f64);
            let x = (column + 0.5 - 0.5 * grid.columns() as f64) * grid.pixel_scale();
            let y = (row + 0.5 - 0.5 * grid.rows() as f64) * grid.pixel_scale();
            assert_eq!(
                *pixel,
                if contains(&parameters, x, y) { 2.0 } else { 0.0 },
                "{parameters:?} {row} {column}"
            );
        }
    }
}

#[test]
fn tiles_share_no_pixel_and_lose_none() {
    let grid = Grid::new(24, 24, 1.0).unwrap();
    // At 0 and 90 degrees the borders pass through the centres of pixels.
    for angle in [0.0, 90.0, 180.0, 270.0, 45.0, 30.0, 12.3] {
        let (sin, cos) = f64::to_radians(angle).sin_cos();
        for (width, height) in [(3.0, 5.0), (2.5, 1.5), (0.5, 7.0)] {
            for edges in [Edges::Binary, Edges::Coverage] {
                let mut plane = vec![0.0_f32; grid.pixels()];
                for i in -50..50 {
                    for j in -30..30 {
                        let (u, v) = (width * f64::from(i) + 0.5, height * f64::from(j) + 0.5);
                        let tile = [u * cos - v * sin, u * sin + v * cos, width, height, angle, 1.0];
                        let render = rectangle().render.unwrap();
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

#[test]
fn any_simple_polygon_can_be_filled_in_either_direction() {
    let star: Vec<(f64, f64)> = (0..10)
        .map(|i| {
            let (radius, angle) =
                (if i % 2 == 0 { 9.0 } else { 4.0 }, f64::from(i) * std::f64::consts::PI / 5.0 + 0.1);
            (12.3 + radius * angle.cos(), 11.1 + radius * angle.sin())
        })
        .collect();
    let area: f64 = (0..10)
        .map(|i| {
            let ((x0, y0), (x1, y1)) = (star[i], star[(i + 1) % 10]);
            0.5 * (x0 * y1 - x1 * y0)
        })
        .sum();
    let mut reversed = star.clone();
    reversed.reverse();
    for corners in [star, reversed] {
        let mut plane = vec![0.0; 25 * 26];
        Cover::new(25, 26).add(Isa::best(), Edges::Coverage, &corners, 1.0, &mut plane);
        let sum: f64 = plane.iter().map(|pixel| f64::from(*pixel)).sum();
        assert!((sum - area).abs() < 1e-5, "{sum} {area}");
        assert_eq!(plane[11 * 26 + 12], 1.0);
    }
}
