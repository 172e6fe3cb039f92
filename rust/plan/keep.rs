//! `keep`: which scenes stay, by their drawn values and by what is measured on their images.
//!
//! A scene that fails is drawn anew whole, in the next round of all its slots; the number of the
//! round is a column. Conditions on drawn values come first, since they need no image.

use super::build::Builder;
use super::draw::Quantity;
use super::table::Limit;
use super::variable::Source;
use super::{Plan, Role};
use crate::error::Error;
use crate::image::measure::{ALWAYS, MEASURES, SNR};
use crate::param::{Kind, Param, Range, Unit};
use crate::random::prior::ATTEMPTS;
use crate::spec;

/// Of the scene's redraws.
pub(super) const ATTEMPT: Param = Param::new(
    "attempt",
    Unit::One,
    Range::closed(0.0, ATTEMPTS as f64),
    "How often the scene was drawn anew until it was kept.",
)
.kind(Kind::Integer);

/// What is kept, and the column that says in which round.
pub(crate) struct Keep {
    drawn: Vec<Condition>,
    /// On values of the record that the image tells.
    found: Vec<Condition>,
    measured: Vec<Condition>,
    attempt: usize,
}

/// A range of one value, both ends in.
struct Condition {
    name: String,
    place: String,
    /// Its offset in the record, or its number among what is measured.
    index: usize,
    low: f64,
    high: f64,
}

impl Condition {
    fn contains(&self, values: &[f64]) -> bool {
        let value = values[self.index];
        value >= self.low && value <= self.high
    }

    fn allowed(&self) -> String {
        match (self.low > f64::NEG_INFINITY, self.high < f64::INFINITY) {
            (true, true) => format!("from {} to {}", self.low, self.high),
            (true, false) => format!("{} or more", self.low),
            _ => format!("{} or less", self.high),
        }
    }
}

/// What the refused draws of one scene were, for the error that ends a run.
#[derive(Default)]
pub(crate) struct Refused {
    /// For each condition how many draws reached it, how many of these it let through, and the
    /// least and the greatest value.
    seen: Vec<(u32, u32, f64, f64)>,
}

impl Refused {
    fn note(&mut self, conditions: &[Condition], skipped: usize, values: &[f64]) {
        self.seen.resize(
            self.seen.len().max(skipped + conditions.len()),
            (0, 0, f64::INFINITY, f64::NEG_INFINITY),
        );
        for (condition, (reached, passed, low, high)) in conditions.iter().zip(&mut self.seen[skipped..]) {
            let value = values[condition.index];
            *reached += 1;
            *low = if value < *low { value } else { *low };
            *high = if value > *high { value } else { *high };
            if !condition.contains(values) {
                return;
            }
            *passed += 1;
        }
    }
}

impl Keep {
    fn all(&self) -> impl Iterator<Item = &Condition> {
        self.drawn.iter().chain(&self.found).chain(&self.measured)
    }

    fn error(&self, scene: u64, refused: &Refused) -> Error {
        // The condition that let the smallest share of what reached it through.
        let share = |(reached, passed, ..): &(u32, u32, f64, f64)| f64::from(*passed) / f64::from(*reached);
        let told = self.all().zip(&refused.seen).filter(|(_, seen)| seen.0 > 0);
        let Some((condition, (reached, passed, low, high))) =
            told.min_by(|a, b| share(a.1).total_cmp(&share(b.1)))
        else {
            return Error::Rejected(format!("keep: no draw of scene {scene} is kept"));
        };
        Error::Rejected(format!(
            "{}: {ATTEMPTS} attempts gave no scene {scene} that is kept; {} must be {}, and was so in {passed} of \
             {reached} draws, with values from {low} to {high}; widen the range or move what is drawn",
            condition.place,
            condition.name,
            condition.allowed(),
        ))
    }
}

impl Builder<'_> {
    /// The conditions; faults are noted.
    pub(super) fn keep(&mut self, has_aperture: bool) -> Option<Keep> {
        let spec = self.spec;
        if spec.keep.is_empty() {
            return None;
        }
        let attempt = self.layout.label(ATTEMPT.name.into(), &ATTEMPT);
        let mut keep = Keep { drawn: vec![], found: vec![], measured: vec![], attempt };
        let measures = if spec.series.is_some() { &[] } else { MEASURES };
        for said in &spec.keep {
            let Some(range) = self.range(said) else { continue };
            match measures.iter().position(|measure| measure.name == said.label) {
                Some(index) if index >= ALWAYS && !has_aperture => {
                    let message =
                        "it is measured where there are noise and exactly one profile, once in every image";
                    self.fault(&place(said), message.into());
                }
                Some(index) => keep.measured.push(Condition { index, ..range }),
                None => match self.subject(&said.label) {
                    Ok(index) if self.is_scaled(index) => keep.found.push(Condition { index, ..range }),
                    Ok(index) => keep.drawn.push(Condition { index, ..range }),
                    Err(message) => self.fault(&place(said), message),
                },
            }
        }
        Some(keep)
    }

    fn range(&mut self, said: &spec::Keep) -> Option<Condition> {
        let (low, high) = (said.low.unwrap_or(f64::NEG_INFINITY), said.high.unwrap_or(f64::INFINITY));
        let message = if said.low.is_none() && said.high.is_none() {
            "neither end is given; give one, or leave it out".to_string()
        } else if low.is_nan() || high.is_nan() || low > high {
            format!("[{low}, {high}]: the first must not be above the second")
        } else {
            return Some(Condition { name: said.label.clone(), place: place(said), index: 0, low, high });
        };
        self.fault(&place(said), message);
        None
    }

    /// Where a drawn value stands in a record.
    fn subject(&self, name: &str) -> Result<usize, String> {
        if matches!(name, "split" | "attempt") {
            return Err(format!("{name} is not drawn, so that no redraw changes it"));
        }
        match self.layout.columns.iter().find(|column| column.name == name) {
            Some(column) if column.role == Role::Label => Ok(column.offset),
            Some(_) => Err(format!(
                "{name} is not one number a sample; only what each sample has exactly once can be a condition"
            )),
            None => Err(format!("no value is called {name}")),
        }
    }

    /// Notes conditions that the distributions alone make impossible, and a table that is read in
    /// order: what is left out would leave holes.
    pub(super) fn check_keep(&mut self, keep: &Keep, quantities: &[Quantity]) {
        if let Some(Limit { table, .. }) = &self.limit {
            let message = format!(
                "{table} is read in order, row by row; with keep write `rows: random` or `rows: cycle`"
            );
            self.fault("keep", message);
        }
        for condition in &keep.drawn {
            let quantity = quantities.iter().find(|quantity| quantity.offset == condition.index);
            let Some(Source::Prior(prior, cut)) = quantity.map(|quantity| &quantity.variable.source) else {
                continue;
            };
            let (low, high) = prior.bounds();
            let low = cut.min.map_or(low, |min| if min > low { min } else { low });
            let high = cut.max.map_or(high, |max| if max < high { max } else { high });
            if low > condition.high || high < condition.low {
                let said =
                    if low == high { format!("always {low}") } else { format!("from {low} to {high}") };
                let message =
                    format!("{} is {said}, so that no scene has it {}", condition.name, condition.allowed());
                self.fault(&condition.place, message);
            }
        }
    }
}

