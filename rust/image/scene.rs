//! One image from one record: the objects' light, then sky and noise.
//!
//! With mu = light + sky (never below 0), the recorded image is Poisson(gain mu)/gain plus
//! Gaussian noise, less the sky where it is subtracted. An object's own noise falls on that
//! object's plane alone; what it adds is kept apart from the light, so that the mean of the
//! image's Poisson noise is always the noiseless one and the order of noises does not matter.
//! A shape that covers another covers its noise too.

use super::Scratch as ModelScratch;
use super::fourier::{Fourier, Light, Spread};
use super::noise::{Exposure, Noise, NoiseKind, add_constant, add_difference, add_plane};
use super::plane::Plane;
use super::shape::overlap::{Overlap, cover_noise, lighten, put_plane};
use crate::error::Error;
use crate::param::Family;
use crate::plan::{Entry, Plan, Psf, Refused, Row};

/// The most canonical parameters that a model has.
const MOST_PARAMETERS: usize = 16;

/// What no pixel behind a PSF may be further from the truth, in standard deviations of the background.
const FAINTEST: f64 = 0.05;

/// Where one sample's pixels go, row-major.
pub struct Planes<'a> {
    /// The recorded image.
    pub image: &'a mut [f32],
    /// The sum of the objects' light alone.
    pub noiseless: Option<&'a mut [f32]>,
    /// The variance of the recorded image.
    pub variance: Option<&'a mut [f32]>,
    /// The PSF at the frame's centre, of flux 1.
    pub psf: Option<&'a mut [f32]>,
}

/// What rendering needs beside the planes; one for each worker.
pub struct Scratch {
    model: ModelScratch,
    fourier: Option<Box<Fourier>>,
    /// The PSF at hand, and what notes the edges of shapes that go through it.
    psf: Vec<Light>,
    tracer: Option<Box<ModelScratch>>,
    plane: Vec<f32>,
    recorded: Vec<f32>,
    means: Vec<f32>,
    /// What the objects' own noises add to the light, and its variance.
    residual: Vec<f32>,
    spread: Vec<f32>,
    /// Running sums of a row of pixels, for what is measured.
    sums: Vec<[f64; 2]>,
}

impl Scratch {
    /// For the images of one plan.
    pub fn new(plan: &Plan) -> Scratch {
        let pixels = plan.pixels();
        let own = if plan.has_object_noise() { pixels } else { 0 };
        Scratch {
            model: ModelScratch::new(&plan.grid).overlapping(plan.overlap),
            fourier: plan.psf.as_ref().map(|psf| Box::new(Fourier::with(&psf.pictures))),
            psf: vec![],
            tracer: plan.entries.iter().any(|entry| entry.blur).then(|| Box::new(ModelScratch::tracing())),
            plane: vec![0.0; pixels],
            recorded: vec![0.0; own],
            means: vec![0.0; own],
            residual: vec![0.0; own],
            spread: vec![0.0; own],
            sums: Vec::with_capacity(plan.grid.columns() + 1),
        }
    }
}

impl Scratch {
    /// Variance of the objects' own noises, of what [`light`] drew; nothing where no object has any.
    pub(crate) fn spread(&self) -> &[f32] {
        &self.spread
    }
}

/// Renders one row; without `noisy` the image is the noiseless one.
pub fn render(plan: &Plan, row: Row, record: &[f64], planes: Planes, noisy: bool, scratch: &mut Scratch) {
    light(plan, row, record, planes.image, scratch);
    finish(plan, row, record, planes, noisy, scratch);
}

/// Renders and measures the light of one row. Where what is measured decides, a scene that is not
/// kept is drawn anew until one is; that one's light and record stay.
///
/// # Errors
/// No attempt is left, or a value that is not legal in a row.
pub fn light_kept(
    plan: &Plan,
    row: Row,
    record: &mut [f64],
    image: &mut [f32],
    measured: &mut [f64],
    scratch: &mut Scratch,
) -> Result<(), Error> {
    let mut refused = Refused::default();
    loop {
        if !(plan.keeps_snr_below() && plan.refuses(least_snr(plan, record, scratch), &mut refused)) {
            plan.scale(row, record, image, scratch)?;
            light_measured(plan, row, record, image, measured, scratch);
            if plan.keeps_image(record, measured, &mut refused) {
                return Ok(());
            }
        }
        plan.draw_next(row.scene, record, &mut refused)?;
    }
}

/// What `snr` is not below, of an object that is alone in its image; 0 where only drawing it tells.
fn least_snr(plan: &Plan, record: &[f64], scratch: &mut Scratch) -> f64 {
    let ([entry], background) = (&plan.entries[..], plan.meter(record).background()) else { return 0.0 };
    let light = entry.lone_light(plan, record).filter(|_| background > 0.0 && goes_with_all(entry));
    let found = light.and_then(|light| {
        let behind = begun(plan, record, allowed(plan, record), scratch)?;
        Some(behind.fourier.least_norm(plan.isa, &light) / background.sqrt())
    });
    found.unwrap_or(0.0)
}

