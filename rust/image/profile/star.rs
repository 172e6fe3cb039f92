//! A star: a point of light, which the PSF spreads.

use super::light::{self, FLUX_WAY, LIGHT, MAGNITUDE_WAY};
use crate::image::fourier::{Light, Spread};
use crate::image::grid::Grid;
use crate::param::{CENTRE, Family, Model, Param, Ways};

/// A point has no surface brightness.
const PARAMS: &[Param] = &[light::PARAMS[0], light::PARAMS[1]];
const LIGHT_WAYS: Ways = Ways { ways: &[FLUX_WAY, MAGNITUDE_WAY], ..LIGHT };

/// The table. Without a PSF there is nothing to draw it by.
pub const MODEL: Model = Model {
    name: "star",
    family: Family::Profile,
    summary: "A point of light, as the image's psf shows it.",
    params: &[CENTRE, PARAMS],
    ways: &[&LIGHT_WAYS],
    canonical: &["x", "y", "flux"],
    render: None,
};

/// The point as it goes through a PSF.
pub fn shine(grid: &Grid, parameters: &[f64]) -> Option<Light> {
    let &[x, y, flux] = parameters else { return None };
    Some(Light::new(grid, (x, y), flux, 1.0, (0.0, 0.0), Spread::Point))
}
