//! Taylor's series: a step is a sum of powers of its length, whose coefficients follow from one another by the
//! equations of motion (Jorba & Zou 2005, Experimental Mathematics 14, 99).
//!
//! The length of a step is chosen by its last coefficients, before it is made: none is refused. Within
//! it the sum is as good at all times, so that it is its own interpolant, and its error is bounded alike: the
//! last term is at most the tolerance, and what is left out is a fraction of it.
//!
//! Runs go in lanes, each with its own time and step; a lane whose run is done takes the next one. What a
//! lane computes is a function of its run alone, and a state does not depend on which other
//! times are asked for: steps are never cut to end at one.

use super::MOST_STEPS;
use crate::math::{exp, ln};
use crate::series::{Failure, Outcome, Run};
use std::array::from_fn;

/// How many runs go at once: two of AVX-512's registers, so that one's arithmetic hides the other's delays.
pub const LANES: usize = 16;

/// The highest power. The work of a step is as its square, and its length as the tolerance's root: from 12 to 20
/// they balance at 1e-10, and of 16 the root is four square roots.
pub const ORDER: usize = 16;

/// The last term over the tolerance.
const MARGIN: f64 = 0.01;

/// A number of each lane.
pub type Lane = [f64; LANES];
/// The coefficients of a number, from the lowest.
pub type Series = [Lane; ORDER + 1];

/// Where a run starts, and what its steps are measured by.
pub struct Start<const N: usize> {
    /// The state at time 0.
    pub state: [f64; N],
    /// The size of its numbers: the tolerance is relative to it.
    pub scale: [f64; N],
    /// The longest step: where a motion decays, a longer one's sum grows.
    pub longest: f64,
}

/// What moves in lanes: equations of motion with parameters of their own in each lane.
pub trait Motion<const N: usize> {
    /// Puts a run into a lane.
    fn begin(&mut self, lane: usize, run: &Run) -> Start<N>;
    /// Finds the coefficients of the state about these times from the first, the state itself.
    fn expand(&mut self, times: &Lane, state: &mut [Series; N]);
    /// The work that is done on it in steps so long.
    fn work(&self, steps: &Lane) -> Lane;
    /// The energy of a state.
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
}

/// Where all lanes are.
struct Lanes<const N: usize> {
    time: Lane,
    state: [Series; N],
    /// One over the size of the state's numbers.
    weight: [Lane; N],
    longest: Lane,
    /// The logarithm of the tolerance over the order.
    fall: f64,
    step: Lane,
    end: Lane,
    /// The next time asked for; NaN for none.
    due: Lane,
    energy: Lane,
    work: Lane,
    largest: Lane,
    drift: Lane,
}

