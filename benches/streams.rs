//! Random streams: time for 4,096 values, one 64 x 64 plane, on every instruction set.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use lightmill::isa::Isa;
use lightmill::param::Range;
use lightmill::random::{Counter, Cut, Key, Prior, Slot, normal, philox, poisson};
use std::hint::black_box;

const PIXELS: usize = 4096;
const COUNTER: Counter = Counter { scene: 5, instance: 0, attempt: 0, round: 0 };

/// Means between two numbers, uniformly or in the logarithm.
fn means(low: f64, high: f64, log: bool) -> Vec<f32> {
    let prior =
        if log { Prior::log_uniform(low, high) } else { Prior::uniform(low, high) }.expect("a distribution");
    let key = Key::new(1, "bench", "mean");
    (0..PIXELS as u64).map(|scene| prior.draw(key, Counter { scene, ..COUNTER }) as f32).collect()
}

/// A galaxy of exponential profile on a stamp: 63 % of its pixels are below 5, the peak is 3.6e3.
fn galaxy() -> Vec<f32> {
    let mean = |i: usize| {
        let (x, y) = ((i % 64) as f64 - 31.5, (i / 64) as f64 - 31.5);
        let radius = (x * x / 0.8 + y * y * 0.8).sqrt() / 3.25;
        (4450.0 * lightmill::math::exp(-radius)) as f32
    };
    (0..PIXELS).map(mean).collect()
}

fn generator(c: &mut Criterion) {
    let mut group = c.benchmark_group("philox");
    group.throughput(Throughput::Elements(PIXELS as u64));
    group.bench_function("block by block", |b| {
        b.iter(|| (0..PIXELS as u32 / 4).fold(0, |sum, i| sum ^ philox::block([1, 2], [i, 3, 4, 5])[0]))
    });
    group.finish();
}

fn normals(c: &mut Criterion) {
    let mut group = c.benchmark_group("normal");
    group.throughput(Throughput::Elements(PIXELS as u64));
    let key = Key::new(1, "bench", "noise.gaussian");
    let mut out = vec![0f32; PIXELS];
    for isa in Isa::available() {
        group.bench_function(format!("fill/{}", isa.name()), |b| {
            b.iter(|| normal::fill(isa, key, COUNTER, 0, black_box(&mut out)))
        });
        group.bench_function(format!("add/{}", isa.name()), |b| {
            b.iter(|| normal::add(isa, key, COUNTER, 0, 0.5, black_box(&mut out)))
        });
    }
    group.finish();
}

fn counts(c: &mut Criterion) {
    let mut group = c.benchmark_group("poisson");
    group.throughput(Throughput::Elements(PIXELS as u64));
    let key = Key::new(1, "bench", "noise.poisson");
    let mut out = vec![0f32; PIXELS];
    let cases = [
        ("uniform 0-5", means(0.0, 5.0, false)),
        ("uniform 0-100", means(0.0, 100.0, false)),
        ("log-uniform 1e-3-1e5", means(1e-3, 1e5, true)),
        ("galaxy", galaxy()),
        ("0.1", vec![0.1; PIXELS]),
        ("50", vec![50.0; PIXELS]),
        ("1e4", vec![1e4; PIXELS]),
        ("1e6", vec![1e6; PIXELS]),
        ("1e8", vec![1e8; PIXELS]),
        ("1e9", vec![1e9; PIXELS]),
    ];
    for (name, means) in &cases {
        for isa in Isa::available() {
            group.bench_function(format!("{name}/{}", isa.name()), |b| {
                b.iter(|| poisson::fill(isa, key, COUNTER, 0, black_box(means), black_box(&mut out)))
            });
        }
    }
    group.finish();
}

fn priors(c: &mut Criterion) {
    let mut group = c.benchmark_group("prior");
    group.throughput(Throughput::Elements(PIXELS as u64));
    let cases = [
        ("uniform", Prior::uniform(1.0, 2.0)),
        ("log_uniform", Prior::log_uniform(1.0, 1e4)),
        ("normal", Prior::normal(3.0, 1.0)),
        ("integers", Prior::integers(1.0, 6.0)),
        ("choice", Prior::choice(&[1.0, 2.0, 4.0], Some(&[1.0, 2.0, 1.0]))),
        ("poisson", Prior::poisson(7.0)),
    ];
    let slot = Slot::new(1, "bench", "galaxy.flux");
    let cut = Cut::range(Range::ANY);
    let mut out = vec![0f64; 8 * PIXELS];
    for (name, prior) in cases {
        let prior = prior.expect("a distribution");
        group.bench_function(name, |b| {
            b.iter(|| {
                prior
                    .draw_column(Isa::best(), &slot, COUNTER, &cut, black_box(&mut out), (8, 3))
                    .expect("draws")
            })
        });
    }
    group.finish();
}

criterion_group!(benches, generator, normals, counts, priors);
criterion_main!(benches);
