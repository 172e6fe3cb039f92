//! How far light reaches: from it follows the period of the lattice.
//!
//! The nearest copy of an object, a period away, must be fainter in the frame than what is asked for. Where the period
//! is the shorter for it, the wings of copies are taken off the image ([`wings`](super::wings)), and what is left of
//! them then ([`copies`](super::copies)) must be as faint.

use super::axis;
use super::brightness::Brightness;
use super::copies::{ALONE, Copies, HALF, Lights, Side, copies, lanes};
use super::light::Light;
use super::psf::{MOST_PARTS, Part};
use super::spectrum::{Spectrum, rings_left};
use super::table::Table;
use crate::isa::Isa;
use crate::lanes::LANES;

/// No peak is thought to be fainter.
const LEAST: f64 = 1e-40;
/// The peak of 1,600 galaxies and stars behind PSFs of any shape was reckoned up to 1.15 times too bright.
const CAUTION: f64 = 0.75;
/// Copies that are brighter than this, over the peak, in the longest period: such light is no longer
/// for a lattice.
const WIDE: f64 = 0.01;
/// Copies under this share of the limits need not be taken off.
const NOTHING: f64 = 0.003;
/// Copies nearer to the frame than this, over its side, are no smooth light in it.
const NEAR: f64 = 0.4;

/// Where an object is along an axis, and the frame.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// From the frame's middle.
    pub(super) away: f64,
    pub(super) side: f64,
    /// The number of the frame's own period.
    pub(super) first: usize,
}

impl Place {
    /// How far it is beyond the frame's edge.
    fn outside(&self) -> f64 {
        self.away - 0.5 * self.side
    }

    /// How far it is from the frame's farther edge.
    pub(super) fn far(&self) -> f64 {
        self.away + 0.5 * self.side
    }
}

/// What copies may be: brightness over the peak, and light in the frame over the flux.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    pub(super) pixel: f64,
    pub(super) flux: f64,
}

/// The period that was chosen.
#[derive(Clone, Copy)]
pub(super) struct Choice {
    pub(super) number: usize,
    /// Whether the copies' wings must be taken off.
    pub(super) corrected: bool,
    /// The brightness of the copies in the frame, over the peak.
    copies: f64,
    /// What of it is the unconvolved object.
    own: f64,
}

impl Choice {
    /// Whether it is too short for the light.
    pub(super) fn is_short(&self) -> bool {
        !self.corrected && self.copies > WIDE
    }
}

/// How brightness falls along each axis, and what it is compared with.
pub(super) struct Reach {
    lights: Lights,
    /// Not more than the brightest pixel, for a flux of 1.
    pub(super) peak: f64,
}

impl Reach {
    /// Of an object behind the parts of a PSF; also gives what it looks like behind each of them.
    pub(super) fn new(
        isa: Isa,
        object: (&Light, &Table),
        brightness: Brightness,
        psf: &[Part],
        spectra: &mut Vec<Spectrum>,
    ) -> Reach {
        let mut parts = [None; MOST_PARTS];
        for (side, part) in parts.iter_mut().zip(psf) {
            let mut psf = Side::new(&part.light, part.brightness);
            psf.rough *= rings_left(object, part);
            *side = Some((psf, part.light.flux as f32));
        }
        spectra.clear();
        spectra.extend(psf.iter().map(|part| Spectrum::new(isa, object, part)));
        let lit = psf.iter().zip(&*spectra).map(|(part, spectrum)| part.light.flux * spectrum.centre());
        let peak = CAUTION * lit.sum::<f64>();
        let peak = if peak > LEAST { if peak < 1.0 { peak } else { 1.0 } } else { LEAST };
        Reach { lights: Lights { object: Side::new(object.0, brightness), parts }, peak }
    }

