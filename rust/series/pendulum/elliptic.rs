//! The free pendulum in closed form, at any angle, swinging or going over the top.
//!
//! With w = sqrt(g/L) and k^2 = sin^2(q_0/2) + (q_0'/2w)^2, for k < 1 sin(q/2) = k sn(u, k),
//! q' = 2 w k cn(u, k), u = w t + u_0; for k > 1 q/2 = am(u, 1/k), q' = 2 w k dn(u, 1/k), u = w k t + u_0
//! (DLMF 22.19(i)). Everything is reckoned from the complementary modulus, 1 - k^2 as a product, so
//! that nothing is lost next to the separatrix; the functions come by the descending Landen transformation
//! (Bulirsch 1965, Numerische Mathematik 7, 78, `sncndn`), u_0 by Carlson's R_F (DLMF 19.25.5).

use super::Pendulum;
use crate::isa::{Isa, kernel};
use crate::math::{atan_quotient, half_turns, is_odd, sin_cos_degrees};
use crate::series::closed::{self, CHUNK, Chunk, Solution};
use crate::series::{Outcome, Run};
use std::f64::consts::PI;

/// So many arithmetic-geometric means take the smallest modulus to one that is none.
const MOST_LEVELS: usize = 16;
/// The squared modulus of the separatrix itself: the bob then stays on top for 345/w.
const SEPARATRIX: f64 = 1e-300;
/// A cotangent no larger than its inverse stays finite through all levels.
const SMALLEST_SINE: f64 = 1e-60;

/// Where a pendulum goes.
#[derive(Clone, Copy)]
struct Orbit {
    /// Whether it goes over the top.
    turns: bool,
    /// The modulus of the swing, or 1.
    modulus: f64,
    /// Half the largest angular velocity, with the sign of a rotation.
    speed: f64,
    /// The square of the angular frequency of small swings.
    stiffness: f64,
    /// u in units in which K is pi/2: at the start, and its rate of change.
    phase: f64,
    rate: f64,
    /// How rounding in the modulus tells on the rate.
    condition: f64,
    means: Means,
}

/// The arithmetic-geometric mean of 1 and a complementary modulus, and the steps to it.
#[derive(Clone, Copy)]
struct Means {
    arithmetic: [f64; MOST_LEVELS],
    inverse: [f64; MOST_LEVELS],
    geometric: [f64; MOST_LEVELS],
    levels: usize,
    limit: f64,
}

impl Means {
    /// From the square of the complementary modulus.
    fn new(square: f64) -> Means {
        let zero = [0.0; MOST_LEVELS];
        let mut means = Means { arithmetic: zero, inverse: zero, geometric: zero, levels: 0, limit: 1.0 };
        let (mut a, mut square) = (1.0, square);
        for level in 0..MOST_LEVELS {
            let g = square.sqrt();
            (means.arithmetic[level], means.inverse[level], means.geometric[level]) = (a, 1.0 / a, g);
            (means.levels, means.limit) = (level + 1, 0.5 * (a + g));
            // The next difference is an eighth of the square of this one.
            if (a - g).abs() <= 1e-8 * a {
                break;
            }
            (square, a) = (g * a, means.limit);
        }
        means
    }
}

/// Carlson's R_F(x, y, 1) for x, y from 0 to 1, not both 0, within 1e-15 (Carlson 1979, Numerische
/// Mathematik 33, 1).
fn carlson(x: f64, y: f64) -> f64 {
    // With two zeros it would be infinite, and the loop endless.
    let (mut x, mut y, mut z) = (if x > SEPARATRIX { x } else { SEPARATRIX }, y, 1.0_f64);
    loop {
        let (a, b, c) = (x.sqrt(), y.sqrt(), z.sqrt());
        let shift = a * (b + c) + b * c;
        (x, y, z) = (0.25 * (x + shift), 0.25 * (y + shift), 0.25 * (z + shift));
        let mean = (x + y + z) / 3.0;
        let (dx, dy, dz) = (1.0 - x / mean, 1.0 - y / mean, 1.0 - z / mean);
        // What is left out is of the order of the sixth power. A NaN ends it too.
        if !(dx.abs() > 2e-3 || dy.abs() > 2e-3 || dz.abs() > 2e-3) {
            let (e2, e3) = (dx * dy - dz * dz, dx * dy * dz);
            return (1.0 + (e2 / 24.0 - 0.1 - 3.0 / 44.0 * e3) * e2 + e3 / 14.0) / mean.sqrt();
        }
    }
}

impl Orbit {
    /// None where it stays where it is.
    fn new(pendulum: &Pendulum) -> Option<Orbit> {
        let natural = pendulum.stiffness().sqrt();
        let (s, c) = sin_cos_degrees(0.5 * pendulum.degrees);
        let w = 0.5 * pendulum.velocity / natural;
        let at_rest = w == 0.0 && (s == 0.0 || c == 0.0);
        let below = (c - w.abs()) * (c + w.abs());
        let start = [s, c, w, (s * s + w * w).sqrt()];
        // At rest the complementary modulus is a cosine; else it is a difference.
        let condition = if w == 0.0 { 1.0 } else { (c * c + w * w) / below.abs() };
        let orbit = || {
            if below >= 0.0 {
                Orbit { condition, ..Orbit::swing(natural, start, below) }
            } else {
                Orbit { condition, ..Orbit::turn(natural, start, -below) }
            }
        };
        (!at_rest).then(orbit)
    }

