//! Positions: x and y of an object, or x, y and z of a body, drawn together from one slot.

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

/// The canonical parameters that a position stands for: in a plane the first two.
const AXES: [&str; 3] = ["x", "y", "z"];

/// One of the coordinates. All are worked out alike, from the same words of the same slot, so each
/// is a value of its own to all that depends on it.
#[derive(Clone)]
pub(super) struct Place {
    /// The inner and the outer radius.
    radii: [Argument; 2],
    /// The coordinate of the centre.
    centre: Argument,
    axis: usize,
    /// Whether it is one of three.
    solid: bool,
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
        let (key, counter) = (self.slot.key, self.counter(at, 0));
        let from_centre = if place.solid {
            shell.space(key, counter)[place.axis]
        } else {
            shell.plane(key, counter)[place.axis]
        };
        let value = place.centre.value(at, record)? + from_centre;
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
    /// The columns of its coordinates.
    columns: Vec<usize>,
}

impl<'a> Builder<'a> {
    /// Notes an object's position, to be understood when all names are known.
    pub(super) fn position(&mut self, object: &'a spec::Object, owner: &Owner) {
        let Some(position) = &object.position else { return };
        let place = format!("{}.position", object.place);
        let axes = position.axes();
        if let Some(axis) = axes.iter().find(|axis| object.parameters.contains_key(**axis)) {
            let all = axes.join(", ");
            self.fault(&place, format!("the position stands for {all}; {axis} says it a second time"));
        }
        let columns: Vec<usize> =
            axes.iter().filter_map(|axis| self.layout.offset(owner.name, axis)).collect();
        if columns.len() < axes.len() {
            return;
        }
        self.placings.push(Placing {
            position,
            path: format!("{}.position", object.name),
            place,
            scope: Scope::inside(owner.index),
            repeated: (!owner.single).then_some(owner.index),
            finest: if owner.once { Per::Sample } else { Per::Object },
            columns,
        });
    }

    /// The values of the coordinates; faults are noted.
    pub(super) fn placed(&mut self, placing: &Placing<'a>) -> Vec<Quantity> {
        let Some((radii, centre)) = self.outline(placing) else { return vec![] };
        let slot = self.slot(&placing.place, placing.path.clone());
        let solid = centre.len() == AXES.len();
        let axes = AXES.into_iter().zip(centre).zip(&placing.columns).enumerate();
        let quantity = |(axis, ((name, centre), offset)): (usize, ((&str, Argument), &usize))| {
            let source = Source::Place(Box::new(Place { radii: radii.clone(), centre, axis, solid }));
            let (slot, place) = (slot.clone(), placing.place.clone());
            let variable = Variable { slot, place, legal: Legal::any(name), per: placing.per(), source };
            Quantity { variable, offset: *offset, repeated: placing.repeated, finest: placing.finest }
        };
        axes.map(quantity).collect()
    }

    /// Radii and centre.
    fn outline(&mut self, placing: &Placing<'a>) -> Option<([Argument; 2], Vec<Argument>)> {
        let Position { disc, annulus, ball, shell, .. } = placing.position;
        let (key, inner, outer, centre): (_, _, _, &[Value]) = match (disc, annulus, ball, shell) {
            (Some(disc), None, None, None) => ("disc", None, ("radius", &disc.radius), &disc.centre),
            (None, Some(ring), None, None) => {
                ("annulus", Some(("inner", &ring.inner)), ("outer", &ring.outer), &ring.centre)
            }
            (None, None, Some(ball), None) => ("ball", None, ("radius", &ball.radius), &ball.centre),
            (None, None, None, Some(shell)) => {
                ("shell", Some(("inner", &shell.inner)), ("outer", &shell.outer), &shell.centre)
            }
            _ => {
                self.fault(&placing.place, "give one of disc, annulus, ball, shell".into());
                return None;
            }
        };
        let mut radius =
            |(name, value)| self.part(placing, (format!("{key}.{name}"), value), (name, Range::NOT_NEGATIVE));
        let inner = inner.map_or(Some(Argument::Number(0.0)), &mut radius);
        let outer = radius(outer);
        let centre: Vec<_> = centre
            .iter()
            .enumerate()
            .map(|(i, value)| {
                let at = (format!("{key}.centre[{i}]"), value);
                self.part(placing, at, ("centre", Range::ANY))
            })
            .collect();
        Some(([inner?, outer?], centre.into_iter().collect::<Option<_>>()?))
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

impl Position {
    /// The parameters that it stands for.
    pub(super) fn axes(&self) -> &'static [&'static str] {
        if self.ball.is_some() || self.shell.is_some() { &AXES } else { &AXES[..2] }
    }
}

impl Placing<'_> {
    fn per(&self) -> Per {
        self.position.per.unwrap_or(Per::Object)
    }
}
