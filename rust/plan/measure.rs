//! What is measured on the noiseless image of a record.

use super::keep::ATTEMPT;
use super::series;
use super::{Entry, Plan};
use crate::image::aperture::Aperture;
use crate::image::measure::{ALWAYS, MEASURES, Meter};
use crate::image::noise::NoiseKind;
use crate::param::{Family, Param};
use crate::spec::Spec;

/// Whether a column or what is measured on every image has this name.
pub(super) fn is_taken(name: &str) -> bool {
    name == ATTEMPT.name || MEASURES.iter().any(|measure| measure.name == name)
}

/// The only profile, by its number among the entries, where every sample has exactly one, and noise.
pub(super) fn aperture(spec: &Spec, entries: &[Entry]) -> Option<(usize, Aperture)> {
    if spec.sky.is_none() && spec.noise.is_empty() {
        return None;
    }
    let is_profile = |entry: &&Entry| entry.model.family == Family::Profile;
    let mut profiles = entries.iter().filter(is_profile);
    let (first, second) = (profiles.next()?, profiles.next());
    let number = entries.iter().position(|entry| std::ptr::eq(entry, first))?;
    let aperture =
        Aperture::of(first.model, first.composite).filter(|_| first.is_single() && second.is_none())?;
    Some((number, aperture))
}

impl Plan {
    /// What is measured on every image, or on every trajectory.
    pub fn measures(&self) -> &'static [Param] {
        if self.series.is_some() {
            return series::MEASURES;
        }
        if self.aperture.is_some() { MEASURES } else { &MEASURES[..ALWAYS] }
    }

    /// Measures a noiseless image, with room for running sums.
    pub(crate) fn measure(
        &self,
        record: &[f64],
        light: &[f32],
        measured: &mut [f64],
        room: &mut Vec<[f64; 2]>,
    ) {
        let meter = self.meter(record);
        let (always, rest) = measured.split_at_mut(ALWAYS);
        meter.measure(light, always);
        if let (Some((entry, aperture)), Some(ratio)) = (&self.aperture, rest.first_mut()) {
            let entry = &self.entries[*entry];
            let parameters = &record[entry.columns.clone()];
            *ratio = aperture.measure((&meter, &self.grid), parameters, light, room);
        }
    }

    /// What a record says of the noise that its image has.
    pub(crate) fn meter(&self, record: &[f64]) -> Meter {
        let gain = self.gain;
        let spread = self.noise.iter().map(|noise| {
            let parameter = noise.column.map_or(0.0, |column| record[column]);
            match noise.kind {
                NoiseKind::Poisson => 0.0,
                NoiseKind::Counts => parameter / gain,
                NoiseKind::Gaussian => parameter * parameter,
            }
        });
        let sky = self.sky.as_ref().map_or(0.0, |sky| record[sky.level]);
        Meter { isa: self.isa, gain, sky, spread: spread.sum() }
    }
}
