//! The validated recipe, ready to run: all checks are done when it exists.

mod build;
mod column;
mod compile;
mod complete;
mod draw;
mod fisher;
mod keep;
mod light;
mod measure;
mod mixture;
mod objects;
mod order;
mod place;
mod psf;
mod rows;
mod scale;
mod scope;
mod series;
mod settle;
mod table;
mod tangent;
mod variable;

pub use column::{Column, Role};
pub(crate) use series::BODIES;
pub use series::Curve;
pub(crate) use series::{Layer, Seen, Series};
pub use table::{Table, Tables};

use crate::error::{Error, Fault};
use crate::fisher::Border;
use crate::image::aperture::Aperture;
use crate::image::fourier::{Fourier, Light};
use crate::image::grid::Grid;
use crate::image::noise::{Exposure, Noise, Sky};
use crate::image::plane::Plane;
use crate::image::shape::outline::Vertices;
use crate::image::shape::overlap::Overlap;
use crate::image::shape::polygon;
use crate::image::{Edges, Render, Scratch, Shine};
use crate::isa::Isa;
use crate::param::Model;
use crate::param::part::Composite;
use crate::random::{Counter, Splits};
use crate::registry;
use crate::series::scalar::Dual;
use crate::spec::Spec;
use draw::{Group, Quantity, Step};
pub(crate) use fisher::Subject;
pub(crate) use keep::{Keep, Refused};
use mixture::Mixture;
pub(crate) use psf::Psf;
use scale::Scaled;
use std::ops::Range;

/// A recipe that can be drawn and rendered, row by row.
///
/// # Guarantees
/// Every row is a pure function of the [`Spec`] and its number; drawing can only fail by
/// rejecting too often or where an expression has no legal value, rendering cannot fail.
pub struct Plan {
    pub(crate) isa: Isa,
    pub(crate) grid: Grid,
    pub(crate) edges: Edges,
    pub(crate) psf: Option<Psf>,
    pub(crate) overlap: Overlap,
    pub(crate) gain: f64,
    pub(crate) realisations: u64,
    pub(crate) entries: Vec<Entry>,
    mixture: Option<Mixture>,
    pub(crate) sky: Option<Sky>,
    pub(crate) noise: Vec<Noise>,
    /// All values, of the sample and of its objects.
    quantities: Vec<Quantity>,
    groups: Vec<Group>,
    /// What to do for a record, before the repeated entries.
    steps: Vec<Step>,
    splits: Option<(usize, Splits)>,
    keep: Option<Keep>,
    scaled: Option<Scaled>,
    /// The entry whose ellipse the aperture is.
    aperture: Option<(usize, Aperture)>,
    limit: Option<table::Limit>,
    /// What Fisher information is asked about.
    subjects: Vec<Subject>,
    /// What moves, where there are no images.
    series: Option<Series>,
    columns: Vec<Column>,
    width: usize,
}

/// One entry of `objects`.
pub(crate) struct Entry {
    pub(crate) model: &'static Model,
    /// What its parts are drawn as.
    composite: Option<&'static Composite>,
    /// A point has none.
    render: Option<Render>,
    /// How it, or each of its parts, goes through the PSF; none where there is none, or it is drawn after it.
    pub(crate) shine: Option<Shine>,
    /// Whether it is a shape that goes through the PSF.
    pub(crate) blur: bool,
    /// Those of a polygon that is not regular.
    vertices: Option<Vertices>,
    name: String,
    /// Its number in the recipe.
    index: usize,
    /// The branch whose samples alone have it.
    branch: Option<usize>,
    /// The column of how many there are, unless it occurs exactly once.
    repeat: Option<usize>,
    /// The value of that column, where it is drawn for the samples of a branch alone.
    counted: Option<usize>,
    pub(crate) slots: usize,
    /// What to do for each of its objects; nothing where every sample has exactly one, since the
    /// plan's steps do that.
    steps: Vec<Step>,
    /// Where its columns are: one after the other.
    columns: Range<usize>,
    /// Where the columns of the rows that its objects take of tables begin, `slots` long each.
    rows: Vec<usize>,
    /// Where the canonical parameters begin: parameter p of instance i is at
    /// `canonical + p * slots + i`.
    pub(crate) canonical: usize,
    pub(crate) noise: Vec<Noise>,
}

impl Entry {
    /// Adds one object, of these canonical parameters, to a plane.
    pub(crate) fn add(&self, plan: &Plan, parameters: &[f64], plane: &mut [f32], scratch: &mut Scratch) {
        self.add_on(plan.isa, &plan.grid, plan.edges, parameters, plane, scratch);
    }

    /// Notes the edges of one object on a frame that is wider by so many pixels on all sides.
    pub(crate) fn trace(&self, plan: &Plan, margin: usize, parameters: &[f64], scratch: &mut Scratch) {
        let grid = plan.grid.widened(margin);
        self.add_on(plan.isa, &grid, Edges::Coverage, parameters, &mut [], scratch);
    }

