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
mod dct;
mod fill;
mod inverse;
mod light;
mod mellin;
mod reach;
mod table;
mod transforms;
mod wings;

pub use axis::LONGEST;
pub use light::{Light, Spread};
pub(crate) use mellin::Coefficients;
pub use transforms::Transforms;

use crate::image::grid::Grid;
use crate::isa::Isa;
use crate::lanes::LANES;
use axis::{Axis, axis, shortest};
use fill::{Canvas, Phases, Scene, fill};
use inverse::{Work, inverse};
use reach::{Limits, Place, Reach};
use std::f64::consts::PI;
use table::Table;
use wings::Wings;

/// Shares of the accuracy: the copies' light, and cells that are left out.
const COPIES: f64 = 0.7;
const CELLS: f64 = 0.8;
/// No finer accuracy is kept: tables and sums in f32 leave a tenth of it.
const FINEST: f64 = 1e-5;
/// What counts as the end of the PSF's transform, by the accuracy.
const END: f64 = 0.02;
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
    psf: Option<Light>,
    psf_table: Table,
    tabulated: Option<Spread>,
    /// Where the PSF's transform ends.
    end: f64,
    table: Table,
    holds: Option<(Spread, f64)>,
    accuracy: f64,
    error: f64,
    frame: [usize; 2],
    /// What there is to draw, from which level on its cells count, and whether its copies' wings are to be
    /// taken off.
    lights: Vec<(Light, f64, bool)>,
    axes: [usize; 2],
    phases: [Phases; 2],
    canvas: Canvas,
    work: Work,
    wings: Wings,
}

impl Default for Fourier {
    fn default() -> Fourier {
        Fourier {
            psf: None,
            psf_table: Table::new(),
            tabulated: None,
            end: 0.0,
            table: Table::new(),
            holds: None,
            accuracy: 0.0,
            error: f64::INFINITY,
            frame: [0; 2],
            lights: vec![],
            axes: [0; 2],
            phases: Default::default(),
            canvas: Canvas::default(),
            work: Work::default(),
            wings: Wings::default(),
        }
    }
}

impl Fourier {
    /// Begins an image through this PSF: no pixel is to be further from the truth than `accuracy`
    /// times its object's peak, nor than `error`, as far as an accuracy of 1e-5 goes.
    pub fn begin(&mut self, isa: Isa, grid: &Grid, psf: Light, accuracy: f64, error: f64) {
        (self.accuracy, self.error) = (accuracy, error);
        self.frame = [grid.columns(), grid.rows()];
        self.lights.clear();
        self.axes = self.frame.map(|side| shortest(side as f64));
        self.psf = psf.is_visible().then_some(psf);
        if self.tabulated != Some(psf.spread) {
            psf.spread.tabulate(isa, &mut self.psf_table, f64::INFINITY);
            self.tabulated = Some(psf.spread);
        }
        let finest = if error < f64::INFINITY && FINEST < accuracy { FINEST } else { accuracy };
        self.end = self.psf_table.reach((END * finest) as f32);
    }

    /// Adds an object; false where its light is so wide, or so far away, that no lattice holds it: a
    /// PSF makes next to no difference there.
    pub fn add(&mut self, isa: Isa, light: Light) -> bool {
        let Some(psf) = self.psf else { return true };
        if !light.is_visible() {
            return true;
        }
        let end = self.last(&psf);
        self.tabulate(isa, &light, end);
        let psf = (&psf, &self.psf_table);
        let reach = Reach::new((&light, &self.table), psf, end);
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
            if light.spread != Spread::Point && choice.copies > WIDE {
                return false;
            }
            axes[i] = axes[i].max(choice.number);
            corrected |= choice.corrected;
        }
        self.axes = axes;
        self.lights.push((light, reach.least(CELLS * accuracy), corrected));
        true
    }

    /// Adds the light of all objects to a plane of the frame's pixels.
    pub fn finish(&mut self, isa: Isa, plane: &mut [f32]) {
        let Some(psf) = self.psf else { return };
        if self.lights.is_empty() {
            return;
        }
        let axes = self.axes.map(axis);
        let middle = self.middle();
        let centred = self.lights.iter().all(|(light, ..)| light.centre == (middle[0], middle[1]));
        self.canvas.clear(axes, centred);
        for n in 0..self.lights.len() {
            let (light, least, _) = self.lights[n];
            self.draw(isa, axes, &light, &psf, least as f32);
        }
        inverse(isa, axes, &self.canvas, [self.frame[1], self.frame[0]], &mut self.work, plane);
        self.wings.clear(self.frame);
        for (light, ..) in self.lights.iter().filter(|(.., corrected)| *corrected) {
            self.wings.add(isa, light, &psf, axes);
        }
        self.wings.finish(isa, plane);
    }

    fn draw(&mut self, isa: Isa, axes: [&Axis; 2], light: &Light, psf: &Light, least: f32) {
        self.tabulate(isa, light, self.last(psf));
        let q = self.end / psf.radius;
        let (xx, _, yy) = psf.sheared();
        let cells = |axis: &Axis, k: f64| {
            let count = k * axis.period as f64 / (2.0 * PI);
            let most = axis.cells();
            if count < most as f64 { (count as usize + 1).next_multiple_of(LANES).min(most) } else { most }
        };
        let ends = [cells(axes[0], q * yy.sqrt()), cells(axes[1], q * xx.sqrt())];
        let scale = 2.0 * light.flux / (axes[0].period * axes[1].period) as f64;
        let (places, middle) = ([light.centre.0, light.centre.1], self.middle());
        for (i, factor) in [scale, 1.0].into_iter().enumerate() {
            self.phases[i].set(axes[i], places[i] - middle[i], factor, ends[i]);
        }
        let [a, b] = &self.phases;
        let scene = Scene {
            axes,
            phases: [a, b],
            object: (light, &self.table),
            psf: (psf, &self.psf_table),
            least,
            ends,
        };
        fill(isa, &scene, &mut self.canvas);
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

    /// The last frequency that the PSF lets through.
    fn last(&self, psf: &Light) -> f64 {
        let k = self.end / psf.radius * psf.elongation().sqrt();
        if k < LAST { k } else { LAST }
    }

    fn tabulate(&mut self, isa: Isa, light: &Light, end: f64) {
        let q = end * light.radius * light.elongation().sqrt();
        if self.holds != Some((light.spread, q)) {
            light.spread.tabulate(isa, &mut self.table, q);
            self.holds = Some((light.spread, q));
        }
    }
}
