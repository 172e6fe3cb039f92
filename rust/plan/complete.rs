//! Records that a caller has filled: the derived values follow, and what cannot be is refused.

use super::{Entry, Plan};
use crate::error::Error;

impl Plan {
    /// Derives the canonical values of each group from what was `given` (column numbers), and
    /// checks that every canonical value is legal. A canonical column that was given stands.
    ///
    /// # Errors
    /// A value outside its parameter's range, with column and record.
    pub fn complete(&self, records: &mut [f64], given: &[usize]) -> Result<(), Error> {
        let offsets: Vec<usize> =
            given.iter().filter_map(|i| self.columns.get(*i)).map(|c| c.offset).collect();
        for (i, record) in records.chunks_exact_mut(self.width.max(1)).enumerate() {
            for entry in &self.entries {
                entry.complete(i, record, &offsets)?;
            }
        }
        Ok(())
    }
}

impl Entry {
    fn complete(&self, row: usize, record: &mut [f64], given: &[usize]) -> Result<(), Error> {
        for instance in (0..self.slots).filter(|i| !record[self.canonical + i].is_nan()).collect::<Vec<_>>() {
            for group in &self.groups {
                let stands = group.gives.iter().any(|offset| given.contains(offset));
                let possible =
                    if stands { group.possible(instance, record) } else { group.convert(instance, record) };
                if !possible {
                    return Err(self.impossible(row, "the pair", group.allowed));
                }
            }
            self.check(row, instance, record)?;
        }
        Ok(())
    }

    fn check(&self, row: usize, instance: usize, record: &[f64]) -> Result<(), Error> {
        for (p, name) in self.model.canonical.iter().enumerate() {
            let value = record[self.canonical + p * self.slots + instance];
            let Some(param) = self.model.param(name) else { continue };
            if !param.range.contains(value) {
                return Err(self.impossible(row, &format!("{name} = {value}"), &param.range.to_string()));
            }
        }
        Ok(())
    }

    fn impossible(&self, row: usize, what: &str, allowed: &str) -> Error {
        Error::Argument(format!("{} of record {row}: {what} is not allowed; it must be {allowed}", self.name))
    }
}
