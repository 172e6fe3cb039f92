//! Profiles through a PSF, in the space of frequencies.
//!
//! All objects of an image are added up on one lattice of frequencies, each as the product of its
//! transform, the PSF's and the pixel's; one inverse transform makes the pixels. The lattice
//! ([`axis`]) has twice the frame's Nyquist frequency or more, folded exactly, and a period that is
//! chosen for each image so that the copies of its objects stay dark ([`reach`]); cells that count
//! for nothing are left out ([`fill`]). Transforms are looked up in tables ([`table`]), which
//! come from exact Mellin transforms ([`mellin`]).

mod axis;
mod dct;
mod fill;
mod inverse;
mod light;
mod mellin;
mod reach;
mod table;

pub use axis::LONGEST;
pub(crate) use light::Brightness;
pub use light::{Light, Spread};
pub(crate) use mellin::{Coefficients, invert};

use crate::image::grid::Grid;
use crate::isa::Isa;
use axis::{Axis, axis, shortest};
use fill::{Canvas, LANES, Phases, Scene, fill};
use inverse::{Work, inverse};
use reach::Reach;
use std::f64::consts::PI;
use table::Table;

/// Shares of the accuracy: the copies' light, and cells that are left out.
const COPIES: f64 = 0.5;
const CELLS: f64 = 0.5;
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
    psf: Option<(Light, Brightness)>,
    psf_table: Table,
    tabulated: Option<Spread>,
    /// Where the PSF's transform ends.
    end: f64,
    table: Table,
    holds: Option<(Spread, f64)>,
    accuracy: f64,
    frame: [usize; 2],
    /// What there is to draw, and from which level on its cells count.
    lights: Vec<(Light, f64)>,
    axes: [usize; 2],
    phases: [Phases; 2],
    canvas: Canvas,
    work: Work,
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
            frame: [0; 2],
            lights: vec![],
            axes: [0; 2],
            phases: Default::default(),
            canvas: Canvas::default(),
            work: Work::default(),
        }
    }
}

impl Fourier {
    /// Begins an image through this PSF: no pixel is to be further from the truth than `accuracy`
    /// times its object's peak.
    pub fn begin(&mut self, isa: Isa, grid: &Grid, psf: Light, accuracy: f64) {
        self.accuracy = accuracy;
        self.frame = [grid.columns(), grid.rows()];
        self.lights.clear();
        self.axes = self.frame.map(|side| shortest(side + side % 2, |_| true));
        self.psf = psf.is_visible().then(|| (psf, psf.spread.brightness()));
        if self.tabulated != Some(psf.spread) {
            psf.spread.tabulate(isa, &mut self.psf_table, f64::INFINITY);
            self.tabulated = Some(psf.spread);
        }
        self.end = self.psf_table.reach((END * accuracy) as f32);
    }

    /// Adds an object; false where its light is so wide, or so far away, that no lattice holds it: a
    /// PSF makes next to no difference there.
    pub fn add(&mut self, isa: Isa, light: Light) -> bool {
        let Some((psf, brightness)) = self.psf else { return true };
        if !light.is_visible() {
            return true;
        }
        let end = self.last(&psf);
        self.tabulate(isa, &light, end);
        let psf = (&psf, &self.psf_table, brightness);
        let reach = Reach::new((&light, &self.table), psf, end, CELLS * self.accuracy);
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
        self.lights.push((light, reach.least));
        true
    }

    /// Adds the light of all objects to a plane of the frame's pixels.
    pub fn finish(&mut self, isa: Isa, plane: &mut [f32]) {
        let Some((psf, _)) = self.psf else { return };
        if self.lights.is_empty() {
            return;
        }
        let axes = self.axes.map(axis);
        self.canvas.clear(axes);
        for n in 0..self.lights.len() {
            let (light, least) = self.lights[n];
            self.draw(isa, axes, &light, &psf, least as f32);
        }
        inverse(isa, axes, &self.canvas, [self.frame[1], self.frame[0]], &mut self.work, plane);
    }

    fn draw(&mut self, isa: Isa, axes: [&Axis; 2], light: &Light, psf: &Light, least: f32) {
        self.tabulate(isa, light, self.last(psf));
        let q = self.end / psf.radius;
        let (xx, _, yy) = psf.sheared();
        let cells = |axis: &Axis, k: f64| {
            let count = k * axis.period as f64 / (2.0 * PI);
            let most = axis.k.len();
            if count < most as f64 { (count as usize + 1).next_multiple_of(LANES).min(most) } else { most }
        };
        let ends = [cells(axes[0], q * yy.sqrt()), cells(axes[1], q * xx.sqrt())];
        let scale = 2.0 * light.flux / (axes[0].period * axes[1].period) as f64;
        let places = [light.centre.0, light.centre.1];
        for (i, factor) in [scale, 1.0].into_iter().enumerate() {
            let middle = self.frame[i].div_ceil(2) as f64;
            self.phases[i].set(axes[i], places[i] - middle, factor, ends[i]);
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
