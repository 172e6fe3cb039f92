//! Parameter tables: what a model's parameters are called, mean and may be.
//!
//! A table is written once, beside the model. Recipe checks, the JSON Schema, labels,
//! documentation and tests all read it.

pub mod part;

use crate::image::Render;
use serde::Serialize;

/// What a number is measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// The unit of `pixel_scale` (pixels at the default scale of 1), or of a system without units.
    Length,
    /// The image's unit, summed over the plane.
    Flux,
    /// The image's unit, in one pixel.
    Intensity,
    /// The image's unit, in a square of the unit of length.
    SurfaceBrightness,
    /// -2.5 times the decimal logarithm of a flux, from the recipe's zero point.
    Magnitude,
    /// Degrees from +x towards +y.
    Degree,
    /// A pure number.
    One,
    /// Radians.
    Radian,
    /// SI: m.
    Metre,
    /// SI: kg.
    Kilogram,
    /// SI: s.
    Second,
    /// 1/s: a rate of damping, or an angular frequency in radians.
    PerSecond,
    /// 1/s^2: an angular acceleration in radians.
    PerSecondSquared,
    /// Degrees a second.
    DegreePerSecond,
    /// Radians a second.
    RadianPerSecond,
    /// m/s.
    MetrePerSecond,
    /// m/s^2.
    MetrePerSecondSquared,
    /// N/m.
    NewtonPerMetre,
    /// J.
    Joule,
    /// J s.
    JouleSecond,
    /// The recipe's own unit of mass; with its units of length and time it makes those below.
    Mass,
    /// The recipe's own unit of time.
    Time,
    /// 1/time.
    Rate,
    /// Length/time.
    Velocity,
    /// Length/time^2.
    Acceleration,
    /// Mass length^2/time^2.
    Energy,
    /// Mass length/time.
    Momentum,
    /// Mass length^2/time.
    AngularMomentum,
    /// Length^3/(mass time^2): that of the gravitational constant.
    Attraction,
}

/// What kind of number it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Any real number in the range.
    Real,
    /// A whole number.
    Integer,
    /// `true` or `false`, stored as 1 and 0.
    Flag,
    /// A constant list of points, [[x, y], ...], which is no column.
    Points,
}

/// The legal values, from `low` to `high`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Range {
    /// The least value, or the bound it must exceed.
    pub low: f64,
    /// The greatest value, or the bound it must stay under.
    pub high: f64,
    /// Whether `low` itself is excluded.
    pub low_open: bool,
    /// Whether `high` itself is excluded.
    pub high_open: bool,
}

impl Range {
    /// Both ends in.
    pub const fn closed(low: f64, high: f64) -> Range {
        Range { low, high, low_open: false, high_open: false }
    }

    /// Both ends out.
    pub const fn open(low: f64, high: f64) -> Range {
        Range { low, high, low_open: true, high_open: true }
    }

    /// Any finite number.
    pub const ANY: Range = Range::open(f64::NEG_INFINITY, f64::INFINITY);
    /// Any finite number above 0.
    pub const POSITIVE: Range = Range::open(0.0, f64::INFINITY);
    /// Any finite number from 0.
    pub const NOT_NEGATIVE: Range = Range { low: 0.0, high: f64::INFINITY, low_open: false, high_open: true };

    /// Whether a value is legal. NaN never is.
    #[inline]
    pub fn contains(&self, value: f64) -> bool {
        let above = if self.low_open { value > self.low } else { value >= self.low };
        let below = if self.high_open { value < self.high } else { value <= self.high };
        above & below
    }
}

/// A number as a message says it: `0.25`, `1e18`.
struct Short(f64);

impl std::fmt::Display for Short {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let plain = self.0 == 0.0 || (1e-4..1e6).contains(&self.0.abs());
        if plain { write!(f, "{}", self.0) } else { write!(f, "{:e}", self.0) }
    }
}

/// `above 0`, `from 0 to 1`, as an error message says it.
impl std::fmt::Display for Range {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (low, high) = (Short(self.low), Short(self.high));
        let low_word = if self.low_open { "above" } else { "at least" };
        let high_word = if self.high_open { "below" } else { "at most" };
        match (self.low.is_finite(), self.high.is_finite()) {
            (false, false) => write!(f, "any finite number"),
            (true, false) => write!(f, "{low_word} {low}"),
            (false, true) => write!(f, "{high_word} {high}"),
            (true, true) if self.low_open || self.high_open => {
                write!(f, "{low_word} {low} and {high_word} {high}")
            }
            (true, true) => write!(f, "from {low} to {high}"),
        }
    }
}

