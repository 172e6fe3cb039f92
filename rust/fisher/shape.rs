//! How the light of shapes changes.

use super::rate::Rate;
use super::rim::Rim;
use super::{Object, Scratch, add_planes, draw_through};
use crate::image::fourier::{Light, Spread};
use crate::plan::Plan;

impl Object<'_> {
    /// Where the intensity of a shape is.
    fn intensity(&self) -> Option<usize> {
        self.entry.model.canonical.iter().position(|name| *name == "intensity")
    }

    /// A shape that goes through the PSF.
    pub(super) fn add_blurred(
        &self,
        plan: &Plan,
        (record, rates): (&[f64], &[f64]),
        slopes: &mut [f64],
        scratch: &mut Scratch,
    ) {
        let (Some(psf), Some(at)) = (&plan.psf, self.intensity()) else { return };
        let direction = |(n, (own, all)): (usize, (&Vec<f64>, &[f64]))| {
            let psf = Rate::of_psf(plan, psf, record, all);
            let changes = own.iter().any(|rate| *rate != 0.0) || !psf.iter().all(Rate::is_zero);
            changes.then_some((n, Rate { flux: own[at], ..Rate::default() }, psf))
        };
        let all = self.rates.iter().zip(rates.chunks_exact(plan.width()));
        let directions: Vec<(usize, Rate, Vec<Rate>)> = all.enumerate().filter_map(direction).collect();
        if directions.is_empty() || self.parameters.iter().any(|parameter| !parameter.is_finite()) {
            return;
        }
        let Scratch { fourier, parts, .. } = scratch;
        psf.lights(plan, record, parts);
        fourier.begin(plan.isa, &plan.grid, parts, psf.accuracy, f64::INFINITY);
        let margin = fourier.margin(plan.isa);
        let own: Vec<&[f64]> = directions.iter().map(|(n, ..)| &self.rates[*n][..]).collect();
        let rim = Rim::new(plan, self.entry, margin, &self.parameters, &own);
        let [x, y] = [plan.grid.columns(), plan.grid.rows()].map(|side| side.div_ceil(2) as f64);
        let (centre, flux) = ((x, y), self.parameters[at]);
        let light = Light { centre, flux, radius: 1.0, shear: (0.0, 0.0), spread: Spread::Point };
        draw_through(plan, psf, (&light, Some(&rim)), &directions, scratch);
        add_planes(plan, &directions, slopes, scratch);
    }

    /// A shape is proportional to its intensity.
    pub(super) fn add_shape(&self, plan: &Plan, slopes: &mut [f64], scratch: &mut Scratch) {
        let named = self.intensity();
        let Some(at) = named.filter(|at| self.rates.iter().any(|rates| rates[*at] != 0.0)) else { return };
        let mut parameters = self.parameters.clone();
        parameters[at] = 1.0;
        scratch.image.fill(0.0);
        self.entry.add(plan, &parameters, &mut scratch.image, &mut scratch.model);
        for (plane, rates) in slopes.chunks_exact_mut(plan.pixels()).zip(&self.rates) {
            let pixels = plane.iter_mut().zip(&scratch.image);
            pixels.for_each(|(slope, pixel)| *slope += rates[at] * f64::from(*pixel));
        }
    }
}
