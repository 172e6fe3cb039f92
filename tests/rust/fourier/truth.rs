//! The slow truth about light behind a PSF, in f64: no bound, no cut that counts, no copies.
//!
//! The transform is split into shells, each between two windows exp(-(k/c)^6), c halved from shell to shell.
//! What a shell leaves out near k = 0 is what reaches far, so that a lattice with a period of twice the frame
//! holds the outermost, and each further one takes a lattice twice as fine of a part half as wide.

use super::radial::Radial;
use lightmill::image::fourier::{Light, Spread};
use std::f64::consts::PI;

/// Shells; the last lattice has a period 1,024 times that of the first.
const SHELLS: i32 = 11;
/// Of the first window, times the first period: a half of it further off the shell's light is under 1e-9.
const WINDOW: f64 = 110.0;
/// Times a window's c, where it is under 1e-9.
const END: f64 = 1.66;
/// What all frequencies beyond the last have together, over the brightness of the centre.
const LEFT: f64 = 1e-7;

type Complex = (f64, f64);

/// A PSF that is given as pixels, with a quintic between them.
pub struct Sampled {
    pub pixels: Vec<Vec<f64>>,
    pub step: f64,
}

/// The quintic's transform (Bernstein & Gruen 2014, PASP 126, 287).
fn quintic(u: f64) -> f64 {
    let x = PI * u;
    let s = if x.abs() < 1e-6 { 1.0 } else { x.sin() / x };
    s.powi(5) * (s * (55.0 - 19.0 * x * x) + 2.0 * x.cos() * (x * x - 27.0))
}

fn turn(angle: f64) -> Complex {
    (angle.cos(), angle.sin())
}

fn times(a: Complex, b: Complex) -> Complex {
    (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0)
}

impl Sampled {
    /// Its transform at one kx and several ky.
    fn along(&self, kx: f64, ky: &[f64]) -> Vec<Complex> {
        let flux: f64 = self.pixels.iter().flatten().sum();
        let place = |i: usize, count: usize| (i as f64 - 0.5 * (count - 1) as f64) * self.step;
        let turns: Vec<Complex> =
            (0..self.pixels[0].len()).map(|i| turn(-kx * place(i, self.pixels[0].len()))).collect();
        let rows: Vec<Complex> = (self.pixels.iter())
            .map(|row| row.iter().zip(&turns).fold((0.0, 0.0), |s, (v, t)| (s.0 + v * t.0, s.1 + v * t.1)))
            .collect();
        let response = |k: f64| quintic(k * self.step / (2.0 * PI));
        ky.iter()
            .map(|ky| {
                let (first, step) = (turn(-ky * place(0, rows.len())), turn(-ky * self.step));
                let add = |(sum, at): (Complex, Complex), row: &Complex| {
                    let term = times(*row, at);
                    ((sum.0 + term.0, sum.1 + term.1), times(at, step))
                };
                let (sum, _) = rows.iter().fold(((0.0, 0.0), first), add);
                let factor = response(kx) * response(*ky) / flux;
                (sum.0 * factor, sum.1 * factor)
            })
            .collect()
    }
}

/// |S k|^2 times the square of the radius.
fn square(light: &Light, kx: f64, ky: f64) -> f64 {
    let (g1, g2) = light.shear;
    let (u, v) = ((1.0 + g1) * kx + g2 * ky, g2 * kx + (1.0 - g1) * ky);
    light.radius * light.radius * (u * u + v * v) / (1.0 - g1 * g1 - g2 * g2)
}

/// An object behind a PSF whose parts' fluxes are their shares.
pub struct Truth<'a> {
    object: Light,
    own: Radial,
    parts: Vec<(Light, Radial)>,
    picture: Option<&'a Sampled>,
    last: f64,
    period: f64,
}

/// Some columns and rows of the image, each with the sum over all of it as its last.
pub struct Probes {
    pub columns: Vec<usize>,
    pub rows: Vec<usize>,
}