fn place(said: &spec::Keep) -> String {
    format!("keep.{}", said.label)
}

impl Plan {
    /// Whether some values of a record follow from its image, or some scenes are decided by it.
    pub(crate) fn draws_by_image(&self) -> bool {
        let decides = |keep: &Keep| !keep.measured.is_empty() || !keep.found.is_empty();
        self.scaled.is_some() || self.keep.as_ref().is_some_and(decides)
    }

    /// The round that a record was drawn in.
    pub(super) fn round(&self, record: &[f64]) -> u16 {
        self.keep.as_ref().map_or(0, |keep| record[keep.attempt] as u16)
    }

    /// Draws a record anew until its drawn values are kept; it is that of round 0 as it comes.
    pub(super) fn keep_drawn(&self, scene: u64, record: &mut [f64]) -> Result<(), Error> {
        let Some(keep) = &self.keep else { return Ok(()) };
        record[keep.attempt] = 0.0;
        self.keep_on(keep, scene, record, &mut Refused::default())
    }

    /// Draws a record anew, from the round after its own on, until its drawn values are kept.
    ///
    /// # Errors
    /// No round is left.
    pub(crate) fn draw_next(
        &self,
        scene: u64,
        record: &mut [f64],
        refused: &mut Refused,
    ) -> Result<(), Error> {
        let Some(keep) = &self.keep else { return Ok(()) };
        let drawn = self.draw_round(keep, scene, record, refused);
        let kept = drawn.and_then(|()| self.keep_on(keep, scene, record, refused));
        kept.map_err(|error| error.in_rows(self.realisations))
    }

    fn keep_on(
        &self,
        keep: &Keep,
        scene: u64,
        record: &mut [f64],
        refused: &mut Refused,
    ) -> Result<(), Error> {
        while !keep.drawn.iter().all(|condition| condition.contains(record)) {
            refused.note(&keep.drawn, 0, record);
            self.draw_round(keep, scene, record, refused)?;
        }
        Ok(())
    }

    fn draw_round(
        &self,
        keep: &Keep,
        scene: u64,
        record: &mut [f64],
        refused: &Refused,
    ) -> Result<(), Error> {
        let round = record[keep.attempt] as u16 + 1;
        if round == ATTEMPTS {
            return Err(keep.error(scene, refused));
        }
        record[keep.attempt] = f64::from(round);
        self.draw_one(scene, round, record)
    }

    /// Whether nothing but `snr` decides by images, and it may be too large.
    pub(crate) fn keeps_snr_below(&self) -> bool {
        let lone = |keep: &Keep| match &keep.measured[..] {
            [condition] => {
                keep.found.is_empty() & (condition.index == SNR) & (condition.high < f64::INFINITY)
            }
            _ => false,
        };
        self.scaled.is_none() && self.keep.as_ref().is_some_and(lone)
    }

    /// Whether a scene is not kept, whose `snr` is at least this and decides alone.
    pub(crate) fn refuses(&self, least: f64, refused: &mut Refused) -> bool {
        let Some(keep) = &self.keep else { return false };
        let refuses = keep.measured.iter().any(|condition| least > condition.high);
        if refuses {
            refused.note(&keep.measured, keep.drawn.len(), &[least; ALWAYS]);
        }
        refuses
    }

    /// Whether a scene is kept, by what its image told.
    pub(crate) fn keeps_image(&self, record: &[f64], measured: &[f64], refused: &mut Refused) -> bool {
        let Some(keep) = &self.keep else { return true };
        let found = keep.found.iter().all(|condition| condition.contains(record));
        let kept = found && keep.measured.iter().all(|condition| condition.contains(measured));
        if !kept {
            refused.note(&keep.found, keep.drawn.len(), record);
            if found {
                refused.note(&keep.measured, keep.drawn.len() + keep.found.len(), measured);
            }
        }
        kept
    }
}
