//! From a [`Spec`] to a [`Plan`], finding every fault on the way.

use super::column::{LET, Layout, Owner};
use super::compile::Written;
use super::draw::{Group, Quantity, Step};
use super::measure::{aperture, is_taken};
use super::order::{Graph, sort_members};
use super::place::Placing;
use super::rows::RowOf;
use super::scale::Scaled;
use super::scope::Scope;
use super::table::{Limit, Tables};
use super::variable::Legal;
use super::{Entry, Plan};
use crate::error::{Error, Fault};
use crate::expression::is_reserved;
use crate::image::FRAME;
use crate::image::grid::Grid;
use crate::image::noise::{self, Noise, NoiseKind, Sky};
use crate::isa::Isa;
use crate::param::{Kind, Param, Range, Unit};
use crate::random::{Key, Slot, Splits};
use crate::registry;
use crate::spec::{self, Per, Spec, Value};
use std::collections::{BTreeMap, HashMap};

/// As many fresh noises as the 16 bits of a counter number.
const MOST_REALISATIONS: u64 = 1 << 16;

/// Which split a scene is in.
const SPLIT: Param =
    Param::new("split", Unit::One, Range::NOT_NEGATIVE, "Number of the split.").kind(Kind::Integer);

/// A value, and where it goes: what a [`Quantity`] is made of.
struct Noted<'a> {
    written: Written<'a>,
    offset: usize,
    repeated: Option<usize>,
    finest: Per,
}

pub(super) struct Builder<'a> {
    pub(super) spec: &'a Spec,
    pub(super) layout: Layout,
    pub(super) groups: Vec<Group>,
    /// Every value as it is met.
    written: Vec<Noted<'a>>,
    /// Every position.
    pub(super) placings: Vec<Placing<'a>>,
    pub(super) data: &'a Tables,
    /// The rows of tables that are read.
    pub(super) rows: Vec<RowOf>,
    pub(super) limit: Option<Limit>,
    /// The flux that follows from a ratio.
    pub(super) scaled: Option<Scaled>,
    faults: Vec<Fault>,
    keys: HashMap<Key, String>,
}

pub(super) fn plan(spec: &Spec, data: &Tables, isa: Isa) -> Result<Plan, Error> {
    let mut builder = Builder {
        spec,
        layout: Layout::default(),
        groups: vec![],
        written: vec![],
        placings: vec![],
        data,
        rows: vec![],
        limit: None,
        scaled: None,
        faults: vec![],
        keys: HashMap::new(),
    };
    let grid = builder.grid();
    builder.realisations();
    builder.zero_point();
    builder.lets();
    let psf = builder.psf();
    let mixture = builder.mixture();
    let mut entries = builder.entries();
    let sky = builder.sky();
    let noise = builder.noises("", &spec.noise, None);
    let splits = builder.splits();
    let series = builder.series();
    let aperture = aperture(spec, &entries);
    let keep = builder.keep(aperture.is_some());
    let mut quantities = builder.quantities();
    let mixture = mixture.and_then(|mixture| builder.branch(mixture, &mut quantities));
    quantities.extend(builder.row_quantities(&mut entries));
    let steps = builder.steps(quantities, &mut entries);
    if let (Some(keep), Some((quantities, _))) = (&keep, &steps) {
        builder.check_keep(keep, quantities);
    }
    match (grid, steps) {
        (Some(grid), Some((quantities, steps))) if builder.faults.is_empty() => Plan {
            isa,
            grid,
            edges: spec.edges,
            psf: psf.map(|psf| psf.settled(&quantities, &builder.groups)),
            overlap: spec.overlap,
            gain: spec.image.gain,
            realisations: spec.realisations,
            entries,
            mixture,
            sky,
            noise,
            quantities,
            groups: builder.groups,
            steps,
            splits,
            keep,
            aperture,
            scaled: builder.scaled,
            series,
            limit: builder.limit,
            subjects: vec![],
            width: builder.layout.width,
            columns: builder.layout.columns,
        }
        .informed(&spec.fisher),
        _ => Err(Error::Recipe(builder.faults)),
    }
}

impl<'a> Builder<'a> {
    pub(super) fn fault(&mut self, place: &str, message: String) {
        self.faults.push(Fault::new(place, message));
    }

    pub(super) fn fault_count(&self) -> usize {
        self.faults.len()
    }

