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
mod copies;
mod dct;
mod energy;
mod figure;
mod fill;
mod inverse;
mod light;
mod mellin;
mod picture;
mod psf;
mod reach;
mod shapes;
mod smooth;
mod spectrum;
mod table;
mod tables;
mod transforms;
mod wings;

pub use axis::LONGEST;
pub(crate) use brightness::square_width;
pub use figure::Side;
pub use light::{Light, Spread};
pub(crate) use mellin::{Coefficients, invert};
pub(crate) use picture::RINGS;
pub use picture::{Interpolation, Picture, Sight};
pub use psf::MOST_PARTS;
pub(crate) use table::Row;
pub use transforms::Transforms;

use crate::image::grid::Grid;
use crate::image::plane::Plane;
use crate::isa::Isa;
use crate::lanes::LANES;
use axis::{Axis, axis, shortest};
use brightness::Brightness;
use cells::{Cells, Turns, multiply, put, shine};
use figure::Figure;
use fill::{Canvas, Phases, Scene, fill};
use inverse::{Work, inverse};
use psf::{Part, Psf};
use reach::{Choice, Limits, Place, Reach};
use spectrum::Spectrum;
use std::f64::consts::PI;
use std::sync::Arc;
use tables::Tables;
use wings::Wings;

/// Shares of the accuracy: the copies' light, and cells that are left out.
const COPIES: f64 = 0.7;
const CELLS: f64 = 0.6;
/// No finer accuracy is kept: tables and sums in f32 leave a tenth of it.
const FINEST: f64 = 1e-5;
/// The light that copies along one axis may put into the frame or take from it, of an object's flux:
/// the promise is 10 times the accuracy in all.
const FLUX: f64 = 6.0;
/// An object outside the frame is left out where its light in the frame is this share.
const DARK: f64 = 0.01;
/// As far beyond the frame a shape is followed at most, in pixels.
pub const WIDEST: usize = 1024;
/// Beyond this frequency, in radians per pixel, there are no cells.
const LAST: f64 = 32.0 * PI * std::f64::consts::SQRT_2;

