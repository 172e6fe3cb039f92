//! Galaxies through a PSF: a row of each kind, and what its steps take by themselves on the same light.

#![allow(missing_docs)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use lightmill::batch::{self, Images, Values};
use lightmill::image::measure::{ALWAYS, Meter};
use lightmill::isa::Isa;
use lightmill::plan::Plan;
use lightmill::random::{Counter, Key, normal, poisson};
use lightmill::spec::Spec;
use std::hint::black_box;

const ROWS: usize = 256;

/// A galaxy of the measurement study.
const STUDY: &str = r#""image": {"rows": 64, "columns": 64, "pixel_scale": 0.23, "accuracy": 1e-4},
    "psf": {"model": "moffat", "parameters": {"fwhm": {"uniform": [0.5, 1]}, "beta": 2, "g1": 0, "g2": 0},
        "place": ""},
    "objects": [{"name": "galaxy", "model": "sersic", "place": "", "parameters": {"x": 0, "y": 0,
        "flux": {"uniform": [3e4, 4e5]}, "index": {"uniform": [0.5, 6]},
        "half_light_radius": {"uniform": [0.1, 0.6]}, "shear.magnitude": {"uniform": [0, 0.67]},
        "shear.angle": {"uniform": [0, 180]}}}]"#;
/// A galaxy of two parts, as the Sloan survey would see it.
const PARTS: &str = r#""image": {"rows": 167, "columns": 167, "pixel_scale": 0.396, "accuracy": 1e-4},
    "psf": {"model": "gaussian", "parameters": {"fwhm": 1.3, "g1": 0, "g2": 0}, "place": ""},
    "sky": {"level": {"uniform": [0.01, 0.05]}, "subtract": false, "place": ""},
    "zero_point": 25.11,
    "objects": [{"name": "galaxy", "model": "bulge_disk", "place": "", "parameters": {
        "x": {"uniform": [-3.4, 3.4]}, "y": {"uniform": [-3.4, 3.4]}, "disk.x": 0, "disk.y": 0,
        "disk.magnitude": {"uniform": [15, 22]}, "disk.index": 1,
        "disk.semi_major_half_light_radius": {"uniform": [3.96, 11.88]}, "disk.axis_ratio": {"uniform": [0.3, 1]},
        "disk.angle": {"uniform": [0, 180]}, "bulge.x": {"normal": [0, 0.83]}, "bulge.y": {"normal": [0, 0.83]},
        "bulge.magnitude": {"uniform": ["= max(disk.magnitude - 3.2, 15)", "= min(disk.magnitude + 3.2, 22)"]},
        "bulge.index": 4, "bulge.semi_major_half_light_radius": {"uniform": [1.58, 6.73]},
        "bulge.axis_ratio": {"uniform": [0.3, 1]}, "bulge.angle": {"uniform": ["= disk.angle - 15",
        "= disk.angle + 15"]}}}]"#;
const POISSON: &str = r#"{"kind": "poisson", "place": ""}"#;
const KEEP: &str = r#", "keep": [{"label": "snr", "low": 10, "high": 100}]"#;

