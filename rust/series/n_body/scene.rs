//! Bodies as they start.

/// Bodies, and what acts on them.
#[derive(Clone, Debug, Default)]
pub struct Scene {
    /// The gravitational constant.
    pub gravity: f64,
    /// The softening length.
    pub softening: f64,
    /// The rate of the damping.
    pub damping: f64,
    /// Their masses.
    pub mass: Vec<f64>,
    /// Where they are; z is 0 in two dimensions.
    pub x: Vec<[f64; 3]>,
    /// How they move.
    pub v: Vec<[f64; 3]>,
}

/// A first step, in the shortest time in which two bodies would fall together or pass each other. It is the
/// integrator's to find a better one.
const CAUTION: f64 = 0.02;

impl Scene {
    /// Seen from the centre of mass; bodies without any mass stay as they are.
    pub fn centred(mut self) -> Scene {
        let total: f64 = self.mass.iter().sum();
        if total > 0.0 {
            subtract(&mut self.x, &self.mass, total);
            subtract(&mut self.v, &self.mass, total);
        }
        self
    }

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
fn subtract(vectors: &mut [[f64; 3]], mass: &[f64], total: f64) {
    for c in 0..3 {
        let sum: f64 = vectors.iter().zip(mass).map(|(vector, mass)| mass * vector[c]).sum();
        for vector in vectors.iter_mut() {
            vector[c] -= sum / total;
        }
    }
}
