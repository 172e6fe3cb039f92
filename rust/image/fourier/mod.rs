//! Profiles through a PSF, in the space of frequencies.
//!
//! All objects of an image are added up on one lattice of frequencies, each as the product of its
//! transform, the PSF's and the pixel's; one inverse transform makes the pixels. The lattice
//! ([`axis`]) has twice the frame's Nyquist frequency or more, folded exactly, and a period that is
//! chosen for each image so that the copies of its objects stay dark ([`reach`]); cells that count
//! for nothing are left out ([`fill`]). Transforms are looked up in tables ([`table`]), which
//! come from exact Mellin transforms ([`mellin`]).

mod axis;
mod cells;
mod dct;
mod figure;
mod fill;
mod inverse;
mod light;
mod mellin;
mod picture;
mod psf;
mod reach;
mod table;

pub use axis::LONGEST;
pub use figure::Side;
pub use light::{Light, Spread};
pub(crate) use mellin::Coefficients;
pub use picture::{Interpolation, Picture, Sight};
pub use psf::MOST_PARTS;
pub(crate) use table::Row;

use crate::image::grid::Grid;
use crate::isa::Isa;
use axis::{Axis, axis, shortest};
use cells::{Cells, Turns, blur, multiply, put, shine};
use figure::Figure;
use fill::{Canvas, LANES, Phases, Scene, fill};
use inverse::{Work, inverse};
use psf::{Part, Psf};
use reach::{Reach, Spectrum};
use std::f64::consts::PI;
use std::sync::Arc;
use table::Table;

/// Shares of the accuracy: the copies' light, and cells that are left out.
const COPIES: f64 = 0.5;
const CELLS: f64 = 0.5;
/// The light that copies along one axis may put into the frame or take from it, of an object's flux:
/// the promise is 10 times the accuracy in all.
const FLUX: f64 = 6.0;
/// Copies that are brighter than this, over the peak, in the longest period: such light is no longer
/// for a lattice.
const WIDE: f64 = 0.01;
/// An object outside the frame is left out where its light in the frame is this share.
const DARK: f64 = 0.01;
/// As far beyond the frame a shape is followed at most, in pixels.
pub const WIDEST: usize = 1024;
/// Beyond this frequency, in radians per pixel, there are no cells.
const LAST: f64 = 32.0 * PI * std::f64::consts::SQRT_2;

/// Draws the objects of one image after the other; one for each thread.
pub struct Fourier {
    psf: Psf,
    table: Table,
    holds: Option<(Spread, f64)>,
    accuracy: f64,
    frame: [usize; 2],
    /// What there is to draw, through which part of the PSF, and from which level on its cells count.
    lights: Vec<(Light, usize, f64)>,
    /// Shapes, and all their edges.
    figures: Vec<Figure>,
    sides: Vec<Side>,
    spectra: Vec<Spectrum>,
    axes: [usize; 2],
    phases: [Phases; 2],
    canvas: Canvas,
    work: Work,
    /// PSFs that are pictures, by number, and what drawing through them takes.
    pictures: Arc<[Picture]>,
    through: Option<Box<Through>>,
}

/// Where transforms that are not real are worked out.
#[derive(Default)]
struct Through {
    cells: Cells,
    turns: [Turns; 2],
    work: picture::Work,
    figure: figure::Work,
}

impl Default for Fourier {
    fn default() -> Fourier {
        Fourier {
            psf: Psf::default(),
            table: Table::new(),
            holds: None,
            accuracy: 0.0,
            frame: [0; 2],
            lights: vec![],
            figures: vec![],
            sides: vec![],
            spectra: vec![],
            axes: [0; 2],
            phases: Default::default(),
            canvas: Canvas::default(),
            work: Work::default(),
            pictures: Arc::new([]),
            through: None,
        }
    }
}

impl Fourier {
    /// One that knows these pictures.
    pub fn with(pictures: &Arc<[Picture]>) -> Fourier {
        Fourier { pictures: pictures.clone(), ..Fourier::default() }
    }

    /// Begins an image through the sum of up to [`MOST_PARTS`] PSFs, whose fluxes are their shares of 1: no
    /// pixel is to be further from the truth than `accuracy` times its object's peak.
    pub fn begin(&mut self, isa: Isa, grid: &Grid, psf: &[Light], accuracy: f64) {
        self.accuracy = accuracy;
        self.frame = [grid.columns(), grid.rows()];
        self.lights.clear();
        self.figures.clear();
        self.sides.clear();
        self.axes = self.frame.map(|side| shortest(side + side % 2, |_| true));
        self.psf.set(isa, &psf[..psf.len().min(MOST_PARTS)], accuracy, &self.pictures);
    }

