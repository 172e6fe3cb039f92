//! The list of all models. A new model is one line here.

use crate::image::{self, noise, profile, shape};
use crate::param::{Model, Param};
use serde::Serialize;

/// What an image can contain.
pub const OBJECTS: &[&Model] = &[
    &profile::gaussian::MODEL,
    &profile::moffat::MODEL,
    &profile::sersic::MODEL,
    &profile::exponential::MODEL,
    &profile::de_vaucouleurs::MODEL,
    &shape::rectangle::MODEL,
    &shape::ellipse::MODEL,
    &shape::circle::MODEL,
    &shape::polygon::MODEL,
    &shape::arc::MODEL,
    &shape::line::MODEL,
];

/// What can be added to a plane.
pub const NOISES: &[&Model] = &[&noise::GAUSSIAN, &noise::POISSON];

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
    family: crate::param::Family,
    summary: &'static str,
    parameters: Vec<&'static Param>,
    ways: Vec<WaysTable>,
    canonical: &'static [&'static str],
}

#[derive(Serialize)]
struct Tables {
    objects: Vec<ModelTable>,
    noise: Vec<ModelTable>,
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
        ModelTable {
            name: model.name,
            family: model.family,
            summary: model.summary,
            parameters: model.params().collect(),
            ways: ways.collect(),
            canonical: model.canonical,
        }
    }
}

/// All tables, as JSON; an infinite bound is `null`.
pub fn tables() -> String {
    let tables = Tables {
        objects: OBJECTS.iter().map(ModelTable::from).collect(),
        noise: NOISES.iter().map(ModelTable::from).collect(),
        sky: noise::SKY,
        image: image::FRAME,
        recipe: [profile::light::ZERO_POINT],
        measured: image::measure::MEASURES,
    };
    serde_json::to_string(&tables).unwrap_or_default()
}
