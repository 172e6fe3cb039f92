//! Random parameters over a model's whole range, and small helpers.

use lightmill::image::grid::Grid;
use lightmill::image::{Edges, Scratch};
use lightmill::isa::Isa;
use lightmill::param::Model;
use lightmill::registry::OBJECTS;

/// SplitMix64 (Steele, Lea & Flood 2014): known draws for the tests.
pub struct Draw(u64);

impl Draw {
    pub fn new(seed: u64) -> Draw {
        Draw(seed)
    }

    fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.word() >> 11) as f64 / 9_007_199_254_740_992.0
    }

    pub fn log_uniform(&mut self, low: f64, high: f64) -> f64 {
        self.uniform(low.ln(), high.ln()).exp()
    }

    pub fn integer(&mut self, low: usize, high: usize) -> usize {
        low + (self.word() % (high - low + 1) as u64) as usize
    }

    pub fn choose(&mut self, among: &[f64]) -> f64 {
        among[self.integer(0, among.len() - 1)]
    }

    /// Any shape of frame, any pixel scale.
    pub fn grid(&mut self, longest: usize) -> Grid {
        let scale = self.log_uniform(0.05, 20.0);
        Grid::new(self.integer(1, longest), self.integer(1, longest), scale).unwrap()
    }

    /// Canonical parameters from all over the range: sizes from a tenth of a pixel to several
    /// frames, centres in and around the frame, every shear, and none for a quarter.
    pub fn parameters(&mut self, model: &Model, grid: &Grid) -> Vec<f64> {
        let pixel = grid.pixel_scale();
        let (width, height) = (pixel * grid.columns() as f64, pixel * grid.rows() as f64);
        let magnitude = self.uniform(-1.0 / 3.0, 1.0).max(0.0).sqrt() * 0.98;
        let angle = self.uniform(0.0, 2.0 * std::f64::consts::PI);
        let draw = |name: &&str| match own(name) {
            "x" | "y" if own(name) != *name => self.uniform(-0.1, 0.1) * width,
            "x" => self.uniform(-0.7, 0.7) * width,
            "y" => self.uniform(-0.7, 0.7) * height,
            "flux" => self.log_uniform(1e-3, 1e6),
            "intensity" => self.uniform(-2.0, 5.0),
            "fwhm" | "width" | "height" | "half_light_radius" | "radius" => {
                self.log_uniform(0.1, 100.0) * pixel
            }
            "line_width" => self.choose(&[0.0, 0.3, 1.0]) * self.log_uniform(0.1, 30.0) * pixel,
            "fill" => self.choose(&[0.0, 1.0]),
            "sides" => self.integer(3, 12) as f64,
            "start" => self.uniform(-400.0, 400.0),
            "sweep" => self.uniform(-360.0, 360.0),
            "x1" | "x2" => self.uniform(-0.7, 0.7) * width,
            "y1" | "y2" => self.uniform(-0.7, 0.7) * height,
            "beta" => self.log_uniform(1.1, 10.0),
            "bulge_to_total" => self.uniform(0.0, 1.0),
            "index" => self.log_uniform(0.3, 8.0),
            "angle" => self.uniform(-400.0, 400.0),
            "g1" => magnitude * angle.cos(),
            "g2" => magnitude * angle.sin(),
            other => panic!("{}: say here how {other} is drawn", model.name),
        };
        model.canonical.iter().map(draw).collect()
    }

    /// Ends of the legal ranges, huge and tiny numbers.
    pub fn extreme(&mut self, model: &Model) -> Vec<f64> {
        let mut parameters: Vec<f64> = (model.canonical.iter())
            .map(|name| {
                let range = model.param(name).unwrap().range;
                let wild = [
                    0.0, 1.0, -1.0, 0.5, 1e-300, 1e-30, 1e-6, 1e6, 1e30, 1e300, -1e300, range.low, range.high,
                ];
                let choice = wild[self.integer(0, wild.len() - 1)];
                if range.contains(choice) && choice.is_finite() {
                    choice
                } else {
                    self.uniform(1.2, 3.0).clamp(range.low, range.high)
                }
            })
            .collect();
        for (i, name) in model.canonical.iter().enumerate().filter(|(_, name)| own(name) == "g2") {
            let other = value(model, &parameters, &name.replace("g2", "g1")).unwrap();
            parameters[i] = if other.hypot(parameters[i]) > 0.98 { 0.0 } else { parameters[i] };
        }
        parameters
    }
}

