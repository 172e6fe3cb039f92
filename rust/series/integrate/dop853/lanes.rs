//! One step of many runs at once.

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
    /// The rates at which work is done, where the weights of [`ADVANCE`] need them.
    powers: [Lane; ADVANCE],
    /// The end of the step, the state there, its error over the tolerance, whether that is allowed, and
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
    work: Lane,
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
            powers: [[0.0; LANES]; ADVANCE],
            end: [0.0; LANES],
            new: [[0.0; LANES]; N],
            error: [0.0; LANES],
            accepted: [true; LANES],
            following: [0.0; LANES],
            due: [f64::INFINITY; LANES],
            dense: [[[0.0; LANES]; N]; 4],
            energy: [0.0; LANES],
            work: [0.0; LANES],
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
        (self.work[lane], self.drift[lane]) = (0.0, 0.0);
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

    /// The slope of a row, and the power there.
    #[inline(always)]
    fn stage<const ROW: usize>(&mut self, motion: &impl Motion<N>) {
        let mut slopes = [[0.0; LANES]; N];
        let mut powers = [0.0; LANES];
        for lane in 0..LANES {
            let (time, state) = self.along::<ROW>(lane);
            let slope = motion.rate(lane, time, state);
            for i in 0..N {
                slopes[i][lane] = slope[i];
            }
            powers[lane] = motion.power(lane, time, state);
        }
        self.slopes[ROW] = slopes;
        if ROW < ADVANCE {
            self.powers[ROW] = powers;
        }
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
    pub(super) fn attempt<M: Motion<N>>(&mut self, motion: &M) {
        if M::FORCED {
            for lane in 0..LANES {
                let state = from_fn(|i| self.state[i][lane]);
                self.powers[0][lane] = motion.power(lane, self.time[lane], state);
            }
        }
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
        self.judge(motion);
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

    /// The error of the step, what follows from it, and the energy.
    #[inline(always)]
    fn judge<M: Motion<N>>(&mut self, motion: &M) {
        for lane in 0..LANES {
            let step = self.step[lane];
            let (mut fifth, mut third) = (0.0, 0.0);
            for i in 0..N {
                let weighted =
                    |estimate: f64| (estimate * self.weight[i][lane]) * (estimate * self.weight[i][lane]);
                fifth += weighted(sum::<FIFTH>(|j| self.slopes[j][i][lane]));
                third += weighted(sum::<THIRD>(|j| self.slopes[j][i][lane]));
            }
            let error = control::error(step, fifth, third, N);
            let good = error <= 1.0;
            self.following[lane] = step * control::factor(error, !self.accepted[lane] | !good);
            self.accepted[lane] = good;
            self.error[lane] = error;
            let energy = motion.energy(lane, from_fn(|i| self.new[i][lane]));
            let work = if M::FORCED { step * sum::<ADVANCE>(|j| self.powers[j][lane]) } else { 0.0 };
            let work = self.work[lane] + work;
            let (size, drift) = (energy.abs(), (energy - self.energy[lane] - work).abs());
            self.work[lane] = if good { work } else { self.work[lane] };
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

    /// Whether an accepted step has passed a time that is asked for.
    #[inline(always)]
    pub(super) fn output_is_due(&self) -> bool {
        (0..LANES).fold(false, |any, lane| any | (self.accepted[lane] & (self.due[lane] <= self.end[lane])))
    }

    /// The interpolant of the step.
    #[inline(always)]
    pub(super) fn prepare_output(&mut self, motion: &impl Motion<N>) {
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

/// The interpolant of one step of one run.
pub(super) struct Output<const N: usize> {
    time: f64,
    inverse: f64,
    coefficients: [[f64; 8]; N],
}

impl<const N: usize> Output<N> {
    /// The state at a time in the step.
    #[inline(always)]
    pub(super) fn at(&self, time: f64) -> [f64; N] {
        let s = (time - self.time) * self.inverse;
        let r = 1.0 - s;
        let c = &self.coefficients;
        from_fn(|i| {
            let c = &c[i];
            c[0] + s * (c[1] + r * (c[2] + s * (c[3] + r * (c[4] + s * (c[5] + r * (c[6] + s * c[7]))))))
        })
    }
}
