//! Profiles through a PSF, in the space of frequencies.
//!
//! All objects of an image are added up on one lattice of frequencies, each as the product of its
//! transform, the PSF's and the pixel's; one inverse transform makes the pixels. The lattice
//! ([`axis`]) has twice the frame's Nyquist frequency or more, folded exactly, and a period that is
//! chosen for each image so that the copies of its objects stay dark ([`reach`]); cells that count
//! for nothing are left out ([`fill`]). Transforms are looked up in tables ([`table`]), which
//! come from exact Mellin transforms ([`mellin`]).

mod axis;
mod brightness;
mod butterfly;
mod cells;
mod dct;
mod fill;
mod inverse;
mod light;
mod mellin;
mod picture;
mod psf;
mod reach;
mod table;
mod transforms;
mod wings;

pub use axis::LONGEST;
pub use light::{Light, Spread};
pub(crate) use mellin::{Coefficients, invert};
pub use picture::{Interpolation, Picture, Sight};
pub use psf::MOST_PARTS;
pub(crate) use table::Row;
pub use transforms::Transforms;

use crate::image::grid::Grid;
use crate::isa::Isa;
use crate::lanes::LANES;
use axis::{Axis, axis, shortest};
use cells::{Cells, Turns, multiply, put, shine};
use fill::{Canvas, Phases, Scene, fill};
use inverse::{Work, inverse};
use psf::{Part, Psf};
use reach::{Limits, Place, Reach, Spectrum};
use std::f64::consts::PI;
use std::sync::Arc;
use table::Table;
use wings::Wings;

/// Shares of the accuracy: the copies' light, and cells that are left out.
const COPIES: f64 = 0.7;
const CELLS: f64 = 0.5;
/// No finer accuracy is kept: tables and sums in f32 leave a tenth of it.
const FINEST: f64 = 1e-5;
/// The light that copies along one axis may put into the frame or take from it, of an object's flux:
/// the promise is 10 times the accuracy in all.
const FLUX: f64 = 6.0;
/// Copies that are brighter than this, over the peak, in the longest period: such light is no longer
/// for a lattice.
const WIDE: f64 = 0.01;
/// An object outside the frame is left out where its light in the frame is this share.
const DARK: f64 = 0.01;
/// Beyond this frequency, in radians per pixel, there are no cells.
const LAST: f64 = 32.0 * PI * std::f64::consts::SQRT_2;

/// Draws the objects of one image after the other; one for each thread.
pub struct Fourier {
    psf: Psf,
    table: Table,
    holds: Option<(Spread, f64)>,
    accuracy: f64,
    error: f64,
    frame: [usize; 2],
    /// What there is to draw, through which part of the PSF, and from which level on its cells count.
    lights: Vec<(Light, usize, f64)>,
    /// The objects whose copies' wings are to be taken off.
    winged: Vec<Light>,
    spectra: Vec<Spectrum>,
    axes: [usize; 2],
    phases: [Phases; 2],
    canvas: Canvas,
    work: Work,
    wings: Wings,
    /// PSFs that are pictures, by number, and what drawing through them takes.
    pictures: Arc<[Picture]>,
    through: Option<Box<Through>>,
}

/// Where light goes through a picture.
#[derive(Default)]
struct Through {
    cells: Cells,
    turns: [Turns; 2],
    work: picture::Work,
}