fn gaussian(sigma: &str) -> String {
    format!(r#"{{"kind": "gaussian", "parameters": {{"sigma": {sigma}}}, "place": ""}}"#)
}

fn plan(scene: &str, noise: &str, keep: &str) -> Plan {
    let json = format!(r#"{{"name": "bench", "seed": 1, {scene}, "noise": [{noise}]{keep}}}"#);
    let spec: Spec = serde_json::from_str(&json).expect("the recipe of a bench is well formed");
    Plan::new(&spec).expect("the recipe of a bench is right")
}

/// Buffers for the rows of a plan.
struct Batch {
    plan: Plan,
    rows: Vec<u64>,
    records: Vec<f64>,
    measured: Vec<f64>,
    image: Vec<f32>,
}

impl Batch {
    fn new(plan: Plan) -> Batch {
        let width = ROWS * plan.width();
        let (measured, pixels) = (ROWS * plan.measures().len(), ROWS * plan.pixels());
        Batch {
            plan,
            rows: (0..ROWS as u64).collect(),
            records: vec![0.0; width],
            measured: vec![0.0; measured],
            image: vec![0.0; pixels],
        }
    }

    fn draw(&mut self) {
        batch::parameters(&self.plan, &self.rows, &mut self.records, 1).expect("rows are drawn");
    }

    /// The light alone, of records that are drawn.
    fn light(&mut self) {
        let out = Images { image: &mut self.image, noiseless: None, variance: None, psf: None };
        batch::render(&self.plan, &self.rows, &self.records, out, false, 1).expect("buffers fit");
        black_box(&self.image);
    }

    fn generate(&mut self) {
        let out = Images { image: &mut self.image, noiseless: None, variance: None, psf: None };
        let values = Values { records: &mut self.records, measured: &mut self.measured };
        batch::generate(&self.plan, &self.rows, values, out, 1).expect("rows are drawn");
        black_box(&self.image);
    }
}

fn rows(c: &mut Criterion) {
    let both = |sigma| format!("{POISSON}, {}", gaussian(sigma));
    let varied = both(r#"{"integers": [200, 400]}"#);
    let cases = [
        ("64 x 64, noiseless", plan(STUDY, "", "")),
        ("64 x 64, Poisson noise", plan(STUDY, POISSON, "")),
        ("64 x 64, Gaussian noise", plan(STUDY, &gaussian("300"), "")),
        ("64 x 64, both noises", plan(STUDY, &both("300"), "")),
        ("64 x 64, both noises of any sigma", plan(STUDY, &varied, "")),
        ("64 x 64, both noises, kept by snr", plan(STUDY, &varied, KEEP)),
        ("167 x 167, bulge and disk, noiseless", plan(PARTS, "", "")),
        ("167 x 167, bulge and disk, Gaussian noise", plan(PARTS, &gaussian("0.02"), "")),
    ];
    let mut group = c.benchmark_group("galaxies");
    group.throughput(Throughput::Elements(ROWS as u64)).sample_size(20);
    for (name, plan) in cases {
        let mut batch = Batch::new(plan);
        group.bench_function(name, |b| b.iter(|| batch.generate()));
    }
    group.finish();
}

/// The steps of a row, each alone.
fn steps(c: &mut Criterion) {
    let isa = Isa::best();
    let mut group = c.benchmark_group("steps");
    group.throughput(Throughput::Elements(ROWS as u64)).sample_size(20);
    for (size, scene, sigma) in [("64 x 64", STUDY, "300"), ("167 x 167", PARTS, "0.02")] {
        let mut batch = Batch::new(plan(scene, &format!("{POISSON}, {}", gaussian(sigma)), ""));
        batch.draw();
        batch.light();
        group.bench_function(format!("{size}, drawing"), |b| b.iter(|| batch.draw()));
        group.bench_function(format!("{size}, light"), |b| b.iter(|| batch.light()));
        let (key, pixels) = (Key::new(1, "bench", "noise"), batch.plan.pixels());
        let counter = |scene: usize| Counter { scene: scene as u64, ..Counter::default() };
        let mut out = vec![0f32; pixels];
        group.bench_function(format!("{size}, Poisson"), |b| {
            b.iter(|| {
                for (i, light) in batch.image.chunks_exact(pixels).enumerate() {
                    poisson::fill(isa, key, counter(i), 0, black_box(light), black_box(&mut out));
                }
            });
        });
        group.bench_function(format!("{size}, normals"), |b| {
            b.iter(|| (0..ROWS).for_each(|i| normal::add(isa, key, counter(i), 0, 0.5, black_box(&mut out))));
        });
        let meter = Meter { isa, gain: 1.0, sky: 0.0, spread: 9e4 };
        let mut found = [0.0; ALWAYS];
        group.bench_function(format!("{size}, measuring, without the aperture"), |b| {
            b.iter(|| {
                let lights = batch.image.chunks_exact(pixels);
                lights.for_each(|light| meter.measure(black_box(light), black_box(&mut found)));
            });
        });
    }
    group.finish();
}

criterion_group!(benches, rows, steps);
criterion_main!(benches);
