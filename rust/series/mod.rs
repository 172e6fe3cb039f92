//! Time series: systems that move, and what is seen of them.

mod closed;
pub mod double_pendulum;
pub mod integrate;
pub mod n_body;
pub mod noise;
mod oscillator;
pub mod pendulum;
pub mod scalar;
pub mod spring;
pub mod times;
pub mod variation;

use crate::isa::Isa;
use crate::param::{Model, Param, Unit};
use scalar::Dual;
use serde::Serialize;

/// What moves.
pub struct System {
    /// Its table: the parameters of the system as a whole.
    pub model: &'static Model,
    /// The table of each of its bodies, where a recipe says how many there are.
    pub body: Option<&'static Model>,
    /// How many bodies it has where `body` is none; 1 where it is one thing.
    pub fixed: usize,
    /// Words that hold for a whole recipe.
    pub choices: &'static [Choice],
    /// Numbers that hold for a whole recipe.
    pub settings: &'static [Param],
    /// What can be seen of it.
    pub observables: &'static [Observable],
    /// How many axes a vector has.
    pub dimensions: fn(&Setup) -> usize,
    /// How many numbers the state of so many bodies is.
    pub width: fn(&Setup, bodies: usize) -> usize,
    /// Moves many runs. The numbers of one do not depend on the others.
    pub follow: fn(Isa, &Setup, &mut [Run]),
    /// Moves one run, and how it changes with what its parameters change with.
    pub vary: fn(&Setup, &mut Run<Dual>),
}

/// One word out of several, for a whole recipe.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Choice {
    /// Its key in a recipe.
    pub name: &'static str,
    /// The words; the first is the default.
    pub words: &'static [Word],
    /// One sentence.
    pub summary: &'static str,
}

/// One word of a choice.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Word {
    /// As a recipe says it.
    pub name: &'static str,
    /// The parameters, parameters of a body and settings that this word has no use for: a recipe
    /// that says it must not give them, and they are at their default, or 0 where they have none.
    pub without: &'static [&'static str],
    /// One sentence.
    pub summary: &'static str,
}

/// What can be seen of a system.
#[derive(Clone, Copy, Serialize)]
pub struct Observable {
    /// Its key in a recipe.
    pub name: &'static str,
    /// Its unit.
    pub unit: Unit,
    /// How many numbers it is at a time.
    pub shape: Shape,
    /// One sentence.
    pub summary: &'static str,
    /// Writes it for all times of a run that was followed, [`Shape::axes`] numbers a time; what
    /// belongs to absent bodies is left as it is.
    #[serde(skip)]
    pub see: fn(Isa, &Setup, &Run, out: &mut [f64]),
    /// The same of a run that was varied.
    #[serde(skip)]
    pub vary: fn(&Setup, &Run<Dual>, out: &mut [Dual]),
}

/// An observable of one number a time, by a function that the caller's `each` gives the system and its state.
macro_rules! one {
    ($name:literal, $unit:ident, $summary:literal, $see:expr) => {
        $crate::series::Observable {
            name: $name,
            unit: $crate::param::Unit::$unit,
            shape: $crate::series::Shape::One,
            summary: $summary,
            see: |_, setup, run, out| each(setup, run, out, $see),
            vary: |setup, run, out| each(setup, run, out, $see),
        }
    };
}
use one;

/// How many numbers an observable is at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// One.
    One,
    /// One for each body.
    PerBody,
    /// A vector for each body.
    Vector,
    /// A vector of the whole system.
    Whole,
    /// As `Whole`, of a rotation: one number in two dimensions, three in three.
    Rotation,
}

impl Shape {
    /// Whether each body has numbers of its own.
    pub fn is_of_bodies(self) -> bool {
        matches!(self, Shape::PerBody | Shape::Vector)
    }

    /// The axes of the array after samples and times, of a system of so many dimensions.
    pub fn axes(self, slots: usize, dimensions: usize) -> Vec<usize> {
        match self {
            Shape::One => vec![],
            Shape::PerBody => vec![slots],
            Shape::Vector => vec![slots, dimensions],
            Shape::Whole => vec![dimensions],
            Shape::Rotation if dimensions == 2 => vec![],
            Shape::Rotation => vec![dimensions],
        }
    }
}

/// What holds for all runs of a recipe.
#[derive(Clone, Debug, PartialEq)]
pub struct Setup {
    /// The number of the word, in the order of [`System::choices`].
    pub choices: Vec<usize>,
    /// In the order of [`System::settings`].
    pub settings: Vec<f64>,
    /// The most bodies that a run can have; [`System::fixed`] where that is fixed.
    pub slots: usize,
}

/// One trajectory: where it starts and, once followed, where it went.
pub struct Run<'a, T = f64> {
    /// The system's own, in the order of `Model::canonical` and in their units.
    pub parameters: &'a [T],
    /// Parameter p of body i, of those that are there, at `p * count + i`; the order is that of
    /// `Model::canonical`.
    pub bodies: &'a [T],
    /// How many bodies are there; [`System::fixed`] where that is fixed.
    pub count: usize,
    /// Since the moment for which the parameters hold: not negative, increasing.
    pub times: &'a [f64],
    /// The states at these times, one after another; NaN from a failure on.
    pub states: &'a mut [T],
    /// How it went.
    pub outcome: Outcome,
}

/// How a run went.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Outcome {
    /// The largest difference, at any step, between the energy and the energy at the start plus
    /// the work done since, over the largest energy on the way (of bodies: over the sizes of the kinetic
    /// and the potential energy at the start); NaN where that means nothing.
    pub energy_drift: f64,
    /// The integrator's own estimate of the error of the state, relative.
    pub error: f64,
    /// Why it ended early.
    pub failed: Option<Failure>,
}

/// Why a run ended early.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// The tolerance asks for steps too small to move the time.
    StepTooSmall,
    /// More steps than a run is given.
    TooManySteps,
    /// A number overflowed, or an angle grew beyond what a sine is known for.
    NotFinite,
    /// Two bodies met.
    Collision,
}

impl Failure {
    /// All of them, by number.
    pub const ALL: [Failure; 4] =
        [Failure::StepTooSmall, Failure::TooManySteps, Failure::NotFinite, Failure::Collision];
}
