//! Motions with their rates of change: the variational equations, integrated along with the motion.
//!
//! Equations written over [`super::scalar::Scalar`] and taken at dual numbers are the equations of motion
//! and their linearisation about the motion. DOP853 carries both, by errors of both, at a tolerance near
//! rounding; a step always ends where the motion is seen, so that nothing is interpolated.

use super::integrate::MOST_STEPS;
use super::integrate::dop853::plain::Step;
use super::scalar::Dual;
use super::{Failure, Outcome, Run};

/// The rate of change of a state at a time.
pub trait Equations: Fn(f64, &[Dual], &mut [Dual]) {}
impl<F: Fn(f64, &[Dual], &mut [Dual])> Equations for F {}

/// Moves a run from its start; what comes after a failure is NaN.
pub fn follow(run: &mut Run<Dual>, start: &[Dual], equations: impl Equations) {
    let mut step = Step::new(start, &equations);
    let mut left = u64::from(MOST_STEPS) + run.times.len() as u64;
    write(run, start, |span, state| reach(&mut step, span, state, &mut left, &equations));
}

/// Writes the states at all times, from each of which `go` leads to the next.
pub fn write(
    run: &mut Run<Dual>,
    start: &[Dual],
    mut go: impl FnMut([f64; 2], &mut [Dual]) -> Result<(), Failure>,
) {
    let (mut state, mut time) = (start.to_vec(), 0.0);
    run.outcome = Outcome::default();
    for (&next, out) in run.times.iter().zip(run.states.chunks_exact_mut(start.len())) {
        if run.outcome.failed.is_none() {
            run.outcome.failed = go([time, next], &mut state).err();
            time = next;
        }
        match run.outcome.failed {
            None => out.copy_from_slice(&state),
            Some(_) => out.fill(Dual { value: f64::NAN, rate: f64::NAN }),
        }
    }
}

/// Goes on to the next time in even steps, as far as their errors allow.
fn reach(
    step: &mut Step,
    [mut time, next]: [f64; 2],
    state: &mut [Dual],
    left: &mut u64,
    equations: &impl Equations,
) -> Result<(), Failure> {
    while time < next {
        let rest = next - time;
        let parts = (rest / step.length).ceil();
        let length = if parts > 1.0 { rest / parts } else { rest };
        let end = if parts > 1.0 { time + length } else { next };
        *left = left.checked_sub(1).ok_or(Failure::TooManySteps)?;
        if step.attempt(time, length, state, equations) {
            time = end;
        } else if time + step.length <= time {
            return Err(Failure::StepTooSmall);
        }
    }
    Ok(())
}
