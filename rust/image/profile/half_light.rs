//! The circle that holds half of the light of several Sersic profiles, about their centre of light.
//!
//! What an ellipse has within a circle of radius R is an integral along the circle, by Green's theorem:
//! with s(d) the squared elliptical radius of a point d from the profile's centre o,
//! E(R) = 1/2pi int P(2n, b (s/r^2)^(1/2n)) R (R - o.e)/s dphi, over points R e(phi), wherever o is. The
//! trapezoidal rule of N points converges as exp(-N a), with a the distance of the nearest singularity from
//! the real axis (Trefethen & Weideman 2014, SIAM Review 56, 385). In t with tan phi = sqrt(q) tan t, phi from
//! the major axis, the zeros of s of a thin ellipse are at sqrt(q), not at q.
//!
//! Newton's steps in ln R, with dE/dR from the same points: at first as many as leave some 1e-3, then doubled
//! until E agrees with itself within 1e-7, which errs by the square of that. They end at 8,192: where the
//! circle runs through a profile that is smaller than a thousandth of it, the radius is within that
//! profile's size.

use crate::isa::{Isa, kernel};
use crate::math::complex::Complex;
use crate::math::special::SersicShape;
use crate::math::{exp, ln, sin_cos};
use std::f64::consts::PI;
use std::sync::LazyLock;

const LANES: usize = 8;
/// Points on the circle: at least, over the distance of the nearest singularity, and at most.
const LEAST: usize = 16;
const RESOLVED: f64 = 8.0;
const MOST: usize = 8192;
/// A step in ln R after which points are doubled, and a change of the light within after which all is done.
const SMALL: f64 = 1e-4;
const DONE: f64 = 1e-7;
/// More steps than any two profiles have needed.
const MOST_STEPS: usize = 200;
/// The longest series for the light within, and the share of it that is left out.
const TERMS: usize = 160;
const LEFT_OUT: f64 = 1e-11;
/// Radii are taken no smaller, of the largest: what is squared is still a number.
const SMALLEST: f64 = 1e-100;

/// Cosines and sines of angles around the circle, two for each of the points. Points lie between those of
/// half as many, and none on an axis, where another profile's centre often is.
static TURN: LazyLock<Vec<(f64, f64)>> = LazyLock::new(|| {
    let angle = |i: usize| PI * i as f64 / MOST as f64;
    (0..2 * MOST).map(|i| sin_cos(angle(i))).map(|(sin, cos)| (cos, sin)).collect()
});

/// The fastest that there is: a derived parameter is found by its numbers alone, with none at hand.
static ISA: LazyLock<Isa> = LazyLock::new(Isa::best);

/// One of the profiles.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// Its share of the light.
    pub share: f64,
    /// Where its centre is.
    pub centre: (f64, f64),
    /// The Sersic index.
    pub index: f64,
    /// The half-light radius of the circular profile.
    pub radius: f64,
    /// The reduced shear.
    pub shear: (f64, f64),
}

/// One profile as seen along its axes, from the centre of light.
struct Profile {
    share: f64,
    offset: (f64, f64),
    /// Minor over major axis, and its root.
    ratio: f64,
    root: f64,
    /// X = (s factor)^power.
    power: f64,
    ln_factor: f64,
    /// The central brightness.
    density: f64,
    /// X from which on all light is within.
    last: f64,
    /// 1/(2n + k) for k from 1.
    inverse: [f64; TERMS],
}

/// The radius that holds half of the light of parts whose shares sum to 1, within 1e-6 of itself. NaN where
/// a number is not finite.
pub fn radius(parts: &[Part; 2]) -> f64 {
    let seen = || parts.iter().filter(|part| part.share > 0.0);
    let unit = seen().fold(0.0, |most, part| if part.radius > most { part.radius } else { most });
    let mean = |value: fn(&Part) -> f64| seen().map(|part| part.share * value(part)).sum::<f64>();
    let centre = (mean(|part| part.centre.0), mean(|part| part.centre.1));
    let profiles: Vec<Profile> = seen().map(|part| Profile::new(part, centre, unit)).collect();
    unit * solve(*ISA, &profiles, mean(|part| part.radius) / unit)
}

