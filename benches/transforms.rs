//! The engine's transforms beside RustFFT's and realfft's, sixteen at a time, by length.
//!
//! A cosine transform of length H takes a complex one of length H/2 and two passes of turns; RustFFT is timed for the
//! complex one alone, realfft for a real one of length H, which has as many numbers in and out.

#![allow(missing_docs)]

use criterion::{Criterion, criterion_group, criterion_main};
use lightmill::image::fourier::Transforms;
use lightmill::isa::Isa;
use realfft::RealFftPlanner;
use rustfft::FftPlanner;
use rustfft::num_complex::Complex;
use std::hint::black_box;

const BATCH: usize = 16;

fn transforms(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("transforms");
    for length in [40, 48, 64, 128, 512] {
        let Some(mut ours) = Transforms::new(length) else { continue };
        (0..length).for_each(|n| ours.set(n, [n as f32; BATCH]));
        for isa in Isa::available() {
            group.bench_function(format!("{length}, ours, {}", isa.name()), |bencher| {
                bencher.iter(|| {
                    ours.run(isa, false);
                    black_box(ours.get(0))
                });
            });
        }
        let plan = FftPlanner::<f32>::new().plan_fft_forward(length / 2);
        let mut numbers = vec![Complex::new(1.0_f32, 0.5); BATCH * length / 2];
        let mut scratch = vec![Complex::default(); plan.get_inplace_scratch_len()];
        group.bench_function(format!("{length}, RustFFT, complex of half the length"), |bencher| {
            bencher.iter(|| {
                plan.process_with_scratch(black_box(&mut numbers), &mut scratch);
                numbers.fill(Complex::new(1.0, 0.5));
            });
        });
        let plan = RealFftPlanner::<f32>::new().plan_fft_forward(length);
        let (mut input, mut output, mut scratch) =
            (plan.make_input_vec(), plan.make_output_vec(), plan.make_scratch_vec());
        group.bench_function(format!("{length}, realfft"), |bencher| {
            bencher.iter(|| {
                for n in 0..BATCH {
                    input.fill(n as f32);
                    let done = plan.process_with_scratch(black_box(&mut input), &mut output, &mut scratch);
                    black_box((&output, done.is_ok()));
                }
            });
        });
    }
    group.finish();
}

criterion_group!(benches, transforms);
criterion_main!(benches);
