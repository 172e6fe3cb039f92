//! Runs in steps of one length: an interval between outputs is so many even steps, none longer than `step`.

use super::cohort::Cohort;
use super::ledger::Ledger;
use super::scene::Scene;
use crate::isa::Isa;
use crate::math::exp;
use crate::series::integrate::block::{Block, LANES};
use crate::series::integrate::leapfrog::{self, State};
use crate::series::integrate::{Motion, yoshida4};
use crate::series::{Failure, Run};

/// Steps beyond which a run is given up: they take minutes.
pub const STEPS: f64 = 1e9;

/// The rule of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Second order.
    Leapfrog,
    /// Fourth.
    Yoshida4,
}

/// How many even steps an interval takes, none of which is longer than `step`.
pub fn even(interval: f64, step: f64) -> f64 {
    // A step that goes into the interval but for rounding is not to be halved.
    (interval / step * (1.0 - 1e-12)).ceil()
}

/// A run on its way.
struct Seat<'r, 'a> {
    run: &'r mut Run<'a>,
    softening: f64,
    damping: f64,
    ledger: Ledger,
    failed: Option<Failure>,
    done: usize,
    /// What is left of the way to the next output: steps, and the length of one.
    steps: u64,
    length: f64,
}

impl Seat<'_, '_> {
    /// Sets out for the next output, if there is one.
    fn set_out(&mut self, step: f64) {
        if self.failed.is_some() || self.done == self.run.times.len() {
            return;
        }
        let since = if self.done == 0 { 0.0 } else { self.run.times[self.done - 1] };
        let interval = self.run.times[self.done] - since;
        let steps = even(interval, step);
        if steps > STEPS {
            self.failed = Some(Failure::TooManySteps);
        } else if steps > 0.0 {
            (self.steps, self.length) = (steps as u64, interval / steps);
        }
    }
}

/// Follows as many runs as there are seats at most.
pub fn follow(isa: Isa, rule: Rule, step: f64, mut cohort: Cohort, runs: Vec<(Scene, &mut Run)>) {
    let blocks = vec![Block::ZERO; cohort.coordinates()];
    let mut state = State { x: blocks.clone(), v: blocks.clone(), a: blocks };
    let mut seats = Vec::with_capacity(runs.len());
    for (seat, (scene, run)) in runs.into_iter().enumerate() {
        cohort.enter(seat, &scene, |coordinate, lane, x, v| {
            (state.x[coordinate].0[lane], state.v[coordinate].0[lane]) = (x, v);
        });
        let (softening, damping) = (scene.softening, scene.damping);
        let ledger = Ledger::default();
        seats.push(Seat { run, softening, damping, ledger, failed: None, done: 0, steps: 0, length: 0.0 });
    }
    let mut potential = Block::ZERO;
    cohort.accelerate(&state.x, &mut state.a, Some(&mut potential));
    note(&mut seats, &cohort, &state, &potential);
    while seats.iter().any(|seat| seat.failed.is_none() && seat.done < seat.run.times.len()) {
        seats.iter_mut().for_each(|seat| seat.set_out(step));
        walk(isa, rule, &cohort, &mut state, &mut seats);
        for (number, seat) in seats.iter_mut().enumerate() {
            if seat.failed.is_none() && seat.done < seat.run.times.len() {
                let width = 2 * seat.run.count * cohort.dimensions();
                let out = &mut seat.run.states[seat.done * width..][..width];
                cohort.write(number, seat.run.count, &state.x, &state.v, out);
                seat.done += 1;
            }
        }
    }
    for seat in seats {
        seat.ledger.close(seat.run, seat.done, seat.damping, f64::NAN, seat.failed);
    }
}

/// Goes to the next output of each run.
fn walk(isa: Isa, rule: Rule, cohort: &Cohort, state: &mut State, seats: &mut [Seat]) {
    while let Some(steps) = seats.iter().map(|seat| seat.steps).filter(|steps| *steps > 0).min() {
        let mut h = Block::ZERO;
        for lane in 0..LANES {
            // Where there is one seat it has all the lanes.
            if let Some(seat) = seats.get(lane % cohort.seats()) {
                h.0[lane] = if seat.steps > 0 { seat.length } else { 0.0 };
            }
        }
        let fade =
            |weight: f64| Block(std::array::from_fn(|l| exp(-0.5 * weight * h.0[l] * cohort.rate().0[l])));
        let fades = match rule {
            Rule::Leapfrog => [fade(1.0); 2],
            Rule::Yoshida4 => [fade(yoshida4::OUTER), fade(yoshida4::INNER)],
        };
        for _ in 0..steps {
            let mut potential = Block::ZERO;
            match rule {
                Rule::Leapfrog => leapfrog::step(isa, cohort, state, &h, &fades[0], Some(&mut potential)),
                Rule::Yoshida4 => yoshida4::step(isa, cohort, state, &h, &fades, Some(&mut potential)),
            }
            note(seats, cohort, state, &potential);
        }
        for seat in seats.iter_mut() {
            seat.steps = if seat.failed.is_some() { 0 } else { seat.steps.saturating_sub(steps) };
        }
    }
}

/// Notes the energies of all.
fn note(seats: &mut [Seat], cohort: &Cohort, state: &State, potential: &Block) {
    let kinetic = cohort.kinetic(&state.v);
    for (lane, seat) in seats.iter_mut().enumerate() {
        let noted = seat.ledger.note(kinetic.0[lane], potential.0[lane], seat.softening);
        seat.failed = seat.failed.or(noted.err());
    }
}
