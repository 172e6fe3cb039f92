//! The transform of a PSF that is a picture, in f64: a sum over its pixels, a row of the lattice after the other.

use crate::image::fourier::Picture;
use crate::isa::{Isa, kernel};
use crate::math::sin_cos;
use std::f64::consts::PI;

/// Where a picture's transform is worked out; one for each thread.
#[derive(Default)]
pub(super) struct Turned {
    /// Cosine and sine of ky times the place of each row of the picture: a line of all ky for each.
    cos: Vec<f64>,
    sin: Vec<f64>,
    /// The interpolant's own transform, by ky.
    response: Vec<f64>,
    /// Each row of the picture, summed over its columns at one kx.
    middle: Vec<(f64, f64)>,
}

/// What the interpolant lets through.
fn response(picture: &Picture, k: f64) -> f64 {
    picture.interpolation().transform(k * picture.step() / (2.0 * PI))
}

/// Cosine and sine of angles in equal steps, by a rotation that after 512 of them is off by 1e-13.
fn turns(first: f64, step: f64) -> impl Iterator<Item = (f64, f64)> {
    let ((mut sin, mut cos), (step_sin, step_cos)) = (sin_cos(first), sin_cos(step));
    std::iter::repeat_with(move || {
        let turn = (cos, sin);
        (cos, sin) = (cos * step_cos - sin * step_sin, sin * step_cos + cos * step_sin);
        turn
    })
}

impl Turned {
    /// For the rows of a lattice with these ky.
    pub(super) fn set(&mut self, picture: &Picture, ky: &[f64]) {
        let rows = picture.rows().len();
        self.cos.resize(rows * ky.len(), 0.0);
        self.sin.resize(rows * ky.len(), 0.0);
        self.response.clear();
        self.response.extend(ky.iter().map(|k| response(picture, *k)));
        for (i, k) in ky.iter().enumerate() {
            let angle = k * picture.step();
            for (j, (cos, sin)) in turns(-angle * picture.centre().1, angle).take(rows).enumerate() {
                (self.cos[j * ky.len() + i], self.sin[j * ky.len() + i]) = (cos, sin);
            }
        }
    }

    /// At one kx and the first of the ky: real and imaginary parts at ky, and at -ky.
    pub(super) fn row(&mut self, isa: Isa, picture: &Picture, kx: f64, out: [[&mut [f64]; 2]; 2]) {
        let angle = kx * picture.step();
        let columns: Vec<_> = turns(-angle * picture.centre().0, angle).take(picture.columns()).collect();
        self.middle.clear();
        self.middle.extend(picture.rows().map(|pixels| {
            let pairs = pixels.iter().zip(&columns);
            pairs.fold((0.0, 0.0), |(re, im), (pixel, (cos, sin))| {
                (re + f64::from(*pixel) * cos, im - f64::from(*pixel) * sin)
            })
        }));
        add_up(isa, self, response(picture, kx), out);
    }
}

kernel! {
    /// The rows of the picture, each turned by its place.
    fn add_up(turned: &Turned, own: f64, out: [[&mut [f64]; 2]; 2]) {
        let [[plus_re, plus_im], [minus_re, minus_im]] = out;
        let (count, stride) = (plus_re.len(), turned.response.len());
        let (plus_im, minus_re, minus_im) =
            (&mut plus_im[..count], &mut minus_re[..count], &mut minus_im[..count]);
        plus_re.fill(0.0);
        plus_im.fill(0.0);
        minus_re.fill(0.0);
        minus_im.fill(0.0);
        for (j, &(a, b)) in turned.middle.iter().enumerate() {
            let (cos, sin) = (&turned.cos[j * stride..][..count], &turned.sin[j * stride..][..count]);
            for i in 0..count {
                plus_re[i] += a * cos[i] + b * sin[i];
                plus_im[i] += b * cos[i] - a * sin[i];
                minus_re[i] += a * cos[i] - b * sin[i];
                minus_im[i] += b * cos[i] + a * sin[i];
            }
        }
        for (i, response) in turned.response[..count].iter().enumerate() {
            let factor = own * response;
            for part in [&mut plus_re[i], &mut plus_im[i], &mut minus_re[i], &mut minus_im[i]] {
                *part *= factor;
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;
    use crate::image::fourier::{Interpolation, Sight};

    /// The sum over the pixels, one by one.
    #[test]
    fn the_lattice_has_the_transform_of_the_pixels() {
        let rows = [vec![0.0, 1.0, 2.0, 0.0], vec![1.0, 5.0, 3.0, -1.0], vec![0.0, 2.0, 0.5, 0.5]];
        let interpolation = Interpolation::Cubic;
        let sight = Sight { rows: &rows, step: 0.7, centre: (1.4, 1.0), interpolation, has_pixel: false };
        let picture = Picture::new(&sight).unwrap();
        let ky = [0.02, 0.3, 1.7, 4.4, 9.0];
        let mut turned = Turned::default();
        turned.set(&picture, &ky);
        for kx in [0.05, 0.8, 6.1] {
            let mut out = [[[0.0; 4]; 2]; 2];
            turned.row(
                Isa::best(),
                &picture,
                kx,
                out.each_mut().map(|side| side.each_mut().map(|out| &mut out[..])),
            );
            for (side, sign) in [1.0, -1.0].into_iter().enumerate() {
                for (l, ky) in ky[..4].iter().map(|ky| sign * ky).enumerate() {
                    let (mut re, mut im, mut flux) = (0.0, 0.0, 0.0);
                    for (j, row) in rows.iter().enumerate() {
                        for (i, value) in row.iter().enumerate() {
                            let angle = 0.7 * (kx * (i as f64 - 1.4) + ky * (j as f64 - 1.0));
                            (re, im) = (re + value * angle.cos(), im - value * angle.sin());
                            flux += value;
                        }
                    }
                    let through = |k: f64| interpolation.transform(0.7 * k / (2.0 * PI));
                    let factor = through(kx) * through(ky) / flux;
                    let [found_re, found_im] = [out[side][0][l], out[side][1][l]];
                    // The pixels are kept in f32.
                    assert!((found_re - re * factor).abs() < 1e-7, "{kx} {ky} {side}");
                    assert!((found_im - im * factor).abs() < 1e-7, "{kx} {ky} {side}");
                }
            }
        }
    }
}