    /// Adds an object; false where its light is so wide, or so far away, that no lattice holds it: a
    /// PSF makes next to no difference there.
    pub fn add(&mut self, isa: Isa, light: Light) -> bool {
        if self.psf.parts().is_empty() || !light.is_visible() {
            return true;
        }
        self.tabulate(isa, &light);
        let reach = Reach::new((&light, &self.table), self.psf.parts(), &mut self.spectra);
        let places = [light.centre.0, light.centre.1];
        let away = [0, 1].map(|i| (places[i] - 0.5 * self.frame[i] as f64).abs());
        for i in [0, 1] {
            let outside = away[i] - 0.5 * self.frame[i] as f64;
            if outside > 1.0 && reach.at(i, outside) < DARK * self.accuracy {
                return true;
            }
        }
        let far = [0, 1].map(|i| away[i] + 0.5 * self.frame[i] as f64);
        if far[0] > LONGEST as f64 - 1.0 || far[1] > LONGEST as f64 - 1.0 {
            return false;
        }
        for i in [0, 1] {
            let (side, pixels) = (self.frame[i] as f64, (self.frame[0] * self.frame[1]) as f64);
            let is_good = |period: usize| {
                let (period, distance) = (period as f64, period as f64 - far[i]);
                distance >= 1.0
                    && reach.at(i, distance) < COPIES * self.accuracy
                    && reach.copies(i, period - away[i], side, pixels) < FLUX * self.accuracy
            };
            let number = shortest(self.frame[i] + self.frame[i] % 2, is_good);
            let spare = (axis::period(number) as f64 - far[i]).max(1.0);
            if light.spread != Spread::Point && reach.at(i, spare) > WIDE {
                return false;
            }
            self.axes[i] = self.axes[i].max(number);
        }
        let parts = self.psf.parts();
        for (n, (part, spectrum)) in parts.iter().zip(&self.spectra).enumerate() {
            let share = CELLS * self.accuracy / (part.light.flux * parts.len() as f64);
            self.lights.push((light, n, spectrum.level(share * reach.peak, share)));
        }
        true
    }

    /// How much further than the frame a shape is followed on all sides: what is beyond has no light in
    /// the frame, or is more than [`WIDEST`] pixels away.
    pub fn margin(&mut self) -> usize {
        let reach = self.reach_of_point();
        let spread = 1.0 / reach.peak;
        let is_enough = |margin: &usize| {
            let wide = self.frame.map(|side| (side + 2 * margin) as f64);
            let light = |i| (wide[0] * wide[1] + spread) * reach.at(i, *margin as f64) * reach.peak;
            light(0) < COPIES * self.accuracy && light(1) < COPIES * self.accuracy
        };
        (3..).map(|power| 1 << power).find(|margin| *margin >= WIDEST || is_enough(margin)).unwrap_or(WIDEST)
    }

    fn reach_of_point(&mut self) -> Reach {
        let point =
            Light { centre: (0.0, 0.0), flux: 1.0, radius: 1.0, shear: (0.0, 0.0), spread: Spread::Point };
        self.table.point();
        self.holds = None;
        Reach::new((&point, &self.table), self.psf.parts(), &mut self.spectra)
    }

    /// Adds a shape of this intensity by its edges, given for a frame that is wider by `margin` on all
    /// sides.
    pub fn add_figure(&mut self, sides: &[Side], intensity: f64, margin: usize) {
        let first = self.sides.len();
        let (shift, end) = (margin as f64, (self.frame[0] + 2 * margin) as f64);
        let all = &mut self.sides;
        sides.iter().for_each(|side| side.clipped(end, shift, |side| all.push(side)));
        if self.psf.parts().is_empty() || self.sides.len() == first {
            return;
        }
        let reach = self.reach_of_point();
        let bounds = figure::bounds(&self.sides[first..]);
        let area = bounds.iter().map(|[low, high]| high - low).product::<f64>() + 1.0 / reach.peak;
        let pixels = (self.frame[0] * self.frame[1]) as f64;
        for i in [0, 1] {
            let (side, [low, high]) = (self.frame[i] as f64, bounds[i]);
            let far = if side - low > high { side - low } else { high };
            let is_good = |period: usize| {
                let distance = period as f64 - far;
                let light = || reach.at(i, distance) * reach.peak;
                distance >= 1.0
                    && area * light() < COPIES * self.accuracy
                    && pixels * light() < FLUX * self.accuracy
            };
            self.axes[i] = self.axes[i].max(shortest(self.frame[i] + self.frame[i] % 2, is_good));
        }
        self.figures.push(Figure { sides: first..self.sides.len(), intensity });
    }

