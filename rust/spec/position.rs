//! Where an object is, where its coordinates are drawn together.

use super::{Per, Value};
use serde::Deserialize;

/// Uniform in the area of a disc or of a ring, or in the volume of a ball or of a hollow one;
/// exactly one of them is there.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// All within a radius.
    #[serde(default)]
    pub disc: Option<Disc>,
    /// All between two.
    #[serde(default)]
    pub annulus: Option<Annulus>,
    /// In space, all within a radius.
    #[serde(default)]
    pub ball: Option<Ball>,
    /// In space, all between two.
    #[serde(default)]
    pub shell: Option<Shell>,
    /// How often it is drawn; by default for each object.
    #[serde(default)]
    pub per: Option<Per>,
}

/// A disc.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disc {
    /// Its radius.
    pub radius: Value,
    /// Its centre, x and y.
    #[serde(default = "origin")]
    pub centre: [Value; 2],
}

/// A ring.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Annulus {
    /// Its inner radius.
    pub inner: Value,
    /// Its outer radius.
    pub outer: Value,
    /// Its centre, x and y.
    #[serde(default = "origin")]
    pub centre: [Value; 2],
}

/// A ball.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ball {
    /// Its radius.
    pub radius: Value,
    /// Its centre, x, y and z.
    #[serde(default = "origin")]
    pub centre: [Value; 3],
}

/// A hollow ball.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shell {
    /// Its inner radius.
    pub inner: Value,
    /// Its outer radius.
    pub outer: Value,
    /// Its centre, x, y and z.
    #[serde(default = "origin")]
    pub centre: [Value; 3],
}

fn origin<const N: usize>() -> [Value; N] {
    std::array::from_fn(|_| Value::Constant(0.0))
}
