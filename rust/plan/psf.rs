//! The PSF: one for each sample, its columns `psf.fwhm` and so on.

use super::Plan;
use super::build::Builder;
use super::draw::{Conversion, Group, Quantity};
use super::scope::Scope;
use super::variable::Legal;
use crate::error::Error;
use crate::image::Shine;
use crate::image::fourier::{LONGEST, Light};
use crate::param::{Model, Param, Ways};
use crate::registry;
use crate::spec;
use std::ops::Range;

/// The longest side of a frame: half of the longest period.
const LONGEST_SIDE: usize = LONGEST / 2;

/// The PSF of a plan.
pub(crate) struct Psf {
    model: &'static Model,
    shine: Shine,
    /// Where its values are, the canonical parameters first.
    columns: Range<usize>,
    /// The canonical parameters, where they are the same for all rows.
    fixed: Option<Vec<f64>>,
    pub(crate) accuracy: f64,
}

impl Psf {
    /// That of one sample.
    pub(crate) fn light(&self, plan: &Plan, record: &[f64]) -> Option<Light> {
        (self.shine)(&plan.grid, &record[self.columns.start..][..self.model.canonical.len()])
    }

    /// That of every sample, where it is the same for all.
    pub(crate) fn fixed_light(&self, plan: &Plan) -> Option<Light> {
        self.fixed.as_ref().and_then(|canonical| (self.shine)(&plan.grid, canonical))
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
        let canonical = record[self.columns.start..][..self.model.canonical.len()].to_vec();
        Psf { fixed: Some(canonical), ..self }
    }

    /// Where its canonical parameters are.
    pub(crate) fn columns(&self) -> Range<usize> {
        self.columns.start..self.columns.start + self.model.canonical.len()
    }

    /// What it is, as light.
    pub(crate) fn kind(&self) -> (&'static Model, Shine) {
        (self.model, self.shine)
    }

    /// Refuses values outside their ranges.
    pub(super) fn check(&self, row: usize, record: &[f64]) -> Result<(), Error> {
        for (value, name) in record[self.columns.start..].iter().zip(self.model.canonical) {
            if let Some(range) = self.model.param(name).map(|param| param.range)
                && !range.contains(*value)
            {
                let message =
                    format!("psf of record {row}: {name} = {value} is not allowed; it must be {range}");
                return Err(Error::Argument(message));
            }
        }
        Ok(())
    }
}

impl<'a> Builder<'a> {
    pub(super) fn psf(&mut self) -> Option<Psf> {
        let psf = self.spec.psf.as_ref()?;
        let image = &self.spec.image;
        if image.rows.max(image.columns) > LONGEST_SIDE {
            self.fault("image.size", format!("a psf is for images of up to {LONGEST_SIDE} pixels a side"));
        }
        let Some(model) = registry::PSFS.iter().find(|model| model.name == psf.model) else {
            self.fault(&psf.place, format!("no psf is called {}", psf.model));
            return None;
        };
        for name in psf.parameters.keys().filter(|name| model.param(name).is_none()) {
            self.fault(&psf.place, format!("{} has no parameter {name}", model.name));
        }
        let canonical = self.layout.width;
        for param in model.canonical.iter().filter_map(|name| model.param(name)) {
            self.layout.label(path(param), param);
        }
        let in_ways =
            |name: &str| model.ways.iter().flat_map(|ways| ways.ways).any(|way| way.written.contains(&name));
        for param in model.params().filter(|param| !in_ways(param.name)) {
            self.psf_value(psf, param);
        }
        model.ways.iter().for_each(|ways| self.psf_ways(psf, model, ways));
        let shine = registry::shine(model)?;
        let columns = canonical..self.layout.width;
        Some(Psf { model, shine, columns, fixed: None, accuracy: image.accuracy })
    }

    /// One group, in the way that the recipe says it.
    fn psf_ways(&mut self, psf: &'a spec::Psf, model: &'static Model, ways: &'static Ways) {
        let given = |name: &&str| psf.parameters.contains_key(*name);
        let Some(way) = ways.ways.iter().find(|way| way.written.iter().all(given)) else {
            let all: Vec<_> = ways.ways.iter().map(|way| way.written.join(" and ")).collect();
            self.fault(&psf.place, format!("the {} is missing; give {}", ways.of, all.join(", or ")));
            return;
        };
        let params = way.written.iter().filter_map(|name| model.param(name));
        let quantities = params.filter_map(|param| self.psf_value(psf, param)).collect();
        let offset = |name: &&str| self.layout.offset("psf", name);
        let needs = way.needs.iter().filter_map(offset).collect();
        let conversion = (way.written != ways.gives).then(|| Conversion::of(way, needs, None));
        let gives = ways.gives.iter().filter_map(offset).collect();
        let (name, place) = (format!("psf.{}", ways.gives.join(", ")), psf.place.clone());
        let (valid, allowed) = (ways.valid, ways.allowed);
        self.groups.push(Group {
            name,
            place,
            repeated: None,
            quantities,
            conversion,
            gives,
            valid,
            allowed,
        });
    }

    /// Notes a parameter; gives its number.
    fn psf_value(&mut self, psf: &'a spec::Psf, param: &'static Param) -> Option<usize> {
        let Some(value) = psf.parameters.get(param.name) else {
            self.fault(&psf.place, format!("{} is missing", param.name));
            return None;
        };
        let known = self.layout.offset("psf", param.name);
        let offset = known.unwrap_or_else(|| self.layout.label(path(param), param));
        let place = format!("{}.{}", psf.place, param.name);
        Some(self.write(&place, path(param), value, Legal::of(param), Scope::default(), offset))
    }
}

fn path(param: &Param) -> String {
    format!("psf.{}", param.name)
}
