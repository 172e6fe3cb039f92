//! The list of all models. A new model is one line here.

use crate::fisher::Border;
use crate::image::grid::Grid;
use crate::image::{self, Shine, noise, profile, psf, shape};
use crate::param::part::Composite;
use crate::param::{Family, Model, Param};
use crate::plan;
use crate::series::scalar::Dual;
use crate::series::{self, Choice, Failure, Observable, System};
use serde::Serialize;
use std::sync::LazyLock;

/// What an image can contain.
pub static OBJECTS: LazyLock<Vec<&'static Model>> = LazyLock::new(|| {
    vec![
        &profile::gaussian::MODEL,
        &profile::moffat::MODEL,
        &profile::sersic::MODEL,
        &profile::exponential::MODEL,
        &profile::de_vaucouleurs::MODEL,
        &profile::bulge_disk::MODEL,
        &profile::star::MODEL,
        &shape::rectangle::MODEL,
        &shape::ellipse::MODEL,
        &shape::circle::MODEL,
        &shape::polygon::MODEL,
        &shape::arc::MODEL,
        &shape::line::MODEL,
    ]
});

/// What can be added to a plane.
pub const NOISES: &[&Model] = &[&noise::GAUSSIAN, &noise::POISSON];

/// What the image of a point can be.
pub const PSFS: &[&Model] = &[&psf::gaussian::MODEL, &psf::moffat::MODEL, &psf::airy::MODEL];

/// What can be added to what is seen of a system.
pub const SPREADS: &[&Model] = &[&series::noise::GAUSSIAN];

/// What can move in a time series.
pub const SYSTEMS: &[&System] = &[
    &series::pendulum::SYSTEM,
    &series::spring::SYSTEM,
    &series::double_pendulum::SYSTEM,
    &series::n_body::SYSTEM,
    &series::n_body::two_body::SYSTEM,
    &series::n_body::figure_eight::SYSTEM,
];

/// The system of this name.
pub fn system(name: &str) -> Option<&'static System> {
    SYSTEMS.iter().copied().find(|system| system.model.name == name)
}

/// The profiles and PSFs as light.
const SHINING: &[(&Model, Shine)] = &[
    (&profile::gaussian::MODEL, profile::gaussian::shine),
    (&profile::moffat::MODEL, profile::moffat::shine),
    (&profile::sersic::MODEL, profile::sersic::shine),
    (&profile::exponential::MODEL, profile::exponential::shine),
    (&profile::de_vaucouleurs::MODEL, profile::de_vaucouleurs::shine),
    (&profile::star::MODEL, profile::star::shine),
    (&psf::gaussian::MODEL, psf::gaussian::shine),
    (&psf::moffat::MODEL, psf::moffat::shine),
    (&psf::airy::MODEL, psf::airy::shine),
];

/// Draws the border of a shape, of these canonical parameters, as it changes.
pub(crate) type Outline = fn(&Grid, &[Dual], &mut Border);

/// The shapes as their borders.
const OUTLINED: &[(&Model, Outline)] = &[
    (&shape::rectangle::MODEL, shape::rectangle::outline),
    (&shape::ellipse::MODEL, shape::ellipse::outline),
    (&shape::circle::MODEL, shape::circle::outline),
    (&shape::polygon::MODEL, shape::polygon::outline),
    (&shape::arc::MODEL, shape::arc::outline),
    (&shape::line::MODEL, shape::line::outline),
];

/// How the border of a shape is drawn; none of what is no shape.
pub(crate) fn outline(model: &Model) -> Option<Outline> {
    OUTLINED.iter().find(|(other, _)| other.name == model.name).map(|(_, outline)| *outline)
}

/// A model and its parts; functions, since both are put together when they are first needed.
type Made = (fn() -> &'static Model, fn() -> &'static Composite);

/// What several models are made of.
const COMPOSITES: &[Made] = &[(|| &profile::bulge_disk::MODEL, || &profile::bulge_disk::COMPOSITE)];

