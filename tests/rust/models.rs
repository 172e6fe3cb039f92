//! The battery that every object of the registry passes by being in its list.

#![allow(clippy::disallowed_methods, clippy::unwrap_used)]

#[path = "models/draw.rs"]
mod draw;
#[path = "models/figure.rs"]
mod figure;
#[path = "models/polygons.rs"]
mod polygons;
#[path = "models/profiles.rs"]
mod profiles;
#[path = "models/shapes.rs"]
mod shapes;

use draw::{Draw, deviation, drawn, floor, place, plane, value};
use lightmill::image::grid::Grid;
use lightmill::image::profile::light::ZERO_POINT;
use lightmill::image::{Edges, Scratch};
use lightmill::isa::Isa;
use lightmill::param::{Model, Ways};
use lightmill::registry::{OBJECTS, PSFS, composite};

/// The promise: no pixel is further from the truth than this, over the brightest.
pub const PIXEL: f64 = 1e-4;

#[test]
fn every_instruction_set_gives_the_same_bits() {
    let mut draw = Draw::new(1);
    for model in drawn() {
        for _ in 0..200 {
            let grid = draw.grid(70);
            let parameters = draw.parameters(model, &grid);
            for edges in [Edges::Coverage, Edges::Binary] {
                let planes = Isa::available().into_iter().map(|isa| {
                    let mut plane = vec![0.1; grid.pixels()];
                    let render = model.render.unwrap();
                    render(isa, &grid, edges, &parameters, &mut plane, &mut Scratch::new(&grid));
                    plane.iter().map(|pixel| pixel.to_bits()).collect::<Vec<_>>()
                });
                let planes = planes.collect::<Vec<_>>();
                assert!(planes.windows(2).all(|pair| pair[0] == pair[1]), "{} {parameters:?}", model.name);
            }
        }
    }
}

#[test]
fn what_was_drawn_before_leaves_no_trace() {
    let mut draw = Draw::new(2);
    for model in drawn() {
        let mut shared = Scratch::new(&Grid::new(1, 1, 1.0).unwrap());
        for _ in 0..100 {
            let grid = draw.grid(40);
            let parameters = draw.parameters(model, &grid);
            let fresh = plane(model, &grid, &parameters);
            let mut again = vec![0.0; grid.pixels()];
            let render = model.render.unwrap();
            render(Isa::best(), &grid, Edges::Coverage, &parameters, &mut again, &mut shared);
            assert_eq!(fresh, again, "{} {parameters:?}", model.name);
        }
    }
}

#[test]
fn light_is_added_and_in_proportion() {
    let mut draw = Draw::new(3);
    for model in drawn() {
        for _ in 0..50 {
            let grid = draw.grid(40);
            let mut parameters = draw.parameters(model, &grid);
            let light = parameters.pop_light(model);
            let single = plane(model, &grid, &parameters.with_light(model, 1.0));
            let scaled = plane(model, &grid, &parameters.with_light(model, light));
            let expected: Vec<f64> = single.iter().map(|pixel| f64::from(*pixel) * light).collect();
            assert!(deviation(&scaled, &expected, 1e-30) < 2e-7, "{} {parameters:?}", model.name);

            let mut sum = single.clone();
            let render = model.render.unwrap();
            let again = parameters.with_light(model, -1.0);
            render(Isa::best(), &grid, Edges::Coverage, &again, &mut sum, &mut Scratch::new(&grid));
            // What is taken away in another order than it was added leaves an ulp.
            let rest = if composite(model).is_some() { 2e-7 } else { 0.0 };
            let brightest = single.iter().fold(0.0_f32, |most, pixel| most.max(*pixel));
            assert!(sum.iter().all(|pixel| pixel.abs() <= rest * brightest), "{} {parameters:?}", model.name);
        }
    }
}

#[test]
fn moving_by_whole_pixels_moves_the_picture() {
    let mut draw = Draw::new(4);
    for model in drawn() {
        let mut worst = 0.0_f64;
        for _ in 0..100 {
            let grid = Grid::new(40, 50, 0.5).unwrap();
            let mut parameters = draw.parameters(model, &grid);
            // Multiples of 1/64, so that the moved position is exact.
            let round = |v: f64| (v * 64.0).round() / 64.0;
            (parameters[0], parameters[1]) = (round(parameters[0]), round(parameters[1]));
            let before = plane(model, &grid, &parameters);
            let (dx, dy) = (draw.integer(0, 6), draw.integer(0, 6));
            parameters[0] += 0.5 * dx as f64;
            parameters[1] += 0.5 * dy as f64;
            let after = plane(model, &grid, &parameters);
            let light = before.iter().chain(&after).map(|pixel| f64::from(pixel.abs()));
            let brightest = light.fold(0.0, f64::max);
            let both = (dy..40).flat_map(|row| (dx..50).map(move |column| (row, column)));
            let (moved, expected): (Vec<f32>, Vec<f64>) =
                both.map(|(r, c)| (after[r * 50 + c], f64::from(before[(r - dy) * 50 + c - dx]))).unzip();
            worst = worst.max(deviation(&moved, &expected, brightest.max(floor(model, &grid, &parameters))));
        }
        println!("{}: moved, {worst:.1e} of the brightest", model.name);
        assert!(worst < PIXEL, "{} {worst}", model.name);
    }
}

