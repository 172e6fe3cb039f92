//! From a [`Spec`] to a [`Plan`], finding every fault on the way.

use super::column::{Layout, Owner};
use super::draw::Quantity;
use super::{Plan, value};
use crate::error::{Error, Fault};
use crate::image::grid::Grid;
use crate::image::noise::{self, Noise, NoiseKind, Sky};
use crate::isa::Isa;
use crate::param::{Kind, Param, Range, Unit};
use crate::random::{Key, Slot, Splits};
use crate::registry;
use crate::spec::{self, Spec, Value};
use std::collections::{BTreeMap, HashMap};

/// As many fresh noises as the 16 bits of a counter number.
const MOST_REALISATIONS: u64 = 1 << 16;

/// Which split a scene is in.
const SPLIT: Param =
    Param::new("split", Unit::One, Range::NOT_NEGATIVE, "Number of the split.").kind(Kind::Integer);

pub(super) struct Builder<'a> {
    pub(super) spec: &'a Spec,
    pub(super) layout: Layout,
    faults: Vec<Fault>,
    keys: HashMap<Key, String>,
}

pub(super) fn plan(spec: &Spec, isa: Isa) -> Result<Plan, Error> {
    let mut builder = Builder { spec, layout: Layout::default(), faults: vec![], keys: HashMap::new() };
    let grid = builder.grid();
    builder.realisations();
    let entries = builder.entries();
    let (sky, mut quantities) = builder.sky();
    let (noise, drawn) = builder.noises("", &spec.noise, None);
    quantities.extend(drawn);
    let splits = builder.splits();
    match grid {
        Some(grid) if builder.faults.is_empty() => Ok(Plan {
            isa,
            grid,
            edges: spec.edges,
            gain: spec.image.gain as f32,
            realisations: spec.realisations,
            entries,
            sky,
            noise,
            quantities,
            splits,
            width: builder.layout.width,
            columns: builder.layout.columns,
        }),
        _ => Err(Error::Recipe(builder.faults)),
    }
}

impl<'a> Builder<'a> {
    pub(super) fn fault(&mut self, place: &str, message: String) {
        self.faults.push(Fault::new(place, message));
    }

    fn grid(&mut self) -> Option<Grid> {
        let image = &self.spec.image;
        if !(image.gain > 0.0 && image.gain.is_finite()) {
            self.fault("image.gain", format!("{} is not allowed; gain must be above 0", image.gain));
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
    fn slot(&mut self, place: &str, path: String) -> Slot {
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

    fn sky(&mut self) -> (Option<Sky>, Vec<Quantity>) {
        let Some(sky) = &self.spec.sky else { return (None, vec![]) };
        let level = self.layout.label("sky.level".into(), &noise::SKY[0]);
        let place = format!("{}.level", sky.place);
        let quantity = self.quantity(&place, "sky.level".into(), &sky.level, &noise::SKY[0], level);
        (Some(Sky { level, subtract: sky.subtract }), quantity.into_iter().collect())
    }

    /// The noises of a plane, and what is drawn for them.
    pub(super) fn noises(
        &mut self,
        prefix: &str,
        noises: &'a [spec::Noise],
        owner: Option<&Owner>,
    ) -> (Vec<Noise>, Vec<Quantity>) {
        let mut seen = BTreeMap::new();
        let (mut built, mut drawn) = (vec![], vec![]);
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
            let column = param.map(|(param, value)| {
                let name = format!("{path}.{}", param.name);
                let column = match owner {
                    Some(owner) => self.layout.noise(owner, name.clone(), param),
                    None => self.layout.label(name.clone(), param),
                };
                let place = format!("{}.{}", noise.place, param.name);
                drawn.extend(self.quantity(&place, name, value, param, column));
                column
            });
            built.push(Noise { kind, key, column });
        }
        (built, drawn)
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

    /// A quantity, its value checked against its parameter's legal range.
    pub(super) fn quantity(
        &mut self,
        place: &str,
        name: String,
        value: &Value,
        param: &Param,
        offset: usize,
    ) -> Option<Quantity> {
        match value::prior(value, param) {
            Ok((prior, cut)) => Some(Quantity { slot: self.slot(place, name), prior, cut, offset }),
            Err(message) => {
                self.fault(place, message);
                None
            }
        }
    }
}
