//! Planning, drawing, and values that follow from others.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use lightmill::batch;
use lightmill::expression::Expression;
use lightmill::isa::Isa;
use lightmill::plan::Plan;
use std::hint::black_box;

const ROWS: usize = 4096;

fn recipe(lets: &str, objects: &str) -> String {
    format!(
        r#"{{"name": "bench", "seed": 1, "image": {{"rows": 64, "columns": 64}}, "let": {{{lets}}}, "objects": [{objects}]}}"#
    )
}

/// An object all of whose values are drawn, half of them by expressions.
fn object(number: usize) -> String {
    format!(
        r#"{{"name": "star{number}", "model": "moffat", "place": "", "let": {{"size": "= fwhm * 2"}}, "parameters": {{
            "x": {{"normal": [0, 3]}}, "y": {{"normal": ["= x", 3]}}, "flux": {{"normal": [1000, 100]}},
            "fwhm": {{"log_normal": [2, 0.1]}}, "beta": {{"normal": ["= clip(size, 2, 4)", 0.1]}},
            "axis_ratio": {{"normal": [0.5, 0.2]}}, "angle": "= 180 * axis_ratio"}}}}"#
    )
}

fn planning(c: &mut Criterion) {
    let json = recipe("", &(0..200).map(object).collect::<Vec<_>>().join(", "));
    c.bench_function("plan of 200 objects", |b| {
        b.iter(|| Plan::from_json(black_box(&json)).expect("the recipe is right"))
    });
}

fn draws(c: &mut Criterion) {
    let cases = [
        ("uniform", r#""a": {"uniform": [0, 1]}"#),
        ("normal", r#""a": {"normal": [0, 1]}"#),
        ("log_normal", r#""a": {"log_normal": [100, 0.3]}"#),
        ("a draw and an expression of it", r#""a": {"uniform": [1, 2]}, "b": "= 2 * a + 1""#),
        ("a draw and a power of it", r#""a": {"uniform": [1, 2]}, "b": "= 10 ** (-0.4 * (a - 25))""#),
        ("a draw and a draw about it", r#""a": {"uniform": [1, 2]}, "b": {"normal": ["= a", "= 0.1 * a"]}"#),
    ];
    let rows: Vec<u64> = (0..ROWS as u64).collect();
    let mut group = c.benchmark_group("values");
    for (name, lets) in cases {
        let plan = Plan::from_json(&recipe(lets, "")).expect("the recipe is right");
        let mut records = vec![0.0; ROWS * plan.width()];
        group.throughput(Throughput::Elements(records.len() as u64));
        group.bench_function(name, |b| {
            b.iter(|| batch::parameters(&plan, &rows, &mut records, 1).expect("the buffer fits"));
        });
    }
    group.finish();
}

fn expressions(c: &mut Criterion) {
    let mut group = c.benchmark_group("expressions");
    group.throughput(Throughput::Elements(ROWS as u64));
    for text in [
        "= 2 * x + 1",
        "= x ** 2",
        "= sqrt(x) * exp(-x)",
        "= clip(log10(x), 0, 1)",
        "= sind(x)",
        "= x ** 1.5",
    ] {
        let expression = Expression::parse(text).expect("the expression is right");
        let mut records: Vec<f64> = (0..2 * ROWS).map(|i| 1.0 + i as f64 * 0.01).collect();
        group.bench_function(text, |b| b.iter(|| expression.column(Isa::best(), &[0], &mut records, (2, 1))));
    }
    group.finish();
}

criterion_group!(benches, planning, draws, expressions);
criterion_main!(benches);
