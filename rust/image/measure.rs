//! What is measured on the noiseless image: its sum, and how far it stands out of the noise.
//!
//! With B = sky/gain + the variance of the image's Gaussian noises and added counts, which every
//! pixel has: `snr` = sqrt(sum I^2 / B), `snr_source` = sqrt(sum I^2 / (B + I/gain)). Where B + I/gain
//! is less than the noises' part alone, that is where I is below -sky, the light has no photons and
//! the noises' part counts. All is summed in `f64`, in an order that no instruction set changes.

use crate::isa::{Isa, kernel};
use crate::param::{Param, Range, Unit};

/// Sums that run side by side, added up in a fixed order: two registers of AVX2 each, one of AVX-512.
const LANES: usize = 8;

/// A ratio of signal to noise; infinite where there is no noise.
const RATIO: Range = Range::closed(0.0, f64::INFINITY);

/// What is measured, in the order of [`Meter::measure`].
pub const MEASURES: &[Param] = &[
    Param::new("flux_in_frame", Unit::Flux, Range::ANY, "Sum of the noiseless image over the frame."),
    Param::new(
        "snr",
        Unit::One,
        RATIO,
        "Signal to noise of the background: sqrt(sum I^2 / B), I the noiseless image.",
    ),
    Param::new(
        "snr_source",
        Unit::One,
        RATIO,
        "Signal to noise with that of the light itself: sqrt(sum I^2 / (B + I/gain)).",
    ),
];

/// What a record says of the noise of its image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Meter {
    pub(crate) isa: Isa,
    /// Electrons per unit.
    pub(crate) gain: f64,
    /// The sky's level.
    pub(crate) sky: f64,
    /// Variance of the noises of a pixel that are not of light.
    pub(crate) spread: f64,
}

impl Meter {
    /// Measures a noiseless image.
    pub(crate) fn measure(&self, light: &[f32], out: &mut [f64]) {
        let mut sums = [0.0; 3];
        gather(self.isa, light, self.sky, 1.0 / self.gain, self.spread, &mut sums);
        let background = self.sky / self.gain + self.spread;
        let ratio = if background > 0.0 { (sums[1] / background).sqrt() } else { f64::INFINITY };
        out.copy_from_slice(&[sums[0], ratio, sums[2].sqrt()]);
    }
}

kernel! {
    /// Sums of I, of I^2 and of I^2 over its variance.
    fn gather(light: &[f32], sky: f64, per_gain: f64, spread: f64, sums: &mut [f64; 3]) {
        let mut lanes = [[0f64; LANES]; 3];
        let (blocks, rest) = light.as_chunks::<LANES>();
        for block in blocks {
            for (lane, &value) in block.iter().enumerate() {
                take(&mut lanes, lane, value, sky, per_gain, spread);
            }
        }
        for (lane, &value) in rest.iter().enumerate() {
            take(&mut lanes, lane, value, sky, per_gain, spread);
        }
        for (sum, lanes) in sums.iter_mut().zip(&mut lanes) {
            for half in [4, 2, 1] {
                for lane in 0..half {
                    lanes[lane] += lanes[lane + half];
                }
            }
            *sum = lanes[0];
        }
    }
}

#[inline(always)]
fn take(lanes: &mut [[f64; LANES]; 3], lane: usize, value: f32, sky: f64, per_gain: f64, spread: f64) {
    let value = f64::from(value);
    let (square, mean) = (value * value, value + sky);
    let mean = if mean > 0.0 { mean } else { 0.0 };
    let ratio = square / (mean * per_gain + spread);
    lanes[0][lane] += value;
    lanes[1][lane] += square;
    // Dark without noise is 0 over 0, and says nothing.
    lanes[2][lane] += if square > 0.0 { ratio } else { 0.0 };
}

#[cfg(test)]
mod tests {
    use super::*;

    const METER: Meter = Meter { isa: Isa::BASELINE, gain: 2.0, sky: 3.0, spread: 0.25 };

    fn of(meter: Meter, light: &[f32]) -> [f64; 3] {
        let mut out = [f64::NAN; 3];
        meter.measure(light, &mut out);
        out
    }

    /// Uneven light, the same for the same numbers.
    fn light(n: usize) -> Vec<f32> {
        (0..n).map(|i| (i as f32 * 0.37 % 7.1) - (i as f32 * 0.011 % 1.3)).collect()
    }

    #[test]
    fn it_is_what_the_obvious_sums_give() {
        for n in [1, 7, 64, 1021] {
            let light = light(n);
            let sum = |term: &dyn Fn(f64) -> f64| light.iter().map(|i| term(f64::from(*i))).sum::<f64>();
            let wanted =
                [sum(&|i| i), sum(&|i| i * i / 1.75).sqrt(), sum(&|i| i * i / (1.75 + i / 2.0)).sqrt()];
            for (found, wanted) in of(METER, &light).iter().zip(wanted) {
                assert!((found - wanted).abs() <= 1e-13 * wanted.abs(), "{n}: {found} {wanted}");
            }
        }
    }

    #[test]
    fn every_instruction_set_gives_the_same_bits() {
        for n in [1, 15, 784, 4099] {
            let light = light(n);
            let bits = |isa| of(Meter { isa, ..METER }, &light).map(f64::to_bits);
            let wanted = bits(Isa::BASELINE);
            assert!(Isa::available().into_iter().all(|isa| bits(isa) == wanted), "{n}");
        }
    }

    #[test]
    fn without_background_the_ratio_is_infinite_and_the_photons_remain() {
        let quiet = Meter { sky: 0.0, spread: 0.0, ..METER };
        assert_eq!(of(quiet, &[0.0, 8.0, 0.0]), [8.0, f64::INFINITY, 4.0]);
        assert_eq!(of(quiet, &[0.0; 5]), [0.0, f64::INFINITY, 0.0]);
    }

    #[test]
    fn light_below_dark_has_no_photons() {
        assert_eq!(of(METER, &[-4.0])[2], 8.0);
        let quiet = Meter { sky: 0.0, spread: 0.0, ..METER };
        assert_eq!(of(quiet, &[-1.0, 0.0])[2], f64::INFINITY);
    }
}