/// The root of E = 1/2, from a start on.
fn solve(isa: Isa, profiles: &[Profile], start: f64) -> f64 {
    let (mut radius, mut fold, mut before) = (start, 1, f64::NAN);
    let (mut low, mut high) = (0.0, f64::INFINITY);
    for _ in 0..MOST_STEPS {
        let (mut within, mut slope) = (0.0, 0.0);
        for profile in profiles {
            let found = enclosed(isa, profile, radius, fold * profile.points(radius));
            (within, slope) = (within + profile.share * found[0], slope + profile.share * found[1]);
        }
        let step = (within - 0.5) / slope;
        let agrees = (within - before).abs() < DONE || fold * LEAST == MOST;
        if step.abs() < SMALL && agrees {
            return radius * exp(-step);
        }
        if step.abs() < SMALL {
            // The same circle again: a slope that is wrong makes any step small.
            (fold, before, low, high) = (2 * fold, within, 0.0, f64::INFINITY);
            continue;
        }
        before = f64::NAN;
        (low, high) = if within > 0.5 { (low, radius) } else { (radius, high) };
        radius = next(radius, step, (low, high));
    }
    radius
}

/// A step in ln R of 1 at most, or to the middle of where the root is.
fn next(radius: f64, step: f64, (low, high): (f64, f64)) -> f64 {
    let step = if step < 1.0 { step } else { 1.0 };
    let next = radius * exp(if step > -1.0 { -step } else { 1.0 });
    if next > low && next < high || !(low > 0.0 && high < f64::INFINITY) { next } else { (low * high).sqrt() }
}

kernel! {
    /// The share of a profile's light within a circle, and its derivative by ln R.
    fn enclosed(profile: &Profile, radius: f64, points: usize) -> [f64; 2] {
        let points = points.min(MOST);
        // About its own centre all quarters of an ellipse are alike.
        let centred = profile.offset == (0.0, 0.0);
        let (count, weight) = if centred { (points / 4, 4.0) } else { (points, 1.0) };
        let (mut within, mut slope) = ([0.0; LANES], [0.0; LANES]);
        for begin in (0..count).step_by(LANES) {
            let (mut cos, mut sin, mut weights) = ([1.0; LANES], [0.0; LANES], [0.0; LANES]);
            for i in 0..LANES.min(count - begin) {
                (cos[i], sin[i]) = TURN[(2 * (begin + i) + 1) * (MOST / points)];
                weights[i] = weight;
            }
            profile.add(radius, (&cos, &sin), &weights, (&mut within, &mut slope));
        }
        let total = |lanes: [f64; LANES]| lanes.into_iter().fold(0.0, |sum, lane| sum + lane);
        let each = profile.root / points as f64;
        [total(within) * each, total(slope) * (2.0 * radius * radius * each)]
    }
}

impl Profile {
    fn new(part: &Part, centre: (f64, f64), unit: f64) -> Profile {
        let (g1, g2) = part.shear;
        let size = (g1 * g1 + g2 * g2).sqrt();
        // Half of the shear's angle: the major axis.
        let double = if size > 0.0 { g1 / size } else { 1.0 };
        let (cos, sin) = ((0.5 + 0.5 * double).sqrt(), (0.5 - 0.5 * double).sqrt());
        let sin = if g2 < 0.0 { -sin } else { sin };
        let (dx, dy) = ((part.centre.0 - centre.0) / unit, (part.centre.1 - centre.1) / unit);
        let radius = part.radius / unit;
        let radius = if radius > SMALLEST { radius } else { SMALLEST };
        let (SersicShape { b, density }, a) = (SersicShape::new(part.index), 2.0 * part.index);
        // All but 1e-11 of it: the cube of a normal 7 above the mean (Wilson & Hilferty 1931).
        let cube = 1.0 - 1.0 / (9.0 * a) + 7.0 / (3.0 * a.sqrt());
        let ratio = (1.0 - size) / (1.0 + size);
        Profile {
            share: part.share,
            offset: (dx * cos + dy * sin, dy * cos - dx * sin),
            ratio,
            root: ratio.sqrt(),
            power: 1.0 / a,
            ln_factor: a * ln(b) - 2.0 * ln(radius),
            density: density / (radius * radius),
            last: a * cube * cube * cube,
            inverse: std::array::from_fn(|k| 1.0 / (a + (k + 1) as f64)),
        }
    }