#[test]
fn half_a_turn_and_a_transposition_do_as_they_should() {
    let mut draw = Draw::new(5);
    for model in drawn() {
        let (mut worst, mut worst_turned) = (0.0_f64, 0.0_f64);
        for _ in 0..100 {
            let grid = draw.grid(40);
            let (rows, columns) = (grid.rows(), grid.columns());
            let parameters = draw.parameters(model, &grid);
            let picture: Vec<f64> = plane(model, &grid, &parameters).into_iter().map(f64::from).collect();

            let floor = floor(model, &grid, &parameters);
            let turned = draw::turned(model, &parameters);
            let reversed: Vec<f64> = picture.iter().rev().copied().collect();
            worst_turned = worst_turned.max(deviation(&plane(model, &grid, &turned), &reversed, floor));

            let flipped = Grid::new(columns, rows, grid.pixel_scale()).unwrap();
            let across = plane(model, &flipped, &draw::transposed(model, &parameters));
            let expected: Vec<f64> =
                (0..rows * columns).map(|i| picture[i % rows * columns + i / rows]).collect();
            worst = worst.max(deviation(&across, &expected, floor));
        }
        println!("{}: turned {worst_turned:.1e}, transposed {worst:.1e}", model.name);
        assert!(worst_turned < PIXEL && worst < PIXEL, "{} {worst} {worst_turned}", model.name);
    }
}

#[test]
fn extreme_parameters_give_numbers() {
    let mut draw = Draw::new(6);
    for model in drawn() {
        for _ in 0..3000 {
            let grid = draw.grid(20);
            let parameters = draw.extreme(model);
            for edges in [Edges::Coverage, Edges::Binary] {
                let mut plane = vec![0.0; grid.pixels()];
                let render = model.render.unwrap();
                render(Isa::best(), &grid, edges, &parameters, &mut plane, &mut Scratch::new(&grid));
                assert!(plane.iter().all(|pixel| pixel.is_finite()), "{} {parameters:?}", model.name);
            }
        }
    }
}

#[test]
fn what_is_not_a_number_adds_nothing() {
    let grid = Grid::new(5, 5, 1.0).unwrap();
    let mut draw = Draw::new(7);
    for model in drawn() {
        for i in 0..model.canonical.len() {
            for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                let mut parameters = draw.parameters(model, &grid);
                parameters[i] = bad;
                assert!(
                    plane(model, &grid, &parameters).iter().all(|pixel| *pixel == 0.0),
                    "{} {i}",
                    model.name
                );
            }
        }
    }
}

#[test]
fn far_off_the_frame_there_is_almost_nothing() {
    let mut draw = Draw::new(8);
    for model in drawn() {
        for _ in 0..100 {
            let grid = Grid::new(30, 30, 1.0).unwrap();
            let mut parameters = draw.parameters(model, &grid);
            place(model, &mut parameters, "fwhm", 0.5);
            place(model, &mut parameters, "half_light_radius", 0.5);
            place(model, &mut parameters, "index", 2.0);
            place(model, &mut parameters, "beta", 3.0);
            parameters[0] = 3000.0;
            let brightest =
                plane(model, &grid, &parameters).iter().fold(0.0_f32, |most, pixel| most.max(pixel.abs()));
            let light = value(model, &parameters, "flux").or(value(model, &parameters, "intensity")).unwrap();
            assert!(f64::from(brightest) <= 1e-6 * light.abs(), "{} {parameters:?} {brightest}", model.name);
        }
    }
}

#[test]
fn every_way_of_saying_a_thing_agrees() {
    for model in OBJECTS.iter().chain(PSFS) {
        for ways in model.ways {
            assert_eq!(ways.ways[0].written, ways.gives, "{}", model.name);
            for way in ways.ways {
                for name in way.written.iter().chain(way.needs) {
                    let known = model.param(name).is_some() || *name == ZERO_POINT.name;
                    assert!(known, "{}: {name}", model.name);
                }
            }
        }
        for name in model.canonical {
            assert!(model.param(name).is_some(), "{}: {name}", model.name);
        }
    }
    let shape = ways(OBJECTS[0], "shape");
    let said = |way: usize, values: &[f64]| (shape.ways[way].convert)(values);
    for i in 0..180 {
        let (ratio, angle) = (1.0 - f64::from(i) / 190.0, f64::from(i) * 3.7 - 200.0);
        let magnitude = (1.0 - ratio) / (1.0 + ratio);
        let expected = said(
            0,
            &[magnitude * (2.0 * angle).to_radians().cos(), magnitude * (2.0 * angle).to_radians().sin()],
        );
        let others =
            [said(1, &[magnitude, angle]), said(2, &[ratio, angle]), said(3, &[ratio, angle - 90.0])];
        for other in others {
            assert!(
                (other[0] - expected[0]).abs() + (other[1] - expected[1]).abs() < 1e-14,
                "{ratio} {angle}"
            );
            assert!((shape.valid)(&other));
        }
    }
    assert!(!(shape.valid)(&[0.9, 0.9]));
}

fn ways(model: &Model, of: &str) -> &'static Ways {
    model.ways.iter().find(|ways| ways.of == of).unwrap()
}

trait Light {
    fn pop_light(&mut self, model: &Model) -> f64;
    fn with_light(&self, model: &Model, light: f64) -> Vec<f64>;
}

impl Light for Vec<f64> {
    fn pop_light(&mut self, model: &Model) -> f64 {
        value(model, self, "flux").or(value(model, self, "intensity")).unwrap()
    }

    fn with_light(&self, model: &Model, light: f64) -> Vec<f64> {
        let mut parameters = self.clone();
        place(model, &mut parameters, "flux", light);
        place(model, &mut parameters, "intensity", light);
        parameters
    }
}
