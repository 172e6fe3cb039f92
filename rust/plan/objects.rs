//! The entries of `objects`: which ways their parameters were said in, and what follows.

use super::Entry;
use super::build::Builder;
use super::column::Owner;
use super::draw::{Conversion, Group};
use super::scope::{Scope, is_single};
use super::series::{self, BODIES};
use super::variable::Legal;
use crate::image::profile::light::LIGHT;
use crate::image::shape::outline::Vertices;
use crate::image::shape::overlap::Overlap;
use crate::image::shape::polygon;
use crate::param::part::Composite;
use crate::param::{Family, Kind, Model, Param, Range, Unit, Way, Ways};
use crate::registry;
use crate::spec;
use std::collections::HashSet;

/// As many objects of one entry as the 16 bits of a counter number.
const MOST_SLOTS: usize = 1 << 16;

/// How many objects an entry has.
const REPEAT: Param =
    Param::new("repeat", Unit::One, Range::closed(0.0, MOST_SLOTS as f64), "Number of objects.")
        .kind(Kind::Integer);

impl<'a> Builder<'a> {
    pub(super) fn entries(&mut self) -> Vec<Entry> {
        let objects = &self.spec.objects;
        let mut names = HashSet::new();
        for object in objects {
            if !names.insert(&object.name) && self.spec.series.is_none() {
                self.fault(
                    &object.place,
                    format!("two entries are called {}; give one a `name`", object.name),
                );
            }
        }
        objects.iter().enumerate().filter_map(|(i, object)| self.entry(i, object)).collect()
    }

    fn entry(&mut self, index: usize, object: &'a spec::Object) -> Option<Entry> {
        let Some(model) = self.model(index, object) else {
            self.fault(&object.place, format!("no model is called {}", object.model));
            return None;
        };
        let shine = registry::shine(model).filter(|_| self.spec.psf.is_some());
        if model.render.is_none() && shine.is_none() && self.spec.series.is_none() {
            let message =
                format!("a {} is a point: it needs the image's psf, which the recipe lacks", model.name);
            self.fault(&object.place, message);
        }
        self.check_blur(object, model);
        let composite = registry::composite(model);
        self.check_names(object, model);
        let vertices = self.vertices(object);
        let (once, branch) = (is_single(object), object.branch);
        let repeat = if once { None } else { Some(self.repeat(index, object)) };
        let single = once && branch.is_none();
        // A column has at least one place, also of an entry that never occurs.
        let slots = object.slots.max(1);
        let owner = Owner { index, name: &object.name, model, slots, single, once };
        let canonical = self.layout.width;
        for param in model.canonical.iter().filter_map(|name| model.param(name)) {
            self.layout.entry(&owner, param);
        }
        composite.into_iter().for_each(|composite| self.labels(&owner, composite));
        self.free(object, &owner);
        self.position(object, &owner);
        model.ways.iter().for_each(|ways| self.ways(object, &owner, ways));
        composite.into_iter().for_each(|composite| self.follows(object, &owner, composite));
        self.object_lets(object, &owner);
        let noise = self.noises(&format!("{}.", object.name), &object.noise, Some(&owner));
        let columns = canonical..self.layout.width;
        let (name, counted, steps) = (object.name.clone(), None, vec![]);
        Some(Entry {
            index,
            branch,
            model,
            composite,
            render: model.render,
            shine,
            blur: object.blur,
            vertices,
            name,
            repeat,
            counted,
            slots,
            steps,
            columns,
            rows: vec![],
            canonical,
            noise,
        })
    }

