//! The PSF: one for each sample, its columns `psf.fwhm` and so on; of the parts of a sum, `psf.moffat.fwhm`.

use super::Plan;
use super::build::Builder;
use super::draw::{Conversion, Group, Quantity};
use super::scope::Scope;
use super::variable::Legal;
use crate::error::Error;
use crate::image::Shine;
use crate::image::fourier::{LONGEST, Light, MOST_PARTS, Picture, Sight};
use crate::image::psf::WEIGHT;
use crate::param::{Model, Param, Ways};
use crate::registry;
use crate::spec;
use std::ops::Range;
use std::sync::Arc;

/// The longest side of a frame: half of the longest period.
const LONGEST_SIDE: usize = LONGEST / 2;

/// The PSF of a plan.
pub(crate) struct Psf {
    parts: Vec<Part>,
    /// Where its values are.
    columns: Range<usize>,
    /// Its values, at the end of a record, where they are the same for all rows.
    fixed: Option<Vec<f64>>,
    /// Those of its parts that are pictures.
    pub(crate) pictures: Arc<[Picture]>,
    pub(crate) accuracy: f64,
}

/// A PSF, alone or in a sum.
struct Part {
    /// `psf`, or `psf.moffat`.
    name: String,
    form: Form,
    /// Where the weight is, in a sum.
    weight: Option<usize>,
}

/// What it looks like.
enum Form {
    /// As a model, whose canonical parameters begin there.
    Model(&'static Model, Shine, usize),
    /// As a picture.
    Picture(Light),
}

impl Part {
    fn light(&self, plan: &Plan, record: &[f64]) -> Option<Light> {
        match self.form {
            Form::Model(model, shine, first) => shine(&plan.grid, &record[first..][..model.canonical.len()]),
            Form::Picture(light) => Some(light),
        }
    }

    /// Its canonical parameters.
    fn values<'a>(&self, record: &'a [f64]) -> impl Iterator<Item = (&'static Param, f64)> + use<'a> {
        let (names, first): (&'static [&'static str], usize) = match self.form {
            Form::Model(model, _, first) => (model.canonical, first),
            Form::Picture(_) => (&[], 0),
        };
        let model = if let Form::Model(model, ..) = self.form { Some(model) } else { None };
        let named = names.iter().filter_map(move |name| model?.param(name));
        named.zip(&record[first..]).map(|(param, value)| (param, *value))
    }

    fn weight(&self, record: &[f64]) -> f64 {
        self.weight.map_or(1.0, |offset| record[offset])
    }

    /// Refuses values outside their ranges.
    fn check(&self, row: usize, record: &[f64]) -> Result<(), Error> {
        for (param, value) in self.values(record).chain(self.weight.map(|offset| (&WEIGHT, record[offset]))) {
            if !param.range.contains(value) {
                let (name, allowed) = (param.name, param.range);
                let what = &self.name;
                let message =
                    format!("{what} of record {row}: {name} = {value} is not allowed; it must be {allowed}");
                return Err(Error::Argument(message));
            }
        }
        Ok(())
    }
}

impl Psf {
    /// That of one sample: its parts, whose fluxes are their shares of 1. Nothing where a value is missing.
    pub(crate) fn lights(&self, plan: &Plan, record: &[f64], lights: &mut Vec<Light>) {
        let all: f64 = self.parts.iter().map(|part| part.weight(record)).sum();
        lights.clear();
        lights.extend(self.parts.iter().filter_map(|part| {
            let light = part.light(plan, record)?;
            Some(Light { flux: part.weight(record) / all, ..light })
        }));
    }

    /// That of every sample, where it is the same for all.
    pub(crate) fn fixed_lights(&self, plan: &Plan) -> Vec<Light> {
        let mut lights = vec![];
        if let Some(record) = &self.fixed {
            self.lights(plan, record, &mut lights);
        }
        lights
    }

    /// Whether it is the same for all samples.
    pub(super) fn is_fixed(&self) -> bool {
        self.fixed.is_some()
    }

    /// Finds out whether it is the same for all samples: all that it is written with is.
    pub(super) fn settled(self, quantities: &[Quantity], groups: &[Group]) -> Psf {
        let mut record = vec![f64::NAN; self.columns.end];
        for quantity in quantities.iter().filter(|quantity| self.columns.contains(&quantity.offset)) {
            let Some(value) = quantity.variable.constant() else { return self };
            record[quantity.offset] = value;
        }
        let own = |group: &&Group| group.gives.iter().all(|offset| self.columns.contains(offset));
        groups.iter().filter(own).for_each(|group| {
            group.convert(0, &mut record);
        });
        Psf { fixed: Some(record), ..self }
    }

