//! A time series: what moves is among the recipe's objects, and what else is said stands here.

use super::Value;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What makes a recipe one of a time series. Its first object is the system; a second one, where
/// the system has bodies, is these, as many as its `repeat` says.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Series {
    /// Words of the system, by key; all of them.
    #[serde(default)]
    pub choices: BTreeMap<String, String>,
    /// Numbers of the system that hold for the whole recipe, by key; all of them.
    #[serde(default)]
    pub settings: BTreeMap<String, f64>,
    /// When it is looked at.
    pub times: Times,
    /// What is seen of it.
    pub observe: Vec<String>,
    /// Noise of what is seen.
    #[serde(default)]
    pub noise: Vec<Spread>,
}

/// When a system is looked at: at even times from `start` to `stop`, or at those of a list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Times {
    /// When the parameters hold: the first of even times, before or at the first of a list.
    pub start: f64,
    /// The last of even times.
    #[serde(default)]
    pub stop: Option<f64>,
    /// How many even times there are.
    #[serde(default)]
    pub points: Option<usize>,
    /// The list.
    #[serde(default)]
    pub at: Vec<f64>,
    /// The part of their distance within which even times, but for both ends, are moved at random.
    #[serde(default)]
    pub jitter: f64,
    /// Stretches without any time.
    #[serde(default)]
    pub gaps: Option<Gaps>,
}

/// Stretches of equal length at random places.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gaps {
    /// How many.
    pub number: usize,
    /// How long each is.
    pub length: f64,
}

/// Noise on observables.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spread {
    /// The key of its model.
    pub kind: String,
    /// Its parameters.
    pub parameters: BTreeMap<String, Value>,
    /// The observables that have it.
    pub on: Vec<String>,
    /// Its place in the recipe.
    pub place: String,
}
