//! How far a run is, and how long its next step.

use crate::math::pow;
use crate::series::Failure;

/// The next step is at most so much longer; one that should have been as much shorter is taken back.
const LEAP: f64 = 4.0;
/// A run of more steps than this is given up: 10^7 of them take minutes.
const STEPS: u64 = 10_000_000;

/// The clock of one run.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// The time at the start of the step.
    pub time: f64,
    /// What rounding took from it.
    lost: f64,
    /// The length of the step.
    pub step: f64,
    /// The length of the last good one; 0 before there was one.
    last: f64,
    /// The seventh root of the tolerance.
    root: f64,
    steps: u64,
    /// The sum over the steps of the estimate of their error, relative.
    pub error: f64,
}

impl Clock {
    /// At time 0, with a first step.
    pub fn new(step: f64, tolerance: f64) -> Clock {
        let root = pow(tolerance, 1.0 / 7.0);
        Clock { time: 0.0, lost: 0.0, step, last: 0.0, root, steps: 0, error: 0.0 }
    }

    /// The step over the last good one, for the prediction; 0 where there was none.
    pub fn ratio(&self) -> f64 {
        if self.last > 0.0 { self.step / self.last } else { 0.0 }
    }

    /// Where in the step a time lies, from 0 to 1; beyond 1 if it comes after the step.
    pub fn place(&self, time: f64) -> f64 {
        ((time - self.time) + self.lost) / self.step
    }

    /// The length of the next step if this one is good, by the largest last coefficient, acceleration and
    /// coordinate (Rein & Spiegel, eqs 9 to 11); none if it is to be done
    /// anew, shorter. The error is that of the first term the quadrature lacks, of degree 15 where the last coefficient's is 7,
    /// and of one rounding of the state.
    ///
    /// # Errors
    /// A step too small to move the time, and too many of them.
    pub fn judge(&mut self, last: f64, acceleration: f64, size: f64) -> Result<Option<f64>, Failure> {
        self.steps += 1;
        if self.steps > STEPS {
            return Err(Failure::TooManySteps);
        }
        let off = if acceleration > 0.0 { last / acceleration } else { 0.0 * acceleration };
        let seventh = pow(off, 1.0 / 7.0);
        let factor = self.root / seventh;
        // Not a number, it is too small as well: the state went out of bounds on the way.
        if !(factor >= 1.0 / LEAP) {
            self.step *= if factor > 0.0 { factor } else { 0.1 / LEAP };
            return if self.time + self.step > self.time { Ok(None) } else { Err(Failure::StepTooSmall) };
        }
        let bend = self.step * self.step * acceleration;
        self.error += f64::EPSILON + if size > 0.0 { off * off * seventh * bend / size } else { 0.0 };
        Ok(Some(self.step * if factor < LEAP { factor } else { LEAP }))
    }

    /// Goes to the end of the step; the next is so long.
    pub fn advance(&mut self, next: f64) {
        let term = self.step - self.lost;
        let new = self.time + term;
        self.lost = (new - self.time) - term;
        (self.time, self.last, self.step) = (new, self.step, next);
    }
}
