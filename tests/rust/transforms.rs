//! The engine's cosine and sine transforms against those of RustFFT and realfft.

#![allow(clippy::disallowed_methods, clippy::unwrap_used)]

use lightmill::image::fourier::Transforms;
use lightmill::isa::Isa;
use realfft::RealFftPlanner;
use rustfft::FftPlanner;
use rustfft::num_complex::Complex;

const LENGTHS: [usize; 14] = [16, 24, 32, 40, 48, 72, 80, 96, 128, 200, 240, 576, 1000, 2048];

fn value(n: usize, lane: usize) -> f32 {
    ((7 * n + 3 * lane + n * n) % 11) as f32 - 5.0
}

/// Cosine and sine transforms: in a complex transform of length 8H, x[n] at 2n + 1 gives C[k] - i S[k] at 2k + 1.
fn by_rustfft(length: usize, lane: usize) -> Vec<Complex<f64>> {
    let mut room = vec![Complex::default(); 8 * length];
    (0..length).for_each(|n| room[2 * n + 1].re = f64::from(value(n, lane)));
    FftPlanner::new().plan_fft_forward(room.len()).process(&mut room);
    (0..length).map(|k| room[2 * k + 1]).collect()
}

fn by_realfft(length: usize, lane: usize) -> Vec<Complex<f64>> {
    let plan = RealFftPlanner::<f64>::new().plan_fft_forward(8 * length);
    let (mut input, mut output) = (plan.make_input_vec(), plan.make_output_vec());
    (0..length).for_each(|n| input[2 * n + 1] = f64::from(value(n, lane)));
    plan.process(&mut input, &mut output).unwrap();
    (0..length).map(|k| output[2 * k + 1]).collect()
}

#[test]
fn transforms_are_those_of_rustfft_and_realfft() {
    for length in LENGTHS {
        let mut transforms = Transforms::new(length).unwrap();
        (0..length).for_each(|n| transforms.set(n, std::array::from_fn(|lane| value(n, lane))));
        for lane in [0, 6, 15] {
            let truths = [by_rustfft(length, lane), by_realfft(length, lane)];
            let size = truths[0].iter().fold(0.0_f64, |most, value| most.max(value.norm()));
            for (isa, sine) in Isa::available().into_iter().flat_map(|isa| [(isa, false), (isa, true)]) {
                transforms.run(isa, sine);
                for (k, truth) in truths.iter().flat_map(|truth| truth.iter().enumerate()) {
                    let truth = if sine { -truth.im } else { truth.re };
                    let error = (f64::from(transforms.get(k)[lane]) - truth).abs();
                    assert!(error < 1e-6 * size, "{length} {isa:?} {sine} {k}: {error:e} of {size}");
                }
            }
        }
    }
}

#[test]
fn other_lengths_have_none() {
    for length in [0, 8, 20, 56, 88, 100] {
        assert!(Transforms::new(length).is_none(), "{length}");
    }
}
