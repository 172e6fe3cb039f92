//! How much an image tells about what it was made from: Fisher information and Cramer-Rao bounds.
//!
//! With lambda the mean of each pixel, F = sum over pixels of (d lambda/d a)(d lambda/d b) J, where J is
//! the information that one pixel has about its mean: [`counts`]. The derivatives are those of the renderer
//! in f64, in closed form: in the space of frequencies behind a PSF ([`lattice`]), over the edges of pixels
//! without one ([`edges`]), over the border of a shape ([`rim`]). What a recipe's value does to the parameters
//! that are drawn is the chain rule through its expressions and conversions (`plan/tangent.rs`). [`series`] has
//! time series. [`bound`] does not know images: it takes slopes and weights of any points.

mod border;
mod bound;
mod brightness;
mod cells;
mod counts;
mod edges;
mod enclosed;
mod lattice;
mod noise;
mod picture;
mod radial;
mod rate;
mod rim;
pub(crate) mod series;
mod shape;
mod sums;

pub(crate) use border::Border;
pub use bound::{Singular, bounds, information};
pub(crate) use rate::{differences, scale_of};

use crate::image::Scratch as ModelScratch;
use crate::image::fourier::{Fourier, Light, Spread};
use crate::image::scene;
use crate::param::Family;
use crate::plan::{Entry, Plan, Psf, Row};
use crate::registry;
use edges::Edges;
use lattice::{Direction, Lattice, Through};
use noise::Noise;
use rate::Rate;
use rim::Rim;

/// What it takes beside the results; one for each worker.
pub struct Scratch {
    scene: scene::Scratch,
    model: ModelScratch,
    lattice: Lattice,
    edges: Edges,
    /// The renderer, which tells where light goes through the PSF.
    fourier: Fourier,
    /// The parts of the PSF.
    parts: Vec<Light>,
    /// Rates of a whole record, one subject after the other.
    rates: Vec<f64>,
    slopes: Vec<f64>,
    weights: Vec<f64>,
    image: Vec<f32>,
    /// Rates of one object's pixels, of the subjects that move it.
    planes: Vec<f64>,
}

impl Scratch {
    /// For the images of one plan.
    pub fn new(plan: &Plan) -> Scratch {
        let (pixels, count) = (plan.pixels(), plan.subjects().len());
        Scratch {
            scene: scene::Scratch::new(plan),
            model: ModelScratch::new(&plan.grid),
            lattice: Lattice::default(),
            edges: Edges::default(),
            fourier: plan.psf.as_ref().map_or_else(Fourier::default, |psf| Fourier::with(&psf.pictures)),
            parts: vec![],
            rates: vec![0.0; count * plan.width()],
            slopes: vec![0.0; count * pixels],
            weights: vec![0.0; pixels],
            image: vec![0.0; pixels],
            planes: vec![],
        }
    }
}

/// Information about a plan's subjects in the image of a record, and their bounds; why some have none.
pub fn inform(
    plan: &Plan,
    row: Row,
    record: &[f64],
    (matrix, bound): (&mut [f64], &mut [f64]),
    scratch: &mut Scratch,
) -> Option<String> {
    let mut slopes = std::mem::take(&mut scratch.slopes);
    self::slopes(plan, record, &mut slopes, scratch);
    scene::light(plan, row, record, &mut scratch.image, &mut scratch.scene);
    let noise = Noise::new(plan, record);
    noise.weigh(&scratch.image, scratch.scene.spread(), &mut scratch.weights);
    information(plan.isa, &slopes, &scratch.weights, matrix);
    scratch.slopes = slopes;
    let silent = scratch.weights.iter().any(|weight| !weight.is_finite());
    if silent {
        bound.fill(f64::INFINITY);
        return Some("the image has pixels without any noise, so that information is infinite".into());
    }
    reason(plan, &bounds(matrix, bound))
}

