//! Polygons of given vertices.

use crate::draw::Draw;
use crate::shapes::model;
use lightmill::image::Edges;
use lightmill::image::grid::Grid;
use lightmill::image::shape::outline::{MOST_VERTICES, Vertices};
use lightmill::image::shape::polygon_fill::Cover;
use lightmill::isa::Isa;
use lightmill::plan::Plan;
use lightmill::spec::Spec;

/// One polygon in a frame of 40 x 50 pixels.
fn polygon(edges: &str, vertices: &[[f64; 2]], (angle, fill, line_width): (f64, f64, f64)) -> Vec<f32> {
    let reach = vertices.iter().map(|[x, y]| x * x + y * y).fold(0.0, f64::max).sqrt();
    let spec = serde_json::json!({
        "name": "p", "seed": 0, "image": {"rows": 40, "columns": 50}, "edges": edges,
        "objects": [{
            "name": "p", "model": "polygon", "place": "objects[0]", "vertices": vertices,
            "parameters": {
                "x": 0, "y": 0, "sides": vertices.len(), "radius": reach, "angle": angle,
                "fill": fill, "line_width": line_width, "intensity": 1,
            },
        }],
    });
    let plan = Plan::new(&serde_json::from_value::<Spec>(spec).unwrap()).unwrap();
    let (mut record, mut image) = (vec![0.0; plan.width()], vec![0.0; plan.pixels()]);
    plan.draw(&[0], &mut record).unwrap();
    let images = lightmill::batch::Images { image: &mut image, noiseless: None, variance: None, psf: None };
    lightmill::batch::render(&plan, &[0], &record, images, false, 1).unwrap();
    image
}

const FILLED: (f64, f64, f64) = (0.0, 1.0, 0.0);

fn sum(pixels: &[f32]) -> f64 {
    pixels.iter().map(|pixel| f64::from(*pixel)).sum()
}

fn star(points: usize, step: usize, radius: f64) -> Vec<[f64; 2]> {
    let at = |i: usize| 2.0 * std::f64::consts::PI * (i * step) as f64 / points as f64;
    (0..points).map(|i| [radius * at(i).cos(), radius * at(i).sin()]).collect()
}

#[test]
fn crossed_sides_follow_the_even_odd_rule() {
    let bow_tie = [[-10.0, -10.0], [10.0, 10.0], [10.0, -10.0], [-10.0, 10.0]];
    assert!((sum(&polygon("coverage", &bow_tie, FILLED)) - 200.0).abs() < 1e-5);
    // A pentagram's middle, a pentagon, is outside.
    let pentagram = polygon("coverage", &star(5, 2, 15.0), FILLED);
    assert_eq!(pentagram[20 * 50 + 25], 0.0);
    let (fifth, tenth) = ((2.0 * std::f64::consts::PI / 5.0).sin(), (std::f64::consts::PI / 5.0).cos());
    let inner = 15.0 * (2.0 * std::f64::consts::PI / 5.0).cos() / tenth;
    let pentagon = |radius: f64| 2.5 * radius * radius * fifth;
    let star_area = 10.0 * 0.5 * 15.0 * inner * (std::f64::consts::PI / 5.0).sin();
    assert!((sum(&pentagram) - (star_area - pentagon(inner))).abs() < 1e-5);
    // Twice around is not at all, and a way in and out again is nothing.
    let twice: Vec<_> = star(4, 1, 9.0).into_iter().cycle().take(8).collect();
    assert_eq!(sum(&polygon("coverage", &twice, FILLED)), 0.0);
    let hole = [[-8.0, -8.0], [8.0, -8.0], [8.0, 8.0], [-8.0, 8.0], [-8.0, -8.0], [-3.0, -3.0], [3.0, -3.0]];
    let hole = [&hole[..], &[[3.0, 3.0], [-3.0, 3.0], [-3.0, -3.0]]].concat();
    assert!((sum(&polygon("coverage", &hole, FILLED)) - 220.0).abs() < 1e-5);
}

