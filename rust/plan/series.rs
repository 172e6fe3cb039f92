//! Recipes of time series: a system in place of an image. Its parameters, and those of its
//! bodies, are drawn as an object's are; here is what else a recipe says of it.

use super::build::Builder;
use super::scope::Scope;
use super::variable::Legal;
use super::{Entry, Plan};
use crate::error::Error;
use crate::param::{Kind, Model, Param, Range, Unit};
use crate::random::{Key, Slot};
use crate::registry;
use crate::series::noise::Part;
use crate::series::times::{Times, Wrong};
use crate::series::{Observable, Setup, Shape, System};
use crate::spec;

/// How many bodies a system has.
pub(crate) const BODIES: Param =
    Param::new("bodies", Unit::One, Range::closed(2.0, 1000.0), "Number of bodies.").kind(Kind::Integer);

/// What is measured on every trajectory.
pub(super) const MEASURES: &[Param] = &[
    Param::new(
        "energy_drift",
        Unit::One,
        Range::NOT_NEGATIVE,
        "Largest difference of the energy from that at the start and the work done since, over the largest \
         energy; NaN where that means nothing.",
    ),
    Param::new(
        "integration_error",
        Unit::One,
        Range::NOT_NEGATIVE,
        "The integrator's own estimate of the relative error of the state.",
    ),
    Param::new(
        "failed",
        Unit::One,
        Range::NOT_NEGATIVE,
        "Why the trajectory ends early: NaN from there on; 0 if it does not.",
    )
    .kind(Kind::Integer),
];

/// The system of a plan, and what is seen of it.
pub(crate) struct Series {
    pub(crate) system: &'static System,
    pub(crate) setup: Setup,
    pub(crate) times: Times,
    pub(crate) seen: Vec<Seen>,
}

/// One observable and its noises.
pub(crate) struct Seen {
    pub(crate) observable: &'static Observable,
    pub(crate) noises: Vec<Layer>,
}

/// A noise on one observable.
pub(crate) struct Layer {
    pub(crate) key: Key,
    /// The column of its width.
    pub(crate) column: usize,
    /// Whether the width is a multiple of the spread of the values.
    pub(crate) relative: bool,
}

impl Series {
    /// Axes after the time.
    pub(crate) fn axes(&self, shape: Shape) -> Vec<usize> {
        shape.axes(self.setup.slots, (self.system.dimensions)(&self.setup))
    }

    /// How many numbers an observable is in all.
    pub(crate) fn length(&self, shape: Shape) -> usize {
        self.axes(shape).iter().product::<usize>() * self.times.count()
    }

    /// How many parts of an observable have noise of their own: its bodies, or itself.
    pub(crate) fn parts(&self, shape: Shape, bodies: usize) -> usize {
        if shape.is_of_bodies() { bodies } else { 1 }
    }

    /// The numbers of one of these parts.
    pub(crate) fn part(&self, shape: Shape, body: usize) -> Part {
        let all = self.axes(shape);
        let axes = all[usize::from(shape.is_of_bodies())..].iter().product();
        Part { begin: body * axes, stride: all.iter().product(), axes }
    }
}

/// The table of an entry of a time series: first the system, then its bodies.
pub(super) fn model(index: usize, object: &spec::Object) -> Option<&'static Model> {
    let system = registry::system(&object.model)?;
    if index == 0 { Some(system.model) } else { system.body }
}

impl<'a> Builder<'a> {
    /// What is seen, when, and with which noise; faults are noted.
    pub(super) fn series(&mut self) -> Option<Series> {
        let said = self.spec.series.as_ref()?;
        let object = self.spec.objects.first();
        let Some((object, system)) =
            object.and_then(|object| Some((object, registry::system(&object.model)?)))
        else {
            self.fault("system", "this is no system".into());
            return None;
        };
        let setup = self.setup(said, &object.place, system)?;
        let times = self.times(&said.times);
        let mut seen = self.seen(said, system);
        said.noise.iter().for_each(|noise| self.spread(noise, &mut seen));
        Some(Series { system, setup, times: times?, seen })
    }

    fn setup(&mut self, said: &spec::Series, place: &str, system: &System) -> Option<Setup> {
        let faults = self.fault_count();
        let mut setup = Setup { choices: vec![], settings: vec![], slots: 1 };
        for choice in system.choices {
            let word = said.choices.get(choice.name);
            match choice.words.iter().position(|known| word.is_some_and(|word| word == known.name)) {
                Some(number) => setup.choices.push(number),
                None => {
                    self.fault(&format!("{place}.{}", choice.name), "one of its words must be given".into())
                }
            }
        }
        let words = system.choices.iter().zip(&setup.choices).map(|(choice, number)| &choice.words[*number]);
        let without: Vec<&str> = words.flat_map(|word| word.without).copied().collect();
        for param in system.settings {
            if without.contains(&param.name) {
                setup.settings.push(param.default.unwrap_or(0.0));
                continue;
            }
            match said.settings.get(param.name).copied().filter(|value| Legal::of(param).contains(*value)) {
                Some(value) => setup.settings.push(value),
                None => self.fault(
                    &format!("{place}.{}", param.name),
                    format!("{} must be {}", param.name, param.range),
                ),
            }
        }
        setup.slots = self.spec.objects.get(1).map_or(system.fixed, |bodies| bodies.slots.max(1));
        (self.fault_count() == faults).then_some(setup)
    }