    /// Adds the light of all objects to a plane of the frame's pixels.
    pub fn finish(&mut self, isa: Isa, plane: &mut [f32]) {
        if self.lights.is_empty() && self.figures.is_empty() {
            return;
        }
        let axes = self.axes.map(axis);
        self.canvas.clear(axes);
        for n in 0..self.lights.len() {
            let (light, part, least) = self.lights[n];
            self.tabulate(isa, &light);
            self.draw(isa, axes, &light, part, least as f32);
        }
        for n in 0..self.figures.len() {
            for part in 0..self.psf.parts().len() {
                self.draw_figure(isa, axes, n, part);
            }
        }
        inverse(isa, axes, &self.canvas, [self.frame[1], self.frame[0]], &mut self.work, plane);
    }

    fn draw(&mut self, isa: Isa, axes: [&Axis; 2], light: &Light, part: usize, least: f32) {
        let Part { light: psf, table, .. } = &self.psf.parts()[part];
        let ends = counts(axes, self.psf.parts()[part].ends());
        let scale = 2.0 * (light.flux * psf.flux) / (axes[0].period * axes[1].period) as f64;
        let places = [light.centre.0, light.centre.1];
        let away = [0, 1].map(|i| places[i] - self.frame[i].div_ceil(2) as f64);
        if let Some(picture) = self.psf.parts()[part].picture() {
            return self.draw_through(isa, axes, light, (part, picture), ends, (away, scale));
        }
        for (i, factor) in [scale, 1.0].into_iter().enumerate() {
            self.phases[i].set(axes[i], away[i], factor, ends[i]);
        }
        let [a, b] = &self.phases;
        let scene =
            Scene { axes, phases: [a, b], object: (light, &self.table), psf: (psf, table), least, ends };
        fill(isa, &scene, &mut self.canvas);
    }

    /// A shape, through a part of the PSF.
    fn draw_figure(&mut self, isa: Isa, axes: [&Axis; 2], number: usize, part: usize) {
        let Through { cells, turns, work, figure } = &mut **self.through.get_or_insert_default();
        let Figure { sides, intensity } = &self.figures[number];
        let part = self.psf.part_mut(part);
        let ends = counts(axes, part.ends());
        let [x, y] = self.frame.map(|side| side.div_ceil(2) as f64);
        cells.fit(ends);
        figure::transform(isa, axes, &self.sides[sides.clone()], (x, y), figure, cells);
        let scale = 2.0 * (intensity * part.light.flux) / (axes[0].period * axes[1].period) as f64;
        let picture = part.picture().map(|n| &self.pictures[n]);
        match picture {
            Some(picture) => multiply(isa, part.cells(isa, axes, ends, picture, work), cells),
            None => blur(isa, axes, &part.light, &part.table, cells),
        }
        for (i, factor) in [scale, 1.0].into_iter().enumerate() {
            turns[i].set(axes[i], 0.0, factor, ends[i], picture.is_none_or(|picture| !picture.has_pixel));
        }
        put(isa, axes, turns, cells, &mut self.canvas);
    }

    /// Through a part of the PSF that is a picture.
    fn draw_through(
        &mut self,
        isa: Isa,
        axes: [&Axis; 2],
        light: &Light,
        (part, picture): (usize, usize),
        ends: [usize; 2],
        (away, scale): ([f64; 2], f64),
    ) {
        let Through { cells, turns, work, .. } = &mut **self.through.get_or_insert_default();
        let picture = &self.pictures[picture];
        cells.fit(ends);
        shine(isa, axes, light, &self.table, cells);
        multiply(isa, self.psf.part_mut(part).cells(isa, axes, ends, picture, work), cells);
        for (i, factor) in [scale, 1.0].into_iter().enumerate() {
            turns[i].set(axes[i], away[i], factor, ends[i], !picture.has_pixel);
        }
        put(isa, axes, turns, cells, &mut self.canvas);
    }

    fn tabulate(&mut self, isa: Isa, light: &Light) {
        let q = self.psf.last() * light.radius * light.elongation().sqrt();
        if self.holds != Some((light.spread, q)) {
            light.spread.tabulate(isa, &mut self.table, q);
            self.holds = Some((light.spread, q));
        }
    }
}

/// How many cells there are along each axis up to these frequencies.
fn counts(axes: [&Axis; 2], last: [f64; 2]) -> [usize; 2] {
    [0, 1].map(|i| {
        let (count, most) = (last[i] * axes[i].period as f64 / (2.0 * PI), axes[i].k.len());
        if count < most as f64 { (count as usize + 1).next_multiple_of(LANES).min(most) } else { most }
    })
}