/// The objects that can be drawn without a PSF.
pub fn drawn() -> impl Iterator<Item = &'static Model> {
    OBJECTS.iter().copied().filter(|model| model.render.is_some())
}

/// One object on an empty plane.
pub fn plane(model: &Model, grid: &Grid, parameters: &[f64]) -> Vec<f32> {
    let mut plane = vec![0.0; grid.pixels()];
    let render = model.render.unwrap();
    render(Isa::best(), grid, Edges::Coverage, parameters, &mut plane, &mut Scratch::new(grid));
    plane
}

/// The worst difference over the brightest of what is expected, but at least over `floor`.
pub fn deviation(pixels: &[f32], expected: &[f64], floor: f64) -> f64 {
    let brightest = expected.iter().fold(floor, |most, pixel| most.max(pixel.abs()));
    pixels.iter().zip(expected).fold(0.0_f64, |w, (p, e)| w.max((f64::from(*p) - e).abs())) / brightest
}

/// Where only the far wings are in the frame, the promise is over this: 1e-4 of about the
/// brightest pixel that the object would have; of a shape it is over its intensity.
pub fn floor(model: &Model, grid: &Grid, parameters: &[f64]) -> f64 {
    if let Some(intensity) = value(model, parameters, "intensity") {
        return intensity.abs();
    }
    let light = value(model, parameters, "flux").unwrap();
    let sizes = model.canonical.iter().zip(parameters);
    let sizes = sizes.filter(|(name, _)| matches!(own(name), "fwhm" | "half_light_radius"));
    let pixels = sizes.fold(0.0, |most: f64, (_, size)| most.max(*size)) / grid.pixel_scale();
    1e-4 * light.abs() / (1.0 + pixels * pixels)
}

pub fn value(model: &Model, parameters: &[f64], name: &str) -> Option<f64> {
    Some(parameters[model.canonical.iter().position(|known| *known == name)?])
}

/// Sets a parameter, or that of every part.
pub fn place(model: &Model, parameters: &mut [f64], name: &str, value: f64) {
    let whole = model.canonical.contains(&name);
    for (known, parameter) in model.canonical.iter().zip(parameters) {
        if *known == name || !whole && own(known) == name {
            *parameter = value;
        }
    }
}

/// A name without that of the part.
pub fn own(name: &str) -> &str {
    name.rsplit('.').next().unwrap()
}

/// `names` of the object and of its parts, as far as it has them.
fn names(model: &Model, names: &[&str]) -> Vec<&'static str> {
    model.canonical.iter().copied().filter(|name| names.contains(&own(name))).collect()
}

/// The parameters of the object with x and y exchanged.
pub fn transposed(model: &Model, parameters: &[f64]) -> Vec<f64> {
    let mut other = parameters.to_vec();
    let along = names(model, &["x", "x1", "x2"]);
    for (x, y) in along.into_iter().zip(names(model, &["y", "y1", "y2"])) {
        place(model, &mut other, x, value(model, parameters, y).unwrap());
        place(model, &mut other, y, value(model, parameters, x).unwrap());
    }
    for (name, turn) in [("angle", 90.0), ("start", 90.0), ("g1", 0.0), ("sweep", 0.0)] {
        for name in names(model, &[name]) {
            place(model, &mut other, name, turn - value(model, parameters, name).unwrap());
        }
    }
    other
}

/// The parameters of the object turned about the image's centre by half a turn.
pub fn turned(model: &Model, parameters: &[f64]) -> Vec<f64> {
    let mut other = parameters.to_vec();
    for name in names(model, &["x", "y", "x1", "y1", "x2", "y2"]) {
        place(model, &mut other, name, -value(model, parameters, name).unwrap());
    }
    for name in ["angle", "start"] {
        if let Some(was) = value(model, parameters, name) {
            place(model, &mut other, name, was + 180.0);
        }
    }
    other
}