    /// Points that resolve what there is on a circle, a power of two.
    ///
    /// s is 0 where dy = i q dx: with z = e^(i phi), at (w +- sqrt(w^2 + R^2 (1 - q^2)))/(R (1 + q)) for
    /// w = q ox + i oy. From there follows t, and the distance is its imaginary part; phi(t) itself is
    /// smooth up to where tan t = i/sqrt(q).
    fn points(&self, radius: f64) -> usize {
        let (root, one) = (Complex::new(self.root, 0.0), Complex::new(1.0, 0.0));
        let w = Complex::new(self.ratio * self.offset.0 / radius, self.offset.1 / radius);
        let rest = square_root(w * w + Complex::new(1.0 - self.ratio * self.ratio, 0.0));
        let away = |z: Complex| {
            let square = z * z;
            let (sum, difference) = (root * (square + one), square - one);
            0.25 * (ln(norm(sum + difference) / norm(sum - difference))).abs()
        };
        let scale = 1.0 / (1.0 + self.ratio);
        let turn = 0.5 * ln((1.0 + self.root) / (1.0 - self.root));
        let zeros = [away((w + rest).times(scale)), away((w - rest).times(scale))];
        let nearest = zeros.iter().fold(turn, |nearest, zero| if *zero < nearest { *zero } else { nearest });
        let least = RESOLVED / nearest;
        let points = if least < MOST as f64 { (least as usize).next_power_of_two() } else { MOST };
        points.clamp(LEAST, MOST)
    }

    /// Adds points with their weights: what they have within, and their brightness times pi.
    #[inline(always)]
    fn add(
        &self,
        radius: f64,
        (cos, sin): (&[f64; LANES], &[f64; LANES]),
        weights: &[f64; LANES],
        (within, slope): (&mut [f64; LANES], &mut [f64; LANES]),
    ) {
        let (mut x, mut square, mut turned) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
        let mut swept = [0.0; LANES];
        for i in 0..LANES {
            // The direction along the axes, and dphi/dt without its root of q.
            let along = cos[i] * cos[i] + self.ratio * (sin[i] * sin[i]);
            let per = 1.0 / along.sqrt();
            let (u, v) = (cos[i] * per, self.root * sin[i] * per);
            let (dx, dy) = (radius * u - self.offset.0, radius * v - self.offset.1);
            square[i] = self.ratio * dx * dx + dy * dy / self.ratio;
            let exponent = exp((ln(square[i]) + self.ln_factor) * self.power);
            x[i] = if exponent < self.last { exponent } else { self.last };
            swept[i] = radius * (radius - (self.offset.0 * u + self.offset.1 * v));
            turned[i] = weights[i] / along;
        }
        let growth = self.growth(&x);
        for i in 0..LANES {
            let brightness = PI * self.density * exp(-x[i]);
            let mean = if x[i] < self.last { brightness * growth[i] } else { 1.0 / square[i] };
            within[i] += turned[i] * swept[i] * mean;
            slope[i] += if x[i] < self.last { turned[i] * brightness } else { 0.0 };
        }
    }

    /// The light within over that of the same brightness all over: 1 + x/(a + 1) + x^2/((a + 1)(a + 2)) + ..
    /// with a = 2n (DLMF 8.7.1).
    #[inline(always)]
    fn growth(&self, x: &[f64; LANES]) -> [f64; LANES] {
        let largest = x.iter().fold(0.0, |largest, x| if *x > largest { *x } else { largest });
        let (mut term, mut sum) = ([1.0; LANES], [1.0; LANES]);
        let (mut last, mut all) = (1.0, 1.0);
        // In fours: the processor guesses where the loop ends, and a wrong guess costs more.
        for four in self.inverse.as_chunks::<4>().0 {
            for inverse in four {
                last *= largest * inverse;
                all += last;
                for i in 0..LANES {
                    term[i] *= x[i] * inverse;
                    sum[i] += term[i];
                }
            }
            if last < LEFT_OUT * all {
                break;
            }
        }
        sum
    }
}

fn norm(z: Complex) -> f64 {
    z.re * z.re + z.im * z.im
}

