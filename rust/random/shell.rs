//! Positions uniform between two circles or two spheres.

use super::stream::{Counter, Key};
use super::uniform::{bits, unit, wide};
use crate::math::{pow, sin_cos_degrees};

/// All that is between an inner and an outer radius: a ring or, with an inner radius of 0, a disc in
/// two dimensions; a hollow or a whole ball in three.
///
/// # Guarantees
/// Both radii are finite, and 0 <= inner <= outer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shell {
    inner: f64,
    outer: f64,
}

impl Shell {
    /// Between two radii.
    ///
    /// # Errors
    /// Radii that are below 0, not finite, or in the wrong order.
    pub fn new(inner: f64, outer: f64) -> Result<Shell, String> {
        for radius in [inner, outer] {
            if !(radius >= 0.0 && radius.is_finite()) {
                return Err(format!("a radius of {radius}; it must be a finite number from 0"));
            }
        }
        if inner > outer {
            return Err(format!("the inner radius {inner} is above the outer one, {outer}"));
        }
        Ok(Shell { inner, outer })
    }

    /// A point of the plane, uniform in area.
    ///
    /// The first 64 bits of a block give the share of the area within the point's circle, the others
    /// its direction.
    #[inline]
    pub fn plane(&self, key: Key, counter: Counter) -> [f64; 2] {
        let words = counter.block(key, 0);
        let hollow = self.hollow();
        let share = hollow * hollow;
        let radius = self.within(self.outer * (share + (1.0 - share) * unit(bits(words))).sqrt());
        let (sin, cos) = direction(words);
        [radius * cos, radius * sin]
    }

    /// A point of space, uniform in volume: as in the plane, with a second block for its height,
    /// which is uniform over a sphere (Archimedes).
    #[inline]
    pub fn space(&self, key: Key, counter: Counter) -> [f64; 3] {
        let words = counter.block(key, 0);
        let hollow = self.hollow();
        let share = hollow * hollow * hollow;
        let radius = self.within(self.outer * pow(share + (1.0 - share) * unit(bits(words)), 1.0 / 3.0));
        let height = 2.0 * unit(bits(counter.block(key, 1))) - 1.0;
        let across = radius * ((1.0 - height) * (1.0 + height)).sqrt();
        let (sin, cos) = direction(words);
        [across * cos, across * sin, radius * height]
    }

    /// The inner radius over the outer one.
    fn hollow(&self) -> f64 {
        if self.outer > 0.0 { self.inner / self.outer } else { 0.0 }
    }

    /// A radius that rounding has not carried over an edge.
    fn within(&self, radius: f64) -> f64 {
        let radius = if radius < self.inner { self.inner } else { radius };
        if radius > self.outer { self.outer } else { radius }
    }
}

/// Sine and cosine of a direction, from the second half of a block.
fn direction(words: [u32; 4]) -> (f64, f64) {
    sin_cos_degrees(360.0 * unit(wide(words) as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(scene: u64) -> Counter {
        Counter { scene, ..Counter::default() }
    }

    #[test]
    fn what_is_no_shell_is_refused() {
        assert_eq!(Shell::new(2.0, 1.0), Err("the inner radius 2 is above the outer one, 1".into()));
        assert_eq!(Shell::new(0.0, -1.0), Err("a radius of -1; it must be a finite number from 0".into()));
        assert!(Shell::new(f64::NAN, 1.0).is_err() && Shell::new(0.0, f64::INFINITY).is_err());
    }

    #[test]
    fn points_are_within_it_to_the_last_bits() {
        let key = Key::new(1, "", "shell");
        for (inner, outer) in [(0.0, 0.0), (0.0, 3.0), (2.0, 3.0), (3.0, 3.0), (1e-300, 1e300), (0.1, 0.3)] {
            let shell = Shell::new(inner, outer).unwrap();
            for scene in 0..1000 {
                let [x, y] = shell.plane(key, at(scene)).map(|c| c / if outer > 0.0 { outer } else { 1.0 });
                let [u, v, w] =
                    shell.space(key, at(scene)).map(|c| c / if outer > 0.0 { outer } else { 1.0 });
                for radius in [(x * x + y * y).sqrt(), (u * u + v * v + w * w).sqrt()] {
                    let (low, high) = (shell.hollow(), if outer > 0.0 { 1.0 } else { 0.0 });
                    assert!((low * (1.0 - 1e-15)..=high * (1.0 + 1e-15)).contains(&radius), "{radius}");
                }
            }
        }
    }
}