/// Renders and measures the light of one row as its record is.
pub fn light_measured(
    plan: &Plan,
    row: Row,
    record: &[f64],
    image: &mut [f32],
    measured: &mut [f64],
    scratch: &mut Scratch,
) {
    light(plan, row, record, image, scratch);
    plan.measure(record, image, measured, &mut scratch.sums);
}

/// The light of one row's objects, and what their own noises add, in the scratch.
pub(crate) fn light(plan: &Plan, row: Row, record: &[f64], image: &mut [f32], scratch: &mut Scratch) {
    scratch.residual.fill(0.0);
    scratch.spread.fill(0.0);
    let mut image = Plane::stale(image);
    // Shapes go together among themselves, so other light is added to what they make.
    let first = |entry: &&Entry| plan.overlap == Overlap::Add || entry.model.family == Family::Shape;
    let apart = || plan.entries.iter().filter(|entry| !goes_with_all(entry));
    for entry in apart().filter(first).chain(apart().filter(|entry| !first(entry))) {
        add_entry(plan, entry, row, record, image.cleared(), scratch);
    }
    add_shining(plan, record, &mut image, scratch);
    image.cleared();
}

/// What follows the light, which is in the image.
pub fn finish(plan: &Plan, row: Row, record: &[f64], planes: Planes, noisy: bool, scratch: &mut Scratch) {
    let Planes { image, noiseless, variance, psf } = planes;
    if let Some(plane) = psf {
        draw_psf(plan, record, plane, scratch);
    }
    if let Some(noiseless) = noiseless {
        noiseless.copy_from_slice(image);
    }
    let exposure = plan.exposure(row, 0, record);
    let sky = plan.sky.as_ref().map_or(0.0, |sky| record[sky.level] as f32);
    if let Some(variance) = variance {
        variance.fill(0.0);
        add_plane(plan.isa, &scratch.spread, variance);
        exposure.add_variance(&plan.noise, image, sky, variance);
    }
    if noisy {
        expose(plan, &exposure, sky, image, scratch);
    }
}

/// Sky and noise on the light.
fn expose(plan: &Plan, exposure: &Exposure, sky: f32, image: &mut [f32], scratch: &mut Scratch) {
    let counted = plan.noise.iter().any(|noise| noise.kind == NoiseKind::Poisson);
    let subtract = plan.sky.as_ref().is_some_and(|sky| sky.subtract);
    // A sky that is added only to be taken away again would cost digits.
    if sky > 0.0 && (counted || !subtract) {
        add_constant(plan.isa, sky, image);
    }
    exposure.record(&plan.noise, image, &mut scratch.plane);
    if sky > 0.0 && counted && subtract {
        add_constant(plan.isa, -sky, image);
    }
    add_plane(plan.isa, &scratch.residual, image);
}

/// Whether an entry is drawn together with all others that go through the PSF.
fn goes_with_all(entry: &Entry) -> bool {
    (entry.shine.is_some() || entry.blur) && entry.noise.is_empty()
}

/// What draws through the PSF of a record.
struct Behind<'a> {
    fourier: &'a mut Fourier,
    tracer: Option<&'a mut ModelScratch>,
    /// How much further than the frame shapes are followed.
    margin: usize,
    model: &'a mut ModelScratch,
}

fn begun<'a>(plan: &Plan, record: &[f64], error: f64, scratch: &'a mut Scratch) -> Option<Behind<'a>> {
    let psf: &Psf = plan.psf.as_ref()?;
    let fourier = scratch.fourier.as_deref_mut()?;
    psf.lights(plan, record, &mut scratch.psf);
    fourier.begin(plan.isa, &plan.grid, &scratch.psf, psf.accuracy, error);
    let tracer = scratch.tracer.as_deref_mut();
    let margin = if tracer.is_some() { fourier.margin(plan.isa) } else { 0 };
    Some(Behind { fourier, tracer, margin, model: &mut scratch.model })
}

impl Behind<'_> {
    /// Adds an object to the lattice; light so wide that the PSF does nothing to it, to the plane.
    fn draw(&mut self, plan: &Plan, entry: &Entry, parameters: &[f64], plane: &mut Plane) {
        let Some(tracer) = self.tracer.as_deref_mut().filter(|_| entry.blur) else {
            return entry.add_through(plan, parameters, self.fourier, (plane, self.model));
        };
        if let Some(trail) = tracer.cover.trail() {
            trail.sides.clear();
        }
        entry.trace(plan, self.margin, parameters, tracer);
        if let Some(trail) = tracer.cover.trail() {
            self.fourier.add_figure(plan.isa, &trail.sides, trail.intensity, self.margin);
        }
    }
}

/// What the background's noise lets pixels be off.
fn allowed(plan: &Plan, record: &[f64]) -> f64 {
    let error = FAINTEST * plan.meter(record).background().sqrt();
    if error > 0.0 { error } else { f64::INFINITY }
}

/// Adds all light that goes through the PSF and has no noise of its own, in one transform.
fn add_shining(plan: &Plan, record: &[f64], image: &mut Plane, scratch: &mut Scratch) {
    let Some(mut behind) = begun(plan, record, allowed(plan, record), scratch) else { return };
    for entry in plan.entries.iter().filter(|entry| goes_with_all(entry)) {
        each(entry, record, |_, parameters| behind.draw(plan, entry, parameters, image));
    }
    behind.fourier.finish_on(plan.isa, image);
}

