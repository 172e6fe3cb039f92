//! One step of many runs at once.

use super::output::Output;
use super::tableau::{ADVANCE, DENSE, FIFTH, THIRD, TIMES, sum};
use super::{Motion, Start, control};
use std::array::from_fn;

/// How many runs go at once: two of AVX-512's registers, so that one's arithmetic hides the other's delays.
pub const LANES: usize = 16;

/// A number of each lane.
type Lane = [f64; LANES];

/// Where all lanes are.
pub(super) struct Lanes<const N: usize> {
    time: Lane,
    step: Lane,
    state: [Lane; N],
    /// One over the error that is tolerated.
    weight: [Lane; N],
    slopes: [[Lane; N]; 16],
    /// The end of the step, the state there, its error over the tolerance, whether all is within it, and
    /// the step that follows.
    pub(super) end: Lane,
    new: [Lane; N],
    pub(super) error: Lane,
    pub(super) accepted: [bool; LANES],
    following: Lane,
    /// The next time asked for.
    pub(super) due: Lane,
    /// The upper coefficients of the interpolant.
    dense: [[Lane; N]; 4],
    energy: Lane,
    largest: Lane,
    drift: Lane,
}

impl<const N: usize> Lanes<N> {
    #[inline(always)]
    pub(super) fn new() -> Lanes<N> {
        Lanes {
            time: [0.0; LANES],
            step: [0.0; LANES],
            state: [[0.0; LANES]; N],
            weight: [[0.0; LANES]; N],
            slopes: [[[0.0; LANES]; N]; 16],
            end: [0.0; LANES],
            new: [[0.0; LANES]; N],
            error: [0.0; LANES],
            accepted: [true; LANES],
            following: [0.0; LANES],
            due: [f64::INFINITY; LANES],
            dense: [[[0.0; LANES]; N]; 4],
            energy: [0.0; LANES],
            largest: [0.0; LANES],
            drift: [0.0; LANES],
        }
    }

    /// A run begins in a lane; `due` is the first time asked for.
    #[inline(always)]
    pub(super) fn enter(
        &mut self,
        motion: &impl Motion<N>,
        lane: usize,
        start: &Start<N>,
        tolerance: f64,
        due: f64,
    ) {
        let weight = start.scale.map(|scale| 1.0 / (tolerance * scale));
        let length = |v: [f64; N]| {
            let squares = (0..N).fold(0.0, |sum, i| sum + (v[i] * weight[i]) * (v[i] * weight[i]));
            (squares / N as f64).sqrt()
        };
        let slope = motion.rate(lane, 0.0, start.state);
        let guess = control::guess(length(start.state), length(slope));
        let along = motion.rate(lane, guess, from_fn(|i| start.state[i] + guess * slope[i]));
        let bend = length(from_fn(|i| along[i] - slope[i])) / guess;
        let step = control::first(guess, length(slope), bend);
        let energy = motion.energy(lane, start.state);
        for i in 0..N {
            (self.new[i][lane], self.weight[i][lane]) = (start.state[i], weight[i]);
            self.slopes[12][i][lane] = slope[i];
        }
        // As if a step had ended here.
        (self.end[lane], self.accepted[lane], self.following[lane]) = (0.0, true, step);
        (self.error[lane], self.due[lane]) = (0.0, due);
        (self.energy[lane], self.largest[lane]) = (energy, energy.abs());
        self.drift[lane] = 0.0;
    }

    /// Nothing more is asked of a lane.
    #[inline(always)]
    pub(super) fn rest(&mut self, lane: usize) {
        (self.following[lane], self.due[lane]) = (0.0, f64::INFINITY);
    }

    /// From the end of the accepted step, or again from the same start.
    #[inline(always)]
    pub(super) fn proceed(&mut self) {
        for lane in 0..LANES {
            let accepted = self.accepted[lane];
            let choose = |new: f64, old: f64| if accepted { new } else { old };
            self.time[lane] = choose(self.end[lane], self.time[lane]);
            self.step[lane] = self.following[lane];
            for i in 0..N {
                self.state[i][lane] = choose(self.new[i][lane], self.state[i][lane]);
                self.slopes[0][i][lane] = choose(self.slopes[12][i][lane], self.slopes[0][i][lane]);
            }
        }
    }

