//! The PSF of an image: parts that add up, each with its share of the light.

use super::LAST;
use super::light::{Brightness, Light, Spread};
use super::table::Table;
use crate::isa::Isa;

/// The most parts of a PSF.
pub const MOST_PARTS: usize = 8;
/// What counts as the end of a part's transform, by the accuracy.
const END: f64 = 0.02;

/// One part; its light's flux is its share.
pub(super) struct Part {
    pub(super) light: Light,
    pub(super) brightness: Brightness,
    pub(super) table: Table,
    tabulated: Option<Spread>,
    /// Where its transform ends, in the table's q.
    pub(super) end: f64,
}

impl Part {
    fn new() -> Part {
        let light =
            Light { centre: (0.0, 0.0), flux: 1.0, radius: 1.0, shear: (0.0, 0.0), spread: Spread::Point };
        Part { light, brightness: Brightness::Point, table: Table::new(), tabulated: None, end: 0.0 }
    }

    fn set(&mut self, isa: Isa, light: &Light, accuracy: f64) {
        (self.light, self.brightness) = (*light, light.spread.brightness());
        if self.tabulated != Some(light.spread) {
            light.spread.tabulate(isa, &mut self.table, f64::INFINITY);
            self.tabulated = Some(light.spread);
        }
        self.end = self.table.reach((END * accuracy / light.flux) as f32);
    }

    /// The last frequency that it lets through.
    pub(super) fn last(&self) -> f64 {
        let k = self.end / self.light.radius * self.light.elongation().sqrt();
        if k < LAST { k } else { LAST }
    }
}

/// All parts.
#[derive(Default)]
pub(super) struct Psf {
    parts: Vec<Part>,
    count: usize,
}

impl Psf {
    /// The PSF of these lights around 0, whose fluxes are their shares; none of it where one of them cannot
    /// be drawn.
    pub(super) fn set(&mut self, isa: Isa, lights: &[Light], accuracy: f64) {
        self.count = if lights.iter().all(Light::is_visible) { lights.len() } else { 0 };
        while self.parts.len() < self.count {
            self.parts.push(Part::new());
        }
        for (part, light) in self.parts[..self.count].iter_mut().zip(lights) {
            part.set(isa, light, accuracy);
        }
    }

    pub(super) fn parts(&self) -> &[Part] {
        &self.parts[..self.count]
    }

    /// The last frequency that any part lets through.
    pub(super) fn last(&self) -> f64 {
        self.parts().iter().map(Part::last).fold(0.0, |last, k| if k > last { k } else { last })
    }
}