    fn grid(&mut self) -> Option<Grid> {
        if self.spec.series.is_some() {
            return Some(Grid::NONE);
        }
        let image = &self.spec.image;
        for (param, value) in FRAME.iter().zip([image.pixel_scale, image.gain, image.accuracy]) {
            if !param.range.contains(value) {
                let message = format!("{value} is not allowed; {} must be {}", param.name, param.range);
                self.fault(&format!("image.{}", param.name), message);
            }
        }
        match Grid::new(image.rows, image.columns, image.pixel_scale) {
            Ok(grid) => Some(grid),
            Err(error) => {
                self.fault("image", error.to_string());
                None
            }
        }
    }

    fn realisations(&mut self) {
        let given = self.spec.realisations;
        if !(1..=MOST_REALISATIONS).contains(&given) {
            self.fault("realisations", format!("{given} is not allowed; from 1 to {MOST_REALISATIONS} are"));
        }
    }

    /// A slot; two of one key are refused.
    pub(super) fn slot(&mut self, place: &str, path: String) -> Slot {
        let slot = Slot::new(self.spec.seed, &self.spec.name, path);
        if let Some(other) = self.keys.insert(slot.key, slot.path.clone()) {
            let message =
                format!("the random streams of {} and {other} are one; rename one of them", slot.path);
            self.fault(place, message);
        }
        slot
    }

    fn splits(&mut self) -> Option<(usize, Splits)> {
        if self.spec.splits.is_empty() {
            return None;
        }
        let fractions: Vec<f64> = self.spec.splits.iter().map(|(_, fraction)| *fraction).collect();
        let key = self.slot("splits", "splits".into()).key;
        match Splits::new(key, &fractions) {
            Ok(splits) => Some((self.layout.label("split".into(), &SPLIT), splits)),
            Err(message) => {
                self.fault("splits", message);
                None
            }
        }
    }

    /// The recipe's own `let`.
    fn lets(&mut self) {
        for (name, value) in &self.spec.lets {
            let place = format!("let.{name}");
            if is_taken(name) {
                self.fault(&place, format!("{name} has a meaning of its own; choose another name"));
            } else if self.is_good_name(&place, name) {
                let offset = self.layout.label(name.clone(), &LET);
                self.write(&place, name.clone(), value, Legal::any(name), Scope::default(), offset);
            }
        }
    }

    /// Whether a `let` can have this name.
    pub(super) fn is_good_name(&mut self, place: &str, name: &str) -> bool {
        let start = name.chars().next().is_some_and(|c| c == '_' || c.is_alphabetic());
        let message = if !start || name.chars().any(|c| c != '_' && !c.is_alphanumeric()) {
            format!("{name:?} cannot be a name; it takes letters, digits and _, and begins with no digit")
        } else if is_reserved(name) || matches!(name, "split" | "class" | "mixture") {
            format!("{name} has a meaning of its own; choose another name")
        } else {
            return true;
        };
        self.fault(place, message);
        false
    }

    /// Notes a value that belongs to the sample as a whole; gives its number.
    pub(super) fn write(
        &mut self,
        place: &str,
        path: String,
        value: &'a Value,
        legal: Legal,
        scope: Scope,
        offset: usize,
    ) -> usize {
        let place = place.to_string();
        let written =
            Written { path, place, value, legal, scope, per: Per::Sample, finest: Per::Sample, depth: 0 };
        self.written.push(Noted { written, offset, repeated: None, finest: Per::Sample });
        self.written.len() - 1
    }

    /// Notes a value of an entry; gives its number.
    pub(super) fn write_owned(
        &mut self,
        owner: &Owner,
        path: String,
        place: String,
        value: &'a Value,
        legal: Legal,
        offset: usize,
    ) -> usize {
        let scope = Scope::inside(owner.index);
        let written =
            Written { path, place, value, legal, scope, per: Per::Object, finest: Per::Object, depth: 0 };
        let repeated = (!owner.single).then_some(owner.index);
        let finest = if owner.once { Per::Sample } else { Per::Object };
        self.written.push(Noted { written, offset, repeated, finest });
        self.written.len() - 1
    }

    /// Puts a value, by its number, inside a part of its object.
    pub(super) fn inside(&mut self, number: usize, part: Option<&'static str>) {
        self.written[number].written.scope.part = part;
    }

    fn sky(&mut self) -> Option<Sky> {
        let sky = self.spec.sky.as_ref()?;
        let level = self.layout.label("sky.level".into(), &noise::SKY[0]);
        let place = format!("{}.level", sky.place);
        let legal = Legal::of(&noise::SKY[0]);
        self.write(&place, "sky.level".into(), &sky.level, legal, Scope::default(), level);
        Some(Sky { level, subtract: sky.subtract })
    }