    /// The slope of a row.
    #[inline(always)]
    fn stage<const ROW: usize>(&mut self, motion: &impl Motion<N>) {
        let mut slopes = [[0.0; LANES]; N];
        for lane in 0..LANES {
            let (time, state) = self.along::<ROW>(lane);
            let slope = motion.rate(lane, time, state);
            slopes.iter_mut().zip(slope).for_each(|(slopes, slope)| slopes[lane] = slope);
        }
        self.slopes[ROW] = slopes;
    }

    /// The time and the state that a row leads to.
    #[inline(always)]
    fn along<const ROW: usize>(&self, lane: usize) -> (f64, [f64; N]) {
        let h = self.step[lane];
        let state = from_fn(|i| self.state[i][lane] + h * sum::<ROW>(|j| self.slopes[j][i][lane]));
        (self.time[lane] + TIMES[ROW] * h, state)
    }

    /// One step in every lane, and how good it is.
    #[inline(always)]
    pub(super) fn attempt(&mut self, motion: &impl Motion<N>) {
        self.stage::<1>(motion);
        self.stage::<2>(motion);
        self.stage::<3>(motion);
        self.stage::<4>(motion);
        self.stage::<5>(motion);
        self.stage::<6>(motion);
        self.stage::<7>(motion);
        self.stage::<8>(motion);
        self.stage::<9>(motion);
        self.stage::<10>(motion);
        self.stage::<11>(motion);
        self.advance(motion);
        self.interpolate(motion);
        self.judge();
        self.balance(motion);
    }

    /// The end of the step.
    #[inline(always)]
    fn advance(&mut self, motion: &impl Motion<N>) {
        for lane in 0..LANES {
            let (end, new) = self.along::<ADVANCE>(lane);
            let slope = motion.rate(lane, end, new);
            self.end[lane] = end;
            for i in 0..N {
                self.new[i][lane] = new[i];
                self.slopes[12][i][lane] = slope[i];
            }
        }
    }

    /// The square of a vector's length over the tolerance.
    #[inline(always)]
    fn square(&self, lane: usize, vector: [f64; N]) -> f64 {
        (0..N)
            .fold(0.0, |sum, i| sum + (vector[i] * self.weight[i][lane]) * (vector[i] * self.weight[i][lane]))
    }

    /// The errors of the step and between its ends, and what follows from them.
    #[inline(always)]
    fn judge(&mut self) {
        for lane in 0..LANES {
            let step = self.step[lane];
            let fifth = from_fn(|i| sum::<FIFTH>(|j| self.slopes[j][i][lane]));
            let third = from_fn(|i| sum::<THIRD>(|j| self.slopes[j][i][lane]));
            let error = control::error(step, self.square(lane, fifth), self.square(lane, third), N);
            let (sixth, seventh) = (from_fn(|i| self.dense[2][i][lane]), from_fn(|i| self.dense[3][i][lane]));
            let between = control::error(step, self.square(lane, seventh), self.square(lane, sixth), N);
            let between = control::LAST_TERM * between;
            let worse = if between > error { between } else { error };
            let good = worse <= 1.0;
            self.following[lane] = step * control::factor(worse, !self.accepted[lane] | !good);
            self.accepted[lane] = good;
            self.error[lane] = error;
        }
    }

    /// How far the energy of accepted steps is from what it must be.
    #[inline(always)]
    fn balance(&mut self, motion: &impl Motion<N>) {
        for lane in 0..LANES {
            let good = self.accepted[lane];
            let energy = motion.energy(lane, from_fn(|i| self.new[i][lane]));
            let (size, drift) = (energy.abs(), (energy - self.energy[lane]).abs());
            self.largest[lane] = if good & (size > self.largest[lane]) { size } else { self.largest[lane] };
            self.drift[lane] = if good & (drift > self.drift[lane]) { drift } else { self.drift[lane] };
        }
    }

    /// The largest difference of the energy from what it must be, over the largest energy.
    #[inline(always)]
    pub(super) fn drift(&self, lane: usize) -> f64 {
        if self.largest[lane] > 0.0 { self.drift[lane] / self.largest[lane] } else { 0.0 }
    }

