//! An exponential disk: a Sersic profile of index 1.

use super::sersic::{self, SIZE, SIZE_WAYS};
use super::shear::{SHAPE, SHAPE_WAYS};
use crate::image::grid::Grid;
use crate::image::{Edges, Scratch};
use crate::isa::Isa;
use crate::param::{CENTRE, FLUX, Family, Model};

/// Its index.
pub const INDEX: f64 = 1.0;

/// The table.
pub const MODEL: Model = Model {
    name: "exponential",
    family: Family::Profile,
    summary: "An exponential disk: a Sersic profile of index 1.",
    params: &[CENTRE, FLUX, SIZE, SHAPE],
    ways: &[&SHAPE_WAYS, &SIZE_WAYS],
    canonical: &["x", "y", "flux", "half_light_radius", "g1", "g2"],
    render: Some(add),
};

/// Adds the profile to a plane.
pub fn add(isa: Isa, grid: &Grid, _: Edges, parameters: &[f64], plane: &mut [f32], scratch: &mut Scratch) {
    if let Ok(parameters) = parameters.try_into() {
        sersic::add_index(isa, grid, INDEX, parameters, plane, scratch);
    }
}
