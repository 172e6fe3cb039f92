//! One group a model: the time to add one object to a 64 x 64 plane, unless said otherwise.

#![allow(missing_docs)]

use criterion::{Criterion, criterion_group, criterion_main};
use lightmill::image::grid::Grid;
use lightmill::image::{Edges, Scratch};
use lightmill::isa::Isa;
use lightmill::param::Model;
use lightmill::registry;
use std::hint::black_box;

type Case = (&'static str, usize, Edges, &'static [f64]);

const CASES: &[(&str, &[Case])] = &[
    (
        "moffat",
        &[
            ("star", 64, Edges::Coverage, &[0.31, -0.22, 1e4, 3.0, 3.0, 0.0, 0.0]),
            ("star, beta 2.5, sheared", 64, Edges::Coverage, &[0.31, -0.22, 1e4, 3.0, 2.5, 0.2, -0.3]),
            ("tiny and thin", 64, Edges::Coverage, &[0.31, -0.22, 1e4, 0.3, 1.2, 0.69, 0.69]),
            ("a point", 64, Edges::Coverage, &[0.31, -0.22, 1e4, 1e-20, 1.2, 0.69, 0.69]),
            ("thin", 64, Edges::Coverage, &[0.31, -0.22, 1e4, 3.0, 1.2, 0.69, 0.69]),
            ("wide", 64, Edges::Coverage, &[0.31, -0.22, 1e4, 300.0, 3.0, 0.1, 0.2]),
            ("a large frame", 1024, Edges::Coverage, &[0.31, -0.22, 1e4, 30.0, 3.0, 0.1, 0.2]),
        ],
    ),
    (
        "gaussian",
        &[
            ("star", 64, Edges::Coverage, &[0.31, -0.22, 1e4, 3.0, 0.0, 0.0]),
            ("galaxy", 64, Edges::Coverage, &[0.31, -0.22, 1e4, 12.0, 0.2, -0.3]),
            ("tiny and thin", 64, Edges::Coverage, &[0.31, -0.22, 1e4, 0.3, 0.69, 0.69]),
            ("thin", 64, Edges::Coverage, &[0.31, -0.22, 1e4, 3.0, 0.69, 0.69]),
        ],
    ),
    (
        "sersic",
        &[
            ("index 1", 64, Edges::Coverage, &[0.31, -0.22, 1e4, 1.0, 3.0, 0.1, 0.2]),
            ("index 2.5", 64, Edges::Coverage, &[0.31, -0.22, 1e4, 2.5, 3.0, 0.1, 0.2]),
            ("index 4", 64, Edges::Coverage, &[0.31, -0.22, 1e4, 4.0, 3.0, 0.1, 0.2]),
            ("index 6", 64, Edges::Coverage, &[0.31, -0.22, 1e4, 6.0, 3.0, 0.1, 0.2]),
            ("index 8, tiny and thin", 64, Edges::Coverage, &[0.31, -0.22, 1e4, 8.0, 0.3, 0.69, 0.69]),
            ("index 0.3, thin", 64, Edges::Coverage, &[0.31, -0.22, 1e4, 0.3, 3.0, 0.69, 0.69]),
            ("wide", 64, Edges::Coverage, &[0.31, -0.22, 1e4, 4.0, 300.0, 0.1, 0.2]),
        ],
    ),
    (
        "rectangle",
        &[
            ("coverage", 64, Edges::Coverage, &[0.31, -0.22, 34.0, 21.0, 27.0, 1.0, 1.0, 0.0]),
            ("binary", 64, Edges::Binary, &[0.31, -0.22, 34.0, 21.0, 27.0, 1.0, 1.0, 0.0]),
            ("straight", 64, Edges::Coverage, &[0.31, -0.22, 34.0, 21.0, 0.0, 1.0, 1.0, 0.0]),
            ("outline", 64, Edges::Coverage, &[0.31, -0.22, 34.0, 21.0, 27.0, 1.0, 0.0, 2.0]),
        ],
    ),
    (
        "ellipse",
        &[
            ("coverage", 64, Edges::Coverage, &[0.31, -0.22, 34.0, 21.0, 27.0, 1.0, 1.0, 0.0]),
            ("binary", 64, Edges::Binary, &[0.31, -0.22, 34.0, 21.0, 27.0, 1.0, 1.0, 0.0]),
            ("outline", 64, Edges::Coverage, &[0.31, -0.22, 34.0, 21.0, 27.0, 1.0, 0.0, 2.0]),
        ],
    ),
    (
        "circle",
        &[
            ("coverage", 64, Edges::Coverage, &[0.31, -0.22, 15.0, 1.0, 1.0, 0.0]),
            ("binary", 64, Edges::Binary, &[0.31, -0.22, 15.0, 1.0, 1.0, 0.0]),
        ],
    ),
    ("polygon", &[("pentagon", 64, Edges::Coverage, &[0.31, -0.22, 5.0, 18.0, 27.0, 1.0, 1.0, 0.0])]),
    ("arc", &[("coverage", 64, Edges::Coverage, &[0.31, -0.22, 18.0, 27.0, 200.0, 3.0, 1.0])]),
    ("line", &[("coverage", 64, Edges::Coverage, &[0.31, -0.22, -20.0, -13.0, 17.0, 15.0, 2.0, 1.0])]),
];

fn models(criterion: &mut Criterion) {
    for (name, cases) in CASES {
        let Some(model) = registry::OBJECTS.iter().find(|model| model.name == *name) else { continue };
        for case in *cases {
            for isa in Isa::available() {
                one(criterion, model, case, isa);
            }
        }
    }
}

/// Includes the clearing of the plane.
fn one(criterion: &mut Criterion, model: &Model, case: &Case, isa: Isa) {
    let (name, side, edges, parameters) = *case;
    let (Ok(grid), Some(render)) = (Grid::new(side, side, 1.0), model.render) else { return };
    let (mut plane, mut scratch) = (vec![0.0; grid.pixels()], Scratch::new(&grid));
    let mut group = criterion.benchmark_group(model.name);
    group.bench_function(format!("{name}, {}", isa.name()), |bencher| {
        bencher.iter(|| {
            plane.fill(0.0);
            render(isa, &grid, edges, black_box(parameters), &mut plane, &mut scratch);
            black_box(&plane);
        });
    });
    group.finish();
}

criterion_group!(benches, models);
criterion_main!(benches);
