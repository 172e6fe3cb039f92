//! DOP853: the explicit Runge-Kutta method of order 8 by Dormand and Prince, with steps chosen by
//! error estimates of orders 5 and 3 and an interpolant of order 7 (Hairer, Norsett & Wanner 1993,
//! Solving Ordinary Differential Equations I, II.5, II.6 and II.10).
//!
//! Between the ends of a step the interpolant is good only where the step is short enough: of an
//! overdamped motion it was found 5e5 times the tolerance off. So a step's error is the larger of the method's
//! and of the interpolant's last term, which leaves states at all times within about the
//! tolerance of a step, for 1.4 times the steps.
//!
//! Runs go in lanes, each with its own time and step; a lane whose run is done takes the next one. What a
//! lane computes is a function of its run alone, and a state does not depend on which other
//! times are asked for: steps are never cut to end at one.

pub mod blocks;
mod control;
mod lanes;
mod output;
pub mod plain;
mod tableau;

use super::MOST_STEPS;
use crate::series::{Failure, Outcome, Run};
use control::MOST_REFUSALS;
pub use lanes::LANES;
use lanes::Lanes;

/// Where a run starts, and what its errors are measured by.
pub struct Start<const N: usize> {
    /// The state at time 0.
    pub state: [f64; N],
    /// The size of its numbers: the tolerance is relative to it.
    pub scale: [f64; N],
}

/// What moves in lanes: equations of motion with parameters of their own in each lane.
pub trait Motion<const N: usize> {
    /// Puts a run into a lane.
    fn begin(&mut self, lane: usize, run: &Run) -> Start<N>;
    /// The rate of change of a state.
    fn rate(&self, lane: usize, time: f64, state: [f64; N]) -> [f64; N];
    /// The energy of a state, which it keeps.
    fn energy(&self, lane: usize, state: [f64; N]) -> f64;
    /// The state as the system gives it out.
    fn give(&self, lane: usize, state: [f64; N]) -> [f64; N];
}

/// How far a lane's run has come.
#[derive(Clone, Copy, Default)]
struct Course {
    /// The number of the run; none is left for an idle lane.
    run: Option<usize>,
    /// The number of the next time asked for.
    next: usize,
    steps: u32,
    refusals: u32,
    /// The sum of the errors of the steps so far, over the tolerance.
    error: f64,
}

/// Moves runs, all of which have the same width N.
#[inline(always)]
pub fn follow<const N: usize, M: Motion<N>>(motion: &mut M, tolerance: f64, runs: &mut [&mut Run]) {
    let mut lanes = Lanes::<N>::new();
    let mut courses = [Course::default(); LANES];
    let mut waiting = 0..runs.len();
    for (lane, course) in courses.iter_mut().enumerate() {
        *course = enter(motion, &mut lanes, lane, tolerance, runs, &mut waiting);
    }
    while courses.iter().any(|course| course.run.is_some()) {
        lanes.proceed();
        lanes.attempt(motion);
        for (lane, course) in courses.iter_mut().enumerate() {
            let Some(number) = course.run else { continue };
            let run = &mut *runs[number];
            if lanes.accepted[lane] {
                emit(motion, &mut lanes, lane, course, run);
                course.steps += 1;
                course.refusals = 0;
                course.error += lanes.error[lane];
            } else {
                course.refusals += 1;
            }
            let failed = failure(&lanes, lane, course);
            if failed.is_some() || course.next == run.times.len() {
                finish(&lanes, lane, course, tolerance, run, failed);
                *course = enter(motion, &mut lanes, lane, tolerance, runs, &mut waiting);
            }
        }
    }
}

/// The next run that waits goes into a lane.
#[inline(always)]
fn enter<const N: usize, M: Motion<N>>(
    motion: &mut M,
    lanes: &mut Lanes<N>,
    lane: usize,
    tolerance: f64,
    runs: &[&mut Run],
    waiting: &mut std::ops::Range<usize>,
) -> Course {
    let number = waiting.find(|number| !runs[*number].times.is_empty());
    match number {
        Some(number) => {
            let start = motion.begin(lane, runs[number]);
            lanes.enter(motion, lane, &start, tolerance, runs[number].times[0]);
        }
        None => lanes.rest(lane),
    }
    Course { run: number, ..Course::default() }
}

/// Writes the states at all times that the accepted step has passed.
#[inline(always)]
fn emit<const N: usize, M: Motion<N>>(
    motion: &M,
    lanes: &mut Lanes<N>,
    lane: usize,
    course: &mut Course,
    run: &mut Run,
) {
    if lanes.due[lane] > lanes.end[lane] {
        return;
    }
    let output = lanes.output(lane);
    while let Some(time) = run.times.get(course.next).filter(|time| **time <= lanes.end[lane]) {
        let state = motion.give(lane, output.at(*time));
        run.states[course.next * N..][..N].copy_from_slice(&state);
        course.next += 1;
    }
    lanes.due[lane] = run.times.get(course.next).copied().unwrap_or(f64::INFINITY);
}

/// Why the run in a lane cannot go on.
#[inline(always)]
fn failure<const N: usize>(lanes: &Lanes<N>, lane: usize, course: &Course) -> Option<Failure> {
    let refused = course.refusals > MOST_REFUSALS || (course.refusals > 0 && lanes.stuck(lane));
    if refused && !lanes.error[lane].is_finite() {
        Some(Failure::NotFinite)
    } else if refused {
        Some(Failure::StepTooSmall)
    } else {
        (course.steps >= MOST_STEPS).then_some(Failure::TooManySteps)
    }
}

/// The rest of a run's states, if any, and how it went.
#[inline(always)]
fn finish<const N: usize>(
    lanes: &Lanes<N>,
    lane: usize,
    course: &Course,
    tolerance: f64,
    run: &mut Run,
    failed: Option<Failure>,
) {
    run.states[course.next * N..].fill(f64::NAN);
    // All steps' errors, and at most the tolerance between two.
    let error = (course.error + 1.0) * tolerance;
    run.outcome = Outcome { energy_drift: lanes.drift(lane), error, failed };
}