/// The PSF around the frame's centre.
fn draw_psf(plan: &Plan, record: &[f64], plane: &mut [f32], scratch: &mut Scratch) {
    plane.fill(0.0);
    if let Some(behind) = begun(plan, record, f64::INFINITY, scratch) {
        draw_point(plan, behind.fourier, plane);
    }
}

fn draw_point(plan: &Plan, fourier: &mut Fourier, plane: &mut [f32]) {
    let point = Light::new(&plan.grid, (0.0, 0.0), 1.0, 1.0, (0.0, 0.0), Spread::Point);
    fourier.add(plan.isa, point);
    fourier.finish(plan.isa, plane);
}

/// Draws the PSF that is the same for all rows, as each of them would have it; nothing where there is none.
///
/// # Errors
/// A plane of the wrong size.
pub fn fixed_psf(plan: &Plan, plane: &mut [f32]) -> Result<(), Error> {
    if plane.len() != plan.pixels() {
        let message = format!("a plane has {} pixels; an image has {}", plane.len(), plan.pixels());
        return Err(Error::Argument(message));
    }
    plane.fill(0.0);
    if let Some(psf) = &plan.psf {
        let mut fourier = Fourier::with(&psf.pictures);
        fourier.begin(plan.isa, &plan.grid, &psf.fixed_lights(plan), psf.accuracy, f64::INFINITY);
        draw_point(plan, &mut fourier, plane);
    }
    Ok(())
}

/// One object on a plane of its own.
fn draw_alone(plan: &Plan, entry: &Entry, record: &[f64], parameters: &[f64], scratch: &mut Scratch) {
    let mut plane = std::mem::take(&mut scratch.plane);
    plane.fill(0.0);
    let goes_through = entry.shine.is_some() || entry.blur;
    match begun(plan, record, allowed(plan, record), scratch).filter(|_| goes_through) {
        Some(mut behind) => {
            let mut plane = Plane::with_light(&mut plane);
            behind.draw(plan, entry, parameters, &mut plane);
            behind.fourier.finish_on(plan.isa, &mut plane);
        }
        None => entry.add(plan, parameters, &mut plane, &mut scratch.model),
    }
    scratch.plane = plane;
}

/// The instances of an entry that are there, and their canonical parameters.
fn each(entry: &Entry, record: &[f64], mut act: impl FnMut(u16, &mut [f64])) {
    let count = entry.model.canonical.len();
    let mut values = [0.0; MOST_PARAMETERS];
    for instance in 0..entry.slots {
        for (p, value) in values[..count].iter_mut().enumerate() {
            *value = record[entry.canonical + p * entry.slots + instance];
        }
        if !values[..count].iter().any(|value| value.is_nan()) {
            act(instance as u16, &mut values[..count]);
        }
    }
}

fn add_entry(plan: &Plan, entry: &Entry, row: Row, record: &[f64], image: &mut [f32], scratch: &mut Scratch) {
    let over = plan.overlap != Overlap::Add && entry.model.family == Family::Shape;
    each(entry, record, |instance, parameters| {
        if !plan.has_object_noise() || (entry.noise.is_empty() && !over) {
            entry.add(plan, parameters, image, &mut scratch.model);
            return;
        }
        if over {
            scratch.plane.fill(0.0);
            put_shape(plan, entry, parameters, image, scratch);
        } else {
            draw_alone(plan, entry, record, parameters, scratch);
            add_plane(plan.isa, &scratch.plane, image);
        }
        add_own_noise(&plan.exposure(row, instance, record), &entry.noise, scratch);
    });
}

/// Puts a shape into the image and its light into the scratch's plane, which is empty. What it
/// covers, it covers with its noise.
fn put_shape(plan: &Plan, entry: &Entry, parameters: &mut [f64], image: &mut [f32], scratch: &mut Scratch) {
    let canonical = entry.model.canonical.iter();
    let Some((_, place)) = canonical.zip(&mut *parameters).find(|(name, _)| **name == "intensity") else {
        return;
    };
    let intensity = std::mem::replace(place, 1.0) as f32;
    let Scratch { model, plane, residual, spread, .. } = scratch;
    entry.add(plan, parameters, plane, model);
    put_plane(plan.isa, plan.overlap, plane, intensity, image);
    if plan.overlap == Overlap::Over {
        cover_noise(plan.isa, plane, residual, spread);
    }
    lighten(plan.isa, plane, intensity);
}

/// The noise of one object's plane, kept apart from its light.
fn add_own_noise(exposure: &Exposure, noises: &[Noise], scratch: &mut Scratch) {
    let Scratch { plane, recorded, means, residual, spread, .. } = scratch;
    exposure.add_variance(noises, plane, 0.0, spread);
    recorded.copy_from_slice(plane);
    exposure.record(noises, recorded, means);
    add_difference(exposure.isa, recorded, plane, residual);
}
