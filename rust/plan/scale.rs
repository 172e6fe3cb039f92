//! `flux: {snr: 60}`: the flux with which an object, alone in its frame, has a ratio of signal to noise.
//!
//! `snr` is proportional to flux, so that one rendering tells the factor. The flux is known when all else
//! is: expressions cannot use it, and conditions on it come after it.

use super::build::Builder;
use super::column::Owner;
use super::variable::Legal;
use super::{Plan, Row};
use crate::error::Error;
use crate::image::measure::{ALWAYS, SNR};
use crate::image::noise::NoiseKind;
use crate::image::scene::{self, Scratch};
use crate::param::{Family, Param, Range, Unit};
use crate::registry;
use crate::spec;

const TARGET: Param =
    Param::new("flux.snr", Unit::One, Range::POSITIVE, "Signal to noise that the flux is scaled to.");

/// Which flux follows from which ratio.
pub(crate) struct Scaled {
    /// The number of its entry among those of the plan.
    entry: usize,
    pub(super) flux: usize,
    pub(super) target: usize,
    legal: Range,
    place: String,
}

fn is_profile(object: &spec::Object) -> bool {
    registry::OBJECTS.iter().any(|model| model.name == object.model && model.family == Family::Profile)
}

impl<'a> Builder<'a> {
    /// Notes the ratio that stands for an object's flux.
    pub(super) fn scaled(&mut self, object: &'a spec::Object, owner: &Owner, target: &'a spec::Value) {
        let place = format!("{}.{}", object.place, TARGET.name);
        let wrong = if object.parameters.contains_key("flux") {
            Some("the flux is given too; give one of the two")
        } else if !is_profile(object) || !owner.single {
            Some(
                "only a profile that every sample has exactly once can be scaled; leave out repeat and mixture",
            )
        } else if self.spec.objects.iter().filter(|other| is_profile(other)).count() > 1 {
            Some("the image has other profiles; only one that is alone can be scaled")
        } else if !self.has_background() {
            Some(
                "the image has no background noise, so that every flux has an infinite snr; give sky, or gaussian noise",
            )
        } else {
            None
        };
        if let Some(message) = wrong {
            self.fault(&place, message.into());
            return;
        }
        let target_column = self.layout.entry(owner, &TARGET);
        let path = format!("{}.{}", object.name, TARGET.name);
        self.write_owned(owner, path, place.clone(), target, Legal::of(&TARGET), target_column);
        let (Some(flux), Some(param)) = (self.layout.offset(owner.name, "flux"), owner.model.param("flux"))
        else {
            return;
        };
        self.scaled =
            Some(Scaled { entry: owner.index, flux, target: target_column, legal: param.range, place });
    }

    fn has_background(&self) -> bool {
        let counts =
            |noise: &spec::Noise| noise.kind != NoiseKind::Poisson.name() || !noise.parameters.is_empty();
        self.spec.sky.is_some() || self.spec.noise.iter().any(counts)
    }

    /// Whether this is the column of a flux that is scaled, or of what follows from it.
    pub(super) fn is_scaled(&self, offset: usize) -> bool {
        let follows = |flux: usize| {
            let own = self.groups.iter().filter(|group| group.follows() && group.gives.contains(&offset));
            own.filter_map(|group| group.conversion.as_ref()).any(|from| from.needs.contains(&flux))
        };
        self.scaled.as_ref().is_some_and(|scaled| scaled.flux == offset || follows(scaled.flux))
    }
}

impl Plan {
    /// Leaves the flux that is to be scaled open.
    pub(super) fn open_flux(&self, record: &mut [f64]) {
        if let Some(scaled) = &self.scaled {
            record[scaled.flux] = f64::NAN;
        }
    }

    /// Sets the flux that is scaled; `image` is room for one.
    ///
    /// # Errors
    /// No background noise, no light in the frame, or a flux that is not legal.
    pub(crate) fn scale(
        &self,
        row: Row,
        record: &mut [f64],
        image: &mut [f32],
        scratch: &mut Scratch,
    ) -> Result<(), Error> {
        let Some(scaled) = &self.scaled else { return Ok(()) };
        let mut alone = record.to_vec();
        let others = self.entries.iter().filter(|entry| entry.index != scaled.entry);
        others.for_each(|entry| alone[entry.columns.clone()].fill(f64::NAN));
        alone[scaled.flux] = 1.0;
        scene::light(self, row, &alone, image, scratch);
        let mut measured = [0.0; ALWAYS];
        self.meter(record).measure(image, &mut measured);
        let (target, ratio) = (record[scaled.target], measured[SNR]);
        let flux = target / ratio;
        let wrong = if ratio.is_infinite() {
            "there is no background noise, so that every flux has an infinite snr".to_string()
        } else if ratio == 0.0 {
            "the object has no light in the frame, so that no flux has this snr".to_string()
        } else if !scaled.legal.contains(flux) {
            format!("an snr of {target} takes a flux of {flux}; flux must be {}", scaled.legal)
        } else {
            record[scaled.flux] = flux;
            self.groups.iter().filter(|group| group.follows()).for_each(|group| {
                group.convert(0, record);
            });
            return Ok(());
        };
        let row = row.scene.saturating_mul(self.realisations);
        Err(Error::Value { place: scaled.place.clone(), message: wrong, row })
    }

    /// The same for records of a caller, who has given the columns that begin at these offsets.
    pub(super) fn scale_given(&self, records: &mut [f64], given: &[usize]) -> Result<(), Error> {
        let Some(scaled) = self.scaled.as_ref().filter(|scaled| !given.contains(&scaled.flux)) else {
            return Ok(());
        };
        let (mut image, mut scratch) = (vec![0.0; self.pixels()], Scratch::new(self));
        for (i, record) in records.chunks_exact_mut(self.width).enumerate() {
            let row = Row { scene: i as u64, realisation: 0 };
            self.scale(row, record, &mut image, &mut scratch).map_err(|error| match error {
                Error::Value { message, .. } => {
                    Error::Argument(format!("{} of record {i}: {message}", scaled.place))
                }
                other => other,
            })?;
        }
        Ok(())
    }
}