    fn times(&mut self, said: &spec::Times) -> Option<Times> {
        let key = |path: &str| Slot::new(self.spec.seed, &self.spec.name, path).key;
        Times::new(said, key)
            .map_err(|(place, message): Wrong| self.fault(&format!("times{place}"), message))
            .ok()
    }

    fn seen(&mut self, said: &spec::Series, system: &'static System) -> Vec<Seen> {
        let mut seen = vec![];
        for (i, name) in said.observe.iter().enumerate() {
            match system.observables.iter().find(|known| known.name == name) {
                Some(observable) => seen.push(Seen { observable, noises: vec![] }),
                None => {
                    let message = format!("{name} cannot be seen of a {}", system.model.name);
                    self.fault(&format!("observe[{i}]"), message);
                }
            }
        }
        if said.observe.is_empty() {
            self.fault("observe", "nothing is observed; name something".into());
        }
        seen
    }

    /// One noise: its width is a column, and each observable has a slot of its own.
    fn spread(&mut self, noise: &'a spec::Spread, seen: &mut [Seen]) {
        let Some(model) = registry::SPREADS.iter().find(|model| model.name == noise.kind) else {
            return self.fault(&noise.place, format!("no noise of a time series is called {}", noise.kind));
        };
        let mut params = model.params().filter_map(|param| Some((param, noise.parameters.get(param.name)?)));
        let (Some((param, value)), None) = (params.next(), params.next()) else {
            return self.fault(&noise.place, "give one of sigma, relative".into());
        };
        let number = seen.iter().flat_map(|one| &one.noises).map(|layer| layer.column).collect::<Columns>();
        let suffix = if number.is_empty() { String::new() } else { format!(".{}", number.len() + 1) };
        let path = format!("noise.{}{suffix}", model.name);
        let (name, place) = (format!("{path}.{}", param.name), format!("{}.{}", noise.place, param.name));
        let column = self.layout.label(name.clone(), param);
        self.write(&place, name, value, Legal::of(param), Scope::default(), column);
        let relative = param.name == crate::series::noise::RELATIVE;
        for (i, name) in noise.on.iter().enumerate() {
            let slot = self.slot(&noise.place, format!("{path}.{name}"));
            match seen.iter_mut().find(|one| one.observable.name == name) {
                Some(one) => one.noises.push(Layer { key: slot.key, column, relative }),
                None => self.fault(
                    &format!("{}.on[{i}]", noise.place),
                    format!("{name} is not observed; add it to `observe`, or leave it out here"),
                ),
            }
        }
    }
}

type Columns = std::collections::BTreeSet<usize>;

impl Entry {
    /// How many bodies a record has.
    ///
    /// # Errors
    /// One that is there after one that is not.
    pub(crate) fn bodies(&self, row: u64, record: &[f64]) -> Result<usize, Error> {
        let first = &record[self.canonical..self.canonical + self.slots];
        let count = first.iter().take_while(|value| !value.is_nan()).count();
        match first[count..].iter().position(|value| !value.is_nan()) {
            None => Ok(count),
            Some(after) => Err(Error::Argument(format!(
                "body {} of row {row} is there and body {count} is not; those that are there come first",
                count + after
            ))),
        }
    }
}

impl Plan {
    /// What the rows are, where they are time series.
    pub(crate) fn system(&self) -> Option<&Series> {
        self.series.as_ref()
    }

    /// What is seen, in the order of the recipe: name, unit, sentence, and the axes of a row.
    pub fn curves(&self) -> Vec<Curve> {
        let curve = |series: &Series, observable: &Observable| Curve {
            name: observable.name,
            unit: observable.unit,
            summary: observable.summary,
            shape: [vec![series.times.count()], series.axes(observable.shape)].concat(),
        };
        let seen =
            self.series.iter().flat_map(|series| series.seen.iter().map(move |one| (series, one.observable)));
        seen.map(|(series, observable)| curve(series, observable)).collect()
    }

    /// The times of every row, where all have the same; none where each has its own, or of images.
    pub fn times(&self) -> Option<&[f64]> {
        self.series.as_ref()?.times.shared()
    }
}

/// One observable of a plan.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Curve {
    /// Its name.
    pub name: &'static str,
    /// Its unit.
    pub unit: Unit,
    /// One sentence.
    pub summary: &'static str,
    /// Times, then bodies, then axes.
    pub shape: Vec<usize>,
}