/// What a default prior's numbers are multiples of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Nothing: they stand as they are.
    One,
    /// The frame's width, in its unit of length.
    Width,
    /// The frame's height.
    Height,
    /// The shorter of the two.
    Side,
}

/// The distribution that the word `random` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Prior {
    /// Uniform between two numbers.
    Uniform(f64, f64),
    /// Uniform in the logarithm.
    LogUniform(f64, f64),
    /// Whole numbers, both ends in.
    Integers(f64, f64),
    /// One of these, equally likely.
    Choice(&'static [f64]),
}

/// One parameter of a model.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Param {
    /// Its key in a recipe; `shear.angle` is `shear: {angle: ...}`.
    pub name: &'static str,
    /// Its unit.
    pub unit: Unit,
    /// What kind of number it is.
    pub kind: Kind,
    /// The legal values.
    pub range: Range,
    /// The value where a recipe is silent; none means that it must be given.
    pub default: Option<f64>,
    /// The prior of the word `random`.
    pub random: Prior,
    /// What the prior's numbers are multiples of.
    pub scale: Scale,
    /// One sentence.
    pub summary: &'static str,
}

/// One way of saying something that can be said in several.
pub struct Way {
    /// The parameters that a recipe gives.
    pub written: &'static [&'static str],
    /// The parameters, in order, that `convert` takes; the last may be the recipe's zero point.
    pub needs: &'static [&'static str],
    /// From `needs` to the canonical parameters of the [`Ways`].
    pub convert: fn(&[f64]) -> [f64; 2],
}

/// Exactly one of several ways; the first is the canonical one.
pub struct Ways {
    /// What they say, `size` or `shape`.
    pub of: &'static str,
    /// The canonical parameters, which every way gives.
    pub gives: &'static [&'static str],
    /// The ways; the first one's `written` is `gives`.
    pub ways: &'static [Way],
    /// Whether canonical values are possible together, beyond each one's own range.
    pub valid: fn(&[f64; 2]) -> bool,
    /// What is allowed, for the error message.
    pub allowed: &'static str,
}

/// How an object gets into an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// Light, integrated over each pixel; pixels sum to flux.
    Profile,
    /// `intensity` times the covered fraction of each pixel.
    Shape,
    /// Random numbers added to a plane.
    Noise,
    /// What a point of light becomes before it is recorded.
    Psf,
    /// What moves in a time series.
    System,
    /// One of several alike in a system.
    Body,
}

/// The table of one model.
pub struct Model {
    /// Its key in a recipe.
    pub name: &'static str,
    /// What it is.
    pub family: Family,
    /// One sentence.
    pub summary: &'static str,
    /// Its parameters, in groups that models share.
    pub params: &'static [&'static [Param]],
    /// What can be said in several ways.
    pub ways: &'static [&'static Ways],
    /// The parameters that the renderer takes, in its order.
    pub canonical: &'static [&'static str],
    /// The renderer; a noise has none.
    pub render: Option<Render>,
}

impl Model {
    /// All its parameters.
    pub fn params(&self) -> impl Iterator<Item = &'static Param> + use<> {
        self.params.iter().flat_map(|group| group.iter())
    }

    /// The parameter of this name.
    pub fn param(&self, name: &str) -> Option<&'static Param> {
        self.params().find(|param| param.name == name)
    }
}

const fn real(name: &'static str, unit: Unit, range: Range, summary: &'static str) -> Param {
    Param {
        name,
        unit,
        kind: Kind::Real,
        range,
        default: None,
        random: Prior::Uniform(0.0, 1.0),
        scale: Scale::One,
        summary,
    }
}

impl Param {
    /// A real number, required.
    pub const fn new(name: &'static str, unit: Unit, range: Range, summary: &'static str) -> Param {
        real(name, unit, range, summary)
    }

    /// With this default.
    pub const fn default(self, value: f64) -> Param {
        Param { default: Some(value), ..self }
    }

    /// With this prior for the word `random`.
    pub const fn random(self, random: Prior, scale: Scale) -> Param {
        Param { random, scale, ..self }
    }

    /// Of this kind.
    pub const fn kind(self, kind: Kind) -> Param {
        Param { kind, ..self }
    }
}

/// Where an object's centre is, from the image's centre.
pub const CENTRE: &[Param] = &[
    Param::new("x", Unit::Length, Range::ANY, "Centre, towards higher columns, from the image's centre.")
        .default(0.0)
        .random(Prior::Uniform(-0.35, 0.35), Scale::Width),
    Param::new("y", Unit::Length, Range::ANY, "Centre, towards higher rows, from the image's centre.")
        .default(0.0)
        .random(Prior::Uniform(-0.35, 0.35), Scale::Height),
];
