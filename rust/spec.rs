//! What a recipe says once it is checked and every default is written out: the form in
//! which it reaches the core.

mod position;
mod series;

pub use position::{Annulus, Ball, Disc, Position, Shell};
pub use series::{Gaps, Series, Spread, Times};

use crate::image::Edges;
use crate::image::fourier::Interpolation;
use crate::image::shape::overlap::Overlap;
use serde::Deserialize;

/// A whole recipe.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    /// The catalogue's name; it is part of every key of the random streams.
    pub name: String,
    /// The seed; likewise.
    pub seed: u64,
    /// The frame; a time series has none.
    #[serde(default)]
    pub image: Image,
    /// The magnitude of one unit of flux.
    #[serde(default)]
    pub zero_point: Option<f64>,
    /// What a point of light becomes.
    #[serde(default)]
    pub psf: Option<Psf>,
    /// How the edges of shapes are drawn.
    #[serde(default)]
    pub edges: Edges,
    /// How shapes that share pixels go together.
    #[serde(default)]
    pub overlap: Overlap,
    /// How many fresh noises each scene gets.
    #[serde(default = "one")]
    pub realisations: u64,
    /// Named values of the sample, each a column.
    #[serde(default, rename = "let")]
    pub lets: std::collections::BTreeMap<String, Value>,
    /// What is drawn; of a time series, the system and its bodies.
    pub objects: Vec<Object>,
    /// What makes it a time series.
    #[serde(default)]
    pub series: Option<Series>,
    /// Of which each sample has one, with the objects that name it.
    #[serde(default)]
    pub mixture: Vec<Branch>,
    /// The sky behind it.
    #[serde(default)]
    pub sky: Option<Sky>,
    /// The noise of the image.
    #[serde(default)]
    pub noise: Vec<Noise>,
    /// Which scenes stay.
    #[serde(default)]
    pub keep: Vec<Keep>,
    /// What Fisher information is asked about.
    #[serde(default)]
    pub fisher: Vec<Subject>,
    /// The tables that columns are read from, by name, and how their rows are taken.
    #[serde(default)]
    pub tables: std::collections::BTreeMap<String, RowsOf>,
    /// Names and fractions of the splits.
    #[serde(default)]
    pub splits: Vec<(String, f64)>,
}

fn one() -> u64 {
    1
}

/// A condition on the scenes that stay, both ends in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keep {
    /// A drawn value that each sample has once, or what is measured on the noiseless image.
    pub label: String,
    /// The least value; none is no bound.
    #[serde(default)]
    pub low: Option<f64>,
    /// The greatest value; none is no bound.
    #[serde(default)]
    pub high: Option<f64>,
}

/// A value that Fisher information is asked about.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// A column that each sample has once.
    pub name: String,
    /// Its place in the recipe.
    pub place: String,
}

/// The frame.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Image {
    /// Height in pixels.
    pub rows: usize,
    /// Width in pixels.
    pub columns: usize,
    /// Length of a pixel's side.
    #[serde(default = "unit")]
    pub pixel_scale: f64,
    /// Electrons per unit of the image.
    #[serde(default = "unit")]
    pub gain: f64,
    /// The greatest error of a pixel behind a PSF, over its object's brightest.
    #[serde(default = "accuracy")]
    pub accuracy: f64,
}

fn accuracy() -> f64 {
    1e-4
}

/// What a point of light becomes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Psf {
    /// The key of its model; of the parts that add up, `sum`.
    pub model: String,
    /// Every parameter, as written.
    #[serde(default)]
    pub parameters: std::collections::BTreeMap<String, Value>,
    /// Its place in the recipe.
    pub place: String,
    /// The parts, each with a name and a weight.
    #[serde(default)]
    pub sum: Vec<Psf>,
    /// What its columns are called after `psf.`; the model's key by default.
    #[serde(default)]
    pub name: Option<String>,
    /// Its share of the light, compared with the other parts.
    #[serde(default)]
    pub weight: Option<Value>,
    /// Its pixels, where it is none of the models.
    #[serde(default)]
    pub picture: Option<Picture>,
}

/// The pixels of a PSF.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Picture {
    /// Row by row.
    pub pixels: Vec<Vec<f64>>,
    /// Length of a pixel's side.
    pub pixel_scale: f64,
    /// Column and row of the centre; those of the first pixel's are 0.
    pub centre: [f64; 2],
    /// What is between the pixels.
    #[serde(default)]
    pub interpolation: Interpolation,
    /// Whether the pixels have the image's own response in them already.
    pub includes_pixel: bool,
}

fn unit() -> f64 {
    1.0
}