/// Moves runs, all of which have the same width N.
#[inline(always)]
pub fn follow<const N: usize, M: Motion<N>>(motion: &mut M, tolerance: f64, runs: &mut [&mut Run]) {
    let mut lanes = Lanes::<N>::new(tolerance);
    let mut courses = [Course::default(); LANES];
    let mut waiting = 0..runs.len();
    for (lane, course) in courses.iter_mut().enumerate() {
        *course = enter(motion, &mut lanes, lane, runs, &mut waiting);
    }
    while courses.iter().any(|course| course.run.is_some()) {
        motion.expand(&lanes.time, &mut lanes.state);
        lanes.measure();
        emit(motion, &mut lanes, &mut courses, runs);
        let stuck = lanes.advance(motion);
        for (lane, course) in courses.iter_mut().enumerate() {
            let Some(number) = course.run else { continue };
            course.steps += 1;
            let failed = failure(&lanes, lane, stuck[lane], course.steps);
            let run = &mut *runs[number];
            if failed.is_some() || course.next == run.times.len() {
                run.states[course.next * N..].fill(f64::NAN);
                run.outcome = lanes.outcome(lane, f64::from(course.steps) * tolerance, failed);
                *course = enter(motion, &mut lanes, lane, runs, &mut waiting);
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
    runs: &[&mut Run],
    waiting: &mut std::ops::Range<usize>,
) -> Course {
    let number = waiting.find(|number| !runs[*number].times.is_empty());
    match number {
        Some(number) => {
            let start = motion.begin(lane, runs[number]);
            let energy = motion.energy(lane, start.state);
            lanes.enter(lane, &start, energy);
            lanes.due[lane] = runs[number].times[0];
        }
        None => lanes.due[lane] = f64::NAN,
    }
    Course { run: number, ..Course::default() }
}

/// Writes the states at all times within the steps: one of each lane, and again where there are more.
#[inline(always)]
fn emit<const N: usize, M: Motion<N>>(
    motion: &M,
    lanes: &mut Lanes<N>,
    courses: &mut [Course; LANES],
    runs: &mut [&mut Run],
) {
    while (0..LANES).any(|lane| lanes.due[lane] <= lanes.end[lane]) {
        let states = lanes.at(&from_fn(|lane| lanes.due[lane] - lanes.time[lane]));
        for (lane, course) in courses.iter_mut().enumerate() {
            let Some(number) = course.run.filter(|_| lanes.due[lane] <= lanes.end[lane]) else { continue };
            let run = &mut *runs[number];
            let state = motion.give(lane, from_fn(|i| states[i][lane]));
            run.states[course.next * N..][..N].copy_from_slice(&state);
            course.next += 1;
            lanes.due[lane] = run.times.get(course.next).copied().unwrap_or(f64::NAN);
        }
    }
}

/// Why the run in a lane cannot go on.
#[inline(always)]
fn failure<const N: usize>(lanes: &Lanes<N>, lane: usize, stuck: bool, steps: u32) -> Option<Failure> {
    if stuck && !lanes.step[lane].is_finite() {
        Some(Failure::NotFinite)
    } else if stuck {
        Some(Failure::StepTooSmall)
    } else {
        (steps >= MOST_STEPS).then_some(Failure::TooManySteps)
    }
}

impl<const N: usize> Lanes<N> {
    #[inline(always)]
    fn new(tolerance: f64) -> Lanes<N> {
        let zero = [0.0; LANES];
        Lanes {
            time: zero,
            state: [[zero; ORDER + 1]; N],
            weight: [zero; N],
            longest: zero,
            fall: ln(MARGIN * tolerance) / ORDER as f64,
            step: zero,
            end: zero,
            due: [f64::NAN; LANES],
            energy: zero,
            work: zero,
            largest: zero,
            drift: zero,
        }
    }

    /// A run begins in a lane.
    #[inline(always)]
    fn enter(&mut self, lane: usize, start: &Start<N>, energy: f64) {
        for i in 0..N {
            self.state[i][0][lane] = start.state[i];
            self.weight[i][lane] = 1.0 / start.scale[i];
        }
        (self.time[lane], self.longest[lane]) = (0.0, start.longest);
        (self.energy[lane], self.largest[lane]) = (energy, energy.abs());
        (self.work[lane], self.drift[lane]) = (0.0, 0.0);
    }

    /// The logarithm of one over the radius of convergence, by the coefficients of one power.
    #[inline(always)]
    fn root(&self, lane: usize, power: usize) -> f64 {
        let size = |i: usize| self.state[i][power][lane].abs() * self.weight[i][lane];
        ln((0..N).fold(0.0, |sum, i| sum + size(i))) / power as f64
    }

    /// How long the steps are: so long that a series which falls as its last coefficients do ends at the
    /// tolerance. Those of two powers are looked at, since some vanish: every other one of a motion that is
    /// symmetric about the time and, at some angles, one of the rest.
    #[inline(always)]
    fn measure(&mut self) {
        for lane in 0..LANES {
            let (last, before) = (self.root(lane, ORDER), self.root(lane, ORDER - 2));
            // What is not a number stays none.
            let root = if before <= last { last } else { before };
            let step = exp(self.fall - root);
            let longest = self.longest[lane];
            self.step[lane] = if longest < step { longest } else { step };
            self.end[lane] = self.time[lane] + self.step[lane];
        }
    }

    /// The states so long after the times.
    #[inline(always)]
    fn at(&self, since: &Lane) -> [Lane; N] {
        let mut sums: [Lane; N] = from_fn(|i| self.state[i][ORDER]);
        for k in (0..ORDER).rev() {
            for (sums, series) in sums.iter_mut().zip(&self.state) {
                for lane in 0..LANES {
                    sums[lane] = series[k][lane] + since[lane] * sums[lane];
                }
            }
        }
        sums
    }

    /// Goes to the ends of the steps, and measures how far the energy there is from what it must
    /// be; whether a step is too small to move the time.
    #[inline(always)]
    fn advance<M: Motion<N>>(&mut self, motion: &M) -> [bool; LANES] {
        let (states, work) = (self.at(&self.step), motion.work(&self.step));
        for lane in 0..LANES {
            let energy = motion.energy(lane, from_fn(|i| states[i][lane]));
            self.work[lane] += work[lane];
            let (size, drift) = (energy.abs(), (energy - self.energy[lane] - self.work[lane]).abs());
            self.largest[lane] = if size > self.largest[lane] { size } else { self.largest[lane] };
            self.drift[lane] = if drift > self.drift[lane] { drift } else { self.drift[lane] };
        }
        for (series, state) in self.state.iter_mut().zip(&states) {
            series[0] = *state;
        }
        let moves = |lane: usize| self.time[lane] + 0.1 * self.step[lane] > self.time[lane];
        let stuck = from_fn(|lane| !moves(lane));
        self.time = self.end;
        stuck
    }

    /// How the run in a lane went.
    #[inline(always)]
    fn outcome(&self, lane: usize, error: f64, failed: Option<Failure>) -> Outcome {
        let drift = if self.largest[lane] > 0.0 { self.drift[lane] / self.largest[lane] } else { 0.0 };
        Outcome { energy_drift: drift, error, failed }
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;

    /// x'' = -x, from x = 1.
    struct Circle;

    impl Motion<2> for Circle {
        fn begin(&mut self, _: usize, _: &Run) -> Start<2> {
            Start { state: [1.0, 0.0], scale: [1.0, 1.0], longest: f64::INFINITY }
        }
        fn expand(&mut self, _: &Lane, [x, v]: &mut [Series; 2]) {
            for k in 0..ORDER {
                let over = (k + 1) as f64;
                (x[k + 1], v[k + 1]) = (v[k].map(|v| v / over), x[k].map(|x| -x / over));
            }
        }
        fn work(&self, _: &Lane) -> Lane {
            [0.0; LANES]
        }
        fn energy(&self, _: usize, [x, v]: [f64; 2]) -> f64 {
            x * x + v * v
        }
        fn give(&self, _: usize, state: [f64; 2]) -> [f64; 2] {
            state
        }
    }

    /// The error at 12, and the largest in the middles of steps, with steps of a length.
    fn errors(step: f64) -> [f64; 2] {
        let mut lanes = Lanes::<2>::new(1.0);
        lanes.enter(0, &Start { state: [1.0, 0.0], scale: [1.0, 1.0], longest: 1.0 }, 1.0);
        let mut between: f64 = 0.0;
        for number in 0..(12.0 / step) as u32 {
            Circle.expand(&lanes.time, &mut lanes.state);
            (lanes.step, lanes.end) = ([step; LANES], lanes.time.map(|time| time + step));
            let time = f64::from(number) * step + 0.9 * step;
            let [x, v] = lanes.at(&[0.9 * step; LANES]);
            between = between.max((x[0] - time.cos()).abs()).max((v[0] + time.sin()).abs());
            assert!(!lanes.advance(&Circle)[0]);
        }
        let [x, v] = lanes.state.map(|series| series[0][0]);
        [(x - 12_f64.cos()).abs().max((v + 12_f64.sin()).abs()), between]
    }

    #[test]
    fn the_order_is_sixteen() {
        let errors = [4.0, 3.0, 2.0].map(errors);
        for (pair, ratio) in errors.windows(2).zip([4.0 / 3.0, 1.5_f64]) {
            let slopes = [0, 1].map(|i| (pair[0][i] / pair[1][i]).ln() / ratio.ln());
            println!("{pair:?}: {slopes:?}");
            assert!(slopes.iter().all(|slope| *slope > 15.5), "{pair:?}: {slopes:?}");
        }
    }

    /// The last terms of a step, over the state, are what the tolerance leaves.
    #[test]
    fn a_step_ends_at_the_tolerance() {
        for tolerance in [1e-4, 1e-9, 1e-14] {
            let mut lanes = Lanes::<2>::new(tolerance);
            lanes.enter(0, &Circle.begin(0, &none()), 1.0);
            Circle.expand(&lanes.time, &mut lanes.state);
            lanes.measure();
            let term = |k: u32| lanes.state.iter().map(|s| s[k as usize][0].abs()).fold(0.0, f64::max);
            let last = term(16) * lanes.step[0].powi(16);
            println!("{tolerance}: step {}, last term {last:e}", lanes.step[0]);
            assert!(last <= 1.001 * MARGIN * tolerance && last > 0.01 * MARGIN * tolerance);
        }
    }

    fn none<'a>() -> Run<'a> {
        let outcome = Outcome::default();
        Run { parameters: &[], bodies: &[], count: 1, times: &[], states: &mut [], outcome }
    }
}
