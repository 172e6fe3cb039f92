//! Whole samples: draws, light, noise, one thread and all.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use lightmill::batch::{self, Images, Values};
use lightmill::image::measure::Meter;
use lightmill::isa::Isa;
use lightmill::plan::Plan;
use lightmill::spec::Spec;
use std::hint::black_box;

const ROWS: usize = 512;

const STAR: &str = r#"{"name": "star", "model": "moffat", "place": "", "parameters": {
    "x": {"uniform": [-3, 3]}, "y": {"uniform": [-3, 3]}, "flux": {"log_uniform": [1000, 10000]},
    "fwhm": {"uniform": [2, 5]}, "beta": {"uniform": [2, 4]}, "g1": 0, "g2": 0}}"#;
const BOX: &str = r#"{"name": "box", "model": "rectangle", "place": "", "parameters": {
    "x": {"uniform": [-12, 12]}, "y": {"uniform": [-12, 12]}, "width": {"uniform": [10, 30]},
    "height": {"uniform": [10, 30]}, "angle": {"uniform": [0, 180]}, "intensity": 1,
    "fill": 1, "line_width": 0}}"#;
const GAUSSIAN: &str = r#"{"kind": "gaussian", "parameters": {"sigma": 2}, "place": ""}"#;
const POISSON: &str = r#"{"kind": "poisson", "place": ""}"#;

fn plan(objects: &str, sky: &str, noise: &str) -> Plan {
    let json = format!(
        r#"{{"name": "bench", "seed": 1, "image": {{"rows": 64, "columns": 64}},
            "objects": [{objects}], "sky": {sky}, "noise": [{noise}]}}"#
    );
    let spec: Spec = serde_json::from_str(&json).expect("the recipe of a bench is well formed");
    Plan::new(&spec).expect("the recipe of a bench is right")
}

fn batches(c: &mut Criterion) {
    let sky = r#"{"level": 50, "subtract": true, "place": ""}"#;
    let cases = [
        ("moffat", plan(STAR, "null", "")),
        ("moffat + gaussian noise", plan(STAR, "null", GAUSSIAN)),
        ("moffat + sky + both noises", plan(STAR, sky, &format!("{POISSON}, {GAUSSIAN}"))),
        ("rectangle", plan(BOX, "null", "")),
        ("rectangle + gaussian noise", plan(BOX, "null", GAUSSIAN)),
    ];
    let mut group = c.benchmark_group("batch of 64 x 64");
    group.throughput(Throughput::Elements(ROWS as u64));
    let rows: Vec<u64> = (0..ROWS as u64).collect();
    for (name, plan) in &cases {
        let mut records = vec![0.0; ROWS * plan.width()];
        let mut measured = vec![0.0; ROWS * plan.measures().len()];
        let mut image = vec![0.0; ROWS * plan.pixels()];
        for threads in [1, 2] {
            group.bench_function(format!("{name}, {threads} thread(s)"), |b| {
                b.iter(|| {
                    let out = Images { image: &mut image, noiseless: None, variance: None, psf: None };
                    let values = Values { records: &mut records, measured: &mut measured };
                    batch::generate(plan, &rows, values, out, threads).expect("buffers fit");
                    black_box(&image);
                });
            });
        }
    }
    group.finish();
}

fn draws(c: &mut Criterion) {
    let plan = plan(STAR, "null", "");
    let rows: Vec<u64> = (0..4096).collect();
    let mut records = vec![0.0; rows.len() * plan.width()];
    let mut group = c.benchmark_group("parameters");
    group.throughput(Throughput::Elements((rows.len() * 5) as u64));
    group.bench_function("five drawn values a row", |b| {
        b.iter(|| batch::parameters(&plan, &rows, &mut records, 1).expect("the buffer fits"));
    });
    group.finish();
}

/// What is measured on every image: with noise, and without.
fn measures(c: &mut Criterion) {
    let light: Vec<f32> = (0..64 * 64).map(|i| (i % 97) as f32).collect();
    let mut group = c.benchmark_group("measured on 64 x 64");
    for isa in Isa::available() {
        for (name, sky, spread) in [("sky and noise", 3.0, 0.25), ("no noise", 0.0, 0.0)] {
            let meter = Meter { isa, gain: 2.0, sky, spread };
            let mut out = [0.0; 3];
            group.bench_function(format!("{name}, {}", isa.name()), |b| {
                b.iter(|| meter.measure(black_box(&light), black_box(&mut out)));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, batches, draws, measures);
criterion_main!(benches);
