//! Bodies as they start.

use crate::series::scalar::Scalar;

/// Bodies, and what acts on them.
#[derive(Clone, Debug, Default)]
pub struct Scene<T = f64> {
    /// The gravitational constant.
    pub gravity: T,
    /// The softening length.
    pub softening: T,
    /// The rate of the damping.
    pub damping: T,
    /// Their masses.
    pub mass: Vec<T>,
    /// Where they are; z is 0 in two dimensions.
    pub x: Vec<[T; 3]>,
    /// How they move.
    pub v: Vec<[T; 3]>,
}

/// A first step, in the shortest time in which two bodies would fall together or pass each other. It is the
/// integrator's to find a better one.
const CAUTION: f64 = 0.02;

impl<T: Scalar> Scene<T> {
    /// Seen from the centre of mass; bodies without any mass stay as they are.
    pub fn centred(mut self) -> Scene<T> {
        let total = sum(self.mass.iter().copied());
        if total.value() > 0.0 {
            subtract(&mut self.x, &self.mass, total);
            subtract(&mut self.v, &self.mass, total);
        }
        self
    }
}

/// Added from the left.
pub fn sum<T: Scalar>(numbers: impl Iterator<Item = T>) -> T {
    numbers.fold(T::real(0.0), |sum, number| sum + number)
}

impl Scene {
    /// A step that the integrator can start with; at most `longest`.
    pub fn first_step(&self, longest: f64) -> f64 {
        let softened = self.softening * self.softening;
        let mut least = longest * longest;
        for i in 0..self.mass.len() {
            for j in i + 1..self.mass.len() {
                let square = softened + apart(&self.x[i], &self.x[j]);
                let falling = square * square.sqrt() / (self.gravity * (self.mass[i] + self.mass[j]));
                let passing = square / apart(&self.v[i], &self.v[j]);
                let shorter = if passing < falling { passing } else { falling };
                let this = CAUTION * CAUTION * shorter;
                least = if this < least { this } else { least };
            }
        }
        least.sqrt()
    }
}

/// The square of how far two vectors are apart.
fn apart(p: &[f64; 3], q: &[f64; 3]) -> f64 {
    let [x, y, z] = [p[0] - q[0], p[1] - q[1], p[2] - q[2]];
    x * x + y * y + z * z
}

/// Takes the mean, weighted by mass, off all.
fn subtract<T: Scalar>(vectors: &mut [[T; 3]], mass: &[T], total: T) {
    for c in 0..3 {
        let mean = sum(vectors.iter().zip(mass).map(|(vector, mass)| *mass * vector[c])) / total;
        for vector in vectors.iter_mut() {
            vector[c] = vector[c] - mean;
        }
    }
}
