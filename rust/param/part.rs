//! Models made of parts: the tables of one model as those of a part of another, `disk.index` for
//! `index`.
//!
//! They are made once, when a composite's table is first asked for, and kept as long as the process.

use super::{Model, Param, Way, Ways};
use crate::image::Render;

/// A model that is drawn as several objects of another.
///
/// Its own parameters come first among its canonical ones, then those of each part.
pub struct Composite {
    /// What each part is.
    pub of: &'static Model,
    /// How a part is drawn.
    pub render: Render,
    /// The parts' names.
    pub parts: [&'static str; 2],
    /// The canonical parameters of each part, in the image's frame.
    pub split: fn(&[f64]) -> [[f64; 7]; 2],
    /// The circle that holds half of the light, from the canonical parameters and what follows from them:
    /// x, y and radius.
    pub half_light: fn(&[f64]) -> [f64; 3],
    /// What follows from the canonical parameters, each a column of every recipe: `written` from `needs`.
    pub follows: Vec<Way>,
    /// Those of them that are no parameters.
    pub labels: &'static [Param],
}

impl Composite {
    /// What a column of what follows is, of this model.
    pub fn label(&self, model: &Model, name: &str) -> Option<&'static Param> {
        model.param(name).or_else(|| self.labels.iter().find(|label| label.name == name))
    }

    /// The part that a parameter belongs to.
    pub fn part_of(&self, name: &str) -> Option<&'static str> {
        let part = name.split_once('.')?.0;
        self.parts.into_iter().find(|own| *own == part)
    }
}

/// What is kept for ever.
pub(crate) fn kept<T>(list: Vec<T>) -> &'static [T] {
    Box::leak(list.into_boxed_slice())
}

/// `disk.index`.
pub(crate) fn name(part: &str, name: &str) -> &'static str {
    Box::leak(format!("{part}.{name}").into_boxed_str())
}

pub(crate) fn names(part: &str, all: &[&str]) -> &'static [&'static str] {
    kept(all.iter().map(|one| name(part, one)).collect())
}

/// The parameters of a part, each changed as the part asks for.
pub(crate) fn params(part: &str, groups: &[&[Param]], change: fn(Param) -> Param) -> &'static [Param] {
    let one = |param: &Param| Param { name: name(part, param.name), ..change(*param) };
    kept(groups.iter().flat_map(|group| group.iter()).map(one).collect())
}

/// The same ways, of a part.
pub(crate) fn ways(part: &str, ways: &Ways) -> &'static Ways {
    let one = |way: &Way| Way {
        written: names(part, way.written),
        needs: names(part, way.needs),
        convert: way.convert,
    };
    Box::leak(Box::new(Ways {
        of: Box::leak(format!("{part}'s {}", ways.of).into_boxed_str()),
        gives: names(part, ways.gives),
        ways: kept(ways.ways.iter().map(one).collect()),
        valid: ways.valid,
        allowed: ways.allowed,
    }))
}