/// Draws the objects of one image after the other; one for each thread.
pub struct Fourier {
    psf: Psf,
    tables: Tables,
    /// How bright the last object's spread is at a scale radius of 1.
    bright: (Spread, Brightness),
    accuracy: f64,
    error: f64,
    frame: [usize; 2],
    /// The numbers of its own periods.
    own: [usize; 2],
    /// What there is to draw, through which part of the PSF, and from which level on its cells count.
    lights: Vec<(Light, usize, f64)>,
    /// Shapes, and all their edges.
    figures: Vec<Figure>,
    sides: Vec<Side>,
    /// The objects whose copies' wings are to be taken off, and their own brightness where that is not nothing there.
    winged: Vec<(Light, Option<Brightness>)>,
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
            tables: Tables::new(),
            bright: (Spread::Point, Brightness::Point),
            accuracy: 0.0,
            error: f64::INFINITY,
            frame: [0; 2],
            own: [0; 2],
            lights: vec![],
            figures: vec![],
            sides: vec![],
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
        let frame = [grid.columns(), grid.rows()];
        if self.frame != frame {
            (self.frame, self.own) = (frame, frame.map(|side| shortest(side as f64)));
        }
        self.axes = self.own;
        self.lights.clear();
        self.figures.clear();
        self.sides.clear();
        self.winged.clear();
        self.tables.begin();
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
        let (brightness, table) = (self.brightness(&light), self.tables.table());
        let reach = Reach::new(isa, (&light, table), brightness, self.psf.parts(), &mut self.spectra);
        let accuracy = self.accuracy_of(light.flux.abs() * reach.peak);
        let limits = Limits { pixel: COPIES * accuracy, flux: FLUX * accuracy };
        let places = self.places(&light);
        if reach.is_beyond(isa, &places, DARK * accuracy) {
            return true;
        }
        if places.iter().any(|place| place.far() > LONGEST as f64 - 1.0) {
            return false;
        }
        let choices = reach.periods(isa, places, limits);
        if choices.iter().any(Choice::is_short) && self.is_wider_than_psf(&light) {
            return false;
        }
        for (axis, choice) in self.axes.iter_mut().zip(&choices) {
            *axis = (*axis).max(choice.number);
        }
        if choices.iter().any(|choice| choice.corrected) {
            let alone = reach.is_alone(choices, (self.frame[0] * self.frame[1]) as f64, limits);
            self.winged.push((light, (!alone).then_some(brightness)));
        }
        let parts = self.psf.parts();
        for (n, (part, spectrum)) in parts.iter().zip(&self.spectra).enumerate() {
            let share = CELLS * accuracy / (part.light.flux * parts.len() as f64);
            self.lights.push((light, n, spectrum.level(isa, share * reach.peak, share)));
        }
        true
    }

    fn places(&self, light: &Light) -> [Place; 2] {
        let centre = [light.centre.0, light.centre.1];
        [0, 1].map(|i| {
            let side = self.frame[i] as f64;
            Place { away: (centre[i] - 0.5 * side).abs(), side, first: self.own[i] }
        })
    }

    /// Adds the light of all objects to a plane of the frame's pixels.
    pub fn finish(&mut self, isa: Isa, plane: &mut [f32]) {
        self.finish_on(isa, &mut Plane::with_light(plane));
    }

    /// The same, to a plane that need not be cleared before.
    pub(crate) fn finish_on(&mut self, isa: Isa, plane: &mut Plane) {
        if self.lights.is_empty() && self.figures.is_empty() {
            return;
        }
        let axes = self.axes.map(axis);
        let middle = self.middle();
        let pictures = self.psf.parts().iter().any(|part| part.picture().is_some());
        let symmetric = !pictures && self.figures.is_empty();
        let centred = self.lights.iter().all(|(light, ..)| light.centre == (middle[0], middle[1]));
        self.canvas.clear(axes, symmetric && centred);
        for n in 0..self.lights.len() {
            let (light, part, least) = self.lights[n];
            self.tabulate(isa, &light);
            self.draw(isa, axes, &light, part, least as f32, plane.pixels());
        }
        for n in 0..self.figures.len() {
            for part in 0..self.psf.parts().len() {
                self.draw_figure(isa, axes, n, part);
            }
        }
        self.wings.clear(self.frame);
        for (light, brightness) in &self.winged {
            self.wings.add(isa, light, *brightness, self.psf.parts(), axes);
        }
        let [columns, rows] = self.frame;
        let smooth = self.wings.smooth(isa);
        inverse(isa, axes, &mut self.canvas, smooth, &mut self.work, [rows, columns], plane);
    }

    fn draw(&mut self, isa: Isa, axes: [&Axis; 2], light: &Light, part: usize, least: f32, plane: &[f32]) {
        let Part { light: psf, table, .. } = &self.psf.parts()[part];
        let ends = counts(axes, self.psf.parts()[part].ends());
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
        let scene = Scene {
            axes,
            phases: [a, b],
            object: (light, self.tables.table()),
            psf: (psf, table),
            least,
            ends,
            plane,
        };
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
        let Through { cells, turns, work, .. } = &mut **self.through.get_or_insert_default();
        let picture = &self.pictures[picture];
        cells.fit(ends);
        shine(isa, axes, light, self.tables.table(), cells);
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

    /// Whether an object is wider than a part of the PSF, which then does little to it.
    fn is_wider_than_psf(&self, light: &Light) -> bool {
        let square = light.radius * light.radius;
        let is_narrower = |part: &Part| part.core() < square;
        light.spread != Spread::Point && self.psf.parts().iter().any(is_narrower)
    }

    /// How bright an object is; of what is spread like the last one all but the size is known.
    fn brightness(&mut self, light: &Light) -> Brightness {
        if self.bright.0 != light.spread {
            self.bright = (light.spread, Brightness::new(light.spread));
        }
        self.bright.1.over(light.radius)
    }

    fn tabulate(&mut self, isa: Isa, light: &Light) {
        let q = self.psf.last() * light.radius * light.elongation().sqrt();
        self.tables.set(isa, light.spread, q);
    }
}

/// How many cells there are along each axis up to these frequencies.
fn counts(axes: [&Axis; 2], last: [f64; 2]) -> [usize; 2] {
    [0, 1].map(|i| {
        let (count, most) = (last[i] * axes[i].period as f64 / (2.0 * PI), axes[i].cells());
        if count < most as f64 { (count as usize + 1).next_multiple_of(LANES).min(most) } else { most }
    })
}
