//! Runs in steps of an adaptive integrator's choosing, each by its own clock.
//!
//! Outputs are read off the polynomial of the step in which they lie. A run that is done leaves its
//! seat to the next; those of many bodies come first, so that a cohort only ever shrinks.

use super::cohort::Cohort;
use super::ledger::Ledger;
use super::scene::Scene;
use crate::series::integrate::block::Block;
use crate::series::integrate::clock::Clock;
use crate::series::integrate::{Attempt, Stepper};
use crate::series::{Failure, Run};

/// A run on its way.
struct Seat<'r, 'a> {
    run: &'r mut Run<'a>,
    softening: f64,
    damping: f64,
    clock: Clock,
    ledger: Ledger,
    done: usize,
    /// The length of the next step, if this one is good.
    next: Option<f64>,
}

impl Seat<'_, '_> {
    /// Where in the step the next output lies, if it does.
    fn pending(&self) -> Option<f64> {
        let time = self.run.times.get(self.done)?;
        self.next?;
        Some(self.clock.place(*time)).filter(|place| *place <= 1.0)
    }

    fn over(&self) -> bool {
        self.done == self.run.times.len()
    }

    fn close(self, failed: Option<Failure>) {
        self.ledger.close(self.run, self.done, self.damping, self.clock.error, failed);
    }
}

/// What one cohort of runs needs.
struct Voyage<'r, 'a, S> {
    cohort: Cohort,
    stepper: S,
    seats: Vec<Option<Seat<'r, 'a>>>,
}

/// Follows runs that fit the cohort, those of most bodies first.
pub fn follow(stepper: impl Stepper, cohort: Cohort, runs: Vec<(Scene, &mut Run)>) {
    let mut waiting = runs.into_iter();
    let seats = (0..cohort.seats()).map(|_| None).collect();
    let mut voyage = Voyage { cohort, stepper, seats };
    loop {
        voyage.board(&mut waiting);
        if voyage.seats.iter().all(Option::is_none) {
            return;
        }
        voyage.step();
    }
}

impl<'r, 'a, S: Stepper> Voyage<'r, 'a, S> {
    /// Gives free seats to those who wait.
    fn board(&mut self, waiting: &mut impl Iterator<Item = (Scene, &'r mut Run<'a>)>) {
        let Voyage { cohort, stepper, seats } = self;
        if seats.iter().all(Option::is_some) {
            return;
        }
        for (number, place) in seats.iter_mut().enumerate().filter(|(_, place)| place.is_none()) {
            let Some((scene, run)) = waiting.next() else { break };
            cohort.enter(number, &scene, |coordinate, lane, x, v| stepper.enter(coordinate, lane, x, v));
            let longest = run.times.last().copied().filter(|time| *time > 0.0).unwrap_or(1.0);
            let clock = Clock::new(scene.first_step(longest));
            let (softening, damping, ledger) = (scene.softening, scene.damping, Ledger::default());
            *place = Some(Seat { run, softening, damping, clock, ledger, done: 0, next: None });
        }
        let bodies = seats.iter().flatten().map(|seat| seat.run.count).max().unwrap_or(0);
        cohort.shrink(bodies);
        stepper.shrink(cohort.coordinates());
    }

    /// One number of each seat, in its lanes; 0 where it is free.
    fn lanes(&self, of: impl Fn(&Seat) -> f64) -> Block {
        let seats = &self.seats;
        // A seat alone has all the lanes.
        Block(std::array::from_fn(|lane| seats[lane % seats.len()].as_ref().map_or(0.0, &of)))
    }

    /// A step of every run, or an attempt at one.
    fn step(&mut self) {
        self.begin();
        let (h, q) = (self.lanes(|seat| seat.clock.step), self.lanes(|seat| seat.clock.ratio()));
        let on = self.lanes(|_| 1.0);
        let attempt = self.stepper.attempt(&self.cohort, &h, &q, &on);
        self.judge(&attempt);
        self.write(&h);
        let keep = self.lanes(|seat| if seat.next.is_some() { 1.0 } else { 0.0 });
        self.stepper.advance(&h, &keep);
        for place in &mut self.seats {
            if let Some(seat) = place
                && let Some(next) = seat.next.take()
            {
                seat.clock.advance(next);
            }
            if let Some(seat) = place.take_if(|seat| seat.over()) {
                seat.close(None);
            }
        }
    }

    /// Accelerations and energies where the steps start.
    fn begin(&mut self) {
        let potential = self.stepper.begin(&self.cohort);
        let kinetic = self.cohort.kinetic(self.stepper.state().1);
        for (lane, place) in self.seats.iter_mut().enumerate() {
            let Some(seat) = place else { continue };
            let noted = seat.ledger.note(kinetic.0[lane], potential.0[lane], seat.softening);
            if let (Err(failure), Some(seat)) = (noted, place.take_if(|_| noted.is_err())) {
                seat.close(Some(failure));
            }
        }
    }

    /// Decides whose attempts are steps, and how long the next are.
    fn judge(&mut self, attempt: &Attempt) {
        for (lane, place) in self.seats.iter_mut().enumerate() {
            let Some(seat) = place else { continue };
            match seat.clock.judge(attempt.good.0[lane] > 0.0, attempt.factor.0[lane], attempt.error.0[lane])
            {
                Ok(next) => seat.next = next,
                Err(failure) => {
                    let met = failure == Failure::StepTooSmall && seat.softening == 0.0;
                    if let Some(seat) = place.take() {
                        seat.close(Some(if met { Failure::Collision } else { failure }));
                    }
                }
            }
        }
    }

    /// Writes the outputs that lie in the steps.
    fn write(&mut self, h: &Block) {
        let pending = |seats: &[Option<Seat>]| seats.iter().flatten().any(|seat| seat.pending().is_some());
        if pending(&self.seats) {
            self.stepper.prepare(&self.cohort, h);
        }
        while pending(&self.seats) {
            let s = self.lanes(|seat| seat.pending().unwrap_or(0.0));
            self.stepper.at(&s, h);
            let (x, v) = self.stepper.state();
            for (number, seat) in self.seats.iter_mut().enumerate() {
                if let Some(seat) = seat.as_mut().filter(|seat| seat.pending().is_some()) {
                    let width = 2 * seat.run.count * self.cohort.dimensions();
                    let out = &mut seat.run.states[seat.done * width..][..width];
                    self.cohort.write(number, seat.run.count, x, v, out);
                    seat.done += 1;
                }
            }
        }
    }
}
