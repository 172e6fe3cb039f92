//! One value of a record: a constant, an expression, or a draw whose numbers may be values.

use super::place::Place;
use super::table::{Cell, Count};
use crate::error::Error;
use crate::expression::Expression;
use crate::param::{Kind, Param, Range};
use crate::random::{Counter, Cut, Prior, Slot};
use crate::spec::Per;

/// The most inputs that an error names.
const NAMED: usize = 8;

/// Which scene, which object of an entry, and which redraw of the scene.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct At {
    pub(super) scene: u64,
    pub(super) instance: u16,
    pub(super) round: u16,
}

/// What a value may be.
#[derive(Clone, Debug)]
pub(super) struct Legal {
    /// What it is called in an error.
    pub(super) name: String,
    pub(super) range: Range,
    pub(super) whole: bool,
}

impl Legal {
    pub(super) fn of(param: &Param) -> Legal {
        Legal { name: param.name.into(), range: param.range, whole: param.kind != Kind::Real }
    }

    /// Any finite number.
    pub(super) fn any(name: &str) -> Legal {
        Legal { name: name.into(), range: Range::ANY, whole: false }
    }

    pub(super) fn contains(&self, value: f64) -> bool {
        self.range.contains(value) && !(self.whole && value.trunc() != value)
    }
}

impl std::fmt::Display for Legal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let whole = if self.whole { " and a whole number" } else { "" };
        write!(f, "{} must be {}{whole}", self.name, self.range)
    }
}

/// A value and how it comes about.
#[derive(Clone)]
pub(super) struct Variable {
    pub(super) slot: Slot,
    pub(super) place: String,
    pub(super) legal: Legal,
    /// How often it is drawn; of an expression, how often it changes.
    pub(super) per: Per,
    pub(super) source: Source,
}

#[derive(Clone)]
pub(super) enum Source {
    /// A constant, or a distribution that is the same for all.
    Prior(Prior, Cut),
    /// Computed from other columns.
    Formula(Formula),
    /// A distribution whose numbers vary.
    Draw(Box<Draw>),
    /// A coordinate of a position that is drawn as a whole.
    Place(Box<Place>),
    /// Read from a table.
    Cell(Cell),
    /// Counted: the rows of a table.
    Count(Count),
}

/// An expression, and where its names stand in a record.
#[derive(Clone)]
pub(super) struct Formula {
    pub(super) expression: Expression,
    pub(super) inputs: Vec<Input>,
}

/// A column: of the same object where `stride` is 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Input {
    pub(super) offset: usize,
    pub(super) stride: usize,
}

#[derive(Clone)]
pub(super) struct Draw {
    pub(super) form: Form,
    pub(super) min: Option<Argument>,
    pub(super) max: Option<Argument>,
}

/// How a distribution is made of its numbers; its constructor checks them.
#[derive(Clone)]
pub(super) enum Form {
    One(fn(f64) -> Result<Prior, String>, Argument),
    Two(fn(f64, f64) -> Result<Prior, String>, [Argument; 2]),
    Choice(Vec<Argument>, Option<Vec<Argument>>),
}

/// A number of a distribution or a position.
#[derive(Clone)]
pub(super) enum Argument {
    Number(f64),
    Variable(Box<Variable>),
}

impl Input {
    pub(super) fn read(self, record: &[f64], at: At) -> f64 {
        record[self.offset + self.stride * at.instance as usize]
    }
}

impl Argument {
    pub(super) fn value(&self, at: At, record: &[f64]) -> Result<f64, Error> {
        match self {
            Argument::Number(number) => Ok(*number),
            Argument::Variable(variable) => Ok(variable.value(at, 0, record)?.0),
        }
    }
}

impl Draw {
    /// All its numbers.
    fn arguments(&self) -> Vec<&Argument> {
        let ends = self.min.iter().chain(&self.max);
        match &self.form {
            Form::One(_, number) => ends.chain([number]).collect(),
            Form::Two(_, numbers) => ends.chain(numbers).collect(),
            Form::Choice(values, weights) => ends.chain(values).chain(weights.iter().flatten()).collect(),
        }
    }

    /// The same, to be settled.
    fn arguments_mut(&mut self) -> Vec<&mut Argument> {
        let ends = self.min.iter_mut().chain(&mut self.max);
        match &mut self.form {
            Form::One(_, number) => ends.chain([number]).collect(),
            Form::Two(_, numbers) => ends.chain(numbers).collect(),
            Form::Choice(values, weights) => ends.chain(values).chain(weights.iter_mut().flatten()).collect(),
        }
    }

    /// The distribution at one place: an outer error of its numbers, an inner one of their meaning.
    pub(super) fn prior(&self, at: At, record: &[f64]) -> Result<Result<Prior, String>, Error> {
        let number = |argument: &Argument| argument.value(at, record);
        let numbers = |list: &[Argument]| list.iter().map(number).collect::<Result<Vec<_>, _>>();
        Ok(match &self.form {
            Form::One(make, a) => make(number(a)?),
            Form::Two(make, [a, b]) => make(number(a)?, number(b)?),
            Form::Choice(values, None) => Prior::choice(&numbers(values)?, None),
            Form::Choice(values, Some(weights)) => Prior::choice(&numbers(values)?, Some(&numbers(weights)?)),
        })
    }

