//! How far a run is, and how long its next step.

use super::MOST_STEPS;
use crate::series::Failure;

/// The clock of one run.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// The time at the start of the step.
    time: f64,
    /// What rounding added to it.
    lost: f64,
    /// The length of the step.
    pub step: f64,
    /// The length of the last good one; 0 before there was one.
    last: f64,
    steps: u32,
    /// The sum of the errors of the steps, relative.
    pub error: f64,
}

impl Clock {
    /// At time 0, with a first step.
    pub fn new(step: f64) -> Clock {
        Clock { time: 0.0, lost: 0.0, step, last: 0.0, steps: 0, error: 0.0 }
    }

    /// The step over the last good one; 0 where there was none.
    pub fn ratio(&self) -> f64 {
        if self.last > 0.0 { self.step / self.last } else { 0.0 }
    }

    /// Where in the step a time lies, from 0 to 1; beyond 1 if it comes after the step.
    pub fn place(&self, time: f64) -> f64 {
        ((time - self.time) + self.lost) / self.step
    }

    /// Takes note of an attempt, of `error`; the length of the next step if it was good.
    ///
    /// # Errors
    /// A step too small to move the time, and too many of them.
    pub fn judge(&mut self, good: bool, factor: f64, error: f64) -> Result<Option<f64>, Failure> {
        self.steps += 1;
        if self.steps > MOST_STEPS {
            return Err(Failure::TooManySteps);
        }
        if good {
            self.error += error;
            return Ok(Some(self.step * factor));
        }
        self.step *= factor;
        if self.time + self.step > self.time { Ok(None) } else { Err(Failure::StepTooSmall) }
    }

    /// Goes to the end of the step; the next is so long.
    pub fn advance(&mut self, next: f64) {
        let term = self.step - self.lost;
        let new = self.time + term;
        self.lost = (new - self.time) - term;
        (self.time, self.last, self.step) = (new, self.step, next);
    }
}