    /// Whether the step is too small to move the time.
    #[inline(always)]
    pub(super) fn stuck(&self, lane: usize) -> bool {
        self.time[lane] + 0.1 * self.step[lane] <= self.time[lane]
    }

    /// The interpolant of the step.
    #[inline(always)]
    fn interpolate(&mut self, motion: &impl Motion<N>) {
        self.stage::<13>(motion);
        self.stage::<14>(motion);
        self.stage::<15>(motion);
        for lane in 0..LANES {
            for i in 0..N {
                let k = |j: usize| self.slopes[j][i][lane];
                self.dense[0][i][lane] = sum::<DENSE>(k);
                self.dense[1][i][lane] = sum::<{ DENSE + 1 }>(k);
                self.dense[2][i][lane] = sum::<{ DENSE + 2 }>(k);
                self.dense[3][i][lane] = sum::<{ DENSE + 3 }>(k);
            }
        }
    }

    /// The interpolant in one lane.
    #[inline(always)]
    pub(super) fn output(&self, lane: usize) -> Output<N> {
        let h = self.step[lane];
        let coefficients = from_fn(|i| {
            let (old, new) = (self.state[i][lane], self.new[i][lane]);
            let (first, last) = (h * self.slopes[0][i][lane], h * self.slopes[12][i][lane]);
            let rise = new - old;
            let dense = |j: usize| h * self.dense[j][i][lane];
            [old, rise, first - rise, 2.0 * rise - (first + last), dense(0), dense(1), dense(2), dense(3)]
        });
        Output { time: self.time[lane], inverse: 1.0 / h, coefficients }
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;
    use crate::series::Run;

    /// x'' = -x, from x = 1.
    struct Circle;

    impl Motion<2> for Circle {
        fn begin(&mut self, _: usize, _: &Run) -> Start<2> {
            Start { state: [1.0, 0.0], scale: [1.0, 1.0] }
        }
        fn rate(&self, _: usize, _: f64, [x, v]: [f64; 2]) -> [f64; 2] {
            [v, -x]
        }
        fn energy(&self, _: usize, [x, v]: [f64; 2]) -> f64 {
            x * x + v * v
        }
        fn give(&self, _: usize, state: [f64; 2]) -> [f64; 2] {
            state
        }
    }

    /// The error at 12, and the largest in the middles of steps over the step's own, with steps of a length.
    fn errors(step: f64) -> [f64; 2] {
        let mut lanes = Lanes::<2>::new();
        lanes.enter(&Circle, 0, &Start { state: [1.0, 0.0], scale: [1.0, 1.0] }, 1.0, 0.0);
        let mut between: f64 = 0.0;
        for number in 0..(12.0 / step) as u32 {
            (lanes.following[0], lanes.accepted[0]) = (step, true);
            lanes.proceed();
            lanes.attempt(&Circle);
            let start = f64::from(number) * step;
            let [x, v] = lanes.output(0).at(lanes.time[0] + 0.37 * step);
            let ([x0, v0], (sin, cos)) = ([lanes.state[0][0], lanes.state[1][0]], (0.37 * step).sin_cos());
            assert!((lanes.time[0] - start).abs() < 1e-12);
            between = between.max((x - (x0 * cos + v0 * sin)).abs()).max((v - (v0 * cos - x0 * sin)).abs());
        }
        [(lanes.new[0][0] - 12_f64.cos()).abs().max((lanes.new[1][0] + 12_f64.sin()).abs()), between]
    }

    /// Halving the step divides the error by 2^7.5 or more, and that of the interpolant, of one step alone, too.
    #[test]
    fn the_orders_are_eight_and_seven() {
        let errors = [1.0, 0.5, 0.25].map(errors);
        for pair in errors.windows(2) {
            let slopes = [0, 1].map(|i| (pair[0][i] / pair[1][i]).log2());
            println!("{pair:?}: {slopes:?}");
            assert!(slopes[0] > 7.5 && slopes[1] > 7.5, "{pair:?}: {slopes:?}");
            assert!(pair.iter().all(|errors| errors[0] < 1e-3 && errors[0] > 1e-12));
        }
    }
}
