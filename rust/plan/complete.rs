//! Records that a caller has filled: the derived values follow, and what cannot be is refused.

use super::draw::{Group, Step};
use super::variable::{At, Source};
use super::{Entry, Plan};
use crate::error::Error;

/// How far what was given may be from what follows, of that; an f32 in between is well within it.
const AGREE: f64 = 1e-6;

impl Plan {
    /// Computes what follows from what was `given` (column numbers): expressions, and the
    /// canonical values of each group; and checks that every canonical value is legal. A column
    /// that was given stands, and what is drawn is not drawn anew. Objects of branches of the
    /// mixture that a record does not have are absent.
    ///
    /// # Errors
    /// A value outside its parameter's range, with column and record.
    pub fn complete(&self, records: &mut [f64], given: &[usize]) -> Result<(), Error> {
        let offsets = self.offsets(given);
        for (i, record) in records.chunks_exact_mut(self.width.max(1)).enumerate() {
            self.follow(&self.steps, (i, 0), record, &offsets)?;
            self.check_branch(record)?;
            self.psf.as_ref().map_or(Ok(()), |psf| psf.check(i, record))?;
        }
        self.scale_given(records, &offsets)?;
        for (i, record) in records.chunks_exact_mut(self.width.max(1)).enumerate() {
            for entry in &self.entries {
                entry.complete(self, i, record, &offsets)?;
            }
        }
        Ok(())
    }

    /// Where the columns of these numbers begin.
    pub(super) fn offsets(&self, columns: &[usize]) -> Vec<usize> {
        columns.iter().filter_map(|i| self.columns.get(*i)).map(|column| column.offset).collect()
    }

    fn follow(
        &self,
        steps: &[Step],
        (row, instance): (usize, usize),
        record: &mut [f64],
        given: &[usize],
    ) -> Result<(), Error> {
        for step in steps {
            match *step {
                Step::Draw(q) => self.compute(q, (row, instance), record, given)?,
                Step::Convert(g) if self.groups[g].follows() => {
                    self.groups[g].agree((row, instance), record, given)?;
                }
                Step::Convert(g) | Step::Joint(g) => {
                    let group = &self.groups[g];
                    for q in group.quantities.iter().filter(|_| group.joint) {
                        self.compute(*q, (row, instance), record, given)?;
                    }
                    let possible = if group.stands(given) {
                        group.possible(instance, record)
                    } else {
                        group.convert(instance, record)
                    };
                    if !possible {
                        let what = if group.joint { "the pair" } else { "the value" };
                        return Err(impossible(&group.name, row, what, group.allowed));
                    }
                }
            }
        }
        Ok(())
    }

    /// Works out an expression anew, or reads a table again, unless its column was given.
    fn compute(
        &self,
        q: usize,
        (row, instance): (usize, usize),
        record: &mut [f64],
        given: &[usize],
    ) -> Result<(), Error> {
        let quantity = &self.quantities[q];
        let follows = matches!(quantity.variable.source, Source::Formula(_) | Source::Cell(_));
        if follows && !given.contains(&quantity.offset) {
            let at = At { scene: row as u64, instance: instance as u16, round: 0 };
            let value =
                quantity.variable.value(at, 0, record).map_err(|error| Error::Argument(error.to_string()))?;
            record[quantity.offset + instance] = value.0;
        }
        Ok(())
    }
}

impl Group {
    /// Whether what it gives was given; one that the conversion itself takes says nothing of the others.
    fn stands(&self, given: &[usize]) -> bool {
        let takes = |offset| self.conversion.as_ref().is_some_and(|made| made.needs(offset));
        self.gives.iter().any(|offset| given.contains(offset) && !takes(*offset))
    }

    /// What follows from canonical values follows from those that were given; it cannot say anything else.
    fn agree(
        &self,
        (row, instance): (usize, usize),
        record: &mut [f64],
        given: &[usize],
    ) -> Result<(), Error> {
        let said: Vec<f64> = self.gives.iter().map(|offset| record[offset + instance]).collect();
        self.convert(instance, record);
        for (offset, said) in self.gives.iter().zip(said).filter(|(offset, _)| given.contains(offset)) {
            let value = record[offset + instance];
            if (value - said).abs() > AGREE * value.abs() {
                return Err(Error::Argument(format!(
                    "{} of record {row} is given as {said}, but {value} follows from the other parameters; leave it out",
                    self.name
                )));
            }
        }
        Ok(())
    }
}

impl Entry {
    fn complete(&self, plan: &Plan, row: usize, record: &mut [f64], given: &[usize]) -> Result<(), Error> {
        if !self.is_in(plan, record) {
            self.clear(record);
            return Ok(());
        }
        for instance in 0..self.slots {
            // An object without a first parameter is absent.
            if !record[self.canonical + instance].is_nan() {
                plan.follow(&self.steps, (row, instance), record, given)?;
                self.check(row, instance, record)?;
            }
        }
        Ok(())
    }

    fn check(&self, row: usize, instance: usize, record: &[f64]) -> Result<(), Error> {
        for (p, name) in self.model.canonical.iter().enumerate() {
            let value = record[self.canonical + p * self.slots + instance];
            let Some(param) = self.model.param(name) else { continue };
            if !param.range.contains(value) {
                return Err(impossible(
                    &self.name,
                    row,
                    &format!("{name} = {value}"),
                    &param.range.to_string(),
                ));
            }
        }
        Ok(())
    }
}

fn impossible(name: &str, row: usize, what: &str, allowed: &str) -> Error {
    Error::Argument(format!("{name} of record {row}: {what} is not allowed; it must be {allowed}"))
}