/// One of the two square roots.
fn square_root(z: Complex) -> Complex {
    let size = norm(z).sqrt();
    let (re, im) = ((0.5 * (size + z.re).abs()).sqrt(), (0.5 * (size - z.re).abs()).sqrt());
    Complex::new(re, if z.im < 0.0 { -im } else { im })
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;
    use crate::math::special::gamma_p;

    fn part(share: f64, centre: (f64, f64), index: f64, radius: f64, shear: (f64, f64)) -> Part {
        Part { share, centre, index, radius, shear }
    }

    /// The light of a part within a circle, row by row in polar coordinates of the part's own plane: each
    /// ray from its centre is inside up to where it leaves the circle.
    fn slow(part: &Part, centre: (f64, f64), radius: f64) -> f64 {
        let (g1, g2) = part.shear;
        let norm = (1.0 - g1 * g1 - g2 * g2).sqrt();
        let (ox, oy) = (part.centre.0 - centre.0, part.centre.1 - centre.1);
        let b = crate::math::special::sersic_b(part.index);
        let rays = 40_000;
        let ray = |i: usize| {
            let angle = 2.0 * PI * (i as f64 + 0.5) / rays as f64;
            // A unit step of the plane in which the profile is round, in the sky.
            let (u, v) = (angle.cos(), angle.sin());
            let (x, y) = (((1.0 + g1) * u + g2 * v) / norm, (g2 * u + (1.0 - g1) * v) / norm);
            let (a, h, c) = (x * x + y * y, x * ox + y * oy, ox * ox + oy * oy - radius * radius);
            let root = h * h - a * c;
            let light =
                |t: f64| gamma_p(2.0 * part.index, b * (t.max(0.0) / part.radius).powf(1.0 / part.index));
            if root <= 0.0 { 0.0 } else { light((-h + root.sqrt()) / a) - light((-h - root.sqrt()) / a) }
        };
        (0..rays).map(ray).sum::<f64>() / rays as f64
    }

    #[test]
    fn half_of_the_light_is_within() {
        let cases = [
            [part(0.7, (0.0, 0.0), 1.0, 4.0, (0.2, -0.3)), part(0.3, (0.0, 0.0), 4.0, 1.5, (0.1, 0.1))],
            [part(0.4, (0.3, 0.1), 1.0, 8.0, (0.5, 0.1)), part(0.6, (-0.5, 0.7), 4.0, 3.0, (-0.3, 0.0))],
            [part(0.5, (0.0, 0.0), 0.3, 1.0, (0.0, 0.0)), part(0.5, (6.0, 0.0), 8.0, 1.0, (0.0, 0.5))],
            [part(0.25, (1.7, 0.4), 0.7, 0.3, (0.6, -0.75)), part(0.75, (-1.0, 0.5), 5.0, 1.7, (0.1, 0.2))],
            [part(0.9, (1.0, 2.0), 0.5, 3.0, (0.0, 0.8)), part(0.1, (-4.0, 2.0), 6.0, 0.01, (0.0, 0.0))],
        ];
        for parts in cases {
            let (found, limit) = (radius(&parts), if parts[1].radius < 0.1 { 3e-4 } else { 1e-6 });
            let mean =
                |value: fn(&Part) -> f64| parts.iter().map(|part| part.share * value(part)).sum::<f64>();
            let centre = (mean(|part| part.centre.0), mean(|part| part.centre.1));
            let within = |radius: f64| -> f64 {
                parts.iter().map(|part| part.share * slow(part, centre, radius)).sum()
            };
            let (low, high) = (within(found * (1.0 - limit)), within(found * (1.0 + limit)));
            assert!(low < 0.5 && high > 0.5, "{parts:?}: {found} has from {low} to {high}");
        }
    }

    #[test]
    fn one_round_profile_has_its_own_radius() {
        for index in [0.3, 1.0, 2.7, 8.0] {
            let dark = part(0.0, (9.0, 0.0), 1.0, 1e5, (0.5, 0.0));
            for size in [1e-290, 0.01, 3.0, 1e200] {
                let lone = part(1.0, (0.7, -2.0), index, size, (0.0, 0.0));
                let found = radius(&[lone, dark]);
                assert!((found / size - 1.0).abs() < 1e-9, "{index} {size} {found}");
            }
        }
    }
}
