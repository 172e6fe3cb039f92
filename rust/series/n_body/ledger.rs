//! What is kept of a run besides its states.

use crate::series::{Failure, Outcome, Run};

/// The energies of a run, and why it ended early.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ledger {
    /// At the start, and its kinetic and potential parts' sizes together; none before it began.
    start: Option<(f64, f64)>,
    drift: f64,
}

impl Ledger {
    /// Notes the energies after a step.
    ///
    /// # Errors
    /// Energies that are no numbers.
    pub fn note(&mut self, kinetic: f64, potential: f64, softening: f64) -> Result<(), Failure> {
        let energy = kinetic + potential;
        if !energy.is_finite() {
            return Err(if softening > 0.0 { Failure::NotFinite } else { Failure::Collision });
        }
        let (start, size) = *self.start.get_or_insert((energy, kinetic - potential));
        let off = (energy - start).abs() / size;
        if off > self.drift {
            self.drift = off;
        }
        Ok(())
    }

    /// Writes how it went; the states from number `done` on are none if it failed.
    pub fn close(&self, run: &mut Run, done: usize, damping: f64, error: f64, failed: Option<Failure>) {
        let energy_drift = if damping > 0.0 { f64::NAN } else { self.drift };
        run.outcome = Outcome { energy_drift, error, failed };
        if failed.is_some() && !run.times.is_empty() {
            let width = run.states.len() / run.times.len();
            run.states[done * width..].fill(f64::NAN);
        }
    }
}
