//! Positions: x and y of an object, drawn together from one slot.

use super::build::Builder;
use super::column::Owner;
use super::compile::Written;
use super::draw::Quantity;
use super::scope::Scope;
use super::variable::{Argument, At, Legal, Source, Variable};
use crate::error::Error;
use crate::param::Range;
use crate::random::Shell;
use crate::spec::{self, Per, Position, Value};

/// The canonical parameters that a position stands for.
pub(super) const AXES: [&str; 2] = ["x", "y"];

/// One of the coordinates. Both are worked out alike, from the same words of the same slot, so each
/// is a value of its own to all that depends on it.
#[derive(Clone)]
pub(super) struct Place {
    /// The inner and the outer radius.
    radii: [Argument; 2],
    /// The coordinate of the centre.
    centre: Argument,
    axis: usize,
}

impl Place {
    pub(super) fn arguments(&self) -> Vec<&Argument> {
        self.radii.iter().chain([&self.centre]).collect()
    }

    pub(super) fn arguments_mut(&mut self) -> Vec<&mut Argument> {
        self.radii.iter_mut().chain([&mut self.centre]).collect()
    }

    /// What is wrong with radii that are numbers.
    pub(super) fn check(&self) -> Result<(), String> {
        match self.radii {
            [Argument::Number(inner), Argument::Number(outer)] => Shell::new(inner, outer).map(|_| ()),
            _ => Ok(()),
        }
    }
}

impl Variable {
    pub(super) fn placed(&self, place: &Place, at: At, record: &[f64]) -> Result<f64, Error> {
        let (inner, outer) = (place.radii[0].value(at, record)?, place.radii[1].value(at, record)?);
        let shell = Shell::new(inner, outer).map_err(|message| self.error(message, at))?;
        let value =
            place.centre.value(at, record)? + shell.plane(self.slot.key, self.counter(at, 0))[place.axis];
        if self.legal.contains(value) {
            return Ok(value);
        }
        Err(self.error(format!("{value} is not allowed; {}", self.legal), at))
    }
}

/// A position as it is written, and all that tells what it means.
pub(super) struct Placing<'a> {
    position: &'a Position,
    /// The path of its slot.
    path: String,
    place: String,
    scope: Scope,
    repeated: Option<usize>,
    /// How often it can change.
    finest: Per,
    /// The columns of x and y.
    columns: [usize; 2],
}

impl<'a> Builder<'a> {
    /// Notes an object's position, to be understood when all names are known.
    pub(super) fn position(&mut self, object: &'a spec::Object, owner: &Owner) {
        let Some(position) = &object.position else { return };
        let place = format!("{}.position", object.place);
        if let Some(axis) = AXES.into_iter().find(|axis| object.parameters.contains_key(*axis)) {
            self.fault(&place, format!("the position stands for x and y; {axis} says it a second time"));
        }
        let [Some(x), Some(y)] = AXES.map(|axis| self.layout.offset(owner.name, axis)) else { return };
        self.placings.push(Placing {
            position,
            path: format!("{}.position", object.name),
            place,
            scope: Scope::inside(owner.index),
            repeated: (!owner.single).then_some(owner.index),
            finest: if owner.once { Per::Sample } else { Per::Object },
            columns: [x, y],
        });
    }

    /// The values of x and y; faults are noted.
    pub(super) fn placed(&mut self, placing: &Placing<'a>) -> Vec<Quantity> {
        let Some((radii, centre)) = self.outline(placing) else { return vec![] };
        let slot = self.slot(&placing.place, placing.path.clone());
        let axes = AXES.into_iter().zip(centre).zip(placing.columns).enumerate();
        let quantity = |(axis, ((name, centre), offset))| {
            let source = Source::Place(Box::new(Place { radii: radii.clone(), centre, axis }));
            let (slot, place) = (slot.clone(), placing.place.clone());
            let variable = Variable { slot, place, legal: Legal::any(name), per: placing.per(), source };
            Quantity { variable, offset, repeated: placing.repeated, finest: placing.finest }
        };
        axes.map(quantity).collect()
    }

    /// Radii and centre.
    fn outline(&mut self, placing: &Placing<'a>) -> Option<([Argument; 2], [Argument; 2])> {
        let (key, inner, outer, centre) = match (&placing.position.disc, &placing.position.annulus) {
            (Some(disc), None) => ("disc", None, ("radius", &disc.radius), &disc.centre),
            (None, Some(ring)) => {
                ("annulus", Some(("inner", &ring.inner)), ("outer", &ring.outer), &ring.centre)
            }
            _ => {
                self.fault(&placing.place, "give one of disc, annulus".into());
                return None;
            }
        };
        let mut radius =
            |(name, value)| self.part(placing, (format!("{key}.{name}"), value), (name, Range::NOT_NEGATIVE));
        let inner = inner.map_or(Some(Argument::Number(0.0)), &mut radius);
        let outer = radius(outer);
        let [x, y] = [0, 1].map(|i| {
            let at = (format!("{key}.centre[{i}]"), &centre[i]);
            self.part(placing, at, ("centre", Range::ANY))
        });
        Some(([inner?, outer?], [x?, y?]))
    }

    /// One number of a position, with a slot of its own where it is drawn.
    fn part(
        &mut self,
        placing: &Placing<'a>,
        (at, value): (String, &'a Value),
        (name, range): (&str, Range),
    ) -> Option<Argument> {
        let written = Written {
            path: format!("{}.{}", placing.path, at.replace('[', ".").replace(']', "")),
            place: format!("{}.{at}", placing.place),
            value,
            legal: Legal { range, ..Legal::any(name) },
            scope: placing.scope,
            per: placing.per(),
            finest: Per::Object,
            depth: 1,
        };
        Some(Argument::Variable(Box::new(self.variable(&written)?)))
    }
}

impl Placing<'_> {
    fn per(&self) -> Per {
        self.position.per.unwrap_or(Per::Object)
    }
}