    /// The noises of a plane.
    pub(super) fn noises(
        &mut self,
        prefix: &str,
        noises: &'a [spec::Noise],
        owner: Option<&Owner>,
    ) -> Vec<Noise> {
        let mut seen = BTreeMap::new();
        let mut built = vec![];
        for noise in noises {
            let Some((kind, param)) = self.noise_kind(noise) else { continue };
            let number = seen.entry(kind).and_modify(|n| *n += 1).or_insert(1);
            if kind == NoiseKind::Poisson && *number > 1 {
                self.fault(&noise.place, "the light has Poisson noise already; remove one of the two".into());
                continue;
            }
            let suffix = if *number > 1 { format!(".{number}") } else { String::new() };
            let path = format!("{prefix}noise.{}{suffix}", kind.name());
            let key = self.slot(&noise.place, path.clone()).key;
            let column =
                param.map(|(param, value)| self.noise_value(&path, &noise.place, param, value, owner));
            built.push(Noise { kind, key, column });
        }
        built
    }

    /// The column of a noise's parameter.
    fn noise_value(
        &mut self,
        path: &str,
        place: &str,
        param: &Param,
        value: &'a Value,
        owner: Option<&Owner>,
    ) -> usize {
        let name = format!("{path}.{}", param.name);
        let place = format!("{place}.{}", param.name);
        match owner {
            Some(owner) => {
                let offset = self.layout.noise(owner, name.clone(), param);
                self.write_owned(owner, name, place, value, Legal::of(param), offset);
                offset
            }
            None => {
                let offset = self.layout.label(name.clone(), param);
                self.write(&place, name, value, Legal::of(param), Scope::default(), offset);
                offset
            }
        }
    }

    /// What kind of noise it is, and its one parameter.
    fn noise_kind(
        &mut self,
        noise: &'a spec::Noise,
    ) -> Option<(NoiseKind, Option<(&'static Param, &'a Value)>)> {
        let Some(model) = registry::NOISES.iter().find(|model| model.name == noise.kind) else {
            self.fault(&noise.place, format!("no noise is called {}", noise.kind));
            return None;
        };
        if let Some(unknown) = noise.parameters.keys().find(|key| model.param(key).is_none()) {
            self.fault(&noise.place, format!("{} noise has no parameter {unknown}", model.name));
        }
        let param = model.params().next().and_then(|param| Some((param, noise.parameters.get(param.name)?)));
        match (model.name, param) {
            ("poisson", None) => Some((NoiseKind::Poisson, None)),
            ("poisson", given) => Some((NoiseKind::Counts, given)),
            (_, Some(given)) => Some((NoiseKind::Gaussian, Some(given))),
            (_, None) => {
                self.fault(&noise.place, "sigma is missing".into());
                None
            }
        }
    }

    /// The values that could be understood; groups then know them by their new numbers.
    fn quantities(&mut self) -> Vec<Quantity> {
        let mut quantities = vec![];
        let mut numbers = vec![];
        for Noted { written, offset, repeated, finest } in std::mem::take(&mut self.written) {
            let variable = self.variable(&written);
            numbers.push(variable.is_some().then_some(quantities.len()));
            quantities.extend(variable.map(|variable| Quantity { variable, offset, repeated, finest }));
        }
        for group in &mut self.groups {
            group.quantities = group.quantities.iter().filter_map(|q| numbers[*q]).collect();
        }
        for placing in std::mem::take(&mut self.placings) {
            quantities.extend(self.placed(&placing));
        }
        quantities
    }

    /// What to do for each record, that of repeated entries apart.
    fn steps(
        &mut self,
        mut quantities: Vec<Quantity>,
        entries: &mut [Entry],
    ) -> Option<(Vec<Quantity>, Vec<Step>)> {
        sort_members(&quantities, &mut self.groups);
        let steps = match Graph::new(&quantities, &self.groups).steps() {
            Ok(steps) => steps,
            Err(faults) => {
                faults.into_iter().for_each(|(place, message)| self.fault(&place, message));
                return None;
            }
        };
        self.settle(&steps, &mut quantities);
        let (mut whole, mut by_entry) = (vec![], BTreeMap::<usize, Vec<Step>>::new());
        for step in steps {
            if let Step::Draw(q) = step
                && let Some(entry) = entries.iter_mut().find(|entry| entry.is_counted_by(&quantities[q]))
            {
                entry.counted = Some(q);
                continue;
            }
            let repeated = match step {
                Step::Draw(q) => quantities[q].repeated,
                Step::Convert(g) | Step::Joint(g) => self.groups[g].repeated,
            };
            repeated.map_or(&mut whole, |index| by_entry.entry(index).or_default()).push(step);
        }
        for entry in entries {
            entry.steps = by_entry.remove(&entry.index).unwrap_or_default();
        }
        Some((quantities, whole))
    }
}