    /// Draws the border of one object on a grid, as it changes.
    pub(crate) fn outline(&self, grid: &Grid, parameters: &[Dual], border: &mut Border) {
        match (&self.vertices, registry::outline(self.model)) {
            (Some(vertices), _) => polygon::outline_vertices(grid, vertices, parameters, border),
            (None, Some(outline)) => outline(grid, parameters, border),
            (None, None) => {}
        }
    }

    fn add_on(
        &self,
        isa: Isa,
        grid: &Grid,
        edges: Edges,
        parameters: &[f64],
        plane: &mut [f32],
        scratch: &mut Scratch,
    ) {
        match (&self.vertices, self.render) {
            (Some(vertices), _) => {
                polygon::add_vertices(isa, grid, edges, vertices, parameters, plane, scratch);
            }
            (None, Some(render)) => render(isa, grid, edges, parameters, plane, scratch),
            (None, None) => {}
        }
    }

    /// Adds one object through the PSF that has begun; light so wide that the PSF does nothing to it, at once.
    pub(crate) fn add_through(
        &self,
        plan: &Plan,
        parameters: &[f64],
        fourier: &mut Fourier,
        (plane, scratch): (&mut Plane, &mut Scratch),
    ) {
        let mut is_taken = |parameters: &[f64]| {
            let light = self.shine.and_then(|shine| shine(&plan.grid, parameters));
            light.is_none_or(|light| fourier.add(plan.isa, light))
        };
        match self.composite {
            None if is_taken(parameters) => {}
            None => self.add(plan, parameters, plane.cleared(), scratch),
            Some(composite) => {
                for part in (composite.split)(parameters).iter().filter(|part| !is_taken(&part[..])) {
                    let plane = plane.cleared();
                    (composite.render)(plan.isa, &plan.grid, plan.edges, part, plane, scratch);
                }
            }
        }
    }

    /// What it shines as, where it is one object with one light.
    pub(crate) fn lone_light(&self, plan: &Plan, record: &[f64]) -> Option<Light> {
        if self.composite.is_some() || self.slots != 1 {
            return None;
        }
        self.shine?(&plan.grid, &record[self.canonical..][..self.model.canonical.len()])
    }
}

/// A row's place in the catalogue: k = scene * realisations + realisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// What the parameters depend on.
    pub scene: u64,
    /// Which fresh noise.
    pub realisation: u16,
}

impl Plan {
    /// Checks a recipe whole.
    ///
    /// # Errors
    /// All its faults at once, or an instruction set that cannot be had.
    pub fn new(spec: &Spec) -> Result<Plan, Error> {
        build::plan(spec, &Tables::new(), Isa::chosen()?)
    }

    /// The same from JSON.
    ///
    /// # Errors
    /// As [`Plan::new`], or JSON that is not a [`Spec`].
    pub fn from_json(json: &str) -> Result<Plan, Error> {
        Plan::from_json_and(json, &Tables::new())
    }

    /// The same with the tables that the recipe reads.
    ///
    /// # Errors
    /// As [`Plan::from_json`].
    pub fn from_json_and(json: &str, tables: &Tables) -> Result<Plan, Error> {
        match serde_json::from_str(json) {
            Ok(spec) => build::plan(&spec, tables, Isa::chosen()?),
            Err(error) => Err(Error::Recipe(vec![Fault::new("", error.to_string())])),
        }
    }

    /// The same on a given instruction set.
    ///
    /// # Errors
    /// All its faults at once.
    pub fn on(isa: Isa, spec: &Spec) -> Result<Plan, Error> {
        build::plan(spec, &Tables::new(), isa)
    }

    /// The columns of a record.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// How many values a record has.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows and columns of an image.
    pub fn shape(&self) -> (usize, usize) {
        (self.grid.rows(), self.grid.columns())
    }

    /// How many samples there are, where a table is read in order.
    pub fn samples(&self) -> Option<u64> {
        self.limit.as_ref().map(|limit| limit.samples)
    }

    /// Whether there is a PSF that is the same for all samples.
    pub fn has_fixed_psf(&self) -> bool {
        self.psf.as_ref().is_some_and(Psf::is_fixed)
    }

    /// Pixels of an image.
    pub fn pixels(&self) -> usize {
        self.grid.rows() * self.grid.columns()
    }

    /// Scene and realisation of a row.
    pub fn row(&self, k: u64) -> Row {
        Row { scene: k / self.realisations, realisation: (k % self.realisations) as u16 }
    }

    /// Whether any object has noise of its own.
    pub(crate) fn has_object_noise(&self) -> bool {
        self.entries.iter().any(|entry| !entry.noise.is_empty())
    }

    /// What the noise of a plane of one row depends on.
    pub(crate) fn exposure<'a>(&self, row: Row, instance: u16, record: &'a [f64]) -> Exposure<'a> {
        let counter = Counter { scene: row.scene, instance, attempt: row.realisation, round: 0 };
        Exposure { isa: self.isa, gain: self.gain as f32, counter, record }
    }
}
