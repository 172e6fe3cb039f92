//! De Vaucouleurs's profile of an elliptical galaxy: a Sersic profile of index 4.

use super::light::{self, FLUX_WAY, LIGHT, MAGNITUDE_WAY};
use super::sersic::{self, SIZE, SIZE_WAYS};
use super::shear::{SHAPE, SHAPE_WAYS};
use crate::image::fourier::Light;
use crate::image::grid::Grid;
use crate::image::{Edges, Scratch};
use crate::isa::Isa;
use crate::param::{CENTRE, Family, Model, Way, Ways};

/// Its index.
pub const INDEX: f64 = 4.0;

const SURFACE_BRIGHTNESS_WAY: Way = Way {
    written: &["surface_brightness"],
    needs: &["surface_brightness", "half_light_radius"],
    convert: |v| [v[0] * sersic::per_brightness(INDEX, v[1]), 0.0],
};

const LIGHT_WAYS: Ways = Ways { ways: &[FLUX_WAY, MAGNITUDE_WAY, SURFACE_BRIGHTNESS_WAY], ..LIGHT };

/// The table.
pub const MODEL: Model = Model {
    name: "de_vaucouleurs",
    family: Family::Profile,
    summary: "De Vaucouleurs's profile of an elliptical galaxy: a Sersic profile of index 4.",
    params: &[CENTRE, light::PARAMS, SIZE, SHAPE],
    ways: &[&LIGHT_WAYS, &SHAPE_WAYS, &SIZE_WAYS],
    canonical: &["x", "y", "flux", "half_light_radius", "g1", "g2"],
    render: Some(add),
};

/// The profile as it goes through a PSF.
pub fn shine(grid: &Grid, parameters: &[f64]) -> Option<Light> {
    sersic::shine_index(grid, INDEX, parameters.try_into().ok()?)
}

/// Adds the profile to a plane.
pub fn add(isa: Isa, grid: &Grid, _: Edges, parameters: &[f64], plane: &mut [f32], scratch: &mut Scratch) {
    if let Ok(parameters) = parameters.try_into() {
        sersic::add_index(isa, grid, INDEX, parameters, plane, scratch);
    }
}
