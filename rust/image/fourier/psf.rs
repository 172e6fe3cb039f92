//! The PSF of an image: parts that add up, each with its share of the light.

use super::LAST;
use super::axis::Axis;
use super::brightness::Brightness;
use super::cells::Cells;
use super::light::{Light, Spread};
use super::picture::{Picture, Work};
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
    /// What is tabulated, and how bright that is at a scale radius of 1.
    tabulated: Option<(Spread, Brightness)>,
    /// Where its transform ends along each axis, and the level there.
    ends: [f64; 2],
    last: f64,
    level: f64,
    /// The transform of a picture, and of which lattice: periods and numbers of cells.
    cells: Cells,
    lattice: [[usize; 2]; 2],
}

impl Part {
    fn new() -> Part {
        let light =
            Light { centre: (0.0, 0.0), flux: 1.0, radius: 1.0, shear: (0.0, 0.0), spread: Spread::Point };
        Part {
            light,
            brightness: Brightness::Point,
            table: Table::new(),
            tabulated: None,
            ends: [0.0; 2],
            last: 0.0,
            level: 0.0,
            cells: Cells::default(),
            lattice: [[0; 2]; 2],
        }
    }

    fn set(&mut self, isa: Isa, light: &Light, accuracy: f64, pictures: &[Picture]) {
        let level = END * accuracy / light.flux;
        let known = self.tabulated.filter(|(spread, _)| *spread == light.spread);
        if known.is_some() && self.light == *light && self.level == level {
            return;
        }
        let before = std::mem::replace(&mut self.level, level);
        self.light = *light;
        if let Spread::Picture(n) = light.spread {
            if known.is_none() || level != before {
                self.show(isa, &pictures[n], level);
            }
            return;
        }
        let (_, brightness) = known.unwrap_or_else(|| {
            light.spread.tabulate(isa, &mut self.table, f64::INFINITY);
            (light.spread, Brightness::new(light.spread))
        });
        self.tabulated = Some((light.spread, brightness));
        self.brightness = brightness.over(light.radius);
        let q = self.table.reach(level as f32) / light.radius;
        let (xx, _, yy) = light.sheared();
        self.ends = [q * yy.sqrt(), q * xx.sqrt()];
        self.last = q * light.elongation().sqrt();
    }

    /// Becomes another picture.
    fn show(&mut self, isa: Isa, picture: &Picture, level: f64) {
        let brightness = Brightness::of_picture(&picture.rings);
        self.tabulated = Some((self.light.spread, brightness));
        self.brightness = brightness.over(self.light.radius);
        self.table.blend(isa, &[(&picture.row, 1.0)], f64::INFINITY);
        self.ends = picture.ends(level);
        self.last = if self.ends[0] > self.ends[1] { self.ends[0] } else { self.ends[1] };
        self.lattice = [[0; 2]; 2];
    }

    /// Where its transform ends along each axis.
    pub(super) fn ends(&self) -> [f64; 2] {
        self.ends
    }

    /// Its number among the pictures, if it is one.
    pub(super) fn picture(&self) -> Option<usize> {
        if let Spread::Picture(n) = self.light.spread { Some(n) } else { None }
    }

    /// The transform of a picture on a lattice.
    pub(super) fn cells(
        &mut self,
        isa: Isa,
        axes: [&Axis; 2],
        ends: [usize; 2],
        picture: &Picture,
        work: &mut Work,
    ) -> &Cells {
        let lattice = [axes.map(|axis| axis.period), ends];
        if self.lattice != lattice {
            picture.tabulate(isa, axes, ends, work, &mut self.cells);
            self.lattice = lattice;
        }
        &self.cells
    }

    /// The last frequency that it lets through.
    pub(super) fn last(&self) -> f64 {
        if self.last < LAST { self.last } else { LAST }
    }

    /// The square of the width of its core.
    pub(super) fn core(&self) -> f64 {
        self.brightness.core().unwrap_or(self.light.radius * self.light.radius)
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
    pub(super) fn set(&mut self, isa: Isa, lights: &[Light], accuracy: f64, pictures: &[Picture]) {
        self.count = if lights.iter().all(Light::is_visible) { lights.len() } else { 0 };
        while self.parts.len() < self.count {
            self.parts.push(Part::new());
        }
        for (part, light) in self.parts[..self.count].iter_mut().zip(lights) {
            part.set(isa, light, accuracy, pictures);
        }
    }

    pub(super) fn parts(&self) -> &[Part] {
        &self.parts[..self.count]
    }

    pub(super) fn part_mut(&mut self, n: usize) -> &mut Part {
        &mut self.parts[n]
    }

    /// The last frequency that any part lets through.
    pub(super) fn last(&self) -> f64 {
        self.parts().iter().map(Part::last).fold(0.0, |last, k| if k > last { k } else { last })
    }
}