/// One entry of `objects`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Object {
    /// The name of its slots and columns.
    pub name: String,
    /// The key of its model.
    pub model: String,
    /// Its place in the recipe.
    pub place: String,
    /// How many there are.
    #[serde(default = "once")]
    pub repeat: Value,
    /// The most that there can be.
    #[serde(default = "single")]
    pub slots: usize,
    /// Where it is, where that is not said by x and y.
    #[serde(default)]
    pub position: Option<Position>,
    /// The ratio of signal to noise that stands for the flux.
    #[serde(default)]
    pub snr: Option<Value>,
    /// Every parameter, as written.
    pub parameters: std::collections::BTreeMap<String, Value>,
    /// The vertices of a polygon, relative to its centre; without them it is regular. Their
    /// number and the distance of the furthest are its `sides` and `radius`.
    #[serde(default)]
    pub vertices: Vec<[f64; 2]>,
    /// Named values of the object, each a column.
    #[serde(default, rename = "let")]
    pub lets: std::collections::BTreeMap<String, Value>,
    /// Noise of this object's own plane.
    #[serde(default)]
    pub noise: Vec<Noise>,
    /// Whether a shape goes through the PSF.
    #[serde(default)]
    pub blur: bool,
    /// The number of the branch of `mixture` that it belongs to, if it is not in every sample.
    #[serde(default)]
    pub branch: Option<usize>,
}

fn once() -> Value {
    Value::Constant(1.0)
}

fn single() -> usize {
    1
}

/// One branch of `mixture`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Branch {
    /// What samples of this branch are called; branches may share a class.
    pub class: String,
    /// How often it is drawn, compared with the others.
    #[serde(default = "once")]
    pub weight: Value,
    /// Its place in the recipe.
    pub place: String,
}

/// The sky behind the objects.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sky {
    /// In every pixel.
    pub level: Value,
    /// Whether the recorded image has it subtracted.
    pub subtract: bool,
    /// Its place in the recipe.
    pub place: String,
}

/// One noise.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Noise {
    /// The key of its model.
    pub kind: String,
    /// Its parameters.
    #[serde(default)]
    pub parameters: std::collections::BTreeMap<String, Value>,
    /// Its place in the recipe.
    pub place: String,
}

/// A value: a constant, computed, or drawn.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// The same for all.
    Constant(f64),
    /// An expression, `= 2 * flux` (see [`crate::expression`]).
    Expression(String),
    /// Drawn from a distribution.
    Drawn(Box<Distribution>),
    /// Read from a table.
    Column(Column),
}

/// A column of a table: one of its numbers a sample or, where an object is repeated, an object.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// The table's name, a dot, and the column's.
    pub column: String,
    /// What its numbers are multiplied with.
    #[serde(default = "unit")]
    pub times: f64,
    /// Whose row is taken; by default the object's inside an object, else the sample's.
    #[serde(default)]
    pub per: Option<Per>,
}

/// Which row of a table a sample takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowsOf {
    /// One after the other; there are no more samples than rows.
    InOrder,
    /// One after the other, from the first again after the last.
    Cycle,
    /// Any, each equally likely.
    Random,
}

/// One distribution with its modifiers; exactly one of the first seven is there. Its numbers
/// are values themselves; one that is drawn has a slot of its own, whose path is that of the
/// outer one and its place in it: `galaxy.flux.normal.0`, `galaxy.flux.max`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Distribution {
    /// Between two numbers.
    pub uniform: Option<[Value; 2]>,
    /// Between two positive numbers, uniform in the logarithm.
    pub log_uniform: Option<[Value; 2]>,
    /// Mean and standard deviation.
    pub normal: Option<[Value; 2]>,
    /// Median, and standard deviation of the decimal logarithm.
    pub log_normal: Option<[Value; 2]>,
    /// Whole numbers, both ends in.
    pub integers: Option<[Value; 2]>,
    /// One of a list.
    pub choice: Option<Vec<Value>>,
    /// Poisson, by its mean.
    pub poisson: Option<Value>,
    /// Of `choice`.
    pub weights: Option<Vec<Value>>,
    /// Smaller draws are drawn anew.
    pub min: Option<Value>,
    /// Larger draws are drawn anew.
    pub max: Option<Value>,
    /// How often it is drawn; by default for each object inside an object, else for each sample.
    pub per: Option<Per>,
}

/// How often a value is drawn, the coarsest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// Once for all samples: the draw of scene 0.
    Dataset,
    /// Once for each sample: all objects of an entry share the draw of the first.
    Sample,
    /// For each object.
    Object,
}
