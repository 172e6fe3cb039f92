//! Images: grids, profiles, shapes, noise, and how they make a sample.

mod ahead;
pub(crate) mod aperture;
pub mod fourier;
pub mod grid;
pub mod measure;
pub mod noise;
pub mod oracle;
pub(crate) mod plane;
pub mod profile;
pub mod psf;
pub mod scene;
pub mod shape;

use crate::isa::Isa;
use crate::param::{Param, Prior, Range, Scale, Unit};
use grid::Grid;
use serde::Deserialize;
use shape::overlap::Overlap;

/// What the image as a whole is measured by.
pub const FRAME: &[Param] = &[
    Param::new("pixel_scale", Unit::Length, Range::closed(1e-12, 1e12), "Length of a pixel's side.")
        .default(1.0)
        .random(Prior::LogUniform(0.05, 1.0), Scale::One),
    Param::new("gain", Unit::One, Range::closed(1e-6, 1e6), "Electrons per unit of the image.")
        .default(1.0)
        .random(Prior::LogUniform(0.5, 5.0), Scale::One),
    Param::new(
        "accuracy",
        Unit::One,
        Range::closed(1e-5, 1e-2),
        "Greatest error of a pixel behind a psf, over the brightest pixel of its object.",
    )
    .default(1e-4)
    .random(Prior::LogUniform(1e-5, 1e-3), Scale::One),
];

/// How the border of a shape is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edges {
    /// Each pixel by the fraction covered.
    #[default]
    Coverage,
    /// Each pixel wholly or not at all, by its centre.
    Binary,
}

/// Adds a model to a plane, or puts a shape over others as the scratch's overlap says.
///
/// Takes the canonical parameters, in the order of `Model::canonical` and in their units, and
/// the plane: row-major, `grid.pixels()` long. It cannot fail and does not allocate.
pub type Render = fn(Isa, &Grid, Edges, &[f64], &mut [f32], &mut Scratch);

/// A profile, or a PSF, as the space of frequencies takes it.
///
/// Takes the canonical parameters, in the order of `Model::canonical` and in their units.
pub type Shine = fn(&Grid, &[f64]) -> Option<fourier::Light>;

/// What renderers need besides the plane; one for each thread.
pub struct Scratch {
    pub(crate) profile: profile::pixel::Scratch,
    pub(crate) cover: shape::polygon_fill::Cover,
    pub(crate) sweep: shape::crossing_fill::Sweep,
}

impl Scratch {
    /// Room for planes of this grid.
    pub fn new(grid: &Grid) -> Scratch {
        Scratch {
            profile: profile::pixel::Scratch::new(grid.columns()),
            cover: shape::polygon_fill::Cover::new(grid.rows(), grid.columns()),
            sweep: shape::crossing_fill::Sweep::of_outline(),
        }
    }

    /// For shapes whose edges are only noted.
    pub(crate) fn tracing() -> Scratch {
        Scratch {
            profile: profile::pixel::Scratch::new(0),
            cover: shape::polygon_fill::Cover::tracing(),
            sweep: shape::crossing_fill::Sweep::of_outline(),
        }
    }

    /// With shapes that go together so.
    pub(crate) fn overlapping(self, overlap: Overlap) -> Scratch {
        Scratch { cover: self.cover.overlapping(overlap), ..self }
    }

    /// The areas, for this grid.
    pub(crate) fn cover(&mut self, grid: &Grid) -> &mut shape::polygon_fill::Cover {
        self.cover.fit(grid.rows(), grid.columns());
        &mut self.cover
    }
}
