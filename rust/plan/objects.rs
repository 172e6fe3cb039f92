//! The entries of `objects`: which ways their parameters were said in, and what follows.

use super::Entry;
use super::build::Builder;
use super::column::Owner;
use super::draw::{Conversion, Group, Quantity};
use crate::param::{Kind, Model, Param, Range, Unit, Way, Ways};
use crate::registry;
use crate::spec::{self, Value};

/// As many objects of one entry as the 16 bits of a counter number.
const MOST_SLOTS: usize = 1 << 16;

/// How many objects an entry has.
const REPEAT: Param =
    Param::new("repeat", Unit::One, Range::closed(0.0, MOST_SLOTS as f64), "Number of objects.")
        .kind(Kind::Integer);

impl<'a> Builder<'a> {
    pub(super) fn entries(&mut self) -> Vec<Entry> {
        let objects = &self.spec.objects;
        for (i, object) in objects.iter().enumerate() {
            if objects[..i].iter().any(|other| other.name == object.name) {
                self.fault(
                    &object.place,
                    format!("two entries are called {}; give one a `name`", object.name),
                );
            }
        }
        objects.iter().filter_map(|object| self.entry(object)).collect()
    }

    fn entry(&mut self, object: &'a spec::Object) -> Option<Entry> {
        let Some(model) = registry::OBJECTS.iter().find(|model| model.name == object.model) else {
            self.fault(&object.place, format!("no model is called {}", object.model));
            return None;
        };
        let render = model.render?;
        self.check_names(object, model);
        let single = object.slots == 1 && object.repeat == Value::Constant(1.0);
        let repeat = if single { None } else { self.repeat(object) };
        let owner = Owner { name: &object.name, model, slots: object.slots, single };
        let canonical = self.layout.width;
        for param in model.canonical.iter().filter_map(|name| model.param(name)) {
            self.layout.entry(&owner, param);
        }
        let mut groups: Vec<Group> = self.free(object, &owner);
        groups.extend(model.ways.iter().filter_map(|ways| self.ways(object, &owner, ways)));
        let (noise, drawn) = self.noises(&format!("{}.", object.name), &object.noise, Some(&owner));
        groups.extend(drawn.into_iter().map(Group::alone));
        Some(Entry {
            model,
            render,
            name: object.name.clone(),
            repeat,
            slots: object.slots,
            groups,
            canonical,
            noise,
        })
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

    fn repeat(&mut self, object: &'a spec::Object) -> Option<Quantity> {
        let name = format!("{}.repeat", object.name);
        let column = self.layout.label(name.clone(), &REPEAT);
        let place = format!("{}.repeat", object.place);
        let limited = Param { range: Range::closed(0.0, object.slots as f64), ..REPEAT };
        self.quantity(&place, name, &object.repeat, &limited, column)
    }

    /// The parameters that can be said in one way only.
    fn free(&mut self, object: &'a spec::Object, owner: &Owner) -> Vec<Group> {
        let model = owner.model;
        let in_ways =
            |name: &str| model.ways.iter().flat_map(|ways| ways.ways).any(|way| way.written.contains(&name));
        let free: Vec<_> = model.params().filter(|param| !in_ways(param.name)).collect();
        free.into_iter().filter_map(|param| self.written(object, owner, param)).map(Group::alone).collect()
    }

    /// One group, in the way that the recipe says it.
    fn ways(&mut self, object: &'a spec::Object, owner: &Owner, ways: &'static Ways) -> Option<Group> {
        let given = |way: &&Way| way.written.iter().all(|name| object.parameters.contains_key(*name));
        let Some(way) = ways.ways.iter().find(given) else {
            let all: Vec<_> = ways.ways.iter().map(|way| way.written.join(" and ")).collect();
            self.fault(&object.place, format!("the {} is missing; give {}", ways.of, all.join(", or ")));
            return None;
        };
        let model = owner.model;
        let params = way.written.iter().filter_map(|name| model.param(name));
        let quantities: Vec<_> = params.filter_map(|param| self.written(object, owner, param)).collect();
        let offset = |name: &&str| self.layout.offset(owner.name, name);
        let conversion = (way.written != ways.gives).then(|| Conversion {
            needs: way.needs.iter().filter_map(offset).collect(),
            convert: way.convert,
        });
        let gives = ways.gives.iter().filter_map(offset).collect();
        let group = Group { quantities, conversion, gives, valid: ways.valid, allowed: ways.allowed };
        self.check_constant(object, &group, ways);
        Some(group)
    }

    /// A pair of constants that is not possible would be drawn for ever.
    fn check_constant(&mut self, object: &spec::Object, group: &Group, ways: &Ways) {
        let constants: Vec<f64> = group.quantities.iter().filter_map(|q| q.prior.single()).collect();
        let plain = group.conversion.is_none() && constants.len() == ways.gives.len();
        if plain && !(ways.valid)(&[constants[0], constants.get(1).copied().unwrap_or(0.0)]) {
            let said = ways.gives.iter().zip(&constants).map(|(name, value)| format!("{name} {value}"));
            let message = format!("{} is not allowed; {}", said.collect::<Vec<_>>().join(", "), ways.allowed);
            self.fault(&object.place, message);
        }
    }

    fn written(
        &mut self,
        object: &'a spec::Object,
        owner: &Owner,
        param: &'static Param,
    ) -> Option<Quantity> {
        let Some(value) = object.parameters.get(param.name) else {
            self.fault(&object.place, format!("{} is missing", param.name));
            return None;
        };
        let offset =
            self.layout.offset(owner.name, param.name).unwrap_or_else(|| self.layout.entry(owner, param));
        let place = format!("{}.{}", object.place, param.name);
        self.quantity(&place, format!("{}.{}", object.name, param.name), value, param, offset)
    }
}