impl<'a> Truth<'a> {
    /// In a frame whose longer side this is.
    pub fn new(object: Light, psf: &[Light], picture: Option<&'a Sampled>, side: usize) -> Truth<'a> {
        let parts: Vec<_> = psf.iter().map(|part| (*part, Radial::new(part.spread))).collect();
        let own = Radial::new(object.spread);
        // The rings of an Airy PSF are no light that windows about k = 0 hold back: under 1e-6 at so far.
        let long = |light: &Light| {
            let g = light.shear.0.hypot(light.shear.1);
            light.radius * ((1.0 + g) / (1.0 - g)).sqrt()
        };
        let width = |part: &Light| match part.spread {
            Spread::Airy(_) => 4.0 * long(part),
            Spread::Picture(_) => long(part),
            _ => 2.0 * long(part),
        };
        let widest = psf.iter().map(width).fold(0.0, f64::max);
        let period = 2.0 * side as f64 + 6.0 * long(&object) + 6.0 * widest;
        let mut truth = Truth { object, own, parts, picture, last: 0.0, period };
        truth.last = truth.end();
        truth
    }

    /// The transform along a row of the lattice.
    fn along(&self, kx: f64, ky: &[f64]) -> Vec<Complex> {
        let mut blur = vec![(0.0, 0.0); ky.len()];
        for (light, radial) in &self.parts {
            if let (Spread::Picture(_), Some(picture)) = (light.spread, self.picture) {
                let all = picture.along(kx, ky);
                blur.iter_mut().zip(all).for_each(|(sum, v)| {
                    *sum = (sum.0 + light.flux * v.0, sum.1 + light.flux * v.1);
                });
            } else {
                blur.iter_mut().zip(ky).for_each(|(sum, ky)| {
                    sum.0 += light.flux * radial.at(square(light, kx, *ky));
                });
            }
        }
        let shine = |ky: f64| self.object.flux * self.own.at(square(&self.object, kx, ky));
        ky.iter().zip(blur).map(|(ky, blur)| (shine(*ky), blur)).map(|(f, b)| (f * b.0, f * b.1)).collect()
    }

    /// The frequency beyond which there is next to nothing, as some directions show it: of a thin Airy PSF the end is a
    /// spike, that of a picture takes long and is as wide as it is high.
    fn end(&self) -> f64 {
        let steps: Vec<f64> = (0..260).map(|i| 1e-4 * 1.055_f64.powi(i)).take_while(|k| *k < 150.0).collect();
        let count = if self.picture.is_some() { 16 } else { 128 };
        let light = |k: f64| {
            let directions = (0..count).map(|i| turn(PI * (f64::from(i) + 0.5) / f64::from(count)));
            let each = directions.map(|(c, s)| {
                let [value] = self.along(k * c, &[k * s])[..] else { return 0.0 };
                value.0.hypot(value.1) * (2.0 / (k * c)).abs().min(1.0) * (2.0 / (k * s)).abs().min(1.0)
            });
            let (sum, most) = each.fold((0.0, 0.0), |(sum, most): (f64, f64), v| (sum + v, most.max(v)));
            (k * k * sum / f64::from(count), k * k * most)
        };
        let all: Vec<(f64, f64)> = steps.iter().map(|k| light(*k)).collect();
        let whole: f64 = all.iter().map(|(mean, _)| mean).sum();
        let mut beyond = 0.0;
        for (k, (_, most)) in steps.iter().zip(&all).rev() {
            beyond += most;
            if beyond > LEFT * whole {
                return 1.1 * k;
            }
        }
        steps[0]
    }

    /// The image at all probes: a row for each row and one for the sum, in each the columns and their sum.
    pub fn image(&self, [columns, rows]: [usize; 2], probes: &Probes) -> Vec<Vec<f64>> {
        let (nx, ny) = (probes.columns.len() + 1, probes.rows.len() + 1);
        let mut image = vec![vec![0.0; nx]; ny];
        for shell in 0..SHELLS {
            let scale = 0.5_f64.powi(shell);
            let (period, c) = (self.period / scale, WINDOW / self.period * scale);
            let most = if shell == 0 { self.last } else { (2.0 * END * c).min(self.last) };
            let window = |k2: f64, c: f64| (-(k2 / (c * c)).powi(3)).exp();
            let weight = |k2: f64| {
                let (outer, inner) = (
                    if shell == 0 { 1.0 } else { window(k2, 2.0 * c) },
                    if shell == SHELLS - 1 { 0.0 } else { window(k2, c) },
                );
                outer - inner
            };
            let count = (most * period / (2.0 * PI)) as usize + 1;
            let k: Vec<f64> = (0..count).map(|m| 2.0 * PI * (m as f64 + 0.5) / period).collect();
            let sinc = |k: f64| (0.5 * k).sin() / (0.5 * k);
            let up = turns(&k, rows, &probes.rows, self.object.centre.1);
            let across = turns(&k, columns, &probes.columns, self.object.centre.0);
            for (m, kx) in k.iter().enumerate() {
                let mut sums = vec![(0.0, 0.0); ny];
                let end = k.partition_point(|ky| ky * ky + kx * kx < most * most);
                let minus: Vec<f64> = k[..end].iter().map(|ky| -ky).collect();
                let (plus, minus) = (self.along(*kx, &k[..end]), self.along(*kx, &minus));
                for (n, ky) in k[..end].iter().enumerate() {
                    let factor = weight(kx * kx + ky * ky) * sinc(*kx) * sinc(*ky);
                    let ((a, b), (c, d)) = (plus[n], minus[n]);
                    let [p, q, r, s] = [a + c, d - b, a - c, b + d].map(|value| value * factor);
                    for (sum, (cos, sin)) in sums.iter_mut().zip(&up[n * ny..]) {
                        sum.0 += p * cos + q * sin;
                        sum.1 += r * sin + s * cos;
                    }
                }
                for (line, sum) in image.iter_mut().zip(&sums) {
                    for (pixel, turn) in line.iter_mut().zip(&across[m * nx..]) {
                        *pixel += 2.0 / (period * period) * (sum.0 * turn.0 - sum.1 * turn.1);
                    }
                }
            }
        }
        image
    }
}

/// e^(i k x) of each frequency at the middles of some pixels, and of all pixels together.
fn turns(k: &[f64], side: usize, pixels: &[usize], centre: f64) -> Vec<Complex> {
    let at = |k: f64, pixel: usize| turn(k * (pixel as f64 + 0.5 - centre));
    let mut all = Vec::with_capacity(k.len() * (pixels.len() + 1));
    for k in k {
        all.extend(pixels.iter().map(|pixel| at(*k, *pixel)));
        // A geometric series.
        let whole = (0.5 * k * side as f64).sin() / (0.5 * k).sin();
        let middle = turn(k * (0.5 * side as f64 - centre));
        all.push((middle.0 * whole, middle.1 * whole));
    }
    all
}
