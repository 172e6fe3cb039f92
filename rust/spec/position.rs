//! Where an object is, where x and y are drawn together.

use super::{Per, Value};
use serde::Deserialize;

/// Uniform in the area of a disc or of a ring; exactly one of the two is there.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// All within a radius.
    #[serde(default)]
    pub disc: Option<Disc>,
    /// All between two.
    #[serde(default)]
    pub annulus: Option<Annulus>,
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

fn origin() -> [Value; 2] {
    [Value::Constant(0.0), Value::Constant(0.0)]
}