    /// To and fro: from sin(q/2), cos(q/2), q'/2w, k and 1 - k^2.
    fn swing(natural: f64, [s, c, w, k]: [f64; 4], below: f64) -> Orbit {
        let means = Means::new(if below > SEPARATRIX { below } else { SEPARATRIX });
        let first = || s / k * carlson(w / k * (w / k), c * c) * means.limit;
        let half = if s < 0.0 { -PI } else { PI };
        let phase = match w {
            0.0 => 0.5 * half,
            _ if w < 0.0 => half - first(),
            _ => first(),
        };
        let (speed, rate) = (natural * k, natural * means.limit);
        Orbit {
            turns: false,
            modulus: k,
            speed,
            stiffness: natural * natural,
            phase,
            rate,
            condition: 1.0,
            means,
        }
    }

    /// Over the top: from the same, and k^2 - 1.
    fn turn(natural: f64, [s, c, w, k]: [f64; 4], above: f64) -> Orbit {
        let means = Means::new(above / (k * k));
        let phase = s * carlson(c * c, w / k * (w / k)) * means.limit;
        let speed = if w < 0.0 { -natural * k } else { natural * k };
        let rate = speed * means.limit;
        Orbit {
            turns: true,
            modulus: 1.0,
            speed,
            stiffness: natural * natural,
            phase,
            rate,
            condition: 1.0,
            means,
        }
    }

    /// sn, cn and dn from sine and cosine of the amplitude of the last mean; the cosine is not negative.
    #[inline(always)]
    fn functions(&self, sin: &Chunk, cos: &Chunk) -> [Chunk; 3] {
        let means = &self.means;
        let (mut a, mut c, mut sn, mut dn) = ([0.0; CHUNK], [0.0; CHUNK], [0.0; CHUNK], [1.0; CHUNK]);
        for i in 0..CHUNK {
            let size = sin[i].abs();
            a[i] = cos[i] / if size > SMALLEST_SINE { size } else { SMALLEST_SINE };
            c[i] = a[i] * means.limit;
        }
        for level in (0..means.levels).rev() {
            let (g, m, inverse) = (means.geometric[level], means.arithmetic[level], means.inverse[level]);
            for i in 0..CHUNK {
                let product = a[i] * c[i];
                c[i] *= dn[i];
                dn[i] = (g + product) / (m + product);
                a[i] = c[i] * inverse;
            }
        }
        for i in 0..CHUNK {
            let size = 1.0 / (c[i] * c[i] + 1.0).sqrt();
            c[i] *= size;
            sn[i] = if sin[i] < 0.0 { -size } else { size };
        }
        [sn, c, dn]
    }
}

impl Solution for Orbit {
    #[inline(always)]
    fn at(&self, times: &Chunk) -> [Chunk; 3] {
        let (mut turns, mut sin, mut cos) = ([0.0; CHUNK], [0.0; CHUNK], [0.0; CHUNK]);
        for i in 0..CHUNK {
            (turns[i], sin[i], cos[i]) = half_turns(self.phase + self.rate * times[i]);
        }
        let [sn, cn, dn] = self.functions(&sin, &cos);
        let (mut angle, mut velocity, mut error) = ([0.0; CHUNK], [0.0; CHUNK], [0.0; CHUNK]);
        for i in 0..CHUNK {
            let sign = if is_odd(turns[i]) { -1.0 } else { 1.0 };
            let half = self.modulus * sn[i];
            // tan(q/4) = sin(q/2)/(1 + cos(q/2)), for what is left of q after whole turns.
            let cosine = if self.turns { cn[i] } else { dn[i] };
            let quarter = 4.0 * atan_quotient(half, 1.0 + cosine);
            angle[i] = if self.turns { quarter + 2.0 * PI * turns[i] } else { sign * quarter };
            velocity[i] = 2.0 * self.speed * if self.turns { dn[i] } else { sign * cn[i] };
            let energy = 0.5 * velocity[i] * velocity[i] + 2.0 * self.stiffness * half * half;
            error[i] = (energy - 2.0 * self.speed * self.speed).abs();
        }
        [angle, velocity, error]
    }
}

kernel! {
    /// Writes where it is at all times; the largest error of the energy over the energy comes back.
    fn trace(orbit: &Orbit, times: &[f64], states: &mut [f64]) -> f64 {
        closed::trace(orbit, times, states) / (2.0 * orbit.speed * orbit.speed)
    }
}

/// Moves a free pendulum.
pub(super) fn follow(isa: Isa, pendulum: &Pendulum, run: &mut Run) {
    let Some(orbit) = Orbit::new(pendulum) else {
        for state in run.states.chunks_exact_mut(2) {
            state.copy_from_slice(&[pendulum.angle(), 0.0]);
        }
        run.outcome = Outcome::default();
        return;
    };
    let drift = trace(isa, &orbit, run.times, run.states);
    // dK = -dm_1/(2 m_1) next to the separatrix (DLMF 19.12.1), in every K of u.
    let argument = orbit.rate / orbit.means.limit;
    run.close(argument * (1.0 + orbit.condition * orbit.means.limit / PI), drift);
}