    /// Convolved brightness over the peak at a distance above 0, in pixels along each axis.
    pub(super) fn at(&self, isa: Isa, distances: [f64; 2]) -> [f64; 2] {
        let distances = lanes(distances.map(|distance| distance as f32));
        let bare = copies(isa, &self.lights, &distances, [ALONE; 2], [1.0; 2]).bare;
        [bare[0], bare[HALF]].map(|bare| f64::from(bare) / self.peak)
    }

    /// Whether it is beyond an edge, with less light in the frame than this.
    pub(super) fn is_beyond(&self, isa: Isa, places: &[Place; 2], dark: f64) -> bool {
        let outside = [0, 1].map(|i| places[i].outside());
        let distances = outside.map(|distance| if distance > 1.0 { distance } else { 1.0 });
        let is_dark = |light: [f64; 2]| outside.iter().zip(light).any(|(x, light)| *x > 1.0 && light < dark);
        outside.iter().any(|x| *x > 1.0) && is_dark(self.at(isa, distances))
    }

    /// The shortest periods, of at least the frame's sides, whose copies stay under the limits; the
    /// longest where there is none.
    pub(super) fn periods(&self, isa: Isa, places: [Place; 2], limits: Limits) -> [Choice; 2] {
        let far = places.map(|place| place.far());
        let half = places.map(|place| 0.5 * place.side as f32);
        let (mut first, mut found) = (places.map(|place| place.first), [None; 2]);
        loop {
            let mut edge = [1.0; LANES];
            for (i, edge) in edge.chunks_exact_mut(HALF).enumerate() {
                for (edge, (period, _)) in edge.iter_mut().zip(axis::periods(first[i])) {
                    let distance = *period as f64 - far[i];
                    *edge = if distance > 1.0 { distance as f32 } else { 1.0 };
                }
            }
            let copies = copies(isa, &self.lights, &edge, far.map(|far| 2.0 * far as f32), half);
            for i in [0, 1] {
                if found[i].is_none() {
                    found[i] = self.choice(&copies, i * HALF, (first[i], far[i]), places, limits);
                    first[i] += HALF;
                }
            }
            if let [Some(x), Some(y)] = found {
                return [x, y];
            }
        }
    }

    /// The first good one of an axis's candidates, or the last of all; they begin at a lane, and from a period on.
    fn choice(
        &self,
        copies: &Copies,
        lane: usize,
        (first, far): (usize, f64),
        [x, y]: [Place; 2],
        limits: Limits,
    ) -> Option<Choice> {
        let side = if lane == 0 { x.side } else { y.side };
        let pixel = (limits.pixel * self.peak) as f32;
        let is_dark =
            |bare: f32, light: f32| bare < pixel && f64::from(light) * (x.side * y.side) < limits.flux;
        let periods = axis::periods(first);
        for (n, (period, _)) in periods.iter().enumerate().take(HALF) {
            let i = lane + n;
            let [bare, own] = [copies.bare[i], copies.own[i]].map(|light| f64::from(light) / self.peak);
            let choice = |corrected: bool| Some(Choice { number: first + n, corrected, copies: bare, own });
            let distance = *period as f64 - far;
            if distance >= 1.0 && is_dark(copies.bare[i], copies.bare_light[i]) {
                return choice(false);
            }
            if distance >= NEAR * side && is_dark(copies.left[i], copies.light_left[i]) {
                return choice(true);
            }
            if n + 1 == periods.len() {
                // As good as it gets, of light that a lattice holds.
                let smooth = distance >= NEAR * side && copies.left[i] < copies.bare[i];
                return choice(smooth && bare < WIDE);
            }
        }
        None
    }

    /// Whether the copies of the unconvolved object are nothing by themselves: six of the eight are beyond a line
    /// across the first axis, the others beyond one across the second.
    pub(super) fn is_alone(&self, [x, y]: [Choice; 2], pixels: f64, limits: Limits) -> bool {
        let own = 3.0 * x.own + y.own;
        own < NOTHING * limits.pixel && own * self.peak * pixels < NOTHING * limits.flux
    }
}
