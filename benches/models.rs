//! One group a model: the time to add one object to a 64 x 64 plane, unless said otherwise.

#![allow(missing_docs)]

use criterion::{Criterion, criterion_group, criterion_main};
use lightmill::image::fourier::Fourier;
use lightmill::image::grid::Grid;
use lightmill::image::profile::sersic;
use lightmill::image::{Edges, Scratch, psf};
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

/// Sersic galaxies through a Moffat PSF: index, half-light radius and full width at half maximum in
/// pixels, of the middle and the ends of the measurement study's ranges.
const THROUGH: &[(&str, usize, [f64; 3])] = &[
    ("index 1", 64, [1.0, 1.5, 3.3]),
    ("index 3", 64, [3.0, 1.5, 3.3]),
    ("index 6, wide", 64, [6.0, 2.6, 4.3]),
    ("a large frame", 512, [3.0, 20.0, 3.3]),
];

/// Includes the clearing of the plane and the choice of the lattice; `fresh` blends the tables of the
/// index and of the PSF's beta anew for each image.
fn through(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("psf");
    for (name, side, [index, radius, fwhm]) in THROUGH {
        let Ok(grid) = Grid::new(*side, *side, 1.0) else { return };
        let light = |index: f64| sersic::shine(&grid, &[0.31, -0.22, 1e4, index, *radius, 0.2, -0.3]);
        let psf = |beta: f64| psf::moffat::shine(&grid, &[*fwhm, beta, 0.0, 0.0]);
        for isa in Isa::available() {
            for (fresh, step) in [("", 0.0), (", fresh", 1e-6)] {
                let (mut plane, mut fourier, mut n) = (vec![0.0; grid.pixels()], Fourier::default(), 0.0);
                group.bench_function(format!("{name}{fresh}, {}", isa.name()), |bencher| {
                    bencher.iter(|| {
                        n += step;
                        plane.fill(0.0);
                        if let (Some(light), Some(psf)) = (light(*index - n), psf(2.0 + n)) {
                            fourier.begin(isa, &grid, &[psf], 1e-4, f64::INFINITY);
                            fourier.add(isa, light);
                            fourier.finish(isa, &mut plane);
                        }
                        black_box(&plane);
                    });
                });
            }
        }
    }
    group.finish();
}

criterion_group!(benches, models, through);
criterion_main!(benches);