fn reason(plan: &Plan, singular: &Singular) -> Option<String> {
    let names = |numbers: &[usize]| {
        numbers.iter().map(|i| plan.subjects()[*i].name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let idle = names(&singular.idle);
    let alike = names(&singular.alike);
    let seen = if plan.system().is_some() { "what is seen" } else { "the image" };
    match (idle.is_empty(), alike.is_empty()) {
        (true, true) => None,
        (false, true) => Some(format!("{idle}: no effect on {seen}")),
        (true, false) => Some(format!("{alike}: cannot be told apart")),
        (false, false) => Some(format!("{idle}: no effect on {seen}; {alike}: cannot be told apart")),
    }
}

/// How fast the pixels of a record's noiseless image change with each subject, sky included: one plane
/// after the other.
pub fn slopes(plan: &Plan, record: &[f64], slopes: &mut [f64], scratch: &mut Scratch) {
    slopes.fill(0.0);
    let (width, pixels) = (plan.width(), plan.pixels());
    let mut rates = std::mem::take(&mut scratch.rates);
    for (subject, rates) in plan.subjects().iter().zip(rates.chunks_exact_mut(width)) {
        plan.rates(record, subject.offset, rates);
    }
    for entry in &plan.entries {
        for instance in entry.instances(record) {
            let object = Object::new(entry, instance, record, &rates, width);
            object.add(plan, record, &rates, slopes, scratch);
        }
    }
    if let Some(sky) = &plan.sky {
        for (plane, rates) in slopes.chunks_exact_mut(pixels).zip(rates.chunks_exact(width)) {
            plane.iter_mut().for_each(|slope| *slope += rates[sky.level]);
        }
    }
    scratch.rates = rates;
}

/// One object, and how its canonical parameters change with each subject.
struct Object<'a> {
    entry: &'a Entry,
    parameters: Vec<f64>,
    rates: Vec<Vec<f64>>,
}

impl<'a> Object<'a> {
    fn new(entry: &'a Entry, instance: usize, record: &[f64], rates: &[f64], width: usize) -> Object<'a> {
        let own = |values: &[f64]| -> Vec<f64> {
            let count = entry.model.canonical.len();
            (0..count).map(|p| values[entry.canonical + p * entry.slots + instance]).collect()
        };
        Object { entry, parameters: own(record), rates: rates.chunks_exact(width).map(own).collect() }
    }

    /// Adds the slopes of its pixels.
    fn add(&self, plan: &Plan, record: &[f64], rates: &[f64], slopes: &mut [f64], scratch: &mut Scratch) {
        match registry::shine(self.entry.model) {
            Some(shine) => match registry::composite(self.entry.model) {
                None => {
                    let view = |values: &[f64]| shine(&plan.grid, values);
                    self.add_light(plan, &view, (record, rates), slopes, scratch);
                }
                Some(composite) => (0..composite.parts.len()).for_each(|part| {
                    let view = |values: &[f64]| shine(&plan.grid, &(composite.split)(values)[part]);
                    self.add_light(plan, &view, (record, rates), slopes, scratch);
                }),
            },
            None if self.entry.blur => self.add_blurred(plan, (record, rates), slopes, scratch),
            None if self.entry.model.family == Family::Shape => self.add_shape(plan, slopes, scratch),
            None => {}
        }
    }

    /// What `view` makes of its parameters: all its light, or that of a part.
    fn add_light(
        &self,
        plan: &Plan,
        view: &dyn Fn(&[f64]) -> Option<Light>,
        (record, rates): (&[f64], &[f64]),
        slopes: &mut [f64],
        scratch: &mut Scratch,
    ) {
        let Some(light) = view(&self.parameters) else { return };
        let directions: Vec<(usize, Rate, Vec<Rate>)> =
            (self.rates.iter().zip(rates.chunks_exact(plan.width())))
                .enumerate()
                .map(|(n, (own, all))| {
                    let object = Rate::of((self.entry.model, &plan.grid), view, &self.parameters, own);
                    let psf = plan.psf.as_ref().map(|psf| Rate::of_psf(plan, psf, record, all));
                    (n, object, psf.unwrap_or_default())
                })
                .filter(|(_, object, psf)| !(object.is_zero() && psf.iter().all(Rate::is_zero)))
                .collect();
        if directions.is_empty() || !is_there(&light) {
            return;
        }
        draw(plan, record, &light, &directions, scratch);
        add_planes(plan, &directions, slopes, scratch);
    }
}

/// Adds an object's planes to those of the subjects that move it.
fn add_planes(plan: &Plan, directions: &[(usize, Rate, Vec<Rate>)], slopes: &mut [f64], scratch: &Scratch) {
    let pixels = plan.pixels();
    for ((n, ..), plane) in directions.iter().zip(scratch.planes.chunks_exact(pixels)) {
        let slopes = &mut slopes[n * pixels..][..pixels];
        slopes.iter_mut().zip(plane).for_each(|(slope, rate)| *slope += rate);
    }
}

/// Whether light has a place and a size; it may have no flux.
fn is_there(light: &Light) -> bool {
    Light { flux: 1.0, ..*light }.is_visible()
}

/// The rates of a light's pixels, through each part of the PSF or, where there is none or it is nothing
/// beside the light's width, without it.
fn draw(
    plan: &Plan,
    record: &[f64],
    light: &Light,
    directions: &[(usize, Rate, Vec<Rate>)],
    scratch: &mut Scratch,
) {
    let Scratch { edges, planes, fourier, parts, .. } = scratch;
    let taken = plan.psf.as_ref().filter(|psf| {
        psf.lights(plan, record, parts);
        fourier.begin(plan.isa, &plan.grid, parts, psf.accuracy, f64::INFINITY);
        fourier.add(plan.isa, Light { flux: 1.0, ..*light })
    });
    if let Some(psf) = taken {
        return draw_through(plan, psf, (light, None), directions, scratch);
    }
    planes.clear();
    planes.resize(directions.len() * plan.pixels(), 0.0);
    let rates: Vec<Rate> = directions.iter().map(|(_, object, _)| *object).collect();
    edges.add([plan.grid.columns(), plan.grid.rows()], light, &rates, planes);
}

/// The rates of the pixels of a light, or of a shape with this rim, through each part of the PSF.
fn draw_through(
    plan: &Plan,
    psf: &Psf,
    (light, rim): (&Light, Option<&Rim>),
    directions: &[(usize, Rate, Vec<Rate>)],
    scratch: &mut Scratch,
) {
    let frame = [plan.grid.columns(), plan.grid.rows()];
    let Scratch { lattice, planes, parts, .. } = scratch;
    planes.clear();
    planes.resize(directions.len() * plan.pixels(), 0.0);
    for (i, part) in parts.iter().enumerate().filter(|(_, part)| part.is_visible()) {
        let through =
            |(_, object, psf): &(usize, Rate, Vec<Rate>)| Direction { object: *object, psf: psf[i] };
        let directions: Vec<Direction> = directions.iter().map(through).collect();
        let picture = if let Spread::Picture(n) = part.spread { psf.pictures.get(n) } else { None };
        let through = Through { object: light, rim, psf: part, picture };
        lattice.add(plan.isa, (frame, psf.accuracy), through, &directions, planes);
    }
}

#[cfg(test)]
mod tests;