impl Default for Fourier {
    fn default() -> Fourier {
        Fourier {
            psf: Psf::default(),
            table: Table::new(),
            holds: None,
            accuracy: 0.0,
            error: f64::INFINITY,
            frame: [0; 2],
            lights: vec![],
            winged: vec![],
            spectra: vec![],
            axes: [0; 2],
            phases: Default::default(),
            canvas: Canvas::default(),
            work: Work::default(),
            wings: Wings::default(),
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
    /// pixel is to be further from the truth than `accuracy` times its object's peak, nor than `error`, as far
    /// as an accuracy of 1e-5 goes.
    pub fn begin(&mut self, isa: Isa, grid: &Grid, psf: &[Light], accuracy: f64, error: f64) {
        (self.accuracy, self.error) = (accuracy, error);
        self.frame = [grid.columns(), grid.rows()];
        self.lights.clear();
        self.winged.clear();
        self.axes = self.frame.map(|side| shortest(side as f64));
        let finest = if error < f64::INFINITY && FINEST < accuracy { FINEST } else { accuracy };
        self.psf.set(isa, &psf[..psf.len().min(MOST_PARTS)], finest, &self.pictures);
    }

    /// Adds an object; false where its light is so wide, or so far away, that no lattice holds it: a
    /// PSF makes next to no difference there.
    pub fn add(&mut self, isa: Isa, light: Light) -> bool {
        if self.psf.parts().is_empty() || !light.is_visible() {
            return true;
        }
        self.tabulate(isa, &light);
        let reach = Reach::new((&light, &self.table), self.psf.parts(), &mut self.spectra);
        let accuracy = self.accuracy_of(light.flux.abs() * reach.peak);
        let centre = [light.centre.0, light.centre.1];
        let limits = Limits { pixel: COPIES * accuracy, flux: FLUX * accuracy };
        let (mut axes, mut corrected) = (self.axes, false);
        for i in [0, 1] {
            let side = self.frame[i] as f64;
            let away = (centre[i] - 0.5 * side).abs();
            let outside = away - 0.5 * side;
            if outside > 1.0 && reach.at(isa, i, outside) < DARK * accuracy {
                return true;
            }
            if away + 0.5 * side > LONGEST as f64 - 1.0 {
                return false;
            }
            let place = Place { away, side, across: self.frame[1 - i] as f64 };
            let choice = reach.period(isa, i, place, limits);
            if light.spread != Spread::Point && !choice.corrected && choice.copies > WIDE {
                return false;
            }
            axes[i] = axes[i].max(choice.number);
            corrected |= choice.corrected;
        }
        self.axes = axes;
        if corrected {
            self.winged.push(light);
        }
        let parts = self.psf.parts();
        for (n, (part, spectrum)) in parts.iter().zip(&self.spectra).enumerate() {
            let share = CELLS * accuracy / (part.light.flux * parts.len() as f64);
            self.lights.push((light, n, spectrum.level(share * reach.peak, share)));
        }
        true
    }

    /// Adds the light of all objects to a plane of the frame's pixels.
    pub fn finish(&mut self, isa: Isa, plane: &mut [f32]) {
        if self.lights.is_empty() {
            return;
        }
        let axes = self.axes.map(axis);
        let middle = self.middle();
        let symmetric = self.psf.parts().iter().all(|part| part.picture().is_none());
        let centred = self.lights.iter().all(|(light, ..)| light.centre == (middle[0], middle[1]));
        self.canvas.clear(axes, symmetric && centred);
        for n in 0..self.lights.len() {
            let (light, part, least) = self.lights[n];
            self.tabulate(isa, &light);
            self.draw(isa, axes, &light, part, least as f32);
        }
        inverse(isa, axes, &self.canvas, [self.frame[1], self.frame[0]], &mut self.work, plane);
        self.wings.clear(self.frame);
        for light in &self.winged {
            self.wings.add(isa, light, self.psf.parts(), axes);
        }
        self.wings.finish(isa, plane);
    }

    fn draw(&mut self, isa: Isa, axes: [&Axis; 2], light: &Light, part: usize, least: f32) {
        let Part { light: psf, table, .. } = &self.psf.parts()[part];
        let last = self.psf.parts()[part].ends();
        let cells = |axis: &Axis, k: f64| {
            let count = k * axis.period as f64 / (2.0 * PI);
            let most = axis.cells();
            if count < most as f64 { (count as usize + 1).next_multiple_of(LANES).min(most) } else { most }
        };
        let ends = [cells(axes[0], last[0]), cells(axes[1], last[1])];
        let scale = 2.0 * (light.flux * psf.flux) / (axes[0].period * axes[1].period) as f64;
        let (places, middle) = ([light.centre.0, light.centre.1], self.middle());
        let away = [0, 1].map(|i| places[i] - middle[i]);
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
        let Through { cells, turns, work } = &mut **self.through.get_or_insert_default();
        let picture = &self.pictures[picture];
        cells.fit(ends);
        shine(isa, axes, light, &self.table, cells);
        multiply(isa, self.psf.part_mut(part).cells(isa, axes, ends, picture, work), cells);
        for (i, factor) in [scale, 1.0].into_iter().enumerate() {
            turns[i].set(axes[i], away[i], factor, ends[i], !picture.has_pixel);
        }
        put(isa, axes, turns, cells, &mut self.canvas);
    }

    /// What is asked for of an object with this peak.
    fn accuracy_of(&self, peak: f64) -> f64 {
        let needed = self.error / peak;
        let finest = if needed > FINEST { needed } else { FINEST };
        if finest < self.accuracy { finest } else { self.accuracy }
    }

    /// The corner of pixels that the lattice's kernels are symmetric about.
    fn middle(&self) -> [f64; 2] {
        self.frame.map(|side| side.div_ceil(2) as f64)
    }

    fn tabulate(&mut self, isa: Isa, light: &Light) {
        let q = self.psf.last() * light.radius * light.elongation().sqrt();
        if self.holds != Some((light.spread, q)) {
            light.spread.tabulate(isa, &mut self.table, q);
            self.holds = Some((light.spread, q));
        }
    }
}