/// What a model is made of; none if it is one thing.
pub fn composite(model: &Model) -> Option<&'static Composite> {
    COMPOSITES.iter().find(|(whole, _)| whole().name == model.name).map(|(_, composite)| composite())
}

/// How a model, or each part of it, shines through a PSF; none if it is drawn after it.
pub fn shine(model: &Model) -> Option<Shine> {
    let model = composite(model).map_or(model, |composite| composite.of);
    let is = |other: &Model| (other.family, other.name) == (model.family, model.name);
    SHINING.iter().find(|(other, _)| is(other)).map(|(_, shine)| *shine)
}

#[derive(Serialize)]
struct WaysTable {
    of: &'static str,
    gives: &'static [&'static str],
    ways: Vec<&'static [&'static str]>,
    allowed: &'static str,
}

#[derive(Serialize)]
struct ModelTable {
    name: &'static str,
    family: Family,
    summary: &'static str,
    parameters: Vec<&'static Param>,
    ways: Vec<WaysTable>,
    canonical: &'static [&'static str],
    /// What always follows from the canonical parameters.
    follows: Vec<&'static str>,
    /// Those of them that a recipe cannot give.
    labels: &'static [Param],
    /// The parts that it is made of.
    parts: Vec<&'static str>,
    /// Whether nothing can be drawn of it without a PSF.
    needs_psf: bool,
}

#[derive(Serialize)]
struct SystemTable {
    #[serde(flatten)]
    model: ModelTable,
    body: Option<ModelTable>,
    choices: &'static [Choice],
    settings: &'static [Param],
    observables: &'static [Observable],
}

#[derive(Serialize)]
struct Tables {
    objects: Vec<ModelTable>,
    noise: Vec<ModelTable>,
    psf: Vec<ModelTable>,
    part: [Param; 1],
    systems: Vec<SystemTable>,
    spreads: Vec<ModelTable>,
    bodies: [Param; 1],
    failures: Vec<Failure>,
    sky: &'static [Param],
    image: &'static [Param],
    recipe: [Param; 1],
    measured: &'static [Param],
}

impl From<&&'static Model> for ModelTable {
    fn from(model: &&'static Model) -> ModelTable {
        let ways = model.ways.iter().map(|ways| WaysTable {
            of: ways.of,
            gives: ways.gives,
            ways: ways.ways.iter().map(|way| way.written).collect(),
            allowed: ways.allowed,
        });
        let composite = composite(model);
        let follows = composite.iter().flat_map(|composite| &composite.follows);
        ModelTable {
            name: model.name,
            family: model.family,
            summary: model.summary,
            parameters: model.params().collect(),
            ways: ways.collect(),
            canonical: model.canonical,
            follows: follows.flat_map(|way| way.written).copied().collect(),
            labels: composite.map_or(&[], |composite| composite.labels),
            parts: composite.iter().flat_map(|composite| composite.parts).collect(),
            needs_psf: model.family == Family::Profile && model.render.is_none(),
        }
    }
}

impl From<&&'static System> for SystemTable {
    fn from(system: &&'static System) -> SystemTable {
        SystemTable {
            model: ModelTable::from(&system.model),
            body: system.body.as_ref().map(ModelTable::from),
            choices: system.choices,
            settings: system.settings,
            observables: system.observables,
        }
    }
}

/// All tables, as JSON; an infinite bound is `null`.
pub fn tables() -> String {
    let tables = Tables {
        objects: OBJECTS.iter().map(ModelTable::from).collect(),
        noise: NOISES.iter().map(ModelTable::from).collect(),
        psf: PSFS.iter().map(ModelTable::from).collect(),
        part: [psf::WEIGHT],
        systems: SYSTEMS.iter().map(SystemTable::from).collect(),
        spreads: SPREADS.iter().map(ModelTable::from).collect(),
        bodies: [plan::BODIES],
        failures: Failure::ALL.to_vec(),
        sky: noise::SKY,
        image: image::FRAME,
        recipe: [profile::light::ZERO_POINT],
        measured: image::measure::MEASURES,
    };
    serde_json::to_string(&tables).unwrap_or_default()
}
