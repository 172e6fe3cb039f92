//! Random galaxies behind every kind of PSF, over the whole range of what is promised.

use super::draw::Draw;
use super::truth::Sampled;
use lightmill::image::fourier::{Fourier, Interpolation, Light, Picture, Sight, Spread};
use lightmill::image::psf::airy;
use std::sync::Arc;

/// Those of a `sum`, pictures, sums; Airy PSFs and flat Moffat PSFs, thin and as wide as the frame.
pub const KINDS: [&str; 7] = ["gaussian", "moffat", "airy", "image", "sum", "wide", "flat"];
const FWHM_PER_SIGMA: f64 = 2.354_820_045_030_949;
/// The scale radius of an Airy PSF, over lambda/D: its transform ends at q = 32.
const AIRY: f64 = 32.0 / (2.0 * std::f64::consts::PI);
const LONGEST: f64 = 256.9;
/// What is wider is not within 1e-5 of the peak on any lattice.
const WIDEST: f64 = 40.0;

pub struct Scene {
    /// Columns and rows.
    pub frame: [usize; 2],
    pub object: Light,
    psf: Vec<Light>,
    pub picture: Option<Sampled>,
}

fn shear(draw: &mut Draw, most: f64) -> (f64, f64) {
    let (g, angle) = (draw.uniform(0.0, most), draw.uniform(0.0, 6.3));
    (g * angle.cos(), g * angle.sin())
}

pub fn light(radius: f64, shear: (f64, f64), spread: Spread) -> Light {
    Light { centre: (0.0, 0.0), flux: 1.0, radius, shear, spread }
}

fn blur(draw: &mut Draw, kind: &str) -> Light {
    let fwhm = draw.log_uniform(1.0, 8.0);
    let most = draw.choose(&[0.0, 0.3]);
    let shear = shear(draw, most);
    match kind {
        "airy" => {
            let obscuration = draw.uniform(0.0, 0.5);
            light(AIRY * fwhm / airy::fwhm(obscuration), shear, Spread::Airy(obscuration))
        }
        "moffat" => light(fwhm / FWHM_PER_SIGMA, shear, Spread::Moffat(draw.uniform(1.5, 5.0))),
        _ => light(fwhm / FWHM_PER_SIGMA, shear, Spread::Gaussian),
    }
}

/// From a quarter of a pixel along the minor axis to the frame's side along the major one; half of them of a star.
fn extreme(draw: &mut Draw, kind: &str, side: usize) -> Light {
    let shear = shear(draw, 0.8);
    let g = shear.0.hypot(shear.1);
    let root = ((1.0 - g) / (1.0 + g)).sqrt();
    let fwhm = draw.log_uniform(0.25 / root, (side as f64).min(WIDEST) * root);
    if kind == "flat" {
        return light(fwhm / FWHM_PER_SIGMA, shear, Spread::Moffat(1.0 + draw.log_uniform(0.1, 1.0)));
    }
    let obscuration = draw.uniform(0.0, 0.9);
    light(AIRY * fwhm / airy::fwhm(obscuration), shear, Spread::Airy(obscuration))
}

/// A core, 2.5 to 6 of its own pixels wide at half maximum, and a companion.
fn picture(draw: &mut Draw) -> Sampled {
    let (fwhm, own) = (draw.log_uniform(1.0, 8.0), draw.log_uniform(2.5, 6.0));
    let sigma = own / FWHM_PER_SIGMA;
    let side = 2 * (3.5 * sigma) as usize + 7;
    let place = |i: usize| (i as f64 - 0.5 * (side - 1) as f64) / sigma;
    let at = |x: f64, y: f64| {
        let near = (-0.5 * ((x - 1.3).powi(2) + (y + 0.7).powi(2)) / 0.49).exp();
        (-0.5 * (x * x + y * y)).exp() + 0.08 * near
    };
    let pixels = (0..side).map(|j| (0..side).map(|i| at(place(i), place(j))).collect()).collect();
    Sampled { pixels, step: fwhm / own }
}

fn sum(draw: &mut Draw) -> Vec<Light> {
    let weight = draw.uniform(0.05, 1.0);
    let mut part = |weight: f64| {
        let kind = KINDS[draw.integer(0, 2)];
        Light { flux: weight, ..blur(draw, kind) }
    };
    vec![part(1.0 / (1.0 + weight)), part(weight / (1.0 + weight))]
}

/// Anywhere in the frame or, of one in four, within three pixels of its edge.
fn centre(draw: &mut Draw, frame: [usize; 2]) -> (f64, f64) {
    let is_near_edge = draw.integer(0, 3) == 0;
    let [x, y] = frame.map(|side| {
        let (side, margin) = (side as f64, draw.uniform(0.0, 3.0));
        let near = draw.choose(&[margin, side - margin]);
        if is_near_edge { near } else { draw.uniform(0.0, side) }
    });
    (x, y)
}

impl Scene {
    pub fn draw(draw: &mut Draw, kind: &str) -> Scene {
        let sides = [0, 1].map(|_| draw.log_uniform(16.0, LONGEST) as usize);
        let frame = if draw.integer(0, 1) == 0 { sides } else { [sides[0]; 2] };
        let index = [draw.uniform(0.3, 8.0), draw.log_uniform(0.3, 8.0)][draw.integer(0, 1)];
        let (radius, shear) = (draw.log_uniform(0.3, 10.0), shear(draw, 0.8));
        let mut object = Light { centre: centre(draw, frame), ..light(radius, shear, Spread::Sersic(index)) };
        let picture = (kind == "image").then(|| picture(draw));
        let psf = match kind {
            "image" => vec![],
            "sum" => sum(draw),
            "wide" | "flat" => {
                if draw.integer(0, 1) == 0 {
                    (object.spread, object.radius, object.shear) = (Spread::Point, 1.0, (0.0, 0.0));
                }
                vec![extreme(draw, kind, frame[0].min(frame[1]))]
            }
            _ => vec![blur(draw, kind)],
        };
        Scene { frame, object, psf, picture }
    }

    /// One that is known, behind one PSF.
    pub fn of(frame: [usize; 2], object: Light, psf: Light) -> Scene {
        Scene { frame, object, psf: vec![psf], picture: None }
    }

    /// Its PSF, and an engine that knows it.
    pub fn engine(&self) -> (Vec<Light>, Fourier) {
        let Some(picture) = &self.picture else { return (self.psf.clone(), Fourier::default()) };
        let middle = 0.5 * (picture.pixels.len() - 1) as f64;
        let sight = Sight {
            rows: &picture.pixels,
            step: picture.step,
            centre: (middle, middle),
            interpolation: Interpolation::Quintic,
            has_pixel: false,
        };
        let picture = Picture::new(&sight).unwrap();
        (vec![picture.light(0)], Fourier::with(&Arc::from(vec![picture])))
    }

    /// Columns or rows to look at: about the centre, all over the frame, at its ends and at random.
    pub fn places(&self, axis: usize, draw: &mut Draw) -> Vec<usize> {
        let last = self.frame[axis] - 1;
        let centre = [self.object.centre.0, self.object.centre.1][axis] as usize;
        let near = (0..5).map(|i| (centre + i).saturating_sub(2).min(last));
        let all = near.chain((0..6).map(|i| i * last / 5)).chain([1, last - 1, draw.integer(0, last)]);
        let mut places: Vec<usize> = all.collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    pub fn told(&self) -> String {
        let picture = self.picture.as_ref().map(|picture| (picture.pixels.len(), picture.step));
        format!("{:?} {:?} {:?} {picture:?}", self.frame, self.object, self.psf)
    }
}