    pub(super) fn cut(&self, range: Range, at: At, record: &[f64]) -> Result<Cut, Error> {
        let end = |end: &Option<Argument>| end.as_ref().map(|end| end.value(at, record)).transpose();
        Ok(Cut { range, min: end(&self.min)?, max: end(&self.max)? })
    }
}

impl Variable {
    /// The value, if it is the same for all.
    pub(super) fn constant(&self) -> Option<f64> {
        match &self.source {
            Source::Prior(prior, _) => prior.single(),
            _ => None,
        }
    }

    /// Whether another attempt gives another value.
    pub(super) fn is_drawn(&self) -> bool {
        matches!(self.source, Source::Prior(..) | Source::Draw(_)) && self.constant().is_none()
    }

    pub(super) fn counter(&self, at: At, attempt: u16) -> Counter {
        let instance = if self.per == Per::Object { at.instance } else { 0 };
        Counter { scene: at.scene, instance, attempt, round: at.round }
    }

    /// The first legal value from an attempt on, and the attempt that gave it.
    pub(super) fn value(&self, at: At, attempt: u16, record: &[f64]) -> Result<(f64, u16), Error> {
        match &self.source {
            Source::Prior(prior, cut) => match prior.single() {
                Some(value) => Ok((value, attempt)),
                None => prior.draw_within(&self.slot, self.counter(at, attempt), cut),
            },
            Source::Formula(formula) => {
                let value = formula.expression.evaluate(|name| formula.inputs[name].read(record, at));
                self.checked(value, at, record).map(|value| (value, attempt))
            }
            Source::Draw(draw) => self.drawn(draw, at, attempt, record),
            Source::Place(place) => Ok((self.placed(place, at, record)?, attempt)),
            Source::Cell(cell) => match cell.value(at, record) {
                Ok(value) => Ok((value, attempt)),
                Err(message) => Err(self.error(message, at)),
            },
            Source::Count(count) => Ok((count.value(at), attempt)),
        }
    }

    fn drawn(&self, draw: &Draw, at: At, attempt: u16, record: &[f64]) -> Result<(f64, u16), Error> {
        let prior = draw.prior(at, record)?.map_err(|message| self.error(message, at))?;
        let cut = draw.cut(self.legal.range, at, record)?;
        let (value, attempt) = prior.draw_within(&self.slot, self.counter(at, attempt), &cut)?;
        if self.legal.whole && value.trunc() != value {
            return Err(self.error(format!("the choice {value} is not allowed; {}", self.legal), at));
        }
        Ok((value, attempt))
    }

    /// What an expression gave, if it is legal.
    pub(super) fn checked(&self, value: f64, at: At, record: &[f64]) -> Result<f64, Error> {
        if self.legal.contains(value) {
            return Ok(value);
        }
        let Source::Formula(formula) = &self.source else { return Ok(value) };
        let names = formula.expression.names().iter().zip(&formula.inputs).take(NAMED);
        let inputs: Vec<_> =
            names.map(|(name, input)| format!("{} = {}", name.text, input.read(record, at))).collect();
        let with = if inputs.is_empty() { String::new() } else { format!(" with {}", inputs.join(", ")) };
        Err(self.error(format!("\"{}\" is {value}{with}; {}", formula.expression.text(), self.legal), at))
    }

    pub(super) fn error(&self, message: String, at: At) -> Error {
        Error::Value { place: self.place.clone(), message, row: at.scene }
    }

    /// The columns that it depends on, with their names.
    pub(super) fn inputs(&self) -> Vec<(Input, &str)> {
        match &self.source {
            Source::Count(_) => vec![],
            Source::Cell(cell) => vec![cell.input()],
            Source::Prior(..) | Source::Draw(_) | Source::Place(_) => {
                self.source.nested().flat_map(|nested| nested.inputs()).collect()
            }
            Source::Formula(formula) => {
                let names = formula.expression.names().iter().map(|name| name.text.as_str());
                formula.inputs.iter().copied().zip(names).collect()
            }
        }
    }
}

impl Source {
    /// The numbers that it takes.
    pub(super) fn arguments_mut(&mut self) -> Vec<&mut Argument> {
        match self {
            Source::Draw(draw) => draw.arguments_mut(),
            Source::Place(place) => place.arguments_mut(),
            Source::Prior(..) | Source::Formula(_) | Source::Cell(_) | Source::Count(_) => vec![],
        }
    }

    /// Those of them that are values themselves.
    pub(super) fn nested(&self) -> impl Iterator<Item = &Variable> {
        let arguments = match self {
            Source::Draw(draw) => draw.arguments(),
            Source::Place(place) => place.arguments(),
            Source::Prior(..) | Source::Formula(_) | Source::Cell(_) | Source::Count(_) => vec![],
        };
        arguments.into_iter().filter_map(|argument| match argument {
            Argument::Variable(variable) => Some(&**variable),
            Argument::Number(_) => None,
        })
    }
}