    /// Each part: its model, none of a picture, and where the canonical parameters begin; where its weight is.
    pub(crate) fn forms(
        &self,
    ) -> impl Iterator<Item = (Option<(&'static Model, Shine, usize)>, Option<usize>)> {
        self.parts.iter().map(|part| match part.form {
            Form::Model(model, shine, first) => (Some((model, shine, first)), part.weight),
            Form::Picture(_) => (None, part.weight),
        })
    }

    /// Refuses values outside their ranges.
    pub(super) fn check(&self, row: usize, record: &[f64]) -> Result<(), Error> {
        self.parts.iter().try_for_each(|part| part.check(row, record))
    }
}

impl<'a> Builder<'a> {
    pub(super) fn psf(&mut self) -> Option<Psf> {
        let psf = self.spec.psf.as_ref()?;
        let image = &self.spec.image;
        if image.rows.max(image.columns) > LONGEST_SIDE {
            self.fault("image.size", format!("a psf is for images of up to {LONGEST_SIDE} pixels a side"));
        }
        if psf.sum.len() > MOST_PARTS {
            self.fault(&psf.place, format!("{} parts are too many; {MOST_PARTS} are allowed", psf.sum.len()));
        }
        let first = self.layout.width;
        let mut pictures = vec![];
        let parts = match psf.sum.as_slice() {
            [] => vec![self.psf_part(psf, "psf".into(), &mut pictures)?],
            sum => {
                let name = |part: &spec::Psf| format!("psf.{}", part.name.as_ref().unwrap_or(&part.model));
                let part = |part| self.psf_part(part, name(part), &mut pictures);
                sum.iter().map(part).collect::<Option<_>>()?
            }
        };
        let columns = first..self.layout.width;
        Some(Psf { parts, columns, fixed: None, pictures: pictures.into(), accuracy: image.accuracy })
    }

    fn psf_part(&mut self, psf: &'a spec::Psf, name: String, pictures: &mut Vec<Picture>) -> Option<Part> {
        let form = match &psf.picture {
            Some(picture) => {
                let made = self.picture(&psf.place, picture)?;
                let light = made.light(pictures.len());
                pictures.push(made);
                Form::Picture(light)
            }
            None => self.psf_model(psf, &name)?,
        };
        let weight = psf.weight.as_ref().map(|weight| self.psf_number(psf, &name, &WEIGHT, weight).1);
        Some(Part { name, form, weight })
    }

    fn picture(&mut self, place: &str, picture: &spec::Picture) -> Option<Picture> {
        let sight = Sight {
            rows: &picture.pixels,
            step: picture.pixel_scale / self.spec.image.pixel_scale,
            centre: picture.centre.into(),
            interpolation: picture.interpolation,
            has_pixel: picture.includes_pixel,
        };
        Picture::new(&sight).map_err(|message| self.fault(place, message)).ok()
    }

    fn psf_model(&mut self, psf: &'a spec::Psf, name: &str) -> Option<Form> {
        let Some(model) = registry::PSFS.iter().find(|model| model.name == psf.model) else {
            self.fault(&psf.place, format!("no psf is called {}", psf.model));
            return None;
        };
        for name in psf.parameters.keys().filter(|name| model.param(name).is_none()) {
            self.fault(&psf.place, format!("{} has no parameter {name}", model.name));
        }
        let canonical = self.layout.width;
        for param in model.canonical.iter().filter_map(|name| model.param(name)) {
            self.layout.label(format!("{name}.{}", param.name), param);
        }
        let in_ways =
            |name: &str| model.ways.iter().flat_map(|ways| ways.ways).any(|way| way.written.contains(&name));
        for param in model.params().filter(|param| !in_ways(param.name)) {
            self.psf_value(psf, name, param);
        }
        model.ways.iter().for_each(|ways| self.psf_ways(psf, name, model, ways));
        Some(Form::Model(model, registry::shine(model)?, canonical))
    }

    /// One group, in the way that the recipe says it.
    fn psf_ways(&mut self, psf: &'a spec::Psf, name: &str, model: &'static Model, ways: &'static Ways) {
        let given = |name: &&str| psf.parameters.contains_key(*name);
        let Some(way) = ways.ways.iter().find(|way| way.written.iter().all(given)) else {
            let all: Vec<_> = ways.ways.iter().map(|way| way.written.join(" and ")).collect();
            self.fault(&psf.place, format!("the {} is missing; give {}", ways.of, all.join(", or ")));
            return;
        };
        let params = way.written.iter().filter_map(|key| model.param(key));
        let quantities = params.filter_map(|param| self.psf_value(psf, name, param)).collect();
        let offset = |key: &&str| self.layout.offset(name, key);
        let needs = way.needs.iter().filter_map(offset).collect();
        let conversion = (way.written != ways.gives).then(|| Conversion::of(way, needs, None));
        let gives = ways.gives.iter().filter_map(offset).collect();
        let (name, place) = (format!("{name}.{}", ways.gives.join(", ")), psf.place.clone());
        let (valid, allowed) = (ways.valid, ways.allowed);
        self.groups.push(Group {
            name,
            place,
            repeated: None,
            quantities,
            joint: ways.gives.len() > 1,
            conversion,
            gives,
            valid,
            allowed,
        });
    }

    /// Notes a parameter; gives its number.
    fn psf_value(&mut self, psf: &'a spec::Psf, name: &str, param: &'static Param) -> Option<usize> {
        let Some(value) = psf.parameters.get(param.name) else {
            self.fault(&psf.place, format!("{} is missing", param.name));
            return None;
        };
        Some(self.psf_number(psf, name, param, value).0)
    }

    /// Notes a value; gives its number and where it is.
    fn psf_number(
        &mut self,
        psf: &spec::Psf,
        name: &str,
        param: &'static Param,
        value: &'a spec::Value,
    ) -> (usize, usize) {
        let path = format!("{name}.{}", param.name);
        let known = self.layout.named(&path);
        let offset = known.unwrap_or_else(|| self.layout.label(path.clone(), param));
        let place = format!("{}.{}", psf.place, param.name);
        (self.write(&place, path, value, Legal::of(param), Scope::default(), offset), offset)
    }
}
