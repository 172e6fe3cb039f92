//! What is measured on the noiseless image: its sum, and how far it stands out of the noise.
//!
//! With B = sky/gain + the variance of the image's Gaussian noises and added counts, which every
//! pixel has: `snr` = sqrt(sum I^2 / B), `snr_source` = sqrt(sum I^2 / (B + I/gain)). Where B + I/gain
//! is less than the noises' part alone, that is where I is below -sky, the light has no photons and
//! the noises' part counts. All is summed in `f64`, in an order that no instruction set changes.

use crate::isa::{Isa, kernel};
use crate::param::{Param, Range, Unit};

/// Sums that run side by side, added up in a fixed order.
const LANES: usize = 8;
/// The same where there is but one sum to a pixel. So many lie in memory, with a loop over them that
/// becomes vectors; eight, in registers, were summed one by one, which took four times as long.
const WIDE: usize = 64;
/// Pixels that share a division.
const SHARING: usize = 4;

/// A ratio of signal to noise; infinite where there is no noise.
const RATIO: Range = Range::closed(0.0, f64::INFINITY);

/// What can be measured, in the order of [`Meter::measure`].
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
    Param::new(
        "snr_aperture",
        Unit::One,
        Range::ANY,
        "Signal to noise within the half-light ellipse: sum I / sqrt(sum (B + I/gain)).",
    ),
];

/// How many of them every image has; the last one takes a profile to be about.
pub const ALWAYS: usize = 3;

/// The number of `snr` among them.
pub const SNR: usize = 1;

/// What a record says of the noise of its image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Meter {
    /// Changes no value.
    pub isa: Isa,
    /// Electrons per unit.
    pub gain: f64,
    /// The sky's level.
    pub sky: f64,
    /// Variance of the noises of a pixel that are not of light.
    pub spread: f64,
}

impl Meter {
    /// Variance of a pixel without light.
    pub(crate) fn background(&self) -> f64 {
        self.sky / self.gain + self.spread
    }

    /// Measures a noiseless image; one value for each of the first [`ALWAYS`] of [`MEASURES`].
    pub fn measure(&self, light: &[f32], out: &mut [f64]) {
        let background = self.background();
        if background == 0.0 {
            out.copy_from_slice(&self.of_photons(light));
            return;
        }
        let mut sums = [0.0; 3];
        let noise = [self.sky, 1.0 / self.gain, self.spread];
        gather(self.isa, light, noise, &mut sums);
        // Several pixels without variance in a fraction are 0 over 0.
        let source = if sums[2].is_nan() { one_by_one(light, noise) } else { sums[2] };
        out.copy_from_slice(&[sums[0], (sums[1] / background).sqrt(), source.sqrt()]);
    }

    /// Without background I^2 over its variance, I/gain, is a pixel's photons: the sum of the light is
    /// enough, in a third of the time, which counts where shapes take a microsecond. Light below 0 has no variance at all.
    fn of_photons(&self, light: &[f32]) -> [f64; 3] {
        let mut found = [0.0; 2];
        gather_light(self.isa, light, &mut found);
        let [sum, least] = found;
        let source = if least < 0.0 { f64::INFINITY } else { (sum * self.gain).sqrt() };
        [sum, f64::INFINITY, source]
    }
}

/// The square of a pixel, and its variance.
#[inline(always)]
fn terms(value: f64, [sky, per_gain, spread]: [f64; 3]) -> (f64, f64) {
    let mean = value + sky;
    let mean = if mean > 0.0 { mean } else { 0.0 };
    (value * value, mean * per_gain + spread)
}

/// Sum of I^2 over its variance. Dark without noise is 0 over 0, and says nothing.
fn one_by_one(light: &[f32], noise: [f64; 3]) -> f64 {
    let each = light.iter().map(|&value| terms(f64::from(value), noise));
    each.filter(|(square, _)| *square > 0.0).map(|(square, variance)| square / variance).sum()
}

kernel! {
    /// Sums of I, of I^2 and of I^2 over its variance.
    ///
    /// Divisions would take most of the time, so that four pixels share one: a/b + c/d is
    /// (ad + cb)/bd. The four lie apart, and their sums go in pairs, so that no number waits for
    /// another: one after the other took twice as long.
    fn gather(light: &[f32], noise: [f64; 3], sums: &mut [f64; 3]) {
        let (mut lights, mut squares, mut ratios) = ([0f64; LANES], [0f64; LANES], [0f64; LANES]);
        let (blocks, rest) = light.as_chunks::<{ SHARING * LANES }>();
        for block in blocks {
            for lane in 0..LANES {
                let four: [f64; SHARING] = std::array::from_fn(|i| f64::from(block[lane + i * LANES]));
                let [(a, u), (b, v), (c, w), (d, x)] = four.map(|value| terms(value, noise));
                lights[lane] += (four[0] + four[1]) + (four[2] + four[3]);
                squares[lane] += (a + b) + (c + d);
                let (one, other) = (u * v, w * x);
                ratios[lane] += ((a * v + b * u) * other + (c * x + d * w) * one) / (one * other);
            }
        }
        for (i, &value) in rest.iter().enumerate() {
            let value = f64::from(value);
            let (square, variance) = terms(value, noise);
            lights[i % LANES] += value;
            squares[i % LANES] += square;
            ratios[i % LANES] += square / variance;
        }
        *sums = [total(&lights), total(&squares), total(&ratios)];
    }
}

kernel! {
    /// The sum of I, and its least value or 0.
    fn gather_light(light: &[f32], found: &mut [f64; 2]) {
        let (mut lights, mut low) = ([0f64; WIDE], [0f32; WIDE]);
        let (blocks, rest) = light.as_chunks::<WIDE>();
        for block in blocks {
            for ((sum, low), &value) in lights.iter_mut().zip(&mut low).zip(block) {
                *sum += f64::from(value);
                *low = if value < *low { value } else { *low };
            }
        }
        for (i, &value) in rest.iter().enumerate() {
            lights[i] += f64::from(value);
            low[i] = if value < low[i] { value } else { low[i] };
        }
        let least = low.iter().fold(0f32, |least, &value| if value < least { value } else { least });
        *found = [total(&lights), f64::from(least)];
    }
}

#[inline(always)]
fn total(lanes: &[f64]) -> f64 {
    let mut eight = [0f64; LANES];
    for part in lanes.as_chunks::<LANES>().0 {
        eight.iter_mut().zip(part).for_each(|(sum, value)| *sum += value);
    }
    let [a, b, c, d, e, f, g, h] = eight;
    ((a + b) + (c + d)) + ((e + f) + (g + h))
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
        for n in [1, 7, 32, 64, 1021] {
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
        let sky = Meter { spread: 0.0, ..METER };
        assert_eq!(of(sky, &[-4.0; 64])[2], f64::INFINITY);
        assert_eq!(of(sky, &light(64)).map(f64::is_nan), [false; 3]);
    }
}
