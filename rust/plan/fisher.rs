//! What Fisher information is asked about: values whose effect on the image is known.

use super::{Column, Entry, Plan, Role};
use crate::error::{Error, Fault};
use crate::image::Shine;
use crate::image::noise::NoiseKind;
use crate::image::shape::overlap::Overlap;
use crate::param::{Family, Kind, Model};
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
            faults.extend(self.wrong_noise().map(|message| Fault::new(&first.place, message)));
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
        if let Some(series) = &self.series {
            let silent = series.seen.iter().find(|one| one.noises.is_empty())?;
            return Some(format!(
                "without noise {} tells all, and fisher information is infinite; give noise on it, or leave it out \
                 of `observe`",
                silent.observable.name
            ));
        }
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

    fn subject(&self, name: &str) -> Result<usize, String> {
        let none = |why: &str| Err(format!("fisher information of {name} is not available: {why}"));
        let (column, body) = self.named(name)?;
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
        match (seen, &self.series) {
            (true, _) => Ok(column.offset + body),
            (false, Some(_)) => none("nothing that is seen follows from it"),
            (false, None) => none("nothing in the image follows from it"),
        }
    }

    /// A column, and which body of it: `n_body.x[1]` is that of the second.
    fn named(&self, name: &str) -> Result<(&Column, usize), String> {
        let find = |name: &str| self.columns.iter().find(|column| column.name == name);
        if let Some(column) = find(name).filter(|column| column.role == Role::Label) {
            return Ok((column, 0));
        }
        let of_bodies = |name: &str| find(name).filter(|_| self.series.is_some());
        if let Some(column) = of_bodies(name) {
            return Err(format!(
                "{name} is not one number a sample; name that of one body, as in {}[0]",
                column.name
            ));
        }
        let indexed = name.strip_suffix(']').and_then(|name| name.rsplit_once('['));
        let found = indexed.and_then(|(name, body)| Some((of_bodies(name)?, body.parse::<usize>().ok()?)));
        match found {
            Some((column, body)) if body < column.width => Ok((column, body)),
            Some((column, _)) => Err(format!("there is no {name}; bodies are 0 to {}", column.width - 1)),
            None if find(name).is_some() => {
                Err(format!("fisher information of {name} is not available: it is not one number a sample"))
            }
            None => Err(format!("there is no column {name}")),
        }
    }

    fn effect(&self, offset: usize) -> Effect {
        if let Some(series) = &self.series {
            let is_own = |entry: &Entry| {
                (0..entry.model.canonical.len()).any(|p| entry.canonical + p * entry.slots == offset)
            };
            let is_width = series.seen.iter().flat_map(|one| &one.noises).any(|noise| noise.column == offset);
            let known = is_width || self.entries.iter().any(is_own);
            return if known { Effect::Known } else { Effect::Nothing };
        }
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
        } else if entry.model.param(name).is_some_and(|param| param.kind != Kind::Real) {
            Effect::Unknown(format!("the {name} of a {} has no derivative", entry.model.name))
        } else if name != "intensity" && !entry.blur {
            let shape = entry.model.name;
            Effect::Unknown(format!(
                "of a {shape} only that of the intensity is; write blur: true, with a psf"
            ))
        } else if self.overlap != Overlap::Add {
            Effect::Unknown("shapes cover each other; write overlap: add".into())
        } else {
            Effect::Known
        })
    }
}
