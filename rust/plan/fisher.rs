//! What Fisher information is asked about: values whose effect on the image is known.

use super::{Entry, Plan, Role};
use crate::error::{Error, Fault};
use crate::image::Shine;
use crate::image::noise::NoiseKind;
use crate::image::shape::overlap::Overlap;
use crate::param::{Family, Model};
use crate::registry;
use crate::spec;

/// A value that is asked about, and where it begins in a record.
pub(crate) struct Subject {
    pub(crate) name: String,
    pub(crate) offset: usize,
}

/// What a value that is asked about may do to a column.
enum Effect {
    /// The image changes as is known.
    Known,
    /// The image does not change.
    Nothing,
    /// Why it is not known.
    Unknown(String),
}

impl Plan {
    /// With what is asked about.
    ///
    /// # Errors
    /// All values whose effect on the image is not known.
    pub(super) fn informed(mut self, said: &[spec::Subject]) -> Result<Plan, Error> {
        let mut faults: Vec<Fault> = vec![];
        if let Some(first) = said.first() {
            let wrong = self.wrong_noise().into_iter().chain(self.wrong_psf());
            faults.extend(wrong.map(|message| Fault::new(&first.place, message)));
        }
        for said in said {
            match self.subject(&said.name) {
                Ok(offset) => self.subjects.push(Subject { name: said.name.clone(), offset }),
                Err(message) => faults.push(Fault::new(&said.place, message)),
            }
        }
        if faults.is_empty() { Ok(self) } else { Err(Error::Recipe(faults)) }
    }

    /// What is asked about.
    pub(crate) fn subjects(&self) -> &[Subject] {
        &self.subjects
    }

    fn wrong_noise(&self) -> Option<String> {
        let counted = |entry: &&Entry| entry.noise.iter().any(|noise| noise.kind != NoiseKind::Gaussian);
        if let Some(entry) = self.entries.iter().find(counted) {
            return Some(format!(
                "fisher information is not available with the Poisson noise of {} alone; give poisson in the noise \
                 of the image, or leave it out",
                entry.name
            ));
        }
        let noisy = self.entries.iter().any(|entry| !entry.noise.is_empty());
        (self.noise.is_empty() && !noisy).then(|| {
            "without noise an image tells all, and fisher information is infinite; give noise".into()
        })
    }

    fn wrong_psf(&self) -> Option<String> {
        let pictured = self.psf.as_ref()?.forms().any(|(form, _)| form.is_none());
        pictured
            .then(|| "fisher information is not available behind a psf that is an image; give a model".into())
    }

    fn subject(&self, name: &str) -> Result<usize, String> {
        let none = |why: &str| Err(format!("fisher information of {name} is not available: {why}"));
        let Some(column) = self.columns.iter().find(|column| column.name == name) else {
            return Err(format!("there is no column {name}"));
        };
        if column.role != Role::Label {
            return none("it is not one number a sample");
        }
        if column.integer {
            return none("it is a whole number, and has no derivative");
        }
        let mut seen = false;
        let reached = self.reach(column.offset);
        for other in self.columns.iter().filter(|other| reached[other.offset]) {
            match self.effect(other.offset) {
                Effect::Known => seen = true,
                Effect::Nothing => {}
                Effect::Unknown(why) if other.name == name => return none(&why),
                Effect::Unknown(why) => return none(&format!("{} follows from it, and {why}", other.name)),
            }
        }
        if seen { Ok(column.offset) } else { none("nothing in the image follows from it") }
    }

    fn effect(&self, offset: usize) -> Effect {
        let own = self.noise.iter().chain(self.entries.iter().flat_map(|entry| &entry.noise));
        if own.into_iter().any(|noise| noise.column == Some(offset)) {
            return Effect::Unknown("it is the strength of a noise".into());
        }
        if let Some(sky) = self.sky.as_ref().filter(|sky| sky.level == offset) {
            let why = "the level of the sky is subtracted from the image; write subtract: false";
            return if sky.subtract { Effect::Unknown(why.into()) } else { Effect::Known };
        }
        let in_psf = |(form, weight): (Option<(&'static Model, Shine, usize)>, Option<usize>)| {
            let own = form.map_or(0..0, |(model, _, first)| first..first + model.canonical.len());
            weight == Some(offset) || own.contains(&offset)
        };
        if self.psf.as_ref().is_some_and(|psf| psf.forms().any(in_psf)) {
            return Effect::Known;
        }
        self.entries.iter().find_map(|entry| self.effect_on(entry, offset)).unwrap_or(Effect::Nothing)
    }

    fn effect_on(&self, entry: &Entry, offset: usize) -> Option<Effect> {
        let count = entry.model.canonical.len();
        let at = (0..count).find(|p| entry.canonical + p * entry.slots == offset)?;
        let name = entry.model.canonical[at];
        Some(if entry.model.family == Family::Profile {
            match registry::shine(entry.model) {
                Some(_) => Effect::Known,
                None => Effect::Unknown(format!("the derivatives of {} are not known", entry.model.name)),
            }
        } else if name != "intensity" {
            Effect::Unknown(format!("of a {} only that of the intensity is", entry.model.name))
        } else if self.overlap != Overlap::Add {
            Effect::Unknown("shapes cover each other; write overlap: add".into())
        } else {
            Effect::Known
        })
    }
}