    /// The table of an entry.
    pub(super) fn model(&self, index: usize, object: &spec::Object) -> Option<&'static Model> {
        match self.spec.series {
            Some(_) => series::model(index, object),
            None => registry::OBJECTS.iter().copied().find(|model| model.name == object.model),
        }
    }

    /// Only shapes are blurred by choice, and by a PSF; what covers others is sharp.
    fn check_blur(&mut self, object: &spec::Object, model: &Model) {
        let place = format!("{}.blur", object.place);
        if object.blur && model.family != Family::Shape {
            self.fault(&place, format!("{} goes through the psf in any case", model.name));
        } else if object.blur && self.spec.psf.is_none() {
            self.fault(&place, "blur needs the image's psf, which the recipe lacks".into());
        } else if object.blur && self.spec.overlap != Overlap::Add {
            self.fault(&place, "a blurred shape adds its light: it needs `overlap: add`".into());
        }
    }

    fn check_names(&mut self, object: &spec::Object, model: &Model) {
        for name in object.parameters.keys().filter(|name| model.param(name).is_none()) {
            self.fault(&object.place, format!("{} has no parameter {name}", model.name));
        }
        if object.slots > MOST_SLOTS {
            let message =
                format!("{} objects of one entry are too many; {MOST_SLOTS} are allowed", object.slots);
            self.fault(&object.place, message);
        }
    }

    /// The vertices of a polygon that is not regular.
    fn vertices(&mut self, object: &spec::Object) -> Option<Vertices> {
        if object.vertices.is_empty() {
            return None;
        }
        let place = format!("{}.vertices", object.place);
        if object.model != polygon::MODEL.name {
            self.fault(&place, format!("{} has no vertices", object.model));
            return None;
        }
        Vertices::new(&object.vertices).map_err(|message| self.fault(&place, message)).ok()
    }

    fn repeat(&mut self, index: usize, object: &'a spec::Object) -> usize {
        let param = if self.spec.series.is_some() { &BODIES } else { &REPEAT };
        let name = format!("{}.{}", object.name, param.name);
        let column = self.layout.label(name.clone(), param);
        let place = format!("{}.{}", object.place, param.name);
        let range = Range { high: object.slots as f64, ..param.range };
        let legal = Legal { range, ..Legal::of(param) };
        self.write(&place, name, &object.repeat, legal, Scope::before(index), column);
        column
    }

    /// The object's `let`.
    fn object_lets(&mut self, object: &'a spec::Object, owner: &Owner) {
        for (name, value) in &object.lets {
            let place = format!("{}.let.{name}", object.place);
            if owner.model.param(name).is_some() || name == "repeat" {
                self.fault(
                    &place,
                    format!("{name} is a parameter of {}; choose another name", owner.model.name),
                );
            } else if self.is_good_name(&place, name) {
                let offset = self.layout.entry_let(owner, name);
                self.write_owned(
                    owner,
                    format!("{}.{name}", object.name),
                    place,
                    value,
                    Legal::any(name),
                    offset,
                );
            }
        }
    }

    /// The parameters that can be said in one way only.
    fn free(&mut self, object: &'a spec::Object, owner: &Owner) {
        let model = owner.model;
        let in_ways =
            |name: &str| model.ways.iter().flat_map(|ways| ways.ways).any(|way| way.written.contains(&name));
        let placed = |name: &str| object.position.as_ref().is_some_and(|at| at.axes().contains(&name));
        for param in model.params().filter(|param| !in_ways(param.name) && !placed(param.name)) {
            self.written(object, owner, param);
        }
    }

    /// The columns of what follows from the canonical parameters.
    fn labels(&mut self, owner: &Owner, composite: &Composite) {
        let names = composite.follows.iter().flat_map(|way| way.written);
        names.filter_map(|name| composite.label(owner.model, name)).for_each(|param| {
            self.layout.entry(owner, param);
        });
    }

    /// What follows from the canonical parameters, unless the recipe says it itself.
    fn follows(&mut self, object: &'a spec::Object, owner: &Owner, composite: &Composite) {
        let said = |way: &&Way| way.written.iter().any(|name| object.parameters.contains_key(*name));
        for way in composite.follows.iter().filter(|way| !said(way)) {
            let offsets = |names: &[&str]| -> Vec<usize> {
                names.iter().filter_map(|name| self.layout.offset(owner.name, name)).collect()
            };
            self.groups.push(Group {
                name: format!("{}.{}", owner.name, way.written.join(", ")),
                place: object.place.clone(),
                repeated: (!owner.single).then_some(owner.index),
                quantities: vec![],
                joint: false,
                conversion: Some(Conversion::of(way, offsets(way.needs), None)),
                gives: offsets(way.written),
                valid: |_| true,
                allowed: "",
            });
        }
    }

    /// One group, in the way that the recipe says it.
    fn ways(&mut self, object: &'a spec::Object, owner: &Owner, ways: &'static Ways) {
        if let Some(target) = object.snr.as_ref().filter(|_| ways.of == LIGHT.of) {
            self.scaled(object, owner, target);
            let others = ways.gives.iter().filter(|name| **name != LIGHT.gives[0]);
            others.filter_map(|name| owner.model.param(name)).for_each(|param| {
                self.written(object, owner, param);
            });
            return;
        }
        let given = |way: &&Way| way.written.iter().all(|name| object.parameters.contains_key(*name));
        let Some(way) = ways.ways.iter().find(given) else {
            let all: Vec<_> = ways.ways.iter().map(|way| way.written.join(" and ")).collect();
            self.fault(&object.place, format!("the {} is missing; give {}", ways.of, all.join(", or ")));
            return;
        };
        let params = way.written.iter().filter_map(|name| owner.model.param(name));
        let quantities: Vec<_> = params.filter_map(|param| self.written(object, owner, param)).collect();
        let Some(constant) = self.constant_of(object, way) else { return };
        let offset = |name: &&str| self.layout.offset(owner.name, name);
        let needs = way.needs.iter().filter_map(offset).collect();
        let conversion = (way.written != ways.gives).then(|| Conversion::of(way, needs, constant));
        let gives = ways.gives.iter().filter_map(offset).collect();
        let name = format!("{}.{}", owner.name, ways.gives.join(", "));
        let alone = way.written.len() == 1;
        let place = if alone { format!("{}.{}", object.place, way.written[0]) } else { object.place.clone() };
        let repeated = (!owner.single).then_some(owner.index);
        let (valid, allowed) = (ways.valid, ways.allowed);
        // Light that cannot be is an error: what follows from one part's may say the other's.
        let joint = ways.gives.len() > 1 && ways.of != LIGHT.of;
        self.groups.push(Group {
            name,
            place,
            repeated,
            quantities,
            joint,
            conversion,
            gives,
            valid,
            allowed,
        });
    }

    /// Notes a parameter; gives its number.
    fn written(&mut self, object: &'a spec::Object, owner: &Owner, param: &'static Param) -> Option<usize> {
        let Some(value) = object.parameters.get(param.name) else {
            self.fault(&object.place, format!("{} is missing", param.name));
            return None;
        };
        let offset =
            self.layout.offset(owner.name, param.name).unwrap_or_else(|| self.layout.entry(owner, param));
        let place = format!("{}.{}", object.place, param.name);
        let path = format!("{}.{}", object.name, param.name);
        let number = self.write_owned(owner, path, place, value, Legal::of(param), offset);
        let part = registry::composite(owner.model).and_then(|composite| composite.part_of(param.name));
        self.inside(number, part);
        Some(number)
    }
}