#[test]
fn random_scribbles_are_where_their_sides_are_odd() {
    let mut draw = Draw::new(31);
    for count in [3, 4, 5, 7, 12, 40, MOST_VERTICES] {
        for grid_like in [false, true] {
            let mut coordinate = || {
                let v = draw.uniform(-30.0, 30.0);
                if grid_like { v.round() } else { v }
            };
            let vertices: Vec<_> = (0..count).map(|_| [coordinate(), coordinate()]).collect();
            let pixels = polygon("binary", &vertices, FILLED);
            let covered = polygon("coverage", &vertices, FILLED);
            for (i, pixel) in pixels.iter().enumerate() {
                let (x, y) = ((i % 50) as f64 - 24.5, (i / 50) as f64 - 19.5);
                let sides = || (0..count).map(|i| (vertices[i], vertices[(i + 1) % count]));
                let near = sides().map(|(a, b)| distance((x, y), a, b)).fold(f64::INFINITY, f64::min);
                let at_right = |([x0, y0], [x1, y1]): ([f64; 2], [f64; 2])| {
                    (y0 > y) != (y1 > y) && x0 + (x1 - x0) * (y - y0) / (y1 - y0) > x
                };
                let odd = if sides().filter(|side| at_right(*side)).count() % 2 == 1 { 1.0 } else { 0.0 };
                assert!(*pixel == odd || near < 1e-6, "{count} {x} {y}");
                assert!((covered[i] - odd).abs() < 1e-5 || near < 0.72, "{count} {x} {y} {}", covered[i]);
            }
        }
    }
}

fn distance((x, y): (f64, f64), [x0, y0]: [f64; 2], [x1, y1]: [f64; 2]) -> f64 {
    let (dx, dy) = (x1 - x0, y1 - y0);
    let square = dx * dx + dy * dy;
    let t = if square > 0.0 { (((x - x0) * dx + (y - y0) * dy) / square).clamp(0.0, 1.0) } else { 0.0 };
    (x - x0 - t * dx).hypot(y - y0 - t * dy)
}

#[test]
fn outlines_of_vertices_are_those_of_regular_polygons() {
    let grid = Grid::new(40, 50, 1.0).unwrap();
    for sides in [3, 4, 5, 8, 20] {
        for (fill, line_width) in [(0.0, 2.0), (1.0, 3.0), (0.0, 0.3), (1.0, 0.0), (0.0, 30.0)] {
            let regular = [0.0, 0.0, sides as f64, 13.0, 31.0, 1.0, fill, line_width];
            for edges in [Edges::Coverage, Edges::Binary] {
                let mut expected = vec![0.0; grid.pixels()];
                let mut scratch = lightmill::image::Scratch::new(&grid);
                let render = model("polygon").render.unwrap();
                render(Isa::best(), &grid, edges, &regular, &mut expected, &mut scratch);
                let name = if edges == Edges::Binary { "binary" } else { "coverage" };
                let pixels = polygon(name, &star(sides, 1, 13.0), (31.0, fill, line_width));
                let worst = pixels.iter().zip(&expected).fold(0.0_f32, |w, (a, b)| w.max((a - b).abs()));
                assert!(worst < 2e-6, "{sides} {fill} {line_width} {edges:?} {worst}");
            }
        }
    }
}

#[test]
fn sharp_corners_are_bevelled() {
    // A needle of 10 degrees: its tip would reach 11 half widths beyond, but is cut off.
    let needle = [[-20.0, -1.75], [0.0, 0.0], [-20.0, 1.75]];
    let pixels = polygon("coverage", &needle, (0.0, 0.0, 2.0));
    assert!(pixels[20 * 50 + 24] > 0.9);
    assert!(pixels.chunks(50).all(|row| row[26..].iter().all(|pixel| *pixel == 0.0)));
}

#[test]
fn what_is_no_polygon_is_refused() {
    for (vertices, message) in [
        (vec![[0.0, 1.0]; 2], "3 to 100"),
        (vec![[0.0, 1.0]; 101], "3 to 100"),
        (vec![[0.0, 0.0]; 4], "above 0"),
        (vec![[0.0, f64::NAN]; 4], "finite"),
    ] {
        assert!(Vertices::new(&vertices).unwrap_err().contains(message));
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
        let mut cover = Cover::new(25, 26);
        cover.polygon(Edges::Coverage, &corners, 1);
        cover.finish(Isa::best(), 1.0, &mut plane);
        let sum: f64 = plane.iter().map(|pixel| f64::from(*pixel)).sum();
        assert!((sum - area).abs() < 1e-5, "{sum} {area}");
        assert_eq!(plane[11 * 26 + 12], 1.0);
    }
}
